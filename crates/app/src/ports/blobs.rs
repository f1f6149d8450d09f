//! Where pictures and documents are kept: names with bytes behind them.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use lintel_store::fault::{Fault, FaultKind};

/// What a call of the store comes to.
pub type BlobFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Longest name of a blob in bytes.
pub const BLOB_NAME_MAX_LEN: usize = 256;

/// A store of bytes under names. What is under a name never changes: names say what is in them, or
/// are drawn at random. A name has parts of letters, digits and `. _ -`, divided by `/`.
///
/// Calls are whole blobs. One that hands on its bytes piece by piece would come beside these, with
/// these built on it.
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

/// Blobs in memory, for tests: nothing outlives the process.
#[derive(Default)]
pub struct MemoryBlobs(Mutex<BTreeMap<String, Vec<u8>>>);

impl MemoryBlobs {
    /// The names that are taken, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.with(|blobs| blobs.keys().cloned().collect())
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn checked(name: &str) -> Result<&str, Fault> {
        is_blob_name(name).then_some(name).ok_or_else(bad_blob_name)
    }
}

impl std::fmt::Debug for MemoryBlobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Blobs for MemoryBlobs {
    fn put<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> BlobFuture<'a, ()> {
        let put = Self::checked(name).and_then(|name| {
            self.with(|blobs| match blobs.get(name) {
                Some(there) if *there != bytes => Err(other_bytes(name)),
                Some(_) => Ok(()),
                None => {
                    blobs.insert(name.to_owned(), bytes);
                    Ok(())
                }
            })
        });
        Box::pin(std::future::ready(put))
    }

    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        let got = Self::checked(name).map(|name| self.with(|blobs| blobs.get(name).cloned()));
        let fits = |bytes: &Vec<u8>| u64::try_from(bytes.len()).is_ok_and(|len| len <= max_bytes);
        let got = match got {
            Ok(Some(bytes)) if !fits(&bytes) => Err(too_long(name, max_bytes)),
            other => other,
        };
        Box::pin(std::future::ready(got))
    }

    fn delete<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        let gone = Self::checked(name).map(|name| self.with(|blobs| blobs.remove(name).is_some()));
        Box::pin(std::future::ready(gone))
    }

    fn exists<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        let there = Self::checked(name).map(|name| self.with(|blobs| blobs.contains_key(name)));
        Box::pin(std::future::ready(there))
    }
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
}
