//! What an organisation's customer system calls a loan: a word each organisation has for itself.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Field, LoanStatusField, Refusal};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::loan::crm;
use lintel_store::loan::read::LoanHead;
use serde_json::json;

use super::caller::{LoanCaller, lock_in, note_in, touch_in};
use crate::context::App;
use crate::error::AppError;

/// An id as it is stored: without blanks around it; a blank one counts as absent.
///
/// # Errors
/// Malformed when it is longer than 200 characters or has control characters.
pub(super) fn checked(text: Option<String>) -> Result<Option<String>, Refusal> {
    let text = text.map(|text| text.trim().to_owned());
    match text.filter(|text| !text.is_empty()) {
        Some(text) if crm::is_one(&text) => Ok(Some(text)),
        Some(_) => Err(Refusal::malformed(Field::LoanStatus(
            LoanStatusField::CrmId,
        ))),
        None => Ok(None),
    }
}

/// Notes what the caller's customer system calls a loan whose row the transaction holds, without a
/// word to the log; `false` when that is known already, or nothing was said.
pub(super) async fn name_in(
    tx: &mut Tx,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    crm_id: Option<&str>,
    now: Instant,
) -> Result<bool, Fault> {
    let Some(crm_id) = crm_id else {
        return Ok(false);
    };
    let keys = (&head.lender_id, &head.line.id);
    crm::set_in(tx, &caller.org().id, keys, crm_id, now).await
}

/// The note that a loan got another name and nothing else happened to it.
pub(super) async fn note_name_in(
    app: &App,
    tx: &mut Tx,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    now: Instant,
) -> Result<(), Fault> {
    touch_in(tx, head, now).await?;
    let what = (EventKind::LoanNamed, now);
    note_in(app, tx, caller, head, what, &json!({})).await
}

/// Notes what the caller's customer system calls a loan, and answers the loan. What the loan itself
/// says stays as it is, and so does its revision: a newer document may still replace it.
///
/// # Errors
/// Not permitted; malformed; not found, alike, for what is unknown, foreign or somebody else's; any
/// fault of the database.
#[boxed]
pub async fn name(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
    crm_id: String,
) -> Result<LoanHead, AppError> {
    caller.require(Permission::ChangeStatus)?;
    let crm_id = checked(Some(crm_id))?;
    let mut tx = app.db().begin().await?;
    let head = lock_in(&mut tx, caller, id).await?;
    let now = app.now();
    if name_in(&mut tx, caller, &head, crm_id.as_deref(), now).await? {
        note_name_in(app, &mut tx, caller, &head, now).await?;
        tx.commit().await?;
    }
    Ok(head)
}
