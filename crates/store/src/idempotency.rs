//! Answers to requests that carry an idempotency key, sealed, and who is answering one just now.
//!
//! A key is claimed before the request is worked on and holds the answer afterwards. A claim whose node
//! died is taken over by the next request once it is old enough; `created_at_us` tells claims apart, so
//! that one who comes back late changes nothing.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::vals;

pub(crate) const CLAIM: &str = "INSERT INTO idempotency (org_id, principal_id, key_hash, \
     request_hash, status, answer, created_at_us) VALUES ($1, $2, $3, $4, NULL, NULL, $5) \
     ON CONFLICT DO NOTHING";
pub(crate) const LOOK: &str = "SELECT request_hash, status, answer, created_at_us \
     FROM idempotency WHERE org_id = $1 AND principal_id = $2 AND key_hash = $3";
pub(crate) const RENEW: &str = "UPDATE idempotency SET request_hash = $4, status = NULL, \
     answer = NULL, created_at_us = $5 WHERE org_id = $1 AND principal_id = $2 AND key_hash = $3 \
     AND created_at_us = $6";
pub(crate) const KEEP: &str = "UPDATE idempotency SET status = $5, answer = $6 WHERE org_id = $1 \
     AND principal_id = $2 AND key_hash = $3 AND created_at_us = $4 AND status IS NULL";
pub(crate) const FREE: &str = "DELETE FROM idempotency WHERE org_id = $1 AND principal_id = $2 \
     AND key_hash = $3 AND created_at_us = $4 AND status IS NULL";
pub(crate) const SWEEP: &str = "DELETE FROM idempotency WHERE (org_id, principal_id, key_hash) IN \
     (SELECT org_id, principal_id, key_hash FROM idempotency WHERE created_at_us <= $1 \
     ORDER BY created_at_us LIMIT $2)";

pub(crate) const STATEMENTS: [(&str, &str); 6] = [
    ("idempotency.claim", CLAIM),
    ("idempotency.look", LOOK),
    ("idempotency.renew", RENEW),
    ("idempotency.keep", KEEP),
    ("idempotency.free", FREE),
    ("idempotency.sweep", SWEEP),
];

/// A key, by the hash of it, and the hash of the request it came with.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// The organisation the caller belongs to.
    pub org_id: &'a RowId,
    /// Whose key it is: two principals may use the same.
    pub principal_id: &'a RowId,
    /// Hash of the key.
    pub key_hash: &'a [u8],
    /// Hash of everything a request must repeat to be the same.
    pub request_hash: &'a [u8],
}

/// The instants a claim is judged by.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// The present.
    pub now: Instant,
    /// Answers of before are forgotten.
    pub forgotten: Instant,
    /// Claims of before, without an answer, are taken to have died.
    pub abandoned: Instant,
}

/// How a key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is the caller's now, who answers the request and then keeps the answer or frees the key.
    Claimed,
    /// Somebody is answering the same request.
    UnderWay,
    /// The request was answered.
    Answered {
        /// Status of the answer.
        status: u16,
        /// The answer, sealed.
        sealed: Vec<u8>,
    },
    /// It came with another request before.
    OtherRequest,
}

#[derive(FromRow)]
struct Row {
    request_hash: Vec<u8>,
    status: Option<i64>,
    answer: Option<Vec<u8>>,
    created_at_us: i64,
}

/// Claims a key, or says how it stands.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn claim_in(tx: &mut Tx, key: Key<'_>, when: When) -> Result<Standing, Fault> {
    let Key {
        org_id,
        principal_id,
        key_hash,
        request_hash,
    } = key;
    let now = when.now.micros();
    let args = vals![
        org_id.as_str(),
        principal_id.as_str(),
        key_hash,
        request_hash,
        now
    ];
    if tx.exec(CLAIM, args).await? == 1 {
        return Ok(Standing::Claimed);
    }
    let args = vals![org_id.as_str(), principal_id.as_str(), key_hash];
    let Some(row) = tx.maybe::<Row>(LOOK, args).await? else {
        // Freed between the two statements: the next look claims it.
        return Ok(Standing::UnderWay);
    };
    let is_forgotten = row.created_at_us <= when.forgotten.micros();
    if !is_forgotten && row.request_hash != request_hash {
        return Ok(Standing::OtherRequest);
    }
    let is_abandoned = row.status.is_none() && row.created_at_us <= when.abandoned.micros();
    if is_forgotten || is_abandoned {
        let args = vals![
            org_id.as_str(),
            principal_id.as_str(),
            key_hash,
            request_hash,
            now,
            row.created_at_us
        ];
        let is_ours = tx.exec(RENEW, args).await? == 1;
        return Ok(if is_ours {
            Standing::Claimed
        } else {
            Standing::UnderWay
        });
    }
    match (row.status, row.answer) {
        (None, _) => Ok(Standing::UnderWay),
        (Some(status), Some(sealed)) => match u16::try_from(status) {
            Ok(status) => Ok(Standing::Answered { status, sealed }),
            Err(_) => Err(corrupt("status", principal_id)),
        },
        (Some(_), None) => Err(corrupt("answer", principal_id)),
    }
}

fn corrupt(column: &str, principal_id: &RowId) -> Fault {
    Fault::corrupt("idempotency", column, principal_id.as_str())
}

/// Keeps the answer under a key claimed at an instant; says whether the claim still stood.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn keep(
    db: &Db,
    key: Key<'_>,
    claimed_at: Instant,
    status: u16,
    sealed: Vec<u8>,
) -> Result<bool, Fault> {
    let args = vals![
        key.org_id.as_str(),
        key.principal_id.as_str(),
        key.key_hash,
        claimed_at.micros(),
        i64::from(status),
        sealed
    ];
    let mut tx = db.begin().await?;
    let kept = tx.exec(KEEP, args).await?;
    tx.commit().await?;
    Ok(kept == 1)
}

/// Gives up a key claimed at an instant: the next request with it is worked on.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn free(db: &Db, key: Key<'_>, claimed_at: Instant) -> Result<(), Fault> {
    let args = vals![
        key.org_id.as_str(),
        key.principal_id.as_str(),
        key.key_hash,
        claimed_at.micros()
    ];
    let mut tx = db.begin().await?;
    tx.exec(FREE, args).await?;
    tx.commit().await
}

/// Forgets keys of before an instant, the oldest first; how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(tx: &mut Tx, before: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(SWEEP, vals![before.micros(), limit]).await
}
