//! A folder as a store that takes each file once: the counterpart of a bucket, with nothing but the
//! standard library.
//!
//! A file is written under a name of its own, synced, and then linked to its real name; the link
//! fails when the name is taken. So of several writers exactly one wins, and no reader ever sees half
//! a file, whenever a writer dies.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::sink::Put;

/// Ending of files that are being written. Their names begin with a dot, so that no pattern of a
/// query engine finds them.
const UNFINISHED: &str = ".unfinished";

/// A folder.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder that may be missing: it is made with its first file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(meta) if !meta.is_dir() => Err(ErrorKind::NotADirectory.into()),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `bytes` under `name`, which may lie one folder deeper, unless something is there.
    pub(super) fn put_if_absent(&self, name: &str, bytes: &[u8]) -> io::Result<Put> {
        let target = self.path.join(name);
        let folder = target.parent().unwrap_or(&self.path);
        fs::create_dir_all(folder)?;
        let unfinished = folder.join(own_name());
        let linked =
            write_new(&unfinished, bytes).and_then(|()| fs::hard_link(&unfinished, &target));
        // Whatever came of it, the name of its own has had its use.
        let removed = fs::remove_file(&unfinished);
        match linked {
            Ok(()) => {
                removed?;
                // The name itself must survive a power cut, too.
                File::open(folder)?.sync_all()?;
                Ok(Put::Written)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let same = fs::read(&target)? == bytes;
                Ok(Put::AlreadyThere { same })
            }
            Err(error) => Err(error),
        }
    }

    /// What is stored under a name, if anything.
    pub(super) fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes what writers that died left behind: unfinished files of processes other than this one
    /// that nobody has touched for a day.
    pub(super) fn sweep(&self, folders: &[&str]) {
        for folder in folders {
            let Ok(entries) = fs::read_dir(self.path.join(folder)) else {
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let is_unfinished = name
                    .to_str()
                    .is_some_and(|name| name.starts_with('.') && name.ends_with(UNFINISHED));
                let modified = entry.metadata().and_then(|meta| meta.modified());
                let age = modified.ok().and_then(|at| at.elapsed().ok());
                if is_unfinished && age.is_some_and(|age| age.as_secs() > 86_400) {
                    // Not ours to insist on: another process may be sweeping, too.
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }
}

/// A name nobody else writes under, on this machine or on another that shares the folder.
fn own_name() -> String {
    let [first, second] = [(); 2].map(|()| RandomState::new().hash_one(std::process::id()));
    format!(".{first:016x}{second:016x}{UNFINISHED}")
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Folder) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_written_once_and_nothing_else_is_left() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("a/b")).unwrap();
        assert_eq!(folder.read("part").unwrap(), None);
        assert_eq!(folder.put_if_absent("part", b"one").unwrap(), Put::Written);
        let again = folder.put_if_absent("part", b"one").unwrap();
        assert_eq!(again, Put::AlreadyThere { same: true });
        let other = folder.put_if_absent("part", b"two").unwrap();
        assert_eq!(other, Put::AlreadyThere { same: false });
        assert_eq!(folder.read("part").unwrap().unwrap(), b"one");
        folder.put_if_absent("deeper/part", b"").unwrap();
        assert_eq!(folder.read("deeper/part").unwrap().unwrap(), b"");
        assert_eq!(names(&folder), ["deeper", "part"]);
    }

    #[test]
    fn of_many_writers_one_wins_and_readers_see_whole_files() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let won = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8_u8)
                .map(|writer| {
                    let folder = &folder;
                    scope.spawn(move || {
                        let put = folder
                            .put_if_absent("part", &vec![writer; 200_000])
                            .unwrap();
                        let there = folder.read("part").unwrap().unwrap();
                        assert_eq!(there, vec![there[0]; 200_000]);
                        put
                    })
                })
                .collect();
            let puts = writers.into_iter().map(|writer| writer.join().unwrap());
            puts.filter(|put| *put == Put::Written).count()
        });
        assert_eq!(won, 1);
        assert_eq!(names(&folder), ["part"]);
    }

    #[test]
    fn a_file_of_a_writer_that_died_is_in_nobodys_way() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let left = place.path().join(own_name());
        fs::write(&left, b"half").unwrap();
        assert_eq!(folder.put_if_absent("part", b"one").unwrap(), Put::Written);
        // It may be of somebody who is still writing.
        folder.sweep(&["."]);
        assert!(left.exists());
        let long_ago = std::time::UNIX_EPOCH;
        let file = OpenOptions::new().write(true).open(&left).unwrap();
        file.set_modified(long_ago).unwrap();
        folder.sweep(&["."]);
        assert_eq!(names(&folder), ["part"]);
    }
}
