//! Papers the bank made, as they were given out. Their bytes lie in the blob store.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO credit_paper (org_id, id, subject_id, kind, byte_len, \
     content_hash, handle, content_key, created_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const OF: &str = "SELECT id, subject_id, kind, byte_len, content_hash, handle, content_key, \
     created_at_us FROM credit_paper WHERE org_id = $1 AND subject_id = $2 AND kind = $3 \
     ORDER BY id DESC LIMIT 1";

/// A paper the bank made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSheet {
    /// Row id.
    pub id: RowId,
    /// The proposal it belongs to.
    pub subject_id: RowId,
    /// `fine` or `letter`.
    pub kind: String,
    /// Bytes of it.
    pub byte_len: u64,
    /// SHA-256 of its bytes.
    pub content_hash: Vec<u8>,
    /// Where its bytes lie.
    pub handle: String,
    /// The key they are sealed with, sealed.
    pub content_key: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
}

#[derive(FromRow)]
struct Row {
    id: String,
    subject_id: String,
    kind: String,
    byte_len: i64,
    content_hash: Vec<u8>,
    handle: String,
    content_key: Vec<u8>,
    created_at_us: i64,
}

impl Row {
    fn read(self) -> Result<StoredSheet, Fault> {
        let place = At {
            table: "credit_paper",
            id: &self.id,
        };
        let len: u32 = place.count("byte_len", self.byte_len)?;
        Ok(StoredSheet {
            byte_len: u64::from(len),
            subject_id: row_id(self.subject_id),
            kind: self.kind,
            content_hash: self.content_hash,
            handle: self.handle,
            content_key: self.content_key,
            created_at: at(self.created_at_us),
            id: row_id(self.id),
        })
    }
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("credit_paper.insert", INSERT.to_owned()),
        ("credit_paper.of", OF.to_owned()),
    ]
}

/// Adds a paper.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_sheet_in(tx: &mut Tx, org_id: &RowId, new: &StoredSheet) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        new.id.as_str(),
        new.subject_id.as_str(),
        &new.kind,
        i64::try_from(new.byte_len).unwrap_or(i64::MAX),
        new.content_hash.clone(),
        &new.handle,
        new.content_key.clone(),
        new.created_at.micros(),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// The newest paper of a kind.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sheet(
    db: &Db,
    org_id: &RowId,
    subject_id: &RowId,
    kind: &str,
) -> Result<Option<StoredSheet>, Fault> {
    let args = vals![org_id.as_str(), subject_id.as_str(), kind];
    let row: Option<Row> = db.maybe(OF, args).await?;
    row.map(Row::read).transpose()
}

/// As [`sheet`], in a transaction.
///
/// # Errors
/// As [`sheet`].
#[boxed]
pub async fn sheet_in(
    tx: &mut Tx,
    org_id: &RowId,
    subject_id: &RowId,
    kind: &str,
) -> Result<Option<StoredSheet>, Fault> {
    let args = vals![org_id.as_str(), subject_id.as_str(), kind];
    let row: Option<Row> = tx.maybe(OF, args).await?;
    row.map(Row::read).transpose()
}
