//! A message before it is stored.

use std::fmt;

use lintel_domain::id::{PublicId, RowId};
use lintel_domain::message::MailKind;
use lintel_store::fault::Fault;

use super::address::{is_one_line, is_sendable};
use crate::ports::{Attachment, Mailbox};

/// Most addresses of one message, all parts together.
pub const MAX_RECIPIENTS: usize = 50;
/// Longest subject, in characters.
pub const SUBJECT_MAX_CHARS: usize = 200;
/// Longest name, in characters.
pub const NAME_MAX_CHARS: usize = 200;
/// Longest body, in bytes, of either kind.
pub const BODY_MAX_LEN: usize = 512 * 1024;
/// Most files that go with one message.
pub const ATTACHMENTS_MAX: usize = 5;
/// Longest files of one message, in bytes, all together.
pub const ATTACHMENTS_MAX_LEN: usize = 10 * 1000 * 1000;
/// Longest content type of a file, in bytes.
const CONTENT_TYPE_MAX_LEN: usize = 100;
/// Longest text message, in characters.
pub const SMS_MAX_CHARS: usize = 1000;
/// Longest address that stops mail.
const UNSUBSCRIBE_MAX_LEN: usize = 900;
/// Most secrets of one message.
const SECRETS_MAX: usize = 20;

/// A mail to be written. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct MailDraft {
    /// What it is about.
    pub kind: MailKind,
    /// Whom it is to.
    pub to: Vec<Mailbox>,
    /// Who is to know of it.
    pub cc: Vec<Mailbox>,
    /// Who is to know of it, without the others' knowledge.
    pub bcc: Vec<Mailbox>,
    /// Where answers go; empty: as the organisation has it, or to the sender.
    pub reply_to: Vec<Mailbox>,
    /// Who it is from; none: the organisation. Of a domain that is not the organisation's it becomes
    /// the name shown and the address answers go to.
    pub sender: Option<Mailbox>,
    /// One line.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML, beside the text.
    pub html: Option<String>,
    /// The loan it belongs to, of the organisation's family.
    pub loan_id: Option<RowId>,
    /// The lead it belongs to, of the organisation's family.
    pub lead_id: Option<RowId>,
    /// Absolute address that stops mail of this kind when something is posted to it (RFC 8058).
    pub unsubscribe: Option<String>,
    /// Files that go with it: at most [`ATTACHMENTS_MAX`] of [`ATTACHMENTS_MAX_LEN`] bytes together.
    pub attachments: Vec<Attachment>,
    /// Texts nobody but the receiver sees: links that sign in.
    pub secrets: Vec<String>,
    /// What a customer system calls it.
    pub crm_id: Option<String>,
    /// The kind a customer system gives it.
    pub crm_code: Option<String>,
    /// Who has it written, as events name them.
    pub created_by: String,
}

impl MailDraft {
    /// A mail to one address; the rest is empty.
    #[must_use]
    pub fn new(
        kind: MailKind,
        to: Mailbox,
        subject: String,
        text: String,
        html: Option<String>,
        created_by: &str,
    ) -> Self {
        Self {
            kind,
            to: vec![to],
            cc: Vec::new(),
            bcc: Vec::new(),
            reply_to: Vec::new(),
            sender: None,
            subject,
            text,
            html,
            loan_id: None,
            lead_id: None,
            unsubscribe: None,
            attachments: Vec::new(),
            secrets: Vec::new(),
            crm_id: None,
            crm_code: None,
            created_by: created_by.to_owned(),
        }
    }

    /// Whoever drafted it has refused what cannot be sent, in their own words: what gets through to
    /// here is our mistake.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let everybody = || self.to.iter().chain(&self.cc).chain(&self.bcc);
        let named = everybody().chain(&self.reply_to).chain(&self.sender);
        let attached = self.attachments.iter().map(|file| file.bytes.len());
        let attached_len = attached.fold(0_usize, usize::saturating_add);
        let html_len = self.html.as_ref().map_or(0, String::len);
        let wrong = if self.to.is_empty() {
            "a mail to nobody"
        } else if everybody().count() > MAX_RECIPIENTS || self.reply_to.len() > MAX_RECIPIENTS {
            "a mail has too many addresses"
        } else if !named.clone().all(|mailbox| is_sendable(&mailbox.email)) {
            "no mail can be sent to this address"
        } else if self.text.len().max(html_len) > BODY_MAX_LEN {
            "the mail is too long"
        } else if !self.unsubscribe.as_deref().is_none_or(is_web_address) {
            "a mail's address to stop it is none"
        } else if self.attachments.len() > ATTACHMENTS_MAX || attached_len > ATTACHMENTS_MAX_LEN {
            "the files of a mail are too many or too long"
        } else if !self.attachments.iter().all(is_named) {
            "a file of a mail has no fit name or content type"
        } else if self.secrets.len() > SECRETS_MAX {
            "a mail has too many secrets"
        } else {
            return Ok(());
        };
        Err(Fault::internal(wrong))
    }
}

/// Whether a file has the name of one, in no folder, and a type without parameters.
fn is_named(file: &Attachment) -> bool {
    let is_in_folder = file.name.contains(['/', '\\']);
    let name_chars = file.name.chars().count();
    let is_token = |part: &str| {
        let is_char = |b: u8| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b);
        !part.is_empty() && part.bytes().all(is_char)
    };
    let kind = file.content_type.split_once('/');
    file.content_type.len() <= CONTENT_TYPE_MAX_LEN
        && kind.is_some_and(|(kind, part)| is_token(kind) && is_token(part))
        && (1..=NAME_MAX_CHARS).contains(&name_chars)
        && !is_in_folder
        && is_one_line(&file.name)
}

fn is_web_address(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>\"".contains(c);
    is_web && text.len() <= UNSUBSCRIBE_MAX_LEN && is_one_line(text) && text.chars().all(is_plain)
}

impl fmt::Debug for MailDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("MailDraft");
        shown.field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A text message to be written. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SmsDraft {
    /// What it is about.
    pub kind: MailKind,
    /// The number, as [`sms_number`](super::sms_number) reads it.
    pub number: String,
    /// What it says.
    pub text: String,
    /// The loan it belongs to, of the organisation's family.
    pub loan_id: Option<RowId>,
    /// The lead it belongs to, of the organisation's family.
    pub lead_id: Option<RowId>,
    /// What a customer system calls it.
    pub crm_id: Option<String>,
    /// The kind a customer system gives it.
    pub crm_code: Option<String>,
    /// Who has it written, as events name them.
    pub created_by: String,
}

impl SmsDraft {
    /// A text message; the rest is empty.
    #[must_use]
    pub fn new(kind: MailKind, number: &str, text: String, created_by: &str) -> Self {
        Self {
            kind,
            number: number.to_owned(),
            text,
            loan_id: None,
            lead_id: None,
            crm_id: None,
            crm_code: None,
            created_by: created_by.to_owned(),
        }
    }
}

impl fmt::Debug for SmsDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SmsDraft");
        shown.field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A message that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRef {
    /// Row id, which also names it at its receivers.
    pub id: RowId,
    /// The id people see.
    pub public_id: PublicId,
}
