//! A file that is written piece by piece and is there when it is whole.
//!
//! Short ones are one conditional write, as ever. Longer ones go in parts, which the store keeps out
//! of sight until the upload is completed; completing it is conditional too (`http.rs` adds the
//! header the library leaves out). A store that does not know the header there would overwrite, so
//! it is asked before whether the name is taken. Whoever dies in the middle leaves parts that no
//! listing shows: a rule of the bucket removes them (`AbortIncompleteMultipartUpload`).

use std::sync::Arc;

use bytes::Bytes;
use object_store::aws::AmazonS3;
use object_store::multipart::{MultipartStore as _, PartId};
use object_store::path::Path;
use object_store::{Error, ObjectStore as _, PutMode, PutOptions, PutPayload};
use ring::digest;

use super::{Bucket, Put, fault};
use crate::error::BucketError;

/// Bytes of a part, the least a store takes for one that is not the last; also what an upload holds
/// in memory.
pub const PART_BYTES: usize = 5 * 1024 * 1024;
/// Most parts of one file (S3's own bound): some 48 GiB.
const MAX_PARTS: usize = 10_000;
/// Bytes compared at once when a name was taken.
const COMPARED_BYTES: usize = 1024 * 1024;

/// A file on its way. Dropping it gives it up, and what was sent is removed by a task of its own.
pub struct Upload {
    bucket: Arc<Bucket>,
    name: String,
    path: Path,
    held: Vec<u8>,
    length: u64,
    sha256: digest::Context,
    parts: Option<Parts>,
    /// Set while a part is under way, and left set when it did not arrive: a hole must never be
    /// finished over.
    is_broken: bool,
}

/// An upload the store knows of.
struct Parts {
    id: String,
    sent: Vec<PartId>,
}

impl Bucket {
    /// Begins to write a file. Nothing is sent yet.
    pub fn begin(self: &Arc<Self>, name: &str) -> Result<Upload, BucketError> {
        Ok(Upload {
            path: self.path(name)?,
            bucket: Arc::clone(self),
            name: name.to_owned(),
            held: Vec::new(),
            length: 0,
            sha256: digest::Context::new(&digest::SHA256),
            parts: None,
            is_broken: false,
        })
    }
}

