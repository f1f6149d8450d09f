//! How a bank decides, and the names its staff is shown.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::vals;

const SETTINGS: &str = "SELECT settings FROM bank_settings WHERE org_id = $1";
const SET: &str = "INSERT INTO bank_settings (org_id, settings, updated_at_us) VALUES ($1, $2, $3) \
     ON CONFLICT (org_id) DO UPDATE SET settings = $2, updated_at_us = $3";
const INTERMEDIARY: &str = "SELECT name FROM intermediary WHERE org_id = $1 AND id = $2";

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("bank_settings.one", SETTINGS.to_owned()),
        ("bank_settings.set", SET.to_owned()),
        ("intermediary.name", INTERMEDIARY.to_owned()),
    ]
}

/// A bank's settings as JSON; none when nobody ever set any.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn settings(db: &Db, org_id: &RowId) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = db.maybe(SETTINGS, vals![org_id.as_str()]).await?;
    Ok(row.map(|(settings,)| settings))
}

/// As [`settings`], in a transaction.
///
/// # Errors
/// As [`settings`].
#[boxed]
pub async fn settings_in(tx: &mut Tx, org_id: &RowId) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = tx.maybe(SETTINGS, vals![org_id.as_str()]).await?;
    Ok(row.map(|(settings,)| settings))
}

/// Writes a bank's settings.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_settings_in(
    tx: &mut Tx,
    org_id: &RowId,
    settings: &str,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![org_id.as_str(), settings, now.micros()];
    tx.exec(SET, args).await.map(|_| ())
}

/// An intermediary's name, which papers and people are told.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn intermediary_name(
    db: &Db,
    org_id: &RowId,
    id: &RowId,
) -> Result<Option<String>, Fault> {
    let args = vals![org_id.as_str(), id.as_str()];
    let row: Option<(String,)> = db.maybe(INTERMEDIARY, args).await?;
    Ok(row.map(|(name,)| name))
}
