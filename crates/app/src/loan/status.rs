//! Moving a loan: where it may go, what still stands in the way, and what everybody reads then.

mod change;

pub use change::{Bar, Barred, OpenCondition, StatusChange, StatusOutcome, StatusWords};
use lintel_macros::boxed;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::loan::Status;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::LoanStatusField;
use lintel_domain::status::{Position, Step, Worded, Wordings};
use lintel_store::condition;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;
use lintel_store::loan::status::{NewStatus, set_in, wordings_in};
use serde_json::{Value, json};

use super::caller::{LoanCaller, find, lock_in, note_in};
use super::crm;
use crate::context::App;
use crate::document;
use crate::error::AppError;

/// Moves a loan. The status it has already changes nothing and is fine. Counts as a change of the
/// loan: a newer document no longer replaces it. A broker's hand goes less far than the lender's, and
/// leaves the lender's words alone.
///
/// # Errors
/// Not permitted; texts that cannot be used, all of them at once; not found, alike, for what is
/// unknown, foreign or somebody else's; any fault of the database.
#[boxed]
pub async fn change(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
    change: StatusChange,
) -> Result<StatusOutcome, AppError> {
    caller.require(Permission::ChangeStatus)?;
    let change = change.check()?;
    let mut tx = app.db().begin().await?;
    let head = lock_in(&mut tx, caller, id).await?;
    // After the wait: a caller that lists what changed since its last look must not be shown a time
    // from before it.
    let now = app.now();
    let from = head.position();
    change.check_words(caller)?;
    let to = match change.target(from, caller.hand()) {
        Ok(step) => step,
        Err(barred) => return Ok(StatusOutcome::Barred(barred)),
    };
    if let Some(barred) = open_conditions_in(&mut tx, &head, from, to).await? {
        return Ok(StatusOutcome::Barred(change.because(barred)));
    }
    let words = words_in(&mut tx, &head, from, to).await?;
    let new = NewStatus {
        position: from.after(to),
        words: change.reworded(words),
        closing_at: change.closing_at().or(head.line.closing_at),
    };
    let is_renamed = crm::name_in(&mut tx, caller, &head, change.crm_id(), now).await?;
    if is_same(&head, &new) {
        if is_renamed {
            crm::note_name_in(app, &mut tx, caller, &head, now).await?;
            tx.commit().await?;
        }
        return Ok(StatusOutcome::Unchanged(Box::new(head)));
    }
    write_in(app, &mut tx, (caller, &head), &new, now).await?;
    let head = lock_in(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(StatusOutcome::Changed(Box::new(head)))
}

/// The steps a loan may go to from where it stands by the caller's hand, in the system's order. Open
/// conditions are not looked at.
///
/// # Errors
/// As [`find`].
#[boxed]
pub async fn choices(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
) -> Result<Vec<Step>, AppError> {
    let position = find(app, caller, id).await?.position();
    Ok(position.ways_by(caller.hand()))
}

/// What stands in the way of a step. Nothing keeps a loan from coming back to where it was before it
/// was put away.
pub(super) async fn open_conditions_in(
    tx: &mut Tx,
    head: &LoanHead,
    from: Position,
    to: Step,
) -> Result<Option<Bar>, Fault> {
    if to == from.step || from.is_return(to) {
        return Ok(None);
    }
    let all = condition::of_loan_in(tx, &head.lender_id, &head.line.id).await?;
    let open = all.into_iter();
    let open = open.filter(|c| to.waits_for(c.phase) && !c.status.is_met());
    let open: Vec<OpenCondition> = open.map(OpenCondition::from).collect();
    Ok((!open.is_empty()).then_some(Bar::ConditionsOpen(open)))
}

/// The words for a step: those the loan has, while it stays there; else the lender's.
async fn words_in(tx: &mut Tx, head: &LoanHead, from: Position, to: Step) -> Result<Worded, Fault> {
    if to == from.step {
        return Ok(Worded {
            step: to,
            lender: head.line.lender_status.clone(),
            borrower: head.line.borrower_status.clone(),
        });
    }
    let rows = wordings_in(tx, &head.lender_id).await?;
    Ok(Wordings::new(rows).of(to))
}

fn is_same(head: &LoanHead, new: &NewStatus) -> bool {
    let line = &head.line;
    line.system_status == new.position.step.status()
        && line.lender_status == new.words.lender
        && line.borrower_status == new.words.borrower
        && line.closing_at == new.closing_at
}

async fn write_in(
    app: &App,
    tx: &mut Tx,
    (caller, head): (&LoanCaller<'_>, &LoanHead),
    new: &NewStatus,
    now: Instant,
) -> Result<(), Fault> {
    set_in(tx, (&head.lender_id, &head.line.id), new, now).await?;
    if !new.position.step.lifecycle().is_active() && new.position != head.position() {
        document::recount_retention_in(app, tx, head, now).await?;
    }
    let body = moved(&head.line.system_status, new.position.step);
    let kind = EventKind::LoanStatusChanged;
    note_in(app, tx, caller, head, (kind, now), &body).await
}

/// What the log says of a move: the system's words, before and after.
pub(super) fn moved(from: &Status, to: Step) -> Value {
    let words = |status: &Status| json!({ "main": status.main, "sub": status.sub });
    json!({ "from": words(from), "to": words(&to.status()) })
}

/// The field a refusal of a step names: the sub status when one was asked for and its stage can be
/// reached, else the main one.
fn field_of(has_sub: bool, from: Position, to: Step) -> LoanStatusField {
    let stage_is_near = from.ways().iter().any(|way| way.stage() == to.stage());
    if has_sub && (stage_is_near || from.step.stage() == to.stage()) {
        LoanStatusField::Sub
    } else {
        LoanStatusField::Main
    }
}
