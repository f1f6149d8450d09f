//! Stretches of a file, so that no reader has a whole one in memory.

use bytes::Bytes;
use object_store::{Error, GetOptions, GetRange, ObjectStore as _, ObjectStoreExt as _};

use super::{Bucket, fault};
use crate::error::BucketError;

impl Bucket {
    /// What is stored under `name` from `offset` on, at most `length` bytes: fewer at the end, none
    /// behind it, `None` when nothing is stored there.
    pub async fn read_range(
        &self,
        name: &str,
        offset: u64,
        length: usize,
    ) -> Result<Option<Bytes>, BucketError> {
        let end = offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if end > offset {
            let options = GetOptions {
                range: Some(GetRange::Bounded(offset..end)),
                ..GetOptions::default()
            };
            let told = |error| fault("read", name, &error);
            match self.store.get_opts(&self.path(name)?, options).await {
                Ok(got) => return got.bytes().await.map(Some).map_err(told),
                Err(Error::NotFound { .. }) => return Ok(None),
                Err(error) => {
                    // Behind the end the store answers 416, which the library does not tell apart.
                    return match self.length(name).await? {
                        Some(length) if length <= offset => Ok(Some(Bytes::new())),
                        Some(_) => Err(told(error)),
                        None => Ok(None),
                    };
                }
            }
        }
        Ok(self.length(name).await?.map(|_| Bytes::new()))
    }

    /// How many bytes are stored under `name`, if anything is.
    pub async fn length(&self, name: &str) -> Result<Option<u64>, BucketError> {
        match self.store.head(&self.path(name)?).await {
            Ok(there) => Ok(Some(there.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(fault("look for", name, &error)),
        }
    }
}
