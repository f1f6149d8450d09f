//! The property of a process. What is known of it is sealed; the caller has the process locked.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO process_property (org_id, id, process_id, facts, revision, \
     updated_at_us) VALUES ($1, $2, $3, $4, $5, $6)";
const UPDATE: &str = "UPDATE process_property SET facts = $3, revision = $4, updated_at_us = $5 \
     WHERE org_id = $1 AND id = $2";
const OF_PROCESS: &str = "SELECT org_id, id, process_id, facts, revision, updated_at_us \
     FROM process_property WHERE org_id = $1 AND process_id = $2 ORDER BY id LIMIT 1";

/// A property as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProperty {
    /// The bank.
    pub org_id: RowId,
    /// Row id, which partners see.
    pub id: RowId,
    /// Its process.
    pub process_id: RowId,
    /// What is known, sealed.
    pub facts: Vec<u8>,
    /// Counts its changes.
    pub revision: i64,
    /// When it last changed.
    pub updated_at: Instant,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    process_id: String,
    facts: Vec<u8>,
    revision: i64,
    updated_at_us: i64,
}

impl Row {
    fn read(self) -> StoredProperty {
        StoredProperty {
            org_id: row_id(self.org_id),
            id: row_id(self.id),
            process_id: row_id(self.process_id),
            facts: self.facts,
            revision: self.revision,
            updated_at: at(self.updated_at_us),
        }
    }
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("process_property.insert", INSERT.to_owned()),
        ("process_property.update", UPDATE.to_owned()),
        ("process_property.of_process", OF_PROCESS.to_owned()),
    ]
}

/// Adds the property.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_property_in(tx: &mut Tx, property: &StoredProperty) -> Result<(), Fault> {
    let args = vals![
        property.org_id.as_str(),
        property.id.as_str(),
        property.process_id.as_str(),
        property.facts.clone(),
        property.revision,
        property.updated_at.micros(),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Writes what can change of a property.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_property_in(tx: &mut Tx, property: &StoredProperty) -> Result<(), Fault> {
    let args = vals![
        property.org_id.as_str(),
        property.id.as_str(),
        property.facts.clone(),
        property.revision,
        property.updated_at.micros(),
    ];
    tx.exec(UPDATE, args).await.map(|_| ())
}

fn needed(row: Option<Row>, process_id: &RowId) -> Result<StoredProperty, Fault> {
    let gone = || Fault::corrupt("process", "property", process_id.as_str());
    row.map(Row::read).ok_or_else(gone)
}

/// The property of a process: each has one.
///
/// # Errors
/// Corrupt when there is none; any fault of the database.
#[boxed]
pub async fn property(
    db: &Db,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<StoredProperty, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    needed(db.maybe(OF_PROCESS, args).await?, process_id)
}

/// As [`property`], in a transaction.
///
/// # Errors
/// As [`property`].
#[boxed]
pub async fn property_in(
    tx: &mut Tx,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<StoredProperty, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    needed(tx.maybe(OF_PROCESS, args).await?, process_id)
}
