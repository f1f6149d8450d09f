//! Passwords an operator sets for somebody, at the command line.

use lintel_domain::organisation::Organisation;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::sign_in as accounts;

use super::change::store_in;
use super::{Weakness, check, hash};
use crate::admin::OPERATOR;
use crate::context::App;
use crate::error::AppError;
use crate::sign_in::throttle::{Attempt, Limit};

/// Sets somebody's password. All the person's sessions and unused links end, and whoever was locked
/// out by wrong attempts may try again.
///
/// # Errors
/// Not found when the person may not sign in: switched off, or in an organisation that is, or in the
/// middle of its set-up. The inner error says what is wrong with the password.
#[boxed]
pub async fn set(
    app: &App,
    org: &Organisation,
    person: &Person,
    new: &str,
) -> Result<Result<(), Weakness>, AppError> {
    let account = accounts::account(app.db(), &org.id, &person.id).await?;
    let account = account.ok_or(Refusal::NotFound { what: Noun::Staff })?;
    if let Err(weakness) = check(new, &account.email) {
        return Ok(Err(weakness));
    }
    let hashed = hash(app, new).await?;
    let mut tx = app.db().begin().await?;
    if !accounts::lock_in(&mut tx, &org.id, &person.id).await? {
        return Err(Refusal::NotFound { what: Noun::Staff }.into());
    }
    store_in(app, &mut tx, &account, &hashed, (OPERATOR, None)).await?;
    tx.commit().await?;
    Attempt::forget(app, &[Limit::account(&fold_email(&account.email))]).await?;
    Ok(Ok(()))
}
