//! Looking for changes other nodes made, and forgetting old searches.

use std::time::Duration;

use lintel_store::catalogue;
use lintel_store::fault::Fault;
use lintel_store::search;
use tokio::time::MissedTickBehavior;

use crate::context::App;

/// Time between two looks.
const EVERY: Duration = Duration::from_millis(250);
/// Looks between two sweeps of old searches: a minute's worth.
const SWEEP_EVERY: u32 = 240;
/// Searches forgotten in one transaction.
const SWEEP_ROWS: u32 = 1000;
/// Transactions of one sweep, so that a mountain of old searches does not hold up the looking.
const SWEEP_ROUNDS: u32 = 20;

/// Looks for changes for as long as the process lives. A fault is logged when it begins and when it
/// ends, and stops nothing: meanwhile prices are quoted from the books this node has.
pub async fn watch(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    let mut until_sweep = SWEEP_EVERY;
    loop {
        ticks.tick().await;
        let result = poll(&app).await;
        until_sweep = until_sweep.saturating_sub(1);
        if until_sweep == 0 {
            until_sweep = SWEEP_EVERY;
            // Once a minute at most, so it may be said each time.
            if let Err(fault) = sweep(&app).await {
                tracing::warn!(error = fault.chain(), "old searches could not be forgotten");
            }
        }
        match (&result, is_failing) {
            (Err(fault), false) => {
                tracing::error!(
                    error = fault.chain(),
                    "looking for price changes fails; quoting goes on with the last known prices"
                );
            }
            (Ok(()), true) => tracing::info!("looking for price changes works again"),
            (Err(_), true) | (Ok(()), false) => {}
        }
        is_failing = result.is_err();
    }
}

/// Looks once: swaps every book that is not the newest any more. One organisation's fault does not
/// keep the others waiting.
///
/// # Errors
/// The first fault met, after every organisation was looked at.
pub async fn poll(app: &App) -> Result<(), Fault> {
    let held = app.shelf().held(app.now());
    if held.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = held.iter().map(|(org_id, ..)| org_id.clone()).collect();
    let heads = catalogue::heads(app.db(), &ids).await?;
    let mut result = Ok(());
    for (org_id, generation, is_current) in held {
        let newest = heads.iter().find(|(id, _)| *id == org_id);
        let is_behind = newest.is_some_and(|(_, head)| head.generation != generation);
        if is_behind || !is_current {
            result = result.and(app.shelf().refresh(app, &org_id).await);
        }
    }
    result
}

/// Forgets searches whose 90 days are over: the oldest first, and at most some ten thousand.
///
/// # Errors
/// Any fault of the database.
pub async fn sweep(app: &App) -> Result<(), Fault> {
    for _ in 0..SWEEP_ROUNDS {
        let mut tx = app.db().begin().await?;
        let swept = search::sweep_in(&mut tx, app.now(), SWEEP_ROWS).await?;
        tx.commit().await?;
        if swept < u64::from(SWEEP_ROWS) {
            break;
        }
    }
    Ok(())
}
