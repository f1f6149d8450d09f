//! Handing papers out: who got which is noted before the first byte goes.

use lintel_macros::boxed;
use std::collections::HashSet;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use lintel_domain::document::{FiledUnder, LoanDocType};
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_store::document::{self as store, StoredDocument};
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::loan::read::LoanHead;
use ring::digest::{Context, SHA256};
use serde_json::{Value, json};

use super::line::{DocumentLine, Lines, find_stored, unknown};
use super::sealed::{Opener, plain_stream};
use super::zip::{self, ZipEntry};
use crate::condition;
use crate::context::App;
use crate::error::AppError;
use crate::loan::{self, LoanCaller};

/// Fetching the same paper again within so many seconds is one look at it.
const SAME_LOOK_SECONDS: i64 = 60;

/// The plain bytes of a paper.
pub type DocumentStream = Pin<Box<dyn Stream<Item = Result<Bytes, Fault>> + Send + 'static>>;

/// A paper about to be handed out.
pub struct Download {
    /// What is known of it.
    pub line: DocumentLine,
    app: App,
    stored: StoredDocument,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download")
            .field("id", &self.line.id)
            .finish_non_exhaustive()
    }
}

impl Download {
    /// The plain bytes, each found genuine before it is given. The last ones are given only when all
    /// of them are those that were filed. Ends with an error otherwise, which was logged then.
    pub fn stream(self) -> impl Stream<Item = Result<Bytes, Fault>> + Send + 'static {
        let id = self.stored.id.clone();
        let opener = Opener::try_new(
            self.app.keys(),
            &self.stored.id,
            &self.stored.key_sealed,
            self.stored.bytes,
        );
        let pieces: DocumentStream = match opener {
            Ok(opener) => {
                let blobs = self.app.shared_blobs();
                Box::pin(plain_stream(blobs, self.stored.blob_name.clone(), opener))
            }
            Err(fault) => Box::pin(stream::once(std::future::ready(Err(fault)))),
        };
        let checked = Checked {
            pieces,
            hash: Context::new(&SHA256),
            held: None,
            stored: self.stored,
        };
        stream::try_unfold(checked, next).inspect(move |piece| {
            if let Err(fault) = piece {
                let document = id.as_str();
                tracing::error!(
                    document,
                    error = fault.chain(),
                    "a paper cannot be handed out"
                );
            }
        })
    }

    /// As [`stream`](Self::stream), but the first bytes are fetched at once, so that a paper that is
    /// lost or broken is known before an answer begins.
    ///
    /// # Errors
    /// Whatever the stream would begin with.
    pub async fn open(self) -> Result<DocumentStream, Fault> {
        let mut pieces = Box::pin(self.stream());
        match pieces.next().await {
            None => Ok(pieces),
            Some(first) => {
                let first = stream::once(std::future::ready(Ok(first?)));
                Ok(Box::pin(first.chain(pieces)))
            }
        }
    }

    fn entry(&self, name: String) -> ZipEntry {
        ZipEntry {
            name,
            bytes: self.stored.bytes,
            crc32: self.stored.crc32,
            modified: self.stored.uploaded_at,
        }
    }
}

/// A paper under way: the piece before is held back until the next one is there.
struct Checked {
    pieces: DocumentStream,
    hash: Context,
    held: Option<Bytes>,
    stored: StoredDocument,
}

async fn next(mut checked: Checked) -> Result<Option<(Bytes, Checked)>, Fault> {
    while let Some(piece) = checked.pieces.next().await {
        let piece = piece?;
        checked.hash.update(&piece);
        if let Some(before) = checked.held.replace(piece) {
            return Ok(Some((before, checked)));
        }
    }
    // The second time there is nothing to hold back any more, and the hash was found good.
    let Some(last) = checked.held.take() else {
        return Ok(None);
    };
    let found = checked.hash.clone().finish();
    if found.as_ref() != checked.stored.sha256 {
        let id = checked.stored.id.as_str();
        let what = format!("the kept bytes of document {id} are not those that were filed");
        return Err(Fault::new(FaultKind::Corrupt, what));
    }
    Ok(Some((last, checked)))
}

/// One paper, whichever version it is.
///
/// # Errors
/// Not found, alike, for what is unknown, foreign, somebody else's or removed; any fault of the
/// database.
#[boxed]
pub async fn one(app: &App, caller: &LoanCaller<'_>, id: &PublicId) -> Result<Download, AppError> {
    let (head, stored) = find_stored(app, caller, id).await?;
    let mut given = give(app, caller, &head, vec![stored]).await?;
    given.pop().ok_or_else(unknown)
}

