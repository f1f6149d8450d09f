//! One step of a job: claimed, run, and what came of it noted.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use lintel_domain::id::Instant;
use lintel_domain::job::Queue;
use lintel_store::fault::Fault;
use lintel_store::job::{self, Claim, Claimed};

use super::{Handlers, Job, Verdict, rules};
use crate::context::{App, within};

/// How long a claimed job is its worker's without a further word, in seconds.
pub(super) const LEASE_SECONDS: i64 = 60;
/// How long a step in the database may take: well below a lease.
pub(super) const STEP_LONGEST: Duration = Duration::from_secs(20);
/// The farthest a job may be put off, in seconds: 31 days.
const FARTHEST_SECONDS: i64 = 31 * 86_400;
/// Why a job is given up whose worker was never heard of again.
const LOST: &str = "its worker stopped without a word, on the last attempt";

/// What came of one attempt, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Failed, to be tried again.
    Retried,
    /// Not its turn yet.
    PutOff,
    /// Given up.
    Dead,
    /// Another node's by now, or it could not be noted: somebody will do it again.
    Lost,
}

impl Outcome {
    /// The word in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::PutOff => "put_off",
            Self::Dead => "dead",
            Self::Lost => "lost",
        }
    }
}

/// Claims jobs of a queue that are due. Looks first without a lock: mostly there is nothing.
pub(super) async fn claim(
    app: &App,
    handlers: &Handlers,
    queue: Queue,
    worker: &str,
    limit: u32,
) -> Result<Vec<Claimed>, Fault> {
    let (kinds, now) = (handlers.kinds(queue), app.now());
    if kinds.is_empty() || !job::is_due(app.db(), queue, &kinds, now).await? {
        return Ok(Vec::new());
    }
    let mut tx = app.db().begin().await?;
    // After the wait for the one writer, or the lease would be shorter than promised.
    let now = app.now();
    let claim = Claim {
        queue,
        kinds: &kinds,
        worker,
        limit,
        now,
        lease_until: now.plus_seconds(LEASE_SECONDS),
    };
    let claimed = job::claim_in(&mut tx, &claim).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Runs a claimed job; what its handler says of it. A handler that panics, or takes too long, has
/// failed this attempt and no more.
pub(super) async fn run(app: &App, handlers: &Handlers, job: &Job) -> Verdict {
    let rule = rules::of(job.kind);
    if job.attempt > rule.attempts {
        return Verdict::fail(LOST);
    }
    let Some(handler) = handlers.of(job.kind) else {
        // Claims name the kinds handled here, so this is nobody's fault but ours.
        return Verdict::retry("no handler for this kind of job");
    };
    // Nothing of the handler is looked at again after a panic.
    let running = AssertUnwindSafe(async { handler.run(app, job).await }).catch_unwind();
    match tokio::time::timeout(rule.longest, running).await {
        Ok(Ok(verdict)) => verdict,
        // Without the panic's own text: it may quote what it stumbled over.
        Ok(Err(_)) => Verdict::retry("the handler panicked"),
        Err(_) => Verdict::retry(format!("took longer than {} s", rule.longest.as_secs())),
    }
}

/// Notes what came of a job, and tries again when the database does not answer: the work is done and
/// would be done again.
pub(super) async fn note(app: &App, handlers: &Handlers, job: &Job, verdict: Verdict) -> Outcome {
    const TRIES: u32 = 3;
    for attempt in 1..=TRIES {
        let noting = note_once(app, handlers, job, &verdict);
        match within(STEP_LONGEST, "noting a job", noting).await {
            Ok(outcome) => {
                tell(job, &verdict, outcome);
                return outcome;
            }
            Err(fault) if attempt == TRIES => {
                let error = fault.chain();
                tracing::error!(
                    job = %job.id, kind = %job.kind, error,
                    "what came of a job could not be noted; it will be done again"
                );
                push_back(app, job, &verdict, &error).await;
            }
            Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
    Outcome::Lost
}

/// A job that cannot even be given up comes back after a long wait, not with the end of each lease.
async fn push_back(app: &App, job: &Job, verdict: &Verdict, why: &str) {
    if !matches!(verdict, Verdict::Retry { .. } | Verdict::Fail { .. }) {
        return;
    }
    let pushing = async {
        let wait = i64::try_from(rules::ceiling_seconds(job.attempt)).unwrap_or(i64::MAX);
        let mut tx = app.db().begin().await?;
        job::retry_in(&mut tx, &job.claimed, app.now().plus_seconds(wait), why).await?;
        tx.commit().await
    };
    // Otherwise the lease ends by itself.
    let _ = within(STEP_LONGEST, "putting a job back", pushing).await;
}

fn tell(job: &Job, verdict: &Verdict, outcome: Outcome) {
    let (id, kind, attempt) = (&job.id, job.kind, job.attempt);
    let why = match verdict {
        Verdict::Retry { why, .. } | Verdict::Fail { why } => for_log(why),
        Verdict::Done | Verdict::Noted | Verdict::Later(_) => "",
    };
    match outcome {
        Outcome::Done | Outcome::PutOff => {
            tracing::debug!(job = %id, %kind, attempt, "{}", outcome.as_str())
        }
        Outcome::Retried => {
            tracing::warn!(job = %id, %kind, attempt, why, "job failed, to be tried again")
        }
        Outcome::Dead => tracing::error!(job = %id, %kind, attempt, why, "job given up"),
        Outcome::Lost => {
            tracing::warn!(job = %id, %kind, attempt, "job is another worker's by now")
        }
    }
}

/// Of what another server answered, its codes: the words may say whom it was about.
fn for_log(why: &str) -> &str {
    let is_code = |c: char| c.is_ascii_digit() || matches!(c, '.' | ' ');
    let end = why.find(|c| !is_code(c)).unwrap_or(why.len());
    let code = why.get(..end).unwrap_or_default().trim();
    if code.len() < 3 { why } else { code }
}

async fn note_once(
    app: &App,
    handlers: &Handlers,
    job: &Job,
    verdict: &Verdict,
) -> Result<Outcome, Fault> {
    let claimed = &job.claimed;
    if *verdict == Verdict::Noted {
        return Ok(Outcome::Done);
    }
    let mut tx = app.db().begin().await?;
    let now = app.now();
    let (is_ours, outcome) = match verdict {
        Verdict::Done | Verdict::Noted => {
            (job::done_in(&mut tx, claimed, now).await?, Outcome::Done)
        }
        Verdict::Later(at) => {
            let at = bounded(*at, now);
            let put_off = job::give_back_in(&mut tx, claimed, at).await?;
            (put_off, Outcome::PutOff)
        }
        Verdict::Retry { why, after } if !job.is_last => {
            let at = now.plus_seconds(wait_seconds(app, job.attempt, *after)?);
            let noted = job::retry_in(&mut tx, claimed, at, why).await?;
            (noted, Outcome::Retried)
        }
        Verdict::Retry { why, .. } | Verdict::Fail { why } => {
            let handler = handlers.of(job.kind);
            if let Some(handler) = handler {
                let holding = async { handler.before_given_up_in(app, &mut tx, job).await };
                caught(holding).await?;
            }
            let buried = job::bury_in(&mut tx, claimed, now, why).await?;
            if buried && let Some(handler) = handler {
                let giving_up = async { handler.given_up_in(app, &mut tx, job, why).await };
                caught(giving_up).await?;
            }
            (buried, Outcome::Dead)
        }
    };
    if !is_ours {
        return Ok(Outcome::Lost);
    }
    tx.commit().await?;
    Ok(outcome)
}

/// What a handler does while its job is given up; a panic in it is a fault.
async fn caught(giving_up: impl Future<Output = Result<(), Fault>>) -> Result<(), Fault> {
    let caught = AssertUnwindSafe(giving_up).catch_unwind().await;
    caught.map_err(|_| Fault::internal("the handler panicked while giving up"))?
}

/// Not at once, or a job could go round and round; and not in another age.
fn bounded(at: Instant, now: Instant) -> Instant {
    at.clamp(now.plus_seconds(1), now.plus_seconds(FARTHEST_SECONDS))
}

fn wait_seconds(app: &App, attempt: u32, after: Option<Duration>) -> Result<i64, Fault> {
    let mut random = [0_u8; 8];
    app.rng().fill(&mut random)?;
    let seconds = after.map_or_else(
        || rules::wait_seconds(attempt, random),
        |after| after.as_secs().clamp(1, rules::LONGEST_WAIT_SECONDS),
    );
    Ok(i64::try_from(seconds).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_codes_and_our_own_words_only() {
        assert_eq!(for_log("550 5.1.1 Joe Borrower has left"), "550 5.1.1");
        assert_eq!(for_log("451"), "451");
        assert_eq!(for_log("took longer than 3 s"), "took longer than 3 s");
        assert_eq!(for_log(""), "");
    }
}
