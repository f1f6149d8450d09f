//! What is true of folders only: modes, and what cannot be opened.

use std::time::Duration;

use bytes::Bytes;
use lintel_app::ports::Blobs as _;
use lintel_blobs::{FolderBlobs, open};

#[cfg(unix)]
#[tokio::test]
async fn files_and_folders_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("data").join("blobs");
    let blobs = FolderBlobs::open(&folder).expect("opened");
    blobs
        .put("images/ab/x.png", b"1".to_vec())
        .await
        .expect("put");
    for (path, mode) in [
        (folder.clone(), 0o700),
        (folder.join("images"), 0o700),
        (folder.join("images/ab"), 0o700),
        (folder.join("images/ab/x.png"), 0o600),
    ] {
        let found = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(found & 0o777, mode, "{}", path.display());
    }
    // Nothing but the blob: no half-written file stays beside it.
    let beside: Vec<_> = std::fs::read_dir(folder.join("images/ab"))
        .expect("listed")
        .collect();
    assert_eq!(beside.len(), 1);
}

/// Files in the folder where unfinished ones are.
fn unfinished(folder: &std::path::Path) -> Vec<std::fs::DirEntry> {
    match std::fs::read_dir(folder.join("#unfinished")) {
        Ok(listed) => listed.map(|entry| entry.expect("an entry")).collect(),
        Err(_) => Vec::new(),
    }
}

#[tokio::test]
async fn unfinished_files_are_private_and_gone_when_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = FolderBlobs::open(folder.path()).expect("opened");
    let mut writer = blobs.begin("documents/a/b").await.expect("begun");
    let piece = || Bytes::from_static(b"a piece");
    writer.write(piece()).await.expect("written");
    let there = unfinished(folder.path());
    assert_eq!(there.len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| {
            let found = std::fs::metadata(path).expect("there").permissions();
            found.mode() & 0o777
        };
        assert_eq!(mode(&there[0].path()), 0o600);
        assert_eq!(mode(&folder.path().join("#unfinished")), 0o700);
    }
    drop(writer);
    assert!(unfinished(folder.path()).is_empty());
    let mut writer = blobs.begin("documents/a/b").await.expect("begun");
    writer.write(piece()).await.expect("written");
    writer.finish().await.expect("finished");
    assert!(unfinished(folder.path()).is_empty());
}

/// A process that is killed neither finishes its file nor removes it.
#[tokio::test]
async fn what_a_killed_process_left_is_swept_when_it_is_old() {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = FolderBlobs::open(folder.path()).expect("opened");
    for name in ["a", "b"] {
        let writer = blobs.begin(name).await.expect("begun");
        std::mem::forget(writer);
    }
    assert_eq!(blobs.sweep().await.expect("swept"), 0);
    let old = unfinished(folder.path())[0].path();
    let file = std::fs::File::options()
        .write(true)
        .open(&old)
        .expect("opened");
    let now = file.metadata().and_then(|m| m.modified()).expect("a time");
    let ago = now
        .checked_sub(Duration::from_secs(3 * 3600))
        .expect("a time");
    file.set_modified(ago).expect("set");
    assert_eq!(blobs.sweep().await.expect("swept"), 1);
    assert_eq!(unfinished(folder.path()).len(), 1);
    // The next process does the same when it starts.
    let left = unfinished(folder.path())[0].path();
    let file = std::fs::File::options()
        .write(true)
        .open(&left)
        .expect("opened");
    file.set_modified(ago).expect("set");
    FolderBlobs::open(folder.path()).expect("opened again");
    assert!(unfinished(folder.path()).is_empty());
    for name in ["a", "b"] {
        assert!(!blobs.exists(name).await.expect("asked"));
    }
}

#[test]
fn what_is_no_folder_is_told() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let told = FolderBlobs::open(file.path()).expect_err("a file");
    assert!(told.chain().contains("cannot open the folder"), "{told}");
    for url in ["http://blobs", "s3://", "gs://blobs"] {
        assert!(open(Some(url), file.path()).is_err(), "{url}");
    }
}
