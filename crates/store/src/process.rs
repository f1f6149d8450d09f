//! Processes: the head of each, and below it borrowers, property, papers and what the bank asked for.
//!
//! The head is locked first by whatever changes something of a process, so everything below it stands
//! still meanwhile.

mod borrower;
mod document;
mod list;
mod property;
mod request;

pub use borrower::{
    StoredBorrower, borrower_in, borrowers, borrowers_in, delete_borrower_in, insert_borrower_in,
    update_borrower_in,
};
pub use document::{
    HeldPapers, StoredPaper, delete_document_in, document, document_in, documents, documents_in,
    held_documents, held_documents_in, insert_document_in, update_document_in,
};
use lintel_macros::FromRow;
use lintel_macros::boxed;
pub use list::{ListFilter, QueueFilter, count, list, queue, queue_count};
pub use property::{StoredProperty, insert_property_in, property, property_in, update_property_in};
pub use request::{
    StoredRequest, close_request_in, insert_request_in, reopen_request_in, requests, requests_in,
};

use lintel_domain::id::{Instant, RowId};
use lintel_domain::process::ProcessStatus;

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO process (org_id, id, intermediary_id, user_id, simulation_id, \
     number, status, status_at_us, created_at_us, last_action_at_us, valid_until_us, revision, \
     branch_id, branch_folded, offer_id, terms, answer, fine_at_us, submitted_at_us, analyst_id, \
     cancel_reason_id, decline_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
     $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
/// An update that changes nothing is a lock both databases have.
const LOCK: &str = "UPDATE process SET revision = revision WHERE org_id = $1 AND id = $2 \
     AND ($3 = '' OR intermediary_id = $3)";
const SAVE: &str = "UPDATE process SET status = $3, status_at_us = $4, last_action_at_us = $5, \
     valid_until_us = $6, revision = $7, branch_id = $8, branch_folded = $9, offer_id = $10, \
     terms = $11, fine_at_us = $12, submitted_at_us = $13, analyst_id = $14, \
     cancel_reason_id = $15, decline_reason = $16 WHERE org_id = $1 AND id = $2";
const ANSWER: &str = "SELECT answer FROM process WHERE org_id = $1 AND id = $2";
const SET_ANSWER: &str = "UPDATE process SET answer = $3 WHERE org_id = $1 AND id = $2";
const COLUMNS: &str = "p.org_id, p.id, p.intermediary_id, p.user_id, p.simulation_id, \
     s.number AS simulation_number, p.number, p.status, p.status_at_us, p.created_at_us, \
     p.last_action_at_us, p.valid_until_us, p.revision, p.branch_id, p.branch_folded, p.offer_id, \
     p.terms, p.fine_at_us, p.submitted_at_us, p.analyst_id, p.cancel_reason_id, p.decline_reason";
const FROM: &str = "FROM process p \
     JOIN simulation s ON s.org_id = p.org_id AND s.id = p.simulation_id";

/// The head of a process, without what was worked out for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProcess {
    /// The bank.
    pub org_id: RowId,
    /// Row id, which partners see.
    pub id: RowId,
    /// Whose it is.
    pub intermediary_id: RowId,
    /// The user who opened it.
    pub user_id: RowId,
    /// The simulation it was made from.
    pub simulation_id: RowId,
    /// That simulation's number. Read only.
    pub simulation_number: i64,
    /// Its number at the bank.
    pub number: i64,
    /// How it stands.
    pub status: ProcessStatus,
    /// Since when.
    pub status_at: Instant,
    /// When it was opened.
    pub created_at: Instant,
    /// When somebody last did something with it.
    pub last_action_at: Instant,
    /// Until when what was worked out stands.
    pub valid_until: Instant,
    /// Counts its changes, those of everything below it included.
    pub revision: i64,
    /// The branch.
    pub branch_id: Option<u32>,
    /// The branch's name as it is searched for.
    pub branch_folded: String,
    /// The version of the bank's offer it was worked out with.
    pub offer_id: RowId,
    /// What is asked, without borrowers and property, as JSON.
    pub terms: String,
    /// When the information sheet of these very terms was given out.
    pub fine_at: Option<Instant>,
    /// When it was handed to the bank.
    pub submitted_at: Option<Instant>,
    /// Who at the bank took it on.
    pub analyst_id: Option<RowId>,
    /// Why it was cancelled.
    pub cancel_reason_id: Option<u32>,
    /// Why it was declined.
    pub decline_reason: Option<String>,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    intermediary_id: String,
    user_id: String,
    simulation_id: String,
    simulation_number: i64,
    number: i64,
    status: String,
    status_at_us: i64,
    created_at_us: i64,
    last_action_at_us: i64,
    valid_until_us: i64,
    revision: i64,
    branch_id: Option<i64>,
    branch_folded: String,
    offer_id: String,
    terms: String,
    fine_at_us: Option<i64>,
    submitted_at_us: Option<i64>,
    analyst_id: Option<String>,
    cancel_reason_id: Option<i64>,
    decline_reason: Option<String>,
}

