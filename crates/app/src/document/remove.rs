//! Taking a paper out of sight. Its bytes stay until its time is over.

use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::Denial;
use lintel_macros::boxed;
use lintel_store::document::write::remove_in;
use serde_json::json;

use super::line::{as_unknown, find_stored, unknown};
use crate::condition;
use crate::context::App;
use crate::error::AppError;
use crate::loan::{LoanCaller, lock_in, note_in, touch_in};

/// Removes one version of a paper. No older version takes its place: what was replaced once does
/// not stand again because what replaced it was wrong. A broker removes what it filed itself.
///
/// # Errors
/// Not permitted for people whose roles do not allow it, and for papers somebody else filed, unless
/// the caller is the lender; not found for what is unknown, foreign or removed already; any fault of
/// the database.
#[boxed]
pub async fn remove(app: &App, caller: &LoanCaller<'_>, id: &PublicId) -> Result<(), AppError> {
    caller.require(Permission::EditDocuments)?;
    let (_, stored) = find_stored(app, caller, id).await?;
    let mut tx = app.db().begin().await?;
    let head = lock_in(&mut tx, caller, &stored.loan_public_id).await;
    let head = head.map_err(as_unknown)?;
    if !caller.is_lender_of(&head) && caller.org().id != stored.org_id {
        return Err(Denial::NotPermitted.into());
    }
    let now = app.now();
    let row = (&head.lender_id, &head.line.id);
    if !remove_in(&mut tx, row, &stored.id, (&caller.actor(), now)).await? {
        return Err(unknown());
    }
    touch_in(&mut tx, &head, now).await?;
    let body = json!({ "document": id.as_str(), "version": stored.version });
    let what = (EventKind::DocumentRemoved, now);
    note_in(app, &mut tx, caller, &head, what, &body).await?;
    if let Some(condition) = &stored.condition_id {
        condition::paper_gone_in(app, &mut tx, (caller, &head), condition, now).await?;
    }
    Ok(tx.commit().await?)
}
