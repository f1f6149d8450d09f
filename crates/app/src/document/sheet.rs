//! One paper on its way in: counted, hashed, looked at, scanned, sealed and written, piece by piece.

use lintel_macros::boxed;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use lintel_domain::document::Verdict;
use lintel_domain::id::RowId;
use lintel_store::document::upload::Upload;
use lintel_store::fault::{Fault, FaultKind};

use super::pdf::PdfLook;
use super::sealed::{PIECE_BYTES, PlainFacts, Sealer};
use crate::context::App;
use crate::error::AppError;
use crate::ports::{BlobWriter, ScanSession, ScanVerdict};

/// Longest time for one paper: below that after which a sweep takes it for left behind, so that
/// nothing appears under a name that was swept.
const LONGEST_SECONDS: i64 = 100 * 60;

/// A paper whose bytes come in. Holds one piece, and what the blob store's writer and the scanner
/// hold. Dropping it gives the paper up.
pub struct Sheet {
    app: App,
    upload: Upload,
    key_sealed: Vec<u8>,
    most_bytes: u64,
    bytes: u64,
    /// Gone once nothing is kept any more: the paper is too long, or something failed.
    keeping: Option<Keeping>,
    has_failed: bool,
    /// Whether the blob store was told that the blob is whole and has not answered well.
    is_open: Arc<AtomicBool>,
}

/// What a paper's bytes go through.
struct Keeping {
    look: PdfLook,
    sealer: Sealer,
    writer: Box<dyn BlobWriter>,
    scan: Option<Box<dyn ScanSession>>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Sheet {
    pub(super) async fn begin(
        app: &App,
        upload: Upload,
        is_open: Arc<AtomicBool>,
    ) -> Result<Self, Fault> {
        let (sealer, key_sealed) = Sealer::try_new(app.keys(), app.rng(), &upload.id)?;
        let scan = match app.scanner() {
            Some(scanner) => Some(scanner.begin().await?),
            None => None,
        };
        let keeping = Keeping {
            look: PdfLook::default(),
            sealer,
            writer: app.blobs().begin(&upload.blob_name).await?,
            scan,
        };
        Ok(Self {
            app: app.clone(),
            upload,
            key_sealed,
            most_bytes: app.document_rules().max_bytes,
            bytes: 0,
            keeping: Some(keeping),
            has_failed: false,
            is_open,
        })
    }

    /// Takes the next bytes. Once they are too many, they are counted and not kept.
    ///
    /// # Errors
    /// When the blob store or the scanner does not take them; nothing more can be written then.
    #[boxed]
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.check_time()?;
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(count);
        if self.bytes > self.most_bytes {
            // Whatever was written goes with its writer.
            self.keeping = None;
            return Ok(());
        }
        let Some(keeping) = &mut self.keeping else {
            return Ok(());
        };
        let taken = keeping.take(bytes).await;
        if taken.is_err() {
            self.keeping = None;
            self.has_failed = true;
        }
        Ok(taken?)
    }

    /// Says that this was all, and what looking at it came to. Only a good paper is kept.
    ///
    /// # Errors
    /// When the blob store or the scanner fails.
    #[boxed]
    pub async fn finish(mut self) -> Result<Staged, AppError> {
        self.check_time()?;
        let nothing = PlainFacts {
            bytes: self.bytes,
            sha256: [0; 32],
            crc32: 0,
        };
        let (verdict, facts) = match self.keeping.take() {
            None => (Verdict::TooLarge, nothing),
            Some(_) if self.bytes == 0 => (Verdict::Empty, nothing),
            Some(keeping) => keeping.finish(&self.upload, &self.is_open).await?,
        };
        Ok(Staged {
            bytes: facts.bytes,
            sha256: facts.sha256,
            verdict,
            crc32: facts.crc32,
            upload: self.upload,
            key_sealed: self.key_sealed,
        })
    }

    fn check_time(&self) -> Result<(), Fault> {
        if self.has_failed {
            return Err(Fault::internal("a paper goes on after it failed"));
        }
        let latest = self.upload.started_at.plus_seconds(LONGEST_SECONDS);
        if self.app.now() > latest {
            let what = "a paper took too long to come in";
            return Err(Fault::new(FaultKind::Unavailable, what));
        }
        Ok(())
    }
}

impl Keeping {
    async fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        for piece in bytes.chunks(PIECE_BYTES) {
            self.look.push(piece);
            if let Some(scan) = &mut self.scan {
                scan.feed(piece).await?;
            }
            for sealed in self.sealer.push(piece)? {
                self.write(sealed).await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self, sealed: Bytes) -> Result<(), Fault> {
        self.writer.write(sealed).await
    }

    async fn finish(
        mut self,
        upload: &Upload,
        is_open: &AtomicBool,
    ) -> Result<(Verdict, PlainFacts), Fault> {
        let is_pdf = self.look.is_pdf();
        let scan = self.scan.take();
        let (last, facts) = self.sealer.finish()?;
        if !is_pdf {
            return Ok((Verdict::NotPdf, facts));
        }
        if let Some(scan) = scan
            && let ScanVerdict::Found(name) = scan.finish().await?
        {
            let upload = upload.id.as_str();
            tracing::warn!(upload, malware = name, "an uploaded paper was refused");
            return Ok((Verdict::Infected, facts));
        }
        self.writer.write(last).await?;
        // Said before, so that it is known also when nobody waits for the answer any more.
        is_open.store(true, Ordering::SeqCst);
        self.writer.finish().await?;
        is_open.store(false, Ordering::SeqCst);
        Ok((Verdict::Good, facts))
    }
}

/// A paper that came in whole. Nothing refers to it yet.
pub struct Staged {
    /// Length of its plain bytes.
    pub bytes: u64,
    /// SHA-256 of its plain bytes; of one that was not kept nothing.
    pub sha256: [u8; 32],
    /// What looking at it came to.
    pub verdict: Verdict,
    pub(super) crc32: u32,
    pub(super) upload: Upload,
    pub(super) key_sealed: Vec<u8>,
}

impl Staged {
    /// Row id of the paper it may become.
    pub(super) fn id(&self) -> &RowId {
        &self.upload.id
    }
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged")
            .field("bytes", &self.bytes)
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}
