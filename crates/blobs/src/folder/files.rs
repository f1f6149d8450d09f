//! Files and folders for their owner only, on their way into place.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Where files are written before they have their name. No blob's name can say this.
const UNFINISHED: &str = "#unfinished";
/// Age at which an unfinished file belongs to nobody any more: no upload takes so long.
const ABANDONED: Duration = Duration::from_secs(2 * 60 * 60);
/// Names tried for an unfinished file; other processes may write into the same folder.
const ATTEMPTS: usize = 1000;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A new file that nobody else writes, on the disk of `folder`.
pub(super) fn make_unfinished(folder: &Path) -> io::Result<(File, PathBuf)> {
    let place = folder.join(UNFINISHED);
    make_folders(folder, &place)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for _ in 0..ATTEMPTS {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = place.join(format!("{}-{number}", std::process::id()));
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Removes unfinished files nobody has written to for hours, and says how many.
pub(super) fn sweep(folder: &Path) -> io::Result<u64> {
    let listed = match std::fs::read_dir(folder.join(UNFINISHED)) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut removed = 0_u64;
    for entry in listed {
        let entry = entry?;
        // One that cannot be looked at was just put in place or given up.
        let Ok(there) = entry.metadata() else {
            continue;
        };
        // A time in the future is somebody's wrong clock; the file is left for another day.
        let age = there.modified()?.elapsed().unwrap_or_default();
        if there.is_file() && age >= ABANDONED && std::fs::remove_file(entry.path()).is_ok() {
            removed = removed.saturating_add(1);
        }
    }
    Ok(removed)
}

/// Makes the folders from `root` down to `folder` that are missing, each there to stay when this
/// returns.
pub(super) fn make_folders(root: &Path, folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|path| *path != root && !path.is_dir())
        .collect();
    make_private_folder(folder)?;
    for made in missing {
        if let Some(parent) = made.parent() {
            keep(parent)?;
        }
    }
    Ok(())
}

/// Makes a folder and those above it, for their owner only.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Synchronises a folder, so that the names in it survive a power cut.
#[cfg(unix)]
pub(super) fn keep(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere folders cannot be opened for this.
#[cfg(not(unix))]
pub(super) fn keep(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_abandoned_is_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(sweep(folder.path()).expect("swept"), 0);
        let (fresh, fresh_path) = make_unfinished(folder.path()).expect("made");
        let (old, old_path) = make_unfinished(folder.path()).expect("made");
        let now = fresh.metadata().and_then(|m| m.modified()).expect("a time");
        let ago = |age: Duration| now.checked_sub(age).expect("a time");
        old.set_modified(ago(ABANDONED + Duration::from_secs(60)))
            .expect("set");
        fresh
            .set_modified(ago(ABANDONED - Duration::from_secs(600)))
            .expect("set");
        assert_eq!(sweep(folder.path()).expect("swept"), 1);
        assert!(fresh_path.exists() && !old_path.exists());
        fresh.set_modified(now + ABANDONED).expect("set");
        assert_eq!(sweep(folder.path()).expect("swept"), 0);
    }
}
