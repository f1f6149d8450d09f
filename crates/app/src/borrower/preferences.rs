//! Which mail a borrower wants, as the lender's system or the borrower says it.

use lintel_domain::contact;
use lintel_domain::event::EventKind;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::Organisation;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};
use lintel_macros::boxed;
use lintel_store::borrower;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;

use super::session::SignedInBorrower;
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;

/// Says whether a borrower wants mail that is not about their own request. The borrower is named by
/// the account's public id, by the mail address (of an account, of a loan's borrower, of somebody who
/// subscribed to rates or was invited to apply), or by both, which must then agree. Saying nothing about mail changes nothing. Blank texts count as absent.
///
/// # Errors
/// Missing when neither names anybody; malformed for an address that is none; not found for a borrower
/// who does not exist or is not the caller's to know of. Nothing was changed then.
#[boxed]
pub async fn update_preferences(
    app: &App,
    principal: &Principal,
    user_id: Option<&str>,
    email: Option<&str>,
    wants_mail: Option<bool>,
) -> Result<(), AppError> {
    let filled = |text: Option<&str>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let email = match filled(email) {
        None => None,
        Some(text) => {
            Some(contact::email(&text).ok_or_else(|| Refusal::malformed(Field::BorrowerEmail))?)
        }
    };
    let org = &principal.org;
    let email = match (filled(user_id), email) {
        (None, None) => {
            return Err(Refusal::Invalid {
                field: Field::BorrowerAccount,
                rule: Rule::Missing,
            }
            .into());
        }
        (Some(id), email) => of_account(app, org, &id, email.as_deref()).await?,
        (None, Some(email)) => {
            let scope = org.loan_scope();
            if !borrower::knows(app.db(), org.lender_id(), &scope, &email).await? {
                return Err(unknown().into());
            }
            email
        }
    };
    match wants_mail {
        Some(wants) => Ok(choose(app, org, &principal.api_id, &email, wants).await?),
        None => Ok(()),
    }
}

fn unknown() -> Refusal {
    Refusal::NotFound {
        what: Noun::Borrower,
    }
}

/// The address of an account the organisation may know of; a second address must be the same.
async fn of_account(
    app: &App,
    org: &Organisation,
    id: &str,
    email: Option<&str>,
) -> Result<String, AppError> {
    let id = PublicId::parse(id).ok_or_else(unknown)?;
    let scope = org.loan_scope();
    let account = borrower::find(app.db(), org.lender_id(), &scope, &id).await?;
    let account = account.ok_or_else(unknown)?;
    let agrees = email.is_none_or(|email| fold_email(email) == fold_email(&account.email));
    if agrees {
        Ok(account.email)
    } else {
        Err(unknown().into())
    }
}

/// Says the same for a signed-in borrower, about the borrower's own address.
///
/// # Errors
/// Any fault of the database; when no random bytes are to be had.
#[boxed]
pub async fn choose_own(app: &App, who: &SignedInBorrower, wants: bool) -> Result<(), Fault> {
    let actor = format!("borrower:{}", who.public_id);
    choose(app, &who.org, &actor, &who.email, wants).await
}

async fn choose(
    app: &App,
    org: &Organisation,
    actor: &str,
    email: &str,
    wants: bool,
) -> Result<(), Fault> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let changed = borrower::set_wants_mail_in(&mut tx, org.lender_id(), email, wants, now).await?;
    if changed {
        let kind = EventKind::MailChoiceChanged;
        let body = serde_json::json!({ "wantsMail": wants }).to_string();
        let event = NewEvent {
            org_id: &org.id,
            at: now,
            actor,
            kind,
            subject: org.id.as_str(),
            body: &body,
        };
        let seq = record_in(&mut tx, &event).await?;
        announce_in(&mut tx, &app.row_id()?, &org.id, seq, kind, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whether somebody wants mail that is not about their own request; yes until it was said otherwise.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn wants_mail(app: &App, lender_org_id: &RowId, email: &str) -> Result<bool, Fault> {
    let said = borrower::wants_mail(app.db(), lender_org_id, email).await?;
    Ok(said.unwrap_or(true))
}
