//! An administrator lets somebody in: a link to choose a password, sent to the person's own address.

use lintel_domain::access::{LinkPurpose, MailKind};
use lintel_domain::id::PublicId;
use lintel_domain::permission::Permission;
use lintel_domain::person::fold_email;
use lintel_domain::staff::Person;
use lintel_store::fault::Fault;
use lintel_store::sign_in as accounts;

use crate::context::App;
use crate::error::AppError;
use crate::mail::{self, Message};
use crate::session::SignedIn;
use crate::sign_in::throttle::{Attempt, Limit};
use crate::{link, people};

/// Sends one of the organisation's people a link to choose a password. `false` when there is nothing
/// to send to: the person is switched off, the address cannot receive mail, or several links went
/// there a short while ago.
///
/// # Errors
/// Denied without the permission to edit people; not found for anybody else's people.
pub async fn send_password_link(
    app: &App,
    who: &SignedIn,
    id: &PublicId,
) -> Result<bool, AppError> {
    who.require(Permission::EditPeople)?;
    let person = people::load(app, &who.org, id).await?;
    if !person.is_active || !mail::is_sendable(&person.email) {
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
    let message = letter(who, &person, &url);
    mail::queue_in(app, &mut tx, &who.org.id, MailKind::PasswordReset, &message).await?;
    tx.commit().await?;
    Ok(true)
}

fn letter(who: &SignedIn, person: &Person, url: &str) -> Message {
    let text = format!(
        "Hello {},\n\n{} asks you to choose a password for your account at {}.\n\nChoose one here \
         within 30 minutes:\n\n{url}\n\nThe link works once. If it is too old, ask for another one on \
         the sign-in page under “Forgot your password?”.\n",
        person.display_name(),
        who.person.display_name(),
        who.org.name
    );
    Message {
        to_name: person.display_name(),
        to_email: person.email.clone(),
        subject: format!("Choose a password for your account at {}", who.org.name),
        text,
        html: None,
    }
}
