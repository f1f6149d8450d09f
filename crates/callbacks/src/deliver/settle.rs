//! What came of an attempt, and who is next.
//!
//! What is held is held in the order of `docs/adr/0019-callbacks.md`.

use lintel_app::context::App;
use lintel_app::job::{Job, Verdict};
use lintel_domain::callback::{AttemptOutcome, DeliveryState, FAILING_DAYS, OffReason};
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_store::callback::attempt::{self, Attempt};
use lintel_store::callback::event::{self, StoredEvent};
use lintel_store::callback::{self, StoredCallback};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;

use super::off;
use crate::office::Office;
use crate::port::Reply;
use crate::tell::go_on_in;

/// An attempt that was made.
pub(super) struct Attempted<'a> {
    pub event: &'a StoredEvent,
    pub registration: &'a StoredCallback,
    pub began_at: Instant,
    pub reply: &'a Reply,
}

/// Ends the job of an event that is over, and goes on with the subject's next.
pub(super) async fn pass_on(app: &App, job: &Job, event: &StoredEvent) -> Result<Verdict, Fault> {
    let mut tx = app.db().begin().await?;
    event::hold_in(&mut tx, &event.org_id, &event.subject).await?;
    let now = event::load_in(&mut tx, &event.org_id, &event.id).await?;
    if now.is_some_and(|event| event.state.is_open()) {
        // It is to be delivered once more, and this is the job for it.
        return Ok(again_soon(app));
    }
    go_on_in(app, &mut tx, &event.org_id, &event.subject).await?;
    finish(app, tx, job).await?;
    Ok(Verdict::Noted)
}

/// Looks at an event anew that changed since it was read: its only job must not end.
fn again_soon(app: &App) -> Verdict {
    Verdict::Later(app.now().plus_seconds(1))
}

/// Drops an event nobody wants to be told any more.
pub(super) async fn drop_it(app: &App, job: &Job, event: &StoredEvent) -> Result<Verdict, Fault> {
    let mut tx = app.db().begin().await?;
    event::hold_in(&mut tx, &event.org_id, &event.subject).await?;
    if !event::close_in(&mut tx, event, false, DeliveryState::Dropped, app.now()).await? {
        return Ok(again_soon(app));
    }
    go_on_in(app, &mut tx, &event.org_id, &event.subject).await?;
    finish(app, tx, job).await?;
    Ok(Verdict::Noted)
}

/// Whether an earlier event of the subject still waits: then that one has its turn, and this one's job
/// is over until it has its own.
pub(super) async fn is_behind(app: &App, job: &Job, event: &StoredEvent) -> Result<bool, Fault> {
    // Mostly there is nothing before it. What was first stays it until it is over.
    let head = event::head(app.db(), &event.org_id, &event.subject).await?;
    if head.is_some_and(|(id, _)| id == event.id) {
        return Ok(false);
    }
    let mut tx = app.db().begin().await?;
    event::hold_in(&mut tx, &event.org_id, &event.subject).await?;
    let head = event::head_in(&mut tx, &event.org_id, &event.subject).await?;
    if head.is_none_or(|(id, _)| id == event.id) {
        return Ok(false);
    }
    go_on_in(app, &mut tx, &event.org_id, &event.subject).await?;
    finish(app, tx, job).await?;
    Ok(true)
}

/// Ends the job with what was written; `false` when it is another worker's by now, and nothing is.
async fn finish(app: &App, mut tx: Tx, job: &Job) -> Result<bool, Fault> {
    let is_ours = job.done_in(app, &mut tx).await?;
    if is_ours {
        tx.commit().await?;
    }
    Ok(is_ours)
}

