//! A file that is written piece by piece and linked into its place when it is whole.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use lintel_app::ports::{BlobFuture, BlobWriter, other_bytes};
use lintel_store::fault::{Fault, FaultKind};

use super::{blocking, files};

/// A name that is taken but empty is asked for again this often: somebody just removed it.
const ATTEMPTS: usize = 3;
/// Bytes compared at once when a name was taken.
const COMPARED_BYTES: usize = 64 * 1024;

/// A file on its way. Holds the piece that is being written and nothing else.
pub(super) struct FolderWriter {
    name: String,
    root: PathBuf,
    /// `None` while a piece is being written; stays so when whoever waited for it went away.
    file: Option<File>,
    unfinished: Unfinished,
}

/// The name of an unfinished file; dropping it removes the file.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already, or the sweep finds it.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What became of putting a file in place.
enum Placed {
    There,
    OthersAreThere,
    ComesAndGoes,
}

impl FolderWriter {
    pub(super) async fn begin(root: &Path, name: &str) -> Result<Self, Fault> {
        let folder = root.to_owned();
        let (file, unfinished) = blocking(name, "write", move || {
            let (file, path) = files::make_unfinished(&folder)?;
            Ok((file, Unfinished(path)))
        })
        .await?;
        Ok(Self {
            name: name.to_owned(),
            root: root.to_owned(),
            file: Some(file),
            unfinished,
        })
    }

    pub(super) async fn add(&mut self, piece: Bytes) -> Result<(), Fault> {
        let mut file = self.take_file()?;
        let file = blocking(&self.name, "write", move || {
            file.write_all(&piece)?;
            Ok(file)
        });
        self.file = Some(file.await?);
        Ok(())
    }

    pub(super) async fn put_in_place(mut self) -> Result<(), Fault> {
        let file = self.take_file()?;
        let Self {
            name,
            root,
            unfinished,
            ..
        } = self;
        let target = root.join(&name);
        let placed = blocking(&name, "write", move || {
            file.sync_all()?;
            place(&root, &unfinished.0, &target)
        });
        match placed.await? {
            Placed::There => Ok(()),
            Placed::OthersAreThere => Err(other_bytes(&name)),
            Placed::ComesAndGoes => {
                let told = format!("cannot write {name}: it comes and goes");
                Err(Fault::new(FaultKind::Busy, told))
            }
        }
    }

    fn take_file(&mut self) -> Result<File, Fault> {
        let broken = || Fault::internal(format!("a piece of {} was not written", self.name));
        self.file.take().ok_or_else(broken)
    }
}

impl BlobWriter for FolderWriter {
    fn write<'a>(&'a mut self, piece: Bytes) -> BlobFuture<'a, ()> {
        Box::pin(self.add(piece))
    }

    fn finish(self: Box<Self>) -> BlobFuture<'static, ()> {
        Box::pin(self.put_in_place())
    }

    fn abort(self: Box<Self>) -> BlobFuture<'static, ()> {
        Box::pin(async move {
            let Self {
                name, unfinished, ..
            } = *self;
            blocking(&name, "remove the beginning of", move || {
                drop(unfinished);
                Ok(())
            })
            .await
        })
    }
}

/// Links a whole file into its place unless one is there already, and then looks whether that is the
/// same.
fn place(root: &Path, unfinished: &Path, target: &Path) -> io::Result<Placed> {
    let parent = target.parent().unwrap_or(root);
    for _ in 0..ATTEMPTS {
        files::make_folders(root, parent)?;
        match std::fs::hard_link(unfinished, target) {
            Ok(()) => {
                files::keep(parent)?;
                return Ok(Placed::There);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                match are_same(unfinished, target) {
                    Ok(true) => return Ok(Placed::There),
                    Ok(false) => return Ok(Placed::OthersAreThere),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Placed::ComesAndGoes)
}

fn are_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let most = u64::try_from(COMPARED_BYTES).unwrap_or(u64::MAX);
    loop {
        ours.clear();
        theirs.clear();
        io::Read::by_ref(&mut one)
            .take(most)
            .read_to_end(&mut ours)?;
        io::Read::by_ref(&mut other)
            .take(most)
            .read_to_end(&mut theirs)?;
        if ours != theirs {
            return Ok(false);
        }
        if ours.is_empty() {
            return Ok(true);
        }
    }
}
