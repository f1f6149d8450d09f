//! What is true of folders only: modes, and what cannot be opened.

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

#[test]
fn what_is_no_folder_is_told() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let told = FolderBlobs::open(file.path()).expect_err("a file");
    assert!(told.chain().contains("cannot open the folder"), "{told}");
    for url in ["http://blobs", "s3://", "gs://blobs"] {
        assert!(open(Some(url), file.path()).is_err(), "{url}");
    }
}
