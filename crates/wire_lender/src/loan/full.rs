//! `POST /get-loan`: one loan with everything about it. Ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::loan::{self, FullLoan, LoanCaller};

use super::line::{BORROWER_FIELDS, VIEW_FIELDS, borrower, line, view};
use super::{application, condition, id, paper};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let id = id::loan(&Reader::new(&data))?;
    let caller = LoanCaller::Program(&principal);
    let found = loan::full(&face.app, &caller, &id)
        .await
        .map_err(|e| lender_error(&e))?;
    render(&found).ok_or_else(LenderError::internal)
}

/// A row of `/get-list-loans` with all its add-ons, and then what only one loan has.
fn render(found: &FullLoan) -> Option<Node> {
    let all = |fields: &[&str]| -> Vec<String> {
        fields.iter().map(|field| (*field).to_owned()).collect()
    };
    let (borrower_fields, view_fields) = (all(BORROWER_FIELDS), all(VIEW_FIELDS));
    let borrowers = found.borrowers.iter();
    let views = found.views.iter();
    let mut node = line(&found.head.line);
    node.push(
        "borrowers",
        Node::List(borrowers.map(|b| borrower(b, &borrower_fields)).collect()),
    );
    node.push(
        "loanViews",
        Node::List(views.map(|v| view(v, &view_fields)).collect()),
    );
    node.push("losLoanID", &found.head.los_loan_id);
    node.push("isActive", found.head.lifecycle.is_active());
    node.push("revision", found.head.revision);
    node.push("timestampLastModified", found.head.modified_at.seconds());
    node.push("application", application::node(&found.application)?);
    node.push(
        "conditions",
        Node::List(found.conditions.iter().map(condition::line).collect()),
    );
    node.push(
        "documents",
        Node::List(found.documents.iter().map(paper::line).collect()),
    );
    node.push(
        "history",
        Node::List(found.history.iter().map(paper::event).collect()),
    );
    Some(node)
}
