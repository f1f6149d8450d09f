//! Signed-in browsers. The database holds the hash of what the browser shows, never the value.

use lintel_domain::access::{Subject, Way};
use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO web_session (token_hash, id, subject, org_id, \
     person_id, way, created_at_us, seen_at_us, expires_at_us, address, browser) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)";
/// Keeps a person's newest sessions.
pub(crate) const TRIM: &str = "DELETE FROM web_session WHERE token_hash IN (SELECT token_hash \
     FROM web_session WHERE org_id = $1 AND subject = $2 AND person_id = $3 \
     ORDER BY seen_at_us DESC, created_at_us DESC, id DESC LIMIT 1000 OFFSET $4)";
/// Of active organisations under active lenders only; the person is looked at beside it.
pub(crate) const LOOK: &str = "SELECT w.id, w.subject, w.org_id, w.person_id, w.way, \
     w.created_at_us, w.seen_at_us, w.expires_at_us, w.address, w.browser FROM web_session w \
     JOIN organisation o ON o.id = w.org_id LEFT JOIN organisation p ON p.id = o.parent_id \
     WHERE w.token_hash = $1 AND w.expires_at_us > $2 \
     AND (w.subject = 'setup' OR w.seen_at_us > $3) AND o.active = TRUE AND (o.parent_id IS NULL OR p.active = TRUE)";
pub(crate) const TOUCH: &str =
    "UPDATE web_session SET seen_at_us = $2 WHERE token_hash = $1 AND seen_at_us < $2";
pub(crate) const LIST: &str = "SELECT id, subject, org_id, person_id, way, created_at_us, \
     seen_at_us, expires_at_us, address, browser FROM web_session WHERE org_id = $1 \
     AND subject IN ('staff', 'setup') AND person_id = $2 AND expires_at_us > $3 \
     AND (subject = 'setup' OR seen_at_us > $4) ORDER BY seen_at_us DESC, id DESC LIMIT 100";
pub(crate) const END: &str = "DELETE FROM web_session WHERE token_hash = $1 \
     RETURNING id, subject, org_id, person_id, way, created_at_us, seen_at_us, expires_at_us, \
     address, browser";
pub(crate) const END_ONE: &str = "DELETE FROM web_session WHERE org_id = $1 \
     AND subject IN ('staff', 'setup', 'borrower') AND person_id = $2 AND id = $3";
pub(crate) const END_OTHERS: &str = "DELETE FROM web_session WHERE org_id = $1 \
     AND subject IN ('staff', 'setup', 'borrower') AND person_id = $2 AND id <> $3";
pub(crate) const END_OF_ORG: &str = "DELETE FROM web_session WHERE org_id = $1";
pub(crate) const SWEEP: &str = "DELETE FROM web_session WHERE token_hash IN (SELECT token_hash \
     FROM web_session WHERE expires_at_us <= $1 ORDER BY expires_at_us LIMIT $2)";

/// A session as stored.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// Names it in lists; says nothing about the cookie.
    pub id: String,
    /// Which kind of person it belongs to.
    pub subject: Subject,
    /// Whose person: a borrower's is the lender of the family.
    pub org_id: RowId,
    /// The person.
    pub person_id: RowId,
    /// How it began.
    pub way: Way,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used, to the minute.
    pub seen_at: Instant,
    /// When it ends whatever happens.
    pub expires_at: Instant,
    /// Where from, as the browser's connection said.
    pub address: String,
    /// What the browser called itself.
    pub browser: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    subject: String,
    org_id: String,
    person_id: String,
    way: String,
    created_at_us: i64,
    seen_at_us: i64,
    expires_at_us: i64,
    address: String,
    browser: String,
}

impl Row {
    fn read(self) -> Result<StoredSession, Fault> {
        let stands = At {
            table: "web_session",
            id: &self.id,
        };
        Ok(StoredSession {
            subject: stands.word("subject", &self.subject, Subject::parse)?,
            way: stands.word("way", &self.way, Way::parse)?,
            org_id: row_id(self.org_id),
            person_id: row_id(self.person_id),
            created_at: at(self.created_at_us),
            seen_at: at(self.seen_at_us),
            expires_at: at(self.expires_at_us),
            address: self.address,
            browser: self.browser,
            id: self.id,
        })
    }
}

/// Stores a session under the hash of its cookie, and ends the person's oldest beyond `keep`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    token_hash: &[u8],
    new: &StoredSession,
    keep: u32,
) -> Result<(), Fault> {
    let (org, person) = (new.org_id.as_str(), new.person_id.as_str());
    let args = vals![
        token_hash,
        &new.id,
        new.subject.as_str(),
        org,
        person,
        new.way.as_str(),
        new.created_at.micros(),
        new.expires_at.micros(),
        &new.address,
        &new.browser,
    ];
    tx.exec(INSERT, args).await?;
    tx.exec(TRIM, vals![org, new.subject.as_str(), person, keep])
        .await?;
    Ok(())
}

/// Finds a living session of an active organisation: not past its end, and seen after `seen_after`,
/// but for those within a set-up, which may rest as long as they live.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn look(
    db: &Db,
    token_hash: &[u8],
    now: Instant,
    seen_after: Instant,
) -> Result<Option<StoredSession>, Fault> {
    let args = vals![token_hash, now.micros(), seen_after.micros()];
    let row: Option<Row> = db.maybe(LOOK, args).await?;
    row.map(Row::read).transpose()
}

/// Notes that a session was used.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn touch_in(tx: &mut Tx, token_hash: &[u8], now: Instant) -> Result<(), Fault> {
    tx.exec(TOUCH, vals![token_hash, now.micros()]).await?;
    Ok(())
}

/// The living sessions of a member of staff, last used first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(
    db: &Db,
    org_id: &RowId,
    person_id: &RowId,
    now: Instant,
    seen_after: Instant,
) -> Result<Vec<StoredSession>, Fault> {
    let args = vals![
        org_id.as_str(),
        person_id.as_str(),
        now.micros(),
        seen_after.micros()
    ];
    let rows: Vec<Row> = db.all(LIST, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Ends a session; what it was, when there was one.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_in(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<StoredSession>, Fault> {
    let row: Option<Row> = tx.maybe(END, vals![token_hash]).await?;
    row.map(Row::read).transpose()
}

/// Ends one session of a person, named by its id; `false` when there is none such.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_one_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    id: &str,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str(), id];
    Ok(tx.exec(END_ONE, args).await? == 1)
}

/// Ends a person's sessions but the one named; how many there were.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_others_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    keep: Option<&str>,
) -> Result<u64, Fault> {
    // No session has an empty id.
    let args = vals![org_id.as_str(), person_id.as_str(), keep.unwrap_or("")];
    tx.exec(END_OTHERS, args).await
}

/// Ends every session of an organisation's people; how many there were.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_all_of_org_in(tx: &mut Tx, org_id: &RowId) -> Result<u64, Fault> {
    tx.exec(END_OF_ORG, vals![org_id.as_str()]).await
}

/// Forgets sessions past their end, the oldest first; how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(tx: &mut Tx, now: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(SWEEP, vals![now.micros(), limit]).await
}
