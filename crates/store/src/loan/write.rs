//! Writing a loan with everything that belongs to it.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::{Lifecycle, LoanLine, Status};
use lintel_domain::person::fold_email;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, row_id};
use crate::vals;

pub(crate) const EXISTING: &str = "SELECT l.id, l.public_id, l.revision, l.imported_revision, \
     l.lifecycle, l.system_main_status, l.system_sub_status, l.lender_main_status, \
     l.lender_sub_status, l.borrower_main_status, l.borrower_sub_status, s.document_hash \
     FROM loan l JOIN loan_source s \
     ON s.lender_org_id = l.lender_org_id AND s.loan_id = l.id AND s.revision = l.imported_revision \
     WHERE l.org_id = $1 AND l.los_loan_id = $2";
pub(crate) const LOCK: &str =
    "UPDATE loan SET revision = revision WHERE org_id = $1 AND los_loan_id = $2";
pub(crate) const INSERT: &str = "INSERT INTO loan (lender_org_id, id, org_id, public_id, \
     los_loan_id, created_at_us, modified_at_us, status_at_us, revision, imported_revision, active, \
     lifecycle, system_main_status, system_sub_status, lender_main_status, lender_sub_status, \
     borrower_main_status, borrower_sub_status, closing_at_us, purpose, program, occupancy, \
     property_type, home_price_cents, loan_amount_cents, monthly_income_cents, liabilities_cents, \
     street, unit, city, state, postal_code, officer_id, officer_first_name, officer_last_name, \
     officer_email, officer_email_folded) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, 1, 1, $8, $9, \
     $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
     $28, $29, $30, $31, $32, $33, $34) ON CONFLICT DO NOTHING";
pub(crate) const REPLACE: &str = "UPDATE loan SET modified_at_us = $4, status_at_us = CASE \
     WHEN system_main_status = $7 AND system_sub_status = $8 THEN status_at_us ELSE $4 END, \
     revision = revision + 1, imported_revision = revision + 1, active = $5, lifecycle = $6, \
     system_main_status = $7, system_sub_status = $8, lender_main_status = $9, \
     lender_sub_status = $10, borrower_main_status = $11, borrower_sub_status = $12, \
     purpose = $13, program = $14, occupancy = $15, property_type = $16, home_price_cents = $17, \
     loan_amount_cents = $18, monthly_income_cents = $19, liabilities_cents = $20, street = $21, \
     unit = $22, city = $23, state = $24, postal_code = $25, officer_id = $26, \
     officer_first_name = $27, officer_last_name = $28, officer_email = $29, \
     officer_email_folded = $30 \
     WHERE lender_org_id = $1 AND id = $2 AND revision = $3 AND imported_revision = $3";
pub(crate) const PUT_APPLICATION: &str = "INSERT INTO loan_application (lender_org_id, loan_id, \
     application_sealed) VALUES ($1, $2, $3) ON CONFLICT (lender_org_id, loan_id) \
     DO UPDATE SET application_sealed = excluded.application_sealed";
pub(crate) const READ_APPLICATION: &str = "SELECT application_sealed FROM loan_application \
     WHERE lender_org_id = $1 AND loan_id = $2";
pub(crate) const INSERT_SOURCE: &str = "INSERT INTO loan_source (lender_org_id, loan_id, \
     revision, received_at_us, document_hash, document_sealed, findings, invite_borrowers) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(crate) const READ_SOURCE: &str = "SELECT document_sealed, findings FROM loan_source \
     WHERE lender_org_id = $1 AND loan_id = $2 ORDER BY revision DESC LIMIT 1";
pub(crate) const DROP_BORROWERS: &str =
    "DELETE FROM borrower WHERE lender_org_id = $1 AND loan_id = $2";
pub(crate) const INSERT_BORROWER: &str = "INSERT INTO borrower (lender_org_id, loan_id, position, \
     first_name, middle_name, last_name, suffix, email, email_folded, phone, sso_id, is_primary, \
     tax_id_sealed, birth_date_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11, \
     $12, $13)";
pub(crate) const TOUCH: &str = "UPDATE loan SET revision = revision + 1, modified_at_us = $3, \
     status_at_us = $3, lifecycle = $4, active = $5 WHERE lender_org_id = $1 AND id = $2";

