//! Conditions of loans, and the papers that lie with them.

use lintel_domain::condition::{CONDITIONS_MAX, ConditionPhase, ConditionStatus, Responsible};
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::LoanScope;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO loan_condition (lender_org_id, loan_id, id, org_id, \
     public_id, caller_key, phase, responsible, title, description, auto_satisfy, status, \
     created_at_us, created_by, status_at_us, status_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
     $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING";
pub(crate) const OF_LOAN: &str = "SELECT c.lender_org_id, c.loan_id, c.id, c.org_id, c.public_id, \
     c.caller_key, c.phase, c.responsible, c.title, c.description, c.auto_satisfy, c.status, \
     c.created_at_us, c.created_by, c.status_at_us, c.status_by FROM loan_condition c \
     WHERE c.lender_org_id = $1 AND c.loan_id = $2 ORDER BY c.created_at_us, c.id LIMIT $3";
pub(crate) const BY_PUBLIC_ID: &str = "SELECT c.lender_org_id, c.loan_id, c.id, c.org_id, \
     c.public_id, c.caller_key, c.phase, c.responsible, c.title, c.description, c.auto_satisfy, \
     c.status, c.created_at_us, c.created_by, c.status_at_us, c.status_by FROM loan_condition c \
     WHERE c.public_id = $3 AND c.lender_org_id = $1 AND c.loan_id = $2";
pub(crate) const BY_ID: &str = "SELECT c.lender_org_id, c.loan_id, c.id, c.org_id, c.public_id, \
     c.caller_key, c.phase, c.responsible, c.title, c.description, c.auto_satisfy, c.status, \
     c.created_at_us, c.created_by, c.status_at_us, c.status_by FROM loan_condition c \
     WHERE c.lender_org_id = $1 AND c.loan_id = $2 AND c.id = $3";
pub(crate) const BY_KEY: &str = "SELECT c.lender_org_id, c.loan_id, c.id, c.org_id, c.public_id, \
     c.caller_key, c.phase, c.responsible, c.title, c.description, c.auto_satisfy, c.status, \
     c.created_at_us, c.created_by, c.status_at_us, c.status_by FROM loan_condition c \
     WHERE c.lender_org_id = $1 AND c.loan_id = $2 AND c.caller_key = $3";
pub(crate) const LOAN_OF: &str = "SELECT l.public_id FROM loan_condition c \
     JOIN loan l ON l.lender_org_id = c.lender_org_id AND l.id = c.loan_id \
     WHERE c.public_id = $1 AND c.lender_org_id = $2 AND ($3 = '' OR l.org_id = $3)";
pub(crate) const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM loan_condition \
     WHERE lender_org_id = $1 AND loan_id = $2";
pub(crate) const UPDATE: &str = "UPDATE loan_condition SET phase = $4, responsible = $5, \
     title = $6, description = $7, auto_satisfy = $8, status = $9, status_at_us = $10, \
     status_by = $11, org_id = $12 WHERE lender_org_id = $1 AND loan_id = $2 AND id = $3";
pub(crate) const PAPERS: &str = "SELECT condition_id, public_id FROM loan_document \
     WHERE lender_org_id = $1 AND loan_id = $2 AND condition_id IS NOT NULL AND is_current = TRUE \
     AND removed_at_us IS NULL ORDER BY uploaded_at_us, id LIMIT 10000";
pub(crate) const HAS_PAPER: &str = "SELECT CAST(1 AS BIGINT) FROM loan_document \
     WHERE lender_org_id = $1 AND loan_id = $2 AND condition_id = $3 AND is_current = TRUE \
     AND removed_at_us IS NULL LIMIT 1";

/// A condition as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCondition {
    /// The lender its loan is stored under.
    pub lender_id: RowId,
    /// Its loan.
    pub loan_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The organisation that put it on the loan, or that answers for what it says by now.
    pub org_id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// The name whoever put it there has for it.
    pub caller_key: Option<String>,
    /// By when it has to be met.
    pub phase: ConditionPhase,
    /// Who brings what is asked for.
    pub responsible: Responsible,
    /// One line that says what is asked for.
    pub title: String,
    /// What is asked for, in full. May be empty.
    pub description: String,
    /// Whether a paper of whoever decides for the lender is enough.
    pub auto_satisfy: bool,
    /// How far it is.
    pub status: ConditionStatus,
    /// When it was put on the loan.
    pub created_at: Instant,
    /// Who put it there, as the audit log names actors.
    pub created_by: String,
    /// When its status last changed.
    pub status_at: Instant,
    /// Who changed it.
    pub status_by: String,
}

#[derive(FromRow)]
struct Row {
    lender_org_id: String,
    loan_id: String,
    id: String,
    org_id: String,
    public_id: String,
    caller_key: Option<String>,
    phase: String,
    responsible: String,
    title: String,
    description: String,
    auto_satisfy: bool,
    status: String,
    created_at_us: i64,
    created_by: String,
    status_at_us: i64,
    status_by: String,
}

impl Row {
    fn read(self) -> Result<StoredCondition, Fault> {
        let place = At {
            table: "loan_condition",
            id: &self.id,
        };
        Ok(StoredCondition {
            public_id: place.public_id(&self.public_id)?,
            phase: place.word("phase", &self.phase, ConditionPhase::parse)?,
            responsible: place.word("responsible", &self.responsible, Responsible::parse)?,
            status: place.word("status", &self.status, ConditionStatus::parse)?,
            lender_id: row_id(self.lender_org_id),
            loan_id: row_id(self.loan_id),
            org_id: row_id(self.org_id),
            caller_key: self.caller_key,
            title: self.title,
            description: self.description,
            auto_satisfy: self.auto_satisfy,
            created_at: at(self.created_at_us),
            created_by: self.created_by,
            status_at: at(self.status_at_us),
            status_by: self.status_by,
            id: row_id(self.id),
        })
    }
}

