//! Zips that other programs open, with names that are safe.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Command;

use futures_util::TryStreamExt as _;

use super::*;

const AT: Instant = Instant::from_seconds(1_795_268_758);

fn entry(name: &str, content: &[u8]) -> ZipEntry {
    ZipEntry {
        name: name.to_owned(),
        bytes: u64::try_from(content.len()).expect("short"),
        crc32: crc32fast::hash(content),
        modified: AT,
    }
}

/// A content that comes in pieces of so many bytes.
fn pieces(
    content: &[u8],
    step: usize,
) -> impl Stream<Item = Result<Bytes, Fault>> + Send + 'static + use<> {
    let pieces: Vec<_> = content
        .chunks(step)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces)
}

async fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let entries: Vec<ZipEntry> = files.iter().map(|(n, c)| entry(n, c)).collect();
    let parts = entries.iter().cloned().zip(files);
    let parts = parts.map(|(entry, (_, content))| (entry, pieces(content, 1000)));
    let zip = stream(parts.collect()).expect("begun");
    let zip: Vec<Bytes> = zip.try_collect().await.expect("written");
    let zip = zip.concat();
    let bytes = u64::try_from(zip.len()).expect("short");
    assert_eq!(length(&entries).expect("a length"), bytes);
    zip
}

/// What a program says, or nothing when it is not there.
fn said(program: &str, arguments: &[&str], zip: &Path) -> Option<String> {
    let ran = Command::new(program).args(arguments).arg(zip).output();
    let Ok(ran) = ran else {
        println!("SKIPPED: {program} is not here");
        return None;
    };
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{program}: {text} {wrong}");
    Some(text)
}

/// Names, sizes and checked contents as Python reads them.
const READ: &str = "import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist():
    assert i.compress_type == 0 and i.flag_bits == 0x800, (i.compress_type, i.flag_bits)
    print(ascii(i.filename), i.file_size, hex(i.CRC), *i.date_time, z.read(i)[:8])";

#[tokio::test]
async fn other_peoples_programs_open_it() {
    let long: Vec<u8> = (0..70_000_u32).flat_map(u32::to_le_bytes).collect();
    let files: [(&str, &[u8]); 4] = [
        ("W-2 (2025).pdf", b"%PDF-1.7 one"),
        ("Lohnzettel M\u{e4}rz.pdf", &long),
        ("\u{7d66}\u{4e0e}.pdf", b"three"),
        ("empty.pdf", b""),
    ];
    let zip = zipped(&files).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("papers.zip");
    std::fs::write(&path, &zip).expect("written");
    if let Some(text) = said("python3", &["-c", READ], &path) {
        let first = text.lines().next().unwrap_or_default();
        let crc32 = crc32fast::hash(b"%PDF-1.7 one");
        let expected = format!("'W-2 (2025).pdf' 12 0x{crc32:x} 2026 11 21 13 45 58 b'%PDF-1.7'");
        assert_eq!(first, expected);
        assert!(text.contains("'Lohnzettel M\\xe4rz.pdf' 280000"), "{text}");
        assert!(text.contains("'\\u7d66\\u4e0e.pdf' 5 "), "{text}");
        assert_eq!(text.lines().count(), 4);
    }
    if let Some(text) = said("unzip", &["-t"], &path) {
        assert!(text.contains("No errors detected"), "{text}");
    }
    if let Some(text) = said("bsdtar", &["-tf"], &path) {
        assert_eq!(text.lines().count(), 4, "{text}");
    }
}

#[tokio::test]
async fn a_zip_of_nothing_is_one() {
    let zip = zipped(&[]).await;
    assert_eq!(zip.len(), 22);
}

