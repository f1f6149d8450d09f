//! Links under which people sign a loan's papers. The addresses are sealed: whoever has one signs.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::LoanScope;
use lintel_domain::signing::{DocumentVendor, SigningStatus};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

/// An update that changes nothing is a lock both databases have. Nobody locks a stranger's row.
pub(crate) const LOCK_LOAN: &str = "UPDATE loan SET revision = revision WHERE public_id = $1 \
     AND lender_org_id = $2 AND ($3 = '' OR org_id = $3)";
pub(crate) const LOAN: &str = "SELECT id, officer_first_name, officer_email FROM loan \
     WHERE public_id = $1 AND lender_org_id = $2 AND ($3 = '' OR org_id = $3)";
pub(crate) const BY_LOS_ID: &str =
    "SELECT public_id FROM loan WHERE org_id = $1 AND los_loan_id = $2";
pub(crate) const BORROWERS: &str = "SELECT b.position, b.first_name, b.email, b.sso_id, \
     a.public_id FROM borrower b LEFT JOIN borrower_account a \
     ON a.lender_org_id = b.lender_org_id AND a.email_folded = b.email_folded \
     WHERE b.lender_org_id = $1 AND b.loan_id = $2 ORDER BY b.position LIMIT 1000";
pub(crate) const LINKS: &str = "SELECT signer, vendor, url_sealed, expires_at_us, status \
     FROM signing_link WHERE lender_org_id = $1 AND loan_id = $2 ORDER BY signer LIMIT 1000";
pub(crate) const PUT: &str = "INSERT INTO signing_link (lender_org_id, loan_id, signer, vendor, \
     url_sealed, expires_at_us, status, updated_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
     ON CONFLICT (lender_org_id, loan_id, signer) DO UPDATE SET vendor = excluded.vendor, \
     url_sealed = excluded.url_sealed, expires_at_us = excluded.expires_at_us, \
     status = excluded.status, updated_at_us = excluded.updated_at_us";

/// A loan whose papers are to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningLoan {
    /// Row id.
    pub id: RowId,
    /// The loan officer's given name.
    pub officer_first_name: Option<String>,
    /// The loan officer's mail address.
    pub officer_email: Option<String>,
    /// Borrowers in the order of the application.
    pub borrowers: Vec<SigningBorrower>,
}

/// A borrower who may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningBorrower {
    /// Place in the application.
    pub position: i64,
    /// Given name.
    pub first_name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Single sign-on id.
    pub sso_id: Option<String>,
    /// Public id of the account with that mail address.
    pub account_id: Option<PublicId>,
}

#[derive(FromRow)]
struct LoanRow {
    id: String,
    officer_first_name: Option<String>,
    officer_email: Option<String>,
}

#[derive(FromRow)]
struct BorrowerRow {
    position: i64,
    first_name: String,
    email: Option<String>,
    sso_id: Option<String>,
    public_id: Option<String>,
}

impl BorrowerRow {
    fn read(self, loan_id: &str) -> Result<SigningBorrower, Fault> {
        let place = At {
            table: "borrower_account",
            id: loan_id,
        };
        let account = self.public_id.as_deref();
        Ok(SigningBorrower {
            account_id: place.maybe_word("public_id", account, PublicId::parse)?,
            position: self.position,
            first_name: self.first_name,
            email: self.email,
            sso_id: self.sso_id,
        })
    }
}

/// The public id of a loan an organisation sent itself, by its number in the sender's system.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_los_id(db: &Db, org_id: &RowId, los_id: &str) -> Result<Option<PublicId>, Fault> {
    let row: Option<(String,)> = db.maybe(BY_LOS_ID, vals![org_id.as_str(), los_id]).await?;
    let place = At {
        table: "loan",
        id: los_id,
    };
    row.map(|(id,)| place.public_id(&id)).transpose()
}

/// Finds a loan within a part of the pipeline, with who may sign, and keeps everybody else from
/// changing it until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_loan_in(
    tx: &mut Tx,
    lender_id: &RowId,
    scope: &LoanScope,
    loan: &PublicId,
) -> Result<Option<SigningLoan>, Fault> {
    let originator = match scope {
        LoanScope::Lent(_) => "",
        LoanScope::Originated(org_id) => org_id.as_str(),
    };
    let args = || vals![loan.as_str(), lender_id.as_str(), originator];
    tx.exec(LOCK_LOAN, args()).await?;
    let Some(row) = tx.maybe::<LoanRow>(LOAN, args()).await? else {
        return Ok(None);
    };
    let keys = vals![lender_id.as_str(), row.id.as_str()];
    let borrowers: Vec<BorrowerRow> = tx.all(BORROWERS, keys).await?;
    let borrowers = borrowers.into_iter().map(|b| b.read(&row.id));
    Ok(Some(SigningLoan {
        borrowers: borrowers.collect::<Result<_, _>>()?,
        officer_first_name: row.officer_first_name,
        officer_email: row.officer_email,
        id: row_id(row.id),
    }))
}

/// A link as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSigningLink {
    /// Who signs: `officer`, or `borrower/` and the place in the application.
    pub signer: String,
    /// Who prepares the papers, when that was said.
    pub vendor: Option<DocumentVendor>,
    /// The address, sealed.
    pub url_sealed: Vec<u8>,
    /// When it stops working.
    pub expires_at: Instant,
    /// How far signing has come.
    pub status: SigningStatus,
}

#[derive(FromRow)]
struct LinkRow {
    signer: String,
    vendor: String,
    url_sealed: Vec<u8>,
    expires_at_us: Option<i64>,
    status: String,
}

impl LinkRow {
    fn read(self, loan_id: &RowId) -> Result<StoredSigningLink, Fault> {
        let place = At {
            table: "signing_link",
            id: loan_id.as_str(),
        };
        Ok(StoredSigningLink {
            vendor: Some(&*self.vendor)
                .filter(|vendor| !vendor.is_empty())
                .map(|vendor| place.word("vendor", vendor, DocumentVendor::parse))
                .transpose()?,
            status: place.word("status", &self.status, SigningStatus::parse)?,
            signer: self.signer,
            url_sealed: self.url_sealed,
            expires_at: at(place.need("expires_at_us", self.expires_at_us)?),
        })
    }
}

/// The links of a loan.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn links_in(
    tx: &mut Tx,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Vec<StoredSigningLink>, Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str()];
    let rows: Vec<LinkRow> = tx.all(LINKS, args).await?;
    rows.into_iter().map(|row| row.read(loan_id)).collect()
}

/// Writes a signer's link in place of the one before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    link: &StoredSigningLink,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        &link.signer,
        // Not said is the empty text.
        link.vendor.map_or("", DocumentVendor::as_str),
        link.url_sealed.as_slice(),
        link.expires_at.micros(),
        link.status.as_str(),
        now.micros(),
    ];
    tx.exec(PUT, args).await.map(|_| ())
}
