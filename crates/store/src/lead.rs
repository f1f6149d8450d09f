//! Leads: people who asked for a loan and have not applied yet, and the links made for them.

pub mod invite;
mod list;
mod officer;

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) use list::{COUNT, LIST, OF_ACCOUNT};
pub use list::{LeadRow, count, list, of_account};
pub use officer::officer;
pub(crate) use officer::{OFFICER_BY_PUBLIC_ID, OFFICER_BY_UID};

pub(crate) const INSERT: &str = "INSERT INTO lead (org_id, id, uid, borrower_sealed, loan_sealed, \
     officer_id, crm_lead_id, created_at_us, updated_at_us, signup_sealed, account_id, \
     signed_up_at_us, submission, is_listed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING";
/// An update that changes nothing is a lock both databases have. Nobody locks a stranger's row.
pub(crate) const LOCK: &str = "UPDATE lead SET updated_at_us = updated_at_us WHERE uid = $1 \
     AND org_id IN ($2, $3)";
pub(crate) const BY_UID: &str = "SELECT org_id, id, uid, borrower_sealed, loan_sealed, officer_id, \
     crm_lead_id, created_at_us, updated_at_us, signup_sealed, account_id, signed_up_at_us, \
     submission, is_listed FROM lead WHERE uid = $1 AND org_id IN ($2, $3)";
pub(crate) const BY_ID: &str = "SELECT org_id, id, uid, borrower_sealed, loan_sealed, officer_id, \
     crm_lead_id, created_at_us, updated_at_us, signup_sealed, account_id, signed_up_at_us, \
     submission, is_listed FROM lead WHERE org_id = $1 AND id = $2";
pub(crate) const BY_SUBMISSION: &str = "SELECT org_id, id, uid, borrower_sealed, loan_sealed, \
     officer_id, crm_lead_id, created_at_us, updated_at_us, signup_sealed, account_id, \
     signed_up_at_us, submission, is_listed FROM lead WHERE org_id = $1 AND submission = $2";
pub(crate) const UPDATE: &str = "UPDATE lead SET borrower_sealed = $3, loan_sealed = $4, \
     officer_id = $5, crm_lead_id = $6, updated_at_us = $7, signup_sealed = $8, account_id = $9, \
     signed_up_at_us = $10, submission = $11, is_listed = $12 WHERE org_id = $1 AND id = $2";
pub(crate) const INSERT_LINK: &str = "INSERT INTO signup_link (code, org_id, lead_id, loan_sealed, \
     created_at_us) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
pub(crate) const LINK: &str =
    "SELECT code, org_id, lead_id, loan_sealed, created_at_us FROM signup_link WHERE code = $1";

/// A lead as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLead {
    /// Whose lead.
    pub org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub uid: PublicId,
    /// Who it is, sealed.
    pub borrower_sealed: Vec<u8>,
    /// The loan last asked for, sealed; `null` is sealed when none was.
    pub loan_sealed: Vec<u8>,
    /// Row id of the loan officer, when one is named.
    pub officer_id: Option<RowId>,
    /// The lead's id in the lender's customer system.
    pub crm_lead_id: Option<String>,
    /// When it came.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// What was said on the sign-up page; none before somebody signed up.
    pub signup: Option<StoredSignup>,
    /// Whether staff see it in their list.
    pub is_listed: bool,
}

/// What a lead has besides, once somebody signed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSignup {
    /// What was said, sealed.
    pub facts_sealed: Vec<u8>,
    /// Row id of the borrower's account.
    pub account_id: RowId,
    /// When.
    pub at: Instant,
    /// Names the form that was sent.
    pub submission: String,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    uid: String,
    borrower_sealed: Vec<u8>,
    loan_sealed: Vec<u8>,
    officer_id: Option<String>,
    crm_lead_id: Option<String>,
    created_at_us: i64,
    updated_at_us: i64,
    signup_sealed: Option<Vec<u8>>,
    account_id: Option<String>,
    signed_up_at_us: Option<i64>,
    submission: Option<String>,
    is_listed: bool,
}

impl Row {
    fn read(self) -> Result<StoredLead, Fault> {
        let place = At {
            table: "lead",
            id: &self.id,
        };
        let signup = match self.signed_up_at_us {
            None => None,
            Some(signed_up_at_us) => Some(StoredSignup {
                facts_sealed: place.need("signup_sealed", self.signup_sealed)?,
                account_id: row_id(place.need("account_id", self.account_id)?),
                at: at(signed_up_at_us),
                submission: place.need("submission", self.submission)?,
            }),
        };
        Ok(StoredLead {
            uid: place.word("uid", &self.uid, PublicId::parse)?,
            org_id: row_id(self.org_id),
            borrower_sealed: self.borrower_sealed,
            loan_sealed: self.loan_sealed,
            officer_id: self.officer_id.map(row_id),
            crm_lead_id: self.crm_lead_id,
            created_at: at(self.created_at_us),
            updated_at: at(self.updated_at_us),
            signup,
            is_listed: self.is_listed,
            id: row_id(self.id),
        })
    }
}

