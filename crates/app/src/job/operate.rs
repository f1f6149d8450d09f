//! What an operator does with jobs.

use lintel_domain::id::RowId;
use lintel_domain::job::{JobKind, JobState};
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::job::{self, Filter, StoredJob};

use super::Handlers;
use crate::context::App;

/// Dead jobs opened again with one command, at most.
pub const RETRY_MAX: u32 = 10_000;
/// Jobs looked at in one step.
const PAGE: u32 = 500;

/// What became of a dead job an operator wanted to be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reopened {
    /// It is open.
    Yes,
    /// There is no such job.
    Unknown,
    /// It is not dead.
    NotDead,
    /// Another one with its key is open already.
    Taken,
}

/// Opens one dead job again as if it had never been tried; its handler prepares what it is about.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn retry(app: &App, handlers: &Handlers, id: &RowId) -> Result<Reopened, Fault> {
    let Some(stored) = job::load(app.db(), id).await? else {
        return Ok(Reopened::Unknown);
    };
    if stored.state != JobState::Dead {
        return Ok(Reopened::NotDead);
    }
    reopen(app, handlers, &stored).await
}

async fn reopen(app: &App, handlers: &Handlers, stored: &StoredJob) -> Result<Reopened, Fault> {
    let mut tx = app.db().begin().await?;
    let kind = JobKind::parse(&stored.kind);
    if let Some(handler) = kind.and_then(|kind| handlers.of(kind)) {
        let payload = serde_json::from_str(&stored.payload).unwrap_or_default();
        // First what the job is about, then the job, as everywhere: two that lock both in another
        // order would wait for each other. What is not opened after all is not prepared, either.
        handler.reopened_in(app, &mut tx, &payload).await?;
    }
    if !job::reopen_in(&mut tx, &stored.id, app.now()).await? {
        return Ok(Reopened::Taken);
    }
    tx.commit().await?;
    Ok(Reopened::Yes)
}

/// Opens every dead job again, or those of one kind, at most [`RETRY_MAX`]; how many.
///
/// # Errors
/// Any fault of the database; what was opened by then stays open.
#[boxed]
pub async fn retry_all(app: &App, handlers: &Handlers, kind: Option<&str>) -> Result<u32, Fault> {
    let (mut opened, mut after) = (0_u32, None);
    while opened < RETRY_MAX {
        let filter = Filter {
            state: JobState::Dead,
            queue: None,
            kind,
            after: after.as_ref(),
            limit: PAGE.min(RETRY_MAX - opened),
        };
        let page = job::list(app.db(), &filter).await?;
        let Some(last) = page.last() else { break };
        let next = last.place();
        for stored in &page {
            let outcome = reopen(app, handlers, stored).await?;
            opened += u32::from(outcome == Reopened::Yes);
        }
        after = Some(next);
    }
    Ok(opened)
}
