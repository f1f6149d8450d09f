//! What the process does beside answering requests.

use std::sync::Arc;
use std::time::Duration;

use lintel_app::config::Config;
use lintel_app::context::App;
use lintel_app::job::{Handlers, JobKind, Outcome, Runner, sweep};
use lintel_store::fault::Fault;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::callbacks;

/// How much longer than its drain time the runner of jobs is waited for: its last words take a few
/// steps in the database.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// The tasks that live as long as the process does. Dropping them ends them.
#[derive(Debug)]
pub struct Background {
    tasks: JoinSet<()>,
    runner: JoinSet<()>,
    stop: watch::Sender<bool>,
    drain: Duration,
}

/// Starts what a server does beside answering requests: jobs, prices other nodes changed, forgetting.
///
/// # Errors
/// When the post office or the provider of text messages cannot be set up.
pub fn start(app: &App, config: &Config) -> Result<Background, Fault> {
    let mut background = start_worker(app, config)?;
    let tasks = &mut background.tasks;
    tasks.spawn(lintel_app::session::keep_sweeping(app.clone()));
    tasks.spawn(lintel_app::document::keep_sweeping(app.clone()));
    tasks.spawn(lintel_callbacks::keep_sweeping(app.clone()));
    Ok(background)
}

/// Starts what a process does that only works on jobs.
///
/// # Errors
/// As [`start`].
pub fn start_worker(app: &App, config: &Config) -> Result<Background, Fault> {
    let (stop, stopping) = watch::channel(false);
    let (mut tasks, mut runner) = (JoinSet::new(), JoinSet::new());
    // Other nodes' price changes reach this one through it.
    tasks.spawn(lintel_app::pricing::watch(app.clone()));
    let rules = config.jobs;
    // Partners' servers may be slow, many at once: they have workers of their own.
    let calling = rules
        .workers
        .min(1)
        .saturating_mul(config.callbacks.workers);
    for (handlers, workers) in [
        (most_handlers(app, config)?, rules.workers),
        (callback_handlers(config)?, calling),
    ] {
        let work = Runner::new(app.clone(), handlers, workers).telling(Arc::new(count));
        let stopping = stopping.clone();
        runner.spawn(async move {
            // On the heap: it is large, and one of its kind.
            if let Err(fault) = Box::pin(work.run(stopping, rules.drain)).await {
                tracing::error!(error = fault.chain(), "jobs are not worked on");
            }
        });
    }
    Ok(Background {
        tasks,
        runner,
        stop,
        drain: rules.drain,
    })
}

/// Who does which kind of job in this process.
///
/// # Errors
/// As [`start`].
pub fn handlers(app: &App, config: &Config) -> Result<Handlers, Fault> {
    Ok(most_handlers(app, config)?.and(callback_handlers(config)?))
}

fn callback_handlers(config: &Config) -> Result<Handlers, Fault> {
    Ok(lintel_callbacks::handlers(callbacks::office(config)?))
}

fn most_handlers(app: &App, config: &Config) -> Result<Handlers, Fault> {
    let (post, sms) = (
        lintel_post::open_post(config, app)?,
        lintel_post::open_sms(config, app)?,
    );
    let messages = lintel_app::message::handlers(post, sms);
    let ends = lintel_simulations::expire::handlers(vec![lintel_processes::proposal::ending]);
    let handlers = messages.and(sweep::handlers()).and(ends);
    Ok(handlers.with(JobKind::WatchesDue, lintel_watch::handler()))
}

fn count(kind: JobKind, outcome: Outcome, took: Duration) {
    let (kind, outcome) = (kind.as_str(), outcome.as_str());
    metrics::counter!("lintel_jobs_finished_total", "kind" => kind, "outcome" => outcome)
        .increment(1);
    metrics::histogram!("lintel_job_seconds", "kind" => kind).record(took.as_secs_f64());
}

impl Background {
    /// Has no further job claimed; what is under way goes on.
    pub fn begin_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Lets jobs under way finish within the drain time, then ends everything.
    pub async fn stop(mut self) {
        self.begin_stop();
        let ended = async { while self.runner.join_next().await.is_some() {} };
        if tokio::time::timeout(self.drain + LAST_WORDS, ended)
            .await
            .is_err()
        {
            tracing::warn!("the jobs under way did not end in time; their leases will");
        }
        self.runner.shutdown().await;
        self.tasks.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use lintel_app::config::Layers;
    use lintel_app::keys::KeyRing;
    use lintel_app::ports::{SystemClock, SystemRng};
    use lintel_rule_book::RuleBook;

    use super::*;

    #[test]
    fn every_kind_of_job_is_done_by_somebody() {
        lintel_testkit::on_sqlite(async |db| {
            let rng = Arc::new(SystemRng::default());
            let keys = KeyRing::in_memory(&*rng).expect("keys");
            let rules = RuleBook::embedded().expect("the rule book");
            let app = App::new(db, keys, Arc::new(SystemClock), rng, rules);
            let config = Layers::default().finish().expect("defaults");
            let handlers = handlers(&app, &config).expect("set up");
            for kind in JobKind::ALL {
                assert!(handlers.of(*kind).is_some(), "nobody does {kind}");
            }
        });
    }
}
