//! Mail: who it is from and to, what it says, and whether it may be sent.

use lintel_app::message::{
    BODY_MAX_LEN, MAX_RECIPIENTS, Mailbox, NAME_MAX_CHARS, SUBJECT_MAX_CHARS, is_sendable,
};
use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use lintel_letters::{active_content, text_of_html};

use super::{Found, given_line, line, markup, needed, required, usable, wanted};
use crate::event::draft::{EmailDraft, RecipientsDraft};
use crate::event::part::{EmailPart, List, Part, Wrong};

/// Most addresses answers go to.
const REPLY_TO_MAX: usize = 10;

/// A mail that was sent, or is to be.
#[derive(Debug, Clone)]
pub(in crate::event) struct Email {
    /// When it was sent; none: it is to be.
    pub sent_at: Option<Instant>,
    pub crm_id: Option<String>,
    pub code: Option<String>,
    pub sender: Mailbox,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    pub bcc: Vec<Mailbox>,
    pub reply_to: Vec<Mailbox>,
    pub subject: String,
    pub html: String,
    /// What the HTML says, to be read without it.
    pub text: String,
}

/// Mail another system has sent: kept as it is, cleaned whenever somebody looks at it.
pub(super) fn archived(draft: EmailDraft) -> Found<Email> {
    email(draft, true)
}

/// Mail to be sent: what does something in it is refused, and everybody gets it once.
pub(super) fn to_send(draft: EmailDraft) -> Found<Email> {
    let mut email = email(draft, false)?;
    if active_content(&email.html).is_some() {
        return Err((Part::Email(EmailPart::Body), Wrong::Malformed));
    }
    let mut known: Vec<String> = Vec::new();
    for list in [&mut email.to, &mut email.cc, &mut email.bcc] {
        list.retain(|mailbox| {
            let folded = mailbox.email.to_ascii_lowercase();
            let is_new = !known.contains(&folded);
            known.push(folded);
            is_new
        });
    }
    Ok(email)
}

fn email(draft: EmailDraft, is_archived: bool) -> Found<Email> {
    let part = Part::Email;
    let crm_id = given_line(draft.crm_id, part(EmailPart::CrmId))?;
    let code = given_line(draft.code, part(EmailPart::Code))?;
    needed(draft.target, part(EmailPart::Target))?;
    let at = part(EmailPart::SenderAddress);
    let address = needed(draft.sender_address, at)?;
    let address = usable(plain_address(&address), at)?;
    let at = part(EmailPart::SenderName);
    let name = match wanted(draft.sender_name, at)? {
        Some(name) => line(&name, NAME_MAX_CHARS, at)?,
        None => String::new(),
    };
    let sent_at = if is_archived {
        Some(needed(draft.sent_at, part(EmailPart::SentAt))?)
    } else {
        None
    };
    let recipients = needed(draft.recipients, part(EmailPart::Recipients))?;
    let RecipientsDraft {
        to,
        cc,
        bcc,
        reply_to,
    } = recipients;
    let mut room = MAX_RECIPIENTS;
    let to = required(addresses(to, List::To, &mut room)?, list(List::To))?;
    let cc = addresses(cc, List::Cc, &mut room)?.unwrap_or_default();
    let bcc = addresses(bcc, List::Bcc, &mut room)?.unwrap_or_default();
    let mut room = REPLY_TO_MAX;
    let reply_to = addresses(reply_to, List::ReplyTo, &mut room)?.unwrap_or_default();
    let at = part(EmailPart::Subject);
    let subject = match wanted(draft.subject, at)? {
        Some(subject) => line(&subject, SUBJECT_MAX_CHARS, at)?,
        None => String::new(),
    };
    let at = part(EmailPart::Body);
    let html = wanted(draft.body, at)?.unwrap_or_default();
    let html = usable(markup(html, BODY_MAX_LEN), at)?;
    Ok(Email {
        text: cut(text_of_html(&html), BODY_MAX_LEN),
        sent_at,
        crm_id,
        code,
        sender: Mailbox {
            name,
            email: address,
        },
        to,
        cc,
        bcc,
        reply_to,
        subject,
        html,
    })
}

fn list(list: List) -> Part {
    Part::Email(EmailPart::Addresses(list))
}

/// The addresses of a list, as far as there is room; none of an empty one.
fn addresses(
    entry: Entry<Vec<String>>,
    which: List,
    room: &mut usize,
) -> Found<Option<Vec<Mailbox>>> {
    let texts = wanted(entry, list(which))?.unwrap_or_default();
    *room = usable(room.checked_sub(texts.len()), list(which))?;
    let mailbox = |(place, text): (usize, &String)| {
        let at = Part::Email(EmailPart::Address(which, place));
        let email = usable(plain_address(text), at)?;
        Ok(Mailbox {
            name: String::new(),
            email,
        })
    };
    let all: Found<Vec<Mailbox>> = texts.iter().enumerate().map(mailbox).collect();
    all.map(|all| (!all.is_empty()).then_some(all))
}

fn plain_address(text: &str) -> Option<String> {
    let text = text.trim();
    is_sendable(text).then(|| text.to_owned())
}

/// At most so many bytes of a text, in whole characters.
fn cut(mut text: String, max_len: usize) -> String {
    let mut end = max_len.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}
