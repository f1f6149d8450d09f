//! Blobs as files below one folder, for their owner only.
//!
//! A file is written in a folder of its own, synchronised to the disk and then linked into its place,
//! so that nobody ever sees half of one, not even after the power went.

mod files;
mod writer;

use std::fmt;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use lintel_app::ports::{BlobFuture, BlobWriter, Blobs, bad_blob_name, is_blob_name, too_long};
use lintel_store::fault::{Fault, FaultKind};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{Error, ObjectStoreExt as _};

use files::make_private_folder;
use writer::FolderWriter;

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
        // What a process left that was killed in the middle of a file. It takes room and does no harm:
        // whether it can be removed decides nothing here.
        let _ = files::sweep(&folder);
        let store =
            LocalFileSystem::new_with_prefix(&folder).map_err(|error| told().caused_by(error))?;
        Ok(Self { store, folder })
    }

    async fn put_whole(&self, name: &str, bytes: Vec<u8>) -> Result<(), Fault> {
        let mut writer = FolderWriter::begin(&self.folder, checked(name)?).await?;
        writer.add(Bytes::from(bytes)).await?;
        writer.put_in_place().await
    }

    async fn whole(&self, name: &str, max_bytes: u64) -> Result<Read, Fault> {
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
        Box::pin(self.put_whole(name, bytes))
    }

    fn get<'a>(&'a self, name: &'a str, max_bytes: u64) -> BlobFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            match self.whole(name, max_bytes).await? {
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

    fn begin<'a>(&'a self, name: &'a str) -> BlobFuture<'a, Box<dyn BlobWriter>> {
        Box::pin(async move {
            let writer = FolderWriter::begin(&self.folder, checked(name)?).await?;
            Ok(Box::new(writer) as Box<dyn BlobWriter>)
        })
    }

    fn read<'a>(
        &'a self,
        name: &'a str,
        offset: u64,
        length: usize,
    ) -> BlobFuture<'a, Option<Bytes>> {
        Box::pin(async move {
            let file = self.folder.join(checked(name)?);
            blocking(name, "read", move || stretch(&file, offset, length)).await
        })
    }

    fn sweep(&self) -> BlobFuture<'_, u64> {
        let folder = self.folder.clone();
        Box::pin(blocking("unfinished files", "remove", move || {
            files::sweep(&folder)
        }))
    }
}

fn stretch(file: &Path, offset: u64, length: usize) -> io::Result<Option<Bytes>> {
    let mut file = match std::fs::File::open(file) {
        Ok(file) => file,
        Err(error) if is_nothing(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let there = file.metadata()?;
    if !there.is_file() {
        return Ok(None);
    }
    let rest = there.len().saturating_sub(offset);
    let wanted = usize::try_from(rest).map_or(length, |rest| rest.min(length));
    if wanted == 0 {
        return Ok(Some(Bytes::new()));
    }
    let mut bytes = Vec::with_capacity(wanted);
    file.seek(SeekFrom::Start(offset))?;
    let most = u64::try_from(wanted).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(Some(Bytes::from(bytes)))
}

/// Whether there is nothing under a name: also when a part of its path is a file.
fn is_nothing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn checked(name: &str) -> Result<&str, Fault> {
    is_blob_name(name).then_some(name).ok_or_else(bad_blob_name)
}

fn location(name: &str) -> Result<Location, Fault> {
    checked(name).map(Location::from)
}

fn fault(action: &str, name: &str, error: Error) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("cannot {action} {name}")).caused_by(error)
}

/// Work with files away from the threads that answer requests.
async fn blocking<T: Send + 'static>(
    name: &str,
    action: &str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let told = || Fault::new(FaultKind::Unavailable, format!("cannot {action} {name}"));
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| told().caused_by(error))?;
    done.map_err(|error| told().caused_by(error))
}
