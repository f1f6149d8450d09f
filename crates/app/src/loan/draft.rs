//! From an application to the rows that are written: the pipeline line, the borrowers, the sealed
//! parts.

use lintel_domain::application::Application;
use lintel_domain::application::borrower::Borrower;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::{Lifecycle, LoanLine, OfficerName, PropertyAddress, Status};
use lintel_domain::person::StaffMember;
use lintel_domain::status::Worded;
use lintel_engine::money::Cents;
use lintel_mismo::Finding;
use lintel_store::fault::Fault;
use lintel_store::loan::write::{BorrowerDraft, ExistingLoan, LoanDraft};
use serde_json::json;

use crate::context::App;
use crate::keys::Purpose;

/// What arrived, read and checked.
pub(super) struct DraftParts {
    pub application: Application,
    pub document: Vec<u8>,
    pub findings: String,
    pub invite_borrowers: bool,
    pub status: Option<Status>,
}

/// Which loan the draft becomes.
pub(super) struct Identity {
    pub id: RowId,
    pub public_id: PublicId,
    pub created_at: Instant,
}

/// Where the loan stands, in everybody's words.
pub(super) struct Placed {
    pub lifecycle: Lifecycle,
    pub system: Status,
    pub lender: Status,
    pub borrower: Status,
}

impl From<Worded> for Placed {
    fn from(worded: Worded) -> Self {
        Self {
            lifecycle: worded.step.lifecycle(),
            system: worded.step.status(),
            lender: worded.lender,
            borrower: worded.borrower,
        }
    }
}

impl From<&ExistingLoan> for Placed {
    fn from(loan: &ExistingLoan) -> Self {
        Self {
            lifecycle: loan.lifecycle,
            system: loan.system_status.clone(),
            lender: loan.lender_status.clone(),
            borrower: loan.borrower_status.clone(),
        }
    }
}

/// Findings as they are stored. They hold no personal data by construction.
pub(super) fn findings_json(findings: &[Finding]) -> Result<String, Fault> {
    let list: Vec<serde_json::Value> = findings
        .iter()
        .map(|f| {
            json!({
                "code": f.code.as_str(),
                "severity": f.severity.as_str(),
                "path": f.path,
                "line": f.line,
                "message": f.message,
            })
        })
        .collect();
    serde_json::to_string(&list).map_err(|e| Fault::internal("cannot write findings").caused_by(e))
}

/// Puts the rows together and seals what must be sealed. Sealed values are bound to the loan's id.
pub(super) fn build(
    app: &App,
    parts: &DraftParts,
    identity: Identity,
    placed: Placed,
    officer: Option<StaffMember>,
    document_hash: &[u8],
) -> Result<LoanDraft, Fault> {
    let application = &parts.application;
    let row = identity.id.as_str().to_owned();
    let json = serde_json::to_vec(application)
        .map_err(|e| Fault::internal("cannot write an application").caused_by(e))?;
    let seal = |purpose, plain: &[u8]| app.keys().seal(purpose, &row, plain, app.rng());
    let primary = application.primary_borrower_index();
    let borrowers = application
        .borrowers
        .iter()
        .enumerate()
        .map(|(n, b)| borrower_draft(app, &format!("{row}/{n}"), b, primary == Some(n)))
        .collect::<Result<Vec<_>, Fault>>()?;
    Ok(LoanDraft {
        lifecycle: placed.lifecycle,
        officer_row_id: officer.as_ref().map(|o| o.id.clone()),
        borrowers,
        application_sealed: seal(Purpose::LoanApplication, &json)?,
        document_sealed: seal(Purpose::LoanDocument, &parts.document)?,
        document_hash: document_hash.to_vec(),
        findings: parts.findings.clone(),
        invite_borrowers: parts.invite_borrowers,
        line: line(application, identity, placed, officer),
    })
}

fn line(
    application: &Application,
    identity: Identity,
    placed: Placed,
    officer: Option<StaffMember>,
) -> LoanLine {
    let property = &application.property;
    LoanLine {
        id: identity.id,
        public_id: identity.public_id,
        created_at: identity.created_at,
        status_at: identity.created_at,
        system_status: placed.system,
        lender_status: placed.lender,
        borrower_status: placed.borrower,
        closing_at: None,
        purpose: application.purpose(),
        program: application.program(),
        occupancy: application.occupancy(),
        property_type: property.property_type(),
        home_price: application.home_price(),
        loan_amount: application.loan.amount_cents,
        // Absent only when the sum leaves the range of money: then the pipeline shows none.
        monthly_income: application
            .total_monthly_income_cents()
            .unwrap_or(Cents::ZERO),
        liabilities: application.total_liabilities_cents().unwrap_or(Cents::ZERO),
        property: PropertyAddress {
            street: property.address.line.clone(),
            unit: property.address.unit.clone(),
            city: property.address.city.clone(),
            state: property.address.state.clone(),
            postal_code: property.address.zip5().map(str::to_owned),
        },
        officer: officer_name(application, officer),
    }
}

/// The staff list's spelling when the officer is one of ours, the document's otherwise.
fn officer_name(application: &Application, officer: Option<StaffMember>) -> OfficerName {
    if let Some(person) = officer {
        return OfficerName {
            first_name: Some(person.first_name),
            last_name: Some(person.last_name),
            email: Some(person.email),
            public_id: Some(person.public_id),
        };
    }
    application
        .originator
        .as_ref()
        .map_or_else(OfficerName::default, |o| OfficerName {
            first_name: o.name.first.clone(),
            last_name: o.name.last.clone().or_else(|| o.name.full.clone()),
            email: o.emails.first().cloned(),
            public_id: None,
        })
}

fn borrower_draft(
    app: &App,
    row: &str,
    borrower: &Borrower,
    is_primary: bool,
) -> Result<BorrowerDraft, Fault> {
    let seal = |purpose, plain: &str| app.keys().seal(purpose, row, plain.as_bytes(), app.rng());
    let tax_id = borrower
        .tax_id
        .as_ref()
        .map(|t| seal(Purpose::TaxId, t.value.expose()));
    let birth_date = borrower
        .birth_date
        .as_ref()
        .map(|d| seal(Purpose::BirthDate, &d.expose().to_string()));
    Ok(BorrowerDraft {
        first_name: borrower.name.first.clone().unwrap_or_default(),
        middle_name: borrower.name.middle.clone(),
        last_name: borrower.name.last.clone().unwrap_or_default(),
        suffix: borrower.name.suffix.clone(),
        email: borrower.emails.first().cloned(),
        phone: borrower.phones.first().map(|p| p.number.clone()),
        is_primary,
        tax_id_sealed: tax_id.transpose()?,
        birth_date_sealed: birth_date.transpose()?,
    })
}
