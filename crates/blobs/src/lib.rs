//! Pictures and documents in a folder, or in an S3-compatible store: the two real ones behind the
//! application's port `Blobs`; and the malware scanner behind its port `Scanner`.
//!
//! Both stores keep the port's promises, and one suite of tests is run against both. To add a store, add a
//! file with an implementation and a row to that suite.
#![deny(missing_docs)]

mod bucket;
mod clamd;
mod folder;

use std::path::Path;
use std::sync::Arc;

use lintel_app::ports::Blobs;
use lintel_store::fault::{Fault, FaultKind};

pub use bucket::BucketBlobs;
pub use clamd::{Clamd, ClamdTimes};
pub use folder::FolderBlobs;

/// Opens the store at `url`, which is `s3://bucket/prefix`; without one the folder, made when it is
/// missing. Nothing is sent to a bucket yet.
///
/// # Errors
/// When the address or the `AWS_*` variables cannot be used, or the folder cannot be had.
pub fn open(url: Option<&str>, folder: &Path) -> Result<Arc<dyn Blobs>, Fault> {
    Ok(match url {
        Some(url) => Arc::new(BucketBlobs::open(url)?),
        None => Arc::new(FolderBlobs::open(folder)?),
    })
}

/// Longest blob a probe reads.
const PROBE_MAX_BYTES: u64 = 64;

/// Writes, reads and removes a few bytes under `probe/{word}`, to know whether a store works. `word`
/// is one nobody else uses.
///
/// # Errors
/// Whatever the store answers instead; when it gives back something else than it was given.
pub async fn probe(blobs: &dyn Blobs, word: &str) -> Result<(), Fault> {
    let name = format!("probe/{word}");
    let bytes = word.as_bytes();
    blobs.put(&name, bytes.to_vec()).await?;
    let there = blobs.get(&name, PROBE_MAX_BYTES).await?;
    blobs.delete(&name).await?;
    if there.as_deref() == Some(bytes) {
        return Ok(());
    }
    let told = "the store gave back something else than it was given";
    Err(Fault::new(FaultKind::Unavailable, told))
}
