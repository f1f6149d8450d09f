//! The files of the repository, read once: everything that git would track.
//!
//! The walk understands the few kinds of pattern our `.gitignore` uses instead of calling git, so
//! that the test also works in an unpacked source archive.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Larger files are data, not something a person reads; they are listed without their text.
const TEXT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A guard against a walk that runs away, for instance into a mounted folder.
const FILES_MAX: usize = 50_000;

/// Paths with `/` from the root, each with its text, or `None` when it is not UTF-8 text.
pub(crate) struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Reads the repository this test was compiled from.
    pub(crate) fn of_repository() -> Self {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let ignored = Ignored::parse(&ignored);
        let mut files = BTreeMap::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(root.join(&folder)) else {
                // Somebody's temporary folder that is gone again; the root itself must be there.
                assert!(!folder.is_empty(), "cannot list the repository");
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = if folder.is_empty() {
                    name
                } else {
                    format!("{folder}/{name}")
                };
                let Ok(kind) = entry.file_type() else {
                    continue;
                };
                if ignored.covers(&path) || kind.is_symlink() {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    let small = entry
                        .metadata()
                        .is_ok_and(|meta| meta.len() <= TEXT_BYTES_MAX);
                    let text = if small {
                        fs::read_to_string(entry.path()).ok()
                    } else {
                        None
                    };
                    files.insert(path, text);
                }
            }
            assert!(
                files.len() <= FILES_MAX,
                "more than {FILES_MAX} files under the repository"
            );
        }
        Self { files }
    }

    /// A tree of our own for the checkers' tests.
    pub(crate) fn of_texts(files: &[(&str, &str)]) -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), Some((*text).to_owned()));
        Self {
            files: files.iter().map(owned).collect(),
        }
    }

    /// All paths, in order.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of one file; `None` when it is absent or not text.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// The text files whose path is wanted.
    pub(crate) fn matching(
        &self,
        wanted: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = (&str, &str)> {
        let texts = self
            .files
            .iter()
            .filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)));
        texts.filter(move |(path, _)| wanted(path))
    }

    /// Is there a file or a folder of this path?
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.contains_key(path) || self.paths().any(|known| known.starts_with(&folder))
    }

    /// Is there a file whose path ends with these whole components?
    pub(crate) fn has_ending(&self, path: &str) -> bool {
        let ending = format!("/{path}");
        self.paths().any(|known| known.ends_with(&ending))
    }
}

/// The patterns of an ignore file: `/anchored`, `*.ending` and `name` anywhere.
struct Ignored {
    anchored: Vec<String>,
    endings: Vec<String>,
    names: Vec<String>,
}

impl Ignored {
    fn parse(text: &str) -> Self {
        let mut ignored = Self {
            anchored: vec!["target".to_owned()],
            endings: Vec::new(),
            names: vec![".git".to_owned()],
        };
        for line in text.lines().map(str::trim) {
            let pattern = line.trim_end_matches('/');
            if pattern.is_empty() || pattern.starts_with('#') {
                continue;
            }
            if let Some(path) = pattern.strip_prefix('/') {
                ignored.anchored.push(path.to_owned());
            } else if let Some(ending) = pattern.strip_prefix('*') {
                ignored.endings.push(ending.to_owned());
            } else {
                ignored.names.push(pattern.to_owned());
            }
        }
        ignored
    }

    fn covers(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.anchored.iter().any(|known| known == path)
            || self.names.iter().any(|known| known == name)
            || self
                .endings
                .iter()
                .any(|ending| name.ends_with(ending.as_str()))
    }
}

#[test]
fn ignore_patterns_are_understood() {
    let ignored = Ignored::parse("# comment\n/target\n/data-folder/\n*.sqlite\nnotes\n");
    for path in [
        "target",
        "data-folder",
        "a/b.sqlite",
        "notes",
        "a/notes",
        ".git",
    ] {
        assert!(ignored.covers(path), "{path} should be ignored");
    }
    for path in [
        "crates/target",
        "a/data-folder",
        "sqlite.rs",
        "notes.md",
        ".gitignore",
    ] {
        assert!(!ignored.covers(path), "{path} should be seen");
    }
}

#[test]
fn folders_and_endings_are_found() {
    let tree = Tree::of_texts(&[("crates/engine/src/apr.rs", ""), ("README.md", "")]);
    assert!(tree.has("crates/engine/src") && tree.has("README.md"));
    assert!(!tree.has("crates/eng") && !tree.has("crates/engine/src/apr"));
    assert!(tree.has_ending("src/apr.rs") && !tree.has_ending("rc/apr.rs"));
}
