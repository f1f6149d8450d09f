//! The shards of a job: taken, kept alive, finished, given back.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::At;
use crate::vals;

pub(crate) const INSERT_SHARD: &str = "INSERT INTO ratecard_shard (job_id, shard, state, worker, \
     lease_until_us, heartbeat_at_us, attempts, output, row_count, digest, error) \
     VALUES ($1, $2, 'open', NULL, 0, NULL, 0, NULL, NULL, NULL, NULL)";
/// One statement on both databases. Two nodes that pick the same shard: the second waits for the
/// first, finds its own condition no longer true, and takes none; then it asks again.
pub(crate) const CLAIM: &str = "UPDATE ratecard_shard SET state = 'taken', worker = $2, \
     lease_until_us = $3, heartbeat_at_us = $4, attempts = attempts + 1, error = NULL \
     WHERE job_id = $1 AND shard = (SELECT s.shard FROM ratecard_shard s WHERE s.job_id = $1 \
     AND s.state IN ('open', 'taken') AND s.lease_until_us <= $4 AND s.attempts < $5 \
     ORDER BY s.attempts, s.shard LIMIT 1) \
     AND state IN ('open', 'taken') AND lease_until_us <= $4 AND attempts < $5 \
     RETURNING shard, attempts";
pub(crate) const HEARTBEAT: &str = "UPDATE ratecard_shard SET lease_until_us = $5, \
     heartbeat_at_us = $6 WHERE job_id = $1 AND shard = $2 AND worker = $3 AND attempts = $4 \
     AND state = 'taken'";
pub(crate) const FINISH: &str = "UPDATE ratecard_shard SET state = 'done', output = $5, \
     row_count = $6, digest = $7, error = NULL WHERE job_id = $1 AND shard = $2 AND worker = $3 \
     AND attempts = $4 AND state = 'taken'";
/// Back to the queue, or failed for good when it was the last attempt.
pub(crate) const FAIL: &str = "UPDATE ratecard_shard SET state = CASE WHEN attempts >= $5 \
     THEN 'failed' ELSE 'open' END, lease_until_us = $6, error = $7 WHERE job_id = $1 \
     AND shard = $2 AND worker = $3 AND attempts = $4 AND state = 'taken'";
pub(crate) const EXPIRE: &str = "UPDATE ratecard_shard SET state = 'failed', error = $4 \
     WHERE job_id = $1 AND state IN ('open', 'taken') AND lease_until_us <= $2 AND attempts >= $3";
pub(crate) const PROGRESS: &str = "SELECT state, CAST(COUNT(*) AS BIGINT), \
     CAST(COALESCE(SUM(row_count), 0) AS BIGINT) FROM ratecard_shard WHERE job_id = $1 \
     GROUP BY state ORDER BY state";
pub(crate) const SHARDS: &str = "SELECT shard, state, worker, lease_until_us, attempts, error \
     FROM ratecard_shard WHERE job_id = $1 ORDER BY shard";
pub(crate) const OUTPUTS: &str = "SELECT shard, output, row_count, digest FROM ratecard_shard \
     WHERE job_id = $1 AND state = 'done' ORDER BY shard";
pub(crate) const CLOSE: &str = "UPDATE ratecard_job SET state = CASE WHEN EXISTS (SELECT 1 FROM \
     ratecard_shard f WHERE f.job_id = $1 AND f.state = 'failed') THEN 'failed' ELSE 'done' END, \
     finished_at_us = $2 WHERE id = $1 AND state = 'open' AND NOT EXISTS (SELECT 1 FROM \
     ratecard_shard o WHERE o.job_id = $1 AND o.state IN ('open', 'taken'))";

/// How often a worker that lost the race for a shard looks again before it waits a moment.
const TRIES: u32 = 8;
/// Longest error text kept.
const ERROR_MAX_CHARS: usize = 500;
/// What is kept of a shard whose last holder was never heard of again.
const LOST: &str = "its worker stopped without a word, on the last attempt";