/// Everything that is written when a loan arrives or is replaced.
#[derive(Debug, Clone)]
pub struct LoanDraft {
    /// The pipeline line; its ids are those of the stored loan.
    pub line: LoanLine,
    /// How its life stands.
    pub lifecycle: Lifecycle,
    /// Row id of the loan officer, when one of the organisation's own.
    pub officer_row_id: Option<RowId>,
    /// Borrowers in the order of the application.
    pub borrowers: Vec<BorrowerDraft>,
    /// The whole application, sealed.
    pub application_sealed: Vec<u8>,
    /// The document, sealed.
    pub document_sealed: Vec<u8>,
    /// Fingerprint of the document, to recognise it when it comes again.
    pub document_hash: Vec<u8>,
    /// What was found in the document, as JSON, without personal data.
    pub findings: String,
    /// Whether the sender wants the borrowers invited.
    pub invite_borrowers: bool,
}

/// A borrower about to be written.
#[derive(Debug, Clone)]
pub struct BorrowerDraft {
    /// Given name.
    pub first_name: String,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Family name.
    pub last_name: String,
    /// Suffix, such as "Jr".
    pub suffix: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// First telephone number.
    pub phone: Option<String>,
    /// Whether this is the primary borrower.
    pub is_primary: bool,
    /// Tax id, sealed.
    pub tax_id_sealed: Option<Vec<u8>>,
    /// Birth date, sealed.
    pub birth_date_sealed: Option<Vec<u8>>,
}

/// A loan that is there already under the sender's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingLoan {
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// Counts every change.
    pub revision: i64,
    /// Revision of the last import; equal to `revision` while nobody else changed the loan.
    pub imported_revision: i64,
    /// Fingerprint of the last imported document.
    pub document_hash: Vec<u8>,
    /// How its life stands.
    pub lifecycle: Lifecycle,
    /// Status by the system's own list.
    pub system_status: Status,
    /// Status as the lender's staff see it.
    pub lender_status: Status,
    /// Status as the borrower sees it.
    pub borrower_status: Status,
}

#[derive(FromRow)]
struct ExistingRow {
    id: String,
    public_id: String,
    revision: i64,
    imported_revision: i64,
    lifecycle: String,
    system_main_status: String,
    system_sub_status: String,
    lender_main_status: String,
    lender_sub_status: String,
    borrower_main_status: String,
    borrower_sub_status: String,
    document_hash: Vec<u8>,
}

/// Finds a loan by the number it has in the sender's loan origination system.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_existing_in(
    tx: &mut Tx,
    org_id: &RowId,
    los_loan_id: &str,
) -> Result<Option<ExistingLoan>, Fault> {
    let row: Option<ExistingRow> = tx
        .maybe(EXISTING, vals![org_id.as_str(), los_loan_id])
        .await?;
    row.map(|row| {
        let place = At {
            table: "loan",
            id: &row.id,
        };
        let public_id = place.public_id(&row.public_id)?;
        let lifecycle = place.word("lifecycle", &row.lifecycle, Lifecycle::parse)?;
        let status = |main, sub| Status { main, sub };
        Ok(ExistingLoan {
            id: row_id(row.id),
            public_id,
            revision: row.revision,
            imported_revision: row.imported_revision,
            document_hash: row.document_hash,
            lifecycle,
            system_status: status(row.system_main_status, row.system_sub_status),
            lender_status: status(row.lender_main_status, row.lender_sub_status),
            borrower_status: status(row.borrower_main_status, row.borrower_sub_status),
        })
    })
    .transpose()
}

/// Keeps everybody else from changing a loan until the transaction ends, and waits for whoever is
/// changing it now. An update that changes nothing, because that is a lock both databases have.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_existing_in(tx: &mut Tx, org_id: &RowId, los_loan_id: &str) -> Result<(), Fault> {
    tx.exec(LOCK, vals![org_id.as_str(), los_loan_id])
        .await
        .map(|_| ())
}

/// Writes a new loan with its borrowers, application and document; `false` (and nothing written)
/// when the sender's number or the public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    lender_id: &RowId,
    org_id: &RowId,
    los_loan_id: &str,
    draft: &LoanDraft,
) -> Result<bool, Fault> {
    let line = &draft.line;
    let mut args = vals![
        lender_id.as_str(),
        line.id.as_str(),
        org_id.as_str(),
        line.public_id.as_str(),
        los_loan_id,
        line.created_at.micros(),
        line.status_at.micros(),
    ];
    args.extend(state_vals(draft));
    args.push(line.closing_at.map(Instant::micros).into());
    args.extend(term_vals(draft));
    if tx.exec(INSERT, args).await? == 0 {
        return Ok(false);
    }
    write_parts_in(tx, lender_id, draft, 1, line.created_at).await?;
    Ok(true)
}

