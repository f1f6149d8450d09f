//! The one place where the status of a proposal changes.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_callbacks::Notice;
use lintel_domain::event::EventKind;
use lintel_domain::id::Instant;
use lintel_domain::process::ProcessSide;
use lintel_domain::proposal::{ProposalCommand, ProposalStatus, after};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_simulations::history::{self, SYSTEM, Step, Subject};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::process::StoredProcess;
use lintel_store::proposal::{StoredProposal, of_process_in, save_in};
use serde_json::json;

use super::standing;
use crate::by::By;
use crate::transition::{note_in, tell};

/// Nobody: time went by.
pub(super) fn nobody() -> By {
    By {
        side: ProcessSide::System,
        actor: SYSTEM.to_owned(),
        name: String::new(),
        correlation: None,
    }
}

/// Carries out a command of a proposal whose process is locked: status, history, event and notice.
/// `reason` stands in the history; nothing personal belongs there.
///
/// # Errors
/// The state, when it does not allow the command; any fault.
pub(crate) async fn move_in(
    app: &App,
    tx: &mut Tx,
    (head, proposal): (&StoredProcess, &mut StoredProposal),
    command: ProposalCommand,
    (by, reason): (&By, Option<&str>),
) -> Result<(), AppError> {
    let from = proposal.status;
    let to = allowed(app, proposal, command, by)?;
    // What expired dates from the end of its days, as it read before.
    let at = match command {
        ProposalCommand::Expire => proposal.valid_until,
        ProposalCommand::Accept | ProposalCommand::Cancel | ProposalCommand::Supersede => app.now(),
    };
    proposal.status = to;
    proposal.status_at = at;
    proposal.revision = proposal.revision.saturating_add(1);
    save_in(tx, proposal).await?;
    let body = json!({ "proposal": proposal.id.as_str(), "from": from, "to": to,
        "number": proposal.number });
    note_in(app, tx, (head, by), EventKind::ProposalStatusChanged, &body).await?;
    noted_in(app, tx, proposal, (Some(from), by, reason), at).await?;
    let notice = Notice::ProposalStatus {
        process_id: head.id.clone(),
        process_number: head.number,
        proposal_id: proposal.id.clone(),
        number: proposal.number,
        from,
        to,
        at,
    };
    Ok(tell(app, tx, (head, by), &notice).await?)
}

/// How a proposal stands after a command.
///
/// # Errors
/// The state, as it reads now, when it does not allow the command.
pub(super) fn allowed(
    app: &App,
    proposal: &StoredProposal,
    command: ProposalCommand,
    by: &By,
) -> Result<ProposalStatus, AppError> {
    let reads = standing(proposal.clone(), app.now()).status;
    let is_late = reads != proposal.status && command != ProposalCommand::Expire;
    match after(proposal.status, command, by.side) {
        Some(to) if !is_late => Ok(to),
        Some(_) | None => {
            let (what, is) = (Noun::Proposal, reads.as_str());
            Err(Refusal::WrongState { what, is }.into())
        }
    }
}

/// Writes a proposal's status into the history.
pub(super) async fn noted_in(
    app: &App,
    tx: &mut Tx,
    proposal: &StoredProposal,
    (from, by, reason): (Option<ProposalStatus>, &By, Option<&str>),
    at: Instant,
) -> Result<(), Fault> {
    let step = Step {
        org_id: &proposal.org_id,
        subject: Subject::Proposal,
        subject_id: &proposal.id,
        from: from.map(ProposalStatus::as_str),
        to: proposal.status.as_str(),
        actor: &by.actor,
        actor_name: &by.name,
        reason,
        at,
    };
    history::note_in(app, tx, &step).await
}

/// Ends the open proposal of a process that is locked, if it has one: a newer one takes its place, or
/// it goes with its process. One whose days are over expires.
///
/// # Errors
/// Any fault.
pub(crate) async fn end_open_in(
    app: &App,
    tx: &mut Tx,
    head: &StoredProcess,
    (command, by, reason): (ProposalCommand, &By, Option<&str>),
) -> Result<(), AppError> {
    for mut proposal in of_process_in(tx, &head.org_id, &head.id).await? {
        if proposal.status != ProposalStatus::Issued {
            continue;
        }
        let of = (head, &mut proposal);
        if of.1.valid_until <= app.now() {
            move_in(app, tx, of, ProposalCommand::Expire, (&nobody(), None)).await?;
        } else {
            move_in(app, tx, of, command, (by, reason)).await?;
        }
    }
    Ok(())
}
