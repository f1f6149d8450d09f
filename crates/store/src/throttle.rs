//! Failed attempts, counted under a keyed hash of what was tried.

use lintel_domain::id::Instant;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::at;
use crate::vals;

pub(crate) const READ: &str =
    "SELECT failures, first_at_us, last_at_us FROM sign_in_failure WHERE key_hash = $1";
pub(crate) const START: &str = "INSERT INTO sign_in_failure (key_hash, failures, first_at_us, \
     last_at_us) VALUES ($1, 0, $2, $2) ON CONFLICT DO NOTHING";
/// Changes nothing, and keeps everybody else from changing it until the transaction ends.
pub(crate) const LOCK: &str = "UPDATE sign_in_failure SET failures = failures WHERE key_hash = $1 \
     RETURNING failures, first_at_us, last_at_us";
pub(crate) const SET: &str = "UPDATE sign_in_failure SET failures = $2, first_at_us = $3, \
     last_at_us = $4 WHERE key_hash = $1";
pub(crate) const CLEAR: &str = "DELETE FROM sign_in_failure WHERE key_hash = $1";
pub(crate) const GIVE_BACK: &str =
    "UPDATE sign_in_failure SET failures = failures - 1 WHERE key_hash = $1 AND failures > 0";
pub(crate) const SWEEP: &str = "DELETE FROM sign_in_failure WHERE key_hash IN (SELECT key_hash \
     FROM sign_in_failure WHERE last_at_us <= $1 ORDER BY last_at_us LIMIT $2)";

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Attempts that failed, or have not been told to have succeeded yet.
    pub failures: i64,
    /// When counting began.
    pub first_at: Instant,
    /// The last of them.
    pub last_at: Instant,
}

#[derive(FromRow)]
struct Row {
    failures: i64,
    first_at_us: i64,
    last_at_us: i64,
}

impl Row {
    fn read(self) -> Count {
        Count {
            failures: self.failures,
            first_at: at(self.first_at_us),
            last_at: at(self.last_at_us),
        }
    }
}

/// What was counted under a key.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn read(db: &Db, key_hash: &[u8]) -> Result<Option<Count>, Fault> {
    Ok(db.maybe::<Row>(READ, vals![key_hash]).await?.map(Row::read))
}

/// What was counted under a key, held until the transaction ends; a key is made when it is new.
/// `None` when another transaction removed it in between: begin again.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(tx: &mut Tx, key_hash: &[u8], now: Instant) -> Result<Option<Count>, Fault> {
    tx.exec(START, vals![key_hash, now.micros()]).await?;
    Ok(tx.maybe::<Row>(LOCK, vals![key_hash]).await?.map(Row::read))
}

/// Writes a count.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_in(tx: &mut Tx, key_hash: &[u8], count: Count) -> Result<(), Fault> {
    let args = vals![
        key_hash,
        count.failures,
        count.first_at.micros(),
        count.last_at.micros()
    ];
    tx.exec(SET, args).await?;
    Ok(())
}

/// Forgets a key.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn clear_in(tx: &mut Tx, key_hash: &[u8]) -> Result<(), Fault> {
    tx.exec(CLEAR, vals![key_hash]).await?;
    Ok(())
}

/// Takes one attempt back, which did not fail.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn give_back_in(tx: &mut Tx, key_hash: &[u8]) -> Result<(), Fault> {
    tx.exec(GIVE_BACK, vals![key_hash]).await?;
    Ok(())
}

/// Forgets keys nothing was counted under since an instant, the oldest first; how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(tx: &mut Tx, before: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(SWEEP, vals![before.micros(), limit]).await
}
