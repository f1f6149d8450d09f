//! `POST /api/loan/set-esign-url`: where each signer of a loan signs.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::esign::{SignerDraft, SigningDraft, set_urls};
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{Noun, Refusal};

use super::{LenderId, enter, own_lender, refused};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::signing::{DOCUMENT_VENDORS, SIGNING_STATUSES};
use crate::tree::Node;

/// Where the loan is named.
const LOAN: &str = "loanID";
/// Longest number of a loan.
const LOAN_MAX: usize = 100;
/// Most borrowers that are looked at.
const BORROWERS_MAX: usize = 100;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (caller, data) = enter(&face, &mut call).await?;
    let data = Reader::new(&data);
    own_lender(&caller, &data, LenderId::Needed)?;
    let draft = read(&data)?;
    set_urls(&face.app, &caller, draft)
        .await
        .map_err(|e| about_loan(&e))?;
    Ok(Node::Null)
}

fn read(data: &Reader<'_>) -> Result<SigningDraft, LenderError> {
    let loan = data.req_text(LOAN, LOAN_MAX)?;
    let officer = match data.entry_object("loanOfficer") {
        Entry::Given(officer) if officer.members().next().is_some() => Some(signer(&officer)),
        Entry::Given(_) | Entry::Absent => None,
        Entry::Unreadable => return Err(LenderError::invalid("loanOfficer")),
    };
    let borrowers = match data.entry_objects("borrowers", BORROWERS_MAX) {
        Entry::Given(borrowers) => borrowers,
        Entry::Absent => Vec::new(),
        Entry::Unreadable => return Err(LenderError::missing("borrowers")),
    };
    let borrower = |b: &Reader<'_>| (b.entry_text("borrowerUID").given(), signer(b));
    Ok(SigningDraft {
        loan,
        vendor: data.entry_word("docVendor", DOCUMENT_VENDORS),
        officer,
        borrowers: borrowers.iter().map(borrower).collect(),
    })
}

fn signer(reader: &Reader<'_>) -> SignerDraft {
    SignerDraft {
        url: reader.entry_text("esignURL").given(),
        expires_at: reader.entry_time("esignURLExpirationDate"),
        status: reader.entry_word("status", SIGNING_STATUSES),
    }
}

fn about_loan(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound { what: Noun::Loan }) => LenderError::missing(LOAN),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => refused(error),
    }
}
