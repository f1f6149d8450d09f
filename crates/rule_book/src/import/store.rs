//! Putting a table into the operator's folder in one step, one import at a time.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::folder::Folder;

use super::{Import, Kind};

/// Held while a table is replaced. Hidden, so that it is not taken for a table.
const LOCK: &str = ".import.lock";
/// How often the lock is asked for, and the pause between: half a minute in all.
const LOCK_TRIES: u32 = 300;
const LOCK_PAUSE: Duration = Duration::from_millis(100);
/// Names tried for the new file; each is one of 2^64.
const NAME_TRIES: u32 = 16;
/// Most entries of a folder looked at for left-overs.
const MAX_ENTRIES: usize = 10_000;

/// Text of the table there is; none when folder or table do not exist yet.
///
/// # Errors
/// When the file is there and cannot be read as text. The text names it.
pub fn read_existing(folder: &Path, kind: Kind) -> Result<Option<String>, String> {
    if !folder.exists() {
        return Ok(None);
    }
    let named = |what: String| format!("{}: {what}", folder.join(kind.file()).display());
    Folder::open(folder)
        .and_then(|folder| folder.text(kind.file()))
        .map_err(named)
}

/// Imports on top of the table there is and puts the result in its place; true when nothing was
/// new. `import` makes the new table of the existing text, and is asked a second time when another
/// import has come between: from the reading that counts to the renaming the folder is locked. What
/// `import` refuses leaves everything as it was, and a folder that is missing unmade.
///
/// # Errors
/// What `import` refuses; when the folder cannot be made, locked or written to.
pub fn update(
    folder: &Path,
    kind: Kind,
    mut import: impl FnMut(Option<&str>) -> Result<Import, String>,
) -> Result<(Import, bool), String> {
    let seen = read_existing(folder, kind)?;
    let mut imported = import(seen.as_deref())?;
    if seen.as_ref() == Some(&imported.text) {
        return Ok((imported, true));
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let _lock = lock(folder)?;
    let existing = read_existing(folder, kind)?;
    if existing != seen {
        imported = import(existing.as_deref())?;
    }
    let same = existing.as_ref() == Some(&imported.text);
    if !same {
        replace(folder, imported.file, &imported.text)?;
    }
    Ok((imported, same))
}

/// Waits for other imports into the folder to end. The lock ends with the file's closing, so a
/// killed import leaves none.
#[expect(
    clippy::disallowed_methods,
    reason = "a lock cannot be waited for with a limit; the wait is a command's, and no test's"
)]
fn lock(folder: &Path) -> Result<File, String> {
    let path = folder.join(LOCK);
    let named = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
        return Err(named(&"is not a regular file"));
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    let file = options.open(&path).map_err(|error| named(&error))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(named(&error)),
        }
    }
    Err(named(&"another import into this folder does not end"))
}

