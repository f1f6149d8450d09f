//! `POST /import-loan`: a loan is fetched from the caller's own loan origination system.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::los::{ImportError, ImportLoan, import};
use lintel_app::ports::{LosFault, LosFaultKind};
use lintel_domain::id::Instant;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::loan::finding;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest number of a loan, and longest mail address.
const NUMBER_MAX: usize = 100;
const EMAIL_MAX: usize = 254;

/// The parameters of this endpoint.
const LOAN: &str = "loanLOSID";
const GUID: &str = "loanGUID";

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let wanted = read(&Reader::new(&data)).map_err(in_its_row)?;
    let created = import(&face.app, &principal, wanted)
        .await
        .map_err(|error| told(&error, face.app.now()))?;
    Ok(Node::object([(
        "publicID",
        Node::from(created.public_id.as_str()),
    )]))
}

fn read(data: &Reader<'_>) -> Result<ImportLoan, LenderError> {
    Ok(ImportLoan {
        los_id: data.req_text(LOAN, NUMBER_MAX)?,
        guid: data.opt_text(GUID, NUMBER_MAX)?,
        notify: data.opt_bit("notifyBorrowers")?.unwrap_or(false),
        officer_email: data.opt_text("loanOfficerEmail", EMAIL_MAX)?,
    })
}

/// The endpoint has no table of errors: whatever is wrong with a parameter is said in the one row
/// that was decided for those.
fn in_its_row(error: LenderError) -> LenderError {
    match &error.field {
        Some(path) if error.code == 501 => LenderError::missing(path).with_details(error.details),
        Some(_) | None => error,
    }
}

fn told(error: &ImportError, now: Instant) -> LenderError {
    match error {
        ImportError::App(error) => told_of_app(error),
        ImportError::Los(fault) => told_of_los(fault, now),
    }
}

fn told_of_app(error: &AppError) -> LenderError {
    let because = |code, message| LenderError::missing(LOAN).with_details(vec![why(code, message)]);
    match error {
        AppError::Refused(Refusal::NotFound {
            what: Noun::LosConnector,
        }) => because(
            "los_not_connected",
            "no loan origination system is connected to this organisation",
        ),
        AppError::Refused(Refusal::NotFound {
            what: Noun::LosLoan,
        }) => because(
            "los_loan_unknown",
            "the loan origination system has no such loan",
        ),
        AppError::Refused(Refusal::Invalid {
            field: Field::LosLoanId,
            rule: Rule::Conflict,
        }) => because(
            "loan_changed",
            "the loan was changed here since it arrived, so another document does not replace it",
        ),
        AppError::Refused(Refusal::Invalid {
            field: Field::LosLoanId,
            rule: Rule::Missing | Rule::Malformed,
        }) => LenderError::missing(LOAN),
        AppError::Document(findings) => {
            LenderError::missing(LOAN).with_details(finding::list(findings))
        }
        AppError::Refused(
            Refusal::NotFound { .. }
            | Refusal::Invalid { .. }
            | Refusal::Several(_)
            | Refusal::Denied(_)
            | Refusal::Findings(_)
            | Refusal::WrongState { .. }
            | Refusal::Stale { .. },
        )
        | AppError::Failed(_) => in_its_row(lender_error(error)),
    }
}

/// A fault of the caller's system: logged here, once, in the operator's words.
fn told_of_los(fault: &LosFault, now: Instant) -> LenderError {
    let kind = fault.kind();
    tracing::warn!(error = %fault, ?kind, "a loan could not be fetched");
    let (code, message) = match kind {
        LosFaultKind::NotFound => (
            "los_loan_unknown",
            "the loan origination system has no such loan",
        ),
        LosFaultKind::GuidNeeded => (
            "los_guid_needed",
            "the loan origination system is asked by the loan's GUID",
        ),
        LosFaultKind::Refused => (
            "los_refused",
            "the loan origination system does not accept the connector's credentials",
        ),
        LosFaultKind::TimedOut => (
            "los_timed_out",
            "the loan origination system did not answer in time",
        ),
        LosFaultKind::Unavailable { .. } => (
            "los_unavailable",
            "the loan origination system cannot be reached or cannot answer",
        ),
        LosFaultKind::TooLarge => (
            "los_answer_too_large",
            "the loan origination system answers more than is read",
        ),
        LosFaultKind::Garbled => (
            "los_answer_unusable",
            "the loan origination system's answer holds no document",
        ),
        LosFaultKind::Busy => ("los_busy", "too many loans are being fetched"),
        LosFaultKind::CircuitOpen { .. } => (
            "los_paused",
            "the loan origination system failed several times in a row and is left alone for a while",
        ),
    };
    let details = vec![why(code, message)];
    if kind.is_worth_repeating() {
        let seconds = kind.retry_after_s(now);
        return LenderError::busy().with_details(details).after(seconds);
    }
    let parameter = match kind {
        LosFaultKind::GuidNeeded => GUID,
        LosFaultKind::NotFound
        | LosFaultKind::Refused
        | LosFaultKind::TimedOut
        | LosFaultKind::Unavailable { .. }
        | LosFaultKind::TooLarge
        | LosFaultKind::Garbled
        | LosFaultKind::Busy
        | LosFaultKind::CircuitOpen { .. } => LOAN,
    };
    LenderError::missing(parameter).with_details(details)
}

/// A reason, in the shape of a document's findings.
fn why(code: &'static str, message: &'static str) -> Node {
    Node::object([
        ("code", Node::from(code)),
        ("severity", Node::from("error")),
        ("message", Node::from(message)),
    ])
}
