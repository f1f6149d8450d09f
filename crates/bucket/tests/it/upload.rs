//! Files written in parts: what a server hears, from one that writes everything down; and the real
//! thing, with `LINTEL_TEST_S3`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use lintel_bucket::{Bucket, PART_BYTES, Put};

/// What the server answers to the completion of an upload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Completion {
    Done,
    /// Somebody else's file came in between, as 412.
    Taken,
    /// As 409, which S3 says while another write is under way; nothing is there in the end.
    UnderWay,
}

/// A call as the server heard it: method, path and query, `If-None-Match`, length of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    line: String,
    if_none_match: Option<String>,
    body: usize,
}

/// A server with one file's upload, and the calls it hears.
fn server(completion: Completion) -> (String, Receiver<Call>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let (calls, heard) = sync_channel(100);
    std::thread::spawn(move || {
        let mut tried = false;
        for stream in listener.incoming().flatten() {
            let Some(call) = hear(&stream) else { continue };
            let answer = answer(&call, completion, &mut tried);
            if calls.send(call).is_err() {
                return;
            }
            let _ = (&stream).write_all(answer.as_bytes());
        }
    });
    (endpoint, heard)
}

fn hear(stream: &TcpStream) -> Option<Call> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (mut if_none_match, mut length) = (None, 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "if-none-match" => if_none_match = Some(value.to_owned()),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = line.rsplit_once(" HTTP")?.0.to_owned();
    Some(Call {
        line,
        if_none_match,
        body: length,
    })
}

fn answer(call: &Call, completion: Completion, tried: &mut bool) -> String {
    let (status, headers, body) = match call.line.split(['/', '?', ' ']).next() {
        Some("HEAD") if *tried && completion == Completion::Taken => ("200 OK", "", "xxxxx"),
        Some("HEAD") => ("404 Not Found", "", ""),
        Some("POST") if call.line.contains("uploadId") => {
            *tried = true;
            match completion {
                Completion::Done => ("200 OK", "", DONE),
                Completion::Taken => ("412 Precondition Failed", "", TAKEN),
                Completion::UnderWay => ("409 Conflict", "", TAKEN),
            }
        }
        Some("POST") => ("200 OK", "", BEGUN),
        Some("PUT") => ("200 OK", "ETag: \"e1\"\r\n", ""),
        Some("DELETE") => ("204 No Content", "", ""),
        _ => ("400 Bad Request", "", ""),
    };
    let length = body.len();
    let body = if call.line.starts_with("HEAD") {
        ""
    } else {
        body
    };
    format!(
        "HTTP/1.1 {status}\r\n{headers}Last-Modified: Sat, 21 Nov 2026 12:00:00 GMT\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

const BEGUN: &str = "<InitiateMultipartUploadResult><UploadId>up1</UploadId>\
                     </InitiateMultipartUploadResult>";
const DONE: &str = "<CompleteMultipartUploadResult><ETag>\"e2\"</ETag>\
                    </CompleteMultipartUploadResult>";
const TAKEN: &str = "<Error><Code>PreconditionFailed</Code></Error>";

fn bucket(endpoint: &str) -> Arc<Bucket> {
    let settings = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret-example"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", endpoint),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()));
    Arc::new(Bucket::open_with("s3://cards/x", settings).expect("opened"))
}

/// The calls so far, as method and query.
fn told(heard: &Receiver<Call>) -> Vec<Call> {
    heard.try_iter().collect()
}

fn lines(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| &*call.line).collect()
}

#[tokio::test]
async fn a_short_file_is_one_conditional_write() {
    let (endpoint, heard) = server(Completion::Done);
    let mut upload = bucket(&endpoint).begin("a").expect("begun");
    upload.write(b"one").await.expect("written");
    upload.write(b" two").await.expect("written");
    assert_eq!(told(&heard), []);
    assert_eq!(upload.finish().await.expect("finished"), Put::Written);
    let calls = told(&heard);
    assert_eq!(lines(&calls), ["PUT /cards/x/a"]);
    assert_eq!(calls[0].if_none_match.as_deref(), Some("*"));
    assert_eq!(calls[0].body, 7);
}

