//! Working on a process: taking it on, asking, answering, reading papers.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_callbacks::{About, Notice};
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_domain::process::{ProcessCommand, ProcessSide, ProcessStatus};
use lintel_domain::proposal::DecisionState;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_simulations::thread::{self, Author, Subject, Topic};
use lintel_store::process::find;
use lintel_store::proposal::{close_decision_in, open_decision_in};
use serde_json::json;

use super::{by, enter, handed_over, held_in};
use crate::papers::{self, Download};
use crate::process::unknown;
use crate::request::{Ask, ask_in, withdraw_in};
use crate::transition::{note_in, require, tell, touch_in, transition_in};

/// Takes a process on that waits. Taken on by the same person before, nothing happens.
///
/// # Errors
/// Not found; denied; the state, also when somebody else was faster; any fault.
#[boxed]
pub async fn take(app: &App, who: &SignedIn, id: &RowId) -> Result<(), AppError> {
    let whose = enter(who, Permission::WorkProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = held_in(&mut tx, whose, id).await?;
    let is_mine = head.analyst_id.as_ref() == Some(&who.person.id);
    if is_mine && head.status == ProcessStatus::InAnalysis {
        return Ok(());
    }
    require(head.status, ProcessCommand::Take, ProcessSide::Bank)?;
    head.analyst_id = Some(who.person.id.clone());
    let (command, by) = (ProcessCommand::Take, by(who));
    transition_in(app, &mut tx, &mut head, command, &by, None).await?;
    Ok(tx.commit().await?)
}

/// Takes over what somebody else took on. One's own already, nothing happens.
///
/// # Errors
/// Not found; denied; the state of one that waits for anybody, or has ended; any fault.
#[boxed]
pub async fn take_over(app: &App, who: &SignedIn, id: &RowId) -> Result<(), AppError> {
    let whose = enter(who, Permission::WorkProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = held_in(&mut tx, whose, id).await?;
    if head.analyst_id.as_ref() == Some(&who.person.id) {
        return Ok(());
    }
    match head.status {
        ProcessStatus::InAnalysis | ProcessStatus::PendingInformation | ProcessStatus::Approved => {
        }
        ProcessStatus::InCreation
        | ProcessStatus::Submitted
        | ProcessStatus::Declined
        | ProcessStatus::Contracted
        | ProcessStatus::Cancelled => {
            let (what, is) = (Noun::Process, head.status.as_str());
            return Err(Refusal::WrongState { what, is }.into());
        }
    }
    head.analyst_id = Some(who.person.id.clone());
    let body = json!({ "what": "analyst", "number": head.number });
    let kind = EventKind::ProcessChanged;
    note_in(app, &mut tx, (&head, &by(who)), kind, &body).await?;
    touch_in(app, &mut tx, &mut head).await?;
    Ok(tx.commit().await?)
}

/// Asks the intermediary for information or a paper. A decision that waits for a second person is taken
/// back by it.
///
/// # Errors
/// Not found; denied; the state; what is wrong with the question; any fault.
#[boxed]
pub async fn ask(app: &App, who: &SignedIn, id: &RowId, ask: &Ask) -> Result<RowId, AppError> {
    let whose = enter(who, Permission::WorkProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = held_in(&mut tx, whose, id).await?;
    require(head.status, ProcessCommand::Ask, ProcessSide::Bank)?;
    if let Some(open) = open_decision_in(&mut tx, &head.org_id, id).await? {
        let (state, done) = (
            DecisionState::Returned.as_str(),
            (&who.person.id, app.now()),
        );
        close_decision_in(&mut tx, &head.org_id, &open.id, state, done).await?;
    }
    let request = ask_in(app, &mut tx, &mut head, &by(who), ask).await?;
    tx.commit().await?;
    Ok(request)
}

/// Withdraws a question. Withdrawn or answered before, nothing happens.
///
/// # Errors
/// Not found for process and question alike; denied; any fault.
#[boxed]
pub async fn withdraw(
    app: &App,
    who: &SignedIn,
    (id, request): (&RowId, &RowId),
) -> Result<(), AppError> {
    let whose = enter(who, Permission::WorkProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = held_in(&mut tx, whose, id).await?;
    withdraw_in(app, &mut tx, &mut head, &by(who), request).await?;
    Ok(tx.commit().await?)
}

/// Writes to the intermediary about a process.
///
/// # Errors
/// Not found; denied; what is wrong with the words; any fault.
#[boxed]
pub async fn message(
    app: &App,
    who: &SignedIn,
    id: &RowId,
    (subject, text): (&str, &str),
) -> Result<(), AppError> {
    let whose = enter(who, Permission::WorkProcesses)?;
    let mut tx = app.db().begin().await?;
    let head = held_in(&mut tx, whose, id).await?;
    let words = thread::checked(Some(subject), Some(text), Vec::new());
    let words = words.map_err(Refusal::Findings)?;
    let topic = Topic {
        org_id: &head.org_id,
        subject: Subject::Process,
        subject_id: &head.id,
    };
    let by = by(who);
    let author = Author {
        from_bank: true,
        id: &who.person.id,
        name: &by.name,
    };
    let written = thread::write_in(app, &mut tx, topic, author, words).await?;
    let body = json!({ "message": written.id.as_str() });
    let kind = EventKind::PartnerMessageWritten;
    note_in(app, &mut tx, (&head, &by), kind, &body).await?;
    let notice = Notice::BankMessage {
        about: About::Process(head.id.clone()),
        number: head.number,
        message_id: written.id,
        at: app.now(),
    };
    tell(app, &mut tx, (&head, &by), &notice).await?;
    Ok(tx.commit().await?)
}

/// Notes that the bank looked at what the intermediary wrote.
///
/// # Errors
/// Not found; denied; any fault.
#[boxed]
pub async fn read(app: &App, who: &SignedIn, id: &RowId) -> Result<(), AppError> {
    let whose = enter(who, Permission::WorkProcesses)?;
    let head = find(app.db(), whose, id).await?.ok_or_else(unknown)?;
    let head = handed_over(head)?;
    if thread::unread(app, &head.org_id, id, false).await? == 0 {
        return Ok(());
    }
    let mut tx = app.db().begin().await?;
    thread::mark_read_in(app, &mut tx, &head.org_id, id, false).await?;
    Ok(tx.commit().await?)
}

/// A paper of a process, to be read. That somebody read it is recorded.
///
/// # Errors
/// Not found for process and paper alike; denied; any fault.
#[boxed]
pub async fn paper(
    app: &App,
    who: &SignedIn,
    (id, paper): (&RowId, &RowId),
) -> Result<Download, AppError> {
    let whose = enter(who, Permission::SeeProcesses)?;
    let head = find(app.db(), whose, id).await?.ok_or_else(unknown)?;
    handed_over(head)?;
    papers::one(app, (whose, &by(who)), (id, paper)).await
}
