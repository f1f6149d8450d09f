//! The information sheet (FINE) of a simulation: given out, and mailed.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::message::{is_sendable, mail_in};
use lintel_callbacks::{About, Notice, Tell, tell_in};
use lintel_domain::event::EventKind;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::lisbon;
use lintel_domain::refusal::Refusal;
use lintel_domain::simulation::{Borrower, SimulationStatus};
use lintel_macros::boxed;
use lintel_papers::{Stage, fine as write_fine};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::intermediary::on_papers;
use lintel_store::organisation;
use lintel_store::simulation::set_fine_in;
use serde_json::json;

use crate::caller::Caller;
use crate::fine::{FineOf, fine_of};
use crate::letter::FineLetter;
use crate::mailed::mailed_too_often_in;
use crate::row::{Simulation, one, wrong_state};

/// The information sheet of a simulation as PDF: the same bytes each time. The first time for its figures is
/// noted and told.
///
/// # Errors
/// Not found; wrong state for one that was taken back or is over; findings when the sheet cannot be written;
/// busy; any fault of the database or the key ring.
#[boxed]
pub async fn fine(app: &App, caller: Caller<'_>, id: &str) -> Result<Vec<u8>, AppError> {
    let simulation = one(app, caller, id).await?;
    let pdf = written(app, caller, &simulation).await?;
    if simulation.fine_at.is_none() {
        let mut tx = app.db().begin().await?;
        if given_in(app, &mut tx, caller, &simulation).await? {
            let (actor, kind) = (caller.partner.actor(), EventKind::FineGiven);
            let (org_id, id) = (&caller.partner.org_id, simulation.id.as_str());
            let event = NewEvent::plain(org_id, app.now(), &actor, kind, id);
            record_in(&mut tx, &event).await?;
            tx.commit().await?;
        }
    }
    Ok(pdf)
}

/// Mails the information sheet of a simulation to an address.
///
/// # Errors
/// As [`fine`]; a finding for an address that is none; throttled when too many sheets were mailed, to
/// this address, of this simulation or by this intermediary.
#[boxed]
pub async fn mail_fine(
    app: &App,
    caller: Caller<'_>,
    id: &str,
    address: Option<&str>,
) -> Result<(), AppError> {
    let simulation = one(app, caller, id).await?;
    let address = sendable(address)?;
    let pdf = written(app, caller, &simulation).await?;
    let partner = caller.partner;
    let (org_id, now) = (&partner.org_id, app.now());
    let org = organisation::load_by_id(app.db(), org_id).await?;
    let org = org.ok_or_else(|| Fault::internal("a partner's bank is gone"))?;
    let letter = FineLetter {
        of: "da simulação",
        number: simulation.number,
        last_day: simulation.expires_on,
        remark: Some("A simulação não vincula o banco nem o cliente."),
        bank: &simulation.calculation.bank.legal_name,
        pdf,
    };
    let draft = letter.draft(address, &partner.actor());
    let mut tx = app.db().begin().await?;
    mailed_too_often_in(app, &mut tx, partner, (&simulation.id, address)).await?;
    given_in(app, &mut tx, caller, &simulation).await?;
    let message = mail_in(app, &mut tx, &org, &draft).await?;
    let body = json!({ "message": message.public_id.as_str() }).to_string();
    let (actor, kind) = (partner.actor(), EventKind::FineMailed);
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(org_id, now, &actor, kind, simulation.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(())
}

/// An address that mail can be sent to.
fn sendable(address: Option<&str>) -> Result<&str, Refusal> {
    let found = |rule| Refusal::Findings(vec![Finding::new(CreditField::SendAddress, rule)]);
    let address = address.map(str::trim).filter(|address| !address.is_empty());
    let address = address.ok_or_else(|| found(CreditRule::Missing))?;
    if is_sendable(address) {
        return Ok(address);
    }
    Err(found(CreditRule::Malformed))
}

async fn written(
    app: &App,
    caller: Caller<'_>,
    simulation: &Simulation,
) -> Result<Vec<u8>, AppError> {
    match simulation.status {
        SimulationStatus::Simulated | SimulationStatus::InProcess => {}
        SimulationStatus::Cancelled | SimulationStatus::Expired => {
            return Err(wrong_state(simulation.status).into());
        }
    }
    let borrowers = names(&simulation.request.borrowers);
    let partner = caller.partner;
    let by = on_papers(app.db(), &partner.org_id, &partner.intermediary_id).await?;
    let fine = fine_of(&FineOf {
        calculation: &simulation.calculation,
        stage: Stage::Simulation,
        number: simulation.number,
        // The day of the figures: the sheet of a simulation is the same on every day it holds.
        issued_on: simulation.calculation.day,
        valid_until: simulation
            .expires_on
            .max(lisbon::day_of(simulation.created_at)),
        intermediary: by.as_ref(),
        borrowers: &borrowers,
    });
    let writing = app.heavy("writing an information sheet", move || write_fine(&fine));
    match writing.await? {
        Ok(pdf) => Ok(pdf),
        Err(error) => {
            tracing::error!(%error, simulation = %simulation.id, "an information sheet cannot be written");
            let finding = Finding::new(CreditField::EsisDocument, CreditRule::Failed);
            Err(Refusal::Findings(vec![finding]).into())
        }
    }
}

/// The borrowers' names as papers have them, the key borrower first.
pub(crate) fn names(borrowers: &[Borrower]) -> Vec<String> {
    let is_key = |borrower: &&Borrower| borrower.kind == Some(KEY_BORROWER);
    let others = borrowers.iter().filter(|borrower| !is_key(borrower));
    let ordered = borrowers.iter().filter(is_key).chain(others);
    ordered
        .filter_map(|borrower| borrower.name.clone())
        .collect()
}

/// The key borrower in the list of borrower types.
const KEY_BORROWER: u32 = 1;

/// Notes that a sheet of these figures was given out, and tells the partner; `false` when that was done
/// before.
async fn given_in(
    app: &App,
    tx: &mut Tx,
    caller: Caller<'_>,
    simulation: &Simulation,
) -> Result<bool, Fault> {
    let partner = caller.partner;
    let (org_id, id, now) = (&partner.org_id, &simulation.id, app.now());
    if !set_fine_in(tx, org_id, id, simulation.revision, now).await? {
        return Ok(false);
    }
    let notice = Notice::EsisGenerated {
        about: About::Simulation(id.clone()),
        number: simulation.number,
        proposal_id: None,
        at: now,
    };
    let tell = Tell {
        org_id,
        intermediary_id: &partner.intermediary_id,
        subject: id,
        notice: &notice,
        correlation: caller.correlation,
    };
    tell_in(app, tx, &tell).await?;
    Ok(true)
}
