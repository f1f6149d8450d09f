//! A letter as RFC 5322 and MIME have it. The same letter makes the same bytes, whoever writes it
//! and when: what could differ (date, Message-ID, boundary) comes from the letter.

use std::time::{Duration, SystemTime};

use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{
    Attachment, Body, Mailbox, Mailboxes, Message, MessageBuilder, MultiPart, SinglePart, header,
};
use lintel_app::ports::{self, Outgoing};

/// Longest subject and name, in characters: longer ones are cut.
const PHRASE_MAX_CHARS: usize = 200;
/// Longest Message-ID and longest address to stop mail: each stands on a line of its own, which
/// RFC 5322, section 2.1.1, bounds at 998 characters.
const VALUE_MAX_LEN: usize = 900;
/// The last second RFC 5322 can write, 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

/// Why a letter cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfit(pub(crate) &'static str);

/// A letter as it goes over the line.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) envelope: Envelope,
}

/// Writes a letter. Reports of its fate go to `bounces`; without one to its sender.
pub(crate) fn write(letter: &Outgoing, bounces: Option<&str>) -> Result<Written, Unfit> {
    let sender = address(bounces.unwrap_or(&letter.from.email))?;
    let envelope = Envelope::new(Some(sender), vec![address(&letter.recipient)?])
        .map_err(|_| Unfit("an envelope cannot be written"))?;
    let message = head(letter)?.envelope(envelope.clone());
    let plain = part(ContentType::TEXT_PLAIN, &letter.text);
    let both = letter.html.as_ref().map(|html| {
        MultiPart::alternative()
            .boundary(boundary(letter, "="))
            .singlepart(plain.clone())
            .singlepart(part(ContentType::TEXT_HTML, html))
    });
    let message = match (both, letter.attachments.is_empty()) {
        (None, true) => message.singlepart(plain),
        (Some(both), true) => message.multipart(both),
        (both, false) => {
            let all = MultiPart::mixed().boundary(boundary(letter, "=+"));
            let mut all = match both {
                Some(both) => all.multipart(both),
                None => all.singlepart(plain),
            };
            for file in &letter.attachments {
                all = all.singlepart(attached(file)?);
            }
            message.multipart(all)
        }
    };
    let message = message.map_err(|_| Unfit("the head cannot be written"))?;
    let bytes = message.formatted();
    Ok(Written { bytes, envelope })
}

fn head(letter: &Outgoing) -> Result<MessageBuilder, Unfit> {
    let seconds = letter.at.seconds().clamp(0, LAST_SECOND);
    let seconds = u64::try_from(seconds).map_err(|_| Unfit("the date cannot be written"))?;
    let mut head = Message::builder()
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .mailbox(header::From::from(mailboxes(std::slice::from_ref(
            &letter.from,
        ))?));
    if !letter.to.is_empty() {
        head = head.mailbox(header::To::from(mailboxes(&letter.to)?));
    }
    if !letter.cc.is_empty() {
        head = head.mailbox(header::Cc::from(mailboxes(&letter.cc)?));
    }
    if !letter.reply_to.is_empty() {
        head = head.mailbox(header::ReplyTo::from(mailboxes(&letter.reply_to)?));
    }
    head = head
        .subject(phrase(&letter.subject))
        .raw_header(bracketed("Message-ID", &letter.message_id)?)
        .raw_header(plain("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(address) = &letter.unsubscribe {
        head = head
            .raw_header(bracketed("List-Unsubscribe", address)?)
            // RFC 8058, section 3.1.
            .raw_header(plain(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ));
    }
    Ok(head)
}

fn mailboxes(people: &[ports::Mailbox]) -> Result<Mailboxes, Unfit> {
    let mut all = Mailboxes::new();
    for person in people {
        let name = Some(phrase(&person.name)).filter(|name| !name.is_empty());
        all.push(Mailbox::new(name, address(&person.email)?));
    }
    Ok(all)
}

/// An address, looked at once more: nothing in it can be taken for something else.
fn address(email: &str) -> Result<Address, Unfit> {
    let unfit = Unfit("an address cannot be written");
    if !lintel_app::message::is_sendable(email) {
        return Err(unfit);
    }
    let (user, host) = email.rsplit_once('@').ok_or(unfit)?;
    Address::new(user, host).map_err(|_| unfit)
}

/// Free text for a head: one line without control characters, cut where it is too long.
fn phrase(text: &str) -> String {
    let is_shown = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
    let shown = text.chars().map(|c| if is_shown(c) { c } else { ' ' });
    let cut: String = shown.take(PHRASE_MAX_CHARS).collect();
    cut.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A header whose value stands in angle brackets, as it is.
fn bracketed(name: &'static str, value: &str) -> Result<HeaderValue, Unfit> {
    let is_plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'<' | b'>');
    if value.is_empty() || value.len() > VALUE_MAX_LEN || !value.bytes().all(is_plain) {
        return Err(Unfit("a header cannot be written"));
    }
    Ok(plain(name, format!("<{value}>")))
}

/// A header whose value is known to be printable and short enough for a line.
fn plain(name: &'static str, value: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}

/// Quoted-printable, always: lines of 76 characters at most, seven bits, and readable in a folder.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\n'], "\r\n");
    SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(lines.trim_end_matches("\r\n").to_owned())
}

/// A file, in base64 whatever is in it.
fn attached(file: &ports::Attachment) -> Result<SinglePart, Unfit> {
    let kind = ContentType::parse(&file.content_type);
    let kind = kind.map_err(|_| Unfit("the kind of a file cannot be written"))?;
    let encoding = ContentTransferEncoding::Base64;
    let body = Body::new_with_encoding(file.bytes.clone(), encoding);
    let body = body.map_err(|_| Unfit("a file cannot be written"))?;
    Ok(Attachment::new(phrase(&file.name)).body(body, kind))
}

/// What parts are told apart by. It cannot stand in a quoted-printable text, where `=` is followed
/// by a digit, a letter of A to F or a line end, nor in base64, where no letter follows a `=`. The
/// mark keeps the parts of a part apart from those around it.
fn boundary(letter: &Outgoing, mark: &str) -> String {
    let name = letter.message_id.split('@').next().unwrap_or_default();
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let name: String = name.chars().filter(is_kept).take(60).collect();
    format!("{mark}_{name}")
}

#[cfg(test)]
pub(crate) mod tests;
