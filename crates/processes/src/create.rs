//! A process begins as the copy of a simulation.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::process::{BorrowerFacts, ProcessStatus, PropertyFacts};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::SimulationStatus;
use lintel_macros::boxed;
use lintel_simulations::numbers::{self, Series};
use lintel_simulations::{Caller, Simulation, search, take_in};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::process::{self as store, StoredBorrower, StoredProcess, StoredProperty, Whose};
use lintel_taxonomy::{List, by_code, has_code};
use serde_json::json;

use crate::by::By;
use crate::facts;
use crate::process::{Process, json_of, load, seal};
use crate::transition::{note_in, told_in};

/// Whose processes a caller sees.
pub(crate) fn whose<'a>(caller: Caller<'a>) -> Whose<'a> {
    Whose {
        org_id: &caller.partner.org_id,
        intermediary_id: Some(&caller.partner.intermediary_id),
    }
}

/// Opens a process from a simulation: a copy of terms, borrowers and property. A simulation has one
/// process: asked again, the same one is answered. The second value says whether it is new.
///
/// # Errors
/// Not found for a simulation that is unknown or somebody else's; the simulation's state when it was
/// cancelled or its days are over; any fault.
#[boxed]
pub async fn create(
    app: &App,
    caller: Caller<'_>,
    simulation: &RowId,
) -> Result<(Process, bool), AppError> {
    if let Some(there) = existing(app, caller, simulation).await? {
        return Ok((there, false));
    }
    let id = app.row_id()?;
    let mut tx = app.db().begin().await?;
    match open_in(app, &mut tx, caller, (simulation, &id)).await {
        Ok(()) => tx.commit().await?,
        Err(AppError::Refused(Refusal::WrongState {
            what: Noun::Simulation,
            is,
        })) if is == SimulationStatus::InProcess.as_str() => {
            drop(tx);
            // Somebody else was faster.
            let there = existing(app, caller, simulation).await?;
            let there = there
                .ok_or_else(|| Fault::corrupt("simulation", "process_id", simulation.as_str()))?;
            return Ok((there, false));
        }
        Err(error) => return Err(error),
    }
    Ok((load(app, whose(caller), &id).await?, true))
}

async fn existing(
    app: &App,
    caller: Caller<'_>,
    simulation: &RowId,
) -> Result<Option<Process>, AppError> {
    let partner = caller.partner;
    let there = store::of_simulation(app.db(), &partner.org_id, simulation).await?;
    match there {
        Some(head) if head.intermediary_id == partner.intermediary_id => {
            Ok(Some(load(app, whose(caller), &head.id).await?))
        }
        Some(_) | None => Ok(None),
    }
}

async fn open_in(
    app: &App,
    tx: &mut Tx,
    caller: Caller<'_>,
    (simulation, id): (&RowId, &RowId),
) -> Result<(), AppError> {
    let by = By::partner(caller);
    let taken = take_in(app, tx, caller, simulation.as_str(), id).await?;
    let number = numbers::next_in(tx, &caller.partner.org_id, Series::Process).await?;
    let head = head_of(app, caller, &taken, (id, number))?;
    store::insert_in(tx, &head, &json_of(&taken.calculation)?).await?;
    let key = key_place(&taken);
    for (place, asked) in taken.request.borrowers.iter().enumerate() {
        let facts = typed(facts::borrower_of(asked), place == key);
        let position = i64::try_from(place).unwrap_or(i64::MAX);
        let borrower = (app.row_id()?, position, place == key);
        let stored = stored_borrower(app, &head, borrower, &facts)?;
        store::insert_borrower_in(tx, &stored).await?;
    }
    let asked = taken.request.property.as_ref();
    let facts = asked.map_or_else(PropertyFacts::default, facts::property_of);
    let property = app.row_id()?;
    let stored = StoredProperty {
        org_id: head.org_id.clone(),
        process_id: head.id.clone(),
        facts: seal(app, Purpose::ProcessProperty, &property, &facts)?,
        revision: 1,
        updated_at: head.created_at,
        id: property,
    };
    store::insert_property_in(tx, &stored).await?;
    let body = json!({ "simulation": taken.id.as_str(), "number": number });
    note_in(app, tx, (&head, &by), EventKind::ProcessCreated, &body).await?;
    Ok(told_in(app, tx, &head, (None, &by, None)).await?)
}

fn head_of(
    app: &App,
    caller: Caller<'_>,
    taken: &Simulation,
    (id, number): (&RowId, i64),
) -> Result<StoredProcess, Fault> {
    let now = app.now();
    Ok(StoredProcess {
        org_id: caller.partner.org_id.clone(),
        id: id.clone(),
        intermediary_id: caller.partner.intermediary_id.clone(),
        user_id: caller.partner.user_id.clone(),
        simulation_id: taken.id.clone(),
        simulation_number: taken.number,
        number,
        status: ProcessStatus::InCreation,
        status_at: now,
        created_at: now,
        last_action_at: now,
        valid_until: lisbon::end_of(taken.expires_on),
        revision: 1,
        branch_id: taken.branch_id,
        branch_folded: taken.branch_folded.clone(),
        offer_id: taken.offer_id.clone(),
        terms: json_of(&facts::terms_of(&taken.request))?,
        fine_at: taken.fine_at,
        submitted_at: None,
        analyst_id: None,
        cancel_reason_id: None,
        decline_reason: None,
    })
}

/// The place of the key borrower: the first that says so, or else the first.
fn key_place(taken: &Simulation) -> usize {
    let is_key = |kind| has_code(List::BorrowerTypes, kind, "key_borrower");
    let mut all = taken.request.borrowers.iter();
    all.position(|borrower| is_key(borrower.kind)).unwrap_or(0)
}

/// Facts whose type is what the borrower is.
pub(crate) fn typed(facts: BorrowerFacts, is_key: bool) -> BorrowerFacts {
    let code = if is_key { "key_borrower" } else { "borrower" };
    BorrowerFacts {
        borrower_type: by_code(List::BorrowerTypes, code).map(|entry| entry.id),
        key_relation: facts.key_relation.filter(|_| !is_key),
        ..facts
    }
}

/// A new borrower's row.
pub(crate) fn stored_borrower(
    app: &App,
    head: &StoredProcess,
    (id, position, is_key): (RowId, i64, bool),
    facts: &BorrowerFacts,
) -> Result<StoredBorrower, Fault> {
    let now = app.now();
    let nif = facts.nif.as_deref().map(|nif| search::nif_hash(app, nif));
    Ok(StoredBorrower {
        org_id: head.org_id.clone(),
        process_id: head.id.clone(),
        position,
        is_key,
        name_folded: search::folded(facts.name.as_deref().unwrap_or_default()),
        nif_hash: nif.transpose()?.flatten(),
        facts: seal(app, Purpose::ProcessBorrower, &id, facts)?,
        revision: 1,
        created_at: now,
        updated_at: now,
        id,
    })
}
