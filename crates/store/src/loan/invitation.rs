//! Who was invited to follow a loan, and what somebody invited sees.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::loan::LoanLine;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use super::list::{COLUMNS, Row};
use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::row_id;
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO loan_invitation (lender_org_id, loan_id, account_id, \
     invited_at_us) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
pub(crate) const EMAILS: &str = "SELECT a.email_folded FROM loan_invitation i \
     JOIN borrower_account a ON a.lender_org_id = i.lender_org_id AND a.id = i.account_id \
     WHERE i.lender_org_id = $1 AND i.loan_id = $2 LIMIT 1000";

/// Loans of an account: it was invited to them, and the application still names its address.
pub(crate) fn of_account_sql() -> String {
    format!(
        "SELECT {COLUMNS}, l.active, l.lender_org_id, o.name AS org_name FROM loan_invitation i \
         JOIN loan l ON l.lender_org_id = i.lender_org_id AND l.id = i.loan_id \
         JOIN organisation o ON o.id = l.org_id \
         LEFT JOIN staff s ON s.org_id = l.org_id AND s.id = l.officer_id \
         WHERE i.lender_org_id = $1 AND i.account_id = $2 AND o.active = TRUE \
         AND EXISTS (SELECT 1 FROM borrower b JOIN borrower_account a \
         ON a.lender_org_id = b.lender_org_id AND a.email_folded = b.email_folded \
         WHERE b.lender_org_id = l.lender_org_id AND b.loan_id = l.id AND a.id = i.account_id) \
         ORDER BY l.created_at_us DESC, l.id DESC LIMIT $3"
    )
}

/// Notes that an account was invited; `false` when it was before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    account_id: &RowId,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        account_id.as_str(),
        now.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// The folded addresses of everybody invited to a loan.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn emails_in(
    tx: &mut Tx,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Vec<String>, Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str()];
    let rows: Vec<(String,)> = tx.all(EMAILS, args).await?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}

/// A loan as somebody invited sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitedLoan {
    /// Its line.
    pub line: LoanLine,
    /// The lender it is stored under.
    pub lender_id: RowId,
    /// Name of who originated it.
    pub org_name: String,
    /// Whether it is still being worked on.
    pub is_active: bool,
}

#[derive(FromRow)]
struct InvitedRow {
    #[row(flatten)]
    line: Row,
    active: bool,
    lender_org_id: String,
    org_name: String,
}

/// The loans an account was invited to and still is a borrower of, newest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_account(
    db: &Db,
    lender_id: &RowId,
    account_id: &RowId,
    limit: u32,
) -> Result<Vec<InvitedLoan>, Fault> {
    let args = vals![lender_id.as_str(), account_id.as_str(), i64::from(limit)];
    let rows: Vec<InvitedRow> = db.all(&of_account_sql(), args).await?;
    rows.into_iter()
        .map(|row| {
            Ok(InvitedLoan {
                line: row.line.read()?,
                lender_id: row_id(row.lender_org_id),
                org_name: row.org_name,
                is_active: row.active,
            })
        })
        .collect()
}
