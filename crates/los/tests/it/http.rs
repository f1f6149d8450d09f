//! A system over HTTP: scripts of answers, credentials, redirects, bounds.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use lintel_app::los::{LosCredentials, LosSettings};
use lintel_app::ports::LosFaultKind;
use lintel_domain::application::sensitive::Sensitive;
use lintel_los::check;

use crate::server::{Answer, Server, good, status};
use crate::world::{World, block_on, http, kind, over};

const XML: &str = "application/xml";
const DOC: &str = "<MESSAGE/>";

fn unavailable(retry_after_s: Option<u32>) -> LosFaultKind {
    LosFaultKind::Unavailable { retry_after_s }
}

/// What fetching loan `7` comes to, how often the system was asked, and what an operator reads.
fn play(script: Vec<Answer>) -> (Result<String, LosFaultKind>, usize, String) {
    let server = Server::start(script);
    let settings = over(http(&server.url("/loans/{loanLOSID}")));
    let answer = block_on(World::new().fetch(&settings, "7", None));
    let told = answer.as_ref().err().map(ToString::to_string);
    let result = answer
        .map(|answer| String::from_utf8(answer.document).expect("text"))
        .map_err(|fault| fault.kind());
    (result, server.heads().len(), told.unwrap_or_default())
}

#[test]
fn it_is_asked_until_it_answers() {
    let down = || status(500, "", "oh dear");
    let (result, asked, _) = play(vec![down(), down(), good(XML, DOC)]);
    assert_eq!((result, asked), (Ok(DOC.to_owned()), 3));
    let (result, asked, told) = play(vec![down()]);
    assert_eq!((result, asked), (Err(unavailable(None)), 3));
    assert!(told.ends_with(": status 500, asked 3 times"), "{told}");
    let (result, asked, _) = play(vec![Answer::Down, Answer::Down, good(XML, DOC)]);
    assert_eq!((result, asked), (Ok(DOC.to_owned()), 3));
    for code in [408, 425, 429, 502, 503, 504, 599] {
        let (result, asked, _) = play(vec![status(code, "", ""), good(XML, DOC)]);
        assert_eq!((result, asked), (Ok(DOC.to_owned()), 2), "{code}");
    }
}

#[test]
fn what_is_not_worth_repeating_is_asked_once() {
    for (answer, expected) in [
        (status(401, "", ""), LosFaultKind::Refused),
        (status(403, "", ""), LosFaultKind::Refused),
        (status(404, "", "<html>"), LosFaultKind::NotFound),
        (status(410, "", ""), LosFaultKind::NotFound),
        (status(204, "", ""), LosFaultKind::NotFound),
        (status(400, "", ""), LosFaultKind::Garbled),
        (status(202, "", DOC), LosFaultKind::Garbled),
        (status(304, "", ""), LosFaultKind::Garbled),
        (good(XML, ""), LosFaultKind::Garbled),
        (good(XML, " \r\n "), LosFaultKind::Garbled),
        (good("application/json", "{}"), LosFaultKind::Garbled),
        (good("application/json", "nothing"), LosFaultKind::Garbled),
        (good(XML, "{\"mismo34\":"), LosFaultKind::Garbled),
        (
            Answer::Raw(b"SSH-2.0-x\r\n\r\n".to_vec()),
            LosFaultKind::Garbled,
        ),
        (Answer::Endless, LosFaultKind::TooLarge),
        (
            Answer::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n<".to_vec()),
            LosFaultKind::TooLarge,
        ),
    ] {
        let (result, asked, told) = play(vec![answer]);
        assert_eq!((result, asked), (Err(expected), 1), "{told}");
    }
}

#[test]
fn a_line_that_breaks_off_is_asked_again() {
    let torn = Answer::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<MESS".to_vec());
    let (result, asked, _) = play(vec![torn.clone(), good(XML, DOC)]);
    assert_eq!((result, asked), (Ok(DOC.to_owned()), 2));
    let (result, asked, _) = play(vec![torn]);
    assert_eq!((result, asked), (Err(unavailable(None)), 3));
}

