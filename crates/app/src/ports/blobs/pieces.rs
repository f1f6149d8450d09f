//! A whole blob, stretch by stretch.

use lintel_macros::boxed;
use std::sync::Arc;

use bytes::Bytes;
use lintel_store::fault::{Fault, FaultKind};

use super::Blobs;

/// Bytes of a stretch: what a reader has in memory at once. Every stretch is a call of the store, so
/// a slow reader never holds a connection open.
pub const STRETCH_BYTES: usize = 1 << 20;

/// Reads a blob from its beginning to its end.
pub struct BlobPieces {
    blobs: Arc<dyn Blobs>,
    name: String,
    offset: u64,
    is_over: bool,
}

impl BlobPieces {
    /// A reader of what is under `name`. Nothing is asked of the store yet.
    #[must_use]
    pub const fn new(blobs: Arc<dyn Blobs>, name: String) -> Self {
        Self {
            blobs,
            name,
            offset: 0,
            is_over: false,
        }
    }

    /// The next stretch, of at most [`STRETCH_BYTES`]; `None` behind the end.
    ///
    /// # Errors
    /// When there is no such blob; when the store does not answer.
    #[boxed]
    pub async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        if self.is_over {
            return Ok(None);
        }
        let read = self.blobs.read(&self.name, self.offset, STRETCH_BYTES);
        let Some(bytes) = read.await? else {
            self.is_over = true;
            let told = format!("there is no blob {}", self.name);
            return Err(Fault::new(FaultKind::Corrupt, told));
        };
        self.is_over = bytes.len() < STRETCH_BYTES;
        self.offset = self
            .offset
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }
}
