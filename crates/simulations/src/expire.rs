//! Simulations whose days are over. They read as expired at once; here it is written down and told.

use lintel_macros::boxed;
use std::sync::Arc;

use lintel_app::context::App;
use lintel_app::job::{BoxFuture, Handler, Handlers, Job, JobKind, Verdict};
use lintel_callbacks::{Notice, Tell, tell_in};
use lintel_domain::event::EventKind;
use lintel_domain::simulation::SimulationStatus;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::simulation::{Due, due, set_status_in};
use serde_json::json;

use crate::history::{SYSTEM, Step, Subject, note_in};

/// Simulations looked for at once.
const BATCH: u32 = 200;
/// Batches of a run; the rest is for the next.
const BATCHES: usize = 100;

/// Something else that ends what is over, in the same run; how much it was.
pub type Ending = for<'a> fn(&'a App) -> BoxFuture<'a, Result<u64, Fault>>;

/// Who ends what is over: simulations, and `also` whatever else has days.
#[must_use]
pub fn handlers(also: Vec<Ending>) -> Handlers {
    Handlers::new().with(JobKind::CreditExpire, Arc::new(Expiring { also }))
}

struct Expiring {
    also: Vec<Ending>,
}

impl Handler for Expiring {
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Verdict> {
        Box::pin(async move {
            let verdict = self.all(app).await.map(|()| Verdict::Done);
            verdict.unwrap_or_else(Verdict::from)
        })
    }
}

impl Expiring {
    async fn all(&self, app: &App) -> Result<(), Fault> {
        let mut ended = sweep(app).await?;
        for also in &self.also {
            ended = ended.saturating_add(also(app).await?);
        }
        if ended > 0 {
            tracing::info!(ended, "simulations and proposals came to their end");
        }
        Ok(())
    }
}

/// Writes down which simulations are over, of all banks; how many. Each in a transaction of its own with
/// its history, event and what the partner is told. May be done twice.
///
/// # Errors
/// Any fault of the database; those before it are written down.
#[boxed]
pub async fn sweep(app: &App) -> Result<u64, Fault> {
    let mut ended = 0_u64;
    for _ in 0..BATCHES {
        let found = due(app.db(), app.now(), BATCH).await?;
        for one in &found {
            ended = ended.saturating_add(u64::from(end(app, one).await?));
        }
        if u32::try_from(found.len()).is_ok_and(|len| len < BATCH) {
            break;
        }
    }
    Ok(ended)
}

async fn end(app: &App, one: &Due) -> Result<bool, Fault> {
    let (from, to) = (SimulationStatus::Simulated, SimulationStatus::Expired);
    let mut tx = app.db().begin().await?;
    // Its status dates from the end of its days, as it read before.
    let expired = (to, one.expires_at);
    if !set_status_in(&mut tx, &one.org_id, &one.id, expired, None).await? {
        return Ok(false);
    }
    let step = Step {
        org_id: &one.org_id,
        subject: Subject::Simulation,
        subject_id: &one.id,
        from: Some(from.as_str()),
        to: to.as_str(),
        actor: SYSTEM,
        actor_name: "",
        reason: None,
        at: one.expires_at,
    };
    note_in(app, &mut tx, &step).await?;
    let notice = Notice::SimulationStatus {
        simulation_id: one.id.clone(),
        number: one.number,
        from: Some(from),
        to,
        at: one.expires_at,
    };
    let tell = Tell {
        org_id: &one.org_id,
        intermediary_id: &one.intermediary_id,
        subject: &one.id,
        notice: &notice,
        correlation: None,
    };
    tell_in(app, &mut tx, &tell).await?;
    let body = json!({ "to": to }).to_string();
    let kind = EventKind::SimulationStatusChanged;
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&one.org_id, app.now(), SYSTEM, kind, one.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(true)
}
