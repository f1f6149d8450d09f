//! Rate card jobs: a country priced in shards by any number of nodes, all from the same prices.

use lintel_macros::boxed;
use std::sync::Arc;

use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::organisation::Organisation;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::ratecard;
pub use lintel_store::ratecard::{
    Claim, Job, JobState, Lease, Progress, ShardOutput, ShardState, ShardStatus,
};

use crate::context::App;
use crate::error::AppError;
use crate::pricing::{self, OrgBook};

/// Shards of one job.
pub const MAX_SHARDS: u32 = 100_000;
/// Jobs a list shows.
const LISTED: u32 = 1000;

/// A job about to be started.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What is to be priced; a text this crate does not read.
    pub spec: String,
    /// In how many parts, 1 to [`MAX_SHARDS`]; cut to that range.
    pub shards: u32,
    /// How often a part may be tried; at least once.
    pub attempts_max: u32,
    /// Who starts it.
    pub actor: String,
}

/// Starts a job on the prices in force now. Every node makes its shards from these, whatever changes
/// meanwhile.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn start(app: &App, org: &Organisation, new: NewJob) -> Result<Job, AppError> {
    let (book, priced_at) = pricing::book(app, org).await?;
    let now = app.now();
    let job = Job {
        id: app.row_id()?,
        org_id: book.org_id.clone(),
        spec: new.spec,
        generation: book.generation,
        priced_at,
        state: JobState::Open,
        shards: new.shards.clamp(1, MAX_SHARDS),
        attempts_max: new.attempts_max.max(1),
        actor: new.actor,
        created_at: now,
        finished_at: None,
    };
    let mut tx = app.db().begin().await?;
    ratecard::create_in(&mut tx, &job).await?;
    let body = serde_json::json!({ "generation": job.generation, "shards": job.shards });
    let event = NewEvent {
        org_id: &job.org_id,
        at: now,
        actor: &job.actor,
        kind: EventKind::RateCardStarted,
        subject: job.id.as_str(),
        body: &body.to_string(),
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(job)
}

/// The prices a job is made from.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn book(app: &App, job: &Job) -> Result<Arc<OrgBook>, AppError> {
    Ok(pricing::book_at(app, &job.org_id, job.generation, job.priced_at).await?)
}

/// Takes a shard for a worker; its lease must be renewed within `lease_seconds`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn claim(
    app: &App,
    job: &Job,
    worker: &str,
    lease_seconds: i64,
) -> Result<Claim, AppError> {
    let now = app.now();
    let until = now.plus_seconds(lease_seconds);
    Ok(ratecard::claim(app.db(), job, worker, until, now).await?)
}

/// Renews a lease; `false` when the shard is somebody else's by now, and the work should stop.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn heartbeat(app: &App, lease: &Lease, lease_seconds: i64) -> Result<bool, AppError> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let until = now.plus_seconds(lease_seconds);
    let is_held = ratecard::heartbeat_in(&mut tx, lease, until, now).await?;
    tx.commit().await?;
    Ok(is_held)
}

/// Finishes a shard; `false` when it is somebody else's by now, and what was written is not its
/// output. The job stays open: whoever finds that nothing is left puts the whole together and then
/// says [`close`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn finish(app: &App, lease: &Lease, output: &ShardOutput) -> Result<bool, AppError> {
    let mut tx = app.db().begin().await?;
    let is_finished = ratecard::finish_in(&mut tx, lease, output).await?;
    tx.commit().await?;
    Ok(is_finished)
}

/// Gives a shard back after a failed try, to be taken again by anybody after some seconds; `false`
/// when it is somebody else's by now. A shard that was tried too often is given up; when nothing is
/// left besides, the job has failed and is closed.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn fail(
    app: &App,
    job: &Job,
    lease: &Lease,
    again_in_seconds: i64,
    error: &str,
) -> Result<bool, AppError> {
    let again_at = app.now().plus_seconds(again_in_seconds);
    let mut tx = app.db().begin().await?;
    let is_held = ratecard::fail_in(&mut tx, lease, job.attempts_max, again_at, error).await?;
    tx.commit().await?;
    // Whoever lost the shard has no say in how the job ends: it may be done but for the manifest.
    if is_held && ratecard::progress(app.db(), &job.id).await?.failed > 0 {
        close(app, &job.id).await?;
    }
    Ok(is_held)
}

/// Closes a job whose shards have all ended; `false` when some have not, or it was closed before.
/// A transaction of its own: two nodes that finish the last two shards at once must each see what
/// the other did.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn close(app: &App, job_id: &RowId) -> Result<bool, AppError> {
    let mut tx = app.db().begin().await?;
    let is_closed = ratecard::close_in(&mut tx, job_id, app.now()).await?;
    tx.commit().await?;
    Ok(is_closed)
}

/// Finds a job.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(app: &App, id: &str) -> Result<Option<Job>, AppError> {
    Ok(ratecard::load(app.db(), &RowId::new(id.to_owned())).await?)
}

/// An organisation's jobs, newest first, at most 1000.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(app: &App, org: &Organisation) -> Result<Vec<Job>, AppError> {
    Ok(ratecard::list(app.db(), org.lender_id(), LISTED).await?)
}

/// Jobs of any organisation that have work left, oldest first, at most 1000.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn open(app: &App) -> Result<Vec<Job>, AppError> {
    Ok(ratecard::open(app.db(), LISTED).await?)
}

/// Counts the shards of a job.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn progress(app: &App, job: &Job) -> Result<Progress, AppError> {
    Ok(ratecard::progress(app.db(), &job.id).await?)
}

/// What the finished shards of a job left behind, in order.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn outputs(app: &App, job: &Job) -> Result<Vec<ShardOutput>, AppError> {
    Ok(ratecard::outputs(app.db(), &job.id).await?)
}

/// Every shard of a job, in order.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn shards(app: &App, job: &Job) -> Result<Vec<ShardStatus>, AppError> {
    Ok(ratecard::shards(app.db(), &job.id).await?)
}