/// Replaces an untouched loan by a newer document; `false` (and nothing written) when the loan is
/// no longer at `revision`, or somebody changed it since it was imported.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn replace_in(
    tx: &mut Tx,
    lender_id: &RowId,
    revision: i64,
    draft: &LoanDraft,
    now: Instant,
) -> Result<bool, Fault> {
    let mut args = vals![
        lender_id.as_str(),
        draft.line.id.as_str(),
        revision,
        now.micros()
    ];
    args.extend(state_vals(draft));
    args.extend(term_vals(draft));
    if tx.exec(REPLACE, args).await? == 0 {
        return Ok(false);
    }
    tx.exec(
        DROP_BORROWERS,
        vals![lender_id.as_str(), draft.line.id.as_str()],
    )
    .await?;
    write_parts_in(tx, lender_id, draft, revision + 1, now).await?;
    Ok(true)
}

fn state_vals(draft: &LoanDraft) -> Vec<crate::db::Val> {
    let line = &draft.line;
    vals![
        draft.lifecycle.is_active(),
        draft.lifecycle.as_str(),
        &line.system_status.main,
        &line.system_status.sub,
        &line.lender_status.main,
        &line.lender_status.sub,
        &line.borrower_status.main,
        &line.borrower_status.sub,
    ]
}

fn term_vals(draft: &LoanDraft) -> Vec<crate::db::Val> {
    let line = &draft.line;
    vals![
        line.purpose.as_str(),
        line.program.as_str(),
        line.occupancy.map(|o| o.as_str()),
        line.property_type.map(|t| t.as_str()),
        line.home_price.map(|c| c.get()),
        line.loan_amount.get(),
        line.monthly_income.get(),
        line.liabilities.get(),
        line.property.street.clone(),
        line.property.unit.clone(),
        line.property.city.clone(),
        line.property.state.clone(),
        line.property.postal_code.clone(),
        draft.officer_row_id.as_ref().map(RowId::as_str),
        line.officer.first_name.clone(),
        line.officer.last_name.clone(),
        line.officer.email.clone(),
        line.officer.email.as_deref().map(fold_email),
    ]
}

async fn write_parts_in(
    tx: &mut Tx,
    lender_id: &RowId,
    draft: &LoanDraft,
    revision: i64,
    now: Instant,
) -> Result<(), Fault> {
    let (lender, loan) = (lender_id.as_str(), draft.line.id.as_str());
    tx.exec(
        PUT_APPLICATION,
        vals![lender, loan, draft.application_sealed.as_slice()],
    )
    .await?;
    let source = vals![
        lender,
        loan,
        revision,
        now.micros(),
        draft.document_hash.as_slice(),
        draft.document_sealed.as_slice(),
        &draft.findings,
        draft.invite_borrowers,
    ];
    tx.exec(INSERT_SOURCE, source).await?;
    for (position, borrower) in (0_i64..).zip(&draft.borrowers) {
        let args = vals![
            lender,
            loan,
            position,
            &borrower.first_name,
            borrower.middle_name.clone(),
            &borrower.last_name,
            borrower.suffix.clone(),
            borrower.email.clone(),
            borrower.email.as_deref().map(fold_email),
            borrower.phone.clone(),
            borrower.is_primary,
            borrower.tax_id_sealed.clone(),
            borrower.birth_date_sealed.clone(),
        ];
        tx.exec(INSERT_BORROWER, args).await?;
    }
    Ok(())
}

/// Moves a loan to another point of its life. Counts as a change by somebody other than the
/// importer.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_lifecycle_in(
    tx: &mut Tx,
    lender_id: &RowId,
    loan_id: &RowId,
    lifecycle: Lifecycle,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        now.micros(),
        lifecycle.as_str(),
        lifecycle.is_active(),
    ];
    Ok(tx.exec(TOUCH, args).await? == 1)
}

/// The sealed application of a loan.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_application(
    db: &Db,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Option<Vec<u8>>, Fault> {
    let row: Option<(Vec<u8>,)> = db
        .maybe(
            READ_APPLICATION,
            vals![lender_id.as_str(), loan_id.as_str()],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

/// The newest sealed document of a loan and what was found in it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_source(
    db: &Db,
    lender_id: &RowId,
    loan_id: &RowId,
) -> Result<Option<(Vec<u8>, String)>, Fault> {
    db.maybe(READ_SOURCE, vals![lender_id.as_str(), loan_id.as_str()])
        .await
}