/// A link to the sign-up page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLink {
    /// Names the link.
    pub code: String,
    /// Whose lead it is for.
    pub org_id: RowId,
    /// Row id of the lead.
    pub lead_id: RowId,
    /// The loan it was made for, sealed.
    pub loan_sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
}

#[derive(FromRow)]
struct LinkRow {
    code: String,
    org_id: String,
    lead_id: String,
    loan_sealed: Vec<u8>,
    created_at_us: i64,
}

/// Adds a lead; `false` when its public id or its submission is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, lead: &StoredLead) -> Result<bool, Fault> {
    let signup = lead.signup.as_ref();
    let args = vals![
        lead.org_id.as_str(),
        lead.id.as_str(),
        lead.uid.as_str(),
        lead.borrower_sealed.as_slice(),
        lead.loan_sealed.as_slice(),
        lead.officer_id.as_ref().map(RowId::as_str),
        lead.crm_lead_id.clone(),
        lead.created_at.micros(),
        lead.updated_at.micros(),
        signup.map(|s| s.facts_sealed.clone()),
        signup.map(|s| s.account_id.as_str()),
        signup.map(|s| s.at.micros()),
        signup.map(|s| s.submission.as_str()),
        lead.is_listed,
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Finds a lead of one of two organisations and keeps everybody else from changing it until the
/// transaction ends. Anybody else's is not found.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(
    tx: &mut Tx,
    org_ids: [&RowId; 2],
    uid: &PublicId,
) -> Result<Option<StoredLead>, Fault> {
    let [one, other] = org_ids.map(RowId::as_str);
    tx.exec(LOCK, vals![uid.as_str(), one, other]).await?;
    let row: Option<Row> = tx.maybe(BY_UID, vals![uid.as_str(), one, other]).await?;
    row.map(Row::read).transpose()
}

/// Finds the lead a form made that was sent before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_submission_in(
    tx: &mut Tx,
    org_id: &RowId,
    submission: &str,
) -> Result<Option<StoredLead>, Fault> {
    let args = vals![org_id.as_str(), submission];
    let row: Option<Row> = tx.maybe(BY_SUBMISSION, args).await?;
    row.map(Row::read).transpose()
}

/// Writes everything of a lead that can change; `false` when there is no such lead.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_in(tx: &mut Tx, lead: &StoredLead) -> Result<bool, Fault> {
    let signup = lead.signup.as_ref();
    let args = vals![
        lead.org_id.as_str(),
        lead.id.as_str(),
        lead.borrower_sealed.as_slice(),
        lead.loan_sealed.as_slice(),
        lead.officer_id.as_ref().map(RowId::as_str),
        lead.crm_lead_id.clone(),
        lead.updated_at.micros(),
        signup.map(|s| s.facts_sealed.clone()),
        signup.map(|s| s.account_id.as_str()),
        signup.map(|s| s.at.micros()),
        signup.map(|s| s.submission.as_str()),
        lead.is_listed,
    ];
    Ok(tx.exec(UPDATE, args).await? == 1)
}

/// Adds a link; `false` when its code is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_link_in(tx: &mut Tx, link: &StoredLink) -> Result<bool, Fault> {
    let args = vals![
        &link.code,
        link.org_id.as_str(),
        link.lead_id.as_str(),
        link.loan_sealed.as_slice(),
        link.created_at.micros(),
    ];
    Ok(tx.exec(INSERT_LINK, args).await? == 1)
}

/// Finds a lead by its row id.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId, id: &RowId) -> Result<Option<StoredLead>, Fault> {
    let row: Option<Row> = db.maybe(BY_ID, vals![org_id.as_str(), id.as_str()]).await?;
    row.map(Row::read).transpose()
}

/// Finds a link by its code.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_link(db: &Db, code: &str) -> Result<Option<StoredLink>, Fault> {
    let row: Option<LinkRow> = db.maybe(LINK, vals![code]).await?;
    Ok(row.map(|row| StoredLink {
        code: row.code,
        org_id: row_id(row.org_id),
        lead_id: row_id(row.lead_id),
        loan_sealed: row.loan_sealed,
        created_at: at(row.created_at_us),
    }))
}