/// Several papers of one loan, in the order they are asked for; the same one twice is one.
///
/// # Errors
/// Not found for a loan the caller does not see, and when one of the papers is not there; any fault
/// of the database.
#[boxed]
pub async fn of_ids(
    app: &App,
    caller: &LoanCaller<'_>,
    loan: &PublicId,
    ids: &[PublicId],
) -> Result<Vec<Download>, AppError> {
    let head = loan::find(app, caller, loan).await?;
    let stored = store::list(app.db(), (&head.lender_id, &head.line.id)).await?;
    let mut seen = HashSet::new();
    let mut wanted = Vec::new();
    for id in ids.iter().filter(|id| seen.insert(*id)) {
        let found = stored.iter().find(|paper| paper.public_id == *id);
        wanted.push(found.ok_or_else(unknown)?.clone());
    }
    give(app, caller, &head, wanted).await
}

/// The current papers of a loan that are of one of these kinds, oldest first.
///
/// # Errors
/// Not found for a loan the caller does not see, and when it has no such paper; any fault of the
/// database.
#[boxed]
pub async fn of_types(
    app: &App,
    caller: &LoanCaller<'_>,
    loan: &PublicId,
    kinds: &[LoanDocType],
) -> Result<Vec<Download>, AppError> {
    let head = loan::find(app, caller, loan).await?;
    current(app, caller, &head, |filed| match filed {
        FiledUnder::Loan(kind) => kinds.contains(kind),
        FiledUnder::Condition(_) => false,
    })
    .await
}

/// The current papers of a condition, oldest first.
///
/// # Errors
/// Not found for a condition the caller does not see, and when it has no paper; any fault of the
/// database.
#[boxed]
pub async fn of_condition(
    app: &App,
    caller: &LoanCaller<'_>,
    condition: &PublicId,
) -> Result<Vec<Download>, AppError> {
    let (head, _) = condition::find(app, caller, condition).await?;
    current(app, caller, &head, |filed| match filed {
        FiledUnder::Loan(_) => false,
        FiledUnder::Condition(id) => id == condition,
    })
    .await
}

async fn current(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    is_wanted: impl Fn(&FiledUnder) -> bool,
) -> Result<Vec<Download>, AppError> {
    let mut stored = store::list(app.db(), (&head.lender_id, &head.line.id)).await?;
    stored.retain(|paper| paper.is_current && is_wanted(&paper.filed));
    stored.reverse();
    give(app, caller, head, stored).await
}

/// Notes who is given what, then hands it over. There is no such paper when there is none.
async fn give(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    stored: Vec<StoredDocument>,
) -> Result<Vec<Download>, AppError> {
    if stored.is_empty() {
        return Err(unknown());
    }
    note_given(app, caller, head, &stored).await?;
    let mut names = Lines::new(app, caller);
    let mut downloads = Vec::with_capacity(stored.len());
    for stored in stored {
        downloads.push(Download {
            line: names.line(&stored).await?,
            app: app.clone(),
            stored,
        });
    }
    Ok(downloads)
}

/// Notes in the caller's log which papers somebody is given, once a minute for each at most.
async fn note_given(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    stored: &[StoredDocument],
) -> Result<(), Fault> {
    let (org, now, actor) = (caller.org(), app.now(), caller.actor());
    let since = now.plus_seconds(-SAME_LOOK_SECONDS);
    let told = store::given(app.db(), (&org.id, &head.line.id), &actor, since).await?;
    let told: HashSet<String> = told.iter().flat_map(|body| ids_of(body)).collect();
    let ids = stored.iter().map(|paper| paper.public_id.as_str());
    let new: Vec<&str> = ids.filter(|id| !told.contains(*id)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let mut tx = app.db().begin().await?;
    let event = NewEvent {
        org_id: &org.id,
        at: now,
        actor: &actor,
        kind: EventKind::DocumentGiven,
        subject: head.line.id.as_str(),
        body: &json!({ "documents": new }).to_string(),
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await
}

/// The papers an event names; none when it cannot be read, so that rather one note too many is made.
fn ids_of(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let ids = body.get("documents").and_then(Value::as_array);
    let ids = ids.into_iter().flatten();
    ids.filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}

fn entries(downloads: &[Download]) -> Vec<ZipEntry> {
    let wishes: Vec<String> = downloads.iter().map(|d| d.line.download_name()).collect();
    let names = zip::unique_names(&wishes);
    let named = downloads.iter().zip(names);
    named.map(|(download, name)| download.entry(name)).collect()
}

/// How many bytes the zip of these papers has, to the byte.
///
/// # Errors
/// When they are more than a zip holds.
pub fn zip_length(downloads: &[Download]) -> Result<u64, Fault> {
    zip::length(&entries(downloads))
}

/// Papers as one zip file, under names that are safe and differ. Each is opened when its turn comes.
///
/// # Errors
/// When they are more than a zip holds.
pub fn zip(
    downloads: Vec<Download>,
) -> Result<impl Stream<Item = Result<Bytes, Fault>> + Send + 'static, Fault> {
    let entries = entries(&downloads);
    let streams = downloads.into_iter().map(Download::stream);
    zip::stream(entries.into_iter().zip(streams).collect())
}