#[test]
fn documents_come_as_they_are_or_in_json() {
    let inside = r#"{"id":7,"mismo34":"<MESSAGE/>"}"#;
    let (json, with_bom) = (
        "application/json; charset=utf-8",
        format!("\u{feff}{inside}"),
    );
    for answer in [
        good(XML, DOC),
        good("text/plain", DOC),
        status(200, "", DOC),
        good(json, inside),
        good("application/vnd.los+json", inside),
        good(XML, inside),
        good(json, &with_bom),
        good(json, DOC),
    ] {
        assert_eq!(play(vec![answer]).0, Ok(DOC.to_owned()));
    }
    let server = Server::start(vec![good(json, r#"{"data":{"file":"<MESSAGE/>"}}"#)]);
    let mut settings = http(&server.url("/{loanLOSID}"));
    settings.member = "data.file".to_owned();
    let answer = block_on(World::new().fetch(&over(settings), "7", None));
    assert_eq!(World::text(answer), DOC);
}

#[test]
fn it_is_asked_what_the_settings_say() {
    let secret = |text: &str| Sensitive::new(text.to_owned());
    let header = |name: &str| LosCredentials::Header {
        name: name.to_owned(),
        value: secret("k-1 2"),
    };
    let basic = LosCredentials::Basic {
        user: "lintel".to_owned(),
        password: secret("pä:ss"),
    };
    for (credentials, line) in [
        (LosCredentials::None, None),
        // printf 'lintel:pä:ss' | base64
        (basic, Some("authorization: Basic bGludGVsOnDDpDpzcw==")),
        (
            LosCredentials::Bearer {
                token: secret("t.1"),
            },
            Some("authorization: Bearer t.1"),
        ),
        (header("X-Api-Key"), Some("x-api-key: k-1 2")),
    ] {
        let server = Server::start(vec![status(503, "", ""), good(XML, DOC)]);
        let mut settings = http(&server.url("/l/{loanLOSID}?g={loanGUID}"));
        settings.credentials = credentials;
        "application/xml, */*;q=0.1".clone_into(&mut settings.accept);
        let world = World::new();
        let answer = block_on(world.fetch(&over(settings), "a/b é", Some("{G}")));
        assert_eq!(World::text(answer), DOC);
        let heads = server.heads();
        assert_eq!(heads.len(), 2);
        for head in heads {
            let path = "GET /l/a%2Fb%20%C3%A9?g=%7BG%7D HTTP/1.1\r\n";
            assert!(head.starts_with(path), "{head}");
            assert!(
                head.contains("accept: application/xml, */*;q=0.1\r\n"),
                "{head}"
            );
            let has = |name: &str| head.to_lowercase().contains(name);
            match line {
                Some(line) => assert!(head.contains(&format!("{line}\r\n")), "{head}"),
                None => assert!(!has("authorization") && !has("cookie"), "{head}"),
            }
        }
    }
}

#[test]
fn numbers_that_climb_are_not_asked() {
    let server = Server::start(vec![good(XML, DOC)]);
    let settings = over(http(&server.url("/loans/{loanLOSID}")));
    let by_guid = over(http(&server.url("/loans/{loanGUID}")));
    let world = World::new();
    block_on(async {
        for id in ["..", "../admin", "a/../../b", "..\\x"] {
            let answer = world.fetch(&settings, id, None).await;
            assert_eq!(kind(answer), Some(LosFaultKind::NotFound), "{id}");
        }
        let answer = world.fetch(&by_guid, "7", None).await;
        assert_eq!(kind(answer), Some(LosFaultKind::GuidNeeded));
        let long = "9".repeat(100);
        let answer = world.fetch(&settings, &long, None).await;
        assert_eq!(World::text(answer), DOC);
    });
    assert_eq!(server.heads().len(), 1);
}

#[test]
fn redirects_stay_on_the_server() {
    let elsewhere = Server::start(vec![good(XML, "<stolen/>")]);
    let to = |location: &str| status(302, &format!("Location: {location}\r\n"), "");
    let settings = |server: &Server| {
        let mut settings = http(&server.url("/loans/{loanLOSID}"));
        settings.credentials = LosCredentials::Bearer {
            token: Sensitive::new("t.1".to_owned()),
        };
        over(settings)
    };
    let server = Server::start(vec![to("/v2/loans/7?x=1"), good(XML, DOC)]);
    let answer = block_on(World::new().fetch(&settings(&server), "7", None));
    assert_eq!(World::text(answer), DOC);
    assert!(server.heads()[1].starts_with("GET /v2/loans/7?x=1 HTTP/1.1\r\n"));
    for location in [
        elsewhere.url("/loans/7"),
        format!("//{}/loans/7", elsewhere.address),
        "https://127.0.0.1/x".to_owned(),
        "ftp://127.0.0.1/x".to_owned(),
        String::new(),
    ] {
        let server = Server::start(vec![to(&location)]);
        let answer = block_on(World::new().fetch(&settings(&server), "7", None));
        assert_eq!(kind(answer), Some(LosFaultKind::Garbled), "{location:?}");
        assert_eq!(server.heads().len(), 1);
    }
    assert!(elsewhere.heads().is_empty(), "no credential went there");
    let server = Server::start(vec![to("/loans/7")]);
    let answer = block_on(World::new().fetch(&settings(&server), "7", None));
    assert_eq!(kind(answer), Some(LosFaultKind::Garbled), "in a circle");
    assert_eq!(server.heads().len(), 4);
}

#[test]
fn time_is_bounded() {
    for answer in [Answer::Silence, Answer::Stall] {
        let server = Server::start(vec![answer]);
        let settings = over(http(&server.url("/{loanLOSID}")));
        let world = World::with_longest(Duration::from_millis(300));
        let begun = Instant::now();
        let answer = block_on(world.fetch(&settings, "7", None));
        assert_eq!(kind(answer), Some(LosFaultKind::TimedOut));
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(server.heads().len(), 1);
    }
}

#[test]
fn a_system_that_wants_time_gets_it_within_the_bound() {
    let busy = |wait: &str| status(503, &format!("Retry-After: {wait}\r\n"), "");
    // Longer than the fetch may take: not asked again, and told to the caller.
    let (result, asked, _) = play(vec![busy("120"), good(XML, DOC)]);
    assert_eq!((result, asked), (Err(unavailable(Some(120))), 1));
    let (result, asked, _) = play(vec![busy("0"), good(XML, DOC)]);
    assert_eq!((result, asked), (Ok(DOC.to_owned()), 2));
    // Noon of the test's clock, and two minutes later.
    let (result, _, _) = play(vec![busy("Mon, 01 Jun 2026 12:02:00 GMT"), good(XML, DOC)]);
    assert_eq!(result, Err(unavailable(Some(120))));
    let begun = Instant::now();
    let (result, asked, _) = play(vec![busy("1"), good(XML, DOC)]);
    assert_eq!((result, asked), (Ok(DOC.to_owned()), 2));
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[test]
fn nobody_is_there() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let url = format!("http://{address}/{{loanLOSID}}?key=hunter2");
    let fault = block_on(World::new().fetch(&over(http(&url)), "7", None)).expect_err("nobody");
    assert_eq!(fault.kind(), unavailable(None));
    assert!(!format!("{fault} {fault:?}").contains("hunter2"), "{fault}");
    // Plain HTTP where TLS is spoken to.
    let server = Server::start(vec![good(XML, DOC)]);
    let url = format!("https://{}/{{loanLOSID}}", server.address);
    let fault = block_on(World::new().fetch(&over(http(&url)), "7", None)).expect_err("no TLS");
    assert_eq!(fault.kind(), unavailable(None));
}

#[test]
fn settings_are_checked_with_their_certificates() {
    let mut settings = http("https://los.example.com/{loanLOSID}");
    assert_eq!(check(&over(settings.clone())), Ok(()));
    settings.certificates =
        Some("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n".to_owned());
    let settings: LosSettings = over(settings);
    assert!(check(&settings).is_err());
}
