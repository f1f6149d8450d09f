//! The operator's folder: files that stand in for embedded ones, and files that are none of ours.

use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// Largest file read, in bytes. A table of the rule book is far below one mebibyte.
const MAX_FILE: u64 = 4 * 1024 * 1024;
/// Most entries looked at when searching for files that are no table.
const MAX_ENTRIES: usize = 10_000;
/// How many folders deep that search goes; tables lie one folder deep.
const MAX_DEPTH: usize = 4;
/// Most such files named.
const MAX_STRANGERS: usize = 50;

/// Something in an operator's folder that is no table of the rule book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stranger {
    /// A file, by its path inside the folder.
    File(String),
    /// So many more files like those named.
    MoreFiles(usize),
    /// A folder that cannot be listed, by its path inside the folder; empty for the folder itself.
    Unlistable(String),
    /// There are more files than so many, and the rest was not looked at.
    TooMany(usize),
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{path} is not a table of the rule book"),
            Self::MoreFiles(count) => {
                write!(f, "{count} more files are not tables of the rule book")
            }
            Self::Unlistable(path) if path.is_empty() => {
                write!(f, "the folder of the rule book cannot be listed")
            }
            Self::Unlistable(path) => write!(f, "the folder {path} cannot be listed"),
            Self::TooMany(most) => write!(
                f,
                "the folder of the rule book has more than {most} files, and the rest was not looked at"
            ),
        }
    }
}

/// A folder laid out as `data/` is.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The text says why the path cannot be used.
    pub(crate) fn open(root: &Path) -> Result<Self, String> {
        match fs::metadata(root) {
            Ok(found) if found.is_dir() => Ok(Self {
                root: root.to_owned(),
            }),
            Ok(_) => Err("is not a folder".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Where a table of this name would lie, for messages.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Text of the folder's own file, none when it has none.
    pub(crate) fn text(&self, file: &str) -> Result<Option<String>, String> {
        let path = self.path(file);
        // A link that leads nowhere is a mistake, not an absent file.
        match fs::symlink_metadata(&path) {
            Ok(_) => read_text(&path).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    /// What is none of the `known` tables. Hidden files and documents (`.md`) are left alone.
    pub(crate) fn strangers(&self, known: &[&'static str]) -> Vec<Stranger> {
        let mut files = Vec::new();
        let mut others = Vec::new();
        self.search(known, &mut files, &mut others);
        files.sort_unstable();
        let more = files.len().saturating_sub(MAX_STRANGERS);
        files.truncate(MAX_STRANGERS);
        let mut found: Vec<Stranger> = files.into_iter().map(Stranger::File).collect();
        found.extend((more > 0).then_some(Stranger::MoreFiles(more)));
        found.extend(others);
        found
    }

    fn search(&self, known: &[&str], files: &mut Vec<String>, others: &mut Vec<Stranger>) {
        let mut left = MAX_ENTRIES;
        let mut folders = vec![(String::new(), 1)];
        while let Some((inside, depth)) = folders.pop() {
            let Ok(entries) = fs::read_dir(self.root.join(&inside)) else {
                others.push(Stranger::Unlistable(inside));
                continue;
            };
            for entry in entries.flatten() {
                let Some(rest) = left.checked_sub(1) else {
                    return others.push(Stranger::TooMany(MAX_ENTRIES));
                };
                left = rest;
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.starts_with('.') {
                    continue;
                }
                let path = format!("{inside}{name}");
                // Follows links: mounted configuration often consists of them.
                if fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir()) {
                    if depth < MAX_DEPTH {
                        folders.push((format!("{path}/"), depth + 1));
                    }
                } else if !is_document(&name) && !known.contains(&path.as_str()) {
                    files.push(path);
                }
            }
        }
    }
}

fn is_document(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("md"))
}

/// Text of a regular file of bounded size. Pipes and devices are refused before they are opened:
/// opening one could wait for ever.
fn read_text(path: &Path) -> Result<String, String> {
    let found = fs::metadata(path).map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err("is not a regular file".to_owned());
    }
    let too_large = || format!("is larger than {MAX_FILE} bytes");
    if found.len() > MAX_FILE {
        return Err(too_large());
    }
    let opened = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    opened
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("is not UTF-8 text: byte {at} is not part of a letter")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("us")).unwrap();
        let folder = Folder::open(place.path()).unwrap();
        (place, folder)
    }

    #[test]
    fn what_is_no_plain_text_file_is_refused() {
        let (place, folder) = folder();
        assert_eq!(folder.text("us/a.toml"), Ok(None));
        fs::write(place.path().join("us/a.toml"), b"a = \xff").unwrap();
        assert!(folder.text("us/a.toml").unwrap_err().contains("UTF-8"));
        fs::create_dir(place.path().join("us/b.toml")).unwrap();
        assert!(folder.text("us/b.toml").unwrap_err().contains("regular"));
        let long = File::create(place.path().join("us/c.toml")).unwrap();
        long.set_len(64 * 1024 * 1024).unwrap();
        assert!(folder.text("us/c.toml").unwrap_err().contains("larger"));
        assert!(Folder::open(&place.path().join("none")).is_err());
        assert!(Folder::open(&place.path().join("us/a.toml")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_to_devices_and_to_nothing_are_refused() {
        use std::os::unix::fs::symlink;
        let (place, folder) = folder();
        symlink("/dev/zero", place.path().join("us/zero.toml")).unwrap();
        symlink("nowhere", place.path().join("us/gone.toml")).unwrap();
        symlink("loop.toml", place.path().join("us/loop.toml")).unwrap();
        assert!(folder.text("us/zero.toml").unwrap_err().contains("regular"));
        assert!(folder.text("us/gone.toml").is_err());
        assert!(folder.text("us/loop.toml").is_err());
        fs::write(place.path().join("us/real.toml"), "a = 1").unwrap();
        symlink("real.toml", place.path().join("us/link.toml")).unwrap();
        assert_eq!(folder.text("us/link.toml"), Ok(Some("a = 1".to_owned())));
    }

    #[test]
    fn files_that_are_no_table_are_named() {
        let (place, folder) = folder();
        for name in ["us/fha.toml", "us/fhaa.toml", "us/.fha.tmp", "README.md"] {
            fs::write(place.path().join(name), "").unwrap();
        }
        fs::write(place.path().join("stray.csv"), "").unwrap();
        let found = folder.strangers(&["us/fha.toml"]);
        let file = |name: &str| Stranger::File(name.to_owned());
        assert_eq!(found, [file("stray.csv"), file("us/fhaa.toml")]);
        for number in 0..60 {
            fs::write(place.path().join(format!("us/{number}.txt")), "").unwrap();
        }
        let found = folder.strangers(&["us/fha.toml"]);
        assert_eq!(found.len(), 51);
        assert_eq!(found.last(), Some(&Stranger::MoreFiles(12)));
    }
}
