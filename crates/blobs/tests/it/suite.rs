//! What every store promises, run against the fake, a folder, and with `LINTEL_TEST_S3` against an
//! S3-compatible server that takes any key.

use std::sync::Arc;

use lintel_app::ports::{Blobs, MemoryBlobs};
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

    async fn a_probe_leaves_nothing(blobs) {
        probe(&*blobs, "word").await.expect("works");
        assert!(!blobs.exists("probe/word").await.expect("asked"));
    }
}
