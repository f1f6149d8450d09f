//! Key pairs in the hands of the organisation they belong to: listing, making and withdrawing its own.

use lintel_domain::credential::Credential;
use lintel_domain::permission::Permission;
use lintel_macros::boxed;
use lintel_store::credential;

use crate::admin::{self, MadeCredential};
use crate::context::App;
use crate::error::AppError;
use crate::session::SignedIn;

/// Pairs of one organisation that work at the same time. Changing one needs two.
pub const WORKING_MAX: usize = 50;
/// Pairs of one organisation that are kept, withdrawn ones included: as many as a list shows.
const KEPT_MAX: usize = 1000;

/// What came of asking for another pair.
#[derive(Debug)]
pub enum Made {
    /// It exists; its secret is to be shown now and never again.
    Pair(MadeCredential),
    /// There are too many already: old ones are to be withdrawn first.
    TooMany,
}

/// Lists the pairs of the signed-in person's organisation, oldest first.
///
/// # Errors
/// Denied without the permission; any fault of the database.
#[boxed]
pub async fn list(app: &App, who: &SignedIn) -> Result<Vec<Credential>, AppError> {
    who.require(Permission::EditCredentials)?;
    Ok(credential::list(app.db(), &who.org.id).await?)
}

/// Makes another pair for the signed-in person's organisation. The older ones go on working, so
/// that programs can be moved over one by one.
///
/// # Errors
/// Denied without the permission; refused for an unusable label; any fault of the database.
#[boxed]
pub async fn make(app: &App, who: &SignedIn, label: &str) -> Result<Made, AppError> {
    let there = list(app, who).await?;
    let working = there.iter().filter(|c| c.revoked_at.is_none()).count();
    if working >= WORKING_MAX || there.len() >= KEPT_MAX {
        return Ok(Made::TooMany);
    }
    let made = admin::make_credential(app, &who.org.id, &who.actor(), label).await?;
    Ok(Made::Pair(made))
}

/// Withdraws a pair of the signed-in person's organisation: it and its tokens stop at once. Doing it
/// again changes nothing.
///
/// # Errors
/// Denied without the permission; not found for another organisation's pair and for one that does
/// not exist; any fault of the database.
#[boxed]
pub async fn withdraw(app: &App, who: &SignedIn, api_id: &str) -> Result<Credential, AppError> {
    who.require(Permission::EditCredentials)?;
    admin::withdraw_credential(app, Some(&who.org.id), &who.actor(), api_id).await
}