/// Notes what came of an attempt.
pub(super) async fn settle(
    app: &App,
    office: &Office,
    job: &Job,
    attempted: &Attempted<'_>,
) -> Result<Verdict, Fault> {
    let off_because = match attempted.reply.outcome {
        AttemptOutcome::Delivered => None,
        AttemptOutcome::Gone => Some(OffReason::Gone),
        AttemptOutcome::Refused
        | AttemptOutcome::TimedOut
        | AttemptOutcome::Unreachable
        | AttemptOutcome::Untrusted
        | AttemptOutcome::NotPublic
        | AttemptOutcome::NotHttp => has_failed_long(app, attempted).then_some(OffReason::Failing),
    };
    if let Some(why) = off_because {
        let (event, registration) = (attempted.event, attempted.registration);
        let mut tx = app.db().begin().await?;
        // With everything else that waits: what is sent to such an address is sent in vain.
        if off::switch_off_in(app, &mut tx, event, registration, why).await? {
            let (verdict, is_noted) = note(app, tx, job, attempted, None).await?;
            if is_noted {
                let (kind, why) = (event.kind.as_str(), why.as_str());
                tracing::warn!(callback = %registration.id, kind, why, "a callback was switched off");
            }
            return Ok(verdict);
        }
        // It was changed meanwhile: to whoever is told now, this was one failure.
    }
    let next = if attempted.reply.outcome == AttemptOutcome::Delivered {
        None
    } else {
        next_at(app, office, attempted.event)?
    };
    let tx = app.db().begin().await?;
    let (verdict, _) = note(app, tx, job, attempted, next).await?;
    Ok(verdict)
}

fn has_failed_long(app: &App, attempted: &Attempted<'_>) -> bool {
    let since = attempted.registration.failing_since;
    since.is_some_and(|since| since.plus_seconds(FAILING_DAYS * DAY_SECONDS) <= app.now())
}

/// When to try again; `None` when that was the last attempt.
fn next_at(app: &App, office: &Office, event: &StoredEvent) -> Result<Option<Instant>, Fault> {
    let mut random = [0_u8; 2];
    app.rng().fill(&mut random)?;
    let wait = office.rules().wait(event.tries.saturating_add(1), random);
    Ok(wait.map(|wait| super::after(app.now(), wait)))
}

/// Notes an attempt and what follows from it, and ends the transaction. The second value says whether
/// anything was written.
async fn note(
    app: &App,
    mut tx: Tx,
    job: &Job,
    attempted: &Attempted<'_>,
    next: Option<Instant>,
) -> Result<(Verdict, bool), Fault> {
    let Attempted {
        event,
        registration,
        began_at,
        reply,
    } = attempted;
    let (org_id, now) = (&event.org_id, app.now());
    let is_delivered = reply.outcome == AttemptOutcome::Delivered;
    if is_delivered {
        callback::succeeded_in(&mut tx, org_id, registration).await?;
    } else {
        callback::failed_in(&mut tx, org_id, registration, now).await?;
    }
    event::hold_in(&mut tx, org_id, &event.subject).await?;
    let noted = match next {
        Some(next) => event::again_in(&mut tx, event, next).await?,
        None if is_delivered => {
            event::close_in(&mut tx, event, true, DeliveryState::Delivered, now).await?
        }
        None => event::close_in(&mut tx, event, true, DeliveryState::Dead, now).await?,
    };
    if !noted {
        let now = event::load_in(&mut tx, org_id, &event.id).await?;
        if now.is_some_and(|now| now.state.is_open()) {
            // A worker whose lease ran out counted an attempt meanwhile.
            return Ok((again_soon(app), false));
        }
    }
    // What was dropped in between has had this attempt all the same.
    let number = event.attempts.saturating_add(1);
    let attempt = Attempt {
        number,
        at: *began_at,
        status: reply.status,
        millis: reply.millis(),
        outcome: reply.outcome,
    };
    attempt::insert_in(&mut tx, org_id, &event.id, &attempt).await?;
    if let Some(next) = next
        && noted
    {
        tx.commit().await?;
        return Ok((Verdict::Later(next), true));
    }
    go_on_in(app, &mut tx, org_id, &event.subject).await?;
    Ok((Verdict::Noted, finish(app, tx, job).await?))
}
