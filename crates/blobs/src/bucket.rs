//! Blobs in an S3-compatible store.

use std::fmt;
use std::time::Duration;

use lintel_app::ports::{BlobFuture, Blobs, bad_blob_name, is_blob_name, other_bytes, too_long};
use lintel_bucket::{Bucket, BucketError, Put};
use lintel_store::fault::{Fault, FaultKind};

/// Longest time for one call with all its repetitions: somebody may be waiting for a picture.
const CALL: Duration = Duration::from_secs(60);

/// Blobs in a bucket, below a prefix.
#[derive(Debug)]
pub struct BucketBlobs {
    bucket: Bucket,
}

impl BucketBlobs {
    /// Reads an address, `s3://bucket/prefix`, and the `AWS_*` variables. Nothing is sent yet.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn open(url: &str) -> Result<Self, Fault> {
        Bucket::open(url).map(Self::new).map_err(|error| {
            Fault::new(FaultKind::Unavailable, "the blob store cannot be opened").caused_by(error)
        })
    }

    /// Blobs in a bucket that was opened already.
    #[must_use]
    pub const fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }
}

impl fmt::Display for BucketBlobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bucket.fmt(f)
    }
}

async fn call<T>(work: impl Future<Output = Result<T, BucketError>>) -> Result<T, Fault> {
    match tokio::time::timeout(CALL, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            Err(Fault::new(FaultKind::Unavailable, "the blob store").caused_by(error))
        }
        Err(_) => {
            let told = format!("the blob store: no answer within {} s", CALL.as_secs());
            Err(Fault::new(FaultKind::Unavailable, told))
        }
    }
}

fn checked(name: &str) -> Result<&str, Fault> {
    is_blob_name(name).then_some(name).ok_or_else(bad_blob_name)
}

impl Blobs for BucketBlobs {
    fn put<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            match call(self.bucket.put_if_absent(checked(name)?, bytes)).await? {
                Put::Written | Put::AlreadyThere { same: true } => Ok(()),
                Put::AlreadyThere { same: false } => Err(other_bytes(name)),
            }
        })
    }

    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let read = call(self.bucket.read_at_most(checked(name)?, max_bytes)).await?;
            let is_long =
                |bytes: &Vec<u8>| u64::try_from(bytes.len()).unwrap_or(u64::MAX) > max_bytes;
            match read {
                Some(bytes) if is_long(&bytes) => Err(too_long(name, max_bytes)),
                other => Ok(other),
            }
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        Box::pin(async move { call(self.bucket.delete(checked(name)?)).await })
    }

    fn exists<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        Box::pin(async move { call(self.bucket.exists(checked(name)?)).await })
    }
}
