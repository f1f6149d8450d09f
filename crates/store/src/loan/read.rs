//! One loan, looked up by its public id within what the caller may see.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::{Lifecycle, LoanLine, Status};
use lintel_domain::organisation::LoanScope;
use lintel_domain::status::{Position, Step};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use super::list::{COLUMNS, Row};
use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const VIEWS: &str = "SELECT seq, at_us, actor, kind, body FROM event \
     WHERE org_id = $1 AND kind = $2 AND subject = $3 ORDER BY seq DESC LIMIT $4";
pub(crate) const HISTORY: &str = "SELECT seq, at_us, actor, kind, body FROM event \
     WHERE org_id = $1 AND subject = $2 ORDER BY seq DESC LIMIT $3";

/// A loan's own facts beside those of its line in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanHead {
    /// Its line.
    pub line: LoanLine,
    /// Who originated it.
    pub org_id: RowId,
    /// Name of who originated it.
    pub org_name: String,
    /// The lender it is stored under.
    pub lender_id: RowId,
    /// Its number in the sender's loan origination system.
    pub los_loan_id: String,
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
    /// When it last changed.
    pub modified_at: Instant,
    /// How often it changed.
    pub revision: i64,
    /// Row id of its officer.
    pub officer_id: Option<RowId>,
    /// The status it goes back to when it is taken out of the archive; only while it is archived.
    pub shelved: Option<Status>,
    /// The last open step of a loan that ended.
    pub reached: Option<Step>,
}

impl LoanHead {
    /// Where the loan stands and what it may come back to.
    #[must_use]
    pub fn position(&self) -> Position {
        let lifecycle_of = |status: &Status| Lifecycle::from_status_text(&status.main);
        let shelved = self.shelved.as_ref();
        Position {
            reached: self.reached,
            shelved: shelved.map(|status| Position::of(status, lifecycle_of(status)).step),
            ..Position::of(&self.line.system_status, self.lifecycle)
        }
    }
}

/// An update that changes nothing is a lock both databases have. Nobody locks a stranger's row.
pub(crate) const LOCK: &str = "UPDATE loan SET revision = revision WHERE public_id = $1 \
     AND lender_org_id = $2 AND ($3 = '' OR org_id = $3)";
/// Clocks of several nodes differ: the mark never goes back.
pub(crate) const TOUCH: &str = "UPDATE loan SET modified_at_us = CASE WHEN modified_at_us < $3 \
     THEN $3 ELSE modified_at_us END WHERE lender_org_id = $1 AND id = $2";

#[derive(FromRow)]
struct HeadRow {
    #[row(flatten)]
    line: Row,
    org_id: String,
    lender_org_id: String,
    los_loan_id: String,
    lifecycle: String,
    modified_at_us: i64,
    revision: i64,
    shelved_main_status: Option<String>,
    shelved_sub_status: Option<String>,
    reached_step: Option<String>,
    org_name: String,
}

impl HeadRow {
    fn read(self, id: &PublicId) -> Result<LoanHead, Fault> {
        let place = At {
            table: "loan",
            id: id.as_str(),
        };
        Ok(LoanHead {
            lifecycle: place.word("lifecycle", &self.lifecycle, Lifecycle::parse)?,
            reached: place.maybe_word("reached_step", self.reached_step.as_deref(), Step::parse)?,
            officer_id: self.line.officer_id(),
            line: self.line.read()?,
            org_id: row_id(self.org_id),
            org_name: self.org_name,
            lender_id: row_id(self.lender_org_id),
            los_loan_id: self.los_loan_id,
            modified_at: at(self.modified_at_us),
            revision: self.revision,
            shelved: self
                .shelved_main_status
                .zip(self.shelved_sub_status)
                .map(|(main, sub)| Status { main, sub }),
        })
    }
}

