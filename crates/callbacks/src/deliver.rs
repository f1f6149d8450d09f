//! Delivering: a job for the first event of a subject that waits.
//!
//! What is sent is made once, before the first attempt, and committed: whatever happens then, each
//! attempt sends the same bytes under the same id. The call is made outside any transaction; what came
//! of it, and the end of the job, are one.

mod off;
mod settle;

use std::sync::Arc;

use lintel_app::context::App;
use lintel_app::job::{BoxFuture, Handler, Handlers, Job, JobKind, Verdict};
use lintel_app::keys::Purpose;
use lintel_domain::callback::{DeliveryState, NotificationType};
use lintel_domain::id::{Instant, RowId};
use lintel_store::callback::event::{self, StoredEvent};
use lintel_store::callback::{self, StoredCallback, Whose};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use serde_json::{Value, json};

use crate::notice::Render;
use crate::office::{Office, jittered};
use crate::port::{Outgoing, Reply};
use crate::register::{secret_of, url_of};
use crate::target::Target;
use crate::tell::{Kept, go_on_in};

/// Who delivers callbacks.
#[must_use]
pub fn handlers(office: Office) -> Handlers {
    Handlers::new().with(JobKind::CallbackDeliver, Arc::new(Deliver { office }))
}

struct Deliver {
    office: Office,
}

impl Handler for Deliver {
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Verdict> {
        Box::pin(async move {
            let running = run(app, &self.office, job).await;
            running.unwrap_or_else(Verdict::from)
        })
    }

    fn before_given_up_in<'a>(
        &'a self,
        _app: &'a App,
        tx: &'a mut Tx,
        job: &'a Job,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let Some((org_id, id)) = named(job) else {
                return Ok(());
            };
            match event::load_in(tx, &org_id, &id).await? {
                Some(event) => event::hold_in(tx, &org_id, &event.subject).await,
                None => Ok(()),
            }
        })
    }

    fn given_up_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        job: &'a Job,
        _why: &'a str,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let Some((org_id, id)) = named(job) else {
                return Ok(());
            };
            // Its queue is held.
            let Some(event) = event::load_in(tx, &org_id, &id).await? else {
                return Ok(());
            };
            event::close_in(tx, &event, false, DeliveryState::Dead, app.now()).await?;
            go_on_in(app, tx, &org_id, &event.subject).await
        })
    }

    fn reopened_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        payload: &'a Value,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let of = |name: &str| payload.get(name).and_then(Value::as_str);
            if let (Some(org), Some(id)) = (of("org"), of("event")) {
                let (org, id) = (RowId::new(org.to_owned()), RowId::new(id.to_owned()));
                event::replay_in(tx, &org, &id, app.now()).await?;
            }
            Ok(())
        })
    }
}

fn named(job: &Job) -> Option<(RowId, RowId)> {
    let id = RowId::new(job.text("event")?.to_owned());
    Some((job.org_id.clone()?, id))
}

pub(crate) fn whose_is(event: &StoredEvent) -> Whose<'_> {
    Whose {
        org_id: &event.org_id,
        intermediary_id: &event.intermediary_id,
        kind: event.kind,
    }
}

async fn run(app: &App, office: &Office, job: &Job) -> Result<Verdict, Fault> {
    let Some((org_id, id)) = named(job) else {
        return Ok(Verdict::fail("the job names no event"));
    };
    let Some(event) = event::load(app.db(), &org_id, &id).await? else {
        return Ok(Verdict::Done);
    };
    if !event.state.is_open() {
        return settle::pass_on(app, job, &event).await;
    }
    if let Some(next_at) = event.next_at
        && next_at > app.now()
    {
        return Ok(Verdict::Later(next_at));
    }
    let Some(registration) = callback::load(app.db(), &whose_is(&event)).await? else {
        return settle::drop_it(app, job, &event).await;
    };
    if !registration.is_active {
        return settle::drop_it(app, job, &event).await;
    }
    // Everything below holds the place, so that one partner has so many calls at once and no more.
    let is_failing = registration.failing_since.is_some();
    let place = match office.place(&event.intermediary_id, is_failing) {
        Ok(place) => place,
        Err(seconds) => return Ok(Verdict::Later(in_about(app, seconds)?)),
    };
    if event.state == DeliveryState::Waiting && settle::is_behind(app, job, &event).await? {
        return Ok(Verdict::Noted);
    }
    let body = body_of(app, office, &event).await?;
    let began_at = app.now();
    let reply = match outgoing(app, office, &registration, &id, began_at, body)? {
        Some(call) => office.port().call(&call).await,
        None => Reply::none(
            lintel_domain::callback::AttemptOutcome::NotPublic,
            std::time::Duration::ZERO,
        ),
    };
    place.took(reply.took);
    count(event.kind, &reply);
    let attempt = settle::Attempted {
        event: &event,
        registration: &registration,
        began_at,
        reply: &reply,
    };
    settle::settle(app, office, job, &attempt).await
}

