//! Rate card jobs in the database: a queue of shards that any number of nodes work off.
//!
//! A shard is taken with a lease. Whoever holds it says so by heartbeats; when they stop, the lease
//! runs out and another node takes the shard. Each taking counts as an attempt, and the number of
//! the attempt goes with every later word of its holder: a node that was slow, or thought dead,
//! cannot finish a shard that is somebody else's by now. So a shard is finished exactly once.

mod shard;

use lintel_macros::FromRow;
use lintel_macros::boxed;
pub(crate) use shard::{
    CLAIM, CLOSE, EXPIRE, FAIL, FINISH, HEARTBEAT, INSERT_SHARD, OUTPUTS, PROGRESS, SHARDS,
};
pub use shard::{
    Claim, Lease, Progress, ShardOutput, ShardState, ShardStatus, claim, close_in, expire_in,
    fail_in, finish_in, heartbeat_in, outputs, progress, shards,
};

use lintel_domain::id::{Instant, RowId};

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO ratecard_job (id, org_id, spec, generation, \
     priced_at_us, state, shards, attempts_max, actor, created_at_us, finished_at_us) \
     VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, NULL)";
pub(crate) const BY_ID: &str = "SELECT id, org_id, spec, generation, priced_at_us, state, shards, \
     attempts_max, actor, created_at_us, finished_at_us FROM ratecard_job WHERE id = $1";
pub(crate) const LIST: &str = "SELECT id, org_id, spec, generation, priced_at_us, state, shards, \
     attempts_max, actor, created_at_us, finished_at_us FROM ratecard_job WHERE org_id = $1 \
     ORDER BY created_at_us DESC, id DESC LIMIT $2";
pub(crate) const OPEN: &str = "SELECT id, org_id, spec, generation, priced_at_us, state, shards, \
     attempts_max, actor, created_at_us, finished_at_us FROM ratecard_job WHERE state = 'open' \
     ORDER BY created_at_us, id LIMIT $1";

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Shards are waiting or being worked on.
    Open,
    /// Every shard is finished.
    Done,
    /// Every shard has ended, and some of them failed for good.
    Failed,
}

impl JobState {
    /// The stored spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A job as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Row id.
    pub id: RowId,
    /// Whose prices.
    pub org_id: RowId,
    /// What is to be priced, as text.
    pub spec: String,
    /// Every node prices from the book of this generation …
    pub generation: i64,
    /// … and this instant, whatever changes meanwhile.
    pub priced_at: Instant,
    /// How it stands.
    pub state: JobState,
    /// Number of shards.
    pub shards: u32,
    /// How often a shard may be tried.
    pub attempts_max: u32,
    /// Who started it.
    pub actor: String,
    /// When.
    pub created_at: Instant,
    /// When its last shard ended.
    pub finished_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    org_id: String,
    spec: String,
    generation: i64,
    priced_at_us: i64,
    state: String,
    shards: i64,
    attempts_max: i64,
    actor: String,
    created_at_us: i64,
    finished_at_us: Option<i64>,
}

impl Row {
    fn read(self) -> Result<Job, Fault> {
        let place = At {
            table: "ratecard_job",
            id: &self.id,
        };
        Ok(Job {
            state: place.word("state", &self.state, JobState::parse)?,
            shards: place.count("shards", self.shards)?,
            attempts_max: place.count("attempts_max", self.attempts_max)?,
            org_id: row_id(self.org_id),
            spec: self.spec,
            generation: self.generation,
            priced_at: at(self.priced_at_us),
            actor: self.actor,
            created_at: at(self.created_at_us),
            finished_at: self.finished_at_us.map(at),
            id: row_id(self.id),
        })
    }
}

/// Writes a job with its shards, numbered from 0, all waiting.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn create_in(tx: &mut Tx, job: &Job) -> Result<(), Fault> {
    let args = vals![
        job.id.as_str(),
        job.org_id.as_str(),
        &job.spec,
        job.generation,
        job.priced_at.micros(),
        job.shards,
        job.attempts_max,
        &job.actor,
        job.created_at.micros(),
    ];
    tx.exec(INSERT, args).await?;
    for shard in 0..job.shards {
        tx.exec(INSERT_SHARD, vals![job.id.as_str(), shard]).await?;
    }
    Ok(())
}

/// Finds a job.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, id: &RowId) -> Result<Option<Job>, Fault> {
    let row: Option<Row> = db.maybe(BY_ID, vals![id.as_str()]).await?;
    row.map(Row::read).transpose()
}

/// An organisation's jobs, newest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId, limit: u32) -> Result<Vec<Job>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str(), limit]).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Jobs of any organisation that have work left, oldest first, at most `limit`: what a worker that
/// was not given one looks through.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn open(db: &Db, limit: u32) -> Result<Vec<Job>, Fault> {
    let rows: Vec<Row> = db.all(OPEN, vals![limit]).await?;
    rows.into_iter().map(Row::read).collect()
}