/// The statement that finds a loan in a lender's pipeline, or in what a broker originated.
#[must_use]
pub(crate) fn by_public_id_sql(is_lent: bool) -> String {
    let owner = if is_lent { "lender_org_id" } else { "org_id" };
    format!(
        "SELECT {COLUMNS}, l.org_id, l.lender_org_id, l.los_loan_id, l.lifecycle, \
         l.modified_at_us, l.revision, l.shelved_main_status, l.shelved_sub_status, l.reached_step, o.name AS org_name FROM loan l \
         JOIN organisation o ON o.id = l.org_id \
         LEFT JOIN staff s ON s.org_id = l.org_id AND s.id = l.officer_id \
         WHERE l.public_id = $1 AND l.{owner} = $2"
    )
}

/// The statement and its parameters for a part of the pipeline.
fn within(scope: &LoanScope, id: &PublicId) -> (String, Vec<Val>) {
    let (is_lent, owner) = match scope {
        LoanScope::Lent(owner) => (true, owner),
        LoanScope::Originated(owner) => (false, owner),
    };
    (
        by_public_id_sql(is_lent),
        vals![id.as_str(), owner.as_str()],
    )
}

/// A loan by its public id; `None` when there is none such within the scope.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_public_id(
    db: &Db,
    scope: &LoanScope,
    id: &PublicId,
) -> Result<Option<LoanHead>, Fault> {
    let (sql, args) = within(scope, id);
    let row: Option<HeadRow> = db.maybe(&sql, args).await?;
    row.map(|row| row.read(id)).transpose()
}

/// As [`by_public_id`], and nobody else changes the loan until the transaction ends; waits for
/// whoever is changing it now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(
    tx: &mut Tx,
    lender_id: &RowId,
    scope: &LoanScope,
    id: &PublicId,
) -> Result<Option<LoanHead>, Fault> {
    let originator = match scope {
        LoanScope::Lent(_) => "",
        LoanScope::Originated(org_id) => org_id.as_str(),
    };
    let lock = vals![id.as_str(), lender_id.as_str(), originator];
    if tx.exec(LOCK, lock).await? == 0 {
        return Ok(None);
    }
    let (sql, args) = within(scope, id);
    let row: Option<HeadRow> = tx.maybe(&sql, args).await?;
    row.map(|row| row.read(id)).transpose()
}

/// Moves the mark by which callers find what changed since their last look. What the loan itself
/// says stays as it is, and so does its revision.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn touch_in(
    tx: &mut Tx,
    lender_id: &RowId,
    loan_id: &RowId,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str(), now.micros()];
    tx.exec(TOUCH, args).await.map(|_| ())
}

/// Something that happened to a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Instant,
    /// Who did it, as the audit log names actors.
    pub actor: String,
    /// What.
    pub kind: EventKind,
    /// Details as JSON.
    pub body: String,
}

/// What an organisation's audit log says about a subject, newest first.
///
/// # Errors
/// Any fault of the database; a kind this version does not know.
#[boxed]
pub async fn history(
    db: &Db,
    org_id: &RowId,
    subject: &RowId,
    limit: u32,
) -> Result<Vec<Happened>, Fault> {
    let args = vals![org_id.as_str(), subject.as_str(), i64::from(limit)];
    let rows: Vec<HappenedRow> = db.all(HISTORY, args).await?;
    rows.into_iter().map(HappenedRow::read).collect()
}

/// As [`history`], of one kind only.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn history_of_kind(
    db: &Db,
    org_id: &RowId,
    kind: EventKind,
    subject: &RowId,
    limit: u32,
) -> Result<Vec<Happened>, Fault> {
    let args = vals![
        org_id.as_str(),
        kind.as_str(),
        subject.as_str(),
        i64::from(limit),
    ];
    let rows: Vec<HappenedRow> = db.all(VIEWS, args).await?;
    rows.into_iter().map(HappenedRow::read).collect()
}

#[derive(FromRow)]
struct HappenedRow {
    seq: i64,
    at_us: i64,
    actor: String,
    kind: String,
    body: String,
}

impl HappenedRow {
    fn read(self) -> Result<Happened, Fault> {
        let seq = self.seq.to_string();
        let place = At {
            table: "event",
            id: &seq,
        };
        Ok(Happened {
            at: at(self.at_us),
            actor: self.actor,
            kind: place.word("kind", &self.kind, EventKind::parse)?,
            body: self.body,
        })
    }
}
