//! Files of one folder, named by a loan's number or its other number.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lintel_app::los::FolderSettings;
use lintel_app::ports::{LosAnswer, LosFault, LosFaultKind, LosLoan};

use crate::connectors::MAX_BYTES;
use crate::guard::Places;

/// Longest name of a file; longer ones no file system has.
const NAME_MAX_LEN: usize = 255;

/// Reads a loan's file on a thread that may wait for a disk.
pub(crate) async fn fetch(
    settings: &FolderSettings,
    loan: &LosLoan,
    longest: Duration,
    places: Places,
) -> Result<LosAnswer, LosFault> {
    let folder = PathBuf::from(&settings.folder);
    let names: Vec<String> = [Some(&loan.id), loan.guid.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|number| file_name(number))
        .collect();
    let work = tokio::task::spawn_blocking(move || {
        // A disk that hangs holds its places until it answers.
        let _places = places;
        read_first(&folder, &names)
    });
    match tokio::time::timeout(longest, work).await {
        Ok(Ok(read)) => read,
        Ok(Err(_)) => Err(unavailable("reading the folder crashed".to_owned())),
        Err(_) => {
            let what = "the folder did not answer in time";
            Err(LosFault::new(LosFaultKind::TimedOut, what))
        }
    }
}

/// The file of a number: letters and digits of any script and a few signs as they are, all else as
/// `%XX` of its UTF-8. `None` when the name would be longer than names are. No number has a name that
/// leads out of the folder or is hidden, and no two numbers have the same one.
fn file_name(number: &str) -> Option<String> {
    let mut name = String::with_capacity(number.len().saturating_add(4));
    for c in number.chars() {
        let is_first = name.is_empty();
        let is_plain = c.is_alphanumeric()
            || matches!(c, '-' | '_' | '+' | ',' | '(' | ')' | '{' | '}')
            || (matches!(c, '.' | ' ') && !is_first);
        if is_plain {
            name.push(c);
        } else {
            let mut bytes = [0; 4];
            for b in c.encode_utf8(&mut bytes).bytes() {
                name.push_str(&format!("%{b:02X}"));
            }
        }
    }
    if name.is_empty() {
        return None;
    }
    name.push_str(".xml");
    (name.len() <= NAME_MAX_LEN).then_some(name)
}

fn read_first(folder: &Path, names: &[String]) -> Result<LosAnswer, LosFault> {
    let folder = folder
        .canonicalize()
        .map_err(|error| unavailable(format!("the folder cannot be had: {}", error.kind())))?;
    for name in names {
        if let Some(document) = read(&folder, name)? {
            return Ok(LosAnswer { document });
        }
    }
    let what = "the folder has no such file";
    Err(LosFault::new(LosFaultKind::NotFound, what))
}

/// One file; `None` when there is none of that name.
fn read(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, LosFault> {
    let path = folder.join(name);
    let cannot =
        |error: &io::Error| unavailable(format!("a file cannot be read: {}", error.kind()));
    // Looked at first: opening a pipe would wait for somebody to write to it.
    let found = match fs::metadata(&path) {
        Ok(found) => found,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(cannot(&error)),
    };
    if !found.is_file() {
        return Err(garbled("what has the loan's name is no file"));
    }
    if found.len() > MAX_BYTES {
        return Err(too_large());
    }
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(cannot(&error)),
    };
    // What was opened must be a file of the folder: a link may lead anywhere.
    let opened = file.metadata().map_err(|error| cannot(&error))?;
    let place = match path.canonicalize() {
        Ok(place) => place,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(cannot(&error)),
    };
    let there = fs::symlink_metadata(&place).map_err(|error| cannot(&error))?;
    if !place.starts_with(folder) || !opened.is_file() || !is_same(&opened, &there) {
        return Err(garbled("the file is a link that leads out of the folder"));
    }
    let mut document = Vec::new();
    file.take(MAX_BYTES.saturating_add(1))
        .read_to_end(&mut document)
        .map_err(|error| cannot(&error))?;
    if u64::try_from(document.len()).is_ok_and(|len| len > MAX_BYTES) {
        return Err(too_large());
    }
    Ok(Some(document))
}

/// A name no file system takes is as good as one that is not there.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::InvalidFilename | ErrorKind::InvalidInput
    )
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, other: &Metadata) -> bool {
    other.is_file()
}

fn unavailable(what: String) -> LosFault {
    let kind = LosFaultKind::Unavailable {
        retry_after_s: None,
    };
    LosFault::new(kind, what)
}

fn garbled(what: &str) -> LosFault {
    LosFault::new(LosFaultKind::Garbled, what)
}

fn too_large() -> LosFault {
    let what = format!("the file is longer than {MAX_BYTES} bytes");
    LosFault::new(LosFaultKind::TooLarge, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_names_that_stay_in_the_folder() {
        for (number, name) in [
            ("2026-11", Some("2026-11.xml")),
            ("{8A1B}", Some("{8A1B}.xml")),
            ("a b.c", Some("a b.c.xml")),
            ("Müller", Some("Müller.xml")),
            ("2026/11", Some("2026%2F11.xml")),
            ("2026%2F11", Some("2026%252F11.xml")),
            ("..", Some("%2E..xml")),
            ("../../etc/passwd", Some("%2E.%2F..%2Fetc%2Fpasswd.xml")),
            ("/etc/passwd", Some("%2Fetc%2Fpasswd.xml")),
            ("C:\\x", Some("C%3A%5Cx.xml")),
            (".hidden", Some("%2Ehidden.xml")),
            (" x", Some("%20x.xml")),
            ("a\0b", Some("a%00b.xml")),
            ("a\u{202e}b", Some("a%E2%80%AEb.xml")),
            ("", None),
        ] {
            assert_eq!(file_name(number).as_deref(), name, "{number:?}");
        }
        assert_eq!(file_name(&"9".repeat(100)).map(|n| n.len()), Some(104));
        assert_eq!(file_name(&"貸".repeat(100)), None, "300 bytes");
        assert!(file_name(&"貸".repeat(83)).is_some(), "253 bytes");
    }
}