impl Upload {
    /// Takes the next bytes; sends a part whenever one is full.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), BucketError> {
        self.check()?;
        self.sha256.update(bytes);
        self.length = self
            .length
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let mut rest = bytes;
        while !rest.is_empty() {
            // Sent only when more comes: what fits in one part needs no parts.
            if self.held.len() == PART_BYTES {
                self.send().await?;
            }
            if self.held.capacity() == 0 {
                self.held.reserve_exact(PART_BYTES);
            }
            let (piece, behind) = rest.split_at(rest.len().min(PART_BYTES - self.held.len()));
            self.held.extend_from_slice(piece);
            rest = behind;
        }
        Ok(())
    }

    /// Puts what was written under the name, unless something is there already; then says whether it
    /// is the same.
    pub async fn finish(mut self) -> Result<Put, BucketError> {
        self.check()?;
        if self.parts.is_none() {
            let options = PutOptions {
                mode: PutMode::Create,
                ..PutOptions::default()
            };
            let payload = PutPayload::from(Bytes::from(std::mem::take(&mut self.held)));
            let put = self.bucket.store.put_opts(&self.path, payload, options);
            return match put.await {
                Ok(_) => Ok(Put::Written),
                Err(Error::AlreadyExists { .. }) => self.compare().await,
                Err(error) => Err(self.told("write", &error)),
            };
        }
        self.send().await?;
        if self.bucket.length(&self.name).await?.is_some() {
            let there = self.compare().await?;
            self.give_up().await?;
            return Ok(there);
        }
        let Some(Parts { id, sent }) = &self.parts else {
            return Err(self.lost());
        };
        let store = &self.bucket.store;
        let completed = store.complete_multipart(&self.path, id, sent.clone());
        match completed.await {
            Ok(_) => {
                self.parts = None;
                Ok(Put::Written)
            }
            // Somebody was first: or it was ourselves, and the answer to the first attempt was lost.
            Err(
                Error::Precondition { .. } | Error::AlreadyExists { .. } | Error::NotFound { .. },
            ) => self.compare().await,
            Err(error) => Err(self.told("write", &error)),
        }
    }

    /// Removes what was sent.
    pub async fn abort(mut self) -> Result<(), BucketError> {
        self.give_up().await
    }

    fn check(&self) -> Result<(), BucketError> {
        if self.is_broken {
            return Err(self.wrong("a part of it did not arrive"));
        }
        Ok(())
    }

    async fn send(&mut self) -> Result<(), BucketError> {
        self.is_broken = true;
        if self.parts.is_none() {
            let id = self.bucket.store.create_multipart(&self.path).await;
            let id = id.map_err(|error| self.told("write", &error))?;
            let sent = Vec::new();
            self.parts = Some(Parts { id, sent });
        }
        let Some(parts) = &mut self.parts else {
            return Err(self.lost());
        };
        if parts.sent.len() == MAX_PARTS {
            return Err(self.wrong("it is longer than a store takes in parts"));
        }
        let payload = PutPayload::from(Bytes::from(std::mem::take(&mut self.held)));
        let store = &self.bucket.store;
        let part = store.put_part(&self.path, &parts.id, parts.sent.len(), payload);
        match part.await {
            Ok(part) => {
                parts.sent.push(part);
                self.is_broken = false;
                Ok(())
            }
            Err(error) => Err(self.told("write", &error)),
        }
    }

    async fn give_up(&mut self) -> Result<(), BucketError> {
        let Some(parts) = self.parts.take() else {
            return Ok(());
        };
        match abort(&self.bucket.store, &self.path, &parts.id).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.told("remove the parts of", &error)),
        }
    }

    /// Whether what is under the name is what was written.
    async fn compare(&self) -> Result<Put, BucketError> {
        let other = Put::AlreadyThere { same: false };
        match self.bucket.length(&self.name).await? {
            Some(length) if length == self.length => {}
            Some(_) => return Ok(other),
            None => return Err(self.lost()),
        }
        let mut there = digest::Context::new(&digest::SHA256);
        let mut offset = 0;
        while offset < self.length {
            let read = self.bucket.read_range(&self.name, offset, COMPARED_BYTES);
            let bytes = read.await?.unwrap_or_default();
            if bytes.is_empty() {
                return Ok(other);
            }
            there.update(&bytes);
            offset = offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        let ours = self.sha256.clone().finish();
        Ok(Put::AlreadyThere {
            same: offset == self.length && there.finish().as_ref() == ours.as_ref(),
        })
    }

    fn lost(&self) -> BucketError {
        self.wrong("the name was taken, and nothing can be read under it")
    }

    fn wrong(&self, reason: &str) -> BucketError {
        BucketError::Store {
            action: "write",
            name: self.name.clone(),
            reason: reason.to_owned(),
        }
    }

    fn told(&self, action: &'static str, error: &Error) -> BucketError {
        fault(action, &self.name, error)
    }
}

async fn abort(store: &AmazonS3, path: &Path, id: &str) -> Result<(), Error> {
    store.abort_multipart(path, &id.to_owned()).await
}

impl Drop for Upload {
    fn drop(&mut self) {
        let Some(parts) = self.parts.take() else {
            return;
        };
        // Without a runtime the process is ending; the bucket's rule does it then.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (bucket, path) = (Arc::clone(&self.bucket), std::mem::take(&mut self.path));
        runtime.spawn(async move {
            // Nobody is left to hear of it. The store's retries are bounded in number and time.
            let _ = abort(&bucket.store, &path, &parts.id).await;
        });
    }
}
