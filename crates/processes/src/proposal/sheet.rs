//! The papers of a proposal: the final information sheet (FINE) and the letter. They were written when
//! it was made and are handed out as they were, bound to it for ever.

use futures_util::stream::StreamExt as _;
use lintel_app::context::App;
use lintel_app::document::sealed::{Opener, plain_stream};
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_domain::proposal::SheetKind;
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::process::{Whose, find as find_process};
use lintel_store::proposal::{self as store, StoredSheet, insert_sheet_in};
use serde_json::json;

use super::unknown;
use crate::by::By;
use crate::create::whose;
use crate::papers::bytes::{Kept, keep};
use crate::transition::note_in;

/// A paper of a proposal of the caller's, as it was made. That it was handed out is recorded.
///
/// # Errors
/// Not found; any fault.
#[boxed]
pub async fn sheet(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    kind: SheetKind,
) -> Result<Vec<u8>, AppError> {
    given(app, (whose(caller), &By::partner(caller)), id, kind).await
}

/// A paper of a proposal, to somebody at the bank.
///
/// # Errors
/// Denied; not found; any fault.
#[boxed]
pub async fn bank_sheet(
    app: &App,
    who: &SignedIn,
    id: &RowId,
    kind: SheetKind,
) -> Result<Vec<u8>, AppError> {
    let whose = crate::desk::enter(who, Permission::SeeProcesses)?;
    given(app, (whose, &crate::desk::by(who)), id, kind).await
}

async fn given(
    app: &App,
    (whose, by): (Whose<'_>, &By),
    id: &RowId,
    kind: SheetKind,
) -> Result<Vec<u8>, AppError> {
    let proposal = store::find(app.db(), whose, id).await?;
    let proposal = proposal.ok_or_else(unknown)?;
    let head = find_process(app.db(), whose, &proposal.process_id).await?;
    let head = head.ok_or_else(|| Fault::corrupt("proposal", "process_id", id.as_str()))?;
    let stored = store::sheet(app.db(), whose.org_id, id, kind.as_str()).await?;
    let stored = stored.ok_or_else(|| Fault::corrupt("credit_paper", "subject_id", id.as_str()))?;
    let bytes = read(app, &stored).await?;
    let body = json!({ "proposal": id.as_str(), "paper": kind });
    let mut tx = app.db().begin().await?;
    note_in(app, &mut tx, (&head, by), EventKind::FineGiven, &body).await?;
    tx.commit().await?;
    Ok(bytes)
}

async fn read(app: &App, stored: &StoredSheet) -> Result<Vec<u8>, Fault> {
    let last = stored.handle.rsplit('/').next().unwrap_or_default();
    let sealed_for = RowId::new(last.to_owned());
    let key = &stored.content_key;
    let opener = Opener::try_new(app.keys(), &sealed_for, key, stored.byte_len)?;
    let mut pieces = Box::pin(plain_stream(
        app.shared_blobs(),
        stored.handle.clone(),
        opener,
    ));
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes)
}

/// A paper whose bytes are in the blob store and that belongs to no proposal yet.
pub(super) struct Written {
    kind: SheetKind,
    kept: Kept,
}

/// Puts a paper into the blob store.
pub(super) async fn put(app: &App, kind: SheetKind, pdf: &[u8]) -> Result<Written, AppError> {
    let kept = keep(app, pdf).await?;
    Ok(Written { kind, kept })
}

impl Written {
    /// Makes it a paper of a proposal.
    #[boxed]
    pub async fn bind_in(
        &self,
        app: &App,
        tx: &mut Tx,
        (org_id, proposal): (&RowId, &RowId),
    ) -> Result<(), Fault> {
        let facts = &self.kept.facts;
        let stored = StoredSheet {
            id: self.kept.id().clone(),
            subject_id: proposal.clone(),
            kind: self.kind.as_str().to_owned(),
            byte_len: facts.bytes,
            content_hash: facts.sha256.to_vec(),
            handle: self.kept.handle().to_owned(),
            content_key: self.kept.key_sealed.clone(),
            created_at: app.now(),
        };
        insert_sheet_in(tx, org_id, &stored).await?;
        self.kept.settle_in(tx).await
    }

    /// Throws it away, unless it belongs to a proposal.
    #[boxed]
    pub async fn discard(self, app: &App) {
        self.kept.discard(app).await;
    }
}
