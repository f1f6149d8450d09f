//! From a finished set-up to the console: the browser that finished it goes on signed in.

use lintel_domain::access::{Subject, Way};
use lintel_domain::refusal::Denial;
use lintel_macros::boxed;
use lintel_store::session as sessions;
use lintel_store::{setup, sign_in};

use crate::auth::token_hash;
use crate::context::App;
use crate::error::AppError;
use crate::session::{SignedIn, Visitor, start_staff_in};

/// Ends the session within the set-up and begins one of staff, in one transaction: the session's
/// cookie. `None` when the session is used up already or the person was switched off meanwhile.
///
/// # Errors
/// Denied while the set-up is not done, and to everybody but the person who did it.
#[boxed]
pub async fn go_on_as_staff(
    app: &App,
    who: &SignedIn,
    setup_cookie: &str,
    visitor: &Visitor,
) -> Result<Option<String>, AppError> {
    let mut tx = app.db().begin().await?;
    let standing = setup::load_in(&mut tx, &who.org.id).await?;
    let is_own = standing.is_some_and(|s| s.is_completed() && s.started_by == who.person.id);
    if !is_own || who.subject != Subject::Setup {
        return Err(Denial::NotPermitted.into());
    }
    // The person before the session, as everybody takes them.
    if !sign_in::lock_in(&mut tx, &who.org.id, &who.person.id).await? {
        return Ok(None);
    }
    // Of two requests at the same moment one ends the session and goes on.
    let ended = sessions::end_in(&mut tx, &token_hash(setup_cookie)).await?;
    if ended.is_none_or(|session| session.person_id != who.person.id) {
        return Ok(None);
    }
    let (person, how) = ((&who.org.id, &who.person.id), (Subject::Staff, Way::Setup));
    let cookie = start_staff_in(app, &mut tx, person, how, visitor).await?;
    if cookie.is_some() {
        tx.commit().await?;
    }
    Ok(cookie)
}
