//! A body that is far larger than what may be held of it.

use super::*;

/// What the reading may hold of everything it buffers: pieces coming in, going out and held back.
const MOST_HELD: usize = 16 * PIECE;

/// Content of one body. Two gibibytes altogether when optimised; unoptimised, that takes too long.
const CONTENT: usize = if cfg!(debug_assertions) {
    48 * 1024 * 1024
} else {
    512 * 1024 * 1024
};

/// Content in each kind of body, made on the fly, counted and forgotten.
#[test]
fn gibibytes_pass_through_a_few_pieces() {
    for (content_type, head, tail) in [
        (
            JSON,
            r#"{"apiID":"x","data":{"documents":[{"fileContent":""#,
            r#""}]}}"#,
        ),
        (
            JSON,
            r#"{"apiID":"x","data":"{\"documents\":[{\"fileContent\":\""#,
            r#"\"}]}"}"#,
        ),
        (
            URLENCODED,
            "apiID=x&data=%7B%22documents%22%3A%5B%7B%22fileContent%22%3A%22",
            "%22%7D%5D%7D",
        ),
        (
            MULTIPART,
            "--XX\r\nContent-Disposition: form-data; name=\"data[documents][0][fileContent]\"\r\n\r\n",
            "\r\n--XX--\r\n",
        ),
    ] {
        pass(content_type, head, tail);
    }
}

fn pass(content_type: &str, head: &str, tail: &str) {
    use futures_util::FutureExt;
    let kind = Kind::of(Some(content_type)).unwrap();
    let reading = Reading::of(kind, content_type, WANTED, BOUNDS.gathered_bytes);
    let mut reading = reading.now_or_never().unwrap().unwrap();
    let mut out = Out::new(kind == Kind::Urlencoded);
    let (mut taken, mut most_held) = (0, 0);
    let content = vec![b'Q'; PIECE];
    reading.push(head.as_bytes(), &mut out).unwrap();
    for _ in 0..CONTENT / PIECE {
        reading.push(&content, &mut out).unwrap();
        taken += lengths(&out);
        most_held = most_held.max(reading.held() + out.held());
        out.clear();
    }
    reading.push(tail.as_bytes(), &mut out).unwrap();
    taken += lengths(&out);
    out.clear();
    let form = reading.finish(1000, &mut out).unwrap();
    taken += lengths(&out);
    assert_eq!(taken, CONTENT, "{content_type}");
    assert!(most_held <= MOST_HELD, "{most_held} bytes held");
    assert_eq!(form.files().len(), 0);
}

fn lengths(out: &Out) -> usize {
    let length = |step: &Step| match step {
        Step::Bytes(range) => range.len(),
        Step::Begin(_) | Step::End => 0,
    };
    out.steps.iter().map(length).sum()
}

/// Ten thousand contents, and one that is all escapes.
#[tokio::test]
async fn many_small_contents_are_handed_on_one_by_one() {
    let items = vec![r#"{"fileContent":"QQ=="}"#; 10_000].join(",");
    let body = format!(r#"{{"data":{{"documents":[{items}]}}}}"#);
    let bounds = StreamBounds {
        gathered_bytes: 1024 * 1024,
        ..BOUNDS
    };
    let mut kept = Kept::default();
    let request = request(JSON, vec![Bytes::from(body)]);
    gate()
        .stream(request, WANTED, bounds, &mut kept)
        .await
        .unwrap();
    assert_eq!(kept.contents.len(), 10_000);
    let body = format!(
        r#"{{"data":"{{\"documents\":[{{\"fileContent\":\"{}\"}}]}}"}}"#,
        r"\\u0051\\/".repeat(10_000)
    );
    let (_, kept) = of(JSON, &body).await.unwrap();
    assert_eq!(kept.contents, [b"Q/".repeat(10_000)]);
}
