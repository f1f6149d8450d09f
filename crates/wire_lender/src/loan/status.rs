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
/// Longest id of a customer system.
const CRM_ID_MAX: usize = 200;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let loan = id::loan(&data)?;
    let caller = LoanCaller::Program(&principal);
    if let Some(crm_id) = only_name(&data)? {
        let head = lintel_app::loan::name(&face.app, &caller, &loan, crm_id).await;
        return head.map(|head| render(&head)).map_err(|e| lender_error(&e));
    }
    let change = read(&data)?;
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

/// What the caller's customer system calls the loan, of a call that says nothing else about it.
fn only_name(data: &Reader<'_>) -> Result<Option<String>, LenderError> {
    let others = [
        LoanStatusField::Main,
        LoanStatusField::Sub,
        LoanStatusField::LenderMain,
        LoanStatusField::LenderSub,
        LoanStatusField::BorrowerMain,
        LoanStatusField::BorrowerSub,
        LoanStatusField::ClosingDate,
    ];
    if others.iter().any(|field| data.has(name(*field))) {
        return Ok(None);
    }
    data.opt_text(name(LoanStatusField::CrmId), CRM_ID_MAX)
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
        crm_id: data.opt_text(name(LoanStatusField::CrmId), CRM_ID_MAX)?,
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
