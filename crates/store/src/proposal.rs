//! Proposals: the bank's binding offers, and the decisions and papers that go with them.

mod bank;
mod decision;
mod paper;

pub use bank::{intermediary_name, set_settings_in, settings, settings_in};
pub use decision::{
    StoredDecision, close_decision_in, decisions, insert_decision_in, open_decision_in,
};
use lintel_macros::FromRow;
use lintel_macros::boxed;
pub use paper::{StoredSheet, insert_sheet_in, sheet, sheet_in};

use lintel_domain::id::{Instant, RowId};
use lintel_domain::proposal::ProposalStatus;

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::process::Whose;
use crate::row::{At, at, row_id};
use crate::stretch::{Step, Stretch, Ways};
use crate::vals;

const INSERT: &str = "INSERT INTO proposal (org_id, id, intermediary_id, process_id, number, \
     status, status_at_us, issued_at_us, valid_until_us, revision, conditions, terms, answer, \
     cancel_reason_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
/// An update that changes nothing is a lock both databases have.
const LOCK: &str = "UPDATE proposal SET revision = revision WHERE org_id = $1 AND id = $2 \
     AND ($3 = '' OR intermediary_id = $3)";
const SAVE: &str = "UPDATE proposal SET status = $3, status_at_us = $4, revision = $5, \
     cancel_reason_id = $6 WHERE org_id = $1 AND id = $2";
const ANSWER: &str = "SELECT answer FROM proposal WHERE org_id = $1 AND id = $2";
const COLUMNS: &str = "p.org_id, p.id, p.intermediary_id, p.process_id, p.number, p.status, \
     p.status_at_us, p.issued_at_us, p.valid_until_us, p.revision, p.conditions, p.terms, \
     p.cancel_reason_id, c.number AS process_number";
const FROM: &str = "FROM proposal p \
     JOIN process c ON c.org_id = p.org_id AND c.id = p.process_id";
/// What is looked for: $1 to $7. An open one whose days are over counts as expired since then: $7 is now.
const WHERE: &str = "WHERE p.org_id = $1 AND p.intermediary_id = $2 \
     AND ($3 = '' OR CASE WHEN p.status = 'issued' AND p.valid_until_us <= $7 THEN 'expired' \
     ELSE p.status END = $3) \
     AND CASE WHEN p.status = 'issued' AND p.valid_until_us <= $7 THEN p.valid_until_us \
     ELSE p.status_at_us END >= $4 \
     AND CASE WHEN p.status = 'issued' AND p.valid_until_us <= $7 THEN p.valid_until_us \
     ELSE p.status_at_us END < $5 AND ($6 = '' OR p.process_id = $6)";
const DUE: &str = "SELECT org_id, id FROM proposal WHERE status = 'issued' \
     AND valid_until_us <= $1 ORDER BY valid_until_us, org_id, id LIMIT $2";

/// A proposal, without what was worked out for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProposal {
    /// The bank.
    pub org_id: RowId,
    /// Row id, which partners see.
    pub id: RowId,
    /// Whose process it is for.
    pub intermediary_id: RowId,
    /// The process.
    pub process_id: RowId,
    /// That process's number. Read only.
    pub process_number: i64,
    /// Its number at the bank.
    pub number: i64,
    /// How it stands.
    pub status: ProposalStatus,
    /// Since when.
    pub status_at: Instant,
    /// When it was made.
    pub issued_at: Instant,
    /// The instant at which its days are over.
    pub valid_until: Instant,
    /// Counts its changes.
    pub revision: i64,
    /// Its conditions, as a JSON list of texts.
    pub conditions: String,
    /// What it offers, without borrowers and property, as JSON.
    pub terms: String,
    /// Why it was cancelled.
    pub cancel_reason_id: Option<u32>,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    intermediary_id: String,
    process_id: String,
    process_number: i64,
    number: i64,
    status: String,
    status_at_us: i64,
    issued_at_us: i64,
    valid_until_us: i64,
    revision: i64,
    conditions: String,
    terms: String,
    cancel_reason_id: Option<i64>,
}

