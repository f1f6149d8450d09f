//! Jobs as people look at them: lists, counts, trying again, forgetting.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::job::{JobState, Queue};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

/// Jobs are counted no further than this: whoever watches asks every few seconds, and beyond it only
/// "too many" is of interest.
const COUNT_MAX: u32 = 10_000;

const COLUMNS: &str = "id, org_id, queue, kind, unique_key, payload, state, run_at_us, attempts, \
     worker, created_at_us, finished_at_us, error";
pub(crate) const OPEN: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM job \
     WHERE queue = $1 AND state = 'open' LIMIT $2) open";
pub(crate) const OLDEST: &str =
    "SELECT MIN(run_at_us) FROM job WHERE queue = $1 AND state = 'open'";
pub(crate) const DEAD: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM job \
     WHERE state = 'dead' LIMIT $1) dead";
/// Not when another open one has taken its key meanwhile.
pub(crate) const REOPEN: &str = "UPDATE job SET state = 'open', run_at_us = $2, attempts = 0, \
     finished_at_us = NULL WHERE id = $1 AND state = 'dead' AND NOT EXISTS (SELECT 1 FROM job o \
     WHERE o.kind = job.kind AND o.unique_key = job.unique_key AND o.state = 'open')";
pub(crate) const DEAD_BY_KEY: &str = "SELECT id FROM job WHERE kind = $1 AND unique_key = $2 \
     AND state = 'dead' ORDER BY finished_at_us DESC, id DESC LIMIT 1";
/// The conditions stand outside, too: a job opened again while this waits for its row is looked at
/// anew, and only by what stands outside.
pub(crate) const SWEEP: &str = "DELETE FROM job WHERE state = $1 AND state <> 'open' \
     AND finished_at_us < $2 AND id IN (SELECT id FROM job WHERE state = $1 \
     AND state <> 'open' AND finished_at_us < $2 ORDER BY finished_at_us, id LIMIT $3)";

fn by_id_sql() -> String {
    format!("SELECT {COLUMNS} FROM job WHERE id = $1")
}

/// Open ones by when they are due, those that are over by when they ended, the newest first.
fn list_sql(is_open: bool) -> String {
    let condition = "($1 = '' OR queue = $1) AND ($2 = '' OR kind = $2)";
    if is_open {
        return format!(
            "SELECT {COLUMNS} FROM job WHERE state = 'open' AND {condition} \
             AND (run_at_us > $3 OR (run_at_us = $3 AND id > $4)) ORDER BY run_at_us, id LIMIT $5"
        );
    }
    format!(
        "SELECT {COLUMNS} FROM job WHERE state = $6 AND state <> 'open' AND {condition} \
         AND (finished_at_us < $3 OR (finished_at_us = $3 AND id < $4)) \
         ORDER BY finished_at_us DESC, id DESC LIMIT $5"
    )
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("job.by_id", by_id_sql()),
        ("job.list_open", list_sql(true)),
        ("job.list_over", list_sql(false)),
        ("job.open", OPEN.to_owned()),
        ("job.oldest", OLDEST.to_owned()),
        ("job.dead", DEAD.to_owned()),
        ("job.reopen", REOPEN.to_owned()),
        ("job.dead_by_key", DEAD_BY_KEY.to_owned()),
        ("job.sweep", SWEEP.to_owned()),
    ]
}

/// A job as stored. Queue and kind are texts: a newer node may have written words this one does not
/// know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJob {
    /// Its id.
    pub id: RowId,
    /// Whose job it is, if any organisation's.
    pub org_id: Option<RowId>,
    /// Where it waits.
    pub queue: String,
    /// What is to be done.
    pub kind: String,
    /// No second open one of its kind has it.
    pub key: Option<String>,
    /// What the job is about, as JSON.
    pub payload: String,
    /// How it stands.
    pub state: JobState,
    /// When it is due; while somebody holds it, when the lease ends.
    pub run_at: Instant,
    /// How often it was claimed, but for claims given back.
    pub attempts: u32,
    /// Who holds it.
    pub worker: Option<String>,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it was done or given up.
    pub finished_at: Option<Instant>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    org_id: Option<String>,
    queue: String,
    kind: String,
    unique_key: Option<String>,
    payload: String,
    state: String,
    run_at_us: i64,
    attempts: i64,
    worker: Option<String>,
    created_at_us: i64,
    finished_at_us: Option<i64>,
    error: Option<String>,
}