/// A shard somebody works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job_id: RowId,
    /// Number of the shard, from 0.
    pub shard: u32,
    /// Who holds it.
    pub worker: String,
    /// Which attempt this is, from 1; tells its holder from those before and after.
    pub attempt: i64,
}

/// What asking for a shard came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// A shard to work on.
    Taken(Lease),
    /// Others hold what is left: ask again later, one of them may fail.
    Wait,
    /// Nothing is left to do.
    Over,
}

/// How a shard stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShardState {
    /// Waiting.
    Open,
    /// Somebody works on it, or did and was not heard of since.
    Taken,
    /// Finished.
    Done,
    /// Tried too often.
    Failed,
}

impl ShardState {
    /// The stored spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Taken, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// What a finished shard left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardOutput {
    /// Number of the shard.
    pub shard: u32,
    /// Name of what was written.
    pub output: String,
    /// Rows in it.
    pub rows: i64,
    /// SHA-256 of it, in hexadecimal digits.
    pub digest: String,
}

/// How many shards stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Waiting.
    pub open: i64,
    /// Being worked on.
    pub taken: i64,
    /// Finished.
    pub done: i64,
    /// Failed for good.
    pub failed: i64,
    /// Rows of those finished.
    pub rows: i64,
}

/// One shard, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardStatus {
    /// Number of the shard.
    pub shard: u32,
    /// How it stands.
    pub state: ShardState,
    /// Who holds or held it.
    pub worker: Option<String>,
    /// Until when; the epoch when nobody ever did.
    pub lease_until: Instant,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// Takes a shard for a worker until `lease_until`: one that waits, or one whose lease ran out. Gives
/// up those that ran out on their last attempt.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn claim(
    db: &Db,
    job: &super::Job,
    worker: &str,
    lease_until: Instant,
    now: Instant,
) -> Result<Claim, Fault> {
    for _ in 0..TRIES {
        let mut tx = db.begin().await?;
        // Or a shard whose last holder died would be waited for without end.
        expire_in(&mut tx, &job.id, job.attempts_max, now).await?;
        let args = vals![
            job.id.as_str(),
            worker,
            lease_until.micros(),
            now.micros(),
            job.attempts_max,
        ];
        let row: Option<(i64, i64)> = tx.maybe(CLAIM, args).await?;
        tx.commit().await?;
        if let Some((shard, attempt)) = row {
            let place = At {
                table: "ratecard_shard",
                id: job.id.as_str(),
            };
            return Ok(Claim::Taken(Lease {
                job_id: job.id.clone(),
                shard: place.count("shard", shard)?,
                worker: worker.to_owned(),
                attempt,
            }));
        }
        let progress = progress(db, &job.id).await?;
        if progress.open == 0 {
            let over = progress.taken == 0;
            return Ok(if over { Claim::Over } else { Claim::Wait });
        }
    }
    Ok(Claim::Wait)
}

fn lease_args(lease: &Lease) -> Vec<crate::db::Val> {
    vals![
        lease.job_id.as_str(),
        lease.shard,
        &lease.worker,
        lease.attempt,
    ]
}

/// Keeps a lease alive; `false` when it is somebody else's by now, and the work should stop.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn heartbeat_in(
    tx: &mut Tx,
    lease: &Lease,
    lease_until: Instant,
    now: Instant,
) -> Result<bool, Fault> {
    let mut args = lease_args(lease);
    args.extend(vals![lease_until.micros(), now.micros()]);
    Ok(tx.exec(HEARTBEAT, args).await? == 1)
}

/// Finishes a shard; `false` when the lease is somebody else's by now, and what was written is not
/// the shard's output.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn finish_in(tx: &mut Tx, lease: &Lease, output: &ShardOutput) -> Result<bool, Fault> {
    let mut args = lease_args(lease);
    args.extend(vals![&output.output, output.rows, &output.digest]);
    Ok(tx.exec(FINISH, args).await? == 1)
}

