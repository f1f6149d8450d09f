//! Mail: written in the transaction of what it tells, sent after the commit.
//!
//! A letter lies sealed in the database until the postman has handed it over. Handing over may happen
//! twice when a process dies in between; then it is the same letter under the same name.

mod folder;
mod letter;
mod postman;

pub use folder::FolderPost;
pub use letter::Letter;
pub use postman::{deliver, postman};

pub use lintel_domain::access::MailKind;
use lintel_domain::id::RowId;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::mail::{self, NewMail};
use serde::{Deserialize, Serialize};

use crate::context::App;
use crate::keys::Purpose;

/// Longest subject, in characters.
const SUBJECT_MAX_CHARS: usize = 200;
/// Longest name, in characters.
const NAME_MAX_CHARS: usize = 200;
/// Longest address; RFC 5321, section 4.5.3.1.3 has 256 octets with the brackets.
const ADDRESS_MAX_LEN: usize = 254;
/// Longest body, in bytes, of either kind.
const BODY_MAX_LEN: usize = 512 * 1024;

/// What a mail says, and to whom.
#[derive(Clone, Serialize, Deserialize)]
pub struct Message {
    /// Name of whom it goes to. May be empty.
    pub to_name: String,
    /// Address it goes to.
    pub to_email: String,
    /// One line.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML, beside the text.
    pub html: Option<String>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message")
    }
}

/// Queues a mail in the transaction of what it tells.
///
/// # Errors
/// Internal when no mail can be sent to the address, or the mail is too long; any fault of the
/// database.
pub async fn queue_in(
    app: &App,
    tx: &mut Tx,
    org_id: &RowId,
    kind: MailKind,
    message: &Message,
) -> Result<(), Fault> {
    if !is_sendable(&message.to_email) {
        return Err(Fault::internal("no mail can be sent to this address"));
    }
    let html_len = message.html.as_ref().map_or(0, String::len);
    if message.text.len().max(html_len) > BODY_MAX_LEN {
        return Err(Fault::internal("the mail is too long"));
    }
    let plain = serde_json::to_vec(message)
        .map_err(|e| Fault::internal("a mail cannot be written").caused_by(e))?;
    let id = app.row_id()?;
    let sealed = app
        .keys()
        .seal(Purpose::Mail, id.as_str(), &plain, app.rng())?;
    let new = NewMail {
        id: &id,
        org_id,
        kind,
        sealed: &sealed,
        created_at: app.now(),
    };
    mail::insert_in(tx, &new).await
}

/// Whether an address can stand in a letter as it is: a local part of plain characters, one `@`, a
/// host. Spaces, quotes, brackets, line ends and anything past ASCII in the local part are refused,
/// so that no address can bring a header or a second address with it.
#[must_use]
pub fn is_sendable(email: &str) -> bool {
    let Some((local, host)) = email.rsplit_once('@') else {
        return false;
    };
    let is_local = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b"-.".contains(&b);
    let dots_are_well = |part: &str| !part.split('.').any(str::is_empty);
    email.len() <= ADDRESS_MAX_LEN
        && (1..=64).contains(&local.len())
        && local.bytes().all(is_local)
        && host.bytes().all(is_host)
        && dots_are_well(local)
        && dots_are_well(host)
        && !host
            .split('.')
            .any(|label| label.starts_with('-') || label.ends_with('-') || label.len() > 63)
}

/// Whether a text names a sender: an address, or a name and an address in angle brackets.
#[must_use]
pub fn is_sender(text: &str) -> bool {
    let (name, email) = letter::parts(text);
    is_sendable(email) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_may_have_a_name() {
        for good in [
            "a@example.com",
            "Lintel <a@example.com>",
            "Zoë, Büro <a@example.com>",
        ] {
            assert!(is_sender(good), "{good}");
        }
        for bad in [
            "",
            "Lintel",
            "Lintel <>",
            "L\r\nBcc: b@example.com <a@example.com>",
        ] {
            assert!(!is_sender(bad), "{bad}");
        }
    }

    #[test]
    fn only_plain_addresses_are_written_to() {
        for good in [
            "olive.officer@example.com",
            "o'hara+loans@mail.example.co.uk",
            "root@localhost",
        ] {
            assert!(is_sendable(good), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "@",
            "olive",
            "olive@",
            "@example.com",
            "a@b@example.com",
            "olive officer@example.com",
            "olive@example.com\r\nBcc: all@example.com",
            "olive@example.com, all@example.com",
            "<olive@example.com>",
            "\"olive\"@example.com",
            "olive..officer@example.com",
            ".olive@example.com",
            "olive@-example.com",
            "olive@example..com",
            "olive@exämple.com",
            "olive\u{0}@example.com",
            &long,
        ] {
            assert!(!is_sendable(bad), "{bad}");
        }
    }
}