#[tokio::test]
async fn a_long_file_goes_in_parts_and_is_completed_on_condition() {
    let (endpoint, heard) = server(Completion::Done);
    let mut upload = bucket(&endpoint).begin("a").expect("begun");
    let piece = vec![7; 1 << 20];
    for _ in 0..11 {
        upload.write(&piece).await.expect("written");
    }
    assert_eq!(upload.finish().await.expect("finished"), Put::Written);
    let calls = told(&heard);
    assert_eq!(
        lines(&calls),
        [
            "POST /cards/x/a?uploads=",
            "PUT /cards/x/a?partNumber=1&uploadId=up1",
            "PUT /cards/x/a?partNumber=2&uploadId=up1",
            "PUT /cards/x/a?partNumber=3&uploadId=up1",
            "HEAD /cards/x/a",
            "POST /cards/x/a?uploadId=up1",
        ]
    );
    let bodies: Vec<usize> = calls[1..4].iter().map(|call| call.body).collect();
    assert_eq!(bodies, [PART_BYTES, PART_BYTES, 1 << 20]);
    let conditions = calls.iter().filter(|call| call.if_none_match.is_some());
    assert_eq!(conditions.count(), 1);
    assert_eq!(calls[5].if_none_match.as_deref(), Some("*"));
}

#[tokio::test]
async fn who_comes_second_overwrites_nothing_and_leaves_no_parts() {
    for completion in [Completion::Taken, Completion::UnderWay] {
        let (endpoint, heard) = server(completion);
        let mut upload = bucket(&endpoint).begin("a").expect("begun");
        upload
            .write(&vec![7; PART_BYTES + 1])
            .await
            .expect("written");
        let finished = upload.finish().await;
        match completion {
            Completion::Taken => {
                assert_eq!(finished.expect("told"), Put::AlreadyThere { same: false });
            }
            _ => assert!(finished.is_err()),
        }
        // What was sent is removed by a task of its own.
        let removed = tokio::task::spawn_blocking(move || {
            heard.iter().find(|call| call.line.starts_with("DELETE"))
        });
        let removed = removed.await.expect("waited").expect("a call");
        assert_eq!(removed.line, "DELETE /cards/x/a?uploadId=up1");
    }
}

#[tokio::test]
async fn a_dropped_upload_is_removed() {
    let (endpoint, heard) = server(Completion::Done);
    let bucket = bucket(&endpoint);
    let mut short = bucket.begin("short").expect("begun");
    short.write(b"one").await.expect("written");
    drop(short);
    let mut long = bucket.begin("long").expect("begun");
    long.write(&vec![7; PART_BYTES + 1]).await.expect("written");
    drop(long);
    let removed = tokio::task::spawn_blocking(move || {
        heard.iter().find(|call| call.line.starts_with("DELETE"))
    });
    let removed = removed.await.expect("waited").expect("a call");
    assert_eq!(removed.line, "DELETE /cards/x/long?uploadId=up1");
}

#[tokio::test]
async fn parts_come_together_and_none_stay_behind() {
    let given = std::env::vars().find(|(name, _)| name == "LINTEL_TEST_S3");
    let Some((_, endpoint)) = given else {
        println!("SKIPPED: LINTEL_TEST_S3 is not set");
        return;
    };
    let created = ureq::put(format!("{endpoint}/cards")).send_empty();
    assert!(created.is_ok(), "cannot make a bucket: {created:?}");
    let bucket = bucket(&endpoint);
    let name = format!("whole-{}", std::process::id());
    let content: Vec<u8> = (0..2_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let mut upload = bucket.begin(&name).expect("begun");
    for piece in content.chunks(70_000) {
        upload.write(piece).await.expect("written");
    }
    assert_eq!(upload.finish().await.expect("finished"), Put::Written);
    let there = bucket.read(&name).await.expect("read").expect("there");
    assert!(there == content);
    for (change, same) in [(0, true), (1, false)] {
        let mut again = bucket.begin(&name).expect("begun");
        let mut other = content.clone();
        other[7_000_000] ^= change;
        again.write(&other).await.expect("written");
        let put = again.finish().await.expect("told");
        assert_eq!(put, Put::AlreadyThere { same });
    }
    let given_up = format!("given-up-{}", std::process::id());
    let mut upload = bucket.begin(&given_up).expect("begun");
    upload.write(&content).await.expect("written");
    upload.abort().await.expect("given up");
    // The server lists uploads that nobody completed or removed.
    let listed = ureq::get(format!("{endpoint}/cards?uploads")).call();
    let listed = listed.and_then(|mut answer| answer.body_mut().read_to_string());
    let listed = listed.expect("listed");
    for name in [&name, &given_up] {
        assert!(!listed.contains(&**name), "{listed}");
    }
}
