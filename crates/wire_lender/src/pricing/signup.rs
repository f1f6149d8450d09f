//! `POST /set-signup-product-pricing`: a lead, and a link to the sign-up page with the offer chosen.

pub mod borrower;
pub mod loan;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::lead::{Signup, set_signup};
use lintel_app::quote::day_of;
use lintel_domain::lead::LeadBorrower;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::organisation_or_user;
use crate::tree::Node;

/// Longest name, address line, city, or id of another system.
pub const TEXT_MAX: usize = 100;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let today = day_of(face.app.now()).map_err(|_| LenderError::internal())?;
    let signup = read(&Reader::new(&data), today)?;
    let link = set_signup(&face.app, &principal, signup)
        .await
        .map_err(|e| organisation_or_user(&e, "company.lenderID", "loan.loanOfficerUID"))?;
    Ok(Node::object([
        ("signUpURL", Node::from(link.url)),
        ("bsmLeadUID", Node::from(link.lead.as_str())),
    ]))
}

fn read(data: &Reader<'_>, today: lintel_engine::date::Date) -> Result<Signup, LenderError> {
    // The table requires it, the sample does without: the key pair says whose call it is.
    let lender = match data.opt_obj("company")? {
        Some(company) => company.opt_text("lenderID", TEXT_MAX)?,
        None => None,
    };
    let (lead, borrower) = match data.opt_obj("borrower")? {
        Some(reader) => {
            let lead = reader.opt_text("bsmLeadUID", TEXT_MAX)?;
            (lead, borrower::read(&reader, today)?)
        }
        None => (None, LeadBorrower::default()),
    };
    let reader = data.obj("loan")?;
    let officer = officer(&reader)?;
    Ok(Signup {
        lender,
        lead,
        officer,
        borrower,
        loan: loan::read(&reader)?,
    })
}

/// Whom a loan is for: what the caller or we call the loan officer.
pub fn officer(loan: &Reader<'_>) -> Result<Option<String>, LenderError> {
    loan.opt_text("loanOfficerUID", TEXT_MAX)
}

#[cfg(test)]
mod tests;
