//! Addresses, names and settings, without a store.

use super::*;

fn open(url: &str, settings: &[(&str, &str)]) -> Result<Bucket, BucketError> {
    let settings = settings.iter();
    Bucket::open_with(
        url,
        settings.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())),
    )
}

const KEYS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "hush-hush"),
    ("AWS_REGION", "us-east-1"),
];

#[test]
fn addresses_are_read_and_shown_without_their_slash() {
    for (url, shown) in [
        ("s3://cards", "s3://cards"),
        ("s3://cards/", "s3://cards"),
        ("s3://cards/2026/nov=21/", "s3://cards/2026/nov=21"),
    ] {
        let bucket = open(url, &KEYS).unwrap();
        assert_eq!(bucket.to_string(), shown);
        assert!(!format!("{bucket:?}").contains("hush"));
    }
}

#[test]
fn addresses_that_mean_something_else_are_refused() {
    for url in [
        "",
        "cards",
        "s3:/cards",
        "http://cards",
        "s3://",
        "s3://ab",
        "s3://Cards",
        "s3://user:secret@cards/x",
        "s3://cards/a//b",
        "s3://cards/../b",
        "s3://cards/a b",
        "s3://cards/a%2fb",
        "s3://cards/a?x=1",
        "s3://cards/é",
    ] {
        let refused = open(url, &KEYS).unwrap_err().to_string();
        assert!(
            refused.starts_with("address of the store"),
            "{url}: {refused}"
        );
        assert!(!refused.contains("secret"), "{refused}");
    }
}

#[tokio::test]
async fn names_are_checked_before_anything_is_sent() {
    let bucket = open("s3://cards", &KEYS).unwrap();
    for name in [
        "", "/", "a/", "/a", "a//b", "..", "a/../b", "a\\b", "a b", "é",
    ] {
        assert!(bucket.exists(name).await.is_err(), "{name}");
        assert!(
            bucket.put_if_absent(name, Vec::new()).await.is_err(),
            "{name}"
        );
    }
}

#[test]
fn settings_that_cannot_be_used_are_refused_without_their_values() {
    for settings in [
        &[("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")][..],
        &[("AWS_SECRET_ACCESS_KEY", "hush-hush")],
        &[
            KEYS[0],
            KEYS[1],
            ("AWS_ENDPOINT_URL", "http://me:hush-hush@host:1"),
        ],
        &[KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL", "ftp://host")],
        &[KEYS[0], KEYS[1], ("AWS_SKIP_SIGNATURE", "hush-hush")],
        &[KEYS[0], KEYS[1], ("AWS_CA_BUNDLE", "no such file")],
    ] {
        let refused = open("s3://cards", settings).unwrap_err().to_string();
        assert!(refused.starts_with("setting of the store"), "{refused}");
        assert!(
            !refused.contains("hush") && !refused.contains("AKID"),
            "{refused}"
        );
    }
}

#[test]
fn plain_http_is_for_this_machine() {
    for here in [
        "http://localhost:1",
        "http://127.0.0.1",
        "http://[::1]:9000/x",
    ] {
        assert!(is_on_this_machine(here), "{here}");
    }
    for there in [
        "https://127.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://[::2]:1",
        "http://",
    ] {
        assert!(!is_on_this_machine(there), "{there}");
    }
}

#[tokio::test]
async fn plain_http_elsewhere_is_refused_and_the_text_says_how() {
    let settings = [
        KEYS[0],
        KEYS[1],
        KEYS[2],
        ("AWS_ENDPOINT_URL", "http://192.0.2.1:9"),
    ];
    let refused = open("s3://cards", &settings)
        .unwrap()
        .exists("a")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("AWS_ALLOW_HTTP"), "{refused}");
}
