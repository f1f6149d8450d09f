//! A mail as RFC 5322 has it. The same message makes the same bytes, whoever writes it and when.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_domain::id::{DAY_SECONDS, Instant};

use super::{Message, NAME_MAX_CHARS, SUBJECT_MAX_CHARS};

/// Bytes of an encoded word's text: 75 characters with what stands around it, RFC 2047, section 2.
const WORD_BYTES: usize = 45;
/// Characters of a line of a body in base 64, RFC 2045, section 6.8.
const LINE_CHARS: usize = 76;

/// A letter on its way.
#[derive(Clone)]
pub struct Letter {
    /// Names it for ever: the same letter sent twice has the same name.
    pub id: String,
    /// Address it goes to.
    pub to: String,
    /// Head and body.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Writes a letter. `from` is an address, with a name before it in brackets or without.
pub(super) fn write(id: &str, from: &str, at: Instant, message: &Message) -> Letter {
    let (from_name, from_email) = parts(from);
    let host = from_email.rsplit_once('@').map_or("localhost", |p| p.1);
    let mut text = String::new();
    let mut head = |name: &str, value: &str| {
        let _ = write!(text, "{name}: {value}\r\n");
    };
    head("Date", &date(at));
    head("From", &mailbox(from_name, from_email));
    head("To", &mailbox(&message.to_name, &message.to_email));
    head("Subject", &phrase(&message.subject, SUBJECT_MAX_CHARS));
    head("Message-ID", &format!("<{id}@{host}>"));
    head("Auto-Submitted", "auto-generated");
    head("MIME-Version", "1.0");
    match &message.html {
        None => part(&mut text, "text/plain", &message.text),
        Some(html) => {
            let edge = format!("=_{id}");
            let _ = write!(
                text,
                "Content-Type: multipart/alternative; boundary=\"{edge}\"\r\n\r\n"
            );
            for (kind, body) in [("text/plain", &message.text), ("text/html", html)] {
                let _ = write!(text, "--{edge}\r\n");
                part(&mut text, kind, body);
            }
            let _ = write!(text, "--{edge}--\r\n");
        }
    }
    Letter {
        id: id.to_owned(),
        to: message.to_email.clone(),
        bytes: text.into_bytes(),
    }
}

/// The rest of the head of a part, and its body.
fn part(text: &mut String, kind: &str, body: &str) {
    let _ = write!(
        text,
        "Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    let body = body.replace("\r\n", "\n").replace('\n', "\r\n");
    let encoded = STANDARD.encode(body);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(LINE_CHARS.min(rest.len()));
        text.push_str(line);
        text.push_str("\r\n");
        rest = more;
    }
}

/// Name and address of `Name <address>`, or of an address.
pub(super) fn parts(from: &str) -> (&str, &str) {
    match from.trim().split_once('<') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches('>').trim()),
        None => ("", from.trim()),
    }
}

fn mailbox(name: &str, email: &str) -> String {
    let name = phrase(name, NAME_MAX_CHARS);
    if name.is_empty() {
        return email.to_owned();
    }
    if name.starts_with("=?") {
        format!("{name} <{email}>")
    } else {
        format!("\"{name}\" <{email}>")
    }
}

/// Free text for a head: without line ends and other control characters, and encoded unless every
/// character of it means nothing to anybody.
fn phrase(text: &str, max_chars: usize) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain: String = spaced.take(max_chars).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_harmless = |b: u8| b.is_ascii_alphanumeric() || b" .,-'!?()".contains(&b);
    if plain.len() <= 60 && plain.bytes().all(is_harmless) {
        return plain;
    }
    encoded_words(&plain)
}

/// RFC 2047: words of whole characters, folded one to a line.
fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > WORD_BYTES {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encoded: Vec<String> = words
        .iter()
        .map(|w| format!("=?UTF-8?B?{}?=", STANDARD.encode(w)))
        .collect();
    encoded.join("\r\n ")
}

/// RFC 5322, section 3.3, in UTC.
fn date(at: Instant) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (days, of_day) = (
        at.seconds().div_euclid(DAY_SECONDS),
        at.seconds().rem_euclid(DAY_SECONDS),
    );
    let (year, month, day) = civil(days);
    // 1970-01-01 was a Thursday.
    let name = usize::try_from(days.rem_euclid(7)).map_or("Thu", |n| DAYS[n]);
    let month = usize::try_from(month - 1).map_or("Jan", |n| MONTHS[n.min(11)]);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{name}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000")
}

/// Year, month and day of a number of days since 1970-01-01: Howard Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", `civil_from_days`.
const fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant::from_seconds(1_780_315_205);

    fn message() -> Message {
        Message {
            to_name: "Olive Officer".to_owned(),
            to_email: "olive@example.com".to_owned(),
            subject: "A new password".to_owned(),
            text: "Hello\nthere".to_owned(),
            html: None,
        }
    }

    fn written(message: &Message) -> String {
        let letter = write("id-1", "Lintel <no-reply@example.com>", AT, message);
        String::from_utf8(letter.bytes).expect("text")
    }

    #[test]
    fn a_letter_reads_as_it_should() {
        assert_eq!(
            written(&message()),
            "Date: Mon, 01 Jun 2026 12:00:05 +0000\r\n\
             From: \"Lintel\" <no-reply@example.com>\r\n\
             To: \"Olive Officer\" <olive@example.com>\r\n\
             Subject: A new password\r\n\
             Message-ID: <id-1@example.com>\r\n\
             Auto-Submitted: auto-generated\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n\
             SGVsbG8NCnRoZXJl\r\n"
        );
    }

    #[test]
    fn no_text_can_bring_a_header_with_it() {
        let message = Message {
            to_name: "Eve\r\nBcc: all@example.com\r\n\r\n<script>".to_owned(),
            subject: "Hi\nBcc: all@example.com\u{85}X-Evil: 1\r".to_owned(),
            text: "Bcc: all@example.com\r\n--=_id-1--\r\n.\r\n".to_owned(),
            html: Some("<p>--=_id-1--</p>".to_owned()),
            ..message()
        };
        let text = written(&message);
        let head = text.split("\r\n\r\n").next().expect("a head");
        for line in head.split("\r\n") {
            assert!(
                !line.starts_with("Bcc") && !line.starts_with("X-"),
                "{line}"
            );
            assert!(line.len() <= 998 && line.is_ascii(), "{line}");
        }
        assert!(!text.contains("<script>"));
        assert_eq!(text.matches("--=_id-1--").count(), 1, "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    }

    #[test]
    fn other_scripts_are_encoded_in_whole_characters() {
        let message = Message {
            subject: "Zażółć gęślą jaźń 🦔".repeat(6),
            ..message()
        };
        let text = written(&message);
        let subject: String = text
            .split("Subject: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\nMessage").next())
            .expect("a subject")
            .split("\r\n ")
            .map(|word| {
                assert!(word.len() <= 75, "{word}");
                let inner = word.trim_start_matches("=?UTF-8?B?").trim_end_matches("?=");
                let bytes = STANDARD.decode(inner).expect("base 64");
                String::from_utf8(bytes).expect("whole characters")
            })
            .collect();
        assert_eq!(subject, message.subject);
    }

    #[test]
    fn dates_before_and_after() {
        for (seconds, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 +0000"),
        ] {
            assert_eq!(date(Instant::from_seconds(seconds)), text);
        }
    }
}
