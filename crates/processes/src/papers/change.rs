//! Saying something else about a paper, or putting other bytes in its place.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::event::EventKind;
use lintel_domain::finding::Finding;
use lintel_domain::id::RowId;
use lintel_domain::process::{ProcessCommand, ProcessSide};
use lintel_domain::refusal::Noun;
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_store::db::Tx;
use lintel_store::process::{
    StoredPaper, StoredProcess, document_in, held_documents, held_documents_in, insert_document_in,
    update_document_in,
};
use serde_json::json;

use super::bytes::{self, Kept};
use super::{PaperDraft, borrower_is_there_in, follow, room, wrong};
use crate::by::By;
use crate::check;
use crate::create::whose;
use crate::edit::{expect, refuse};
use crate::process::{Paper, PaperNames, load, lock_in, open_paper, seal, unknown_part};
use crate::request::{answered_by_in, unanswered_in};
use crate::transition::{note_in, require, touch_in};

/// Changes a paper of the caller's; what is not said stays. Other bytes take the place of those that
/// are there, which the bank keeps once it had the process.
///
/// # Errors
/// Not found for process and paper alike; the state; stale when `expected` names other revisions; every
/// finding; busy when too many papers come in at once; any fault. Nothing changes then.
#[boxed]
pub async fn change(
    app: &App,
    caller: Caller<'_>,
    (process, id): (&RowId, &RowId),
    expected: Option<&[i64]>,
    (draft, found): (PaperDraft, Vec<Finding>),
) -> Result<Paper, AppError> {
    let before = load(app, whose(caller), process).await?;
    let paper = before.papers.iter().find(|paper| paper.id == *id);
    let paper = paper.ok_or_else(|| unknown_part(Noun::ProcessDocument))?;
    require(
        before.head.status,
        ProcessCommand::EditPapers,
        ProcessSide::Partner,
    )?;
    let whole = PaperDraft {
        type_id: draft.type_id.or(Some(paper.type_id)),
        borrower_id: draft
            .borrower_id
            .clone()
            .or(Some(paper.borrower_id.clone())),
        ..draft.clone()
    };
    let mut found = found;
    let borrower_id = wrong(&before, &whole, &mut found);
    if let Some(content) = &draft.content {
        bytes::wrong(app, content, &mut found);
    }
    refuse(check::sorted(found))?;
    let kept = match &draft.content {
        Some(content) => {
            let held = held_documents(app.db(), &before.head.org_id, process).await?;
            let more = u64::try_from(content.len()).unwrap_or(u64::MAX);
            room::kept(&before.head, held, (more, Some(paper.byte_len)))?;
            Some(bytes::keep(app, content).await?)
        }
        None => None,
    };
    let next = Next {
        draft: &whole,
        borrower_id,
        kept: kept.as_ref(),
    };
    match write(app, caller, (process, id, expected), &next).await {
        Ok(paper) => {
            follow(app, caller, &before.head).await;
            Ok(paper)
        }
        Err(error) => {
            if let Some(kept) = kept {
                kept.discard(app).await;
            }
            Err(error)
        }
    }
}

/// What a paper is to be.
struct Next<'a> {
    draft: &'a PaperDraft,
    borrower_id: Option<RowId>,
    kept: Option<&'a Kept>,
}

async fn write(
    app: &App,
    caller: Caller<'_>,
    (process, id, expected): (&RowId, &RowId, Option<&[i64]>),
    next: &Next<'_>,
) -> Result<Paper, AppError> {
    let mut tx = app.db().begin().await?;
    let mut head = lock_in(&mut tx, whose(caller), process).await?;
    require(
        head.status,
        ProcessCommand::EditPapers,
        ProcessSide::Partner,
    )?;
    let stored = document_in(&mut tx, &head.org_id, (process, id)).await?;
    let mut stored = stored.ok_or_else(|| unknown_part(Noun::ProcessDocument))?;
    expect(Noun::ProcessDocument, expected, stored.revision)?;
    borrower_is_there_in(&mut tx, &head, next.borrower_id.as_ref()).await?;
    let by = By::partner(caller);
    if let Some(kept) = next.kept {
        replace_in(app, &mut tx, &head, (&mut stored, kept)).await?;
    }
    let old = open_paper(app, &stored)?.names;
    let draft = next.draft;
    let or = |new: &Option<String>, old: String| new.clone().unwrap_or(old);
    let names = PaperNames {
        title: or(&draft.title, old.title),
        file_name: or(&draft.file_name, old.file_name),
        observations: or(&draft.observations, old.observations),
    };
    stored.about = seal(app, Purpose::CreditPaper, &stored.id, &names)?;
    let type_id = draft.type_id.unwrap_or(stored.type_id);
    if (stored.type_id, &stored.borrower_id) != (type_id, &next.borrower_id) {
        stored.type_id = type_id;
        stored.borrower_id.clone_from(&next.borrower_id);
        // It may not be what was asked for any more, or be something else that was.
        unanswered_in(&mut tx, &head, stored.request_id.as_ref()).await?;
        let answers = (type_id, stored.borrower_id.as_ref());
        stored.request_id = answered_by_in(app, &mut tx, (&head, &by), answers).await?;
    }
    stored.revision = stored.revision.saturating_add(1);
    stored.updated_at = app.now();
    update_document_in(&mut tx, &stored).await?;
    let body = json!({ "document": id.as_str(), "content": next.kept.is_some() });
    let kind = EventKind::ProcessDocumentChanged;
    note_in(app, &mut tx, (&head, &by), kind, &body).await?;
    touch_in(app, &mut tx, &mut head).await?;
    tx.commit().await?;
    Ok(open_paper(app, &stored)?)
}

/// Puts other bytes in the place of a paper's. Once the bank had the process, the old ones stay as a
/// paper out of sight.
async fn replace_in(
    app: &App,
    tx: &mut Tx,
    head: &StoredProcess,
    (stored, kept): (&mut StoredPaper, &Kept),
) -> Result<(), AppError> {
    let held = held_documents_in(tx, &head.org_id, &head.id).await?;
    let bytes_of = (kept.facts.bytes, Some(stored.byte_len));
    room::kept(head, held, bytes_of)?;
    if head.submitted_at.is_none() {
        bytes::destroy_in(tx, stored).await?;
    } else {
        let names = open_paper(app, stored)?.names;
        let id = app.row_id()?;
        let old = StoredPaper {
            about: seal(app, Purpose::CreditPaper, &id, &names)?,
            request_id: None,
            removed_at: Some(app.now()),
            id,
            ..stored.clone()
        };
        insert_document_in(tx, &old).await?;
    }
    kept.content_type.clone_into(&mut stored.content_type);
    stored.byte_len = kept.facts.bytes;
    stored.content_hash = kept.facts.sha256.to_vec();
    kept.handle().clone_into(&mut stored.handle);
    stored.content_key.clone_from(&kept.key_sealed);
    Ok(kept.settle_in(tx).await?)
}
