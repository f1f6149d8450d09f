//! Letters as bytes.

use lintel_app::ports::{Attachment, Mailbox, Outgoing};
use lintel_domain::id::{Instant, RowId};

use super::{Unfit, write};

fn mailbox(name: &str, email: &str) -> Mailbox {
    Mailbox {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

pub(crate) fn letter() -> Outgoing {
    Outgoing {
        delivery: RowId::new("delivery-1".to_owned()),
        message_id: "id-1@example.com".to_owned(),
        at: Instant::from_seconds(1_780_315_205),
        from: mailbox("Lintel", "no-reply@example.com"),
        reply_to: Vec::new(),
        to: vec![mailbox("Olive Officer", "olive@example.com")],
        cc: Vec::new(),
        subject: "A new password".to_owned(),
        text: "Hello\nthere".to_owned(),
        html: None,
        unsubscribe: None,
        attachments: Vec::new(),
        recipient: "olive@example.com".to_owned(),
    }
}

fn text(letter: &Outgoing) -> String {
    let written = write(letter, None).expect("a letter");
    String::from_utf8(written.bytes).expect("text")
}

fn lines_of_head(text: &str) -> Vec<&str> {
    let head = text.split("\r\n\r\n").next().expect("a head");
    head.split("\r\n").collect()
}

#[test]
fn a_letter_reads_as_it_should() {
    assert_eq!(
        text(&letter()),
        "Date: Mon, 01 Jun 2026 12:00:05 +0000\r\n\
         From: Lintel <no-reply@example.com>\r\n\
         To: \"Olive Officer\" <olive@example.com>\r\n\
         Subject: A new password\r\n\
         Message-ID: <id-1@example.com>\r\n\
         Auto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n\
         Hello\r\nthere\r\n"
    );
}

#[test]
fn with_html_it_has_two_parts_and_the_way_out_is_in_the_head() {
    let letter = Outgoing {
        html: Some("<p title=\"a\">Hello</p>\n".to_owned()),
        unsubscribe: Some("https://lintel.example.com/app/rates/abc/stop".to_owned()),
        cc: vec![mailbox("", "cc@example.com")],
        reply_to: vec![mailbox("Officer, Olive", "olive@example.com")],
        recipient: "hidden@example.com".to_owned(),
        ..letter()
    };
    let text = text(&letter);
    assert_eq!(
        text,
        "Date: Mon, 01 Jun 2026 12:00:05 +0000\r\n\
         From: Lintel <no-reply@example.com>\r\n\
         To: \"Olive Officer\" <olive@example.com>\r\n\
         Cc: cc@example.com\r\n\
         Reply-To: =?utf-8?b?T2ZmaWNlciwgT2xpdmU=?= <olive@example.com>\r\n\
         Subject: A new password\r\n\
         Message-ID: <id-1@example.com>\r\n\
         Auto-Submitted: auto-generated\r\n\
         List-Unsubscribe: <https://lintel.example.com/app/rates/abc/stop>\r\n\
         List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"=_id-1\"\r\n\r\n\
         --=_id-1\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n\
         Hello\r\nthere\r\n\
         --=_id-1\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n\
         <p title=3D\"a\">Hello</p>\r\n\
         --=_id-1--\r\n"
    );
    assert!(!text.contains("hidden@example.com"));
}

#[test]
fn the_same_letter_has_the_same_bytes_and_reports_go_where_they_should() {
    let letter = Outgoing {
        html: Some("<p>Zażółć</p>".repeat(500)),
        subject: "Zażółć gęślą jaźń".to_owned(),
        ..letter()
    };
    let (one, two) = (
        write(&letter, None),
        write(&letter, Some("bounces@example.org")),
    );
    let (one, two) = (one.expect("a letter"), two.expect("a letter"));
    assert_eq!(one.bytes, two.bytes);
    let from = |w: &super::Written| w.envelope.from().map(ToString::to_string);
    assert_eq!(from(&one).as_deref(), Some("no-reply@example.com"));
    assert_eq!(from(&two).as_deref(), Some("bounces@example.org"));
    assert_eq!(two.envelope.to().len(), 1);
    assert_eq!(two.envelope.to()[0].to_string(), "olive@example.com");
}

#[test]
fn no_text_can_bring_a_header_with_it() {
    let letter = Outgoing {
        to: vec![mailbox(
            "Eve\r\nBcc: all@example.com\r\n\r\n<script>",
            "olive@example.com",
        )],
        from: mailbox("\"; evil=\"1\\\r\nX-Evil: 1", "no-reply@example.com"),
        reply_to: vec![mailbox("a@example.com> <b@example.com>,", "c@example.com")],
        subject: "Hi\nBcc: all@example.com\u{85}X-Evil: 1\r\u{2028}X-Evil: 2\u{0}".to_owned(),
        text: "Bcc: all@example.com\r\n--=_id-1--\r\n.\r\n\rX: 1\n\n.\n".to_owned(),
        html: Some("<p>--=_id-1--</p>\n.\n..\nFrom me".to_owned()),
        ..letter()
    };
    let text = text(&letter);
    for line in lines_of_head(&text) {
        let is_other = line.starts_with("Bcc") || line.starts_with("X-");
        assert!(!is_other && line.len() <= 100, "{line}");
    }
    assert!(text.is_ascii());
    assert_eq!(text.matches("--=_id-1--").count(), 1, "{text}");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n', '\0']));
    let reply: Vec<&str> = text.lines().filter(|l| l.starts_with("Reply-To")).collect();
    assert_eq!(reply.len(), 1);
    assert!(reply[0].ends_with("?= <c@example.com>") && !reply[0].contains("b@example.com"));
}

#[test]
fn long_and_foreign_texts_stay_within_their_lines() {
    let people: Vec<Mailbox> = (0..50)
        .map(|n| {
            mailbox(
                &"Zażółć \u{1f994} ".repeat(40),
                &format!("olive{n}@example.com"),
            )
        })
        .collect();
    let letter = Outgoing {
        to: people.clone(),
        cc: people,
        subject: "x".repeat(5000),
        text: "日本語".repeat(100_000),
        html: Some("y".repeat(300_000)),
        ..letter()
    };
    let text = text(&letter);
    assert!(text.is_ascii());
    for line in text.split("\r\n") {
        assert!(line.len() <= 998, "{} characters", line.len());
        for word in line.split(' ').filter(|word| word.starts_with("=?")) {
            assert!(word.trim_end_matches(',').len() <= 75, "{word}");
        }
    }
    let body = text.split("\r\n\r\n").skip(1);
    assert!(
        body.flat_map(|b| b.split("\r\n"))
            .all(|line| line.len() <= 78)
    );
    let bare = Outgoing {
        to: Vec::new(),
        subject: String::new(),
        text: String::new(),
        ..self::letter()
    };
    assert!(write(&bare, None).is_ok());
}

#[test]
fn what_cannot_be_written_is_said() {
    let with = |change: fn(&mut Outgoing)| {
        let mut letter = letter();
        change(&mut letter);
        write(&letter, None).err()
    };
    let address = Some(Unfit("an address cannot be written"));
    let header = Some(Unfit("a header cannot be written"));
    assert_eq!(with(|l| l.recipient = "a@b@c".to_owned()), address);
    assert_eq!(
        with(|l| l.recipient = "a\r\nRCPT TO:<b@example.com>@c".to_owned()),
        address
    );
    assert_eq!(
        with(|l| l.to[0].email = "a b@example.com".to_owned()),
        address
    );
    assert_eq!(with(|l| l.from.email.clear()), address);
    assert_eq!(
        with(|l| l.message_id = "a\r\nX: 1@example.com".to_owned()),
        header
    );
    assert_eq!(with(|l| l.message_id = "a>@example.com".to_owned()), header);
    assert_eq!(with(|l| l.message_id.clear()), header);
    assert_eq!(
        with(|l| l.unsubscribe = Some("https://a/ b".to_owned())),
        header
    );
    assert_eq!(
        with(|l| l.unsubscribe = Some(format!("https://{}", "a".repeat(900)))),
        header
    );
    assert!(write(&letter(), Some("not an address")).is_err());
}

#[test]
fn dates_before_and_after() {
    for (seconds, date) in [
        (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (-1, "Thu, 01 Jan 1970 00:00:00 +0000"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 +0000"),
        (i64::MAX / 1_000_000, "Fri, 31 Dec 9999 23:59:59 +0000"),
    ] {
        let at = Instant::from_seconds(seconds);
        let text = text(&Outgoing { at, ..letter() });
        assert_eq!(lines_of_head(&text)[0], format!("Date: {date}"));
    }
}

#[test]
fn files_go_with_it_and_the_bytes_stay_the_same() {
    let file = |name: &str, bytes: &[u8]| Attachment {
        name: name.to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: bytes.to_vec(),
    };
    let letter = Outgoing {
        html: Some("<p>Hello</p>".to_owned()),
        attachments: vec![file("FINE.pdf", b"%PDF-1.7\n\xff--=_id-1--"), file("", b"")],
        ..letter()
    };
    let plain = text(&letter);
    let parts = "MIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"=+_id-1\"\r\n\r\n\
         --=+_id-1\r\n\
         Content-Type: multipart/alternative; boundary=\"=_id-1\"\r\n\r\n\
         --=_id-1\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n\
         Hello\r\nthere\r\n\
         --=_id-1\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n\
         <p>Hello</p>\r\n\
         --=_id-1--\r\n\
         --=+_id-1\r\n\
         Content-Disposition: attachment; filename=\"FINE.pdf\"\r\n\
         Content-Type: application/pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n\
         JVBERi0xLjcK/y0tPV9pZC0xLS0=\r\n\
         --=+_id-1\r\n";
    assert!(plain.contains(parts), "{plain}");
    assert!(plain.ends_with("--=+_id-1--\r\n"), "{plain}");
    assert_eq!(plain, text(&letter), "the same bytes again");
}

#[test]
fn no_name_of_a_file_brings_a_header_with_it() {
    let letter = Outgoing {
        attachments: vec![Attachment {
            name: "a\r\nX-Evil: 1\u{0}\"; x=\"ção.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            bytes: vec![b'x'; 100_000],
        }],
        ..letter()
    };
    let plain = text(&letter);
    assert!(
        !plain.lines().any(|line| line.starts_with("X-Evil")),
        "{plain}"
    );
    assert!(plain.lines().all(|line| line.len() <= 78));
    let odd = Outgoing {
        attachments: vec![Attachment {
            content_type: "no type".to_owned(),
            ..letter.attachments[0].clone()
        }],
        ..letter
    };
    assert!(write(&odd, None).is_err());
}
