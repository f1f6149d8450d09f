//! Messages between the intermediary and the bank about a process.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::event::EventKind;
use lintel_domain::finding::Finding;
use lintel_domain::id::RowId;
use lintel_domain::refusal::Refusal;
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_simulations::thread::{self, Author, Subject, ThreadMessage, ThreadPage, Topic};
use lintel_store::process::find;
use serde_json::json;

use crate::by::By;
use crate::create::whose;
use crate::process::{lock_in, unknown};
use crate::transition::note_in;

/// A page of the messages about a process of the caller's, newest first.
///
/// # Errors
/// Not found; any fault.
#[boxed]
pub async fn messages(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    (number, size): (u32, u32),
) -> Result<ThreadPage, AppError> {
    let head = find(app.db(), whose(caller), id).await?;
    let head = head.ok_or_else(unknown)?;
    Ok(thread::page(app, &head.org_id, &head.id, number, size).await?)
}

/// Writes a message about a process of the caller's, however it stands. `found` is what the face found
/// already.
///
/// # Errors
/// Not found; every finding at once; any fault.
#[boxed]
pub async fn write_message(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    (subject, text): (Option<&str>, Option<&str>),
    found: Vec<Finding>,
) -> Result<ThreadMessage, AppError> {
    let mut tx = app.db().begin().await?;
    let head = lock_in(&mut tx, whose(caller), id).await?;
    let words = thread::checked(subject, text, found).map_err(Refusal::Findings)?;
    let topic = Topic {
        org_id: &head.org_id,
        subject: Subject::Process,
        subject_id: &head.id,
    };
    let author = Author {
        from_bank: false,
        id: &caller.partner.user_id,
        name: &caller.partner.user_name,
    };
    let written = thread::write_in(app, &mut tx, topic, author, words).await?;
    let body = json!({ "message": written.id.as_str() });
    let by = By::partner(caller);
    let kind = EventKind::PartnerMessageWritten;
    note_in(app, &mut tx, (&head, &by), kind, &body).await?;
    tx.commit().await?;
    Ok(written)
}
