//! Answering a proposal: accepted, or refused.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::process::ProcessCommand;
use lintel_domain::proposal::{ProposalCommand, ProposalStatus};
use lintel_domain::refusal::Noun;
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_store::db::Tx;
use lintel_store::process::StoredProcess;
use lintel_store::proposal::{StoredProposal, find, lock_in as lock_proposal_in};
use lintel_taxonomy::{List, entry};

use super::moves::{allowed, move_in};
use super::{Proposal, load, unknown};
use crate::by::By;
use crate::create::whose;
use crate::edit::{expect, refuse};
use crate::process::lock_in;
use crate::transition::transition_in;

/// Accepts a proposal of the caller's: its process is contracted in the same transaction. Accepted
/// before, it is answered as it is.
///
/// # Errors
/// Not found; the state of a proposal that is not open any more, or of its process; stale when
/// `expected` names other revisions; any fault.
#[boxed]
pub async fn accept(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    expected: Option<&[i64]>,
) -> Result<Proposal, AppError> {
    let (mut tx, mut head, mut proposal) = held(app, caller, id).await?;
    if proposal.status != ProposalStatus::Accepted {
        expect(Noun::Proposal, expected, proposal.revision)?;
        let by = By::partner(caller);
        let of = (&head, &mut proposal);
        move_in(app, &mut tx, of, ProposalCommand::Accept, (&by, None)).await?;
        transition_in(app, &mut tx, &mut head, ProcessCommand::Contract, &by, None).await?;
        tx.commit().await?;
    } else {
        drop(tx);
    }
    load(app, whose(caller), id).await
}

/// Refuses a proposal of the caller's for a reason of its list. The process stays approved. Refused
/// before, it is answered as it is. `found` is what the face could not read: it comes first, then the
/// state, then the reason.
///
/// # Errors
/// Not found; stale when `expected` names other revisions; the state; a reason that is missing or not of
/// its list; any fault.
#[boxed]
pub async fn cancel(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    (expected, reason, found): (Option<&[i64]>, Option<u32>, Vec<Finding>),
) -> Result<Proposal, AppError> {
    let (mut tx, head, mut proposal) = held(app, caller, id).await?;
    refuse(found)?;
    if proposal.status != ProposalStatus::Cancelled {
        expect(Noun::Proposal, expected, proposal.revision)?;
        let by = By::partner(caller);
        allowed(app, &proposal, ProposalCommand::Cancel, &by)?;
        let word = reason_word(reason)?;
        proposal.cancel_reason_id = reason;
        let of = (&head, &mut proposal);
        move_in(app, &mut tx, of, ProposalCommand::Cancel, (&by, word)).await?;
        tx.commit().await?;
    } else {
        drop(tx);
    }
    load(app, whose(caller), id).await
}

fn reason_word(reason: Option<u32>) -> Result<Option<&'static str>, AppError> {
    let known = reason.map(|id| entry(List::ProposalCancelReasons, id));
    let rule = match known {
        None => Some(CreditRule::Missing),
        Some(None) => Some(CreditRule::Unknown),
        Some(Some(reason)) => (!reason.active).then_some(CreditRule::Retired),
    };
    if let Some(rule) = rule {
        refuse(vec![Finding::new(CreditField::CancelReason, rule)])?;
    }
    Ok(known.flatten().map(|reason| reason.code))
}

/// A proposal of the caller's and its process, both held: the process first, as everybody does.
async fn held(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
) -> Result<(Tx, StoredProcess, StoredProposal), AppError> {
    let seen = find(app.db(), whose(caller), id).await?;
    let seen = seen.ok_or_else(unknown)?;
    let mut tx = app.db().begin().await?;
    let head = lock_in(&mut tx, whose(caller), &seen.process_id).await?;
    let proposal = lock_proposal_in(&mut tx, whose(caller), id).await?;
    Ok((tx, head, proposal.ok_or_else(unknown)?))
}
