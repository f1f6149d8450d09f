//! Borrowers of processes. What is known of them is sealed; the caller has the process locked.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO process_borrower (org_id, id, process_id, position, is_key, \
     name_folded, nif_hash, facts, revision, created_at_us, updated_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const UPDATE: &str = "UPDATE process_borrower SET is_key = $3, name_folded = $4, nif_hash = $5, \
     facts = $6, revision = $7, updated_at_us = $8 WHERE org_id = $1 AND id = $2";
const DELETE: &str = "DELETE FROM process_borrower WHERE org_id = $1 AND id = $2";
const OF_PROCESS: &str = "SELECT org_id, id, process_id, position, is_key, name_folded, nif_hash, \
     facts, revision, created_at_us, updated_at_us FROM process_borrower \
     WHERE org_id = $1 AND process_id = $2 ORDER BY position, id";

/// A borrower as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBorrower {
    /// The bank.
    pub org_id: RowId,
    /// Row id, which partners see.
    pub id: RowId,
    /// Its process.
    pub process_id: RowId,
    /// Its place; grows, with gaps.
    pub position: i64,
    /// Whether it is the key borrower.
    pub is_key: bool,
    /// The name as it is searched for.
    pub name_folded: String,
    /// A keyed hash of the NIF.
    pub nif_hash: Option<Vec<u8>>,
    /// What is known, sealed.
    pub facts: Vec<u8>,
    /// Counts its changes.
    pub revision: i64,
    /// When it was added.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    process_id: String,
    position: i64,
    is_key: bool,
    name_folded: String,
    nif_hash: Option<Vec<u8>>,
    facts: Vec<u8>,
    revision: i64,
    created_at_us: i64,
    updated_at_us: i64,
}

impl Row {
    fn read(self) -> StoredBorrower {
        StoredBorrower {
            org_id: row_id(self.org_id),
            id: row_id(self.id),
            process_id: row_id(self.process_id),
            position: self.position,
            is_key: self.is_key,
            name_folded: self.name_folded,
            nif_hash: self.nif_hash,
            facts: self.facts,
            revision: self.revision,
            created_at: at(self.created_at_us),
            updated_at: at(self.updated_at_us),
        }
    }
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("process_borrower.insert", INSERT.to_owned()),
        ("process_borrower.update", UPDATE.to_owned()),
        ("process_borrower.delete", DELETE.to_owned()),
        ("process_borrower.of_process", OF_PROCESS.to_owned()),
    ]
}

/// Adds a borrower.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_borrower_in(tx: &mut Tx, borrower: &StoredBorrower) -> Result<(), Fault> {
    let args = vals![
        borrower.org_id.as_str(),
        borrower.id.as_str(),
        borrower.process_id.as_str(),
        borrower.position,
        borrower.is_key,
        &borrower.name_folded,
        borrower.nif_hash.clone(),
        borrower.facts.clone(),
        borrower.revision,
        borrower.created_at.micros(),
        borrower.updated_at.micros(),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Writes what can change of a borrower.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_borrower_in(tx: &mut Tx, borrower: &StoredBorrower) -> Result<(), Fault> {
    let args = vals![
        borrower.org_id.as_str(),
        borrower.id.as_str(),
        borrower.is_key,
        &borrower.name_folded,
        borrower.nif_hash.clone(),
        borrower.facts.clone(),
        borrower.revision,
        borrower.updated_at.micros(),
    ];
    tx.exec(UPDATE, args).await.map(|_| ())
}

/// Removes a borrower.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn delete_borrower_in(tx: &mut Tx, borrower: &StoredBorrower) -> Result<(), Fault> {
    let args = vals![borrower.org_id.as_str(), borrower.id.as_str()];
    tx.exec(DELETE, args).await.map(|_| ())
}

/// The borrowers of a process, in their order.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn borrowers(
    db: &Db,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredBorrower>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let rows: Vec<Row> = db.all(OF_PROCESS, args).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// As [`borrowers`], in a transaction.
///
/// # Errors
/// As [`borrowers`].
#[boxed]
pub async fn borrowers_in(
    tx: &mut Tx,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredBorrower>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let rows: Vec<Row> = tx.all(OF_PROCESS, args).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// One borrower of a process.
///
/// # Errors
/// Corrupt when it is not there; any fault of the database.
#[boxed]
pub async fn borrower_in(
    tx: &mut Tx,
    org_id: &RowId,
    (process_id, id): (&RowId, &RowId),
) -> Result<StoredBorrower, Fault> {
    let place = At {
        table: "process_borrower",
        id: id.as_str(),
    };
    let all = borrowers_in(tx, org_id, process_id).await?;
    place.need("id", all.into_iter().find(|borrower| borrower.id == *id))
}
