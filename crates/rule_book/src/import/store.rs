//! Putting a table into the operator's folder in one step.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use crate::folder::Folder;

use super::Kind;

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

/// Writes a table's text below the folder, which is made when it is missing. The text is written
/// beside the old file, flushed to disk and renamed over it: a reader sees the old table or the new
/// one, and a broken-off import leaves the old one.
///
/// # Errors
/// When the folder cannot be made or written to. The text names the file.
pub fn store(folder: &Path, file: &str, text: &str) -> Result<(), String> {
    let path = folder.join(file);
    let named = |error: std::io::Error| format!("{}: {error}", path.display());
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(named)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Hidden, so that a left-over is not taken for a table.
    let beside = parent.join(format!(".{name}.{}.new", std::process::id()));
    let written = write_whole(&beside, text).and_then(|()| fs::rename(&beside, &path));
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

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_replaced_whole_and_leaves_nothing_beside_it() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("rules");
        let kind = Kind::Euribor;
        assert_eq!(read_existing(&folder, kind), Ok(None));
        for text in ["first, and longer", "second"] {
            store(&folder, kind.file(), text).unwrap();
            assert_eq!(read_existing(&folder, kind), Ok(Some(text.to_owned())));
        }
        let beside = fs::read_dir(folder.join("pt")).unwrap().count();
        assert_eq!(beside, 1);
        assert!(store(&folder.join("pt/euribor.toml"), kind.file(), "x").is_err());
    }
}
