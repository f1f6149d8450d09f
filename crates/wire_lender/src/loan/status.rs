//! `POST /update-loan-status`: says where a loan stands. Ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::loan::{LoanCaller, LoanHead, status};
use lintel_domain::refusal::LoanStatusField;

use super::id;
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::{Reader, start_of};
use crate::names::loan::status as name;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest text of a status.
const TEXT_MAX: usize = 100;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let loan = id::loan(&data)?;
    let change = read(&data)?;
    let caller = LoanCaller::Program(&principal);
    let outcome = status::change(&face.app, &caller, &loan, change)
        .await
        .map_err(|e| lender_error(&e))?;
    match outcome {
        status::StatusOutcome::Changed(head) | status::StatusOutcome::Unchanged(head) => {
            Ok(render(&head))
        }
        status::StatusOutcome::Barred(barred) => {
            let details = barred.details().into_iter().map(Node::from).collect();
            Err(LenderError::invalid(name(barred.field)).with_details(details))
        }
    }
}

fn read(data: &Reader<'_>) -> Result<status::StatusChange, LenderError> {
    let text = |field| data.opt_text(name(field), TEXT_MAX);
    Ok(status::StatusChange {
        main: data.req_text(name(LoanStatusField::Main), TEXT_MAX)?,
        sub: text(LoanStatusField::Sub)?,
        lender: status::StatusWords {
            main: text(LoanStatusField::LenderMain)?,
            sub: text(LoanStatusField::LenderSub)?,
        },
        borrower: status::StatusWords {
            main: text(LoanStatusField::BorrowerMain)?,
            sub: text(LoanStatusField::BorrowerSub)?,
        },
        closing_at: data
            .opt_date(name(LoanStatusField::ClosingDate))?
            .map(start_of),
    })
}

fn render(head: &LoanHead) -> Node {
    let line = &head.line;
    Node::object([
        ("ID", Node::from(line.public_id.as_str())),
        ("statusDate", Node::Int(line.status_at.seconds())),
        ("systemMainStatus", Node::from(&line.system_status.main)),
        ("systemSubStatus", Node::from(&line.system_status.sub)),
        ("lenderMainStatus", Node::from(&line.lender_status.main)),
        ("lenderSubStatus", Node::from(&line.lender_status.sub)),
        ("borrowerMainStatus", Node::from(&line.borrower_status.main)),
        ("borrowerSubStatus", Node::from(&line.borrower_status.sub)),
        (
            "closingDate",
            Node::from(line.closing_at.map(|at| at.seconds())),
        ),
        ("isActive", Node::Bool(head.lifecycle.is_active())),
    ])
}
