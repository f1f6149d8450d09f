//! Jobs: work done after the commit that asked for it, by whichever node is free.
//!
//! A job that is open and due belongs to whoever claims it. Claiming moves `run_at_us` to the end of
//! a lease, so the job is hidden until then; its holder moves it on by heart-beats, and when they
//! stop, the job is due again by itself. Each claim counts as an attempt. Worker and attempt go with
//! every later word about the job: a holder that was slow, or thought dead, can neither finish nor
//! give back what is somebody else's by now.

mod enqueue;
mod list;
mod schedule;
mod sweep;

pub use enqueue::{NewJob, insert_in, insert_many_in};
use lintel_macros::FromRow;
use lintel_macros::boxed;
pub use list::{
    Filter, Place, QueueCount, StoredJob, counts, dead_count, list, load, reopen_in, reopen_key_in,
    sweep_in,
};
pub use schedule::{StoredSchedule, add_in, fire_in, schedules, set_in};
pub use sweep::{sweep_caught_in, sweep_invited_in};

use lintel_domain::id::{Instant, RowId};
use lintel_domain::job::{JobKind, Queue};

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{at, row_id};
use crate::vals;

/// Places for kinds in a claim: more than any queue has.
const KIND_PLACES: usize = 8;
/// Longest error kept of a job, in characters.
const ERROR_MAX_CHARS: usize = 500;

pub(crate) const IS_DUE: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM job \
     WHERE queue = $1 AND state = 'open' AND run_at_us <= $2 \
     AND kind IN ($3, $4, $5, $6, $7, $8, $9, $10) LIMIT 1) due";
pub(crate) const DONE: &str = "UPDATE job SET state = 'done', finished_at_us = $4, worker = NULL, \
     error = NULL WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'open'";
/// Back into the queue after a failed attempt.
pub(crate) const RETRY: &str = "UPDATE job SET run_at_us = $4, worker = NULL, error = $5 \
     WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'open'";
/// Back into the queue as if it had not been claimed. A later claim still has a higher number than
/// this one's: nobody else can have given back more than they took.
pub(crate) const GIVE_BACK: &str = "UPDATE job SET run_at_us = $4, worker = NULL, \
     attempts = attempts - 1 WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'open'";
pub(crate) const BURY: &str = "UPDATE job SET state = 'dead', finished_at_us = $4, worker = NULL, \
     error = $5 WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'open'";

/// The list is made first and once: a plan that asked for it again while updating would take more
/// than it may.
fn claim_sql(lock: &str) -> String {
    format!(
        "WITH due AS MATERIALIZED (SELECT id FROM job WHERE queue = $1 AND state = 'open' \
         AND run_at_us <= $2 AND kind IN ($6, $7, $8, $9, $10, $11, $12, $13) \
         ORDER BY run_at_us, id LIMIT $5{lock}) \
         UPDATE job SET run_at_us = $3, worker = $4, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM due) \
         RETURNING id, org_id, kind, unique_key, payload, attempts, created_at_us"
    )
}

/// Rows somebody is writing to at this moment are left out, never waited for: one slow transaction
/// must not cost all the others their leases.
fn beat_sql(lock: &str) -> String {
    let places = places(3);
    format!(
        "WITH held AS MATERIALIZED (SELECT id FROM job WHERE worker = $1 AND state = 'open' \
         AND id IN ({places}) ORDER BY id{lock}) \
         UPDATE job SET run_at_us = $2 WHERE id IN (SELECT id FROM held) RETURNING id"
    )
}

fn still_sql() -> String {
    let places = places(2);
    format!("SELECT id FROM job WHERE worker = $1 AND state = 'open' AND id IN ({places})")
}

/// The statements of this module, for the test that prepares each.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let mut list = vec![
        ("job.is_due", IS_DUE.to_owned()),
        ("job.claim", claim_sql("")),
        ("job.beat", beat_sql("")),
        ("job.still", still_sql()),
        ("job.done", DONE.to_owned()),
        ("job.retry", RETRY.to_owned()),
        ("job.give_back", GIVE_BACK.to_owned()),
        ("job.bury", BURY.to_owned()),
    ];
    list.extend(enqueue::statements());
    list.extend(list::statements());
    list.extend(schedule::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(sweep::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list
}

/// A job somebody works on.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id.
    pub id: RowId,
    /// Whose job it is, if any organisation's.
    pub org_id: Option<RowId>,
    /// What is to be done.
    pub kind: JobKind,
    /// No second open one of its kind has it.
    pub key: Option<String>,
    /// What the job is about, as JSON.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// When it was asked for.
    pub created_at: Instant,
    /// Who holds it.
    pub worker: String,
}

#[derive(FromRow)]
struct ClaimRow {
    id: String,
    org_id: Option<String>,
    kind: String,
    unique_key: Option<String>,
    payload: String,
    attempts: i64,
    created_at_us: i64,
}

