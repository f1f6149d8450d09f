//! One loan, looked up by its public id within what the caller may see.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::{Lifecycle, LoanLine};
use lintel_domain::organisation::LoanScope;

use super::list::{COLUMNS, Row};
use crate::db::Db;
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

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
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    #[sqlx(flatten)]
    line: Row,
    org_id: String,
    lender_org_id: String,
    los_loan_id: String,
    lifecycle: String,
    modified_at_us: i64,
    revision: i64,
    org_name: String,
}

/// The statement that finds a loan in a lender's pipeline, or in what a broker originated.
#[must_use]
pub(crate) fn by_public_id_sql(is_lent: bool) -> String {
    let owner = if is_lent { "lender_org_id" } else { "org_id" };
    format!(
        "SELECT {COLUMNS}, l.org_id, l.lender_org_id, l.los_loan_id, l.lifecycle, \
         l.modified_at_us, l.revision, o.name AS org_name FROM loan l \
         JOIN organisation o ON o.id = l.org_id \
         LEFT JOIN staff s ON s.org_id = l.org_id AND s.id = l.officer_id \
         WHERE l.public_id = $1 AND l.{owner} = $2"
    )
}

/// A loan by its public id; `None` when there is none such within the scope.
///
/// # Errors
/// Any fault of the database.
pub async fn by_public_id(
    db: &Db,
    scope: &LoanScope,
    id: &PublicId,
) -> Result<Option<LoanHead>, Fault> {
    let (is_lent, owner) = match scope {
        LoanScope::Lent(owner) => (true, owner),
        LoanScope::Originated(owner) => (false, owner),
    };
    let sql = by_public_id_sql(is_lent);
    let row: Option<HeadRow> = db.maybe(&sql, vals![id.as_str(), owner.as_str()]).await?;
    row.map(|row| {
        let place = At {
            table: "loan",
            id: id.as_str(),
        };
        Ok(LoanHead {
            lifecycle: place.word("lifecycle", &row.lifecycle, Lifecycle::parse)?,
            officer_id: row.line.officer_id(),
            line: row.line.read()?,
            org_id: row_id(row.org_id),
            org_name: row.org_name,
            lender_id: row_id(row.lender_org_id),
            los_loan_id: row.los_loan_id,
            modified_at: at(row.modified_at_us),
            revision: row.revision,
        })
    })
    .transpose()
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
pub async fn history(
    db: &Db,
    org_id: &RowId,
    subject: &RowId,
    limit: u32,
) -> Result<Vec<Happened>, Fault> {
    let args = vals![org_id.as_str(), subject.as_str(), i64::from(limit)];
    let rows: Vec<(i64, i64, String, String, String)> = db.all(HISTORY, args).await?;
    rows.into_iter()
        .map(|(seq, at_us, actor, kind, body)| {
            let seq = seq.to_string();
            let place = At {
                table: "event",
                id: &seq,
            };
            Ok(Happened {
                at: at(at_us),
                actor,
                kind: place.word("kind", &kind, EventKind::parse)?,
                body,
            })
        })
        .collect()
}
