//! Papers of a process: filed, changed, removed, handed out. Their bytes lie sealed in the blob store;
//! a blob is registered before its first byte is written and leaves the register in the transaction
//! that files it, so one that belongs to nobody is swept.

pub(crate) mod bytes;
mod change;
mod download;
mod kind;
mod room;

pub use change::change;
pub use download::{Download, PaperStream, one};
pub use kind::content_type;
use lintel_macros::boxed;

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::event::EventKind;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::process::{ProcessCommand, ProcessSide, ProcessStatus};
use lintel_domain::refusal::Noun;
use lintel_simulations::Caller;
use lintel_store::db::Tx;
use lintel_store::process::{
    StoredPaper, StoredProcess, delete_document_in, document_in, documents_in, held_documents,
    held_documents_in, insert_document_in, update_document_in,
};
use lintel_taxonomy::papers::{Scope, scope};
use lintel_taxonomy::{List, entry};
use serde_json::json;

use crate::by::By;
use crate::check;
use crate::create::whose;
use crate::edit::{expect, refuse};
use crate::process::{Paper, PaperNames, Process, load, lock_in, open_paper, seal, unknown_part};
use crate::request::{answered_by_in, unanswered_in};
use crate::submit::go_on;
use crate::transition::{note_in, require, touch_in};
use bytes::Kept;

/// Longest title and file name, in characters.
pub const NAME_MAX_CHARS: usize = 200;
/// Longest observations, in characters.
pub const OBSERVATIONS_MAX_CHARS: usize = 2000;

/// What is said about a paper. `None` of a new one is missing, of one that is there: as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PaperDraft {
    /// Its type.
    pub type_id: Option<u32>,
    /// Its title; a new paper without one is called as its file.
    pub title: Option<String>,
    /// Its file's name, without folders.
    pub file_name: Option<String>,
    /// What its sender says about it.
    pub observations: Option<String>,
    /// The borrower it is about; `Some(None)` nobody in particular.
    pub borrower_id: Option<Option<RowId>>,
    /// Its bytes.
    pub content: Option<Vec<u8>>,
}

impl std::fmt::Debug for PaperDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaperDraft")
            .field("type_id", &self.type_id)
            .finish_non_exhaustive()
    }
}

/// Files a paper with a process of the caller's: in creation, or while the bank waits for
/// information. It answers the oldest open request for a paper of its type, and when that was the
/// last one the process goes back into analysis.
///
/// # Errors
/// Not found; the state; every finding, the content's too; busy when too many papers come in at once;
/// any fault. Nothing is filed then.
#[boxed]
pub async fn add(
    app: &App,
    caller: Caller<'_>,
    process: &RowId,
    (draft, found): (PaperDraft, Vec<Finding>),
) -> Result<Paper, AppError> {
    let before = load(app, whose(caller), process).await?;
    let side = ProcessSide::Partner;
    require(before.head.status, ProcessCommand::EditPapers, side)?;
    let mut found = found;
    let borrower_id = wrong(&before, &draft, &mut found);
    needed(&draft, &mut found);
    let content = draft.content.as_deref().unwrap_or_default();
    bytes::wrong(app, content, &mut found);
    refuse(check::sorted(found))?;
    let held = held_documents(app.db(), &before.head.org_id, process).await?;
    let more = u64::try_from(content.len()).unwrap_or(u64::MAX);
    room::kept(&before.head, held, (more, None))?;
    let kept = bytes::keep(app, content).await?;
    let result = file_in(app, caller, (process, borrower_id), (&draft, &kept)).await;
    match result {
        Ok(paper) => {
            follow(app, caller, &before.head).await;
            Ok(paper)
        }
        Err(error) => {
            kept.discard(app).await;
            Err(error)
        }
    }
}