impl Row {
    fn read(self) -> Result<StoredJob, Fault> {
        let place = At {
            table: "job",
            id: &self.id,
        };
        Ok(StoredJob {
            state: place.word("state", &self.state, JobState::parse)?,
            attempts: place.count("attempts", self.attempts)?,
            org_id: self.org_id.map(row_id),
            queue: self.queue,
            kind: self.kind,
            key: self.unique_key,
            payload: self.payload,
            run_at: at(self.run_at_us),
            worker: self.worker,
            created_at: at(self.created_at_us),
            finished_at: self.finished_at_us.map(at),
            error: self.error,
            id: row_id(self.id),
        })
    }
}

/// Which jobs are listed.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// How they stand.
    pub state: JobState,
    /// Of one queue only.
    pub queue: Option<&'a str>,
    /// Of one kind only.
    pub kind: Option<&'a str>,
    /// Only those after this one, in the list's order.
    pub after: Option<&'a Place>,
    /// At most so many.
    pub limit: u32,
}

/// A place in a list of jobs: that of its last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// When the job is due, or when it ended.
    pub at: Instant,
    /// The job.
    pub id: RowId,
}

impl StoredJob {
    /// Where it stands in a list.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            at: self.finished_at.unwrap_or(self.run_at),
            id: self.id.clone(),
        }
    }
}

/// Lists jobs: open ones by when they are due, others by when they ended, the newest first.
///
/// # Errors
/// Any fault of the database; a row that cannot be.
#[boxed]
pub async fn list(db: &Db, filter: &Filter<'_>) -> Result<Vec<StoredJob>, Fault> {
    let is_open = filter.state == JobState::Open;
    let start = if is_open { i64::MIN } else { i64::MAX };
    let mut args = vals![
        filter.queue.unwrap_or_default(),
        filter.kind.unwrap_or_default(),
        filter.after.map_or(start, |place| place.at.micros()),
        filter.after.map_or("", |place| place.id.as_str()),
        filter.limit,
    ];
    if !is_open {
        args.extend(vals![filter.state.as_str()]);
    }
    let rows: Vec<Row> = db.all(&list_sql(is_open), args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Finds a job.
///
/// # Errors
/// Any fault of the database; a row that cannot be.
#[boxed]
pub async fn load(db: &Db, id: &RowId) -> Result<Option<StoredJob>, Fault> {
    let row: Option<Row> = db.maybe(&by_id_sql(), vals![id.as_str()]).await?;
    row.map(Row::read).transpose()
}

/// How full a queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueCount {
    /// The queue.
    pub queue: Queue,
    /// Open jobs, those somebody works on among them; counted up to ten thousand.
    pub open: i64,
    /// When the first of them was or is due.
    pub oldest: Option<Instant>,
}

/// How full the queues are.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn counts(db: &Db) -> Result<Vec<QueueCount>, Fault> {
    let mut counts = Vec::with_capacity(Queue::ALL.len());
    for &queue in Queue::ALL {
        let open: Option<(i64,)> = db.maybe(OPEN, vals![queue.as_str(), COUNT_MAX]).await?;
        let oldest: Option<(Option<i64>,)> = db.maybe(OLDEST, vals![queue.as_str()]).await?;
        counts.push(QueueCount {
            queue,
            open: open.map_or(0, |(n,)| n),
            oldest: oldest.and_then(|(oldest,)| oldest).map(at),
        });
    }
    Ok(counts)
}

/// How many jobs were given up, counted up to ten thousand.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn dead_count(db: &Db) -> Result<i64, Fault> {
    let row: Option<(i64,)> = db.maybe(DEAD, vals![COUNT_MAX]).await?;
    Ok(row.map_or(0, |(n,)| n))
}

/// Opens a dead job again as if it had never been tried; `false` when it is not dead, or an open one
/// has its key.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reopen_in(tx: &mut Tx, id: &RowId, now: Instant) -> Result<bool, Fault> {
    let args = vals![id.as_str(), now.micros()];
    Ok(tx.exec(REOPEN, args).await? == 1)
}

/// As [`reopen_in`] for the dead job of a kind with a key; `false` when there is none, too.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reopen_key_in(
    tx: &mut Tx,
    kind: &str,
    key: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let row: Option<(String,)> = tx.maybe(DEAD_BY_KEY, vals![kind, key]).await?;
    match row {
        Some((id,)) => reopen_in(tx, &row_id(id), now).await,
        None => Ok(false),
    }
}

/// Forgets jobs that are over and ended before an instant, the oldest first, at most `limit`; how
/// many. Open ones are never forgotten.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(
    tx: &mut Tx,
    state: JobState,
    before: Instant,
    limit: u32,
) -> Result<u64, Fault> {
    tx.exec(SWEEP, vals![state.as_str(), before.micros(), limit])
        .await
}
