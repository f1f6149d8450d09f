//! Mail that is to go out. Its words are sealed; a mail is taken with a lease, and the number of the
//! attempt goes with every later word about it.

use lintel_domain::access::MailKind;
use lintel_domain::id::{Instant, RowId};

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO mail (id, org_id, kind, message_sealed, \
     created_at_us, attempts, locked_until_us, sent_at_us, failed_at_us) \
     VALUES ($1, $2, $3, $4, $5, 0, NULL, NULL, NULL)";
/// Two nodes that pick the same mail: the second waits for the first, finds its own condition no
/// longer true, and takes none; then it asks again.
pub(crate) const CLAIM: &str = "UPDATE mail SET attempts = attempts + 1, locked_until_us = $2 \
     WHERE id = (SELECT m.id FROM mail m WHERE m.sent_at_us IS NULL AND m.failed_at_us IS NULL \
     AND (m.locked_until_us IS NULL OR m.locked_until_us <= $1) \
     ORDER BY m.created_at_us, m.id LIMIT 1) AND sent_at_us IS NULL AND failed_at_us IS NULL \
     AND (locked_until_us IS NULL OR locked_until_us <= $1) \
     RETURNING id, org_id, kind, message_sealed, created_at_us, attempts";
pub(crate) const SENT: &str = "UPDATE mail SET sent_at_us = $3, locked_until_us = NULL \
     WHERE id = $1 AND attempts = $2 AND sent_at_us IS NULL";
pub(crate) const LATER: &str = "UPDATE mail SET locked_until_us = $3 WHERE id = $1 \
     AND attempts = $2 AND sent_at_us IS NULL AND failed_at_us IS NULL";
pub(crate) const FAILED: &str = "UPDATE mail SET failed_at_us = $3, locked_until_us = NULL \
     WHERE id = $1 AND attempts = $2 AND sent_at_us IS NULL AND failed_at_us IS NULL";
pub(crate) const WAITING: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM mail \
     WHERE sent_at_us IS NULL AND failed_at_us IS NULL LIMIT 10001) waiting";

/// A mail about to be stored.
#[derive(Debug)]
pub struct NewMail<'a> {
    /// Its id, which also names the letter.
    pub id: &'a RowId,
    /// In whose name it goes out.
    pub org_id: &'a RowId,
    /// What it is about.
    pub kind: MailKind,
    /// Whom it goes to and what it says, sealed.
    pub sealed: &'a [u8],
    /// When it was written.
    pub created_at: Instant,
}

/// A mail somebody is about to send.
#[derive(Debug, Clone)]
pub struct ClaimedMail {
    /// Its id.
    pub id: RowId,
    /// In whose name it goes out.
    pub org_id: RowId,
    /// What it is about, as stored: a newer node may have written a word this one does not know.
    pub kind: String,
    /// Whom it goes to and what it says, sealed.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created_at: Instant,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    org_id: String,
    kind: String,
    message_sealed: Vec<u8>,
    created_at_us: i64,
    attempts: i64,
}

/// Stores a mail.
///
/// # Errors
/// Any fault of the database.
pub async fn insert_in(tx: &mut Tx, new: &NewMail<'_>) -> Result<(), Fault> {
    let args = vals![
        new.id.as_str(),
        new.org_id.as_str(),
        new.kind.as_str(),
        new.sealed,
        new.created_at.micros(),
    ];
    tx.exec(INSERT, args).await?;
    Ok(())
}

/// Takes the oldest mail that is due, until `locked_until`; `None` when none is, or another node was
/// faster by a moment.
///
/// # Errors
/// Any fault of the database.
pub async fn claim_in(
    tx: &mut Tx,
    now: Instant,
    locked_until: Instant,
) -> Result<Option<ClaimedMail>, Fault> {
    let args = vals![now.micros(), locked_until.micros()];
    let row: Option<Row> = tx.maybe(CLAIM, args).await?;
    Ok(row.map(|row| ClaimedMail {
        id: row_id(row.id),
        org_id: row_id(row.org_id),
        kind: row.kind,
        sealed: row.message_sealed,
        created_at: at(row.created_at_us),
        attempt: row.attempts,
    }))
}

/// Notes that an attempt succeeded; `false` when it is another node's by now.
///
/// # Errors
/// Any fault of the database.
pub async fn sent_in(tx: &mut Tx, mail: &ClaimedMail, now: Instant) -> Result<bool, Fault> {
    let args = vals![mail.id.as_str(), mail.attempt, now.micros()];
    Ok(tx.exec(SENT, args).await? == 1)
}

/// Notes that an attempt failed and when to try again.
///
/// # Errors
/// Any fault of the database.
pub async fn later_in(tx: &mut Tx, mail: &ClaimedMail, until: Instant) -> Result<bool, Fault> {
    let args = vals![mail.id.as_str(), mail.attempt, until.micros()];
    Ok(tx.exec(LATER, args).await? == 1)
}

/// Notes that the last attempt failed: the mail is given up.
///
/// # Errors
/// Any fault of the database.
pub async fn failed_in(tx: &mut Tx, mail: &ClaimedMail, now: Instant) -> Result<bool, Fault> {
    let args = vals![mail.id.as_str(), mail.attempt, now.micros()];
    Ok(tx.exec(FAILED, args).await? == 1)
}

/// How many mails wait, counted up to 10,001.
///
/// # Errors
/// Any fault of the database.
pub async fn waiting(db: &Db) -> Result<i64, Fault> {
    let row: Option<(i64,)> = db.maybe(WAITING, Vec::new()).await?;
    Ok(row.map_or(0, |(n,)| n))
}