/// Writes a table's text beside the old file, flushes it to disk and renames it over that: a reader
/// sees the old table or the new one, and a broken-off import leaves the old one. Of a table that is
/// a link the file it leads to is replaced. Only for the holder of the lock.
fn replace(folder: &Path, file: &str, text: &str) -> Result<(), String> {
    let path = folder.join(file);
    let named = |error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(named)?;
    let (real, permissions) = match fs::symlink_metadata(&path) {
        Ok(_) => {
            let real = fs::canonicalize(&path).map_err(named)?;
            let permissions = fs::metadata(&real).map_err(named)?.permissions();
            (real, Some(permissions))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => (path.clone(), None),
        Err(error) => return Err(named(error)),
    };
    let parent = real.parent().unwrap_or(folder);
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    remove_left_overs(folder, parent, &name);
    let (beside, opened) = new_file(parent, &name).map_err(named)?;
    let written = write_whole(opened, text, permissions).and_then(|()| fs::rename(&beside, &real));
    if written.is_err() {
        // Nothing more can be done about a left-over that cannot be removed either.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(named)?;
    // The rename itself lasts only once the folder is on disk; not every system can do that.
    if let Ok(opened) = File::open(parent) {
        let _ = opened.sync_all();
    }
    Ok(())
}

/// A file that was not there before, under a hidden name nobody can foresee: a link laid in its way
/// is not followed.
fn new_file(parent: &Path, name: &str) -> std::io::Result<(PathBuf, File)> {
    for _ in 0..NAME_TRIES {
        // Every new state hashes with other random keys.
        let suffix = RandomState::new().build_hasher().finish();
        let path = parent.join(format!(".{name}.{suffix:016x}.new"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Removes what killed imports of this table left beside it. Outside the locked folder, where a link
/// may lead, nothing is removed: another folder's import may be writing there.
fn remove_left_overs(folder: &Path, parent: &Path, name: &str) {
    let inside = match (fs::canonicalize(folder), fs::canonicalize(parent)) {
        (Ok(folder), Ok(parent)) => parent.starts_with(folder),
        _ => false,
    };
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    let start = format!(".{name}.");
    for entry in entries.flatten().take(MAX_ENTRIES) {
        let found = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| !kind.is_dir());
        if inside && is_file && found.starts_with(&start) && found.ends_with(".new") {
            // One that cannot be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn write_whole(
    mut file: File,
    text: &str,
    permissions: Option<Permissions>,
) -> std::io::Result<()> {
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;
    use crate::import::Summary;

    const KIND: Kind = Kind::Euribor;

    fn import(text: String) -> Import {
        Import {
            file: KIND.file(),
            text,
            summary: Summary::default(),
        }
    }

    fn put(folder: &Path, text: &str) -> Result<bool, String> {
        update(folder, KIND, |_| Ok(import(text.to_owned()))).map(|(_, same)| same)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<_> = entries
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_table_is_replaced_whole_and_leaves_nothing_beside_it() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("rules");
        assert_eq!(read_existing(&folder, KIND), Ok(None));
        assert!(update(&folder, KIND, |_| Err("no".to_owned())).is_err());
        assert!(!folder.exists(), "what is refused makes no folder");
        for text in ["first, and longer", "second"] {
            assert_eq!(put(&folder, text), Ok(false));
            assert_eq!(read_existing(&folder, KIND), Ok(Some(text.to_owned())));
        }
        assert_eq!(put(&folder, "second"), Ok(true));
        fs::write(folder.join("pt/.euribor.toml.1234.new"), "half").unwrap();
        fs::write(folder.join("pt/.other.toml.1234.new"), "").unwrap();
        put(&folder, "third").unwrap();
        let left = names(&folder.join("pt"));
        assert_eq!(left, [".other.toml.1234.new", "euribor.toml"]);
        assert!(put(&folder.join("pt/euribor.toml"), "x").is_err());
    }

    #[test]
    fn of_two_imports_at_once_none_is_lost() {
        let place = tempfile::tempdir().unwrap();
        let both_have_read = Barrier::new(2);
        std::thread::scope(|scope| {
            for word in ["one", "two"] {
                let (folder, both) = (place.path(), &both_have_read);
                scope.spawn(move || {
                    let mut is_first = true;
                    let added = update(folder, KIND, |existing| {
                        if is_first {
                            both.wait();
                        }
                        is_first = false;
                        Ok(import(format!("{}{word}\n", existing.unwrap_or_default())))
                    });
                    assert!(!added.unwrap().1);
                });
            }
        });
        let text = read_existing(place.path(), KIND).unwrap().unwrap();
        let mut words: Vec<&str> = text.lines().collect();
        words.sort_unstable();
        assert_eq!(words, ["one", "two"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_table_stays_a_link_and_keeps_its_permissions() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let place = tempfile::tempdir().unwrap();
        let (folder, real) = (place.path().join("rules"), place.path().join("real.toml"));
        fs::create_dir_all(folder.join("pt")).unwrap();
        fs::write(&real, "before").unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        let table = folder.join(KIND.file());
        symlink(&real, &table).unwrap();
        assert_eq!(put(&folder, "after"), Ok(false));
        assert!(fs::symlink_metadata(&table).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
        let mode = fs::metadata(&real).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert_eq!(names(place.path()), ["real.toml", "rules"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_laid_in_the_way_is_not_followed() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("rules");
        fs::create_dir_all(folder.join("pt")).unwrap();
        let victim = place.path().join("victim");
        fs::write(&victim, "mine").unwrap();
        let old_name = format!("pt/.euribor.toml.{}.new", std::process::id());
        symlink(&victim, folder.join(old_name)).unwrap();
        put(&folder, "text").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
        assert_eq!(names(&folder.join("pt")), ["euribor.toml"]);
    }
}
