//! Making a simulation.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_callbacks::{Notice, Tell, tell_in};
use lintel_domain::event::EventKind;
use lintel_domain::finding::Finding;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::lisbon;
use lintel_domain::simulation::{Request, SimulationStatus, VALID_DAYS};
use lintel_macros::boxed;
use lintel_offer::Calculation;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::simulation::{StoredSimulation, insert_in};
use serde_json::json;

use crate::book::{self, Shelf};
use crate::caller::Caller;
use crate::history::{Step, Subject, note_in};
use crate::numbers::{Series, next_in};
use crate::row::{Simulation, answer, opened, seal};
use crate::search::{folded, found_by};

/// Works a request out and keeps nothing of it.
///
/// # Errors
/// Every finding at once; busy; any fault of the database.
#[boxed]
pub async fn validate(
    app: &App,
    caller: Caller<'_>,
    request: Request,
    found: Vec<Finding>,
) -> Result<Calculation, AppError> {
    let org_id = &caller.partner.org_id;
    let (calculation, _) = book::simulate(app, org_id, request, found).await?;
    Ok(calculation)
}

/// Works a request out and keeps both. Asked twice it is two simulations: the face remembers what was
/// asked under a key.
///
/// # Errors
/// Every finding at once; busy; any fault of the database or the key ring.
#[boxed]
pub async fn create(
    app: &App,
    caller: Caller<'_>,
    request: Request,
    found: Vec<Finding>,
) -> Result<Simulation, AppError> {
    let partner = caller.partner;
    let (org_id, now) = (&partner.org_id, app.now());
    let (calculation, shelf) = book::simulate(app, org_id, request.clone(), found).await?;
    let borrowers = found_by(app, &request.borrowers)?;
    let worked = Worked::of(&request, &calculation, &shelf)?;
    let id = app.row_id()?;
    let mut stored = StoredSimulation {
        input: seal(app, &id, &request)?,
        intermediary_id: partner.intermediary_id.clone(),
        user_id: partner.user_id.clone(),
        number: 0,
        status: SimulationStatus::Simulated,
        status_at: now,
        created_at: now,
        expires_at: expires_at(now),
        revision: 1,
        branch_id: worked.branch_id,
        branch_folded: worked.branch_folded,
        offer_id: shelf.offer_id,
        amount: calculation.loan.amount,
        term_months: calculation.loan.term_months,
        answer: worked.answer,
        fine_at: None,
        process_id: None,
        id,
    };
    let mut tx = app.db().begin().await?;
    stored.number = next_in(&mut tx, org_id, Series::Simulation).await?;
    insert_in(&mut tx, org_id, &stored, &borrowers).await?;
    let moved = Moved {
        id: &stored.id,
        number: stored.number,
        from: None,
        to: SimulationStatus::Simulated,
        at: now,
    };
    moved.note_in(app, &mut tx, caller).await?;
    let body = json!({ "number": stored.number }).to_string();
    let (actor, kind) = (partner.actor(), EventKind::SimulationCreated);
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(org_id, now, &actor, kind, stored.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(opened(app, stored)?)
}

/// The first instant after the last day of a simulation made now.
fn expires_at(now: Instant) -> Instant {
    let days = i32::try_from(VALID_DAYS).unwrap_or(i32::MAX);
    let today = lisbon::day_of(now);
    lisbon::end_of(today.add_days(days).unwrap_or(today))
}

/// What of a calculation stands in columns.
pub(crate) struct Worked {
    pub branch_id: Option<u32>,
    pub branch_folded: String,
    pub answer: String,
}

impl Worked {
    pub fn of(request: &Request, calculation: &Calculation, shelf: &Shelf) -> Result<Self, Fault> {
        let branch = request.branch.and_then(|id| shelf.offer.branch(id));
        Ok(Self {
            branch_id: branch.map(|branch| branch.id),
            branch_folded: branch
                .map(|branch| folded(&branch.name))
                .unwrap_or_default(),
            answer: answer(calculation)?,
        })
    }
}

/// A change of a simulation's status by a partner.
pub(crate) struct Moved<'a> {
    pub id: &'a RowId,
    pub number: i64,
    pub from: Option<SimulationStatus>,
    pub to: SimulationStatus,
    pub at: Instant,
}

impl Moved<'_> {
    /// Notes it in the history and tells the partner of it.
    #[boxed]
    pub async fn note_in(&self, app: &App, tx: &mut Tx, caller: Caller<'_>) -> Result<(), Fault> {
        let partner = caller.partner;
        let step = Step {
            org_id: &partner.org_id,
            subject: Subject::Simulation,
            subject_id: self.id,
            from: self.from.map(SimulationStatus::as_str),
            to: self.to.as_str(),
            actor: &partner.actor(),
            actor_name: &partner.user_name,
            reason: None,
            at: self.at,
        };
        note_in(app, tx, &step).await?;
        let notice = Notice::SimulationStatus {
            simulation_id: self.id.clone(),
            number: self.number,
            from: self.from,
            to: self.to,
            at: self.at,
        };
        let tell = Tell {
            org_id: &partner.org_id,
            intermediary_id: &partner.intermediary_id,
            subject: self.id,
            notice: &notice,
            correlation: caller.correlation,
        };
        tell_in(app, tx, &tell).await
    }
}
