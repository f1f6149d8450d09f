//! `POST /create-condition` and `POST /update-condition`: what a loan still needs. Ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::condition::{self, ConditionLine};
use lintel_app::error::AppError;
use lintel_app::loan::LoanCaller;
use lintel_domain::condition::{ConditionDraft, ConditionEdit};
use lintel_domain::refusal::{ConditionField, Denial, Field, Refusal};

use super::id;
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::loan::condition as name;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest text that is read at all; the rules of a condition are stricter.
const TEXT_MAX: usize = 20_000;

pub async fn create(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run_create).await
}

async fn run_create(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let loan = id::loan(&data)?;
    let draft = ConditionDraft {
        title: text(&data, ConditionField::Title)?,
        description: text(&data, ConditionField::Description)?,
        phase: text(&data, ConditionField::Phase)?,
        responsible: text(&data, ConditionField::Responsible)?,
        auto_satisfy: data.opt_bit("autoSatisfy")?,
        caller_key: text(&data, ConditionField::CallerKey)?,
    };
    let caller = LoanCaller::Program(&principal);
    let made = condition::create(&face.app, &caller, &loan, draft)
        .await
        .map_err(|e| lender_error(&e))?;
    let id = Node::from(made.line.public_id.as_str());
    Ok(Node::object([("conditionID", id)]))
}

pub async fn update(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run_update).await
}

async fn run_update(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let id = id::condition(&data)?;
    let edit = ConditionEdit {
        title: text(&data, ConditionField::Title)?,
        description: text(&data, ConditionField::Description)?,
        phase: text(&data, ConditionField::Phase)?,
        responsible: text(&data, ConditionField::Responsible)?,
        auto_satisfy: data.opt_bit("autoSatisfy")?,
        status: text(&data, ConditionField::Status)?,
    };
    let caller = LoanCaller::Program(&principal);
    let made = condition::update(&face.app, &caller, &id, edit)
        .await
        .map_err(|e| told(&e))?;
    Ok(line(&made.line))
}

/// What stands in the way of a change, with a reason where the row alone would not tell.
fn told(error: &AppError) -> LenderError {
    let status = ConditionField::Status;
    let reason = match error {
        AppError::Refused(Refusal::Denied(Denial::NotPermitted)) => {
            "a condition is worded, satisfied and waived by whoever put it there or by the lender"
        }
        AppError::Refused(Refusal::Invalid {
            field: Field::Condition(ConditionField::Status),
            ..
        }) => "open, received (with a document for it), satisfied or waived",
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => {
            return lender_error(error);
        }
    };
    let detail = Node::object([
        ("field", Node::from(name(status))),
        ("reason", Node::from(reason)),
    ]);
    LenderError::invalid(name(status)).with_details(vec![detail])
}

fn text(data: &Reader<'_>, field: ConditionField) -> Result<Option<String>, LenderError> {
    data.opt_text(name(field), TEXT_MAX)
}

/// A condition as it is shown.
pub fn line(condition: &ConditionLine) -> Node {
    let documents = condition.documents.iter().map(|id| Node::from(id.as_str()));
    Node::object([
        ("conditionID", Node::from(condition.public_id.as_str())),
        ("conditionUID", Node::from(condition.caller_key.as_ref())),
        ("title", Node::from(&condition.title)),
        ("description", Node::from(&condition.description)),
        ("type", Node::from(condition.phase.as_str())),
        ("responsible", Node::from(condition.responsible.as_str())),
        ("autoSatisfy", Node::Bool(condition.auto_satisfy)),
        ("status", Node::from(condition.status.as_str())),
        ("createdDate", Node::Int(condition.created_at.seconds())),
        ("statusDate", Node::Int(condition.status_at.seconds())),
        ("documents", Node::List(documents.collect())),
    ])
}