/// Adds a condition; `false` when its public id, or its name on the loan, is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, condition: &StoredCondition) -> Result<bool, Fault> {
    let args = vals![
        condition.lender_id.as_str(),
        condition.loan_id.as_str(),
        condition.id.as_str(),
        condition.org_id.as_str(),
        condition.public_id.as_str(),
        condition.caller_key.clone(),
        condition.phase.as_str(),
        condition.responsible.as_str(),
        &condition.title,
        &condition.description,
        condition.auto_satisfy,
        condition.status.as_str(),
        condition.created_at.micros(),
        &condition.created_by,
        condition.status_at.micros(),
        &condition.status_by,
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Writes what may change of a condition.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_in(tx: &mut Tx, condition: &StoredCondition) -> Result<(), Fault> {
    let args = vals![
        condition.lender_id.as_str(),
        condition.loan_id.as_str(),
        condition.id.as_str(),
        condition.phase.as_str(),
        condition.responsible.as_str(),
        &condition.title,
        &condition.description,
        condition.auto_satisfy,
        condition.status.as_str(),
        condition.status_at.micros(),
        &condition.status_by,
        condition.org_id.as_str(),
    ];
    tx.exec(UPDATE, args).await.map(|_| ())
}

fn of_loan_args(lender_id: &RowId, loan_id: &RowId) -> Vec<Val> {
    vals![
        lender_id.as_str(),
        loan_id.as_str(),
        i64::from(CONDITIONS_MAX)
    ]
}

/// The conditions of a loan, oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan(
    db: &Db,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Vec<StoredCondition>, Fault> {
    let rows: Vec<Row> = db.all(OF_LOAN, of_loan_args(lender_id, loan_id)).await?;
    rows.into_iter().map(Row::read).collect()
}

/// As [`of_loan`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan_in(
    tx: &mut Tx,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Vec<StoredCondition>, Fault> {
    let rows: Vec<Row> = tx.all(OF_LOAN, of_loan_args(lender_id, loan_id)).await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many conditions a loan has.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count_in(tx: &mut Tx, lender_id: &RowId, loan_id: &RowId) -> Result<u32, Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str()];
    let row: Option<(i64,)> = tx.maybe(COUNT, args).await?;
    Ok(row.map_or(0, |(count,)| u32::try_from(count).unwrap_or(u32::MAX)))
}

/// The public id of the loan a condition is on, within a part of the pipeline.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn loan_of(
    db: &Db,
    lender_id: &RowId,
    scope: &LoanScope,
    condition: &PublicId,
) -> Result<Option<PublicId>, Fault> {
    let originator = match scope {
        LoanScope::Lent(_) => "",
        LoanScope::Originated(org_id) => org_id.as_str(),
    };
    let args = vals![condition.as_str(), lender_id.as_str(), originator];
    let row: Option<(String,)> = db.maybe(LOAN_OF, args).await?;
    let place = At {
        table: "loan",
        id: condition.as_str(),
    };
    row.map(|(id,)| place.public_id(&id)).transpose()
}

/// What a condition of a loan is found by.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    /// Its row id.
    Row(&'a RowId),
    /// The id partners see.
    Public(&'a PublicId),
    /// The name whoever put it there has for it.
    Key(&'a str),
}

/// A condition of a loan.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    name: Named<'_>,
) -> Result<Option<StoredCondition>, Fault> {
    let (sql, name) = match name {
        Named::Row(id) => (BY_ID, id.as_str()),
        Named::Public(id) => (BY_PUBLIC_ID, id.as_str()),
        Named::Key(key) => (BY_KEY, key),
    };
    let args = vals![lender_id.as_str(), loan_id.as_str(), name];
    let row: Option<Row> = tx.maybe(sql, args).await?;
    row.map(Row::read).transpose()
}

/// A condition of a loan, by the id partners see.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(
    db: &Db,
    (lender_id, loan_id): (&RowId, &RowId),
    id: &PublicId,
) -> Result<Option<StoredCondition>, Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str(), id.as_str()];
    let row: Option<Row> = db.maybe(BY_PUBLIC_ID, args).await?;
    row.map(Row::read).transpose()
}

/// The current papers of a loan's conditions, as (condition, public id of the paper), oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn papers(
    db: &Db,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Vec<(RowId, PublicId)>, Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str()];
    let rows: Vec<(String, String)> = db.all(PAPERS, args).await?;
    let place = At {
        table: "loan_document",
        id: loan_id.as_str(),
    };
    let paper = |(condition, id): (String, String)| Ok((row_id(condition), place.public_id(&id)?));
    rows.into_iter().map(paper).collect()
}

/// Whether a current paper lies with a condition.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn has_paper_in(tx: &mut Tx, condition: &StoredCondition) -> Result<bool, Fault> {
    let args = vals![
        condition.lender_id.as_str(),
        condition.loan_id.as_str(),
        condition.id.as_str()
    ];
    let row: Option<(i64,)> = tx.maybe(HAS_PAPER, args).await?;
    Ok(row.is_some())
}
