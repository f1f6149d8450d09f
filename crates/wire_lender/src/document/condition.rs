//! `POST /download-condition-documents`: the papers of a condition.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::document::of_condition;
use lintel_app::error::AppError;
use lintel_app::loan::LoanCaller;
use lintel_domain::refusal::{Noun, Refusal};

use super::told::row;
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::loan::id::first_of;
use crate::refusal::lender_error;
use crate::reply::Content;

/// The parameter as this endpoint has it, and as all others do.
const NAMES: [&str; 2] = ["loanConditionPublicID", "conditionID"];

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Content, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let (name, condition) = first_of(&data, &NAMES)?;
    let slot = face.downloads.slot()?;
    let caller = LoanCaller::Program(&principal);
    let papers = of_condition(&face.app, &caller, &condition).await;
    let papers = papers.map_err(|e| refused(&e, name))?;
    let loan = papers.first().map(|paper| paper.line.loan_id.clone());
    slot.send(&face, papers, &loan.unwrap_or(condition)).await
}

fn refused(error: &AppError, name: &str) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound {
            what: Noun::Condition,
        }) => LenderError::missing(name),
        AppError::Refused(Refusal::NotFound {
            what: Noun::Document,
        }) => row(name, "the condition has no document"),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}
