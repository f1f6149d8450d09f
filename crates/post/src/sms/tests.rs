//! Providers, against a small server of our own.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use lintel_domain::id::RowId;

use super::*;

fn message(text: &str) -> OutgoingSms {
    OutgoingSms {
        delivery: RowId::new("delivery-1".to_owned()),
        number: "+13125550100".to_owned(),
        text: text.to_owned(),
    }
}

/// Answers one request with these bytes; what it was asked comes back.
fn server(answer: &str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = listener.local_addr().expect("an address");
    let answer = answer.to_owned();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a caller");
        let mut asked = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let len = stream.read(&mut piece).expect("read");
            asked.extend_from_slice(&piece[..len]);
            let text = String::from_utf8_lossy(&asked).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let wanted = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= wanted || len == 0 {
                stream.write_all(answer.as_bytes()).expect("answered");
                return text;
            }
        }
    });
    (format!("http://{place}"), asked)
}

fn open(text: &str) -> Result<HttpSms, Fault> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sms.toml");
    std::fs::write(&file, text).expect("written");
    HttpSms::open(&file)
}

fn file(url: &str) -> String {
    format!(
        r#"
        url = "{url}/accounts/{{{{ secret.account }}}}/messages?n={{{{ number|urlencode }}}}"
        body = '{{"to": {{{{ number|tojson }}}}, "text": {{{{ text|tojson }}}}, "key": {{{{ delivery|tojson }}}}}}'
        id = "/data/0/sid"
        [headers]
        Authorization = 'Basic {{{{ (secret.account ~ ":" ~ secret.token)|base64 }}}}'
        Content-Type = "application/json"
        [secrets]
        account = "AC1"
        token = "hunter2"
        "#
    )
}

async fn handed(answer: &str) -> (Handed, String) {
    let (url, asked) = server(answer);
    let sms = open(&file(&url)).expect("a provider");
    let handed = sms
        .send(&message("Say \"hi\" \\ {} </script>\n\u{1f994}"))
        .await;
    (handed, asked.join().expect("asked"))
}

#[tokio::test]
async fn a_message_is_handed_over_as_the_file_says() {
    let body = r#"{"data": [{"sid": "SM42"}]}"#;
    let answer = format!(
        "HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let (handed, asked) = handed(&answer).await;
    let taken = Handed::Taken {
        answer: "status 201, SM42".to_owned(),
    };
    assert_eq!(handed, taken);
    let (head, body) = asked.split_once("\r\n\r\n").expect("a head");
    assert!(
        head.starts_with("POST /accounts/AC1/messages?n=%2B13125550100 HTTP/1.1"),
        "{head}"
    );
    let head = head.to_ascii_lowercase();
    assert!(
        head.contains(
            "authorization: basic quMxOmh1bnRlcjI="
                .to_ascii_lowercase()
                .as_str()
        ),
        "{head}"
    );
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["to"], "+13125550100");
    assert_eq!(body["text"], "Say \"hi\" \\ {} </script>\n\u{1f994}");
    assert_eq!(body["key"], "delivery-1");
}

#[tokio::test]
async fn answers_mean_what_their_status_says() {
    for (status, rest, expected) in [
        ("202 Accepted", "", "taken"),
        ("400 Bad Request", "", "refused"),
        ("401 Unauthorized", "", "later"),
        ("302 Found", "location: http://127.0.0.1:1/\r\n", "later"),
        ("429 Too Many", "retry-after: 30\r\n", "in 30"),
        ("503 Busy", "retry-after: 999999999\r\n", "in 3600"),
        ("503 Busy", "retry-after: soon\r\n", "later"),
        ("500 Oops", "", "later"),
    ] {
        let answer = format!("HTTP/1.1 {status}\r\n{rest}content-length: 0\r\n\r\n");
        let (handed, _) = handed(&answer).await;
        let word = match handed {
            Handed::Taken { .. } => "taken".to_owned(),
            Handed::Refused { is_gone: false, .. } => "refused".to_owned(),
            Handed::Later { after: None, .. } => "later".to_owned(),
            Handed::Later {
                after: Some(wait), ..
            } => format!("in {}", wait.as_secs()),
            other => format!("{other:?}"),
        };
        assert_eq!(word, expected, "{status}");
    }
}

#[tokio::test]
async fn nonsense_and_silence_are_no_answers() {
    for answer in ["", "nonsense\r\n\r\n", "HTTP/1.1 200 OK"] {
        let (handed, _) = handed(answer).await;
        match handed {
            Handed::Later {
                answer,
                perhaps_taken,
                ..
            } => {
                assert!(!answer.contains("hunter2"), "{answer}");
                assert!(
                    perhaps_taken && answer.contains("may have been"),
                    "{answer}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
    let sms = open(&file("http://127.0.0.1:1")).expect("a provider");
    assert!(matches!(
        sms.send(&message("hi")).await,
        Handed::Later {
            perhaps_taken: false,
            ..
        }
    ));
    let many = "x".repeat(100_000);
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{many}");
    let (handed, _) = handed(&answer).await;
    assert!(matches!(handed, Handed::Taken { .. }), "{handed:?}");
}

#[tokio::test]
async fn without_a_provider_a_text_is_refused() {
    match NoSms.send(&message("hi")).await {
        Handed::Refused {
            answer,
            is_gone: false,
        } => assert!(answer.contains("sms.provider"), "{answer}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bad_file_is_told_without_its_secrets() {
    let good = file("https://sms.example.com");
    assert!(open(&good).is_ok());
    for (from, to) in [
        ("url =", "uri ="),
        ("id =", "[]hunter2 ="),
        ("\"/data/0/sid\"", "\"data\""),
        ("{{ text|tojson }}", "{{ text|tojson"),
        ("{{ text|tojson }}", "{{ txt }}"),
        ("{{ text|tojson }}", "{{ secret.missing }}"),
        (
            "{{ text|tojson }}",
            "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        ),
        ("https://", "ftp://"),
        ("https://sms.example.com", "no address"),
        ("\"application/json\"", "\"a\\nb\""),
        ("Content-Type", "\"Content Type\""),
        ("[headers]", "method = \"DELETE\"\n[headers]"),
        ("[headers]", "timeout_seconds = 4000\n[headers]"),
    ] {
        assert!(good.contains(from), "{from}");
        let Err(fault) = open(&good.replace(from, to)) else {
            panic!("{from} -> {to} was accepted");
        };
        assert!(!fault.chain().contains("hunter2"), "{}", fault.chain());
    }
}
