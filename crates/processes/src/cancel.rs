//! Taking a process back.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::process::{ProcessCommand, ProcessSide, ProcessStatus};
use lintel_domain::proposal::ProposalCommand;
use lintel_domain::refusal::Noun;
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_taxonomy::{List, entry};

use crate::by::By;
use crate::create::whose;
use crate::edit::{expect, refuse};
use crate::process::{Process, load, lock_in};
use crate::proposal::moves::end_open_in;
use crate::transition::{require, transition_in};

/// Cancels a process of the caller's, before it is contracted. Cancelled again, it is answered as it
/// is. `found` is what the face could not read: it comes first, then the state, then the reason.
///
/// # Errors
/// Not found; stale when `expected` names other revisions; its state; a reason that is not in its list;
/// any fault.
#[boxed]
pub async fn cancel(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    (expected, reason, found): (Option<&[i64]>, Option<u32>, Vec<Finding>),
) -> Result<Process, AppError> {
    let mut tx = app.db().begin().await?;
    let mut head = lock_in(&mut tx, whose(caller), id).await?;
    refuse(found)?;
    if head.status == ProcessStatus::Cancelled {
        drop(tx);
        return load(app, whose(caller), id).await;
    }
    expect(Noun::Process, expected, head.revision)?;
    require(head.status, ProcessCommand::Cancel, ProcessSide::Partner)?;
    let known = reason.map(|id| entry(List::ProposalCancelReasons, id));
    if let Some(rule) = match known {
        None => None,
        Some(None) => Some(CreditRule::Unknown),
        Some(Some(reason)) => (!reason.active).then_some(CreditRule::Retired),
    } {
        refuse(vec![Finding::new(CreditField::CancelReason, rule)])?;
    }
    head.cancel_reason_id = reason;
    let word = known.flatten().map(|reason| reason.code);
    let by = By::partner(caller);
    // An offer that is open goes with it.
    let goes = (ProposalCommand::Cancel, &by, word);
    end_open_in(app, &mut tx, &head, goes).await?;
    transition_in(app, &mut tx, &mut head, ProcessCommand::Cancel, &by, word).await?;
    tx.commit().await?;
    load(app, whose(caller), id).await
}