/// After a paper: the process goes back when that was the last that was missing. The paper is filed
/// whatever comes of this, and submitting the process does it too.
async fn follow(app: &App, caller: Caller<'_>, before: &StoredProcess) {
    if before.status == ProcessStatus::PendingInformation
        && let Err(error) = go_on(app, caller, &before.id).await
    {
        let process = before.id.as_str();
        tracing::warn!(
            process,
            ?error,
            "a process could not be handed back after a paper"
        );
    }
}

async fn file_in(
    app: &App,
    caller: Caller<'_>,
    (process, borrower_id): (&RowId, Option<RowId>),
    (draft, kept): (&PaperDraft, &Kept),
) -> Result<Paper, AppError> {
    let mut tx = app.db().begin().await?;
    let mut head = lock_in(&mut tx, whose(caller), process).await?;
    require(
        head.status,
        ProcessCommand::EditPapers,
        ProcessSide::Partner,
    )?;
    let there = documents_in(&mut tx, &head.org_id, &head.id).await?;
    room::in_sight(there.len())?;
    let held = held_documents_in(&mut tx, &head.org_id, &head.id).await?;
    room::kept(&head, held, (kept.facts.bytes, None))?;
    // The borrower may have left meanwhile.
    borrower_is_there_in(&mut tx, &head, borrower_id.as_ref()).await?;
    let (by, now) = (By::partner(caller), app.now());
    let type_id = draft.type_id.unwrap_or_default();
    let answers = (type_id, borrower_id.as_ref());
    let request_id = answered_by_in(app, &mut tx, (&head, &by), answers).await?;
    let file_name = draft.file_name.clone().unwrap_or_default();
    let names = PaperNames {
        title: draft.title.clone().unwrap_or_else(|| file_name.clone()),
        file_name,
        observations: draft.observations.clone().unwrap_or_default(),
    };
    let id = kept.id().clone();
    let stored = StoredPaper {
        org_id: head.org_id.clone(),
        process_id: head.id.clone(),
        borrower_id,
        request_id,
        type_id,
        about: seal(app, Purpose::CreditPaper, &id, &names)?,
        content_type: kept.content_type.to_owned(),
        byte_len: kept.facts.bytes,
        content_hash: kept.facts.sha256.to_vec(),
        handle: kept.handle().to_owned(),
        content_key: kept.key_sealed.clone(),
        revision: 1,
        created_by: by.actor.clone(),
        created_at: now,
        updated_at: now,
        removed_at: None,
        id,
    };
    insert_document_in(&mut tx, &stored).await?;
    kept.settle_in(&mut tx).await?;
    let body = json!({ "document": stored.id.as_str(), "type": type_id });
    let kind = EventKind::ProcessDocumentFiled;
    note_in(app, &mut tx, (&head, &by), kind, &body).await?;
    touch_in(app, &mut tx, &mut head).await?;
    tx.commit().await?;
    Ok(open_paper(app, &stored)?)
}

pub(crate) async fn borrower_is_there_in(
    tx: &mut Tx,
    head: &StoredProcess,
    borrower: Option<&RowId>,
) -> Result<(), AppError> {
    let Some(id) = borrower else { return Ok(()) };
    let there = lintel_store::process::borrowers_in(tx, &head.org_id, &head.id).await?;
    if there.iter().any(|borrower| borrower.id == *id) {
        return Ok(());
    }
    let finding = Finding::new(CreditField::DocumentBorrower, CreditRule::Unknown);
    refuse(vec![finding])
}

/// What a new paper cannot do without.
fn needed(draft: &PaperDraft, found: &mut Vec<Finding>) {
    for (field, is_there) in [
        (CreditField::DocumentType, draft.type_id.is_some()),
        (CreditField::DocumentFileName, draft.file_name.is_some()),
        (CreditField::DocumentContent, draft.content.is_some()),
    ] {
        if !is_there && !found.iter().any(|finding| finding.field == field) {
            found.push(Finding::new(field, CreditRule::Missing));
        }
    }
}