#[test]
fn more_than_four_gibibytes_are_said_in_the_wide_form() {
    let big = ZipEntry {
        bytes: 5 << 30,
        ..entry("big.pdf", b"")
    };
    let small = entry("small.pdf", b"small");
    let even = ZipEntry {
        bytes: 1 << 32,
        ..entry("even.pdf", b"")
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wide.zip");
    let mut file = std::fs::File::create(&path).expect("made");
    let mut directory = Directory::default();
    // The long contents are holes in the file.
    for (entry, content) in [
        (&big, None),
        (&small, Some(b"small")),
        (&even, None),
        (&small, Some(b"small")),
    ] {
        file.write_all(&directory.head(entry).expect("a head"))
            .expect("written");
        directory.skip(entry.bytes).expect("not too long");
        match content {
            Some(content) => file.write_all(content).expect("written"),
            None => {
                let hole = i64::try_from(entry.bytes).expect("positive");
                file.seek(SeekFrom::Current(hole)).expect("gone on");
            }
        }
    }
    file.write_all(&directory.end().expect("an end"))
        .expect("written");
    let written = file.metadata().expect("looked at").len();
    assert_eq!(
        length([&big, &small, &even, &small]).expect("a length"),
        written
    );
    const LOOK: &str = "import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print([(i.filename, i.file_size, i.header_offset > 2 ** 32) for i in z.infolist()], z.read('small.pdf'))";
    if let Some(text) = said("python3", &["-W", "ignore", "-c", LOOK], &path) {
        let big = "('big.pdf', 5368709120, False)";
        let small = "('small.pdf', 5, True)";
        let even = "('even.pdf', 4294967296, True)";
        let expected = format!("[{big}, {small}, {even}, {small}] b'small'\n");
        assert_eq!(text, expected);
    }
    said("unzip", &["-l"], &path);
}

/// The mark for "elsewhere" cannot be a length itself.
#[test]
fn the_wide_form_begins_with_the_mark_itself() {
    let of = |bytes: u64| {
        let entry = ZipEntry {
            bytes,
            ..entry("a", b"")
        };
        length([&entry]).expect("a length")
    };
    let mark = u64::from(u32::MAX);
    // One byte more of content, and both sizes with four bytes before them in both heads.
    assert_eq!(of(mark) - of(mark - 1), 1 + 20 + 20);
    assert_eq!(of(mark + 1) - of(mark), 1);
}

#[tokio::test]
async fn a_content_that_is_another_ends_the_zip() {
    let good = entry("a.pdf", b"content");
    let fault = || Err(Fault::internal("told to fail"));
    for wrong in [
        vec![Ok(Bytes::from_static(b"conten"))],
        vec![Ok(Bytes::from_static(b"contenT"))],
        vec![
            Ok(Bytes::from_static(b"content")),
            Ok(Bytes::from_static(b"x")),
        ],
        vec![Ok(Bytes::from_static(b"con")), fault()],
        vec![],
    ] {
        let files = vec![(good.clone(), stream::iter(wrong))];
        let zip: Vec<_> = stream(files).expect("begun").collect().await;
        assert!(zip.last().expect("an end").is_err());
        let written: Vec<u8> = zip.into_iter().flatten().flatten().collect();
        assert!(!written.windows(4).any(|four| four == b"PK\x01\x02"));
    }
}

#[tokio::test]
async fn contents_are_asked_for_one_after_the_other() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let begun = Arc::new(AtomicUsize::new(0));
    let files = (0..3).map(|n| {
        let begun = Arc::clone(&begun);
        let content = stream::once(async move {
            begun.fetch_add(1, Ordering::SeqCst);
            Ok(Bytes::from_static(b"content"))
        });
        (entry(&format!("{n}.pdf"), b"content"), content)
    });
    let zip = stream(files.collect()).expect("begun");
    let mut zip = Box::pin(zip);
    for expected in [0, 1, 1, 2, 2, 3, 3] {
        zip.next().await.expect("more").expect("good");
        assert_eq!(begun.load(Ordering::SeqCst), expected);
    }
    assert!(zip.next().await.is_none());
}

#[test]
fn too_many_files_and_lengths_beyond_numbers_are_refused() {
    let small = entry("a", b"a");
    assert!(length(std::iter::repeat_n(&small, MAX_ENTRIES)).is_ok());
    assert!(length(std::iter::repeat_n(&small, MAX_ENTRIES + 1)).is_err());
    let endless = ZipEntry {
        bytes: u64::MAX,
        ..small.clone()
    };
    assert!(length([&endless]).is_err());
    let long = ZipEntry {
        name: "a".repeat(70_000),
        ..small
    };
    assert!(length([&long]).is_err());
}