impl Row {
    fn read(self) -> Result<StoredProcess, Fault> {
        let place = At {
            table: "process",
            id: &self.id,
        };
        let count = |column, value: Option<i64>| value.map(|v| place.count(column, v)).transpose();
        Ok(StoredProcess {
            status: place.word("status", &self.status, ProcessStatus::parse)?,
            branch_id: count("branch_id", self.branch_id)?,
            cancel_reason_id: count("cancel_reason_id", self.cancel_reason_id)?,
            org_id: row_id(self.org_id),
            intermediary_id: row_id(self.intermediary_id),
            user_id: row_id(self.user_id),
            simulation_id: row_id(self.simulation_id),
            simulation_number: self.simulation_number,
            number: self.number,
            status_at: at(self.status_at_us),
            created_at: at(self.created_at_us),
            last_action_at: at(self.last_action_at_us),
            valid_until: at(self.valid_until_us),
            revision: self.revision,
            branch_folded: self.branch_folded,
            offer_id: row_id(self.offer_id),
            terms: self.terms,
            fine_at: self.fine_at_us.map(at),
            submitted_at: self.submitted_at_us.map(at),
            analyst_id: self.analyst_id.map(row_id),
            decline_reason: self.decline_reason,
            id: row_id(self.id),
        })
    }
}

fn one_sql() -> String {
    format!(
        "SELECT {COLUMNS} {FROM} WHERE p.org_id = $1 AND p.id = $2 \
         AND ($3 = '' OR p.intermediary_id = $3)"
    )
}

fn of_simulation_sql() -> String {
    format!("SELECT {COLUMNS} {FROM} WHERE p.org_id = $1 AND p.simulation_id = $2")
}

/// The statements of this file and its parts, for the list of all of them.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("process.insert", INSERT.to_owned()),
        ("process.lock", LOCK.to_owned()),
        ("process.save", SAVE.to_owned()),
        ("process.answer", ANSWER.to_owned()),
        ("process.set_answer", SET_ANSWER.to_owned()),
        ("process.one", one_sql()),
        ("process.of_simulation", of_simulation_sql()),
    ];
    all.extend(list::statements());
    all.extend(borrower::statements());
    all.extend(property::statements());
    all.extend(document::statements());
    all.extend(request::statements());
    all
}

fn number(value: Option<u32>) -> Option<i64> {
    value.map(i64::from)
}

