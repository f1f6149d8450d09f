//! Handing a paper out: noted before the first byte goes, in pieces, each found genuine.

use lintel_macros::boxed;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt as _};
use lintel_app::context::App;
use lintel_app::document::sealed::{Opener, plain_stream};
use lintel_app::error::AppError;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::refusal::Noun;
use lintel_store::fault::Fault;
use lintel_store::process::{StoredPaper, Whose, document};
use serde_json::json;

use super::bytes::sealed_for;
use crate::by::By;
use crate::process::{Paper, open_paper, unknown, unknown_part};
use crate::transition::note_in;

/// The plain bytes of a paper.
pub type PaperStream = Pin<Box<dyn Stream<Item = Result<Bytes, Fault>> + Send + 'static>>;

/// A paper about to be handed out.
pub struct Download {
    /// What is known of it.
    pub paper: Paper,
    app: App,
    stored: StoredPaper,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download")
            .field("id", &self.paper.id)
            .finish_non_exhaustive()
    }
}

/// A paper of a process. That it was handed out, and to whom, is recorded.
///
/// # Errors
/// Not found for process and paper alike; any fault.
#[boxed]
pub async fn one(
    app: &App,
    (whose, by): (Whose<'_>, &By),
    (process, id): (&RowId, &RowId),
) -> Result<Download, AppError> {
    let head = lintel_store::process::find(app.db(), whose, process).await?;
    let head = head.ok_or_else(unknown)?;
    let stored = document(app.db(), &head.org_id, (process, id)).await?;
    let stored = stored.ok_or_else(|| unknown_part(Noun::ProcessDocument))?;
    let paper = open_paper(app, &stored)?;
    let mut tx = app.db().begin().await?;
    let body = json!({ "document": id.as_str() });
    let kind = EventKind::ProcessDocumentGiven;
    note_in(app, &mut tx, (&head, by), kind, &body).await?;
    tx.commit().await?;
    Ok(Download {
        paper,
        app: app.clone(),
        stored,
    })
}

impl Download {
    /// The plain bytes, piece by piece; the first is fetched at once, so that a paper that is lost or
    /// broken is known before an answer begins. Two pieces are in memory at most.
    ///
    /// # Errors
    /// When the bytes are not there, or are not those that were filed.
    pub async fn open(self) -> Result<PaperStream, Fault> {
        let opener = Opener::try_new(
            self.app.keys(),
            &sealed_for(&self.stored),
            &self.stored.content_key,
            self.stored.byte_len,
        )?;
        let blobs = self.app.shared_blobs();
        let mut pieces: PaperStream =
            Box::pin(plain_stream(blobs, self.stored.handle.clone(), opener));
        match pieces.next().await {
            None => Ok(pieces),
            Some(first) => {
                let first = futures_util::stream::once(std::future::ready(Ok(first?)));
                Ok(Box::pin(first.chain(pieces)))
            }
        }
    }
}
