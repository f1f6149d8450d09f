//! From what the application refused to what this API says. Exhaustive, without a catch-all.

pub mod rows;

use lintel_app::error::{AppError, FaultKind};
use lintel_domain::refusal::{Denial, Field, Noun, Refusal, Rule};

use crate::error::LenderError;
use crate::loan::finding;
use crate::names;

/// Translates an application error.
pub fn lender_error(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(refusal) => refused(refusal),
        AppError::Document(findings) => {
            LenderError::missing("mismo34").with_details(finding::list(findings))
        }
        AppError::Failed(fault) => {
            // Logged here, once, with the chain; the caller gets the request id only.
            tracing::error!(error = %fault.chain(), "call failed");
            match fault.kind() {
                FaultKind::Busy | FaultKind::Unavailable => LenderError::busy(),
                FaultKind::Corrupt | FaultKind::Internal => LenderError::internal(),
            }
        }
    }
}

/// Translates an application error for an endpoint whose table has one row for a lender or a user that
/// is not there; the paths say which of the two it was.
pub fn organisation_or_user(error: &AppError, lender: &str, user: &str) -> LenderError {
    let path = match error {
        AppError::Refused(Refusal::NotFound {
            what: Noun::Organisation,
        }) => lender,
        AppError::Refused(Refusal::NotFound { what: Noun::Staff }) => user,
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => {
            return lender_error(error);
        }
    };
    LenderError::lender_or_user_invalid().at(path)
}

fn refused(refusal: &Refusal) -> LenderError {
    match refusal {
        Refusal::NotFound { what } => match what {
            Noun::Organisation => LenderError::lender_id_invalid(),
            Noun::Credential => LenderError::credentials_invalid(),
            Noun::Loan => LenderError::missing("loanPublicID"),
            Noun::Staff => LenderError::lender_or_user_invalid(),
            Noun::Lead => LenderError::invalid("borrower.bsmLeadUID"),
            Noun::Search => LenderError::invalid("searchID"),
            Noun::Product => LenderError::invalid("products"),
            Noun::CatalogueVersion => LenderError::invalid("version"),
            Noun::Branch => LenderError::invalid("branchID"),
            Noun::Vendor => LenderError::invalid("vendor"),
            Noun::Borrower => LenderError::user_id_invalid(),
            Noun::Condition => LenderError::missing("conditionID"),
            Noun::Document => LenderError::missing("docID"),
            Noun::LosConnector | Noun::LosLoan => LenderError::missing("loanLOSID"),
            Noun::Message => LenderError::missing("messageID"),
            Noun::Task => LenderError::missing("taskID"),
            Noun::Alert => LenderError::missing("alertID"),
            Noun::RateWatch => LenderError::missing("token"),
            // Of the Portuguese market, which no call of this face is about.
            Noun::Network
            | Noun::Intermediary
            | Noun::IntermediaryUser
            | Noun::Simulation
            | Noun::Process
            | Noun::ProcessBorrower
            | Noun::ProcessProperty
            | Noun::ProcessDocument
            | Noun::InformationRequest
            | Noun::Proposal
            | Noun::Callback
            | Noun::CallbackDelivery
            | Noun::Taxonomy => LenderError::invalid("id"),
        },
        Refusal::Invalid { field, rule } => mistake(field, *rule),
        Refusal::Several(mistakes) => rows::several(mistakes, |_, _| None),
        Refusal::Denied(denial) => match denial {
            Denial::CredentialsUnknown => LenderError::credentials_invalid(),
            Denial::TokenExpired => LenderError::token_expired(),
            Denial::TokenMismatch => LenderError::token_mismatch(),
            Denial::TokenUnknown => LenderError::token_invalid(),
            Denial::OrganisationMismatch => LenderError::lender_id_mismatch(),
            // Of people who signed in, never of key pairs.
            Denial::NotPermitted
            | Denial::PartnerUnknown
            | Denial::PartnerSessionOver
            | Denial::PartnerThrottled { .. }
            | Denial::SecondPersonNeeded => LenderError::credentials_invalid(),
        },
        Refusal::Findings(_) | Refusal::WrongState { .. } | Refusal::Stale { .. } => {
            LenderError::invalid("id")
        }
    }
}

fn mistake(field: &Field, rule: Rule) -> LenderError {
    let path = names::path(field);
    match rule {
        Rule::Missing => LenderError::missing(&path),
        Rule::Malformed if names::is_needed(field) => LenderError::missing(&path),
        Rule::Malformed | Rule::Conflict => LenderError::invalid(&path),
    }
}
