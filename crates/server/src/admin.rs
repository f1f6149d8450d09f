//! `lintel admin`: what an operator sets up from a terminal.

mod jobs;
mod los;
mod messaging;
mod partners;
mod people;
mod secret;
mod wording;

use comfy_table::{Table, presets};
use lintel_app::admin::{self, NewOrganisation};
use lintel_app::config::Config;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::status;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::staff::AccountStatus;

use crate::cli::{AdminCommand, CredentialCommand, OrgCommand, OrgKind};

/// Runs one admin command and returns what to print.
///
/// # Errors
/// What the use case refused or could not do.
pub async fn run(app: &App, config: &Config, command: AdminCommand) -> Result<String, AppError> {
    match command {
        AdminCommand::Org(OrgCommand::Create {
            name,
            kind,
            parent,
            nmls,
            admin,
        }) => {
            let parent = parent.as_deref().map(lender_id).transpose()?;
            let kind = organisation_kind(kind);
            let new = NewOrganisation {
                name,
                kind,
                parent,
                nmls,
            };
            people::organisation_with(app, new, admin).await
        }
        AdminCommand::Org(OrgCommand::List) => list_organisations(app).await,
        AdminCommand::Org(OrgCommand::Activate { lender_id }) => {
            switch(app, &lender_id, AccountStatus::Active).await
        }
        AdminCommand::Org(OrgCommand::Deactivate { lender_id }) => {
            switch(app, &lender_id, AccountStatus::Inactive).await
        }
        AdminCommand::Staff(command) => people::staff(app, command).await,
        AdminCommand::Branch(command) => people::branches(app, command).await,
        AdminCommand::Vendor(command) => people::vendors(app, command).await,
        AdminCommand::Los(command) => los::run(app, command).await,
        AdminCommand::Wording(command) => wording::run(app, command).await,
        AdminCommand::Messaging(command) => messaging::run(app, command).await,
        AdminCommand::Jobs(command) => jobs::run(app, config, command).await,
        AdminCommand::Network(command) => partners::networks(app, command).await,
        AdminCommand::Intermediary(command) => partners::intermediaries(app, command).await,
        AdminCommand::PartnerUser(command) => partners::users(app, command).await,
        AdminCommand::Credential(CredentialCommand::Create { org, label }) => {
            let made = admin::create_credential(app, &lender_id(&org)?, &label).await?;
            Ok(format!(
                "apiID   {}\napiKey  {}\n\nThe apiKey is shown this once; only a hash of it is kept.\n",
                made.credential.api_id, made.api_key
            ))
        }
        AdminCommand::Credential(CredentialCommand::List { org }) => {
            list_credentials(app, &lender_id(&org)?).await
        }
        AdminCommand::Credential(CredentialCommand::Revoke { api_id }) => {
            let revoked = admin::revoke_credential(app, &api_id).await?;
            let when = revoked.revoked_at.map(utc).unwrap_or_default();
            Ok(format!(
                "{api_id} was withdrawn at {when}; its tokens have stopped.\n"
            ))
        }
    }
}

async fn switch(app: &App, id: &str, status: AccountStatus) -> Result<String, AppError> {
    let id = lender_id(id)?;
    let changed = status::set_organisation(app, &id, status).await?;
    let state = if status.is_active() { "on" } else { "off" };
    let already = if changed { "" } else { "already " };
    Ok(format!("{id} is {already}{state}, and everybody in it.\n"))
}

const fn organisation_kind(kind: OrgKind) -> OrganisationKind {
    match kind {
        OrgKind::Retail => OrganisationKind::Retail,
        OrgKind::Wholesale => OrganisationKind::Wholesale,
        OrgKind::Correspondent => OrganisationKind::Correspondent,
        OrgKind::Broker => OrganisationKind::Broker,
        OrgKind::Vendor => OrganisationKind::Vendor,
        OrgKind::Bank => OrganisationKind::Bank,
    }
}

/// An id that does not look like one is nobody's.
fn lender_id(text: &str) -> Result<PublicId, AppError> {
    let missing = Refusal::NotFound {
        what: Noun::Organisation,
    };
    PublicId::parse(text.trim()).ok_or_else(|| missing.into())
}

async fn list_organisations(app: &App) -> Result<String, AppError> {
    let mut table = table(&["lenderID", "kind", "name", "NMLS", "active"]);
    for org in admin::list_organisations(app).await? {
        let active = if org.is_active { "yes" } else { "no" };
        table.add_row([
            org.public_id.to_string(),
            org.kind.to_string(),
            org.name,
            org.nmls.unwrap_or_default(),
            active.to_owned(),
        ]);
    }
    Ok(format!("{table}\n"))
}

async fn list_credentials(app: &App, org: &PublicId) -> Result<String, AppError> {
    let mut table = table(&["apiID", "label", "made", "withdrawn"]);
    for credential in admin::list_credentials(app, org).await? {
        table.add_row([
            credential.api_id,
            credential.label,
            utc(credential.created_at),
            credential.revoked_at.map(utc).unwrap_or_default(),
        ]);
    }
    Ok(format!("{table}\n"))
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_header(header.to_vec());
    table
}

/// A refusal or fault in a sentence for the terminal.
#[must_use]
pub fn explain(error: &AppError) -> String {
    match error {
        AppError::Refused(refusal) => format!("{refusal}"),
        AppError::Document(findings) => format!("document refused, {} findings", findings.len()),
        AppError::Failed(fault) => fault.chain(),
    }
}

/// `2026-11-21 08:30:00Z`.
#[must_use]
pub fn utc(at: Instant) -> String {
    let days = at.seconds().div_euclid(86_400);
    let second = at.seconds().rem_euclid(86_400);
    let date = lintel_engine::date::Date::new(1970, 1, 1)
        .and_then(|epoch| epoch.add_days(i32::try_from(days).unwrap_or(i32::MAX)));
    let (hour, minute) = (second / 3600, second / 60 % 60);
    date.map_or_else(
        |_| format!("{}s", at.seconds()),
        |date| format!("{date} {hour:02}:{minute:02}:{:02}Z", second % 60),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_print_as_utc() {
        assert_eq!(
            utc(Instant::from_seconds(1_443_566_713)),
            "2015-09-29 22:45:13Z"
        );
    }
}
