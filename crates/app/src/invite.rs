//! An administrator lets somebody in: a link to choose a password, sent to the person's own address.

use lintel_domain::access::LinkPurpose;
use lintel_domain::id::PublicId;
use lintel_domain::permission::Permission;
use lintel_domain::person::fold_email;
use lintel_letters::PasswordReset;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::sign_in as accounts;

use crate::context::App;
use crate::error::AppError;
use crate::message::{self, Mailbox};
use crate::session::SignedIn;
use crate::sign_in::throttle::{Attempt, Limit};
use crate::{link, people};

/// Sends one of the organisation's people a link to choose a password. `false` when there is nothing
/// to send to: the person is switched off, the address cannot receive mail, or several links went
/// there a short while ago.
///
/// # Errors
/// Denied without the permission to edit people; not found for anybody else's people.
#[boxed]
pub async fn send_password_link(
    app: &App,
    who: &SignedIn,
    id: &PublicId,
) -> Result<bool, AppError> {
    who.require(Permission::EditPeople)?;
    let person = people::load(app, &who.org, id).await?;
    if !person.is_active || !message::is_sendable(&person.email) {
        return Ok(false);
    }
    let limits = [Limit::asks(&fold_email(&person.email))];
    if Attempt::begin(app, &limits).await?.is_err() {
        return Ok(false);
    }
    let public_url = app
        .public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))?;
    let mut tx = app.db().begin().await?;
    // Whoever switches the person off at this moment waits, and ends this link too.
    if !accounts::lock_in(&mut tx, &who.org.id, &person.id).await? {
        return Ok(false);
    }
    let (whom, actor) = ((&who.org.id, &person.id), who.actor());
    let token = link::make_in(app, &mut tx, LinkPurpose::Password, whom, &actor).await?;
    let url = format!("{public_url}/lender/new-password/{token}");
    let letter = PasswordReset {
        name: Some(person.display_name()),
        asked_by: Some(who.person.display_name()),
        url,
        lasts: "30 minutes".to_owned(),
    };
    let to = Mailbox {
        name: person.display_name(),
        email: person.email.clone(),
    };
    let mut draft = message::draft_in(app, &mut tx, &who.org, to, &letter, &actor).await?;
    draft.secrets = message::secret(&letter.url);
    message::mail_in(app, &mut tx, &who.org, &draft).await?;
    tx.commit().await?;
    Ok(true)
}
