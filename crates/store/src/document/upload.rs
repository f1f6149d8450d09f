//! Bytes on their way: blobs that belong to no paper yet, and papers whose time is over.
//!
//! A blob is registered before its first byte is written, and again when its paper is destroyed. It
//! leaves the register in the transaction that files it, or after it was deleted. Whoever deletes it claims it first: from then on nobody
//! can file it. So a blob without a paper is always registered, and a paper always has its blob.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::Lifecycle;
use lintel_engine::date::Date;
use lintel_macros::boxed;

use super::place;
use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

pub(crate) const REGISTER: &str =
    "INSERT INTO blob_upload (id, blob_name, started_at_us) VALUES ($1, $2, $3)";
/// A start at the beginning of time stands for a claim.
pub(crate) const CLAIM: &str =
    "UPDATE blob_upload SET started_at_us = 0 WHERE id = $1 AND started_at_us = $2";
pub(crate) const FORGET: &str = "DELETE FROM blob_upload WHERE id = $1";
pub(crate) const SETTLE: &str = "DELETE FROM blob_upload WHERE id = $1 AND started_at_us = $2";
pub(crate) const STALE: &str = "SELECT id, blob_name, started_at_us FROM blob_upload \
     WHERE started_at_us < $1 AND (started_at_us > $2 OR (started_at_us = $2 AND id > $3)) \
     ORDER BY started_at_us, id LIMIT $4";
pub(crate) const DUE: &str = "SELECT d.lender_org_id, d.loan_id, d.id, d.public_id, d.blob_name, \
     d.keep_until FROM loan_document d \
     JOIN loan l ON l.lender_org_id = d.lender_org_id AND l.id = d.loan_id \
     WHERE d.removed_at_us IS NOT NULL AND d.keep_until < $1 AND l.lifecycle <> $2 \
     AND (d.keep_until > $3 OR (d.keep_until = $3 AND d.id > $4)) \
     ORDER BY d.keep_until, d.id LIMIT $5";
pub(crate) const LOCK_ENDED: &str = "UPDATE loan SET revision = revision WHERE lender_org_id = $1 \
     AND id = $2 AND lifecycle <> $3";
pub(crate) const DESTROY: &str = "DELETE FROM loan_document WHERE lender_org_id = $1 \
     AND loan_id = $2 AND id = $3 AND removed_at_us IS NOT NULL AND keep_until < $4";

/// A blob that belongs to no paper yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Row id, and that of the paper it will be.
    pub id: RowId,
    /// Where it is in the blob store.
    pub blob_name: String,
    /// When it began.
    pub started_at: Instant,
}

/// Registers a blob nothing of which was written yet.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn register_in(tx: &mut Tx, upload: &Upload) -> Result<(), Fault> {
    let args = vals![
        upload.id.as_str(),
        &upload.blob_name,
        upload.started_at.micros()
    ];
    tx.exec(REGISTER, args).await.map(|_| ())
}

/// Claims a blob in order to delete it; `false` when it was filed, or somebody else deletes it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn claim_in(tx: &mut Tx, upload: &Upload) -> Result<bool, Fault> {
    let args = vals![upload.id.as_str(), upload.started_at.micros()];
    Ok(tx.exec(CLAIM, args).await? == 1)
}

/// Takes a blob that was deleted out of the register.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn forget_in(tx: &mut Tx, upload: &Upload) -> Result<(), Fault> {
    tx.exec(FORGET, vals![upload.id.as_str()]).await.map(|_| ())
}

/// Takes a blob that becomes a paper out of the register; `false` when somebody claimed it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn settle_in(tx: &mut Tx, upload: &Upload) -> Result<bool, Fault> {
    let args = vals![upload.id.as_str(), upload.started_at.micros()];
    Ok(tx.exec(SETTLE, args).await? == 1)
}

/// Blobs that began before an instant, the oldest first, after the one given.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn stale(
    db: &Db,
    before: Instant,
    after: Option<&Upload>,
    limit: u32,
) -> Result<Vec<Upload>, Fault> {
    let (from, id) = after.map_or((-1, ""), |u| (u.started_at.micros(), u.id.as_str()));
    let args = vals![before.micros(), from, id, limit];
    let rows: Vec<(String, String, i64)> = db.all(STALE, args).await?;
    let read = |(id, blob_name, started)| Upload {
        id: row_id(id),
        blob_name,
        started_at: at(started),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// A removed paper that need not be kept any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The lender it is stored under.
    pub lender_id: RowId,
    /// Row id of its loan.
    pub loan_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The id callers saw.
    pub public_id: PublicId,
    /// Where its bytes are.
    pub blob_name: String,
    /// The last day it had to be kept.
    pub keep_until: Date,
}

/// Removed papers of ended loans whose last day is before `day`, after the one given.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn due(db: &Db, day: Date, after: Option<&Due>, limit: u32) -> Result<Vec<Due>, Fault> {
    let active = Lifecycle::Active.as_str();
    let from = after.map_or_else(String::new, |due| due.keep_until.to_string());
    let id = after.map_or("", |due| due.id.as_str());
    let args = vals![day.to_string(), active, from, id, limit];
    let rows: Vec<(String, String, String, String, String, String)> = db.all(DUE, args).await?;
    let read =
        |(lender_id, loan_id, id, public_id, blob_name, keep_until): (_, _, String, _, _, _)| {
            let public_id: String = public_id;
            let keep_until: String = keep_until;
            let at = place(&id);
            Ok(Due {
                public_id: at.public_id(&public_id)?,
                keep_until: at.need("keep_until", Date::parse_iso(&keep_until).ok())?,
                lender_id: row_id(lender_id),
                loan_id: row_id(loan_id),
                id: row_id(id),
                blob_name,
            })
        };
    rows.into_iter().map(read).collect()
}

/// Destroys a paper: locks its loan, looks again whether it is due on `day`, and makes its blob one
/// that belongs to no paper and was claimed: whoever looks for such deletes it. `false` when the
/// paper is not due any more, or not there.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn destroy_in(tx: &mut Tx, due: &Due, day: Date) -> Result<bool, Fault> {
    let (lender, loan) = (due.lender_id.as_str(), due.loan_id.as_str());
    let active = Lifecycle::Active.as_str();
    if tx.exec(LOCK_ENDED, vals![lender, loan, active]).await? == 0 {
        return Ok(false);
    }
    let args = vals![lender, loan, due.id.as_str(), day.to_string()];
    if tx.exec(DESTROY, args).await? == 0 {
        return Ok(false);
    }
    let upload = Upload {
        id: due.id.clone(),
        blob_name: due.blob_name.clone(),
        started_at: at(0),
    };
    register_in(tx, &upload).await?;
    Ok(true)
}
