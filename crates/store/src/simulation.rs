//! Simulations of home loans, and what they are found by.

mod list;

use lintel_macros::FromRow;
use lintel_macros::boxed;
pub use list::{Filter, Listed, TOTAL_MAX, list, total};

use lintel_domain::id::{Instant, RowId};
use lintel_domain::simulation::SimulationStatus;
use lintel_engine::money::Cents;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, cents, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO simulation (org_id, id, intermediary_id, user_id, number, status, \
     status_at_us, created_at_us, expires_at_us, revision, branch_id, branch_folded, offer_id, \
     amount_cents, term_months, input, answer, fine_at_us, process_id) VALUES ($1, $2, $3, $4, $5, \
     $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, NULL, NULL)";
const INSERT_BORROWER: &str = "INSERT INTO simulation_borrower (org_id, simulation_id, position, \
     name_folded, nif_hash) VALUES ($1, $2, $3, $4, $5)";
const DROP_BORROWERS: &str =
    "DELETE FROM simulation_borrower WHERE org_id = $1 AND simulation_id = $2";
const BY_ID: &str = "SELECT id, intermediary_id, user_id, number, status, status_at_us, \
     created_at_us, expires_at_us, revision, branch_id, branch_folded, offer_id, amount_cents, \
     term_months, input, answer, fine_at_us, process_id FROM simulation \
     WHERE org_id = $1 AND intermediary_id = $2 AND id = $3";
/// An update that changes nothing is a lock both databases have.
const LOCK: &str = "UPDATE simulation SET status = status \
     WHERE org_id = $1 AND intermediary_id = $2 AND id = $3";
const UPDATE: &str = "UPDATE simulation SET revision = revision + 1, branch_id = $4, \
     branch_folded = $5, offer_id = $6, amount_cents = $7, term_months = $8, input = $9, \
     answer = $10, fine_at_us = NULL \
     WHERE org_id = $1 AND id = $2 AND revision = $3 AND status = 'simulated'";
const SET_STATUS: &str = "UPDATE simulation SET revision = revision + 1, status = $3, \
     status_at_us = $4, process_id = $5 WHERE org_id = $1 AND id = $2 AND status = 'simulated'";
const SET_FINE: &str = "UPDATE simulation SET fine_at_us = $3 \
     WHERE org_id = $1 AND id = $2 AND revision = $4 AND fine_at_us IS NULL";
const DUE: &str = "SELECT org_id, id, intermediary_id, number, expires_at_us FROM simulation \
     WHERE status = 'simulated' AND expires_at_us <= $1 ORDER BY expires_at_us, org_id, id LIMIT $2";

/// The statements of this file and its part, for the list of all of them.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("simulation.insert", INSERT.to_owned()),
        ("simulation.insert_borrower", INSERT_BORROWER.to_owned()),
        ("simulation.drop_borrowers", DROP_BORROWERS.to_owned()),
        ("simulation.by_id", BY_ID.to_owned()),
        ("simulation.lock", LOCK.to_owned()),
        ("simulation.update", UPDATE.to_owned()),
        ("simulation.set_status", SET_STATUS.to_owned()),
        ("simulation.set_fine", SET_FINE.to_owned()),
        ("simulation.due", DUE.to_owned()),
    ];
    all.extend(list::statements());
    all
}

/// A simulation as stored. Its status may be out of date: see `expires_at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSimulation {
    /// Row id; ids order by time.
    pub id: RowId,
    /// Whose it is.
    pub intermediary_id: RowId,
    /// The user who made it.
    pub user_id: RowId,
    /// The number people say.
    pub number: i64,
    /// How it stands; `Simulated` is `Expired` from `expires_at` on.
    pub status: SimulationStatus,
    /// Since when.
    pub status_at: Instant,
    /// When it was made.
    pub created_at: Instant,
    /// The first instant at which it is over.
    pub expires_at: Instant,
    /// Counts changes, from 1.
    pub revision: i64,
    /// Branch of the bank's offer.
    pub branch_id: Option<u32>,
    /// The branch's name, as it is searched.
    pub branch_folded: String,
    /// The version of the offer it was worked out from.
    pub offer_id: RowId,
    /// Amount of credit.
    pub amount: Cents,
    /// Months to maturity.
    pub term_months: u32,
    /// What was asked, sealed.
    pub input: Vec<u8>,
    /// What was worked out, as JSON without anything personal.
    pub answer: String,
    /// When an information sheet of these figures was first given out.
    pub fine_at: Option<Instant>,
    /// The process made from it.
    pub process_id: Option<RowId>,
}

/// What a borrower is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBy {
    /// Name, folded.
    pub name_folded: String,
    /// Keyed hash of the NIF.
    pub nif_hash: Option<Vec<u8>>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    intermediary_id: String,
    user_id: String,
    number: i64,
    status: String,
    status_at_us: i64,
    created_at_us: i64,
    expires_at_us: i64,
    revision: i64,
    branch_id: Option<i64>,
    branch_folded: String,
    offer_id: String,
    amount_cents: i64,
    term_months: i64,
    input: Vec<u8>,
    answer: String,
    fine_at_us: Option<i64>,
    process_id: Option<String>,
}

