//! The papers of one call on their way in: a place among the uploads of this process, a row in the
//! register for each blob, and in the end either all of them filed or none of them kept.

use lintel_macros::boxed;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lintel_domain::document::DOCUMENTS_AT_ONCE;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::refusal::{Field, Refusal};
use lintel_store::document::upload::{self, Upload};
use lintel_store::fault::{Fault, FaultKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::file::{DocumentDraft, Filed, file_all};
use super::sheet::Sheet;
use super::sweep::delete;
use crate::context::App;
use crate::error::AppError;
use crate::loan::LoanCaller;

/// How long a call may wait for its place before its caller is told to come back.
const SLOT_WAIT: Duration = Duration::from_secs(10);
/// Most broken-off blobs a process remembers; of more the register knows.
const LEFT_AT_MOST: usize = 10_000;

/// Blobs of calls that broke off in this process, with when. Nobody waits when a call breaks off, so a
/// sweep deletes them, once what was in hand has come to its end.
#[derive(Debug, Default)]
pub(crate) struct LeftBehind(Mutex<Vec<(Instant, Upload)>>);

impl LeftBehind {
    fn add(&self, uploads: Vec<Upload>, now: Instant) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = LEFT_AT_MOST.saturating_sub(left.len());
        left.extend(uploads.into_iter().take(room).map(|upload| (now, upload)));
    }

    /// Takes those that were left before an instant.
    pub(super) fn take(&self, before: Instant) -> Vec<Upload> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (rested, fresh) = std::mem::take(&mut *left)
            .into_iter()
            .partition(|(at, _)| *at < before);
        *left = fresh;
        let rested: Vec<(Instant, Upload)> = rested;
        rested.into_iter().map(|(_, upload)| upload).collect()
    }
}

/// The uploads of one call. Dropping it throws everything away that was not filed; [`discard`]
/// does so at once.
///
/// [`discard`]: Self::discard
pub struct Batch {
    app: App,
    uploads: Vec<Begun>,
    _place: OwnedSemaphorePermit,
    /// Whose it is, once that is known, with a place among theirs.
    org_place: Option<(RowId, OwnedSemaphorePermit)>,
}

/// An upload, and whether it is open what becomes of its blob: the blob store was told that it is
/// whole and has not answered well. It may appear after it was deleted, so it stays in the register
/// until the sweep that looks hours later.
struct Begun {
    upload: Upload,
    is_open: Arc<AtomicBool>,
}

impl Begun {
    fn is_open(&self) -> bool {
        self.is_open.load(Ordering::SeqCst)
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("uploads", &self.uploads.len())
            .finish_non_exhaustive()
    }
}

impl Batch {
    /// Waits for a place among the calls that may bring papers at once. Nobody knows yet whose the
    /// papers are: [`belongs_to`](Self::belongs_to) says so later, filing at the latest.
    ///
    /// # Errors
    /// Busy when none becomes free in time.
    #[boxed]
    pub async fn open(app: &App) -> Result<Self, AppError> {
        in_time(Self::enter(app, None)).await
    }

    /// As [`open`](Self::open), for an organisation, which has a place less than there are at most.
    /// It waits among its own calls first and keeps nobody else from a place meanwhile.
    ///
    /// # Errors
    /// Busy when none becomes free in time.
    #[boxed]
    pub async fn open_for(app: &App, org_id: &RowId) -> Result<Self, AppError> {
        let opened = async {
            let place = place(app.upload_slots_of(org_id)).await?;
            Self::enter(app, Some((org_id.clone(), place))).await
        };
        in_time(opened).await
    }

