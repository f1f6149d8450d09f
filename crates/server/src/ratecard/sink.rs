//! Where a card is written: a folder, or a bucket when the program was built with it.

use std::fmt;
use std::path::Path;

use super::Trouble;
use super::folder::Folder;

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// The bytes are now there, and nobody else's ever were.
    Written,
    /// Somebody was first, and nothing was changed.
    AlreadyThere {
        /// Whether what is there are the same bytes.
        same: bool,
    },
}

/// A store that takes each file once.
#[derive(Debug)]
pub(super) enum Sink {
    /// A folder of this machine, or one that several machines share.
    Folder(Folder),
    /// An S3-compatible store.
    #[cfg(feature = "export")]
    Bucket(lintel_export::bucket::Bucket),
}

impl Sink {
    /// Opens `s3://bucket/prefix` or a folder.
    pub(super) fn open(address: &str) -> Result<Self, Trouble> {
        if address.starts_with("s3://") {
            return Self::open_bucket(address);
        }
        if address.is_empty() || address.contains("://") {
            return Err(Trouble::told("--out is a folder or begins with s3://"));
        }
        let folder = Folder::open(Path::new(address));
        let folder = folder.map_err(|error| Trouble::Told(format!("{address}: {error}")))?;
        Ok(Self::Folder(folder))
    }

    #[cfg(feature = "export")]
    fn open_bucket(address: &str) -> Result<Self, Trouble> {
        Ok(Self::Bucket(lintel_export::bucket::Bucket::open(address)?))
    }

    #[cfg(not(feature = "export"))]
    fn open_bucket(_: &str) -> Result<Self, Trouble> {
        Err(Trouble::told(
            "this program was built without S3: build it with --features export, or write to a folder",
        ))
    }

    /// Stores `bytes` under `name` unless something is there already.
    pub(super) async fn put_if_absent(&self, name: &str, bytes: Vec<u8>) -> Result<Put, Trouble> {
        match self {
            Self::Folder(folder) => {
                let put = folder.put_if_absent(name, &bytes);
                put.map_err(|error| folder_trouble(folder, name, &error))
            }
            #[cfg(feature = "export")]
            Self::Bucket(bucket) => {
                use lintel_export::bucket::Put as There;
                Ok(match bucket.put_if_absent(name, bytes).await? {
                    There::Written => Put::Written,
                    There::AlreadyThere { same } => Put::AlreadyThere { same },
                })
            }
        }
    }

    /// What is stored under `name`, if anything.
    pub(super) async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        match self {
            Self::Folder(folder) => {
                let read = folder.read(name);
                read.map_err(|error| folder_trouble(folder, name, &error))
            }
            #[cfg(feature = "export")]
            Self::Bucket(bucket) => Ok(bucket.read(name).await?),
        }
    }

    /// Removes what writers that died left behind long ago, where that can happen.
    pub(super) fn sweep(&self) {
        match self {
            Self::Folder(folder) => folder.sweep(&[".", super::part::SUMMARIES]),
            #[cfg(feature = "export")]
            Self::Bucket(_) => {}
        }
    }
}

impl fmt::Display for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.path().display()),
            #[cfg(feature = "export")]
            Self::Bucket(bucket) => write!(f, "{bucket}"),
        }
    }
}

fn folder_trouble(folder: &Folder, name: &str, error: &std::io::Error) -> Trouble {
    Trouble::Told(format!("{}: {error}", folder.path().join(name).display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_no_place_are_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for address in [
            "",
            "gs://cards",
            "http://cards",
            file.path().to_str().unwrap(),
        ] {
            assert!(Sink::open(address).is_err(), "{address}");
        }
        // Nothing is made before there is something to write.
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("card");
        assert!(Sink::open(missing.to_str().unwrap()).is_ok());
        assert!(!missing.exists());
    }
}
