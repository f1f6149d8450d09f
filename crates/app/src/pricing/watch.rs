//! Looking for changes other nodes made.

use lintel_macros::boxed;
use std::collections::HashMap;
use std::time::Duration;

use lintel_domain::id::RowId;
use lintel_store::catalogue;
use lintel_store::fault::Fault;
use tokio::time::MissedTickBehavior;

use super::sweep;
use crate::context::{App, within};

/// Time between two looks.
const EVERY: Duration = Duration::from_millis(250);
/// Time until an organisation whose prices cannot be loaded is tried again: reading all of them four
/// times a second helps nobody.
const AGAIN: Duration = Duration::from_secs(5);
/// How long a look may take.
const LOOK_LONGEST: Duration = Duration::from_secs(10);
/// How long loading one organisation's prices may take.
pub(super) const LOAD_LONGEST: Duration = Duration::from_secs(20);

/// Looks for changes, and forgets old searches meanwhile, for as long as the process lives. A fault
/// is logged when it begins and when it ends, and stops nothing: meanwhile prices are quoted from the
/// books this node has.
#[boxed]
pub async fn watch(app: App) {
    // Side by side: neither waits for the other's database.
    tokio::join!(follow(&app), sweep::keep_sweeping(&app));
}

async fn follow(app: &App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut is_failing, mut failing) = (false, Failing::new());
    loop {
        ticks.tick().await;
        let result = look(app, &mut failing).await;
        match (&result, is_failing) {
            (Err(fault), false) => {
                tracing::error!(
                    error = fault.chain(),
                    "looking for price changes fails; quoting goes on with the last known prices"
                );
            }
            (Ok(_), true) => tracing::info!("looking for price changes works again"),
            (Err(_), true) | (Ok(_), false) => {}
        }
        is_failing = result.is_err();
    }
}

/// Organisations whose newest prices cannot be loaded, and when to try again.
type Failing = HashMap<RowId, tokio::time::Instant>;

/// Looks once: swaps every book that is not the newest any more. One organisation's fault does not
/// keep the others waiting.
///
/// # Errors
/// The first fault met, after every organisation was looked at.
#[boxed]
pub async fn poll(app: &App) -> Result<(), Fault> {
    look(app, &mut Failing::new()).await?.map_or(Ok(()), Err)
}

/// As [`poll`], but passes over organisations that failed a moment ago, and says when one begins or
/// ends to fail. An organisation's fault is the answer only when the look itself went well.
async fn look(app: &App, failing: &mut Failing) -> Result<Option<Fault>, Fault> {
    let held = app.shelf().held(app.now());
    failing.retain(|org_id, _| held.iter().any(|(id, ..)| id == org_id));
    if held.is_empty() {
        return Ok(None);
    }
    let ids: Vec<_> = held.iter().map(|(org_id, ..)| org_id.clone()).collect();
    let heads = catalogue::heads(app.db(), &ids);
    let heads = within(LOOK_LONGEST, "looking for price changes", heads).await?;
    let mut first = None;
    for (org_id, generation, is_current) in held {
        let newest = heads.iter().find(|(id, _)| *id == org_id);
        let is_behind = newest.is_some_and(|(_, head)| head.generation != generation);
        let now = tokio::time::Instant::now();
        let waits = failing.get(&org_id).is_some_and(|until| now < *until);
        if waits || (is_current && !is_behind) {
            continue;
        }
        let refreshing = app.shelf().refresh(app, &org_id);
        match within(LOAD_LONGEST, "loading prices", refreshing).await {
            Ok(()) => {
                if failing.remove(&org_id).is_some() {
                    tracing::info!(%org_id, "prices can be loaded again");
                }
            }
            Err(fault) => {
                if failing.insert(org_id.clone(), now + AGAIN).is_none() {
                    tracing::error!(
                        %org_id,
                        error = fault.chain(),
                        "the newest prices cannot be loaded; quoting goes on with older ones"
                    );
                }
                first.get_or_insert(fault);
            }
        }
    }
    Ok(first)
}
