//! A simulation as its owner sees it.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::lisbon;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::{Request, SimulationStatus};
use lintel_engine::Date;
use lintel_macros::boxed;
use lintel_offer::Calculation;
use lintel_store::fault::Fault;
use lintel_store::simulation::{StoredSimulation, by_id};

use crate::caller::Caller;

/// A simulation. Its `Debug` shows nothing of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// Its UniqueID.
    pub id: RowId,
    /// The number people say.
    pub number: i64,
    /// How it stands now: one whose days are over is expired, whether or not that was written down.
    pub status: SimulationStatus,
    /// Since when.
    pub status_at: Instant,
    /// When it was made.
    pub created_at: Instant,
    /// Its last day, in Lisbon.
    pub expires_on: Date,
    /// Counts changes, from 1.
    pub revision: i64,
    /// The user who made it.
    pub user_id: RowId,
    /// Branch of the bank's offer.
    pub branch_id: Option<u32>,
    /// The branch's name, as it is searched.
    pub branch_folded: String,
    /// The version of the offer it was worked out from.
    pub offer_id: RowId,
    /// When an information sheet of these figures was first given out.
    pub fine_at: Option<Instant>,
    /// The process made from it.
    pub process_id: Option<RowId>,
    /// What was asked.
    pub request: Request,
    /// What it comes to.
    pub calculation: Calculation,
}

/// A simulation of the caller's intermediary. Any text may be an id.
///
/// # Errors
/// Not found, alike, for what is unknown or another's; any fault of the database or the key ring.
#[boxed]
pub async fn one(app: &App, caller: Caller<'_>, id: &str) -> Result<Simulation, AppError> {
    let stored = load(app, caller, id).await?;
    Ok(opened(app, stored)?)
}

pub(crate) fn unknown() -> Refusal {
    Refusal::NotFound {
        what: Noun::Simulation,
    }
}

pub(crate) const fn wrong_state(status: SimulationStatus) -> Refusal {
    Refusal::WrongState {
        what: Noun::Simulation,
        is: status.as_str(),
    }
}

pub(crate) const fn stale() -> Refusal {
    Refusal::Stale {
        what: Noun::Simulation,
    }
}

/// Whether a text can be an id; what cannot is not looked for.
pub(crate) fn is_id(id: &str) -> bool {
    id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

pub(crate) async fn load(
    app: &App,
    caller: Caller<'_>,
    id: &str,
) -> Result<StoredSimulation, AppError> {
    if !is_id(id) {
        return Err(unknown().into());
    }
    let partner = caller.partner;
    let found = by_id(app.db(), &partner.org_id, &partner.intermediary_id, id).await?;
    Ok(found.ok_or_else(unknown)?)
}

/// How a simulation stands at an instant, and since when.
pub(crate) fn standing(
    (status, since): (SimulationStatus, Instant),
    expires_at: Instant,
    now: Instant,
) -> (SimulationStatus, Instant) {
    match status {
        SimulationStatus::Simulated if expires_at <= now => (SimulationStatus::Expired, expires_at),
        SimulationStatus::Simulated
        | SimulationStatus::InProcess
        | SimulationStatus::Cancelled
        | SimulationStatus::Expired => (status, since),
    }
}

pub(crate) fn opened(app: &App, stored: StoredSimulation) -> Result<Simulation, Fault> {
    let request = unseal(app, &stored.id, &stored.input)?;
    let corrupt = |_| Fault::corrupt("simulation", "answer", stored.id.as_str());
    let calculation = serde_json::from_str(&stored.answer).map_err(corrupt)?;
    let kept = (stored.status, stored.status_at);
    let (status, status_at) = standing(kept, stored.expires_at, app.now());
    Ok(Simulation {
        number: stored.number,
        status,
        status_at,
        created_at: stored.created_at,
        expires_on: lisbon::last_day(stored.expires_at),
        revision: stored.revision,
        user_id: stored.user_id,
        branch_id: stored.branch_id,
        branch_folded: stored.branch_folded,
        offer_id: stored.offer_id,
        fine_at: stored.fine_at,
        process_id: stored.process_id,
        request,
        calculation,
        id: stored.id,
    })
}

pub(crate) fn seal(app: &App, id: &RowId, request: &Request) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(request)
        .map_err(|e| Fault::internal("a request cannot be written").caused_by(e))?;
    let keys = app.keys();
    keys.seal(Purpose::SimulationInput, id.as_str(), &plain, app.rng())
}

pub(crate) fn unseal(app: &App, id: &RowId, sealed: &[u8]) -> Result<Request, Fault> {
    let keys = app.keys();
    let plain = keys.unseal(Purpose::SimulationInput, id.as_str(), sealed)?;
    // The parser's message may quote what it read: it is left out.
    serde_json::from_slice(&plain).map_err(|_| Fault::corrupt("simulation", "input", id.as_str()))
}

pub(crate) fn answer(calculation: &Calculation) -> Result<String, Fault> {
    serde_json::to_string(calculation)
        .map_err(|e| Fault::internal("a calculation cannot be written").caused_by(e))
}
