//! What a message says, as it lies sealed in its row.

use lintel_domain::id::RowId;
use lintel_domain::message::AddressPart;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::watch;
use serde::{Deserialize, Serialize};

use super::address::{host, one_line};
use super::draft::{MailDraft, NAME_MAX_CHARS, SUBJECT_MAX_CHARS};
use crate::auth::token_hash;
use crate::context::App;
use crate::keys::Purpose;
use crate::ports::{Attachment, Mailbox};

/// Everything the bytes of a message depend on but its date and its row's id, which names it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    /// Who it is from. None in mail of versions before senders were kept: the installation's sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Mailbox>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<Mailbox>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Mailbox>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Mailbox>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<Mailbox>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// None in mail of versions before there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Of a text message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How versions before 0005 kept the one address.
    #[serde(skip_serializing)]
    pub to_name: String,
    #[serde(skip_serializing)]
    pub to_email: String,
}

/// Senders and receivers are settled by the caller; names and subject become one line each.
impl Content {
    pub fn of_mail(draft: &MailDraft, from: Mailbox, reply_to: Vec<Mailbox>) -> Self {
        let clean = |people: &[Mailbox]| people.iter().map(plain).collect::<Vec<_>>();
        Self {
            from: Some(plain(&from)),
            reply_to: clean(&reply_to),
            to: clean(&draft.to),
            cc: clean(&draft.cc),
            bcc: clean(&draft.bcc),
            subject: one_line(&draft.subject, SUBJECT_MAX_CHARS),
            text: body(&draft.text),
            html: draft.html.as_deref().map(body),
            unsubscribe: draft.unsubscribe.clone(),
            attachments: draft.attachments.clone(),
            secrets: draft.secrets.clone(),
            ..Self::default()
        }
    }

    pub fn of_sms(number: String, text: &str) -> Self {
        Self {
            number: Some(number),
            text: body(text),
            ..Self::default()
        }
    }

    /// Whether it tells of rates somebody has stopped hearing of since it was written.
    ///
    /// # Errors
    /// Any fault of the database.
    #[boxed]
    pub async fn is_stopped(&self, app: &App) -> Result<bool, Fault> {
        // A watch's token is among them as it is, beside the addresses that hold it.
        let is_bare = |text: &&String| text.bytes().all(|b| b.is_ascii_alphanumeric());
        for secret in self.secrets.iter().filter(is_bare) {
            if watch::is_stopped(app.db(), &token_hash(secret)).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The addresses, each with where it stands.
    pub fn everybody(&self) -> impl Iterator<Item = (AddressPart, &Mailbox)> {
        let to = self.to.iter().map(|mailbox| (AddressPart::To, mailbox));
        let cc = self.cc.iter().map(|mailbox| (AddressPart::Cc, mailbox));
        let bcc = self.bcc.iter().map(|mailbox| (AddressPart::Bcc, mailbox));
        to.chain(cc).chain(bcc)
    }

    pub fn seal(&self, app: &App, id: &RowId) -> Result<Vec<u8>, Fault> {
        let plain = serde_json::to_vec(self)
            .map_err(|e| Fault::internal("a message cannot be written").caused_by(e))?;
        let keys = app.keys();
        keys.seal(Purpose::Mail, id.as_str(), &plain, app.rng())
    }

    /// Opens what a row has; also as versions before 0005 sealed it.
    pub fn open(app: &App, id: &RowId, sealed: &[u8]) -> Result<Self, Fault> {
        let id = id.as_str();
        let plain = app.keys().unseal(Purpose::Mail, id, sealed)?;
        // The parser's message may quote what it read: it is left out.
        let mut content: Self = serde_json::from_slice(&plain)
            .map_err(|_| Fault::corrupt("message", "content_sealed", id))?;
        if !content.to_email.is_empty() {
            let (name, email) = (content.to_name.split_off(0), content.to_email.split_off(0));
            content.to.push(plain_parts(&name, &email));
            content.subject = one_line(&content.subject, SUBJECT_MAX_CHARS);
        }
        Ok(content)
    }

    /// Who it is from, for those that do not say so themselves the installation.
    pub fn sender(&self, app: &App) -> Mailbox {
        self.from.clone().unwrap_or_else(|| app.mail_from())
    }

    /// Its Message-ID, without angle brackets: the same for ever.
    pub fn message_id(&self, app: &App, id: &RowId) -> String {
        format!("{id}@{}", host(&self.sender(app).email))
    }
}

fn plain(mailbox: &Mailbox) -> Mailbox {
    plain_parts(&mailbox.name, &mailbox.email)
}

fn plain_parts(name: &str, email: &str) -> Mailbox {
    Mailbox {
        name: one_line(name, NAME_MAX_CHARS),
        email: email.to_owned(),
    }
}

/// A body without characters that no mail may have: controls but line ends and tabs.
fn body(text: &str) -> String {
    let is_text = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    text.chars().filter(is_text).collect()
}
