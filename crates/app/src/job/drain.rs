//! Doing what is due, here and now: for tests and for commands that wait for it.

use lintel_domain::job::Queue;
use lintel_macros::boxed;
use lintel_store::fault::Fault;

use super::step;
use super::{Handlers, Job};
use crate::context::{App, within};

/// Jobs claimed at once.
const BATCH: u32 = 20;
/// Batches until it is taken for work that makes itself anew.
const BATCHES: u32 = 10_000;

/// Does everything that is due now, one after the other, until nothing is, and says how many attempts
/// that took. What is due later, such as a job that failed, stays.
///
/// # Errors
/// Any fault of the database; internal when there is no end to it.
#[boxed]
pub async fn drain(app: &App, handlers: &Handlers) -> Result<u64, Fault> {
    let worker = format!("drain-{}", app.code(12)?);
    let mut done = 0_u64;
    for _ in 0..BATCHES {
        let mut is_idle = true;
        for &queue in Queue::ALL {
            let claiming = step::claim(app, handlers, queue, &worker, BATCH);
            let claimed = within(step::STEP_LONGEST, "claiming jobs", claiming).await?;
            for claimed in claimed {
                let job = Job::read(claimed);
                let verdict = step::run(app, handlers, &job).await;
                step::note(app, handlers, &job, verdict).await;
                done = done.saturating_add(1);
                is_idle = false;
            }
        }
        if is_idle {
            return Ok(done);
        }
    }
    Err(Fault::internal("there is no end to the jobs that are due"))
}
