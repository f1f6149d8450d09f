//! Rubbish and malice over HTTP: a clear refusal or a closed connection, bounded memory, and a
//! server that goes on serving.

use std::sync::Arc;

use serde_json::json;

use super::client::{Client, get, refusal};
use super::documents;
use super::place::{Place, on_sqlite};
use super::process::Server;
use super::raw::{Answer, exchange, head, post};

/// What the whole process may hold at its worst with [`AT_ONCE`] hostile uploads, in MiB: about three
/// times the 64 MiB that bodies share, and what a server at work has anyway.
const PEAK_MIB: u64 = 300;
const AT_ONCE: usize = 8;
const MIB: usize = 1 << 20;
const HALF_A_HEAD: &str = "half a head";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// What an answer must be.
#[derive(Clone, Copy)]
enum Expected {
    /// A refusal with this code.
    Code(u64),
    /// A refusal of the document with this finding.
    Finding(&'static str),
    /// A refusal with this code, or the connection is closed in the middle of an endless body.
    CodeOrClosed(u64),
    /// Any status from 400, or the connection is closed: not HTTP, so not our dialect.
    NotHttp,
}

struct Attack {
    name: &'static str,
    expected: Expected,
    pieces: Box<dyn Fn() -> Box<dyn Iterator<Item = Vec<u8>>> + Send + Sync>,
}

fn attack(name: &'static str, expected: Expected, pieces: Vec<Vec<u8>>) -> Attack {
    let shared = Arc::new(pieces);
    let pieces = Box::new(move || {
        let pieces = Arc::clone(&shared);
        Box::new((0..pieces.len()).map(move |n| pieces[n].clone())) as Box<dyn Iterator<Item = _>>
    });
    Attack {
        name,
        expected,
        pieces,
    }
}

/// A create-loan call with this text as its document.
fn document(client: &Client, name: &'static str, expected: Expected, text: &str) -> Attack {
    let body = client.body(Some(json!({ "losLoanID": "HOSTILE", "mismo34": text })));
    attack(
        name,
        expected,
        post("create-loan", JSON, body.to_string().into_bytes()),
    )
}

fn bad_documents(client: &Client) -> Vec<Attack> {
    use Expected::Finding;
    let good = documents::loan(3);
    let laughs = (0..30).fold("<!ENTITY a0 \"ha\">".to_owned(), |text, n| {
        format!(
            "{text}<!ENTITY a{} \"{}\">",
            n + 1,
            format!("&a{n};").repeat(10)
        )
    });
    let laughs = format!("<?xml version=\"1.0\"?><!DOCTYPE x [{laughs}]><x>&a30;</x>");
    let deep = "<a>".repeat(10_000) + &"</a>".repeat(10_000);
    let body_start = good.find("<DEAL_SETS").expect("there");
    let deep_inside = format!("{}{deep}{}", &good[..body_start], &good[body_start..]);
    let outside = "<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"file:///etc/hostname\"><x/>";
    let wide = format!("{}{}</a>", "<a>", "<b/>".repeat(2 * MIB));
    let mut attacks = vec![
        document(
            client,
            "billion laughs",
            Finding("doctype_forbidden"),
            &laughs,
        ),
        document(client, "DOCTYPE", Finding("doctype_forbidden"), outside),
        document(client, "10,000 deep", Finding("too_deep"), &deep_inside),
        document(client, "two million elements", Finding("too_large"), &wide),
        document(
            client,
            "12 MiB of text",
            Finding("too_large"),
            &"x".repeat(12 * MIB),
        ),
        document(
            client,
            "UTF-16 by label, torn",
            Finding("xml_malformed"),
            &good.replacen("UTF-8", "UTF-16", 1)[..1000],
        ),
        document(
            client,
            "half a UTF-16 character",
            Finding("xml_malformed"),
            "<\0a\0>\0x",
        ),
        document(
            client,
            "NULs inside",
            Finding("xml_malformed"),
            &good.replace("Lane", "La\0ne"),
        ),
        document(client, "only NULs", Finding("not_xml"), &"\0".repeat(MIB)),
    ];
    for (name, part) in [("a tenth", 10), ("a half", 2), ("a third", 3)] {
        let end = good.len() / part;
        attacks.push(document(
            client,
            name,
            Finding("xml_malformed"),
            &good[..end],
        ));
    }
    attacks.push(document(
        client,
        "all but the end",
        Finding("xml_malformed"),
        good.trim_end().trim_end_matches('>'),
    ));
    attacks
}

fn bad_bodies(client: &Client) -> Vec<Attack> {
    use Expected::{Code, CodeOrClosed, NotHttp};
    let whole = client.body(Some(
        json!({ "losLoanID": "HOSTILE", "mismo34": documents::loan(3) }),
    ));
    let whole = whole.to_string();
    let brackets = format!("{{\"format\":\"json\",\"data\":{}", "[".repeat(MIB));
    let form = format!(
        "format=json&apiID={}&apiKey={}&accessToken={}&data=",
        client.credentials.api_id, client.credentials.api_key, client.token
    );
    let fields: String = (0..20_001).map(|n| format!("a{n}=1&")).collect();
    let utf16: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let torn = vec![
        head("create-loan", JSON, Some(whole.len())),
        whole.as_bytes()[..99].to_vec(),
    ];
    let json = |name, text: &str| {
        attack(
            name,
            Code(400),
            post("create-loan", JSON, text.as_bytes().to_vec()),
        )
    };
    vec![
        json("brackets as JSON", &brackets),
        json("JSON cut off", &whole[..whole.len() / 2]),
        json("no JSON", "format=json"),
        json("NULs for JSON", &"\0".repeat(1000)),
        attack("UTF-16 for JSON", Code(400), post("create-loan", JSON, utf16)),
        attack(
            "brackets as data",
            Code(401),
            post("create-loan", FORM, (form.clone() + &"[".repeat(MIB)).into_bytes()),
        ),
        attack("20,001 fields", Code(413), post("create-loan", FORM, (form + &fields).into_bytes())),
        attack("no such type", Code(415), post("create-loan", "text/plain", b"x".to_vec())),
        attack("no such path", Code(404), post("no-such-thing", JSON, b"{}".to_vec())),
        // Waits for the rest until the body's time is up: the request time-out less a fifth.
        attack("slow body", Code(408), torn),
        endless("200 MB with a length", CodeOrClosed(413), Some(200_000_000)),
        endless("200 MB in chunks", CodeOrClosed(413), None),
        attack("a greeting", NotHttp, vec![b"EHLO example.com\r\n\r\n".to_vec()]),
        attack("noise", NotHttp, vec![(0..=255).cycle().take(100_000).collect(), b"\r\n\r\n".to_vec()]),
        attack("endless head", NotHttp, vec![b"GET / HTTP/1.1\r\n".to_vec(), b"X-A: b\r\n".repeat(200_000)]),
        attack("two lengths", NotHttp, vec![b"POST /api/lender/access-token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!".to_vec()]),
        attack(HALF_A_HEAD, NotHttp, vec![b"POST /api/lender/access-token HT".to_vec()]),
    ]
}

/// 200 MB that are never in this process's memory either.
fn endless(name: &'static str, expected: Expected, length: Option<usize>) -> Attack {
    let chunk = match length {
        Some(_) => vec![b'x'; MIB],
        None => [b"100000\r\n".to_vec(), vec![b'x'; MIB], b"\r\n".to_vec()].concat(),
    };
    let pieces = Box::new(move || {
        let start = head("create-loan", JSON, length);
        let chunk = chunk.clone();
        let rest = (0..200_000_000 / MIB).map(move |_| chunk.clone());
        Box::new(std::iter::once(start).chain(rest)) as Box<dyn Iterator<Item = _>>
    });
    Attack {
        name,
        expected,
        pieces,
    }
}

/// Answers that are honest while others fill the memory that bodies share, and on no other occasion:
/// there was no room, or the body's time went by waiting for it.
const UNDER_PRESSURE: [u64; 2] = [503, 408];

fn judge(attack: &Attack, answer: &Answer, alone: bool) {
    let name = attack.name;
    if let Answer::Http(status, _) = answer {
        assert!(*status >= 400, "{name}: accepted");
    }
    match (attack.expected, answer) {
        (Expected::NotHttp | Expected::CodeOrClosed(_), Answer::Closed) => {}
        (Expected::NotHttp, Answer::Http(status, _)) => assert!(*status >= 400, "{name}: {status}"),
        (_, Answer::Closed) => panic!("{name}: closed without an answer"),
        (_, Answer::Http(status, None)) => panic!("{name}: {status} without JSON"),
        (Expected::Code(code) | Expected::CodeOrClosed(code), Answer::Http(status, Some(body))) => {
            let (found, message) = refusal(body);
            let pressed = !alone && UNDER_PRESSURE.contains(&found);
            assert_eq!(u64::from(*status), found, "{name}");
            assert!(found == code || pressed, "{name}: {found} {message}");
        }
        (Expected::Finding(finding), Answer::Http(_, Some(body))) => {
            let (code, message) = refusal(body);
            if !alone && UNDER_PRESSURE.contains(&code) {
                return;
            }
            let details = body["error"]["details"].as_array();
            let named = details.is_some_and(|d| d.iter().any(|f| f["code"] == finding));
            assert!(
                named,
                "{name}: {code} {message} {}",
                body["error"]["details"]
            );
        }
    }
}

#[test]
fn hostile_bodies_are_refused_within_bounded_memory() {
    on_sqlite(|place: &Place| {
        let server = Server::start(place, &["--set", "http.request_timeout_seconds=5"]);
        let client = server.demo_client(place);
        let mut attacks = bad_documents(&client);
        attacks.extend(bad_bodies(&client));
        // One after the other first, when no answer may be "busy".
        for attack in &attacks {
            let answer = exchange(&server.address, (attack.pieces)());
            judge(attack, &answer, true);
        }
        let alone = server.peak_kib();
        std::thread::scope(|scope| {
            for start in 0..AT_ONCE {
                let (attacks, address) = (&attacks, server.address.as_str());
                scope.spawn(move || {
                    // Every thread begins elsewhere, and all end with the biggest ones at once.
                    // Waiting ten seconds for the rest of a head was seen above.
                    let quick = |a: &&Attack| a.name != HALF_A_HEAD;
                    let turned = attacks
                        .iter()
                        .cycle()
                        .skip(start * 3)
                        .take(attacks.len())
                        .filter(quick);
                    let big = attacks
                        .iter()
                        .filter(|a| a.name.contains("MiB") || a.name.contains("million"));
                    for attack in turned.chain(big) {
                        judge(attack, &exchange(address, (attack.pieces)()), false);
                    }
                });
            }
        });
        assert_eq!(get(&server.url, "/healthz"), (200, "alive\n".to_owned()));
        assert_eq!(get(&server.url, "/readyz").0, 200);
        // A wrong label alone is no attack: the text came as a JSON string, so it is what it is.
        let labelled = documents::loan(4).replacen("UTF-8", "UTF-16", 1);
        let created = ["AFTER", "LABEL"].map(|number| {
            client
                .create(number, &labelled)
                .expect("the server still works")
        });
        let (mut listed, _) = client.list();
        listed.sort();
        let mut expected = created.to_vec();
        expected.sort();
        assert_eq!(listed, expected, "nothing hostile was stored");
        match (alone, server.peak_kib()) {
            (Some(alone), Some(peak)) => {
                println!(
                    "peak memory: {} MiB one by one, {} MiB with {AT_ONCE} at once",
                    alone >> 10,
                    peak >> 10
                );
                assert!(peak >> 10 < PEAK_MIB, "{} MiB", peak >> 10);
            }
            _ => println!("SKIPPED: this system does not tell peak memory"),
        }
        let (status, log) = server.stop();
        assert_eq!(status.code(), Some(0));
        assert!(!log.contains("panicked"), "{log}");
    });
}