/// So many seconds from now, and up to a tenth more: what was put off together does not come back together.
fn in_about(app: &App, seconds: u32) -> Result<Instant, Fault> {
    let mut random = [0_u8; 2];
    app.rng().fill(&mut random)?;
    Ok(after(app.now(), jittered(seconds, random)))
}

fn after(now: Instant, wait: std::time::Duration) -> Instant {
    let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
    Instant::from_micros(now.micros().saturating_add(micros))
}

/// The call that delivers a body under an id; `None` when the address may not be called any more, such
/// as after the setting that opens private ones was taken back.
pub(crate) fn outgoing(
    app: &App,
    office: &Office,
    registration: &StoredCallback,
    id: &RowId,
    at: Instant,
    body: Vec<u8>,
) -> Result<Option<Outgoing>, Fault> {
    let Ok(target) = Target::parse(&url_of(app, registration)?, office.rules().allow_private)
    else {
        return Ok(None);
    };
    let secret = secret_of(app, registration)?;
    Ok(Some(Outgoing {
        target,
        headers: secret.headers(id.as_str(), at, &body),
        body,
    }))
}

pub(crate) fn count(kind: NotificationType, reply: &Reply) {
    let (kind, outcome) = (kind.as_str(), reply.outcome.as_str());
    metrics::counter!("lintel_callback_attempts_total", "type" => kind, "outcome" => outcome)
        .increment(1);
    metrics::histogram!("lintel_callback_seconds", "type" => kind).record(reply.took.as_secs_f64());
}

/// The body of a callback, as Standard Webhooks has it.
pub(crate) fn body(
    render: &dyn Render,
    kind: NotificationType,
    at: Instant,
    data: &Value,
) -> Value {
    json!({
        "type": render.name(kind),
        "timestamp": crate::time::rfc3339(at),
        "data": data,
    })
}

/// What is sent: what was made before, or what is made now and kept before anything is sent.
async fn body_of(app: &App, office: &Office, event: &StoredEvent) -> Result<Vec<u8>, Fault> {
    let (keys, row) = (app.keys(), event.id.as_str());
    let (purpose, own) = (Purpose::CallbackPayload, format!("{row}.body"));
    if let Some(sealed) = &event.body {
        return keys.unseal(purpose, &own, sealed);
    }
    let kept = keys.unseal(purpose, row, &event.payload)?;
    let kept: Kept = serde_json::from_slice(&kept)
        .map_err(|e| Fault::corrupt("callback_event", "payload", row).caused_by(e))?;
    let render = office.render();
    let data = render.data(&kept.notice, kept.correlation.as_deref());
    let made = body(render, event.kind, kept.notice.at(), &data).to_string();
    let sealed = keys.seal(purpose, &own, made.as_bytes(), app.rng())?;
    let mut tx = app.db().begin().await?;
    if event::set_body_in(&mut tx, &event.org_id, &event.id, &sealed).await? {
        tx.commit().await?;
        return Ok(made.into_bytes());
    }
    // A job whose lease ran out made it in between: what it made is what is sent.
    let again = event::load_in(&mut tx, &event.org_id, &event.id).await?;
    let sealed = again.and_then(|event| event.body);
    let sealed = sealed.ok_or_else(|| Fault::corrupt("callback_event", "body", row))?;
    keys.unseal(purpose, &own, &sealed)
}
