//! The workers of one process: they claim, do and note jobs until the process stops.

use lintel_macros::boxed;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use lintel_domain::job::{JobKind, Queue};
use lintel_store::fault::Fault;
use lintel_store::job::{self, Claimed};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::held::{End, Held, Place, keep_beating, lease_end};
use super::step::{self, Outcome, STEP_LONGEST};
use super::{Handlers, Job, Verdict, schedule};
use crate::context::{App, within};

/// Jobs claimed at once, at most.
const BATCH_MAX: usize = 100;
/// How long jobs that were told to stop may take to say so.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// How often things are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Time between two looks into an idle queue.
    pub poll: Duration,
    /// Time between two heart-beats, and how long one may take: a lease outlasts three of them.
    pub beat: Duration,
    /// Time between two looks at the schedules.
    pub clock: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(500),
            beat: Duration::from_secs(15),
            clock: Duration::from_secs(2),
        }
    }
}

/// Hears of each attempt that ended: the kind, what came of it, and how long it took.
pub type Told = Arc<dyn Fn(JobKind, Outcome, Duration) + Send + Sync>;

/// The workers of one process.
pub struct Runner {
    app: App,
    handlers: Handlers,
    workers: usize,
    pace: Pace,
    told: Told,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("workers", &self.workers)
            .field("handlers", &self.handlers)
            .finish_non_exhaustive()
    }
}

/// What every task of one runner shares.
struct Shared {
    app: App,
    handlers: Handlers,
    workers: usize,
    pace: Pace,
    told: Told,
    worker: String,
    held: Arc<Held>,
}

impl Runner {
    /// Workers for these kinds of jobs, so many in each queue; with none, [`Runner::run`] only waits
    /// for its end.
    #[must_use]
    pub fn new(app: App, handlers: Handlers, workers: usize) -> Self {
        Self {
            app,
            handlers,
            workers,
            pace: Pace::default(),
            told: Arc::new(|_, _, _| ()),
        }
    }

