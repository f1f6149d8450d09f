//! What every store promises, run against the fake, a folder, and with `LINTEL_TEST_S3` against an
//! S3-compatible server that takes any key.

use std::sync::Arc;

use bytes::Bytes;
use lintel_app::ports::{BlobPieces, BlobWriter, Blobs, MemoryBlobs, STRETCH_BYTES};
use lintel_blobs::{BucketBlobs, FolderBlobs, probe};
use lintel_bucket::Bucket;
use tokio::task::JoinSet;

/// A store that is empty, and what it lives in.
struct Fresh {
    blobs: Arc<dyn Blobs>,
    _folder: Option<tempfile::TempDir>,
}

fn memory(_: &str) -> Option<Fresh> {
    Some(Fresh {
        blobs: Arc::new(MemoryBlobs::default()),
        _folder: None,
    })
}

fn folder(_: &str) -> Option<Fresh> {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = FolderBlobs::open(&folder.path().join("blobs")).expect("opened");
    Some(Fresh {
        blobs: Arc::new(blobs),
        _folder: Some(folder),
    })
}

fn bucket(test: &str) -> Option<Fresh> {
    let given = std::env::vars().find(|(name, _)| name == "LINTEL_TEST_S3");
    let Some((_, endpoint)) = given else {
        println!("SKIPPED: {test} in a bucket (LINTEL_TEST_S3 is not set)");
        return None;
    };
    let settings = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret-example"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", &*endpoint),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()));
    let name = format!("{test}-{}", std::process::id());
    make_bucket(&endpoint, &name);
    let bucket = Bucket::open_with(&format!("s3://{name}/blobs"), settings).expect("opened");
    Some(Fresh {
        blobs: Arc::new(BucketBlobs::new(bucket)),
        _folder: None,
    })
}