/// Adds a process with what was worked out for it, as JSON.
///
/// # Errors
/// Any fault of the database; a simulation has one process at most.
#[boxed]
pub async fn insert_in(tx: &mut Tx, process: &StoredProcess, answer: &str) -> Result<(), Fault> {
    let args = vals![
        process.org_id.as_str(),
        process.id.as_str(),
        process.intermediary_id.as_str(),
        process.user_id.as_str(),
        process.simulation_id.as_str(),
        process.number,
        process.status.as_str(),
        process.status_at.micros(),
        process.created_at.micros(),
        process.last_action_at.micros(),
        process.valid_until.micros(),
        process.revision,
        number(process.branch_id),
        &process.branch_folded,
        process.offer_id.as_str(),
        &process.terms,
        answer,
        process.fine_at.map(Instant::micros),
        process.submitted_at.map(Instant::micros),
        process.analyst_id.as_ref().map(RowId::as_str),
        number(process.cancel_reason_id),
        process.decline_reason.clone(),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Writes everything of a head that can change. The caller has locked it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn save_in(tx: &mut Tx, process: &StoredProcess) -> Result<(), Fault> {
    let args = vals![
        process.org_id.as_str(),
        process.id.as_str(),
        process.status.as_str(),
        process.status_at.micros(),
        process.last_action_at.micros(),
        process.valid_until.micros(),
        process.revision,
        number(process.branch_id),
        &process.branch_folded,
        process.offer_id.as_str(),
        &process.terms,
        process.fine_at.map(Instant::micros),
        process.submitted_at.map(Instant::micros),
        process.analyst_id.as_ref().map(RowId::as_str),
        number(process.cancel_reason_id),
        process.decline_reason.clone(),
    ];
    tx.exec(SAVE, args).await.map(|_| ())
}

/// Whose process is looked for: one intermediary's, or any of the bank's.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// The intermediary; `None` for the bank itself.
    pub intermediary_id: Option<&'a RowId>,
}

impl Whose<'_> {
    fn args(&self, id: &RowId) -> Vec<Val> {
        let intermediary = self.intermediary_id.map_or("", RowId::as_str);
        vals![self.org_id.as_str(), id.as_str(), intermediary]
    }
}

/// A process, if it is theirs.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(db: &Db, whose: Whose<'_>, id: &RowId) -> Result<Option<StoredProcess>, Fault> {
    let row: Option<Row> = db.maybe(&one_sql(), whose.args(id)).await?;
    row.map(Row::read).transpose()
}

/// A process, if it is theirs, held until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(
    tx: &mut Tx,
    whose: Whose<'_>,
    id: &RowId,
) -> Result<Option<StoredProcess>, Fault> {
    if tx.exec(LOCK, whose.args(id)).await? == 0 {
        return Ok(None);
    }
    let row: Option<Row> = tx.maybe(&one_sql(), whose.args(id)).await?;
    row.map(Row::read).transpose()
}

/// The process made from a simulation. Whoever makes one has locked the simulation.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_simulation(
    db: &Db,
    org_id: &RowId,
    simulation_id: &RowId,
) -> Result<Option<StoredProcess>, Fault> {
    let args = vals![org_id.as_str(), simulation_id.as_str()];
    let row: Option<Row> = db.maybe(&of_simulation_sql(), args).await?;
    row.map(Row::read).transpose()
}

/// What was worked out for a process, as JSON.
///
/// # Errors
/// Any fault of the database; corrupt when there is no such process.
#[boxed]
pub async fn answer(db: &Db, process: &StoredProcess) -> Result<String, Fault> {
    let args = vals![process.org_id.as_str(), process.id.as_str()];
    let row: Option<(String,)> = db.maybe(ANSWER, args).await?;
    let gone = || Fault::corrupt("process", "answer", process.id.as_str());
    row.map(|(answer,)| answer).ok_or_else(gone)
}

/// As [`answer`], in a transaction.
///
/// # Errors
/// As [`answer`].
#[boxed]
pub async fn answer_in(tx: &mut Tx, process: &StoredProcess) -> Result<String, Fault> {
    let args = vals![process.org_id.as_str(), process.id.as_str()];
    let row: Option<(String,)> = tx.maybe(ANSWER, args).await?;
    let gone = || Fault::corrupt("process", "answer", process.id.as_str());
    row.map(|(answer,)| answer).ok_or_else(gone)
}

/// Writes what was worked out for a process.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_answer_in(
    tx: &mut Tx,
    process: &StoredProcess,
    answer: &str,
) -> Result<(), Fault> {
    let args = vals![process.org_id.as_str(), process.id.as_str(), answer];
    tx.exec(SET_ANSWER, args).await.map(|_| ())
}
