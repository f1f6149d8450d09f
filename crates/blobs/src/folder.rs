//! Blobs as files below one folder, for their owner only.
//!
//! A file is written beside its place, synchronised to the disk and then linked into it, so that
//! nobody ever sees half of one, not even after the power went.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use lintel_app::ports::{BlobFuture, Blobs, bad_blob_name, is_blob_name, other_bytes, too_long};
use lintel_store::fault::{Fault, FaultKind};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{Error, ObjectStore as _, ObjectStoreExt as _, PutMode, PutOptions};

/// A name that is taken but empty is asked for again this often: somebody just removed it.
const ATTEMPTS: usize = 3;

/// Blobs in a folder of this machine.
pub struct FolderBlobs {
    store: LocalFileSystem,
    folder: PathBuf,
}

impl fmt::Debug for FolderBlobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FolderBlobs({})", self.folder.display())
    }
}

impl FolderBlobs {
    /// Opens a folder, and makes it when it is missing.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let told = || {
            let told = format!("cannot open the folder {}", folder.display());
            Fault::new(FaultKind::Unavailable, told)
        };
        make_private_folder(folder).map_err(|error| told().caused_by(error))?;
        let folder = folder
            .canonicalize()
            .map_err(|error| told().caused_by(error))?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| told().caused_by(error))?
            .with_fsync(true);
        Ok(Self { store, folder })
    }

    async fn put_once(&self, name: &str, bytes: Vec<u8>) -> Result<(), Fault> {
        let location = location(name)?;
        let bytes = bytes::Bytes::from(bytes);
        let options = PutOptions {
            mode: PutMode::Create,
            ..PutOptions::default()
        };
        self.make_parents(name).await?;
        for _ in 0..ATTEMPTS {
            let payload = bytes.clone().into();
            let put = self.store.put_opts(&location, payload, options.clone());
            match put.await {
                Ok(_) => return self.make_private(name).await,
                Err(Error::AlreadyExists { .. }) => {
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    match self.read(name, length).await? {
                        Read::Bytes(there) if there == bytes => return Ok(()),
                        Read::Bytes(_) | Read::TooLong => return Err(other_bytes(name)),
                        Read::Nothing => {}
                    }
                }
                Err(error) => return Err(fault("write", name, error)),
            }
        }
        let told = format!("cannot write {name}: it comes and goes");
        Err(Fault::new(FaultKind::Busy, told))
    }

    /// Makes the folders of a name, for their owner only: the library would leave that to the
    /// process's mask.
    async fn make_parents(&self, name: &str) -> Result<(), Fault> {
        let file = self.folder.join(name);
        blocking(name, "make room for", move || match file.parent() {
            Some(parent) => make_private_folder(parent),
            None => Ok(()),
        })
        .await
    }

    async fn make_private(&self, name: &str) -> Result<(), Fault> {
        let file = self.folder.join(name);
        blocking(name, "write", move || set_private(&file)).await
    }

    async fn read(&self, name: &str, max_bytes: u64) -> Result<Read, Fault> {
        let got = match self.store.get(&location(name)?).await {
            Ok(got) => got,
            Err(Error::NotFound { .. }) => return Ok(Read::Nothing),
            Err(error) => return Err(fault("read", name, error)),
        };
        if got.meta.size > max_bytes {
            return Ok(Read::TooLong);
        }
        let bytes = got.bytes().await;
        Ok(Read::Bytes(Vec::from(
            bytes.map_err(|error| fault("read", name, error))?,
        )))
    }
}

/// What reading came to.
enum Read {
    Nothing,
    TooLong,
    Bytes(Vec<u8>),
}

impl Blobs for FolderBlobs {
    fn put<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> BlobFuture<'a, ()> {
        Box::pin(self.put_once(name, bytes))
    }

    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            match self.read(name, max_bytes).await? {
                Read::Nothing => Ok(None),
                Read::TooLong => Err(too_long(name, max_bytes)),
                Read::Bytes(bytes) => Ok(Some(bytes)),
            }
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        Box::pin(async move {
            match self.store.delete(&location(name)?).await {
                Ok(()) => Ok(true),
                Err(Error::NotFound { .. }) => Ok(false),
                Err(error) => Err(fault("remove", name, error)),
            }
        })
    }

    fn exists<'a>(&'a self, name: &'a str) -> BlobFuture<'a, bool> {
        Box::pin(async move {
            match self.store.head(&location(name)?).await {
                Ok(_) => Ok(true),
                Err(Error::NotFound { .. }) => Ok(false),
                Err(error) => Err(fault("look for", name, error)),
            }
        })
    }
}

fn location(name: &str) -> Result<Location, Fault> {
    if is_blob_name(name) {
        Ok(Location::from(name))
    } else {
        Err(bad_blob_name())
    }
}

fn fault(action: &str, name: &str, error: Error) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("cannot {action} {name}")).caused_by(error)
}

async fn blocking(
    name: &str,
    action: &str,
    work: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> Result<(), Fault> {
    let told = || Fault::new(FaultKind::Unavailable, format!("cannot {action} {name}"));
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| told().caused_by(error))?;
    done.map_err(|error| told().caused_by(error))
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn set_private(file: &Path) -> io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    match std::fs::set_permissions(file, mode) {
        // Somebody removed it again.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn set_private(_: &Path) -> io::Result<()> {
    Ok(())
}