    /// At another pace.
    #[must_use]
    pub const fn paced(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Tells somebody of each attempt that ended.
    #[must_use]
    pub fn telling(mut self, told: Told) -> Self {
        self.told = told;
        self
    }

    /// Works until `stop` says so (or its sender is gone). Then nothing more is claimed; what is
    /// under way may finish within `drain`, what was claimed and not begun is given back at once,
    /// and what is not done in time is put back for another node.
    ///
    /// # Errors
    /// When there is no name to be had for the worker.
    #[boxed]
    pub async fn run(self, mut stop: watch::Receiver<bool>, drain: Duration) -> Result<(), Fault> {
        if self.workers == 0 {
            let _ = stop.wait_for(|stop| *stop).await;
            return Ok(());
        }
        let shared = Arc::new(Shared {
            worker: format!("{}-{}", std::process::id(), self.app.code(10)?),
            app: self.app,
            handlers: self.handlers,
            workers: self.workers,
            pace: self.pace,
            told: self.told,
            held: Arc::default(),
        });
        let queues = Queue::ALL.iter().copied();
        let queues = queues.filter(|queue| !shared.handlers.kinds(*queue).is_empty());
        let work = queues.map(|queue| keep_working(&shared, queue, stop.clone(), drain));
        tokio::select! {
            _ = join_all(work) => {}
            // Neither of these ends; both go on while the last jobs finish.
            () = keep_beating(&shared.app, &shared.held, &shared.worker, shared.pace) => {}
            () = schedule::keep_firing(&shared.app, &shared.handlers, shared.pace, stop.clone()) => {}
        }
        Ok(())
    }
}

/// A job that waits in this process for a worker; its lease is kept alive meanwhile.
type Waiting = VecDeque<(Claimed, Place)>;

async fn keep_working(
    shared: &Arc<Shared>,
    queue: Queue,
    mut stop: watch::Receiver<bool>,
    drain: Duration,
) {
    let mut running = JoinSet::new();
    let mut waiting = Waiting::new();
    let (mut next_look, mut is_failing) = (Instant::now(), false);
    while !*stop.borrow() {
        while running.len() < shared.workers
            && let Some((claimed, place)) = waiting.pop_front()
        {
            running.spawn(work(Arc::clone(shared), claimed, place));
        }
        let may_claim = waiting.is_empty();
        if may_claim && next_look <= Instant::now() {
            let room = shared
                .workers
                .saturating_mul(2)
                .saturating_sub(running.len());
            let room = room.clamp(1, BATCH_MAX);
            match fetch(shared, queue, room).await {
                Ok(more) => {
                    if is_failing {
                        tracing::info!(%queue, "jobs are taken from the database again");
                    }
                    is_failing = false;
                    // A full batch: there is more where that came from.
                    if more.len() < room {
                        next_look = Instant::now() + shared.pace.poll;
                    }
                    waiting.extend(more);
                }
                Err(fault) => {
                    if !is_failing {
                        let error = fault.chain();
                        tracing::error!(%queue, error, "jobs cannot be taken from the database");
                    }
                    is_failing = true;
                    next_look = Instant::now() + shared.pace.poll.saturating_mul(4);
                }
            }
            if !waiting.is_empty() && running.len() < shared.workers {
                continue;
            }
        }
        tokio::select! {
            Some(ended) = running.join_next() => hear(ended),
            stopped = stop.wait_for(|stop| *stop) => {
                // Without anybody to say it, it is said.
                drop(stopped);
                break;
            }
            // Whatever the clock says by now: with nobody waiting, the next round looks again.
            () = sleep_until(next_look), if waiting.is_empty() => {}
        }
    }
    give_back(shared, waiting).await;
    finish(shared, queue, running, drain).await;
}

async fn fetch(shared: &Arc<Shared>, queue: Queue, room: usize) -> Result<Waiting, Fault> {
    let started = Instant::now();
    let limit = u32::try_from(room).unwrap_or(u32::MAX);
    let (app, worker) = (&shared.app, shared.worker.as_str());
    let claiming = step::claim(app, &shared.handlers, queue, worker, limit);
    let claimed = within(STEP_LONGEST, "claiming jobs", claiming).await?;
    let until = lease_end(started);
    let take = |claimed: Claimed| {
        let place = shared.held.take(&claimed, until);
        (claimed, place)
    };
    Ok(claimed.into_iter().map(take).collect())
}

/// Does one job, unless it has to be let go meanwhile.
async fn work(shared: Arc<Shared>, claimed: Claimed, mut place: Place) {
    let started = Instant::now();
    let job = Job::read(claimed);
    let (app, handlers) = (&shared.app, &shared.handlers);
    let verdict = tokio::select! {
        biased;
        end = &mut place.end => match end {
            // That is not the job's fault, and must not cost it an attempt, let alone its last.
            Ok(End::Stopped) => Some(Verdict::Later(app.now().plus_seconds(1))),
            Ok(End::Lost) | Err(_) => None,
        },
        verdict = step::run(app, handlers, &job) => Some(verdict),
    };
    let outcome = match verdict {
        Some(verdict) => step::note(app, handlers, &job, verdict).await,
        None => {
            tracing::warn!(job = %job.id, kind = %job.kind, "the lease of a job was lost");
            Outcome::Lost
        }
    };
    (shared.told)(job.kind, outcome, started.elapsed());
}

fn hear(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        // Handlers' panics are caught before; the lease brings the job back.
        tracing::error!("noting a job panicked");
    }
}

async fn give_back(shared: &Shared, waiting: Waiting) {
    if waiting.is_empty() {
        return;
    }
    let giving = async {
        let mut tx = shared.app.db().begin().await?;
        let now = shared.app.now();
        let mut jobs: Vec<&Claimed> = waiting.iter().map(|(claimed, _)| claimed).collect();
        jobs.sort_by(|a, b| a.id.cmp(&b.id));
        for claimed in jobs {
            job::give_back_in(&mut tx, claimed, now).await?;
        }
        tx.commit().await
    };
    if let Err(fault) = within(STEP_LONGEST, "giving jobs back", giving).await {
        let error = fault.chain();
        tracing::warn!(
            error,
            "jobs not begun could not be given back; their leases will end"
        );
    }
}

async fn finish(shared: &Shared, queue: Queue, mut running: JoinSet<()>, drain: Duration) {
    let all = async {
        while let Some(ended) = running.join_next().await {
            hear(ended);
        }
    };
    if timeout(drain, all).await.is_ok() {
        return;
    }
    tracing::warn!(%queue, jobs = running.len(), "some jobs did not finish in time");
    shared.held.stop();
    let all = async { while running.join_next().await.is_some() {} };
    // Whoever cannot even say that loses the lease, and another node takes over.
    let _ = timeout(LAST_WORDS, all).await;
}
