//! How callbacks are doing as a whole, and forgetting those that are long over.

use lintel_macros::boxed;
use std::time::Duration;

use lintel_app::context::App;
use lintel_domain::id::DAY_SECONDS;
use lintel_store::callback::count::{self, Counts};
use lintel_store::fault::Fault;
use tokio::time::{MissedTickBehavior, sleep};

/// Days an event is kept after it was over: so long it can be looked at and delivered again.
pub const KEPT_DAYS: i64 = 30;
/// Time between two sweeps.
const EVERY: Duration = Duration::from_secs(3600);
/// Events forgotten in one transaction.
const ROWS: u32 = 200;
/// Pause between two transactions: `SQLite` has one writer, and others want it.
const PAUSE: Duration = Duration::from_millis(20);

/// Sweeps for as long as the process lives.
#[boxed]
pub async fn keep_sweeping(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(fault) = sweep(&app).await {
            let error = fault.chain();
            tracing::warn!(error, "old callbacks could not be forgotten");
        }
    }
}

/// Forgets events that were over for [`KEPT_DAYS`], the oldest first, some hundreds at a time, and the
/// queues of subjects that have none left.
///
/// # Errors
/// Any fault of the database; what was forgotten by then stays forgotten.
#[boxed]
pub async fn sweep(app: &App) -> Result<(), Fault> {
    let before = app.now().plus_seconds(-KEPT_DAYS * DAY_SECONDS);
    loop {
        let mut tx = app.db().begin().await?;
        let gone = count::sweep_in(&mut tx, before, ROWS).await?;
        tx.commit().await?;
        if gone < u64::from(ROWS) {
            break;
        }
        sleep(PAUSE).await;
    }
    sweep_queues(app).await
}

/// Each in a transaction of its own: two queues are held by nobody at once who did not hold both
/// subjects before.
async fn sweep_queues(app: &App) -> Result<(), Fault> {
    let mut last = None;
    loop {
        let empty = count::empty_queues(app.db(), last.as_ref(), ROWS).await?;
        for (org_id, subject) in &empty {
            let mut tx = app.db().begin().await?;
            count::forget_queue_in(&mut tx, org_id, subject).await?;
            tx.commit().await?;
        }
        if u32::try_from(empty.len()).is_ok_and(|len| len < ROWS) {
            return Ok(());
        }
        last = empty.last().cloned();
        sleep(PAUSE).await;
    }
}

/// Sets the gauges: events that wait, the age of the oldest of them, events that were given up.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn measure(app: &App) -> Result<(), Fault> {
    let counts = counts(app).await?;
    let small = |n: i64| f64::from(u32::try_from(n.max(0)).unwrap_or(u32::MAX));
    let now = app.now().seconds();
    let age = counts
        .oldest
        .map_or(0, |at| now.saturating_sub(at.seconds()));
    metrics::gauge!("lintel_callbacks_waiting").set(small(counts.waiting));
    metrics::gauge!("lintel_callbacks_oldest_seconds").set(small(age));
    metrics::gauge!("lintel_callbacks_dead").set(small(counts.dead));
    Ok(())
}

/// How callbacks are doing, counted to 10,001 at most.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn counts(app: &App) -> Result<Counts, Fault> {
    count::counts(app.db()).await
}
