//! Papers of processes: facts here, bytes in the blob store. The caller has the process locked.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO process_document (org_id, id, process_id, borrower_id, \
     request_id, type_id, about, content_type, byte_len, content_hash, handle, content_key, \
     revision, created_by, created_at_us, updated_at_us, removed_at_us) VALUES ($1, $2, $3, $4, $5, \
     $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const UPDATE: &str = "UPDATE process_document SET borrower_id = $3, request_id = $4, type_id = $5, \
     about = $6, content_type = $7, byte_len = $8, content_hash = $9, handle = $10, \
     content_key = $11, revision = $12, updated_at_us = $13, removed_at_us = $14 \
     WHERE org_id = $1 AND id = $2";
/// Removed papers are not seen.
const OF_PROCESS: &str = "SELECT org_id, id, process_id, borrower_id, request_id, type_id, about, \
     content_type, byte_len, content_hash, handle, content_key, revision, created_by, \
     created_at_us, updated_at_us, removed_at_us FROM process_document \
     WHERE org_id = $1 AND process_id = $2 AND removed_at_us IS NULL AND ($3 = '' OR id = $3) \
     ORDER BY id";

const DELETE: &str = "DELETE FROM process_document WHERE org_id = $1 AND id = $2";
/// Those out of sight are counted too.
const HELD: &str = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(byte_len), 0) AS BIGINT) \
     FROM process_document WHERE org_id = $1 AND process_id = $2";

/// A paper as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPaper {
    /// The bank.
    pub org_id: RowId,
    /// Row id, which partners see.
    pub id: RowId,
    /// Its process.
    pub process_id: RowId,
    /// The borrower it is about.
    pub borrower_id: Option<RowId>,
    /// The request it answered.
    pub request_id: Option<RowId>,
    /// Its type.
    pub type_id: u32,
    /// Title, file name and observations, sealed.
    pub about: Vec<u8>,
    /// What its bytes are.
    pub content_type: String,
    /// How many plain bytes.
    pub byte_len: u64,
    /// Their SHA-256.
    pub content_hash: Vec<u8>,
    /// Where they lie, sealed. The last part of it is the id they were sealed for.
    pub handle: String,
    /// The key they are sealed with, sealed.
    pub content_key: Vec<u8>,
    /// Counts its changes.
    pub revision: i64,
    /// Who filed it, as the audit log names actors.
    pub created_by: String,
    /// When it was filed.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// When it was taken out of sight.
    pub removed_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    process_id: String,
    borrower_id: Option<String>,
    request_id: Option<String>,
    type_id: i64,
    about: Vec<u8>,
    content_type: String,
    byte_len: i64,
    content_hash: Vec<u8>,
    handle: String,
    content_key: Vec<u8>,
    revision: i64,
    created_by: String,
    created_at_us: i64,
    updated_at_us: i64,
    removed_at_us: Option<i64>,
}

impl Row {
    fn read(self) -> Result<StoredPaper, Fault> {
        let place = At {
            table: "process_document",
            id: &self.id,
        };
        Ok(StoredPaper {
            type_id: place.count("type_id", self.type_id)?,
            byte_len: place.need("byte_len", u64::try_from(self.byte_len).ok())?,
            org_id: row_id(self.org_id),
            process_id: row_id(self.process_id),
            borrower_id: self.borrower_id.map(row_id),
            request_id: self.request_id.map(row_id),
            about: self.about,
            content_type: self.content_type,
            content_hash: self.content_hash,
            handle: self.handle,
            content_key: self.content_key,
            revision: self.revision,
            created_by: self.created_by,
            created_at: at(self.created_at_us),
            updated_at: at(self.updated_at_us),
            removed_at: self.removed_at_us.map(at),
            id: row_id(self.id),
        })
    }
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("process_document.insert", INSERT.to_owned()),
        ("process_document.update", UPDATE.to_owned()),
        ("process_document.of_process", OF_PROCESS.to_owned()),
        ("process_document.delete", DELETE.to_owned()),
        ("process_document.held", HELD.to_owned()),
    ]
}

fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Files a paper.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_document_in(tx: &mut Tx, paper: &StoredPaper) -> Result<(), Fault> {
    let args = vals![
        paper.org_id.as_str(),
        paper.id.as_str(),
        paper.process_id.as_str(),
        paper.borrower_id.as_ref().map(RowId::as_str),
        paper.request_id.as_ref().map(RowId::as_str),
        paper.type_id,
        paper.about.clone(),
        &paper.content_type,
        length(paper.byte_len),
        paper.content_hash.clone(),
        &paper.handle,
        paper.content_key.clone(),
        paper.revision,
        &paper.created_by,
        paper.created_at.micros(),
        paper.updated_at.micros(),
        paper.removed_at.map(Instant::micros),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Writes what can change of a paper.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_document_in(tx: &mut Tx, paper: &StoredPaper) -> Result<(), Fault> {
    let args = vals![
        paper.org_id.as_str(),
        paper.id.as_str(),
        paper.borrower_id.as_ref().map(RowId::as_str),
        paper.request_id.as_ref().map(RowId::as_str),
        paper.type_id,
        paper.about.clone(),
        &paper.content_type,
        length(paper.byte_len),
        paper.content_hash.clone(),
        &paper.handle,
        paper.content_key.clone(),
        paper.revision,
        paper.updated_at.micros(),
        paper.removed_at.map(Instant::micros),
    ];
    tx.exec(UPDATE, args).await.map(|_| ())
}

/// Forgets a paper whose bytes are nobody's any more.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn delete_document_in(tx: &mut Tx, paper: &StoredPaper) -> Result<(), Fault> {
    let args = vals![paper.org_id.as_str(), paper.id.as_str()];
    tx.exec(DELETE, args).await.map(|_| ())
}

/// What is kept of a process's papers, those out of sight included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldPapers {
    /// How many.
    pub count: u64,
    /// How many plain bytes they are together.
    pub bytes: u64,
}

fn held(row: Option<(i64, i64)>) -> HeldPapers {
    let (count, bytes) = row.unwrap_or_default();
    HeldPapers {
        count: u64::try_from(count).unwrap_or(0),
        bytes: u64::try_from(bytes).unwrap_or(0),
    }
}

/// What is kept of a process's papers.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn held_documents(
    db: &Db,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<HeldPapers, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    Ok(held(db.maybe(HELD, args).await?))
}

/// As [`held_documents`], in a transaction.
///
/// # Errors
/// As [`held_documents`].
#[boxed]
pub async fn held_documents_in(
    tx: &mut Tx,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<HeldPapers, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    Ok(held(tx.maybe(HELD, args).await?))
}

/// The papers of a process that are in sight, oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn documents(
    db: &Db,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredPaper>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str(), ""];
    let rows: Vec<Row> = db.all(OF_PROCESS, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// As [`documents`], in a transaction.
///
/// # Errors
/// As [`documents`].
#[boxed]
pub async fn documents_in(
    tx: &mut Tx,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredPaper>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str(), ""];
    let rows: Vec<Row> = tx.all(OF_PROCESS, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// A paper of a process that is in sight.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn document(
    db: &Db,
    org_id: &RowId,
    (process_id, id): (&RowId, &RowId),
) -> Result<Option<StoredPaper>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str(), id.as_str()];
    let row: Option<Row> = db.maybe(OF_PROCESS, args).await?;
    row.map(Row::read).transpose()
}

/// As [`document`], in a transaction.
///
/// # Errors
/// As [`document`].
#[boxed]
pub async fn document_in(
    tx: &mut Tx,
    org_id: &RowId,
    (process_id, id): (&RowId, &RowId),
) -> Result<Option<StoredPaper>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str(), id.as_str()];
    let row: Option<Row> = tx.maybe(OF_PROCESS, args).await?;
    row.map(Row::read).transpose()
}
