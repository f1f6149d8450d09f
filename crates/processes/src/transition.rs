//! The one place where the status of a process changes.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_callbacks::{Notice, Tell, tell_in};
use lintel_domain::event::EventKind;
use lintel_domain::process::{ProcessCommand, ProcessSide, ProcessStatus, after};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_simulations::history::{self, Step, Subject};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::process::{StoredProcess, save_in};
use serde_json::{Value, json};

use crate::by::By;

/// Requires that a command is allowed.
///
/// # Errors
/// The state, when it does not allow it.
pub fn require(
    status: ProcessStatus,
    command: ProcessCommand,
    side: ProcessSide,
) -> Result<ProcessStatus, AppError> {
    let refusal = || Refusal::WrongState {
        what: Noun::Process,
        is: status.as_str(),
    };
    Ok(after(status, command, side).ok_or_else(refusal)?)
}

/// Carries out a command of a process that is locked: looks whether it is allowed, moves the process,
/// and writes head, event, history and notice. A command that moves nothing only counts as something
/// that was done. `reason` stands in the history; nothing personal belongs there.
///
/// # Errors
/// The state, when it does not allow the command; any fault.
#[boxed]
pub async fn transition_in(
    app: &App,
    tx: &mut Tx,
    head: &mut StoredProcess,
    command: ProcessCommand,
    by: &By,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let from = head.status;
    let to = require(from, command, by.side)?;
    let now = app.now();
    if to == from {
        return Ok(touch_in(app, tx, head).await?);
    }
    head.status = to;
    head.status_at = now;
    if command == ProcessCommand::Submit {
        head.submitted_at = Some(now);
    }
    touch_in(app, tx, head).await?;
    let body = json!({ "from": from, "to": to, "number": head.number });
    note_in(app, tx, (head, by), EventKind::ProcessStatusChanged, &body).await?;
    told_in(app, tx, head, (Some(from), by, reason)).await?;
    Ok(())
}

/// Writes a status into the history and tells the partner.
pub(crate) async fn told_in(
    app: &App,
    tx: &mut Tx,
    head: &StoredProcess,
    (from, by, reason): (Option<ProcessStatus>, &By, Option<&str>),
) -> Result<(), Fault> {
    let step = Step {
        org_id: &head.org_id,
        subject: Subject::Process,
        subject_id: &head.id,
        from: from.map(ProcessStatus::as_str),
        to: head.status.as_str(),
        actor: &by.actor,
        actor_name: &by.name,
        reason,
        at: app.now(),
    };
    history::note_in(app, tx, &step).await?;
    let notice = Notice::ProcessStatus {
        process_id: head.id.clone(),
        number: head.number,
        from,
        to: head.status,
        at: app.now(),
    };
    tell(app, tx, (head, by), &notice).await
}

/// Tells the partner of something about a process.
pub(crate) async fn tell(
    app: &App,
    tx: &mut Tx,
    (head, by): (&StoredProcess, &By),
    notice: &Notice,
) -> Result<(), Fault> {
    let tell = Tell {
        org_id: &head.org_id,
        intermediary_id: &head.intermediary_id,
        subject: &head.id,
        notice,
        correlation: by.correlation.as_deref(),
    };
    tell_in(app, tx, &tell).await
}

/// Records an event of a process. Nothing personal belongs into its body.
pub(crate) async fn note_in(
    app: &App,
    tx: &mut Tx,
    (head, by): (&StoredProcess, &By),
    kind: EventKind,
    body: &Value,
) -> Result<(), Fault> {
    let event = NewEvent {
        org_id: &head.org_id,
        at: app.now(),
        actor: &by.actor,
        kind,
        subject: head.id.as_str(),
        body: &body.to_string(),
    };
    record_in(tx, &event).await.map(|_| ())
}

/// Writes a head that was changed, as something that was done now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn touch_in(app: &App, tx: &mut Tx, head: &mut StoredProcess) -> Result<(), Fault> {
    head.last_action_at = app.now();
    head.revision = head.revision.saturating_add(1);
    save_in(tx, head).await
}
