//! Conversations with a server that does as it is told. TLS is tested with a real one (`tests-smtp`).

#[path = "rig/server.rs"]
mod server;
#[path = "rig/trouble.rs"]
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use lintel_app::config::{Mailing, SmtpAddress, SmtpSecurity};
use lintel_app::ports::{FixedClock, Handed, Outgoing, Post as _};
use lintel_domain::id::Instant;

use super::SmtpPost;
use crate::mime;
use crate::mime::tests::letter;
use server::{Do, FakeServer};

fn mailing() -> Mailing {
    Mailing {
        route: None,
        bounce_address: Some("bounces@example.com".to_owned()),
        hello_name: None,
        ca_file: None,
        connections: 2,
        longest: Duration::from_millis(300),
        per_domain_per_minute: None,
        dkim: None,
        sms_provider: None,
    }
}

struct World {
    server: FakeServer,
    post: SmtpPost,
    clock: Arc<FixedClock>,
}

fn world(rules: &[(&'static str, Do)]) -> World {
    world_with(rules, &mailing(), SmtpSecurity::None)
}

fn world_with(rules: &[(&'static str, Do)], mailing: &Mailing, security: SmtpSecurity) -> World {
    let server = FakeServer::start(rules);
    let clock = Arc::new(FixedClock::at(Instant::from_seconds(1_780_000_000)));
    let post = post_to(&server, mailing, security, &clock);
    World {
        server,
        post,
        clock,
    }
}

fn post_to(
    server: &FakeServer,
    mailing: &Mailing,
    security: SmtpSecurity,
    clock: &Arc<FixedClock>,
) -> SmtpPost {
    let address = SmtpAddress {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        security,
        credentials: Some(("lintel".to_owned(), "hunter2".to_owned())),
    };
    let clock: Arc<FixedClock> = Arc::clone(clock);
    SmtpPost::open(&address, mailing, "lintel.example.com", None, clock).expect("opened")
}

fn taken() -> Handed {
    Handed::Taken {
        answer: "250 2.0.0 queued as 4711".to_owned(),
    }
}

#[tokio::test]
async fn a_conversation_is_as_it_should_be_and_the_connection_is_used_again() {
    let world = world(&[]);
    let first = Outgoing {
        text: ".\r\n..\n.hidden\n\nlast".to_owned(),
        html: Some("<p>Zażółć</p>\n.\n".to_owned()),
        ..letter()
    };
    let second = Outgoing {
        recipient: "second@example.com".to_owned(),
        text: "x".repeat(200_000),
        ..letter()
    };
    assert_eq!(world.post.send(&first).await, taken());
    assert_eq!(world.post.send(&second).await, taken());
    assert_eq!(
        world.server.heard(),
        [
            "0 EHLO lintel.example.com",
            "0 AUTH PLAIN AGxpbnRlbABodW50ZXIy",
            "0 MAIL FROM:<bounces@example.com>",
            "0 RCPT TO:<olive@example.com>",
            "0 DATA",
            "0 .",
            "0 RSET",
            "0 MAIL FROM:<bounces@example.com>",
            "0 RCPT TO:<second@example.com>",
            "0 DATA",
            "0 .",
        ]
    );
    // To the byte, with nothing behind it.
    let bytes = |letter: &Outgoing| mime::write(letter, None).expect("a letter").bytes;
    let kept = world.server.letters();
    assert_eq!(kept[0].as_bytes(), bytes(&first));
    assert_eq!(kept[1].as_bytes(), bytes(&second));
}

#[tokio::test]
async fn letters_at_once_have_a_connection_each_and_no_more_than_there_may_be() {
    let world = world(&[]);
    let letters: Vec<Outgoing> = (0..7)
        .map(|n| Outgoing {
            recipient: format!("olive{n}@example.com"),
            ..letter()
        })
        .collect();
    let sending: Vec<_> = letters.iter().map(|l| world.post.send(l)).collect();
    for handed in futures_util::future::join_all(sending).await {
        assert_eq!(handed, taken());
    }
    assert_eq!(world.server.letters().len(), 7);
    let heard = world.server.heard();
    let connections = heard.iter().filter(|line| line.contains("EHLO")).count();
    assert!((1..=2).contains(&connections), "{heard:?}");
}

#[tokio::test]
async fn a_no_ends_the_letter_and_not_the_connection() {
    for (verb, words, expected) in [
        ("MAIL", "451 4.3.0 not now", "later"),
        ("MAIL", "550 5.7.1 not you", "refused"),
        ("RCPT", "450 4.2.1 not <olive@example.com> now", "later"),
        ("RCPT", "550-5.1.1 nobody\r\n550 5.1.1 there", "gone"),
        ("RCPT", "550 nobody there", "refused"),
        ("DATA", "452 4.3.1 full", "later"),
        ("DATA", "554 5.5.1 no", "refused"),
        (".", "451 4.7.1 come back", "later"),
        (".", "554 5.7.1 spam", "refused"),
        (".", "552 5.3.4 too large", "refused"),
    ] {
        let world = world(&[(verb, Do::Say(words))]);
        let handed = world.post.send(&letter()).await;
        let (word, answer) = match &handed {
            Handed::Later { answer, .. } => ("later", answer),
            Handed::Refused {
                answer,
                is_gone: true,
            } => ("gone", answer),
            Handed::Refused {
                answer,
                is_gone: false,
            } => ("refused", answer),
            other => panic!("{verb} {words}: {other:?}"),
        };
        assert_eq!(word, expected, "{verb} {words}");
        assert!(
            answer.starts_with(&words[..3]) && !answer.contains('@'),
            "{answer}"
        );
        assert_eq!(world.post.send(&letter()).await, taken(), "{verb} {words}");
        let heard = world.server.heard();
        assert!(
            heard.contains(&"0 RSET".to_owned()),
            "{verb} {words}: {heard:?}"
        );
        assert_eq!(world.server.letters().len(), 1);
    }
}

#[tokio::test]
async fn a_connection_that_died_while_idle_costs_nothing() {
    let world = world(&[]);
    assert_eq!(world.post.send(&letter()).await, taken());
    for rule in [
        Do::Close,
        Do::SayAndClose("421 4.4.2 idle too long"),
        Do::Raw(b"garbage\r\n".to_vec()),
        Do::Hang,
    ] {
        world.server.rule("RSET", rule);
        assert_eq!(world.post.send(&letter()).await, taken());
    }
    assert_eq!(world.server.letters().len(), 5);
}

#[tokio::test]
async fn a_connection_carries_a_hundred_letters_and_no_more() {
    let world = world(&[]);
    for _ in 0..101 {
        assert_eq!(world.post.send(&letter()).await, taken());
    }
    let heard = world.server.heard();
    assert_eq!(heard.iter().filter(|line| *line == "0 .").count(), 100);
    assert_eq!(heard.iter().filter(|line| *line == "0 QUIT").count(), 1);
    assert_eq!(heard.iter().filter(|line| *line == "1 .").count(), 1);
}

#[tokio::test]
async fn a_receiving_domain_is_not_hurried() {
    let mailing = Mailing {
        per_domain_per_minute: Some(1),
        ..mailing()
    };
    let world = world_with(&[], &mailing, SmtpSecurity::None);
    assert_eq!(world.post.send(&letter()).await, taken());
    let until = Instant::from_seconds(1_780_000_060);
    assert_eq!(world.post.send(&letter()).await, Handed::NotYet { until });
    let other = Outgoing {
        recipient: "olive@example.org".to_owned(),
        ..letter()
    };
    assert_eq!(world.post.send(&other).await, taken());
    world.clock.advance(60);
    assert_eq!(world.post.send(&letter()).await, taken());
    assert_eq!(world.server.letters().len(), 3);
}

#[tokio::test]
async fn what_cannot_be_written_never_reaches_the_server() {
    let world = world(&[]);
    let letter = Outgoing {
        recipient: "a@example.com>\r\nRCPT TO:<b@example.com".to_owned(),
        ..letter()
    };
    let handed = world.post.send(&letter).await;
    assert!(
        matches!(handed, Handed::Refused { is_gone: false, .. }),
        "{handed:?}"
    );
    assert_eq!(world.server.heard(), [""; 0]);
}
