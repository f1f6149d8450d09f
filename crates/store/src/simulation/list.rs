//! Listing an intermediary's simulations.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::simulation::SimulationStatus;
use lintel_engine::money::Cents;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Val};
use crate::fault::Fault;
use crate::row::{At, at, cents, row_id};
use crate::stretch::{Step, Stretch, Ways};
use crate::vals;

/// Most rows that are counted.
pub const TOTAL_MAX: i64 = 1_000_000;

/// One that is over stands as expired since the instant at which it was, whether or not that was written
/// down: `$3` is now. `$4` a status or nothing, `$5` and `$6` the instants its status is from, `$7` a
/// pattern or nothing, `$8` the keyed hash of a NIF or nothing.
const CONDITION: &str = "s.org_id = $1 AND s.intermediary_id = $2 \
     AND ($4 = '' OR $4 = CASE WHEN s.status = 'simulated' AND s.expires_at_us <= $3 \
     THEN 'expired' ELSE s.status END) \
     AND CASE WHEN s.status = 'simulated' AND s.expires_at_us <= $3 \
     THEN s.expires_at_us ELSE s.status_at_us END >= $5 \
     AND CASE WHEN s.status = 'simulated' AND s.expires_at_us <= $3 \
     THEN s.expires_at_us ELSE s.status_at_us END < $6 \
     AND ($7 = '' OR s.branch_folded LIKE $7 ESCAPE '!' OR EXISTS (SELECT 1 FROM \
     simulation_borrower b WHERE b.org_id = s.org_id AND b.simulation_id = s.id \
     AND (b.name_folded LIKE $7 ESCAPE '!' OR b.nif_hash = $8)))";
const COLUMNS: &str = "s.id, s.number, s.status, s.status_at_us, s.created_at_us, s.expires_at_us, \
     s.revision, s.branch_id, s.amount_cents, s.term_months, s.input, s.fine_at_us, s.process_id";

fn older_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM simulation s WHERE {CONDITION} AND ($9 = '' OR s.id < $9) \
         ORDER BY s.id DESC LIMIT $10"
    )
}

fn newer_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM simulation s WHERE {CONDITION} AND s.id > $9 ORDER BY s.id LIMIT $10"
    )
}

fn total_sql() -> String {
    format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM simulation s \
         WHERE {CONDITION} LIMIT $9) counted"
    )
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("simulation.older", older_sql()),
        ("simulation.newer", newer_sql()),
        ("simulation.total", total_sql()),
    ]
}

/// Which simulations to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Whose.
    pub intermediary_id: RowId,
    /// The present instant, which decides what is over.
    pub now: Instant,
    /// That stand so.
    pub status: Option<SimulationStatus>,
    /// That stand so since this instant or later.
    pub from: Instant,
    /// That stand so since before this instant.
    pub until: Instant,
    /// Pattern for a borrower's name or the branch, folded, with `!` before what means itself; empty for
    /// all.
    pub pattern: String,
    /// Keyed hash of a borrower's NIF.
    pub nif_hash: Option<Vec<u8>>,
}

impl Filter {
    fn args(&self, org_id: &RowId) -> Vec<Val> {
        vals![
            org_id.as_str(),
            self.intermediary_id.as_str(),
            self.now.micros(),
            self.status.map_or("", SimulationStatus::as_str),
            self.from.micros(),
            self.until.micros(),
            &self.pattern,
            self.nif_hash.clone(),
        ]
    }
}

/// A simulation of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Row id.
    pub id: RowId,
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
    /// Amount of credit.
    pub amount: Cents,
    /// Months to maturity.
    pub term_months: u32,
    /// What was asked, sealed.
    pub input: Vec<u8>,
    /// When an information sheet was first given out.
    pub fine_at: Option<Instant>,
    /// The process made from it.
    pub process_id: Option<RowId>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: i64,
    status: String,
    status_at_us: i64,
    created_at_us: i64,
    expires_at_us: i64,
    revision: i64,
    branch_id: Option<i64>,
    amount_cents: i64,
    term_months: i64,
    input: Vec<u8>,
    fine_at_us: Option<i64>,
    process_id: Option<String>,
}

impl Row {
    fn read(self) -> Result<Listed, Fault> {
        let place = At {
            table: "simulation",
            id: &self.id,
        };
        let branch_id = self.branch_id.map(|id| place.count("branch_id", id));
        Ok(Listed {
            status: place.word("status", &self.status, SimulationStatus::parse)?,
            branch_id: branch_id.transpose()?,
            term_months: place.count("term_months", self.term_months)?,
            number: self.number,
            status_at: at(self.status_at_us),
            created_at: at(self.created_at_us),
            expires_at: at(self.expires_at_us),
            revision: self.revision,
            amount: cents(self.amount_cents),
            input: self.input,
            fine_at: self.fine_at_us.map(at),
            process_id: self.process_id.map(row_id),
            id: row_id(self.id),
        })
    }
}

/// A stretch of an intermediary's simulations, newest first.
///
/// # Errors
/// Any fault of the database; corrupt for a row that cannot be read.
#[boxed]
pub async fn list(
    db: &Db,
    org_id: &RowId,
    filter: &Filter,
    step: Step<'_>,
    most: u32,
) -> Result<Stretch<Listed>, Fault> {
    let ways = Ways {
        older: older_sql,
        newer: newer_sql,
    };
    let args = filter.args(org_id);
    ways.read(db, args, (step, most), Row::read).await
}

/// How many simulations a filter finds: counted to a million.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn total(db: &Db, org_id: &RowId, filter: &Filter) -> Result<i64, Fault> {
    let mut args = filter.args(org_id);
    args.extend(vals![TOTAL_MAX]);
    let row: Option<(i64,)> = db.maybe(&total_sql(), args).await?;
    Ok(row.map_or(0, |(count,)| count))
}
