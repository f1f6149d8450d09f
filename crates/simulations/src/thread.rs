//! Messages between an intermediary and the bank about a simulation or a process. What they say is
//! sealed.

use lintel_macros::boxed;
use std::fmt;

use lintel_app::context::App;
use lintel_app::keys::Purpose;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::{Instant, RowId};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::partner_message::{self, StoredPartnerMessage};
use serde::{Deserialize, Serialize};

pub use lintel_store::status_change::Subject;

/// Longest subject, in characters.
pub const SUBJECT_MAX_CHARS: usize = 200;
/// Longest text, in characters.
pub const TEXT_MAX_CHARS: usize = 4000;
/// Most messages of one page.
pub const PAGE_MAX: u32 = 100;

/// What a message says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

/// What a message is about.
#[derive(Debug, Clone, Copy)]
pub struct Topic<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// A simulation or a process.
    pub subject: Subject,
    /// Row id of that.
    pub subject_id: &'a RowId,
}

/// Who writes.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Somebody of the bank; otherwise of the intermediary.
    pub from_bank: bool,
    /// Row id of the person.
    pub id: &'a RowId,
    /// The name shown.
    pub name: &'a str,
}

/// A message of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadMessage {
    /// Its UniqueID.
    pub id: RowId,
    /// Whether the bank wrote it.
    pub from_bank: bool,
    /// The name of who did.
    pub author_name: String,
    /// What it says.
    pub words: Words,
    /// When it was written.
    pub created_at: Instant,
    /// When the other side first looked at it.
    pub read_at: Option<Instant>,
}

/// A page of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadPage {
    /// Newest first.
    pub messages: Vec<ThreadMessage>,
    /// All messages of the thread.
    pub total: i64,
}

/// The words of a message, when there is nothing wrong with them. `found` is what the caller found already:
/// its fields are not reported again.
///
/// # Errors
/// Every finding.
pub fn checked(
    subject: Option<&str>,
    text: Option<&str>,
    mut found: Vec<Finding>,
) -> Result<Words, Vec<Finding>> {
    let parts = [
        (CreditField::MessageSubject, subject, SUBJECT_MAX_CHARS),
        (CreditField::MessageText, text, TEXT_MAX_CHARS),
    ];
    for (field, value, most) in parts {
        if found.iter().any(|finding| finding.field == field) {
            continue;
        }
        let value = value.unwrap_or_default().trim();
        let is_line = field == CreditField::MessageSubject;
        let is_odd = |c: char| c.is_control() && (is_line || !matches!(c, '\n' | '\r' | '\t'));
        let rule = if value.is_empty() {
            CreditRule::Missing
        } else if value.chars().count() > most {
            let most = u64::try_from(most).unwrap_or(u64::MAX);
            CreditRule::TooLong(Bound::Count(most))
        } else if value.chars().any(is_odd) {
            CreditRule::Malformed
        } else {
            continue;
        };
        found.push(Finding::new(field, rule));
    }
    if found.is_empty() {
        let kept = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
        return Ok(Words {
            subject: kept(subject),
            text: kept(text),
        });
    }
    found.sort_by_key(|finding| finding.field);
    Err(found)
}

/// Writes a message in the caller's transaction. Event and notice are the caller's.
///
/// # Errors
/// Any fault of the database or the key ring.
#[boxed]
pub async fn write_in(
    app: &App,
    tx: &mut Tx,
    topic: Topic<'_>,
    author: Author<'_>,
    words: Words,
) -> Result<ThreadMessage, Fault> {
    let id = app.row_id()?;
    let plain = serde_json::to_vec(&words)
        .map_err(|e| Fault::internal("a message cannot be written").caused_by(e))?;
    let keys = app.keys();
    let stored = StoredPartnerMessage {
        content: keys.seal(Purpose::PartnerMessage, id.as_str(), &plain, app.rng())?,
        subject: topic.subject,
        subject_id: topic.subject_id.clone(),
        from_bank: author.from_bank,
        author_id: author.id.clone(),
        author_name: author.name.to_owned(),
        created_at: app.now(),
        read_at: None,
        id,
    };
    partner_message::insert_in(tx, topic.org_id, &stored).await?;
    Ok(ThreadMessage {
        id: stored.id,
        from_bank: stored.from_bank,
        author_name: stored.author_name,
        words,
        created_at: stored.created_at,
        read_at: None,
    })
}

