//! Papers of a condition, as far as they move it: for the transaction that files or removes them.

use lintel_domain::condition::ConditionStatus;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_macros::boxed;
use lintel_store::condition::{self, Named, StoredCondition};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;

use super::Acting;
use crate::context::App;
use crate::loan::LoanCaller;

/// Finds a condition of a loan whose row the transaction holds; `None` for one of another loan.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find_in(
    tx: &mut Tx,
    head: &LoanHead,
    id: &PublicId,
) -> Result<Option<StoredCondition>, Fault> {
    let keys = (&head.lender_id, &head.line.id);
    condition::find_in(tx, keys, Named::Public(id)).await
}

/// A paper was filed with a condition. Open becomes received; with `auto_satisfy`, or when the
/// condition itself says so, and when the caller may decide for the lender, it is satisfied. What is
/// decided stays. Returns how far it is now.
///
/// # Errors
/// Any fault of the database; corrupt when the loan has no such condition.
#[boxed]
pub async fn received_in(
    app: &App,
    tx: &mut Tx,
    (caller, head): (&LoanCaller<'_>, &LoanHead),
    condition: &RowId,
    auto_satisfy: bool,
    now: Instant,
) -> Result<ConditionStatus, Fault> {
    let there = load_in(tx, head, condition).await?;
    let is_enough = auto_satisfy || there.auto_satisfy;
    let to = there.status.with_paper(is_enough, caller.may_clear(head));
    move_in(app, tx, (caller, head), there, (to, now)).await
}

/// A paper of a condition was removed. When it was the last one, received becomes open again. Returns
/// how far the condition is now.
///
/// # Errors
/// As [`received_in`].
#[boxed]
pub async fn paper_gone_in(
    app: &App,
    tx: &mut Tx,
    (caller, head): (&LoanCaller<'_>, &LoanHead),
    condition: &RowId,
    now: Instant,
) -> Result<ConditionStatus, Fault> {
    let there = load_in(tx, head, condition).await?;
    if condition::has_paper_in(tx, &there).await? {
        return Ok(there.status);
    }
    let to = there.status.without_paper();
    move_in(app, tx, (caller, head), there, (to, now)).await
}

async fn load_in(tx: &mut Tx, head: &LoanHead, id: &RowId) -> Result<StoredCondition, Fault> {
    let keys = (&head.lender_id, &head.line.id);
    let found = condition::find_in(tx, keys, Named::Row(id)).await?;
    found.ok_or_else(|| Fault::corrupt("loan_document", "condition_id", id.as_str()))
}

async fn move_in(
    app: &App,
    tx: &mut Tx,
    (caller, head): (&LoanCaller<'_>, &LoanHead),
    there: StoredCondition,
    (to, now): (ConditionStatus, Instant),
) -> Result<ConditionStatus, Fault> {
    if to == there.status {
        return Ok(to);
    }
    let acting = Acting {
        app,
        caller,
        head,
        now,
    };
    let moved = acting.at_status(there.clone(), to);
    condition::update_in(tx, &moved).await?;
    acting.note_update_in(tx, &there, &moved).await?;
    Ok(to)
}
