//! Where a loan stands, and the words lenders have for it.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::loan::Status;
use lintel_domain::status::{Position, Step, Worded, Wording};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::At;
use crate::vals;

/// Counts as a change by somebody other than the importer.
pub(crate) const SET: &str = "UPDATE loan SET revision = revision + 1, modified_at_us = $3, \
     status_at_us = CASE WHEN system_main_status = $6 AND system_sub_status = $7 \
     THEN status_at_us ELSE $3 END, active = $4, lifecycle = $5, system_main_status = $6, \
     system_sub_status = $7, lender_main_status = $8, lender_sub_status = $9, \
     borrower_main_status = $10, borrower_sub_status = $11, closing_at_us = $12, \
     reached_step = $13, shelved_main_status = $14, shelved_sub_status = $15 \
     WHERE lender_org_id = $1 AND id = $2";
/// Beside a replacement, which writes the status itself.
pub(crate) const KEEP: &str = "UPDATE loan SET reached_step = $3, shelved_main_status = $4, \
     shelved_sub_status = $5 WHERE lender_org_id = $1 AND id = $2";
pub(crate) const WORDINGS: &str = "SELECT stage, step, lender_main, lender_sub, borrower_main, \
     borrower_sub FROM loan_status_wording WHERE org_id = $1 LIMIT 1000";
pub(crate) const PUT_WORDING: &str = "INSERT INTO loan_status_wording (org_id, stage, step, \
     lender_main, lender_sub, borrower_main, borrower_sub, updated_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, stage, step) DO UPDATE SET \
     lender_main = excluded.lender_main, lender_sub = excluded.lender_sub, \
     borrower_main = excluded.borrower_main, borrower_sub = excluded.borrower_sub, \
     updated_at_us = excluded.updated_at_us";
pub(crate) const REMOVE_WORDING: &str =
    "DELETE FROM loan_status_wording WHERE org_id = $1 AND stage = $2 AND step = $3";

/// Where a loan goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatus {
    /// Where it stands then, and what it may come back to.
    pub position: Position,
    /// That in everybody's words.
    pub words: Worded,
    /// When it closes, if that is known.
    pub closing_at: Option<Instant>,
}

/// Writes where a loan stands. The caller holds the loan's row.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    new: &NewStatus,
    now: Instant,
) -> Result<bool, Fault> {
    let system = new.position.step.status();
    let lifecycle = new.position.step.lifecycle();
    let shelved = new.position.shelved.map(Step::status);
    let (shelved_main, shelved_sub) = shelved.map(|s| (s.main, s.sub)).unzip();
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        now.micros(),
        lifecycle.is_active(),
        lifecycle.as_str(),
        system.main,
        system.sub,
        &new.words.lender.main,
        &new.words.lender.sub,
        &new.words.borrower.main,
        &new.words.borrower.sub,
        new.closing_at.map(Instant::micros),
        new.position.reached.map(|step| step.as_str()),
        shelved_main,
        shelved_sub,
    ];
    Ok(tx.exec(SET, args).await? == 1)
}

/// Writes what a loan may come back to, of a loan whose status a newer document changed. The caller
/// holds the loan's row.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn keep_position_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    position: Position,
) -> Result<(), Fault> {
    let shelved = position.shelved.map(Step::status);
    let (shelved_main, shelved_sub) = shelved.map(|s| (s.main, s.sub)).unzip();
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        position.reached.map(|step| step.as_str()),
        shelved_main,
        shelved_sub,
    ];
    tx.exec(KEEP, args).await.map(|_| ())
}

#[derive(FromRow)]
struct WordingRow {
    stage: String,
    step: String,
    lender_main: String,
    lender_sub: String,
    borrower_main: String,
    borrower_sub: String,
}

impl WordingRow {
    fn read(self, org_id: &RowId) -> Result<Wording, Fault> {
        let place = At {
            table: "loan_status_wording",
            id: org_id.as_str(),
        };
        let step = place.word("step", &self.step, Step::parse)?;
        if step.stage().as_str() != self.stage {
            return Err(Fault::corrupt(place.table, "stage", place.id));
        }
        let status = |main, sub| Status { main, sub };
        Ok(Wording {
            step,
            lender: status(self.lender_main, self.lender_sub),
            borrower: status(self.borrower_main, self.borrower_sub),
        })
    }
}

/// The words a lender has, in no order.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn wordings(db: &Db, org_id: &RowId) -> Result<Vec<Wording>, Fault> {
    let rows: Vec<WordingRow> = db.all(WORDINGS, vals![org_id.as_str()]).await?;
    rows.into_iter().map(|row| row.read(org_id)).collect()
}

/// As [`wordings`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn wordings_in(tx: &mut Tx, org_id: &RowId) -> Result<Vec<Wording>, Fault> {
    let rows: Vec<WordingRow> = tx.all(WORDINGS, vals![org_id.as_str()]).await?;
    rows.into_iter().map(|row| row.read(org_id)).collect()
}

/// Writes a lender's words for a step in place of those before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_wording_in(
    tx: &mut Tx,
    org_id: &RowId,
    wording: &Wording,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        wording.step.stage().as_str(),
        wording.step.as_str(),
        &wording.lender.main,
        &wording.lender.sub,
        &wording.borrower.main,
        &wording.borrower.sub,
        now.micros(),
    ];
    tx.exec(PUT_WORDING, args).await.map(|_| ())
}

/// Takes a lender's words for a step away; `false` when there were none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn remove_wording_in(tx: &mut Tx, org_id: &RowId, step: Step) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), step.stage().as_str(), step.as_str()];
    Ok(tx.exec(REMOVE_WORDING, args).await? == 1)
}
