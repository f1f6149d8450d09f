//! Several documents as one zip file, written while it is read.
//!
//! Entries are stored as they are: papers hardly get smaller. How long each is and its CRC-32 are
//! known from its row, so both stand before its bytes and the whole length is known before the first
//! one. That is why this writer is our own: those on the shelf either hold an entry in memory, seek
//! back, or write the sizes behind the bytes, which readers that read along refuse for stored
//! entries; and the length of an answer could not be announced.
//!
//! Layout: APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3 to 4.5. Names are UTF-8 and say so. What does
//! not fit in four bytes (or two, for the count) is written in the zip64 form, and only that.

mod layout;
mod names;

use std::pin::Pin;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use lintel_domain::id::Instant;
use lintel_store::fault::{Fault, FaultKind};

use layout::Directory;
pub use names::{NAME_MAX_BYTES, unique_names};

/// Most entries of one zip.
pub const MAX_ENTRIES: usize = 10_000;

/// A file in a zip, as its head describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipEntry {
    /// Its name: one of [`unique_names`].
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their CRC-32.
    pub crc32: u32,
    /// When it was uploaded.
    pub modified: Instant,
}

/// How many bytes the zip of these files has, to the byte.
///
/// # Errors
/// When there are more than [`MAX_ENTRIES`], a name is longer than a zip can say, or lengths do not
/// add up to a number.
pub fn length<'a>(entries: impl IntoIterator<Item = &'a ZipEntry>) -> Result<u64, Fault> {
    let mut directory = Directory::default();
    for entry in entries {
        directory.head(entry)?;
        directory.skip(entry.bytes)?;
    }
    directory.length()
}

type Content = Pin<Box<dyn Stream<Item = Result<Bytes, Fault>> + Send>>;

/// The zip of these files. A file's content is asked for when its turn comes, piece by piece, and
/// dropped behind its end; nothing else is held.
///
/// # Errors
/// At once as [`length`]. In the stream, whatever a content ends with, and when one is not what its
/// entry says: the stream ends there, without the directory a reader looks for.
pub fn stream<S>(
    files: Vec<(ZipEntry, S)>,
) -> Result<impl Stream<Item = Result<Bytes, Fault>> + Send + 'static, Fault>
where
    S: Stream<Item = Result<Bytes, Fault>> + Send + 'static,
{
    length(files.iter().map(|(entry, _)| entry))?;
    let files: Vec<(ZipEntry, Content)> = files
        .into_iter()
        .map(|(entry, content)| (entry, Box::pin(content) as Content))
        .collect();
    let writing = Writing {
        files: files.into_iter(),
        directory: Directory::default(),
        open: None,
        is_done: false,
    };
    Ok(stream::try_unfold(writing, next))
}

/// A zip that is being written.
struct Writing {
    files: std::vec::IntoIter<(ZipEntry, Content)>,
    directory: Directory,
    open: Option<Open>,
    is_done: bool,
}

/// The file whose bytes are under way.
struct Open {
    entry: ZipEntry,
    content: Content,
    written: u64,
    crc32: crc32fast::Hasher,
}

async fn next(mut writing: Writing) -> Result<Option<(Bytes, Writing)>, Fault> {
    loop {
        if let Some(open) = &mut writing.open {
            match open.content.next().await {
                Some(piece) => {
                    let piece = piece?;
                    open.take(&piece)?;
                    writing
                        .directory
                        .skip(u64::try_from(piece.len()).unwrap_or(u64::MAX))?;
                    if piece.is_empty() {
                        continue;
                    }
                    return Ok(Some((piece, writing)));
                }
                None => {
                    open.check()?;
                    writing.open = None;
                }
            }
        }
        if let Some((entry, content)) = writing.files.next() {
            let head = writing.directory.head(&entry)?;
            writing.open = Some(Open {
                entry,
                content,
                written: 0,
                crc32: crc32fast::Hasher::new(),
            });
            return Ok(Some((head, writing)));
        }
        if writing.is_done {
            return Ok(None);
        }
        writing.is_done = true;
        let end = writing.directory.end()?;
        return Ok(Some((end, writing)));
    }
}

impl Open {
    fn take(&mut self, piece: &[u8]) -> Result<(), Fault> {
        self.written = self
            .written
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.written > self.entry.bytes {
            return Err(self.other());
        }
        self.crc32.update(piece);
        Ok(())
    }

    fn check(&self) -> Result<(), Fault> {
        let crc32 = self.crc32.clone().finalize();
        if self.written == self.entry.bytes && crc32 == self.entry.crc32 {
            return Ok(());
        }
        Err(self.other())
    }

    /// The name stays out of it: people name files after people.
    fn other(&self) -> Fault {
        let told = format!(
            "a file of {} bytes is not what its row says",
            self.entry.bytes
        );
        Fault::new(FaultKind::Corrupt, told)
    }
}

#[cfg(test)]
mod tests;
