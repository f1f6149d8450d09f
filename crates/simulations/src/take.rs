//! Making a process of a simulation: the simulation's half.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::simulation::SimulationStatus;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::simulation::{lock_in, set_status_in};
use serde_json::json;

use crate::caller::Caller;
use crate::create::Moved;
use crate::row::{Simulation, is_id, opened, standing, unknown, wrong_state};

/// Takes a simulation into a process, in the transaction that stores the process: status, history, event
/// and what the partner is told. The simulation is held.
///
/// # Errors
/// Not found; wrong state unless it is simulated and its days are not over; any fault of the database or
/// the key ring.
#[boxed]
pub async fn take_in(
    app: &App,
    tx: &mut Tx,
    caller: Caller<'_>,
    id: &str,
    process_id: &RowId,
) -> Result<Simulation, AppError> {
    if !is_id(id) {
        return Err(unknown().into());
    }
    let partner = caller.partner;
    let (org_id, now) = (&partner.org_id, app.now());
    let held = lock_in(tx, org_id, &partner.intermediary_id, id).await?;
    let mut held = held.ok_or_else(unknown)?;
    let kept = (held.status, held.status_at);
    let (status, _) = standing(kept, held.expires_at, now);
    match status {
        SimulationStatus::Simulated => {}
        SimulationStatus::InProcess | SimulationStatus::Cancelled | SimulationStatus::Expired => {
            return Err(wrong_state(status).into());
        }
    }
    let to = (SimulationStatus::InProcess, now);
    set_status_in(tx, org_id, &held.id, to, Some(process_id)).await?;
    let moved = Moved {
        id: &held.id,
        number: held.number,
        from: Some(SimulationStatus::Simulated),
        to: SimulationStatus::InProcess,
        at: now,
    };
    moved.note_in(app, tx, caller).await?;
    let to = SimulationStatus::InProcess;
    let body = json!({ "to": to, "process": process_id.as_str() }).to_string();
    let (actor, kind) = (partner.actor(), EventKind::SimulationStatusChanged);
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(org_id, now, &actor, kind, held.id.as_str())
    };
    record_in(tx, &event).await?;
    held.status = SimulationStatus::InProcess;
    held.status_at = now;
    held.revision = held.revision.saturating_add(1);
    held.process_id = Some(process_id.clone());
    Ok(opened(app, held)?)
}
