//! Decisions: what one person at the bank decided, and what another made of it.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO process_decision (org_id, id, process_id, outcome, state, terms, \
     prepared_by, prepared_at_us, closed_by, closed_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const CLOSE: &str = "UPDATE process_decision SET state = $3, closed_by = $4, closed_at_us = $5 \
     WHERE org_id = $1 AND id = $2 AND state = 'open'";
const COLUMNS: &str = "id, process_id, outcome, state, terms, prepared_by, prepared_at_us, \
     closed_by, closed_at_us";

/// A decision. The caller's words for outcome and state; an open one waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDecision {
    /// Row id.
    pub id: RowId,
    /// The process.
    pub process_id: RowId,
    /// `approve` or `decline`.
    pub outcome: String,
    /// `open`, `confirmed` or `returned`.
    pub state: String,
    /// What was decided, as JSON without anything personal.
    pub terms: String,
    /// The staff member who decided.
    pub prepared_by: RowId,
    /// When.
    pub prepared_at: Instant,
    /// Who confirmed it or sent it back.
    pub closed_by: Option<RowId>,
    /// When.
    pub closed_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    process_id: String,
    outcome: String,
    state: String,
    terms: String,
    prepared_by: String,
    prepared_at_us: i64,
    closed_by: Option<String>,
    closed_at_us: Option<i64>,
}

impl From<Row> for StoredDecision {
    fn from(row: Row) -> Self {
        Self {
            id: row_id(row.id),
            process_id: row_id(row.process_id),
            outcome: row.outcome,
            state: row.state,
            terms: row.terms,
            prepared_by: row_id(row.prepared_by),
            prepared_at: at(row.prepared_at_us),
            closed_by: row.closed_by.map(row_id),
            closed_at: row.closed_at_us.map(at),
        }
    }
}

fn list_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM process_decision WHERE org_id = $1 AND process_id = $2 \
         ORDER BY id DESC LIMIT 100"
    )
}

fn open_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM process_decision WHERE org_id = $1 AND process_id = $2 \
         AND state = 'open' ORDER BY id DESC LIMIT 1"
    )
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("decision.insert", INSERT.to_owned()),
        ("decision.close", CLOSE.to_owned()),
        ("decision.list", list_sql()),
        ("decision.open", open_sql()),
    ]
}

/// Adds a decision. The caller has locked the process.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_decision_in(
    tx: &mut Tx,
    org_id: &RowId,
    new: &StoredDecision,
) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        new.id.as_str(),
        new.process_id.as_str(),
        &new.outcome,
        &new.state,
        &new.terms,
        new.prepared_by.as_str(),
        new.prepared_at.micros(),
        new.closed_by.as_ref().map(RowId::as_str),
        new.closed_at.map(Instant::micros),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Ends an open decision; false when it was not open.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn close_decision_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    state: &str,
    (by, now): (&RowId, Instant),
) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        id.as_str(),
        state,
        by.as_str(),
        now.micros()
    ];
    Ok(tx.exec(CLOSE, args).await? == 1)
}

/// The decisions of a process, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn decisions(
    db: &Db,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredDecision>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let rows: Vec<Row> = db.all(&list_sql(), args).await?;
    Ok(rows.into_iter().map(StoredDecision::from).collect())
}

/// The decision of a process that waits for a second person.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn open_decision_in(
    tx: &mut Tx,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Option<StoredDecision>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let row: Option<Row> = tx.maybe(&open_sql(), args).await?;
    Ok(row.map(StoredDecision::from))
}