/// An unsigned `PUT /bucket`, by hand: this crate has no HTTP client of its own.
fn make_bucket(endpoint: &str, name: &str) {
    use std::io::{Read as _, Write as _};
    let host = endpoint.strip_prefix("http://").expect("plain http");
    let mut stream = std::net::TcpStream::connect(host).expect("a server");
    let request = format!(
        "PUT /{name} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.contains(" 200 "), "{answer}");
}

/// Runs one promise against every store.
macro_rules! everywhere {
    ($($(#[$meta:meta])* async fn $name:ident($blobs:ident) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn body($blobs: Arc<dyn Blobs>) $body

                async fn on(fresh: Option<Fresh>) {
                    if let Some(fresh) = fresh {
                        body(Arc::clone(&fresh.blobs)).await;
                    }
                }

                fn title() -> String {
                    let title = stringify!($name).replace('_', "-");
                    title.chars().take(40).collect()
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn memory() {
                    on(super::memory(&title())).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn folder() {
                    on(super::folder(&title())).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn bucket() {
                    on(super::bucket(&title())).await;
                }
            }
        )+
    };
}

/// More than any reader here wants.
const MUCH: u64 = 1 << 20;

/// Bytes that differ all along, so that a swapped or missing stretch is seen.
fn content(bytes: usize) -> Vec<u8> {
    let spread = |at: usize| u8::try_from((at.wrapping_mul(31) ^ (at >> 9)) % 251).unwrap_or(0);
    (0..bytes).map(spread).collect()
}

/// Begins a blob and writes it in pieces, and does not finish it.
async fn begun(blobs: &dyn Blobs, name: &str, content: &[u8], step: usize) -> Box<dyn BlobWriter> {
    let mut writer = blobs.begin(name).await.expect("begun");
    for piece in content.chunks(step) {
        let piece = Bytes::copy_from_slice(piece);
        writer.write(piece).await.expect("written");
    }
    writer
}

/// A whole blob, stretch by stretch.
async fn read_back(blobs: &Arc<dyn Blobs>, name: &str) -> Vec<u8> {
    let mut pieces = BlobPieces::new(Arc::clone(blobs), name.to_owned());
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await.expect("read") {
        assert!(piece.len() <= STRETCH_BYTES);
        whole.extend_from_slice(&piece);
    }
    assert!(pieces.next().await.expect("over").is_none());
    whole
}

everywhere! {
    async fn what_is_put_is_got(blobs) {
        for (name, bytes) in [
            ("a", &b"one"[..]),
            ("images/ab/abc.png", b"two"),
            ("x/y/z/part_1-2.A", b""),
        ] {
            assert_eq!(blobs.get(name, MUCH).await.expect("asked"), None);
            assert!(!blobs.exists(name).await.expect("asked"));
            blobs.put(name, bytes.to_vec()).await.expect("put");
            let got = blobs.get(name, MUCH).await.expect("got");
            assert_eq!(got.as_deref(), Some(bytes), "{name}");
            assert!(blobs.exists(name).await.expect("asked"));
        }
    }

    async fn the_same_again_is_fine_and_others_are_not(blobs) {
        blobs.put("a/b", b"one".to_vec()).await.expect("put");
        blobs.put("a/b", b"one".to_vec()).await.expect("again");
        for other in [&b"two"[..], b"", b"one and more"] {
            blobs.put("a/b", other.to_vec()).await.expect_err("other bytes");
        }
        let got = blobs.get("a/b", MUCH).await.expect("got");
        assert_eq!(got.as_deref(), Some(&b"one"[..]));
    }

    async fn a_reader_takes_so_much_and_no_more(blobs) {
        blobs.put("a", vec![7; 1000]).await.expect("put");
        assert_eq!(blobs.get("a", 1000).await.expect("got").map(|b| b.len()), Some(1000));
        blobs.get("a", 999).await.expect_err("too long");
        blobs.put("none", Vec::new()).await.expect("put");
        assert_eq!(blobs.get("none", 0).await.expect("got"), Some(Vec::new()));
    }

    async fn what_is_deleted_is_gone(blobs) {
        blobs.put("a/b", b"one".to_vec()).await.expect("put");
        assert!(blobs.delete("a/b").await.expect("deleted"));
        assert!(!blobs.delete("a/b").await.expect("asked"));
        assert_eq!(blobs.get("a/b", MUCH).await.expect("asked"), None);
        blobs.put("a/b", b"two".to_vec()).await.expect("the name is free again");
    }

    async fn names_that_mean_something_else_are_refused(blobs) {
        let long = "a".repeat(300);
        for name in [
            "", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "../a", "a\\b", "a b", "a%2fb", "é",
            "a\0", "a#1", &long,
        ] {
            blobs.put(name, b"x".to_vec()).await.expect_err(name);
            blobs.get(name, MUCH).await.expect_err(name);
            blobs.exists(name).await.expect_err(name);
            blobs.delete(name).await.expect_err(name);
        }
    }

    /// Nobody sees half a blob, and of many writers of different bytes exactly one wins.
    async fn many_writers_at_once_leave_one_whole_blob(blobs) {
        let mut writers = JoinSet::new();
        for writer in 0..8_u8 {
            let blobs = Arc::clone(&blobs);
            writers.spawn(async move {
                let bytes = vec![writer; 200_000];
                (writer, blobs.put("race/one", bytes).await.is_ok())
            });
        }
        let mut winners = Vec::new();
        while let Some(ended) = writers.join_next().await {
            let (writer, won) = ended.expect("ended");
            if won {
                winners.push(writer);
            }
        }
        assert_eq!(winners.len(), 1, "{winners:?}");
        let there = blobs.get("race/one", MUCH).await.expect("got").expect("there");
        assert_eq!(there, vec![winners[0]; 200_000]);
    }

    /// One part, parts and a rest, parts to the byte: what is short for one store is long for another.
    async fn what_is_written_piece_by_piece_is_there_when_finished(blobs) {
        let part = 5 << 20;
        for (name, length, step) in [
            ("documents/a/empty", 0, 1000),
            ("documents/a/short", 100, 7),
            ("documents/a/stretch", STRETCH_BYTES, 65_552),
            ("documents/b/part", part, 1 << 20),
            ("documents/b/long", 2 * part + 77, 65_552),
            ("documents/b/at-once", 2 * part, 3 * part),
        ] {
            let content = content(length);
            let writer = begun(&*blobs, name, &content, step).await;
            assert!(!blobs.exists(name).await.expect("asked"), "{name} too early");
            writer.finish().await.expect("finished");
            assert!(read_back(&blobs, name).await == content, "{name}");
        }
        assert_eq!(blobs.sweep().await.expect("swept"), 0);
    }

    async fn stretches_are_read_from_anywhere(blobs) {
        let content = content(100_000);
        blobs.put("a", content.clone()).await.expect("put");
        blobs.put("empty", Vec::new()).await.expect("put");
        for (offset, length) in [
            (0, 10), (0, 100_000), (0, 200_000), (99_990, 100), (50_000, 1), (100_000, 5), (100_001, 5),
            (1_000_000, 5), (u64::MAX, 5), (7, 0),
        ] {
            let read = blobs.read("a", offset, length).await.expect("read").expect("there");
            let from = usize::try_from(offset).map_or(100_000, |at| at.min(100_000));
            let to = (from + length).min(100_000);
            assert!(read == content[from..to], "{length} from {offset}");
        }
        for (offset, length) in [(0, 0), (0, 10), (10, 10)] {
            let read = blobs.read("empty", offset, length).await.expect("read");
            assert_eq!(read.as_deref(), Some(&b""[..]));
            assert_eq!(blobs.read("none", offset, length).await.expect("asked"), None);
        }
        let mut none = BlobPieces::new(Arc::clone(&blobs), "none".to_owned());
        none.next().await.expect_err("there is none");
        for name in ["", "../a", "a b"] {
            blobs.read(name, 0, 1).await.expect_err(name);
            assert!(blobs.begin(name).await.is_err(), "{name}");
        }
    }

    async fn what_is_given_up_was_never_there(blobs) {
        for length in [0, 10, (5 << 20) + 10, 11 << 20] {
            let content = content(length);
            let writer = begun(&*blobs, "documents/x", &content, 1 << 20).await;
            writer.abort().await.expect("given up");
            assert!(!blobs.exists("documents/x").await.expect("asked"));
            let writer = begun(&*blobs, "documents/x", &content, 1 << 20).await;
            drop(writer);
            assert!(!blobs.exists("documents/x").await.expect("asked"));
        }
        let writer = begun(&*blobs, "documents/x", b"again", 2).await;
        writer.finish().await.expect("the name is free");
        assert_eq!(read_back(&blobs, "documents/x").await, b"again");
    }

    async fn a_finished_writer_never_writes_over(blobs) {
        for length in [10, (6 << 20) + 3] {
            let name = format!("documents/{length}");
            let ours = content(length);
            let first = begun(&*blobs, &name, &ours, 1 << 20).await;
            let same = begun(&*blobs, &name, &ours, 300_000).await;
            let mut changed = ours.clone();
            changed[length - 1] ^= 1;
            let other = begun(&*blobs, &name, &changed, 1 << 20).await;
            let longer = begun(&*blobs, &name, &[&ours[..], b"x"].concat(), 1 << 20).await;
            first.finish().await.expect("finished");
            same.finish().await.expect("the same bytes");
            other.finish().await.expect_err("other bytes");
            longer.finish().await.expect_err("more bytes");
            assert!(read_back(&blobs, &name).await == ours, "{length}");
        }
    }

    async fn of_many_writers_piece_by_piece_one_wins(blobs) {
        let mut writers = JoinSet::new();
        for writer in 0..6_u8 {
            let blobs = Arc::clone(&blobs);
            writers.spawn(async move {
                let bytes = vec![writer; 100_000];
                let begun = begun(&*blobs, "race/two", &bytes, 30_000).await;
                (writer, begun.finish().await.is_ok())
            });
        }
        let mut winners = Vec::new();
        while let Some(ended) = writers.join_next().await {
            let (writer, won) = ended.expect("ended");
            if won {
                winners.push(writer);
            }
        }
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert_eq!(read_back(&blobs, "race/two").await, vec![winners[0]; 100_000]);
    }

    async fn a_probe_leaves_nothing(blobs) {
        probe(&*blobs, "word").await.expect("works");
        assert!(!blobs.exists("probe/word").await.expect("asked"));
    }
}