/// Gives a shard back after a failed try; it may be taken again from `again_at` on, unless it was
/// the last attempt. `false` when the lease is somebody else's by now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn fail_in(
    tx: &mut Tx,
    lease: &Lease,
    attempts_max: u32,
    again_at: Instant,
    error: &str,
) -> Result<bool, Fault> {
    let plain = error.chars().filter(|c| !c.is_control());
    let error: String = plain.take(ERROR_MAX_CHARS).collect();
    let mut args = lease_args(lease);
    args.extend(vals![attempts_max, again_at.micros(), error]);
    Ok(tx.exec(FAIL, args).await? == 1)
}

/// Gives up shards whose lease ran out on their last attempt, and says how many. Those with
/// attempts left need nothing: they can be taken again as they are. [`claim`] does it, too.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn expire_in(
    tx: &mut Tx,
    job_id: &RowId,
    attempts_max: u32,
    now: Instant,
) -> Result<u64, Fault> {
    let args = vals![job_id.as_str(), now.micros(), attempts_max, LOST];
    tx.exec(EXPIRE, args).await
}

/// Counts the shards of a job.
///
/// # Errors
/// Any fault of the database; a state this version does not know.
#[boxed]
pub async fn progress(db: &Db, job_id: &RowId) -> Result<Progress, Fault> {
    let rows: Vec<(String, i64, i64)> = db.all(PROGRESS, vals![job_id.as_str()]).await?;
    let mut progress = Progress::default();
    for (state, count, rows) in rows {
        match read_state(job_id, &state)? {
            ShardState::Open => progress.open = count,
            ShardState::Taken => progress.taken = count,
            ShardState::Done => (progress.done, progress.rows) = (count, rows),
            ShardState::Failed => progress.failed = count,
        }
    }
    Ok(progress)
}

fn read_state(job_id: &RowId, text: &str) -> Result<ShardState, Fault> {
    At {
        table: "ratecard_shard",
        id: job_id.as_str(),
    }
    .word("state", text, ShardState::parse)
}

/// Closes a job whose shards have all ended: done when all are finished, otherwise failed. None
/// when some have not ended, or the job was closed before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn close_in(tx: &mut Tx, job_id: &RowId, now: Instant) -> Result<bool, Fault> {
    let args = vals![job_id.as_str(), now.micros()];
    Ok(tx.exec(CLOSE, args).await? == 1)
}

#[derive(FromRow)]
struct OutputRow {
    shard: i64,
    output: Option<String>,
    row_count: Option<i64>,
    digest: Option<String>,
}

/// What the finished shards of a job left behind, in order.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn outputs(db: &Db, job_id: &RowId) -> Result<Vec<ShardOutput>, Fault> {
    let rows: Vec<OutputRow> = db.all(OUTPUTS, vals![job_id.as_str()]).await?;
    let place = At {
        table: "ratecard_shard",
        id: job_id.as_str(),
    };
    rows.into_iter()
        .map(|row| {
            Ok(ShardOutput {
                shard: place.count("shard", row.shard)?,
                output: place.need("output", row.output)?,
                rows: place.need("row_count", row.row_count)?,
                digest: place.need("digest", row.digest)?,
            })
        })
        .collect()
}

#[derive(FromRow)]
struct StatusRow {
    shard: i64,
    state: String,
    worker: Option<String>,
    lease_until_us: i64,
    attempts: i64,
    error: Option<String>,
}

/// Every shard of a job, in order.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn shards(db: &Db, job_id: &RowId) -> Result<Vec<ShardStatus>, Fault> {
    let rows: Vec<StatusRow> = db.all(SHARDS, vals![job_id.as_str()]).await?;
    let place = At {
        table: "ratecard_shard",
        id: job_id.as_str(),
    };
    rows.into_iter()
        .map(|row| {
            Ok(ShardStatus {
                shard: place.count("shard", row.shard)?,
                state: read_state(job_id, &row.state)?,
                worker: row.worker,
                lease_until: crate::row::at(row.lease_until_us),
                attempts: row.attempts,
                error: row.error,
            })
        })
        .collect()
}
