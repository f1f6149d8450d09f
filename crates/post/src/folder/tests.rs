//! Letters as files.

use std::fs;

use super::*;
use crate::mime;
use crate::mime::tests::letter;

fn taken() -> Handed {
    Handed::Taken {
        answer: "written to the folder".to_owned(),
    }
}

#[tokio::test]
async fn letters_are_files_for_their_owner_only() {
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path().join("deep/mail");
    let post = FolderPost::new(folder.clone());
    let letter = letter();
    assert_eq!(post.send(&letter).await, taken());
    // A process that was killed between writing and moving left this behind.
    fs::write(folder.join(".delivery-1.part"), "half a let").expect("written");
    assert_eq!(post.send(&letter).await, taken());
    let names: Vec<_> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["delivery-1.eml"]);
    let file = folder.join("delivery-1.eml");
    let bytes = mime::write(&letter, None).expect("a letter").bytes;
    let expected = [b"X-Envelope-To: olive@example.com\r\n", bytes.as_slice()].concat();
    assert_eq!(fs::read(&file).expect("read"), expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_loses_nothing() {
    let scratch = tempfile::tempdir().expect("a folder");
    let place = scratch.path().join("mail");
    fs::write(&place, "a file where the folder should be").expect("written");
    let post = FolderPost::new(place.clone());
    assert!(matches!(post.send(&letter()).await, Handed::Later { .. }));
    fs::remove_file(&place).expect("removed");
    assert_eq!(post.send(&letter()).await, taken());
}

#[tokio::test]
async fn a_letter_that_cannot_be_written_leaves_nothing() {
    let scratch = tempfile::tempdir().expect("a folder");
    let post = FolderPost::new(scratch.path().to_owned());
    let letter = Outgoing {
        recipient: "a\r\nb@example.com".to_owned(),
        ..letter()
    };
    assert!(matches!(post.send(&letter).await, Handed::Refused { .. }));
    let left = fs::read_dir(scratch.path()).expect("a folder").count();
    assert_eq!(left, 0);
}
