//! Changing a simulation: what is asked anew is worked out anew, on today's offer.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::event::EventKind;
use lintel_domain::finding::Finding;
use lintel_domain::simulation::{Request, SimulationStatus};
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::simulation::{StoredSimulation, lock_in, update_in};

use crate::book;
use crate::caller::Caller;
use crate::create::Worked;
use crate::row::{Simulation, load, one, seal, stale, standing, unknown, unseal, wrong_state};
use crate::search::found_by;

/// How often a change is worked out that another one overtook.
const ATTEMPTS: usize = 4;

/// Changes what a simulation asks, as long as it is simulated: `edit` makes the new request of the old
/// one, and may be asked again when somebody else was faster. `expected` are the revisions that will do.
/// A change that changes nothing leaves everything as it is. The last day stays.
///
/// # Errors
/// Not found; wrong state; stale when `expected` names other revisions; every finding at once; busy; any
/// fault of the database or the key ring.
#[boxed]
pub async fn change(
    app: &App,
    caller: Caller<'_>,
    id: &str,
    expected: Option<&[i64]>,
    edit: &(dyn Fn(&Request) -> (Request, Vec<Finding>) + Sync),
) -> Result<Simulation, AppError> {
    for _ in 0..ATTEMPTS {
        let stored = load(app, caller, id).await?;
        require_open(app, &stored)?;
        if expected.is_some_and(|seen| !seen.contains(&stored.revision)) {
            return Err(stale().into());
        }
        if replace(app, caller, &stored, edit).await? {
            return one(app, caller, id).await;
        }
    }
    Err(stale().into())
}

fn require_open(app: &App, stored: &StoredSimulation) -> Result<(), AppError> {
    let kept = (stored.status, stored.status_at);
    let (status, _) = standing(kept, stored.expires_at, app.now());
    match status {
        SimulationStatus::Simulated => Ok(()),
        SimulationStatus::InProcess | SimulationStatus::Cancelled | SimulationStatus::Expired => {
            Err(wrong_state(status).into())
        }
    }
}

/// `false` when the row changed since it was read.
async fn replace(
    app: &App,
    caller: Caller<'_>,
    stored: &StoredSimulation,
    edit: &(dyn Fn(&Request) -> (Request, Vec<Finding>) + Sync),
) -> Result<bool, AppError> {
    let partner = caller.partner;
    let org_id = &partner.org_id;
    let before = unseal(app, &stored.id, &stored.input)?;
    let (request, found) = edit(&before);
    if request == before && found.is_empty() {
        return Ok(true);
    }
    let (calculation, shelf) = book::simulate(app, org_id, request.clone(), found).await?;
    let worked = Worked::of(&request, &calculation, &shelf)?;
    let changed = StoredSimulation {
        branch_id: worked.branch_id,
        branch_folded: worked.branch_folded,
        offer_id: shelf.offer_id,
        amount: calculation.loan.amount,
        term_months: calculation.loan.term_months,
        input: seal(app, &stored.id, &request)?,
        answer: worked.answer,
        ..stored.clone()
    };
    let borrowers = found_by(app, &request.borrowers)?;
    let mut tx = app.db().begin().await?;
    let (intermediary_id, id) = (&partner.intermediary_id, stored.id.as_str());
    let held = lock_in(&mut tx, org_id, intermediary_id, id).await?;
    // It may have run out, or been taken, while it was worked out.
    require_open(app, &held.ok_or_else(unknown)?)?;
    if !update_in(&mut tx, org_id, &changed, &borrowers).await? {
        return Ok(false);
    }
    let (actor, kind) = (partner.actor(), EventKind::SimulationChanged);
    let event = NewEvent::plain(org_id, app.now(), &actor, kind, id);
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(true)
}
