//! Forgetting searches whose 90 days are over.

use lintel_macros::boxed;
use std::time::Duration;

use lintel_store::fault::Fault;
use lintel_store::search;
use tokio::time::{Instant, MissedTickBehavior, sleep};

use crate::context::{App, within};

/// Time between two sweeps.
const EVERY: Duration = Duration::from_secs(60);
/// Searches forgotten in one transaction: a few hundredths of a second's work.
const ROWS: u32 = 1000;
/// How long one may take.
const LONGEST: Duration = Duration::from_secs(30);
/// Shortest pause between two transactions. `SQLite` has one writer, and searches want to be stored.
const PAUSE: Duration = Duration::from_millis(20);

/// Sweeps for as long as the process lives.
pub(super) async fn keep_sweeping(app: &App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Once a minute at most, so it may be said each time.
        if let Err(fault) = sweep(app).await {
            tracing::warn!(error = fault.chain(), "old searches could not be forgotten");
        }
    }
}

/// Forgets every search whose time is over, the oldest first, a thousand at a time. It rests as long
/// as it works, so that at most half of a single writer's time is its own: that is some ten thousand
/// searches a second, far more than are made.
///
/// # Errors
/// Any fault of the database; what was forgotten by then stays forgotten.
#[boxed]
pub async fn sweep(app: &App) -> Result<(), Fault> {
    loop {
        let began = Instant::now();
        let swept = within(LONGEST, "forgetting searches", round(app)).await?;
        if swept < u64::from(ROWS) {
            return Ok(());
        }
        sleep(began.elapsed().max(PAUSE)).await;
    }
}

async fn round(app: &App) -> Result<u64, Fault> {
    let mut tx = app.db().begin().await?;
    let swept = search::sweep_in(&mut tx, app.now(), ROWS).await?;
    tx.commit().await?;
    Ok(swept)
}
