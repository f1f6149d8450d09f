//! Forgetting sessions, links and failed attempts whose time is over.

use lintel_macros::boxed;
use std::time::Duration;

use lintel_domain::intermediary::PARTNER_IDLE_SECONDS;
use lintel_store::fault::Fault;
use lintel_store::{link, partner_session, session, throttle};
use tokio::time::{MissedTickBehavior, sleep};

use crate::context::{App, within};
use crate::sign_in::FORGET_FAILURES_SECONDS;

/// Time between two sweeps.
const EVERY: Duration = Duration::from_secs(60);
/// Rows of a table forgotten in one transaction.
const ROWS: u32 = 500;
/// How long one may take.
const LONGEST: Duration = Duration::from_secs(30);
/// Pause between two transactions: `SQLite` has one writer, and others want it.
const PAUSE: Duration = Duration::from_millis(20);

/// Sweeps for as long as the process lives.
#[boxed]
pub async fn keep_sweeping(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Once a minute at most, so it may be said each time.
        if let Err(fault) = sweep(&app).await {
            tracing::warn!(
                error = fault.chain(),
                "old sessions and links could not be forgotten"
            );
        }
    }
}

/// Forgets everything whose time is over, the oldest first, some hundreds at a time.
///
/// # Errors
/// Any fault of the database; what was forgotten by then stays forgotten.
#[boxed]
pub async fn sweep(app: &App) -> Result<(), Fault> {
    while within(LONGEST, "forgetting sessions", round(app)).await? >= u64::from(ROWS) {
        sleep(PAUSE).await;
    }
    Ok(())
}

/// The most that one of the tables had to forget.
async fn round(app: &App) -> Result<u64, Fault> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let sessions = session::sweep_in(&mut tx, now, ROWS).await?;
    let links = link::sweep_in(&mut tx, now, ROWS).await?;
    let before = now.plus_seconds(-FORGET_FAILURES_SECONDS);
    let failures = throttle::sweep_in(&mut tx, before, ROWS).await?;
    let idle = now.plus_seconds(-PARTNER_IDLE_SECONDS);
    let partners = partner_session::sweep_in(&mut tx, idle, ROWS).await?;
    tx.commit().await?;
    Ok(sessions.max(links).max(failures).max(partners))
}