impl Row {
    fn read(self) -> Result<StoredProposal, Fault> {
        let place = At {
            table: "proposal",
            id: &self.id,
        };
        let reason = self.cancel_reason_id;
        Ok(StoredProposal {
            status: place.word("status", &self.status, ProposalStatus::parse)?,
            cancel_reason_id: reason
                .map(|id| place.count("cancel_reason_id", id))
                .transpose()?,
            org_id: row_id(self.org_id),
            intermediary_id: row_id(self.intermediary_id),
            process_id: row_id(self.process_id),
            process_number: self.process_number,
            number: self.number,
            status_at: at(self.status_at_us),
            issued_at: at(self.issued_at_us),
            valid_until: at(self.valid_until_us),
            revision: self.revision,
            conditions: self.conditions,
            terms: self.terms,
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

fn of_process_sql() -> String {
    format!("SELECT {COLUMNS} {FROM} WHERE p.org_id = $1 AND p.process_id = $2 ORDER BY p.id DESC")
}

fn older_sql() -> String {
    format!(
        "SELECT {COLUMNS} {FROM} {WHERE} AND ($8 = '' OR p.id < $8) ORDER BY p.id DESC LIMIT $9"
    )
}

fn newer_sql() -> String {
    format!("SELECT {COLUMNS} {FROM} {WHERE} AND p.id > $8 ORDER BY p.id LIMIT $9")
}

fn count_sql() -> String {
    format!("SELECT CAST(COUNT(*) AS BIGINT) FROM proposal p {WHERE}")
}

/// The statements of this file and its parts, for the list of all of them.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("proposal.insert", INSERT.to_owned()),
        ("proposal.lock", LOCK.to_owned()),
        ("proposal.save", SAVE.to_owned()),
        ("proposal.answer", ANSWER.to_owned()),
        ("proposal.due", DUE.to_owned()),
        ("proposal.one", one_sql()),
        ("proposal.of_process", of_process_sql()),
        ("proposal.older", older_sql()),
        ("proposal.newer", newer_sql()),
        ("proposal.count", count_sql()),
    ];
    all.extend(bank::statements());
    all.extend(decision::statements());
    all.extend(paper::statements());
    all
}

/// Adds a proposal with what was worked out for it, as JSON.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, new: &StoredProposal, answer: &str) -> Result<(), Fault> {
    let args = vals![
        new.org_id.as_str(),
        new.id.as_str(),
        new.intermediary_id.as_str(),
        new.process_id.as_str(),
        new.number,
        new.status.as_str(),
        new.status_at.micros(),
        new.issued_at.micros(),
        new.valid_until.micros(),
        new.revision,
        &new.conditions,
        &new.terms,
        answer,
        new.cancel_reason_id.map(i64::from),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Writes everything of a proposal that can change. The caller has locked it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn save_in(tx: &mut Tx, proposal: &StoredProposal) -> Result<(), Fault> {
    let args = vals![
        proposal.org_id.as_str(),
        proposal.id.as_str(),
        proposal.status.as_str(),
        proposal.status_at.micros(),
        proposal.revision,
        proposal.cancel_reason_id.map(i64::from),
    ];
    tx.exec(SAVE, args).await.map(|_| ())
}

fn whose_args(whose: Whose<'_>, id: &RowId) -> Vec<Val> {
    let intermediary = whose.intermediary_id.map_or("", RowId::as_str);
    vals![whose.org_id.as_str(), id.as_str(), intermediary]
}

/// A proposal, if it is theirs.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(db: &Db, whose: Whose<'_>, id: &RowId) -> Result<Option<StoredProposal>, Fault> {
    let row: Option<Row> = db.maybe(&one_sql(), whose_args(whose, id)).await?;
    row.map(Row::read).transpose()
}

/// A proposal, if it is theirs, held until the transaction ends. Its process is locked first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(
    tx: &mut Tx,
    whose: Whose<'_>,
    id: &RowId,
) -> Result<Option<StoredProposal>, Fault> {
    if tx.exec(LOCK, whose_args(whose, id)).await? == 0 {
        return Ok(None);
    }
    let row: Option<Row> = tx.maybe(&one_sql(), whose_args(whose, id)).await?;
    row.map(Row::read).transpose()
}

/// The proposals of a process, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_process(
    db: &Db,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredProposal>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let rows: Vec<Row> = db.all(&of_process_sql(), args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// As [`of_process`], in a transaction that has locked the process.
///
/// # Errors
/// As [`of_process`].
#[boxed]
pub async fn of_process_in(
    tx: &mut Tx,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredProposal>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let rows: Vec<Row> = tx.all(&of_process_sql(), args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// What was worked out for a proposal, as JSON.
///
/// # Errors
/// Any fault of the database; corrupt when there is no such proposal.
#[boxed]
pub async fn answer(db: &Db, proposal: &StoredProposal) -> Result<String, Fault> {
    let args = vals![proposal.org_id.as_str(), proposal.id.as_str()];
    let row: Option<(String,)> = db.maybe(ANSWER, args).await?;
    let gone = || Fault::corrupt("proposal", "answer", proposal.id.as_str());
    row.map(|(answer,)| answer).ok_or_else(gone)
}

/// What an intermediary looks for among its proposals.
#[derive(Debug, Clone)]
pub struct ListFilter<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// Whose.
    pub intermediary_id: &'a RowId,
    /// Standing so.
    pub status: Option<ProposalStatus>,
    /// Standing so since this instant or later.
    pub status_from: Option<Instant>,
    /// Standing so since before this instant.
    pub status_before: Option<Instant>,
    /// Of this process.
    pub process_id: Option<&'a RowId>,
    /// The present instant.
    pub now: Instant,
}

impl ListFilter<'_> {
    fn args(&self) -> Vec<Val> {
        vals![
            self.org_id.as_str(),
            self.intermediary_id.as_str(),
            self.status.map_or("", ProposalStatus::as_str),
            self.status_from.map_or(i64::MIN, Instant::micros),
            self.status_before.map_or(i64::MAX, Instant::micros),
            self.process_id.map_or("", RowId::as_str),
            self.now.micros(),
        ]
    }
}

/// A stretch of an intermediary's proposals, newest first.
///
/// # Errors
/// Any fault of the database; corrupt for a row that cannot be read.
#[boxed]
pub async fn list(
    db: &Db,
    filter: &ListFilter<'_>,
    step: Step<'_>,
    most: u32,
) -> Result<Stretch<StoredProposal>, Fault> {
    let ways = Ways {
        older: older_sql,
        newer: newer_sql,
    };
    ways.read(db, filter.args(), (step, most), Row::read).await
}

/// How many proposals the filter finds.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, filter: &ListFilter<'_>) -> Result<u64, Fault> {
    let row: Option<(i64,)> = db.maybe(&count_sql(), filter.args()).await?;
    Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
}

/// Open proposals whose days were over at `now`: bank and id, the longest over first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn due(db: &Db, now: Instant, limit: u32) -> Result<Vec<(RowId, RowId)>, Fault> {
    let rows: Vec<(String, String)> = db.all(DUE, vals![now.micros(), limit]).await?;
    Ok(rows
        .into_iter()
        .map(|(org, id)| (row_id(org), row_id(id)))
        .collect())
}
