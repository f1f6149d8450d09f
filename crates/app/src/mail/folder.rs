//! A folder as the post office: one file for each letter.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use lintel_store::fault::{Fault, FaultKind};

use super::Letter;
use crate::ports::{Post, PostFuture};

/// Writes letters into a folder, for its owner only, each complete or not at all.
#[derive(Debug)]
pub struct FolderPost {
    folder: PathBuf,
}

impl FolderPost {
    /// Letters will be written there; the folder is made with the first.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl Post for FolderPost {
    fn send<'a>(&'a self, letter: &'a Letter) -> PostFuture<'a> {
        let (folder, letter) = (self.folder.clone(), letter.clone());
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || write(&folder, &letter));
            match written.await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(Fault::new(
                    FaultKind::Unavailable,
                    "a letter cannot be written",
                )
                .caused_by(error)),
                Err(_) => Err(Fault::internal("writing a letter crashed")),
            }
        })
    }
}

/// Written beside its place and moved there: a reader never sees half a letter, and one that was
/// written before is replaced by itself.
fn write(folder: &Path, letter: &Letter) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let name = &letter.id;
    let beside = folder.join(format!(".{name}.part"));
    // What a process that was killed left behind.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(&letter.bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, folder.join(format!("{name}.eml")))?;
    // The name itself must survive a lost power supply, before the mail counts as sent.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