/// What is wrong with what is said about a paper; and the borrower it is about. A paper of a borrower
/// in a process that has only one is about that one.
fn wrong(process: &Process, draft: &PaperDraft, found: &mut Vec<Finding>) -> Option<RowId> {
    let mut note = |field, rule| {
        if !found.iter().any(|finding: &Finding| finding.field == field) {
            found.push(Finding::new(field, rule));
        }
    };
    match draft.type_id.map(|id| entry(List::DocumentTypes, id)) {
        None => {}
        Some(None) => note(CreditField::DocumentType, CreditRule::Unknown),
        Some(Some(kind)) if !kind.active => note(CreditField::DocumentType, CreditRule::Retired),
        Some(Some(_)) => {}
    }
    let file_name = draft.file_name.as_deref();
    if file_name.is_some_and(|name| name.is_empty() || matches!(name, "." | "..")) {
        note(CreditField::DocumentFileName, CreditRule::Missing);
    }
    if file_name.is_some_and(|name| name.contains(['/', '\\', '"', '\u{0}'])) {
        note(CreditField::DocumentFileName, CreditRule::Malformed);
    }
    if draft.title.as_deref() == Some("") {
        note(CreditField::DocumentTitle, CreditRule::Missing);
    }
    let needs_one = draft.type_id.and_then(scope) == Some(Scope::Borrower);
    let given = draft.borrower_id.clone().flatten();
    match (given, process.borrowers.as_slice()) {
        (Some(id), all) => {
            if all.iter().all(|borrower| borrower.id != id) {
                note(CreditField::DocumentBorrower, CreditRule::Unknown);
            }
            Some(id)
        }
        (None, [only]) if needs_one => Some(only.id.clone()),
        (None, _) => {
            if needs_one {
                note(CreditField::DocumentBorrower, CreditRule::Missing);
            }
            None
        }
    }
}

/// Takes a paper of the caller's out of sight. In creation its bytes are destroyed; later the bank may
/// have looked at it, so they stay. A request it answered is open again.
///
/// # Errors
/// Not found for process and paper alike; the state; stale when `expected` names other revisions; any
/// fault.
#[boxed]
pub async fn remove(
    app: &App,
    caller: Caller<'_>,
    (process, id): (&RowId, &RowId),
    expected: Option<&[i64]>,
) -> Result<(), AppError> {
    let mut tx = app.db().begin().await?;
    let mut head = lock_in(&mut tx, whose(caller), process).await?;
    let stored = document_in(&mut tx, &head.org_id, (process, id)).await?;
    let stored = stored.ok_or_else(|| unknown_part(Noun::ProcessDocument))?;
    expect(Noun::ProcessDocument, expected, stored.revision)?;
    require(
        head.status,
        ProcessCommand::EditPapers,
        ProcessSide::Partner,
    )?;
    unanswered_in(&mut tx, &head, stored.request_id.as_ref()).await?;
    let (by, body) = (By::partner(caller), json!({ "document": id.as_str() }));
    let kind = EventKind::ProcessDocumentRemoved;
    note_in(app, &mut tx, (&head, &by), kind, &body).await?;
    take_away_in(app, &mut tx, &head, stored).await?;
    touch_in(app, &mut tx, &mut head).await?;
    Ok(tx.commit().await?)
}

/// Takes a paper out of sight; for good, and its bytes with it, when the bank never had the process.
pub(crate) async fn take_away_in(
    app: &App,
    tx: &mut Tx,
    head: &StoredProcess,
    mut stored: StoredPaper,
) -> Result<(), AppError> {
    if head.submitted_at.is_none() {
        bytes::destroy_in(tx, &stored).await?;
        return Ok(delete_document_in(tx, &stored).await?);
    }
    stored.removed_at = Some(app.now());
    Ok(update_document_in(tx, &stored).await?)
}

/// The papers of a process of the caller's, oldest first.
///
/// # Errors
/// Not found; any fault.
#[boxed]
pub async fn list(app: &App, caller: Caller<'_>, process: &RowId) -> Result<Vec<Paper>, AppError> {
    Ok(load(app, whose(caller), process).await?.papers)
}
