//! Messages between an intermediary and the bank about a simulation or a process.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::status_change::Subject;
use crate::vals;

const INSERT: &str = "INSERT INTO partner_message (org_id, id, subject, subject_id, from_bank, \
     author_id, author_name, content, created_at_us, read_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
const PAGE: &str = "SELECT id, subject, subject_id, from_bank, author_id, author_name, content, \
     created_at_us, read_at_us FROM partner_message WHERE org_id = $1 AND subject_id = $2 \
     ORDER BY id DESC LIMIT $3 OFFSET $4";
const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM partner_message \
     WHERE org_id = $1 AND subject_id = $2";
const UNREAD: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM partner_message \
     WHERE org_id = $1 AND subject_id = $2 AND from_bank = $3 AND read_at_us IS NULL";
const READ: &str = "UPDATE partner_message SET read_at_us = $4 \
     WHERE org_id = $1 AND subject_id = $2 AND from_bank = $3 AND read_at_us IS NULL";

/// The statements of this file, for the list of all of them.
pub(crate) const STATEMENTS: [(&str, &str); 5] = [
    ("partner_message.insert", INSERT),
    ("partner_message.page", PAGE),
    ("partner_message.count", COUNT),
    ("partner_message.unread", UNREAD),
    ("partner_message.read", READ),
];

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPartnerMessage {
    /// Row id; orders the messages of a subject.
    pub id: RowId,
    /// Whether it is about a simulation or a process.
    pub subject: Subject,
    /// Row id of that.
    pub subject_id: RowId,
    /// Whether the bank wrote it; otherwise the intermediary did.
    pub from_bank: bool,
    /// Row id of the person who did.
    pub author_id: RowId,
    /// The name shown.
    pub author_name: String,
    /// What it says, sealed.
    pub content: Vec<u8>,
    /// When it was written.
    pub created_at: Instant,
    /// When the other side first looked at it.
    pub read_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    subject: String,
    subject_id: String,
    from_bank: bool,
    author_id: String,
    author_name: String,
    content: Vec<u8>,
    created_at_us: i64,
    read_at_us: Option<i64>,
}

/// Adds a message.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    org_id: &RowId,
    message: &StoredPartnerMessage,
) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        message.id.as_str(),
        message.subject.as_str(),
        message.subject_id.as_str(),
        message.from_bank,
        message.author_id.as_str(),
        &message.author_name,
        message.content.clone(),
        message.created_at.micros(),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Messages about a subject, newest first, `offset` of them left out.
///
/// # Errors
/// Any fault of the database; corrupt for a word that is none.
#[boxed]
pub async fn page(
    db: &Db,
    org_id: &RowId,
    subject_id: &RowId,
    limit: u32,
    offset: i64,
) -> Result<Vec<StoredPartnerMessage>, Fault> {
    let args = vals![org_id.as_str(), subject_id.as_str(), limit, offset];
    let rows: Vec<Row> = db.all(PAGE, args).await?;
    let read = |row: Row| {
        let place = At {
            table: "partner_message",
            id: &row.id,
        };
        Ok(StoredPartnerMessage {
            subject: place.word("subject", &row.subject, Subject::parse)?,
            id: row_id(row.id),
            subject_id: row_id(row.subject_id),
            from_bank: row.from_bank,
            author_id: row_id(row.author_id),
            author_name: row.author_name,
            content: row.content,
            created_at: at(row.created_at_us),
            read_at: row.read_at_us.map(at),
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many messages there are about a subject.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, org_id: &RowId, subject_id: &RowId) -> Result<i64, Fault> {
    let args = vals![org_id.as_str(), subject_id.as_str()];
    let row: Option<(i64,)> = db.maybe(COUNT, args).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// How many messages of one side about a subject the other has not looked at.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn unread(
    db: &Db,
    org_id: &RowId,
    subject_id: &RowId,
    from_bank: bool,
) -> Result<i64, Fault> {
    let args = vals![org_id.as_str(), subject_id.as_str(), from_bank];
    let row: Option<(i64,)> = db.maybe(UNREAD, args).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Notes that the other side looked at the messages of one side about a subject; how many were new.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn read_in(
    tx: &mut Tx,
    org_id: &RowId,
    subject_id: &RowId,
    from_bank: bool,
    now: Instant,
) -> Result<u64, Fault> {
    let args = vals![
        org_id.as_str(),
        subject_id.as_str(),
        from_bank,
        now.micros()
    ];
    tx.exec(READ, args).await
}
