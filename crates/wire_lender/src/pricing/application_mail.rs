//! `POST /email-application`: borrowers get a mail with a link to the sign-up page of a loan officer,
//! with the loan they looked at when there is one.

pub mod borrower;
pub mod loan;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::lead::invite::{BORROWERS_MAX, Invitation, Standing, invite, inviter};
use lintel_app::quote::day_of;
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_engine::date::Date;

use super::signup::TEXT_MAX;
use crate::call::{Call, Face};
use crate::draft::{LENDER, lender_id, member};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::{lender_error, organisation_or_user};
use crate::tree::Node;

/// Where the person is named.
const USER: &str = "user.userUID";
/// Where the lead is named. Longest id of a customer system.
const LEAD: (&str, usize) = ("publicID", 200);

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

/// Who invites is looked at before what is said: the contract lists its row first.
async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let (lender, user) = whose(&data)?;
    let standing = inviter(&face.app, &principal, &lender, &user)
        .await
        .map_err(|e| organisation_or_user(&e, LENDER, USER))?;
    let inviter = match standing {
        Standing::Ready(inviter) => inviter,
        Standing::NotSetUp => {
            return Err(LenderError::new(501, "Broker has not been set up.").at(LENDER));
        }
    };
    let today = day_of(face.app.now()).map_err(|_| LenderError::internal())?;
    let invitation = read(&data, today)?;
    invite(&face.app, &principal, &inviter, &invitation)
        .await
        .map_err(|e| about_lead(&e))?;
    Ok(Node::Null)
}

fn whose(data: &Reader<'_>) -> Result<(String, String), LenderError> {
    let invalid = |path| LenderError::lender_or_user_invalid().at(path);
    let Entry::Given(lender) = lender_id(data) else {
        return Err(invalid(LENDER));
    };
    match member(data, "user", "userUID") {
        Entry::Given(user) => Ok((lender, user)),
        Entry::Absent | Entry::Unreadable => Err(invalid(USER)),
    }
}

fn read(data: &Reader<'_>, today: Date) -> Result<Invitation, LenderError> {
    let (name, max_len) = LEAD;
    let lead = data.opt_text(name, max_len)?;
    let readers = data.opt_list("borrowers", BORROWERS_MAX)?;
    let readers = readers.unwrap_or_default();
    if readers.is_empty() && lead.is_none() {
        return Err(LenderError::missing("borrowers"));
    }
    let borrowers = borrower::read_all(&readers, today)?;
    // PHP writes an empty object as a list.
    let loan = data.opt_obj("loan")?;
    let loan = loan.filter(|loan| loan.members().next().is_some());
    Ok(Invitation {
        lead,
        borrowers,
        loan: loan.as_ref().map(loan::read).transpose()?,
    })
}

fn about_lead(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound { what: Noun::Lead }) => LenderError::invalid(LEAD.0),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}

#[cfg(test)]
mod tests;
