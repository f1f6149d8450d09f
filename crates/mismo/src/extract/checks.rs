//! Checks across parts. None of them stops a loan: applications start incomplete.

use std::collections::HashSet;

use lintel_domain::application::Application;

use super::parties::Parties;
use crate::finding::{Code, Severity};
use crate::tree::Part;

/// Borrowers underwriting systems accept.
const MAX_BORROWERS: usize = 4;

/// Parties underwriting systems accept.
const MAX_PARTIES: usize = 10;

/// Reports what is missing or contradicts itself.
pub(super) fn run(
    deal: Part<'_>,
    loan: Part<'_>,
    parties: &Parties<'_>,
    application: &Application,
) {
    counts(deal, loan, parties, application);
    emails(parties, application);
    amounts(loan, application);
    wanted(deal, loan, application);
}

fn counts(deal: Part<'_>, loan: Part<'_>, parties: &Parties<'_>, application: &Application) {
    let found = application.borrowers.len();
    let stated = application.loan.stated_borrower_count;
    if stated.is_some_and(|stated| u32::try_from(found) != Ok(stated)) {
        let message = format!("BorrowerCount differs from the {found} borrowers of the document.");
        loan.at("LOAN_DETAIL")
            .report(Code::Conflict, Severity::Warning, message);
    }
    let place = deal.at("PARTIES");
    if found > MAX_BORROWERS {
        let message = format!("There are {found} borrowers; underwriting systems accept four.");
        place.report(Code::AgencyLimit, Severity::Warning, message);
    }
    if parties.count() > MAX_PARTIES {
        let message = "There are more than ten parties; underwriting systems accept ten.";
        place.report(Code::AgencyLimit, Severity::Note, message);
    }
}

/// Every borrower needs an own address to be invited to sign.
fn emails(parties: &Parties<'_>, application: &Application) {
    let mut known: HashSet<String> = HashSet::new();
    for (borrower, party) in application.borrowers.iter().zip(parties.borrower_parties()) {
        match borrower.email() {
            None => {
                let message = "The borrower has no mail address and cannot be invited.";
                party.report(Code::RequiredMissing, Severity::Warning, message);
            }
            Some(email) => {
                if !known.insert(email.to_lowercase()) {
                    let message = "Another borrower has the same mail address.";
                    party.report(Code::Conflict, Severity::Warning, message);
                }
            }
        }
    }
}

fn amounts(loan: Part<'_>, application: &Application) {
    let value = application.property.value().or(application.home_price());
    if value.is_some_and(|value| application.loan.amount_cents > value) {
        let message = "The loan amount is above the value of the property.";
        loan.at("TERMS_OF_LOAN")
            .report(Code::Conflict, Severity::Warning, message);
    }
}

/// What a loan can be made without and not be priced.
fn wanted(deal: Part<'_>, loan: Part<'_>, application: &Application) {
    let missing = |part: Part<'_>, message: &'static str| {
        part.report(Code::RequiredMissing, Severity::Warning, message);
    };
    // What is there and was not understood has a finding of its own.
    let is_silent = |part: Part<'_>, path: &str| !part.at(path).says_something();
    let terms = &application.loan;
    let rule = loan.at("AMORTIZATION/AMORTIZATION_RULE");
    if terms.note_rate_pct_e9.is_none() && is_silent(loan, "TERMS_OF_LOAN/NoteRatePercent") {
        missing(loan, "TERMS_OF_LOAN/NoteRatePercent is absent.");
    }
    if terms.amortization.is_none() && is_silent(rule, "AmortizationType") {
        missing(
            loan,
            "AMORTIZATION/AMORTIZATION_RULE/AmortizationType is absent.",
        );
    }
    if application.term_months().is_none() && is_silent(rule, "LoanAmortizationPeriodCount") {
        missing(loan, "The term is absent (LoanAmortizationPeriodCount).");
    }
    let collaterals = deal.at("COLLATERALS");
    if !collaterals.exists() {
        return;
    }
    let subjects: Vec<Part<'_>> = deal
        .every("COLLATERALS/COLLATERAL")
        .map(|collateral| collateral.at("SUBJECT_PROPERTY"))
        .collect();
    let all_silent = |path: &str| subjects.iter().all(|subject| is_silent(*subject, path));
    let usage = "PROPERTY_DETAIL/PropertyUsageType";
    if application.property.usage.is_none() && all_silent(usage) {
        missing(collaterals, "PROPERTY_DETAIL/PropertyUsageType is absent.");
    }
    if application.home_price().is_none() && PRICES.iter().all(|path| all_silent(path)) {
        missing(
            collaterals,
            "Neither a value nor a price of the property is given.",
        );
    }
}

/// Where a property's value or price stands, in the first entry of each list.
const PRICES: [&str; 3] = [
    "PROPERTY_DETAIL/PropertyEstimatedValueAmount",
    "PROPERTY_VALUATIONS/PROPERTY_VALUATION/PROPERTY_VALUATION_DETAIL/PropertyValuationAmount",
    "SALES_CONTRACTS/SALES_CONTRACT/SALES_CONTRACT_DETAIL/SalesContractAmount",
];
