//! A paper's bytes on their way into the blob store, and out of it for ever.

use lintel_macros::boxed;
use std::time::Duration;

use lintel_app::context::App;
use lintel_app::document::sealed::{PIECE_BYTES, PlainFacts, Sealer};
use lintel_app::error::AppError;
use lintel_app::ports::ScanVerdict;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::{Instant, RowId};
use lintel_store::db::Tx;
use lintel_store::document::upload::{self, Upload};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::process::StoredPaper;

use super::kind::content_type;
use crate::edit::refuse;

/// How long a call may wait for its place before its caller is told to come back.
const SLOT_WAIT: Duration = Duration::from_secs(10);
/// Folder of the blob store, as of loans' papers.
const FOLDER: &str = "documents";

/// Bytes that are in the blob store and belong to no paper yet.
pub(crate) struct Kept {
    upload: Upload,
    /// What they are.
    pub content_type: &'static str,
    /// What they come to.
    pub facts: PlainFacts,
    /// Their key, sealed.
    pub key_sealed: Vec<u8>,
}

/// What can be told to be wrong with bytes before any of them is kept.
pub(crate) fn wrong(app: &App, bytes: &[u8], found: &mut Vec<Finding>) {
    let field = CreditField::DocumentContent;
    if found.iter().any(|finding| finding.field == field) {
        return;
    }
    let most = app.document_rules().max_bytes;
    let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let rule = if bytes.is_empty() {
        CreditRule::Missing
    } else if count > most {
        CreditRule::TooLong(Bound::Count(most))
    } else if content_type(bytes).is_none() {
        CreditRule::Unsupported
    } else {
        return;
    };
    found.push(Finding::new(field, rule));
}

/// Puts bytes into the blob store, sealed, after they were looked through for malware. Whatever goes
/// wrong, and whoever hangs up: they are in the register, so they are swept.
pub(crate) async fn keep(app: &App, bytes: &[u8]) -> Result<Kept, AppError> {
    let unsupported = || Finding::new(CreditField::DocumentContent, CreditRule::Unsupported);
    let Some(content_type) = content_type(bytes) else {
        refuse(vec![unsupported()])?;
        return Err(Fault::internal("bytes of no kind").into());
    };
    let busy = || Fault::new(FaultKind::Busy, "as many calls bring papers as may at once");
    let place = app.upload_slots().acquire_owned();
    let place = tokio::time::timeout(SLOT_WAIT, place).await;
    let _place = place.map_err(|_| busy())?.map_err(|_| busy())?;
    if is_infected(app, bytes).await? {
        refuse(vec![unsupported()])?;
    }
    let id = app.row_id()?;
    let upload = Upload {
        blob_name: format!("{FOLDER}/{id}"),
        started_at: app.now(),
        id,
    };
    let mut tx = app.db().begin().await?;
    upload::register_in(&mut tx, &upload).await?;
    tx.commit().await?;
    match write(app, &upload, bytes).await {
        Ok((facts, key_sealed)) => Ok(Kept {
            upload,
            content_type,
            facts,
            key_sealed,
        }),
        Err(fault) => {
            // It may appear yet, when an answer was lost: the sweep looks at it in two hours.
            if let Err(second) = app.blobs().delete(&upload.blob_name).await {
                let error = second.chain();
                tracing::warn!(error, "a paper that failed could not be deleted");
            }
            Err(fault.into())
        }
    }
}

async fn is_infected(app: &App, bytes: &[u8]) -> Result<bool, Fault> {
    let Some(scanner) = app.scanner() else {
        return Ok(false);
    };
    let mut scan = scanner.begin().await?;
    for piece in bytes.chunks(PIECE_BYTES) {
        scan.feed(piece).await?;
    }
    match scan.finish().await? {
        ScanVerdict::Clean => Ok(false),
        ScanVerdict::Found(name) => {
            tracing::warn!(malware = name, "an uploaded paper was refused");
            Ok(true)
        }
    }
}

async fn write(app: &App, upload: &Upload, bytes: &[u8]) -> Result<(PlainFacts, Vec<u8>), Fault> {
    let (mut sealer, key_sealed) = Sealer::try_new(app.keys(), app.rng(), &upload.id)?;
    let mut writer = app.blobs().begin(&upload.blob_name).await?;
    for piece in bytes.chunks(PIECE_BYTES) {
        for sealed in sealer.push(piece)? {
            writer.write(sealed).await?;
        }
    }
    let (last, facts) = sealer.finish()?;
    writer.write(last).await?;
    writer.finish().await?;
    Ok((facts, key_sealed))
}

impl Kept {
    /// The id the bytes were sealed for.
    pub fn id(&self) -> &RowId {
        &self.upload.id
    }

    /// Where they lie.
    pub fn handle(&self) -> &str {
        &self.upload.blob_name
    }

    /// Takes them out of the register: from the commit on they belong to a paper.
    #[boxed]
    pub async fn settle_in(&self, tx: &mut Tx) -> Result<(), Fault> {
        if upload::settle_in(tx, &self.upload).await? {
            return Ok(());
        }
        let what = "a paper was swept before it was filed";
        Err(Fault::new(FaultKind::Unavailable, what))
    }

    /// Throws them away. What was filed after all cannot be claimed and stays.
    #[boxed]
    pub async fn discard(self, app: &App) {
        if let Err(fault) = self.delete(app).await {
            let error = fault.chain();
            tracing::warn!(error, "a paper that was not filed could not be deleted");
        }
    }

    async fn delete(&self, app: &App) -> Result<(), Fault> {
        let mut tx = app.db().begin().await?;
        let is_ours = upload::claim_in(&mut tx, &self.upload).await?;
        tx.commit().await?;
        if !is_ours {
            return Ok(());
        }
        app.blobs().delete(&self.upload.blob_name).await?;
        let mut tx = app.db().begin().await?;
        upload::forget_in(&mut tx, &self.upload).await?;
        tx.commit().await
    }
}

/// The id a stored paper's bytes were sealed for: the last part of where they lie.
pub(super) fn sealed_for(stored: &StoredPaper) -> RowId {
    let last = stored.handle.rsplit('/').next().unwrap_or_default();
    RowId::new(last.to_owned())
}

/// Makes a paper's bytes some that belong to no paper and were claimed: whoever sweeps deletes them.
pub(crate) async fn destroy_in(tx: &mut Tx, stored: &StoredPaper) -> Result<(), Fault> {
    let upload = Upload {
        id: sealed_for(stored),
        blob_name: stored.handle.clone(),
        started_at: Instant::from_micros(0),
    };
    upload::register_in(tx, &upload).await
}
