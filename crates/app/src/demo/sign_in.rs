//! The password of the demo's Admin: chance, another one in each installation, and meant to be found.

use lintel_domain::event::EventKind;
use lintel_domain::person::fold_email;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::sign_in::{self, Account};

use super::{ACTOR, DEMO_LENDER};
use crate::context::App;
use crate::password;

/// Address the demo's Admin signs in with.
pub const ADMIN_EMAIL: &str = "ada.admin@example.com";

/// None when somebody switched the demo or its Admin off.
async fn account(app: &App) -> Result<Option<Account>, Fault> {
    let accounts = sign_in::accounts(app.db(), &fold_email(ADMIN_EMAIL)).await?;
    let is_demo = |account: &Account| account.org_public_id.as_str() == DEMO_LENDER;
    Ok(accounts.into_iter().find(is_demo))
}

/// Whether the demo's Admin has a password.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn has_password(app: &App) -> Result<bool, Fault> {
    Ok(account(app)
        .await?
        .is_some_and(|a| a.password_phc.is_some()))
}

/// Whether a stored hash is of a password. One that was found to be so at an earlier start is not proved again:
/// proving takes as long as all the rest of a start.
pub(super) async fn is_of(
    app: &App,
    password: &str,
    stored: &str,
    proved: Option<&str>,
) -> Result<bool, Fault> {
    Ok(proved == Some(stored) || password::matches(app, password, Some(stored)).await?)
}

/// The stored hash by which the demo's Admin signs in with this password; none when that is not so. `proved`
/// is a hash that was the password's at an earlier start.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn password_works(
    app: &App,
    password: &str,
    proved: Option<&str>,
) -> Result<Option<String>, Fault> {
    let Some(stored) = account(app).await?.and_then(|found| found.password_phc) else {
        return Ok(None);
    };
    let works = is_of(app, password, &stored, proved).await?;
    Ok(works.then_some(stored))
}

/// Gives the demo's Admin a password, without a word by mail, and answers its hash; none when the Admin may
/// not sign in.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_password(app: &App, password: &str) -> Result<Option<String>, Fault> {
    let Some(account) = account(app).await? else {
        return Ok(None);
    };
    let hashed = password::hash(app, password).await?;
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let (org, person) = (&account.org_id, &account.person_id);
    sign_in::set_password_in(&mut tx, org, person, &hashed, now).await?;
    let kind = EventKind::PasswordChanged;
    record_in(
        &mut tx,
        &NewEvent::plain(org, now, ACTOR, kind, person.as_str()),
    )
    .await?;
    tx.commit().await?;
    Ok(Some(hashed))
}