/// A page of the messages about a subject, newest first; pages count from 1, and have at most
/// [`PAGE_MAX`].
///
/// # Errors
/// Any fault of the database or the key ring.
#[boxed]
pub async fn page(
    app: &App,
    org_id: &RowId,
    subject_id: &RowId,
    number: u32,
    size: u32,
) -> Result<ThreadPage, Fault> {
    let size = size.min(PAGE_MAX);
    let offset = i64::from(number.saturating_sub(1)).saturating_mul(i64::from(size));
    let total = partner_message::count(app.db(), org_id, subject_id).await?;
    let stored = partner_message::page(app.db(), org_id, subject_id, size, offset).await?;
    let messages = stored.into_iter().map(|one| opened(app, one));
    Ok(ThreadPage {
        messages: messages.collect::<Result<_, _>>()?,
        total,
    })
}

/// How many messages of one side about a subject the other has not looked at.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn unread(
    app: &App,
    org_id: &RowId,
    subject_id: &RowId,
    from_bank: bool,
) -> Result<i64, Fault> {
    partner_message::unread(app.db(), org_id, subject_id, from_bank).await
}

/// Notes that the other side looked at one side's messages.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn mark_read_in(
    app: &App,
    tx: &mut Tx,
    org_id: &RowId,
    subject_id: &RowId,
    from_bank: bool,
) -> Result<u64, Fault> {
    partner_message::read_in(tx, org_id, subject_id, from_bank, app.now()).await
}

fn opened(app: &App, stored: StoredPartnerMessage) -> Result<ThreadMessage, Fault> {
    let id = stored.id.as_str();
    let plain = app
        .keys()
        .unseal(Purpose::PartnerMessage, id, &stored.content)?;
    // The parser's message may quote what it read: it is left out.
    let words = serde_json::from_slice(&plain)
        .map_err(|_| Fault::corrupt("partner_message", "content", id))?;
    Ok(ThreadMessage {
        from_bank: stored.from_bank,
        author_name: stored.author_name,
        words,
        created_at: stored.created_at,
        read_at: stored.read_at,
        id: stored.id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_told_at_once() {
        let rules = |subject: Option<&str>, text: Option<&str>| {
            let found = checked(subject, text, Vec::new()).expect_err("findings");
            found.into_iter().map(|f| f.rule).collect::<Vec<_>>()
        };
        use CreditRule::{Malformed, Missing, TooLong};
        assert_eq!(rules(None, None), [Missing, Missing]);
        assert_eq!(rules(Some(" \n"), Some("a\u{0}b")), [Missing, Malformed]);
        assert_eq!(rules(Some("a\nb"), Some("a\nb\tc")), [Malformed]);
        let long = "é".repeat(TEXT_MAX_CHARS + 1);
        let bounds = [200, 4000].map(|n| TooLong(Bound::Count(n)));
        assert_eq!(rules(Some(&long[..402]), Some(&long)), bounds);
        let most = "é".repeat(TEXT_MAX_CHARS);
        assert!(checked(Some(&most[..400]), Some(&most), Vec::new()).is_ok());
    }

    #[test]
    fn what_was_found_already_is_not_told_twice() {
        let found = vec![Finding::new(
            CreditField::MessageText,
            CreditRule::Malformed,
        )];
        let all = checked(None, None, found).expect_err("findings");
        let fields: Vec<_> = all.iter().map(|f| (f.field, f.rule)).collect();
        assert_eq!(
            fields,
            [
                (CreditField::MessageSubject, CreditRule::Missing),
                (CreditField::MessageText, CreditRule::Malformed)
            ]
        );
    }
}
