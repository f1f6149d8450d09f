//! Blobs in an S3-compatible store.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lintel_app::ports::{
    BlobFuture, BlobWriter, Blobs, bad_blob_name, is_blob_name, other_bytes, too_long,
};
use lintel_bucket::{Bucket, BucketError, Put, Upload};
use lintel_store::fault::{Fault, FaultKind};

/// Longest time for one call with all its repetitions: somebody may be waiting for a picture.
const CALL: Duration = Duration::from_secs(60);

/// Blobs in a bucket, below a prefix.
#[derive(Debug)]
pub struct BucketBlobs {
    bucket: Arc<Bucket>,
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
    pub fn new(bucket: Bucket) -> Self {
        Self {
            bucket: Arc::new(bucket),
        }
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
            let put = call(self.bucket.put_if_absent(checked(name)?, bytes)).await?;
            settled(name, put)
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

    fn begin<'a>(&'a self, name: &'a str) -> BlobFuture<'a, Box<dyn BlobWriter>> {
        Box::pin(async move {
            let name = checked(name)?.to_owned();
            let upload = call(async { self.bucket.begin(&name) }).await?;
            Ok(Box::new(BucketWriter { name, upload }) as Box<dyn BlobWriter>)
        })
    }

    fn read<'a>(
        &'a self,
        name: &'a str,
        offset: u64,
        length: usize,
    ) -> BlobFuture<'a, Option<Bytes>> {
        Box::pin(async move { call(self.bucket.read_range(checked(name)?, offset, length)).await })
    }

    /// Uploads nobody completed are not listed by a store; a rule of the bucket removes them.
    fn sweep(&self) -> BlobFuture<'_, u64> {
        Box::pin(std::future::ready(Ok(0)))
    }
}

/// A blob on its way. Holds a part and the piece that is being written.
struct BucketWriter {
    name: String,
    upload: Upload,
}

impl BlobWriter for BucketWriter {
    fn write<'a>(&'a mut self, piece: Bytes) -> BlobFuture<'a, ()> {
        Box::pin(async move { call(self.upload.write(&piece)).await })
    }

    fn finish(self: Box<Self>) -> BlobFuture<'static, ()> {
        Box::pin(async move {
            let put = call(self.upload.finish()).await?;
            settled(&self.name, put)
        })
    }

    fn abort(self: Box<Self>) -> BlobFuture<'static, ()> {
        Box::pin(async move { call(self.upload.abort()).await })
    }
}

fn settled(name: &str, put: Put) -> Result<(), Fault> {
    match put {
        Put::Written | Put::AlreadyThere { same: true } => Ok(()),
        Put::AlreadyThere { same: false } => Err(other_bytes(name)),
    }
}
