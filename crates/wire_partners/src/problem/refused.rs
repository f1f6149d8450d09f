//! From what a use case refused to what this API says. Exhaustive, without a catch-all.

use axum::http::StatusCode;
use lintel_app::error::{AppError, Fault, FaultKind};
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_edge::BodyError;

use super::{Problem, words};
use crate::json::Wrong;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => refusal.into(),
            // Documents of loans are no part of this contract.
            AppError::Document(_) => unreadable(),
            AppError::Failed(fault) => fault.into(),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        // Logged here, once, with the chain; the caller gets the correlation id only.
        tracing::error!(error = %fault.chain(), "call failed");
        match fault.kind() {
            FaultKind::Busy | FaultKind::Unavailable => Self::busy(),
            FaultKind::Corrupt | FaultKind::Internal => Self::internal(),
        }
    }
}

impl From<Vec<Finding>> for Problem {
    fn from(findings: Vec<Finding>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, findings)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound { .. } => Self::not_found(),
            // Said in the words of another market: the use cases of this one find `Findings`.
            Refusal::Invalid { .. } | Refusal::Several(_) => unreadable(),
            Refusal::Denied(denial) => denied(denial),
            Refusal::Findings(findings) => findings.into(),
            Refusal::WrongState { what, is: _ } => {
                let rule = CreditRule::NotAllowedNow;
                Self::one(StatusCode::CONFLICT, standing(what), rule)
            }
            Refusal::Stale { .. } => Self::stale(),
        }
    }
}

fn unreadable() -> Problem {
    Problem::found(Finding::new(CreditField::Body, CreditRule::Malformed))
}

fn denied(denial: Denial) -> Problem {
    match denial {
        Denial::PartnerUnknown => Problem::nobody(),
        Denial::CredentialsUnknown
        | Denial::TokenExpired
        | Denial::TokenMismatch
        | Denial::TokenUnknown
        | Denial::OrganisationMismatch
        | Denial::PartnerSessionOver => Problem::no_session(),
        Denial::NotPermitted => forbidden(),
        Denial::SecondPersonNeeded => forbidden().about(&words::SECOND_PERSON),
        Denial::PartnerThrottled { wait_seconds } => {
            let (field, rule) = (CreditField::Header, CreditRule::NotAllowedNow);
            Problem::one(StatusCode::TOO_MANY_REQUESTS, field, rule).after(wait_seconds.max(1))
        }
    }
}

fn forbidden() -> Problem {
    let (field, rule) = (CreditField::SessionToken, CreditRule::NotAllowedNow);
    Problem::one(StatusCode::FORBIDDEN, field, rule)
}

/// The field under which it is told that something does not stand as it should.
const fn standing(what: Noun) -> CreditField {
    match what {
        Noun::Simulation => CreditField::SimulationId,
        Noun::Process | Noun::ProcessProperty | Noun::InformationRequest => {
            CreditField::ProcessStatus
        }
        Noun::ProcessBorrower => CreditField::BorrowerType,
        Noun::ProcessDocument => CreditField::DocumentContent,
        Noun::Proposal => CreditField::ProposalStatus,
        Noun::Callback => CreditField::CallbackActive,
        Noun::CallbackDelivery => CreditField::NotificationType,
        Noun::Network | Noun::Intermediary | Noun::IntermediaryUser => CreditField::BrokerId,
        Noun::Taxonomy
        | Noun::Organisation
        | Noun::Credential
        | Noun::Loan
        | Noun::Staff
        | Noun::Lead
        | Noun::Search
        | Noun::Product
        | Noun::CatalogueVersion
        | Noun::Branch
        | Noun::Vendor
        | Noun::Condition
        | Noun::Document
        | Noun::LosConnector
        | Noun::LosLoan
        | Noun::Borrower
        | Noun::Message
        | Noun::Task
        | Noun::Alert
        | Noun::RateWatch => CreditField::Path,
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        let bad = |rule, words: &'static (&'static str, &'static str)| {
            Self::one(StatusCode::BAD_REQUEST, CreditField::Body, rule).about(words)
        };
        match error {
            BodyError::TooLarge { limit } | BodyError::TooMuchBeside { limit } => {
                let most = Bound::Count(u64::try_from(limit).unwrap_or(u64::MAX));
                too_large(CreditRule::TooLong(most))
            }
            BodyError::TooManyFields => too_large(CreditRule::Unsupported),
            BodyError::Busy => Self::busy(),
            BodyError::TimedOut => {
                let (field, rule) = (CreditField::Body, CreditRule::Failed);
                Self::one(StatusCode::REQUEST_TIMEOUT, field, rule).about(&words::SLOW_BODY)
            }
            BodyError::Broken => bad(CreditRule::Failed, &words::BROKEN),
            BodyError::UnsupportedType => Self::unsupported_type(),
            BodyError::BadMultipart(_) | BodyError::BadForm(_) => unreadable(),
            BodyError::BadJson { line, column } => {
                bad(CreditRule::Malformed, &words::NOT_JSON).place(line, column)
            }
            BodyError::TooDeep => bad(CreditRule::Unsupported, &words::TOO_DEEP),
        }
    }
}

fn too_large(rule: CreditRule) -> Problem {
    Problem::one(StatusCode::PAYLOAD_TOO_LARGE, CreditField::Body, rule)
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Body(error) => error.into(),
            Wrong::Twice { line, column } => {
                let (field, rule) = (CreditField::Body, CreditRule::Duplicate);
                Self::one(StatusCode::BAD_REQUEST, field, rule)
                    .about(&words::TWICE)
                    .place(line, column)
            }
        }
    }
}
