//! `lintel admin network`, `intermediary` and `partner-user`.

use lintel_app::admin::find_organisation;
use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::id::RowId;
use lintel_domain::intermediary::{Intermediary, Particulars};
use lintel_domain::organisation::Organisation;
use lintel_intermediaries::intermediary::{self, NewIntermediary, Switch};
use lintel_intermediaries::network::{self, Made};
use lintel_intermediaries::user::{self, NewUser};

use super::{lender_id, table, utc};
use crate::cli::{
    IntermediaryCommand, NetworkCommand, NewBroker, PartnerUserCommand, WhichBroker, WhichNetwork,
    WhichUser,
};

async fn organisation(app: &App, text: &str) -> Result<Organisation, AppError> {
    find_organisation(app, &lender_id(text)?).await
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// Runs one command about networks.
pub(super) async fn networks(app: &App, command: NetworkCommand) -> Result<String, AppError> {
    match command {
        NetworkCommand::Add { org, name } => {
            let org = organisation(app, &org).await?;
            let made = network::add(app, &By::Operator(&org), &name).await?;
            Ok(secret(&made))
        }
        NetworkCommand::List { org } => {
            let org = organisation(app, &org).await?;
            let mut table = table(&["client id", "name", "made", "active"]);
            for network in network::list(app, &By::Operator(&org)).await? {
                table.add_row([
                    network.client_id,
                    network.name,
                    utc(network.created_at),
                    yes(network.is_active),
                ]);
            }
            Ok(format!("{table}\n"))
        }
        NetworkCommand::Rotate(which) => {
            let org = organisation(app, &which.org).await?;
            let made = network::rotate(app, &By::Operator(&org), &which.client_id).await?;
            Ok(format!(
                "{}The old secret and every session begun with it have ended.\n",
                secret(&made)
            ))
        }
        NetworkCommand::Activate(which) => switch_network(app, &which, true).await,
        NetworkCommand::Deactivate(which) => switch_network(app, &which, false).await,
    }
}

fn secret(made: &Made) -> String {
    format!(
        "network        {}\nclient id      {}\nclient secret  {}\n\nThe client secret is shown this once; only a hash of it is kept.\n",
        made.network.name, made.network.client_id, made.client_secret
    )
}

async fn switch_network(app: &App, which: &WhichNetwork, is_on: bool) -> Result<String, AppError> {
    let org = organisation(app, &which.org).await?;
    let by = By::Operator(&org);
    let (network, changed) = network::switch(app, &by, &which.client_id, is_on).await?;
    Ok(switched(&network.name, Switch::Active, is_on, changed))
}

/// `Rede Farol is already off.`
fn switched(name: &str, what: Switch, is_on: bool, changed: bool) -> String {
    let already = if changed { "" } else { "already " };
    let (verb, state) = match (what, is_on) {
        (Switch::Active, true) => ("is", "on"),
        (Switch::Active, false) => ("is", "off"),
        (Switch::ApiAccess, true) => ("has", "API access"),
        (Switch::ApiAccess, false) => ("has", "no API access"),
    };
    let ended = match (changed, is_on) {
        (true, false) => "; every session has ended",
        (true, true) | (false, _) => "",
    };
    format!("{name} {verb} {already}{state}{ended}.\n")
}

/// Runs one command about intermediaries.
pub(super) async fn intermediaries(
    app: &App,
    command: IntermediaryCommand,
) -> Result<String, AppError> {
    let (which, what, is_on) = match command {
        IntermediaryCommand::Add(new) => return add_broker(app, *new).await,
        IntermediaryCommand::List { org } => return list_brokers(app, &org).await,
        IntermediaryCommand::Activate(which) => (which, Switch::Active, true),
        IntermediaryCommand::Deactivate(which) => (which, Switch::Active, false),
        IntermediaryCommand::Grant(which) => (which, Switch::ApiAccess, true),
        IntermediaryCommand::Withdraw(which) => (which, Switch::ApiAccess, false),
    };
    let WhichBroker { org, broker } = which;
    let org = organisation(app, &org).await?;
    let by = By::Operator(&org);
    let (found, changed) = intermediary::switch(app, &by, &broker, what, is_on).await?;
    Ok(switched(&found.name, what, is_on, changed))
}

async fn add_broker(app: &App, new: NewBroker) -> Result<String, AppError> {
    let NewBroker {
        org,
        network,
        name,
        nif,
        email,
        registration,
        address,
        phone,
        number,
        type_id,
        sub_type_id,
        classification_id,
    } = new;
    let org = organisation(app, &org).await?;
    let new = NewIntermediary {
        client_id: network,
        name,
        nif,
        email,
        particulars: Particulars {
            registration,
            address,
            phone,
        },
        number,
        type_id,
        sub_type_id,
        classification_id,
    };
    let added = intermediary::add(app, &By::Operator(&org), new).await?;
    Ok(format!(
        "name      {}\nnumber    {}\nUniqueID  {}\n",
        added.name, added.number, added.id
    ))
}

async fn list_brokers(app: &App, org: &str) -> Result<String, AppError> {
    let org = organisation(app, org).await?;
    let by = By::Operator(&org);
    let networks = network::list(app, &by).await?;
    let name_of = |id: &RowId| {
        let found = networks.iter().find(|network| network.id == *id);
        found
            .map(|network| network.name.clone())
            .unwrap_or_default()
    };
    let mut table = table(&[
        "number",
        "UniqueID",
        "NIF",
        "name",
        "network",
        "mail",
        "active",
        "API access",
    ]);
    for Intermediary {
        id,
        org_id: _,
        network_id,
        number,
        nif,
        name,
        email,
        particulars: _,
        type_id: _,
        sub_type_id: _,
        classification_id: _,
        status_id: _,
        is_active,
        has_api_access,
        created_at: _,
    } in intermediary::list(app, &by).await?
    {
        table.add_row([
            number.to_string(),
            id.to_string(),
            nif.as_str().to_owned(),
            name,
            name_of(&network_id),
            email,
            yes(is_active),
            yes(has_api_access),
        ]);
    }
    Ok(format!("{table}\n"))
}

/// Runs one command about users of intermediaries.
pub(super) async fn users(app: &App, command: PartnerUserCommand) -> Result<String, AppError> {
    let (which, what, is_on) = match command {
        PartnerUserCommand::Add {
            org,
            broker,
            username,
            name,
            email,
        } => {
            let org = organisation(app, &org).await?;
            let new = NewUser {
                broker,
                username: username.unwrap_or_else(|| email.clone()),
                name,
                email,
            };
            let added = user::add(app, &By::Operator(&org), &new).await?;
            return Ok(format!(
                "user name  {}\nname       {}\nmail       {}\n",
                added.username, added.name, added.email
            ));
        }
        PartnerUserCommand::List { org, broker } => return list_users(app, &org, &broker).await,
        PartnerUserCommand::Activate(which) => (which, Switch::Active, true),
        PartnerUserCommand::Deactivate(which) => (which, Switch::Active, false),
        PartnerUserCommand::Grant(which) => (which, Switch::ApiAccess, true),
        PartnerUserCommand::Withdraw(which) => (which, Switch::ApiAccess, false),
    };
    let WhichUser {
        org,
        broker,
        username,
    } = which;
    let org = organisation(app, &org).await?;
    let by = By::Operator(&org);
    let (found, changed) = user::switch(app, &by, (&broker, &username), what, is_on).await?;
    Ok(switched(&found.username, what, is_on, changed))
}

async fn list_users(app: &App, org: &str, broker: &str) -> Result<String, AppError> {
    let org = organisation(app, org).await?;
    let (_, users) = user::list(app, &By::Operator(&org), broker).await?;
    let mut table = table(&["user name", "name", "mail", "made", "active", "API access"]);
    for user in users {
        table.add_row([
            user.username,
            user.name,
            user.email,
            utc(user.created_at),
            yes(user.is_active),
            yes(user.has_api_access),
        ]);
    }
    Ok(format!("{table}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_say_what_came_of_them() {
        let said = |what, is_on, changed| switched("Rede", what, is_on, changed);
        assert_eq!(
            said(Switch::Active, false, true),
            "Rede is off; every session has ended.\n"
        );
        assert_eq!(said(Switch::Active, false, false), "Rede is already off.\n");
        assert_eq!(
            said(Switch::ApiAccess, true, true),
            "Rede has API access.\n"
        );
        assert_eq!(
            said(Switch::ApiAccess, false, false),
            "Rede has already no API access.\n"
        );
    }
}
