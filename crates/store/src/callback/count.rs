//! How callbacks are doing as a whole, and forgetting those that are long over.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::boxed;

use super::event::hold_in;
use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

const WAITING: &str = "SELECT CAST(COUNT(*) AS BIGINT), MIN(created_at_us) FROM (SELECT created_at_us \
     FROM callback_event WHERE state IN ('waiting', 'replaying') ORDER BY created_at_us LIMIT 10001) waiting";
const DEAD: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM callback_event \
     WHERE state = 'dead' LIMIT 10001) dead";
const SWEEP_ATTEMPTS: &str = "DELETE FROM callback_attempt WHERE (org_id, event_id) IN \
     (SELECT org_id, id FROM callback_event WHERE closed_at_us <= $1 ORDER BY closed_at_us, id LIMIT $2)";
/// Not one that somebody opened again in between.
const SWEEP: &str = "DELETE FROM callback_event WHERE (org_id, id) IN \
     (SELECT org_id, id FROM callback_event WHERE closed_at_us <= $1 ORDER BY closed_at_us, id LIMIT $2) \
     AND closed_at_us <= $1";
const EMPTY: &str = "SELECT org_id, subject_id FROM callback_queue WHERE (org_id, subject_id) > ($1, $2) \
     AND NOT EXISTS (SELECT 1 FROM callback_event WHERE callback_event.org_id = callback_queue.org_id \
     AND callback_event.subject_id = callback_queue.subject_id) ORDER BY org_id, subject_id LIMIT $3";
const FORGET: &str = "DELETE FROM callback_queue WHERE org_id = $1 AND subject_id = $2 \
     AND NOT EXISTS (SELECT 1 FROM callback_event WHERE org_id = $1 AND subject_id = $2)";

pub(super) const STATEMENTS: [(&str, &str); 6] = [
    ("callback_event.waiting", WAITING),
    ("callback_event.dead", DEAD),
    ("callback_attempt.sweep", SWEEP_ATTEMPTS),
    ("callback_event.sweep", SWEEP),
    ("callback_queue.empty", EMPTY),
    ("callback_queue.forget", FORGET),
];

/// How callbacks are doing. Counted to 10,001 at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Events to be delivered.
    pub waiting: i64,
    /// Since when the oldest of them is.
    pub oldest: Option<Instant>,
    /// Events that were given up.
    pub dead: i64,
}

/// Counts.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn counts(db: &Db) -> Result<Counts, Fault> {
    let waiting: Option<(i64, Option<i64>)> = db.maybe(WAITING, Vec::new()).await?;
    let dead: Option<(i64,)> = db.maybe(DEAD, Vec::new()).await?;
    let (waiting, oldest) = waiting.unwrap_or_default();
    Ok(Counts {
        waiting,
        oldest: oldest.map(at),
        dead: dead.map_or(0, |(n,)| n),
    })
}

/// Forgets events that were over by an instant, the oldest first, with their attempts; how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(tx: &mut Tx, before: Instant, limit: u32) -> Result<u64, Fault> {
    let args = vals![before.micros(), limit];
    tx.exec(SWEEP_ATTEMPTS, args.clone()).await?;
    tx.exec(SWEEP, args).await
}

/// Subjects without events whose queues are still there, after one of them in the order of banks and
/// subjects; `None` for the first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn empty_queues(
    db: &Db,
    after: Option<&(RowId, RowId)>,
    limit: u32,
) -> Result<Vec<(RowId, RowId)>, Fault> {
    let (org, subject) = after.map_or(("", ""), |(org, one)| (org.as_str(), one.as_str()));
    let args = vals![org, subject, limit];
    let rows: Vec<(String, String)> = db.all(EMPTY, args).await?;
    let ids = |(org, subject)| (row_id(org), row_id(subject));
    Ok(rows.into_iter().map(ids).collect())
}

/// Forgets a subject's queue, unless it has events by now. The queue is held before that is looked at:
/// somebody may be adding one.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn forget_queue_in(tx: &mut Tx, org_id: &RowId, subject: &RowId) -> Result<(), Fault> {
    hold_in(tx, org_id, subject).await?;
    let args = vals![org_id.as_str(), subject.as_str()];
    tx.exec(FORGET, args).await?;
    Ok(())
}
