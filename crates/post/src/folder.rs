//! A folder as the post office: one file for each delivery.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use lintel_app::ports::{Handed, Outgoing, Post, PostFuture};

use crate::mime;
use crate::sign::Signer;

/// Writes letters into a folder, for its owner only, each complete or not at all: `{delivery}.eml`.
/// The folder is made with the first.
#[derive(Debug)]
pub struct FolderPost {
    folder: PathBuf,
    signer: Option<Signer>,
}

impl FolderPost {
    /// Letters will be written there.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        let signer = None;
        Self { folder, signer }
    }

    pub(crate) const fn signing(folder: PathBuf, signer: Option<Signer>) -> Self {
        Self { folder, signer }
    }
}

impl Post for FolderPost {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> PostFuture<'a> {
        Box::pin(async move {
            let bytes = match mime::write(letter, None) {
                Ok(written) => {
                    match crate::sign::signed(self.signer.as_ref(), letter, written.bytes) {
                        Ok(bytes) => bytes,
                        Err(unfit) => return crate::unfit(unfit),
                    }
                }
                Err(unfit) => return crate::unfit(unfit),
            };
            // Whoever takes the file on must learn whom it is for, those nobody sees too.
            let envelope = format!("X-Envelope-To: {}\r\n", letter.recipient);
            let bytes = [envelope.as_bytes(), &bytes].concat();
            let (folder, name) = (self.folder.clone(), letter.delivery.as_str().to_owned());
            let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes));
            match written.await {
                Ok(Ok(())) => Handed::Taken {
                    answer: "written to the folder".to_owned(),
                },
                Ok(Err(error)) => {
                    tracing::warn!(%error, "a letter cannot be written to the mail folder");
                    crate::later("the folder cannot be written to")
                }
                Err(_) => crate::later("writing a letter crashed"),
            }
        })
    }
}

/// Written beside its place and moved there: a reader never sees half a letter, and one that was
/// written before is replaced by itself.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
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
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, folder.join(format!("{name}.eml")))?;
    // The name itself must survive a lost power supply, before the mail counts as sent.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests;
