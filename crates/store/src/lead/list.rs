//! Leads as people look at them: an organisation's list, a borrower's own.

use lintel_domain::id::RowId;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use super::{Row, StoredLead};
use crate::db::Db;
use crate::fault::Fault;
use crate::vals;

/// An organisation's and its brokers', newest first; with an officer, that officer's only. The officer
/// may be the broker's or its lender's.
pub(crate) const LIST: &str = "SELECT l.org_id, l.id, l.uid, l.borrower_sealed, l.loan_sealed, \
     l.officer_id, l.crm_lead_id, l.created_at_us, l.updated_at_us, l.signup_sealed, l.account_id, \
     l.signed_up_at_us, l.submission, l.is_listed, o.name AS org_name, \
     s.first_name AS officer_first_name, s.last_name AS officer_last_name \
     FROM lead l JOIN organisation o ON o.id = l.org_id \
     LEFT JOIN staff s ON s.id = l.officer_id AND s.org_id IN (o.id, COALESCE(o.parent_id, o.id)) \
     WHERE (o.id = $1 OR o.parent_id = $1) AND l.is_listed = TRUE \
     AND ($2 = '' OR l.officer_id = $2) \
     ORDER BY l.created_at_us DESC, l.id DESC LIMIT $3 OFFSET $4";
pub(crate) const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM lead l \
     JOIN organisation o ON o.id = l.org_id WHERE (o.id = $1 OR o.parent_id = $1) \
     AND l.is_listed = TRUE AND ($2 = '' OR l.officer_id = $2)";
/// What one borrower asked for in a family, at active organisations, newest first.
pub(crate) const OF_ACCOUNT: &str = "SELECT l.org_id, l.id, l.uid, l.borrower_sealed, \
     l.loan_sealed, l.officer_id, l.crm_lead_id, l.created_at_us, l.updated_at_us, \
     l.signup_sealed, l.account_id, l.signed_up_at_us, l.submission, l.is_listed, \
     o.name AS org_name, s.first_name AS officer_first_name, s.last_name AS officer_last_name \
     FROM lead l JOIN organisation o ON o.id = l.org_id \
     LEFT JOIN staff s ON s.id = l.officer_id AND s.org_id IN (o.id, COALESCE(o.parent_id, o.id)) \
     WHERE (o.id = $1 OR o.parent_id = $1) AND o.active = TRUE AND l.account_id = $2 \
     ORDER BY l.signed_up_at_us DESC, l.id DESC LIMIT $3";

/// A lead with the names that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadRow {
    /// The lead.
    pub lead: StoredLead,
    /// Name of its organisation.
    pub org_name: String,
    /// Given and family name of its officer.
    pub officer_name: Option<(String, String)>,
}

#[derive(FromRow)]
struct NamedRow {
    #[row(flatten)]
    lead: Row,
    org_name: String,
    officer_first_name: Option<String>,
    officer_last_name: Option<String>,
}

impl NamedRow {
    fn read(self) -> Result<LeadRow, Fault> {
        Ok(LeadRow {
            lead: self.lead.read()?,
            org_name: self.org_name,
            officer_name: self.officer_first_name.zip(self.officer_last_name),
        })
    }
}

/// Lists the leads of an organisation and its brokers, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(
    db: &Db,
    org_id: &RowId,
    officer: Option<&RowId>,
    limit: u32,
    offset: u32,
) -> Result<Vec<LeadRow>, Fault> {
    let officer = officer.map_or("", RowId::as_str);
    let args = vals![org_id.as_str(), officer, limit, offset];
    let rows: Vec<NamedRow> = db.all(LIST, args).await?;
    rows.into_iter().map(NamedRow::read).collect()
}

/// How many leads [`list`] has.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, org_id: &RowId, officer: Option<&RowId>) -> Result<u64, Fault> {
    let officer = officer.map_or("", RowId::as_str);
    let row: Option<(i64,)> = db.maybe(COUNT, vals![org_id.as_str(), officer]).await?;
    Ok(row.and_then(|(n,)| u64::try_from(n).ok()).unwrap_or(0))
}

/// Lists what a borrower asked for at the active organisations of a family, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_account(
    db: &Db,
    lender_org_id: &RowId,
    account_id: &RowId,
    limit: u32,
) -> Result<Vec<LeadRow>, Fault> {
    let args = vals![lender_org_id.as_str(), account_id.as_str(), limit];
    let rows: Vec<NamedRow> = db.all(OF_ACCOUNT, args).await?;
    rows.into_iter().map(NamedRow::read).collect()
}
