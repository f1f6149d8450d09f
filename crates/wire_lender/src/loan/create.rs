//! `POST /create-loan`: a MISMO 3.4 document becomes a loan.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::loan::{NewLoan, create};
use lintel_domain::loan::Status;
use lintel_domain::refusal::{Field, Refusal, Rule};
use serde_json::Value;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::loan::status as name;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest loan number and status text.
const TEXT_MAX: usize = 100;
/// Longest id of a customer system.
const CRM_ID_MAX: usize = 200;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let new = read(&Reader::new(&data))?;
    let created = create(&face.app, &principal, new)
        .await
        .map_err(|e| told(&e))?;
    Ok(Node::object([(
        "publicID",
        Node::from(created.public_id.as_str()),
    )]))
}

/// As everywhere, with the status where this endpoint has it.
fn told(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::Invalid {
            field: Field::LoanStatus(part),
            rule: Rule::Malformed | Rule::Conflict,
        }) => LenderError::invalid(&format!("losMiscLoanData.{}", name(*part))),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}

fn read(data: &Reader<'_>) -> Result<NewLoan, LenderError> {
    let los_loan_id = data.req_text("losLoanID", TEXT_MAX)?;
    // As sent: what is odd about it (a byte order mark, control characters) is for the reader of
    // documents to name.
    let document = data.value("mismo34").and_then(Value::as_str);
    let document = document.ok_or_else(|| LenderError::missing("mismo34"))?;
    let invite_borrowers = data.opt_bit("inviteBorrowers")?.unwrap_or(true);
    let (status, crm_id) = match data.opt_obj("losMiscLoanData")? {
        Some(misc) => {
            let main = misc.opt_text("loanStatusMain", TEXT_MAX)?;
            let sub = misc.opt_text("loanStatusSub", TEXT_MAX)?;
            let status = main.map(|main| Status {
                main,
                sub: sub.unwrap_or_default(),
            });
            (status, misc.opt_text("crmID", CRM_ID_MAX)?)
        }
        None => (None, None),
    };
    Ok(NewLoan {
        los_loan_id,
        document: document.as_bytes().to_vec(),
        invite_borrowers,
        status,
        officer_email: None,
        crm_id,
    })
}
