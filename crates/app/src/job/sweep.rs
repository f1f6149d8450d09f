//! Forgets what was kept long enough.

use lintel_macros::boxed;
use std::sync::Arc;
use std::time::Duration;

use lintel_domain::job::{JobKind, JobState};
use lintel_store::fault::Fault;
use lintel_store::{idempotency, job};
use tokio::time::sleep;

use super::{BoxFuture, Handler, Handlers, Job, Verdict};
use crate::context::App;

/// Seconds a job that was done is kept: a day, to be looked at.
const DONE_SECONDS: i64 = 24 * 3600;
/// Seconds a job that was given up is kept: 90 days, to be tried again.
const DEAD_SECONDS: i64 = 90 * 86_400;
/// Seconds the catcher's messages are kept: a week.
const CAUGHT_SECONDS: i64 = 7 * 86_400;
/// Seconds an invitation to apply is remembered as sent: an hour, six times what is asked for.
const INVITED_SECONDS: i64 = 3600;
/// Seconds an answer is told again under its idempotency key: a day.
const ANSWERED_SECONDS: i64 = 86_400;
/// Rows forgotten in one transaction.
const ROWS: u32 = 500;
/// Pause between two transactions: `SQLite` has one writer, and others want it.
const PAUSE: Duration = Duration::from_millis(20);

/// The handler of `house.sweep`.
#[must_use]
pub fn handlers() -> Handlers {
    Handlers::new().with(JobKind::Sweep, Arc::new(Sweep))
}

struct Sweep;

impl Handler for Sweep {
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Verdict> {
        Box::pin(async {
            match sweep(app).await {
                Ok(()) => Verdict::Done,
                Err(fault) => fault.into(),
            }
        })
    }
}

/// Forgets everything whose time is over, the oldest first, some hundreds at a time.
///
/// # Errors
/// Any fault of the database; what was forgotten by then stays forgotten.
#[boxed]
pub async fn sweep(app: &App) -> Result<(), Fault> {
    while round(app).await? >= u64::from(ROWS) {
        sleep(PAUSE).await;
    }
    Ok(())
}

/// The most that one of the tables had to forget.
async fn round(app: &App) -> Result<u64, Fault> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let before = now.plus_seconds(-DONE_SECONDS);
    let done = job::sweep_in(&mut tx, JobState::Done, before, ROWS).await?;
    let before = now.plus_seconds(-DEAD_SECONDS);
    let dead = job::sweep_in(&mut tx, JobState::Dead, before, ROWS).await?;
    let before = now.plus_seconds(-CAUGHT_SECONDS);
    let caught = job::sweep_caught_in(&mut tx, before, ROWS).await?;
    let before = now.plus_seconds(-INVITED_SECONDS);
    let invited = job::sweep_invited_in(&mut tx, before, ROWS).await?;
    let before = now.plus_seconds(-ANSWERED_SECONDS);
    let answered = idempotency::sweep_in(&mut tx, before, ROWS).await?;
    tx.commit().await?;
    Ok(done.max(dead).max(caught).max(invited).max(answered))
}
