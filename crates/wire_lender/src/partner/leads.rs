//! `POST /api/partner/create-lead`: somebody a vendor sends to the lender.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::lead::NewLead;
use lintel_app::partner::create_lead;
use lintel_app::quote::day_of;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_engine::date::Date;

use super::{LenderId, enter, own_lender, refused};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::pricing::signup;
use crate::tree::Node;

/// Where the loan officer is named.
const OFFICER: &str = "loan.loanOfficerUID";

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (caller, data) = enter(&face, &mut call).await?;
    let data = Reader::new(&data);
    own_lender(&caller, &data, LenderId::Optional)?;
    let today = day_of(face.app.now()).map_err(|_| LenderError::internal())?;
    let lead = read(&data, today)?;
    let id = create_lead(&face.app, &caller, lead)
        .await
        .map_err(|e| about_officer(&e))?;
    Ok(Node::object([("publicID", Node::from(id.as_str()))]))
}

/// The borrower is needed; the loan may not have been talked about yet.
fn read(data: &Reader<'_>, today: Date) -> Result<NewLead, LenderError> {
    let borrower = data.obj("borrower")?;
    if borrower.members().next().is_none() {
        return Err(LenderError::empty("borrower"));
    }
    let loan = data.opt_obj("loan")?;
    let loan = loan.filter(|loan| loan.members().next().is_some());
    let officer = match &loan {
        Some(loan) => signup::officer(loan)?,
        None => None,
    };
    Ok(NewLead {
        officer,
        borrower: signup::borrower::read(&borrower, today)?,
        loan: loan.as_ref().map(signup::loan::read).transpose()?,
    })
}

fn about_officer(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound { what: Noun::Staff }) => LenderError::invalid(OFFICER),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => refused(error),
    }
}
