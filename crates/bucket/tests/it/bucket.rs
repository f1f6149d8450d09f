//! The store against a real S3-compatible server. `LINTEL_TEST_S3` names one that takes any key,
//! as `scripts/test` starts it; without it these tests say SKIPPED.

use std::sync::Arc;

use lintel_bucket::{Bucket, BucketError, Put};
use tokio::task::JoinSet;

/// Keys that no message may repeat.
const KEY_ID: &str = "AKIDNEVERSHOWN";
const SECRET: &str = "secret-never-shown";

/// A fresh bucket for one test, or nothing when there is no server.
fn endpoint(bucket: &str) -> Option<String> {
    let given = std::env::vars().find(|(name, _)| name == "LINTEL_TEST_S3");
    let Some((_, endpoint)) = given else {
        println!("SKIPPED: LINTEL_TEST_S3 is not set");
        return None;
    };
    let created = ureq::put(format!("{endpoint}/{bucket}")).send_empty();
    assert!(created.is_ok(), "cannot make a bucket: {created:?}");
    Some(endpoint)
}

fn settings(endpoint: &str) -> Vec<(String, String)> {
    [
        ("AWS_ACCESS_KEY_ID", KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", endpoint),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .to_vec()
}

fn open(endpoint: &str, url: &str) -> Bucket {
    Bucket::open_with(url, settings(endpoint)).unwrap()
}

/// A bucket's name that no other run has.
fn fresh(name: &str) -> String {
    format!("{name}-{}", std::process::id())
}

#[tokio::test]
async fn a_file_is_written_once_and_read_back() {
    let name = fresh("once");
    let Some(endpoint) = endpoint(&name) else {
        return;
    };
    let bucket = open(&endpoint, &format!("s3://{name}/cards/a"));
    assert!(!bucket.exists("part-0.csv").await.unwrap());
    assert_eq!(bucket.read("part-0.csv").await.unwrap(), None);
    let put = |name: &'static str, bytes: &'static [u8]| bucket.put_if_absent(name, bytes.to_vec());
    assert_eq!(put("part-0.csv", b"one").await.unwrap(), Put::Written);
    let again = put("part-0.csv", b"one").await.unwrap();
    assert_eq!(again, Put::AlreadyThere { same: true });
    let other = put("part-0.csv", b"two").await.unwrap();
    assert_eq!(other, Put::AlreadyThere { same: false });
    assert_eq!(bucket.read("part-0.csv").await.unwrap().unwrap(), b"one");
    assert!(bucket.exists("part-0.csv").await.unwrap());
    assert_eq!(put("empty", b"").await.unwrap(), Put::Written);
    assert_eq!(bucket.read("empty").await.unwrap().unwrap(), b"");
}

#[tokio::test]
async fn a_file_is_removed_and_never_read_beyond_its_bound() {
    let name = fresh("remove");
    let Some(endpoint) = endpoint(&name) else {
        return;
    };
    let bucket = open(&endpoint, &format!("s3://{name}/x"));
    bucket.put_if_absent("a", b"12345".to_vec()).await.unwrap();
    let read = bucket.read_at_most("a", 5).await.unwrap();
    assert_eq!(read.as_deref(), Some(&b"12345"[..]));
    let told = bucket.read_at_most("a", 4).await.unwrap_err();
    assert!(told.to_string().contains("longer than 4 bytes"), "{told}");
    assert!(bucket.delete("a").await.unwrap());
    assert!(!bucket.delete("a").await.unwrap());
    assert_eq!(bucket.read_at_most("a", 5).await.unwrap(), None);
}

#[tokio::test]
async fn names_are_listed_below_the_prefix_only() {
    let name = fresh("list");
    let Some(endpoint) = endpoint(&name) else {
        return;
    };
    let card = open(&endpoint, &format!("s3://{name}/a"));
    let neighbour = open(&endpoint, &format!("s3://{name}/ab"));
    let whole = open(&endpoint, &format!("s3://{name}"));
    assert_eq!(card.list("").await.unwrap(), [""; 0]);
    for name in ["part-1", "x=1/part-2", "manifest.json"] {
        card.put_if_absent(name, b"1".to_vec()).await.unwrap();
    }
    neighbour
        .put_if_absent("part-9", b"1".to_vec())
        .await
        .unwrap();
    assert_eq!(
        card.list("").await.unwrap(),
        ["manifest.json", "part-1", "x=1/part-2"]
    );
    assert_eq!(card.list("part").await.unwrap(), ["part-1"]);
    assert_eq!(whole.list("ab/").await.unwrap(), ["ab/part-9"]);
    assert!(card.exists("x=1/part-2").await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_one_wins() {
    let name = fresh("race");
    let Some(endpoint) = endpoint(&name) else {
        return;
    };
    let bucket = Arc::new(open(&endpoint, &format!("s3://{name}/race")));
    let mut writers = JoinSet::new();
    for writer in 0..8_u8 {
        let bucket = Arc::clone(&bucket);
        let put = async move { bucket.put_if_absent("part", vec![writer; 100_000]).await };
        writers.spawn(async move { (writer, put.await) });
    }
    let mut winner = None;
    while let Some(ended) = writers.join_next().await {
        let (writer, put) = ended.unwrap();
        match put.unwrap() {
            Put::Written => assert_eq!(winner.replace(writer), None, "two writers won"),
            Put::AlreadyThere { same } => assert!(!same),
        }
    }
    let there = bucket.read("part").await.unwrap().unwrap();
    assert_eq!(there, vec![winner.unwrap(); 100_000]);
}

#[tokio::test]
async fn faults_are_told_without_keys() {
    let name = fresh("fault");
    let Some(endpoint) = endpoint(&name) else {
        return;
    };
    let absent = open(&endpoint, &format!("s3://{}/x", fresh("no-such-bucket")));
    let told = absent.put_if_absent("part", b"1".to_vec()).await;
    assert_told(&told.unwrap_err(), "NoSuchBucket");
    assert_told(&absent.list("").await.unwrap_err(), "NoSuchBucket");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_without_keys() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", port.local_addr().unwrap());
    drop(port);
    let told = open(&endpoint, "s3://cards/x").exists("part").await;
    assert_told(&told.unwrap_err(), "connection refused");
}

fn assert_told(error: &BucketError, expected: &str) {
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains(KEY_ID) && !text.contains(SECRET), "{text}");
    }
}
