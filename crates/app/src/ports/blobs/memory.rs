//! Blobs in memory, for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use lintel_store::fault::Fault;

use super::{BlobFuture, BlobWriter, Blobs, bad_blob_name, is_blob_name, other_bytes, too_long};

/// Blobs in memory: nothing outlives the process. It remembers how long the longest pieces were.
#[derive(Default)]
pub struct MemoryBlobs(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    blobs: BTreeMap<String, Vec<u8>>,
    largest_write: usize,
    largest_read: usize,
}

impl Kept {
    fn put(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Fault> {
        match self.blobs.get(name) {
            Some(there) if *there != bytes => Err(other_bytes(name)),
            Some(_) => Ok(()),
            None => {
                self.blobs.insert(name.to_owned(), bytes);
                Ok(())
            }
        }
    }
}

impl MemoryBlobs {
    /// The names that are taken, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.with(|kept| kept.blobs.keys().cloned().collect())
    }

    /// Bytes of the longest piece that was handed in at once.
    #[must_use]
    pub fn largest_write(&self) -> usize {
        self.with(|kept| kept.largest_write)
    }

    /// Bytes of the longest piece that was handed out at once.
    #[must_use]
    pub fn largest_read(&self) -> usize {
        self.with(|kept| kept.largest_read)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
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
            self.with(|kept| {
                kept.largest_write = kept.largest_write.max(bytes.len());
                kept.put(name, bytes)
            })
        });
        Box::pin(std::future::ready(put))
    }

    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        let got = Self::checked(name).map(|name| self.with(|kept| kept.blobs.get(name).cloned()));
        let fits = |bytes: &Vec<u8>| u64::try_from(bytes.len()).is_ok_and(|len| len <= max_bytes);
        let got = match got {
            Ok(Some(bytes)) if !fits(&bytes) => Err(too_long(name, max_bytes)),
            Ok(Some(bytes)) => {
                self.with(|kept| kept.largest_read = kept.largest_read.max(bytes.len()));
                Ok(Some(bytes))
            }
            other => other,
        };
        Box::pin(std::future::ready(got))
    }

    fn delete<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        let gone =
            Self::checked(name).map(|name| self.with(|kept| kept.blobs.remove(name).is_some()));
        Box::pin(std::future::ready(gone))
    }

    fn exists<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        let there = Self::checked(name).map(|name| self.with(|kept| kept.blobs.contains_key(name)));
        Box::pin(std::future::ready(there))
    }

    fn begin<'a>(&'a self, name: &'a str) -> BlobFuture<'a, Box<dyn BlobWriter>> {
        let begun = Self::checked(name).map(|name| {
            let writer: Box<dyn BlobWriter> = Box::new(MemoryWriter {
                place: Self(Arc::clone(&self.0)),
                name: name.to_owned(),
                written: Vec::new(),
            });
            writer
        });
        Box::pin(std::future::ready(begun))
    }

    fn read<'a>(
        &'a self,
        name: &'a str,
        offset: u64,
        length: usize,
    ) -> BlobFuture<'a, Option<Bytes>> {
        let read = Self::checked(name).map(|name| {
            self.with(|kept| {
                let bytes = kept.blobs.get(name)?;
                let from = usize::try_from(offset).map_or(bytes.len(), |at| at.min(bytes.len()));
                let to = from.saturating_add(length).min(bytes.len());
                kept.largest_read = kept.largest_read.max(to - from);
                Some(Bytes::copy_from_slice(&bytes[from..to]))
            })
        });
        Box::pin(std::future::ready(read))
    }

    fn sweep(&self) -> BlobFuture<'_, u64> {
        Box::pin(std::future::ready(Ok(0)))
    }
}

struct MemoryWriter {
    place: MemoryBlobs,
    name: String,
    written: Vec<u8>,
}

impl BlobWriter for MemoryWriter {
    fn write<'a>(&'a mut self, piece: Bytes) -> BlobFuture<'a, ()> {
        self.place
            .with(|kept| kept.largest_write = kept.largest_write.max(piece.len()));
        self.written.extend_from_slice(&piece);
        Box::pin(std::future::ready(Ok(())))
    }

    fn finish(self: Box<Self>) -> BlobFuture<'static, ()> {
        let Self {
            place,
            name,
            written,
        } = *self;
        let put = place.with(|kept| kept.put(&name, written));
        Box::pin(std::future::ready(put))
    }

    fn abort(self: Box<Self>) -> BlobFuture<'static, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}
