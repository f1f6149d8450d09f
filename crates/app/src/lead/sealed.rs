//! What is said about somebody, sealed for the row it is stored in.

use lintel_domain::id::RowId;
use lintel_domain::lead::{LeadBorrower, PricedLoan};
use lintel_domain::signup::SignupFacts;
use lintel_store::fault::Fault;
use lintel_store::lead::StoredLead;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::App;
use crate::keys::Purpose;

/// Seals what is said about somebody, for the row it is stored in.
pub(crate) fn seal<T: Serialize>(
    app: &App,
    purpose: Purpose,
    row: &str,
    value: &T,
) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(value)
        .map_err(|_| Fault::internal("what a lead says could not be written"))?;
    app.keys().seal(purpose, row, &plain, app.rng())
}

/// None when it was opened and cannot be read. The parser's message may quote what it read: it is
/// left out.
pub(super) fn unseal<T: DeserializeOwned>(
    app: &App,
    purpose: Purpose,
    row: &str,
    sealed: &[u8],
) -> Result<Option<T>, Fault> {
    let plain = app.keys().unseal(purpose, row, sealed)?;
    Ok(serde_json::from_slice(&plain).ok())
}

pub(crate) fn seal_borrower(
    app: &App,
    id: &RowId,
    borrower: &LeadBorrower,
) -> Result<Vec<u8>, Fault> {
    seal(app, Purpose::LeadBorrower, id.as_str(), borrower)
}

/// A lead without a loan has `null` sealed.
pub(crate) fn seal_loan(
    app: &App,
    id: &RowId,
    loan: Option<&PricedLoan>,
) -> Result<Vec<u8>, Fault> {
    seal(app, Purpose::LeadLoan, id.as_str(), &loan)
}

pub(crate) fn seal_facts(app: &App, id: &RowId, facts: &SignupFacts) -> Result<Vec<u8>, Fault> {
    seal(app, Purpose::LeadSignup, id.as_str(), facts)
}

pub(crate) fn borrower_of(app: &App, lead: &StoredLead) -> Result<LeadBorrower, Fault> {
    let (purpose, id) = (Purpose::LeadBorrower, lead.id.as_str());
    unseal(app, purpose, id, &lead.borrower_sealed)?
        .ok_or_else(|| Fault::corrupt("lead", "borrower_sealed", id))
}

pub(crate) fn loan_of(app: &App, lead: &StoredLead) -> Result<Option<PricedLoan>, Fault> {
    let (purpose, id) = (Purpose::LeadLoan, lead.id.as_str());
    unseal(app, purpose, id, &lead.loan_sealed)?
        .ok_or_else(|| Fault::corrupt("lead", "loan_sealed", id))
}

pub(crate) fn facts_of(app: &App, lead: &StoredLead) -> Result<Option<SignupFacts>, Fault> {
    let Some(signup) = &lead.signup else {
        return Ok(None);
    };
    let (purpose, id) = (Purpose::LeadSignup, lead.id.as_str());
    unseal(app, purpose, id, &signup.facts_sealed)?
        .map(Some)
        .ok_or_else(|| Fault::corrupt("lead", "signup_sealed", id))
}
