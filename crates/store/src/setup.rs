//! How far the set-up of a broker has come.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::setup::{Setup, SetupStep};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const LOAD: &str = "SELECT started_by, started_at_us, step, completed_at_us \
     FROM organisation_setup WHERE org_id = $1";
pub(crate) const INSERT: &str = "INSERT INTO organisation_setup (org_id, started_by, \
     started_at_us, step, completed_at_us) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
pub(crate) const SET_STEP: &str = "UPDATE organisation_setup SET step = $2 WHERE org_id = $1 \
     AND completed_at_us IS NULL";
pub(crate) const COMPLETE: &str = "UPDATE organisation_setup SET completed_at_us = $2 \
     WHERE org_id = $1 AND completed_at_us IS NULL";

pub(crate) const SENT: &str =
    "SELECT company_sent_hash, people_sent_hash FROM organisation_setup WHERE org_id = $1";
pub(crate) const SET_SENT: &str = "UPDATE organisation_setup SET company_sent_hash = $2, \
     people_sent_hash = $3 WHERE org_id = $1";

#[derive(FromRow)]
struct Row {
    started_by: String,
    started_at_us: i64,
    step: String,
    completed_at_us: Option<i64>,
}

impl Row {
    fn read(self, org_id: &RowId) -> Result<Setup, Fault> {
        let place = At {
            table: "organisation_setup",
            id: org_id.as_str(),
        };
        Ok(Setup {
            started_by: row_id(self.started_by),
            started_at: at(self.started_at_us),
            step: place.word("step", &self.step, SetupStep::parse)?,
            completed_at: self.completed_at_us.map(at),
        })
    }
}

/// How far an organisation's set-up has come; `None` when it never had one.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId) -> Result<Option<Setup>, Fault> {
    let row: Option<Row> = db.maybe(LOAD, vals![org_id.as_str()]).await?;
    row.map(|row| row.read(org_id)).transpose()
}

/// As [`load`], within a transaction.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_in(tx: &mut Tx, org_id: &RowId) -> Result<Option<Setup>, Fault> {
    let row: Option<Row> = tx.maybe(LOAD, vals![org_id.as_str()]).await?;
    row.map(|row| row.read(org_id)).transpose()
}

/// Starts a set-up; `false` when there is one already.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, org_id: &RowId, setup: &Setup) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        setup.started_by.as_str(),
        setup.started_at.micros(),
        setup.step.as_str(),
        setup.completed_at.map(Instant::micros),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Moves a set-up that is not done to a step; `false` when it is done or there is none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_step_in(tx: &mut Tx, org_id: &RowId, step: SetupStep) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), step.as_str()];
    Ok(tx.exec(SET_STEP, args).await? == 1)
}

/// Says that a set-up is done; `false` when it was before or there is none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn complete_in(tx: &mut Tx, org_id: &RowId, now: Instant) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), now.micros()];
    Ok(tx.exec(COMPLETE, args).await? == 1)
}

/// Keyed hashes of what a lender sent last about one of its brokers.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Sent {
    /// Of the company.
    #[row(name = "company_sent_hash")]
    pub company: Option<Vec<u8>>,
    /// Of the people.
    #[row(name = "people_sent_hash")]
    pub people: Option<Vec<u8>>,
}

/// What was sent last; nothing when there is no set-up, or it was not made by sending.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sent_in(tx: &mut Tx, org_id: &RowId) -> Result<Sent, Fault> {
    let row: Option<Sent> = tx.maybe(SENT, vals![org_id.as_str()]).await?;
    Ok(row.unwrap_or_default())
}

/// Notes what was sent.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_sent_in(tx: &mut Tx, org_id: &RowId, sent: &Sent) -> Result<(), Fault> {
    let args = vals![org_id.as_str(), sent.company.clone(), sent.people.clone()];
    tx.exec(SET_SENT, args).await.map(|_| ())
}
