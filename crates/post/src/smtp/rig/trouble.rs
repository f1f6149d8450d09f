//! Servers that are lost, slow, or make no sense.

use super::*;

fn is_later(handed: &Handed) -> bool {
    matches!(handed, Handed::Later { .. })
}

#[tokio::test]
async fn a_server_lost_at_any_stage_is_asked_again() {
    for verb in [
        "CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "MIDDATA", ".",
    ] {
        for rule in [Do::Close, Do::SayAndClose("421 4.3.2 going down"), Do::Hang] {
            let world = world(&[(verb, rule)]);
            let handed = world.post.send(&letter()).await;
            assert!(is_later(&handed), "{verb}: {handed:?}");
            if let Handed::Later {
                answer,
                perhaps_taken,
                ..
            } = &handed
                && !answer.starts_with("421")
            {
                let may_be_there = matches!(verb, "MIDDATA" | ".");
                assert_eq!(*perhaps_taken, may_be_there, "{verb}");
                assert_eq!(
                    answer.contains("may have been taken"),
                    may_be_there,
                    "{verb}: {answer}"
                );
            }
            // A server that could not even be greeted is left alone for a moment.
            world.clock.advance(3);
            assert_eq!(world.post.send(&letter()).await, taken(), "{verb}");
            assert_eq!(world.server.letters().len(), 1, "{verb}");
        }
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_no_yes() {
    for verb in ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."] {
        for rule in [
            Do::Raw(b"\xff\xfe\x00garbage\r\n".to_vec()),
            Do::Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
            Do::Raw(b"250\r\n".to_vec()),
            Do::Raw(b"250-one\r\n550 two\r\n".to_vec()),
            Do::Raw(b"999 what\r\n".to_vec()),
            Do::Raw(b"150 what\r\n".to_vec()),
            Do::Endless(b'2'),
        ] {
            let world = world(&[(verb, rule)]);
            let handed = world.post.send(&letter()).await;
            assert!(is_later(&handed), "{verb}: {handed:?}");
            if let Handed::Later { answer, .. } = &handed {
                assert!(answer.chars().all(|c| !c.is_control()), "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_has_an_end() {
    let lines = "250-more\r\n".repeat(100_000).into_bytes();
    let world = world(&[("RCPT", Do::Raw(lines))]);
    assert!(is_later(&world.post.send(&letter()).await));
    assert_eq!(world.post.send(&letter()).await, taken());
}

/// A server that says yes to the announcement instead of asking for the letter does not get it, and
/// one that asks for more after the letter has not taken it.
#[tokio::test]
async fn a_yes_at_the_wrong_place_is_no_yes() {
    for (verb, words) in [("DATA", "250 2.0.0 fine"), (".", "354 go on")] {
        let world = world(&[(verb, Do::Say(words))]);
        assert!(is_later(&world.post.send(&letter()).await), "{verb}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_nobodys_fault_but_ours() {
    let world = world(&[(
        "AUTH",
        Do::Say("535 5.7.8 wrong password for lintel@example.com"),
    )]);
    match world.post.send(&letter()).await {
        Handed::Later { answer, .. } => assert_eq!(answer, "535 5.7.8 wrong password for …"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_left_alone_for_longer_and_longer() {
    let world = world(&[]);
    let closed: Vec<(&str, Do)> = vec![("CONNECT", Do::Close); 8];
    for (verb, rule) in closed {
        world.server.rule(verb, rule);
    }
    for rest in [2, 4, 8, 16, 32, 60, 60, 60] {
        assert!(is_later(&world.post.send(&letter()).await));
        let now = 1_780_000_000;
        for _ in 0..3 {
            match world.post.send(&letter()).await {
                Handed::NotYet { until } => {
                    assert!(until.seconds() > now && until.seconds() <= now + 1000);
                }
                other => panic!("{other:?}"),
            }
        }
        world.clock.advance(rest - 1);
        assert!(matches!(
            world.post.send(&letter()).await,
            Handed::NotYet { .. }
        ));
        world.clock.advance(1);
    }
    assert_eq!(world.post.send(&letter()).await, taken());
    // And then it is used as ever.
    assert_eq!(world.post.send(&letter()).await, taken());
}

#[tokio::test]
async fn nothing_is_sent_without_the_tls_that_was_asked_for() {
    let world = world_with(&[], &mailing(), SmtpSecurity::StartTls);
    match world.post.send(&letter()).await {
        Handed::Later { answer, .. } => assert_eq!(answer, "the server offers no TLS"),
        other => panic!("{other:?}"),
    }
    let world = world_with(&[], &mailing(), SmtpSecurity::Tls);
    assert!(is_later(&world.post.send(&letter()).await));
    let heard = world.server.heard().concat();
    assert!(
        !heard.contains("AUTH") && !heard.contains("MAIL"),
        "{heard}"
    );
}

/// What an attacker slips in behind the consent to STARTTLS must not be taken for an answer from
/// inside TLS.
#[tokio::test]
async fn answers_from_before_tls_are_not_believed() {
    let hello = b"250-mail.example.com\r\n250 STARTTLS\r\n".to_vec();
    let consent =
        b"220 go ahead\r\n250-mail.example.com\r\n250 AUTH PLAIN\r\n235 2.7.0 welcome\r\n";
    let rules = [
        ("EHLO", Do::Raw(hello)),
        ("STARTTLS", Do::Raw(consent.to_vec())),
    ];
    let world = world_with(&rules, &mailing(), SmtpSecurity::StartTls);
    assert!(is_later(&world.post.send(&letter()).await));
    let heard = world.server.heard().concat();
    assert!(
        !heard.contains("AUTH") && !heard.contains("MAIL"),
        "{heard}"
    );
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_is_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    let mailing = Mailing {
        ca_file: Some(file.clone()),
        ..mailing()
    };
    let address = SmtpAddress {
        host: "mail.example.com".to_owned(),
        port: 465,
        security: SmtpSecurity::Tls,
        credentials: None,
    };
    let open = || {
        let clock = Arc::new(FixedClock::at(Instant::from_seconds(0)));
        SmtpPost::open(&address, &mailing, "x", None, clock).is_ok()
    };
    assert!(!open());
    std::fs::write(&file, "no certificate").expect("written");
    assert!(!open());
    std::fs::write(
        &file,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .expect("written");
    assert!(!open());
}