impl Row {
    fn read(self) -> Result<StoredSimulation, Fault> {
        let place = At {
            table: "simulation",
            id: &self.id,
        };
        let branch_id = self.branch_id.map(|id| place.count("branch_id", id));
        Ok(StoredSimulation {
            status: place.word("status", &self.status, SimulationStatus::parse)?,
            branch_id: branch_id.transpose()?,
            term_months: place.count("term_months", self.term_months)?,
            intermediary_id: row_id(self.intermediary_id),
            user_id: row_id(self.user_id),
            number: self.number,
            status_at: at(self.status_at_us),
            created_at: at(self.created_at_us),
            expires_at: at(self.expires_at_us),
            revision: self.revision,
            branch_folded: self.branch_folded,
            offer_id: row_id(self.offer_id),
            amount: cents(self.amount_cents),
            input: self.input,
            answer: self.answer,
            fine_at: self.fine_at_us.map(at),
            process_id: self.process_id.map(row_id),
            id: row_id(self.id),
        })
    }
}

/// Adds a simulation with what its borrowers are found by.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    org_id: &RowId,
    new: &StoredSimulation,
    borrowers: &[FoundBy],
) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        new.id.as_str(),
        new.intermediary_id.as_str(),
        new.user_id.as_str(),
        new.number,
        new.status.as_str(),
        new.status_at.micros(),
        new.created_at.micros(),
        new.expires_at.micros(),
        new.revision,
        new.branch_id.map(i64::from),
        &new.branch_folded,
        new.offer_id.as_str(),
        new.amount.get(),
        new.term_months,
        new.input.clone(),
        &new.answer,
    ];
    tx.exec(INSERT, args).await?;
    insert_borrowers_in(tx, org_id, &new.id, borrowers).await
}

async fn insert_borrowers_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    borrowers: &[FoundBy],
) -> Result<(), Fault> {
    for (position, borrower) in (0_i64..).zip(borrowers) {
        let args = vals![
            org_id.as_str(),
            id.as_str(),
            position,
            &borrower.name_folded,
            borrower.nif_hash.clone()
        ];
        tx.exec(INSERT_BORROWER, args).await?;
    }
    Ok(())
}

/// A simulation of an intermediary; any text may be an id.
///
/// # Errors
/// Any fault of the database; corrupt for a row that cannot be read.
#[boxed]
pub async fn by_id(
    db: &Db,
    org_id: &RowId,
    intermediary_id: &RowId,
    id: &str,
) -> Result<Option<StoredSimulation>, Fault> {
    let args = vals![org_id.as_str(), intermediary_id.as_str(), id];
    let row: Option<Row> = db.maybe(BY_ID, args).await?;
    row.map(Row::read).transpose()
}

/// A simulation of an intermediary, held until the transaction ends.
///
/// # Errors
/// As [`by_id`].
#[boxed]
pub async fn lock_in(
    tx: &mut Tx,
    org_id: &RowId,
    intermediary_id: &RowId,
    id: &str,
) -> Result<Option<StoredSimulation>, Fault> {
    let args = || vals![org_id.as_str(), intermediary_id.as_str(), id];
    if tx.exec(LOCK, args()).await? == 0 {
        return Ok(None);
    }
    let row: Option<Row> = tx.maybe(BY_ID, args()).await?;
    row.map(Row::read).transpose()
}

/// Writes what a changed simulation asks and comes to, and what it is found by; a sheet given out before is
/// of other figures. `false` when it stands otherwise than `changed.revision` says, or is not simulated.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_in(
    tx: &mut Tx,
    org_id: &RowId,
    changed: &StoredSimulation,
    borrowers: &[FoundBy],
) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        changed.id.as_str(),
        changed.revision,
        changed.branch_id.map(i64::from),
        &changed.branch_folded,
        changed.offer_id.as_str(),
        changed.amount.get(),
        changed.term_months,
        changed.input.clone(),
        &changed.answer,
    ];
    if tx.exec(UPDATE, args).await? == 0 {
        return Ok(false);
    }
    let args = vals![org_id.as_str(), changed.id.as_str()];
    tx.exec(DROP_BORROWERS, args).await?;
    insert_borrowers_in(tx, org_id, &changed.id, borrowers).await?;
    Ok(true)
}

/// Writes how a simulation stands that is simulated so far; `false` when it is not.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_status_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    (status, since): (SimulationStatus, Instant),
    process_id: Option<&RowId>,
) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        id.as_str(),
        status.as_str(),
        since.micros(),
        process_id.map(RowId::as_str),
    ];
    Ok(tx.exec(SET_STATUS, args).await? == 1)
}

/// Notes that an information sheet of a revision's figures was given out; `false` when that was noted
/// before, or the figures are others by now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_fine_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    revision: i64,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), id.as_str(), now.micros(), revision];
    Ok(tx.exec(SET_FINE, args).await? == 1)
}

/// A simulation whose days are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The bank.
    pub org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// Whose it is.
    pub intermediary_id: RowId,
    /// Its number.
    pub number: i64,
    /// The first instant at which it is over.
    pub expires_at: Instant,
}

#[derive(FromRow)]
struct DueRow {
    org_id: String,
    id: String,
    intermediary_id: String,
    number: i64,
    expires_at_us: i64,
}

/// Simulations whose days are over and that still stand as simulated, of all banks, the longest over first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn due(db: &Db, now: Instant, limit: u32) -> Result<Vec<Due>, Fault> {
    let rows: Vec<DueRow> = db.all(DUE, vals![now.micros(), limit]).await?;
    let read = |row: DueRow| Due {
        org_id: row_id(row.org_id),
        id: row_id(row.id),
        intermediary_id: row_id(row.intermediary_id),
        number: row.number,
        expires_at: at(row.expires_at_us),
    };
    Ok(rows.into_iter().map(read).collect())
}
