//! Taking a simulation back.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::event::EventKind;
use lintel_domain::simulation::SimulationStatus;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::simulation::{lock_in, set_status_in};
use serde_json::json;

use crate::caller::Caller;
use crate::create::Moved;
use crate::row::{Simulation, is_id, one, stale, standing, unknown, wrong_state};

/// Takes a simulation back that is simulated. One that was taken back before is answered as it is.
/// `expected` are the revisions that will do.
///
/// # Errors
/// Not found; wrong state for one in process or expired; stale; any fault of the database or the key ring.
#[boxed]
pub async fn cancel(
    app: &App,
    caller: Caller<'_>,
    id: &str,
    expected: Option<&[i64]>,
) -> Result<Simulation, AppError> {
    if !is_id(id) {
        return Err(unknown().into());
    }
    let partner = caller.partner;
    let (org_id, now) = (&partner.org_id, app.now());
    let mut tx = app.db().begin().await?;
    let held = lock_in(&mut tx, org_id, &partner.intermediary_id, id).await?;
    let held = held.ok_or_else(unknown)?;
    let kept = (held.status, held.status_at);
    let (status, _) = standing(kept, held.expires_at, now);
    match status {
        SimulationStatus::Cancelled => {
            drop(tx);
            return one(app, caller, id).await;
        }
        SimulationStatus::InProcess | SimulationStatus::Expired => {
            return Err(wrong_state(status).into());
        }
        SimulationStatus::Simulated => {}
    }
    if expected.is_some_and(|seen| !seen.contains(&held.revision)) {
        return Err(stale().into());
    }
    let to = (SimulationStatus::Cancelled, now);
    set_status_in(&mut tx, org_id, &held.id, to, None).await?;
    let moved = Moved {
        id: &held.id,
        number: held.number,
        from: Some(SimulationStatus::Simulated),
        to: SimulationStatus::Cancelled,
        at: now,
    };
    moved.note_in(app, &mut tx, caller).await?;
    let body = json!({ "to": SimulationStatus::Cancelled }).to_string();
    let (actor, kind) = (partner.actor(), EventKind::SimulationStatusChanged);
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(org_id, now, &actor, kind, held.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    one(app, caller, id).await
}