    async fn enter(
        app: &App,
        org_place: Option<(RowId, OwnedSemaphorePermit)>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            app: app.clone(),
            uploads: Vec::new(),
            _place: place(app.upload_slots()).await?,
            org_place,
        })
    }

    /// Says whose the papers are. Does not wait: a call that is under way holds everybody up.
    ///
    /// # Errors
    /// Busy when the organisation has as many calls under way as it may.
    pub fn belongs_to(&mut self, org_id: &RowId) -> Result<(), AppError> {
        if self.org_place.as_ref().is_none_or(|(id, _)| id != org_id) {
            let place = self.app.upload_slots_of(org_id).try_acquire_owned();
            self.org_place = Some((org_id.clone(), place.map_err(|_| too_many())?));
        }
        Ok(())
    }

    /// Begins the next paper: registers its blob, draws its key, opens the blob store.
    ///
    /// # Errors
    /// Refused when there are too many papers; any fault of the database, the blob store or the
    /// scanner.
    #[boxed]
    pub async fn start(&mut self) -> Result<Sheet, AppError> {
        if self.uploads.len() >= DOCUMENTS_AT_ONCE {
            return Err(Refusal::malformed(Field::Documents).into());
        }
        let id = self.app.row_id()?;
        let upload = Upload {
            blob_name: format!("documents/{id}"),
            started_at: self.app.now(),
            id,
        };
        let mut tx = self.app.db().begin().await?;
        upload::register_in(&mut tx, &upload).await?;
        // Remembered before it is known to be registered: throwing away what is not there does no
        // harm.
        let is_open = Arc::new(AtomicBool::new(false));
        self.uploads.push(Begun {
            upload: upload.clone(),
            is_open: Arc::clone(&is_open),
        });
        tx.commit().await?;
        Ok(Sheet::begin(&self.app, upload, is_open).await?)
    }

    /// Files papers with a loan, all or none, in one transaction. What was not filed is thrown away:
    /// refused papers, and those that are there already with the same bytes.
    ///
    /// # Errors
    /// Not permitted for people whose roles do not allow it; not found for loans the caller does not
    /// see; everything that is wrong with the papers at once; busy as
    /// [`belongs_to`](Self::belongs_to); any fault. Nothing was filed then, unless the connection broke while committing; filing the same again is safe.
    #[boxed]
    pub async fn file(
        mut self,
        caller: &LoanCaller<'_>,
        loan: &PublicId,
        drafts: Vec<DocumentDraft>,
    ) -> Result<Vec<Filed>, AppError> {
        let result = match self.belongs_to(&caller.org().id) {
            Ok(()) => file_all(&self.app, caller, loan, drafts).await,
            Err(busy) => Err(busy),
        };
        let result = result.map(|(filed, settled)| {
            let is_filed = |begun: &Begun| settled.contains(&begun.upload.id);
            self.uploads.retain(|begun| !is_filed(begun));
            filed
        });
        self.throw_away().await;
        result
    }

    /// Throws everything away. What cannot be deleted now, a sweep deletes later.
    #[boxed]
    pub async fn discard(mut self) {
        self.throw_away().await;
    }

    async fn throw_away(&mut self) {
        // Only what was finished well can have been filed, so an open one needs no claim.
        for begun in self.uploads.extract_if(.., |begun| begun.is_open()) {
            let name = &begun.upload.blob_name;
            if let Err(fault) = self.app.blobs().delete(name).await {
                tracing::warn!(
                    error = fault.chain(),
                    "an upload that failed at its end could not be deleted; a sweep will do so"
                );
            }
        }
        let uploads: Vec<Upload> = self.uploads.iter().map(|b| b.upload.clone()).collect();
        // Whatever becomes of the commit of a filing that failed: what was filed cannot be claimed.
        match delete(&self.app, &uploads).await {
            Ok(()) => self.uploads.clear(),
            Err(fault) => tracing::warn!(
                error = fault.chain(),
                "uploads that were not filed could not be deleted; the sweep will try again"
            ),
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let left = std::mem::take(&mut self.uploads).into_iter();
        let left = left.filter(|begun| !begun.is_open());
        let left: Vec<Upload> = left.map(|begun| begun.upload).collect();
        if !left.is_empty() {
            self.app.left_behind().add(left, self.app.now());
        }
    }
}

/// Waits for a place.
async fn place(places: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Fault> {
    places.acquire_owned().await.map_err(|_| too_many())
}

/// Waits no longer than a call may for its place.
async fn in_time(opened: impl Future<Output = Result<Batch, Fault>>) -> Result<Batch, AppError> {
    match tokio::time::timeout(SLOT_WAIT, opened).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(too_many().into()),
    }
}

fn too_many() -> Fault {
    Fault::new(FaultKind::Busy, "as many calls bring papers as may at once")
}
