//! The jobs this process holds, and what keeps them its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lintel_domain::id::RowId;
use lintel_store::fault::Fault;
use lintel_store::job::{self, Claimed};
use tokio::sync::oneshot;
use tokio::time::{Instant, MissedTickBehavior};

use super::runner::Pace;
use super::step::LEASE_SECONDS;
use crate::context::{App, within};

/// Why somebody must let go of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is another node's by now, or may be any moment.
    Lost,
    /// The process stops.
    Stopped,
}

struct Hold {
    attempt: i64,
    until: Instant,
    end: Option<oneshot::Sender<End>>,
}

impl Hold {
    fn let_go(&mut self, end: End) {
        if let Some(sender) = self.end.take() {
            // Nobody listens any more when the job is just being finished.
            let _ = sender.send(end);
        }
    }
}

/// Everything claimed and not yet finished, whether somebody works on it or it waits for a worker.
#[derive(Default)]
pub(super) struct Held(Mutex<BTreeMap<RowId, Hold>>);

/// One job's place among those held; dropping it gives the place up.
pub(super) struct Place {
    held: Arc<Held>,
    id: RowId,
    attempt: i64,
    /// Speaks when the job must be let go.
    pub end: oneshot::Receiver<End>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut holds = self.held.holds();
        if holds
            .get(&self.id)
            .is_some_and(|h| h.attempt == self.attempt)
        {
            holds.remove(&self.id);
        }
    }
}

/// How long a lease taken at this instant lasts, by this process's own steady clock.
pub(super) fn lease_end(from: Instant) -> Instant {
    from + Duration::from_secs(LEASE_SECONDS.unsigned_abs())
}

impl Held {
    fn holds(&self) -> MutexGuard<'_, BTreeMap<RowId, Hold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a claimed job in. An older claim of the same job, which ran out unnoticed, is let go.
    pub fn take(self: &Arc<Self>, claimed: &Claimed, until: Instant) -> Place {
        let (sender, end) = oneshot::channel();
        let hold = Hold {
            attempt: claimed.attempt,
            until,
            end: Some(sender),
        };
        if let Some(mut older) = self.holds().insert(claimed.id.clone(), hold) {
            older.let_go(End::Lost);
        }
        Place {
            held: Arc::clone(self),
            id: claimed.id.clone(),
            attempt: claimed.attempt,
            end,
        }
    }

    /// Everything held, in the one order in which leases are moved on.
    fn ids(&self) -> Vec<RowId> {
        self.holds().keys().cloned().collect()
    }

    fn renew(&self, kept: &[RowId], lost: &[RowId], until: Instant) {
        let mut holds = self.holds();
        for id in kept {
            if let Some(hold) = holds.get_mut(id) {
                hold.until = hold.until.max(until);
            }
        }
        for id in lost {
            if let Some(hold) = holds.get_mut(id) {
                hold.let_go(End::Lost);
            }
        }
    }

    /// Lets go of jobs whose lease ran out because no heart-beat went through.
    fn expire(&self, now: Instant) {
        for hold in self.holds().values_mut().filter(|h| h.until <= now) {
            hold.let_go(End::Lost);
        }
    }

    /// Lets go of everything.
    pub fn stop(&self) {
        for hold in self.holds().values_mut() {
            hold.let_go(End::Stopped);
        }
    }
}

/// Moves the leases of everything held on, for as long as it is polled.
pub(super) async fn keep_beating(app: &App, held: &Held, worker: &str, pace: Pace) {
    let mut ticks = tokio::time::interval(pace.beat);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    loop {
        ticks.tick().await;
        let result = beat(app, held, worker, pace).await;
        match (&result, is_failing) {
            (Err(fault), false) => tracing::error!(
                error = fault.chain(),
                "the leases of jobs cannot be moved on"
            ),
            (Ok(()), true) => tracing::info!("the leases of jobs are moved on again"),
            (Err(_), true) | (Ok(()), false) => {}
        }
        is_failing = result.is_err();
        held.expire(Instant::now());
    }
}

async fn beat(app: &App, held: &Held, worker: &str, pace: Pace) -> Result<(), Fault> {
    let ids = held.ids();
    if ids.is_empty() {
        return Ok(());
    }
    let started = Instant::now();
    let lease_until = app.now().plus_seconds(LEASE_SECONDS);
    let beating = job::beat(app.db(), worker, &ids, lease_until);
    let lost = within(pace.beat, "moving leases on", beating).await?;
    let kept: Vec<RowId> = ids.into_iter().filter(|id| !lost.contains(id)).collect();
    held.renew(&kept, &lost, lease_end(started));
    Ok(())
}
