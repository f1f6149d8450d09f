//! Where pictures and documents are kept: names with bytes behind them.

mod memory;
mod pieces;

use std::pin::Pin;

use bytes::Bytes;
use lintel_store::fault::{Fault, FaultKind};

pub use memory::MemoryBlobs;
pub use pieces::{BlobPieces, STRETCH_BYTES};

/// What a call of the store comes to.
pub type BlobFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Longest name of a blob in bytes.
pub const BLOB_NAME_MAX_LEN: usize = 256;

/// A store of bytes under names. What is under a name never changes: names say what is in them, or
/// are drawn at random. A name has parts of letters, digits and `. _ -`, divided by `/`.
///
/// `put` and `get` have a whole blob in memory and are for short ones; `begin` and `read` go piece by
/// piece.
pub trait Blobs: Send + Sync {
    /// Keeps bytes under a name. When they are there already, nothing happens.
    ///
    /// # Errors
    /// When other bytes are under that name; when the store does not take them.
    fn put<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> BlobFuture<'a, ()>;

    /// What is kept under a name, if anything.
    ///
    /// # Errors
    /// When it is longer than `max_bytes`, which then is not read into memory; when the store does
    /// not answer.
    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>>;

    /// Forgets what is under a name; `false` when there was nothing. A store that cannot tell in one
    /// step looks first, so that of two callers at once both may hear `true`.
    ///
    /// # Errors
    /// When the store does not answer.
    fn delete<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool>;

    /// Whether something is kept under a name.
    ///
    /// # Errors
    /// When the store does not answer.
    fn exists<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool>;

    /// Begins to write a blob piece by piece. Nothing is under the name before it is finished.
    ///
    /// # Errors
    /// When the store does not answer.
    fn begin<'a>(&'a self, name: &'a str) -> BlobFuture<'a, Box<dyn BlobWriter>>;

    /// The bytes under a name from `offset` on, at most `length`: fewer at the end, none behind it;
    /// `None` when there is no such blob. Callers bound `length`, as it is in memory.
    ///
    /// # Errors
    /// When the store does not answer.
    fn read<'a>(
        &'a self,
        name: &'a str,
        offset: u64,
        length: usize,
    ) -> BlobFuture<'a, Option<Bytes>>;

    /// Removes what writers left behind that died hours ago, and says how much it was. Nothing of it
    /// was ever under a name.
    ///
    /// # Errors
    /// When the store does not answer.
    fn sweep(&self) -> BlobFuture<'_, u64>;
}

/// A blob on its way into a store. Dropping it is [`abort`](Self::abort) that nobody waits for; after
/// an error nothing else makes sense.
pub trait BlobWriter: Send {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When the store does not take them.
    fn write<'a>(&'a mut self, piece: Bytes) -> BlobFuture<'a, ()>;

    /// Puts what was written under the name, whole and to stay. When the same bytes are there already,
    /// nothing happens.
    ///
    /// # Errors
    /// When other bytes are under that name; when the store does not take them. Then the name is as it
    /// was, or, when an answer was lost, what was written is there.
    fn finish(self: Box<Self>) -> BlobFuture<'static, ()>;

    /// Forgets what was written.
    ///
    /// # Errors
    /// When the store does not answer; a later [`Blobs::sweep`] does it then.
    fn abort(self: Box<Self>) -> BlobFuture<'static, ()>;
}

/// Whether a text can name a blob in every store alike: no empty part, no `.` or `..`, nothing that
/// has to be escaped somewhere.
#[must_use]
pub fn is_blob_name(name: &str) -> bool {
    name.len() <= BLOB_NAME_MAX_LEN
        && name.split('/').all(|part| {
            !matches!(part, "" | "." | "..")
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        })
}

/// The fault of a name no store takes: names are made by us, so somebody made a mistake.
#[must_use]
pub fn bad_blob_name() -> Fault {
    Fault::internal("a blob's name is not one")
}

/// The fault of other bytes under a name that says what is in it.
#[must_use]
pub fn other_bytes(name: &str) -> Fault {
    Fault::internal(format!("other bytes are already kept as {name}"))
}

/// The fault of a blob longer than its reader takes.
#[must_use]
pub fn too_long(name: &str, max_bytes: u64) -> Fault {
    Fault::internal(format!("{name} is longer than {max_bytes} bytes"))
}

/// What an application without a store answers, so that nobody takes a missing store for an empty
/// one.
#[derive(Debug)]
pub(crate) struct NoBlobs;

fn unset<'a, T>() -> BlobFuture<'a, T>
where
    T: Send + 'a,
{
    let fault = Fault::new(FaultKind::Unavailable, "no blob store was opened");
    Box::pin(std::future::ready(Err(fault)))
}

impl Blobs for NoBlobs {
    fn put<'a>(&'a self, _: &'a str, _: Vec<u8>) -> BlobFuture<'a, ()> {
        unset()
    }

    fn get<'a>(&'a self, _: &'a str, _: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        unset()
    }

    fn delete<'a>(&'a self, _: &'a str) -> BlobFuture<'a, bool> {
        unset()
    }

    fn exists<'a>(&'a self, _: &'a str) -> BlobFuture<'a, bool> {
        unset()
    }

    fn begin<'a>(&'a self, _: &'a str) -> BlobFuture<'a, Box<dyn BlobWriter>> {
        unset()
    }

    fn read<'a>(&'a self, _: &'a str, _: u64, _: usize) -> BlobFuture<'a, Option<Bytes>> {
        unset()
    }

    fn sweep(&self) -> BlobFuture<'_, u64> {
        unset()
    }
}