/// What is claimed, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The queue.
    pub queue: Queue,
    /// Kinds the worker can do, at least one; others stay for other nodes.
    pub kinds: &'a [JobKind],
    /// The worker's name: of one process, never used again.
    pub worker: &'a str,
    /// At most so many.
    pub limit: u32,
    /// The present instant.
    pub now: Instant,
    /// End of the lease.
    pub lease_until: Instant,
}

fn kind_args(args: &mut Vec<Val>, kinds: &[JobKind]) -> Result<(), Fault> {
    let Some(last) = kinds.last().filter(|_| kinds.len() <= KIND_PLACES) else {
        return Err(Fault::internal("a claim names no kind, or too many"));
    };
    args.extend((0..KIND_PLACES).map(|n| Val::from(kinds.get(n).unwrap_or(last).as_str())));
    Ok(())
}

/// Whether a queue has a job of these kinds that is due: asked without taking any lock.
///
/// # Errors
/// Any fault of the database; internal without a kind.
#[boxed]
pub async fn is_due(db: &Db, queue: Queue, kinds: &[JobKind], now: Instant) -> Result<bool, Fault> {
    let mut args = vals![queue.as_str(), now.micros()];
    kind_args(&mut args, kinds)?;
    let row: Option<(i64,)> = db.maybe(IS_DUE, args).await?;
    Ok(row.is_some_and(|(n,)| n > 0))
}

/// Claims jobs that are due, the longest due first; in the order they were asked for.
///
/// # Errors
/// Any fault of the database; internal without a kind.
#[boxed]
pub async fn claim_in(tx: &mut Tx, claim: &Claim<'_>) -> Result<Vec<Claimed>, Fault> {
    let mut args = vals![
        claim.queue.as_str(),
        claim.now.micros(),
        claim.lease_until.micros(),
        claim.worker,
        claim.limit,
    ];
    kind_args(&mut args, claim.kinds)?;
    let sql = claim_sql(tx.kind().skip_locked());
    let rows: Vec<ClaimRow> = tx.all(&sql, args).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        claimed.push(Claimed {
            kind: JobKind::parse(&row.kind)
                .ok_or_else(|| Fault::corrupt("job", "kind", &row.id))?,
            id: row_id(row.id),
            org_id: row.org_id.map(row_id),
            key: row.unique_key,
            payload: row.payload,
            attempt: row.attempts,
            created_at: at(row.created_at_us),
            worker: claim.worker.to_owned(),
        });
    }
    claimed.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(claimed)
}

/// Moves the leases of these jobs on and returns those that are the worker's no more. A job that is
/// being written to at this moment is the worker's still, but its lease stays as it was.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn beat(
    db: &Db,
    worker: &str,
    ids: &[RowId],
    lease_until: Instant,
) -> Result<Vec<RowId>, Fault> {
    let mut lost = Vec::new();
    for chunk in ids.chunks(IN_PLACES) {
        let mut args = vals![worker, lease_until.micros()];
        fill_places(&mut args, chunk);
        let mut tx = db.begin().await?;
        let sql = beat_sql(tx.kind().skip_locked());
        let kept: Vec<(String,)> = tx.all(&sql, args).await?;
        tx.commit().await?;
        if kept.len() == chunk.len() {
            continue;
        }
        let mut args = vals![worker];
        fill_places(&mut args, chunk);
        let still: Vec<(String,)> = db.all(&still_sql(), args).await?;
        let is_held = |id: &RowId| still.iter().chain(&kept).any(|(held,)| held == id.as_str());
        lost.extend(chunk.iter().filter(|id| !is_held(id)).cloned());
    }
    Ok(lost)
}

fn holder(job: &Claimed, when: Instant) -> Vec<Val> {
    vals![job.id.as_str(), &job.worker, job.attempt, when.micros()]
}

/// Notes that a job is done; `false` when it is somebody else's by now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn done_in(tx: &mut Tx, job: &Claimed, now: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(DONE, holder(job, now)).await? == 1)
}

/// Notes why an attempt failed and when the next may be; `false` when the job is somebody else's by
/// now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn retry_in(
    tx: &mut Tx,
    job: &Claimed,
    run_at: Instant,
    why: &str,
) -> Result<bool, Fault> {
    let mut args = holder(job, run_at);
    args.push(Val::from(short(why)));
    Ok(tx.exec(RETRY, args).await? == 1)
}

/// Puts a job back as if it had not been claimed; `false` when it is somebody else's by now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn give_back_in(tx: &mut Tx, job: &Claimed, run_at: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(GIVE_BACK, holder(job, run_at)).await? == 1)
}

/// Gives a job up; `false` when it is somebody else's by now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn bury_in(tx: &mut Tx, job: &Claimed, now: Instant, why: &str) -> Result<bool, Fault> {
    let mut args = holder(job, now);
    args.push(Val::from(short(why)));
    Ok(tx.exec(BURY, args).await? == 1)
}

/// What is kept of a reason: its beginning, without what PostgreSQL cannot store.
fn short(why: &str) -> String {
    let plain = why.chars().filter(|c| *c != '\0');
    plain.take(ERROR_MAX_CHARS).collect()
}
