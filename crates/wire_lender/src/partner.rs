//! The partner family: what vendors call with a lender's leave, under `/api/partner` and `/api/loan`.
//!
//! Members of the payload are read from `data` when it is sent, else from beside the credentials.

mod leads;
mod lenders;
mod loans;
mod signing;
mod token;
mod users;

use axum::Router;
use axum::routing::post;
use lintel_app::error::AppError;
use lintel_app::partner::{PartnerCaller, authenticate, check_lender};
use lintel_domain::refusal::{Denial, Refusal};
use lintel_edge::one::one;
use serde_json::Value;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;

/// The paths of this family, with their prefixes.
pub const PARTNER_ENDPOINTS: &[&str] = &[
    "/api/partner/access-token",
    "/api/partner/access-token/destroy",
    "/api/partner/lenders",
    "/api/partner/lender/users",
    "/api/partner/loan/get-list-loans",
    "/api/partner/create-lead",
    "/api/loan/set-esign-url",
];

/// Groups of members that may be sent as JSON texts beside the credentials.
const GROUPS: &[&str] = &[
    "borrower",
    "loan",
    "loanOfficer",
    "borrowers",
    "filter",
    "withBorrower",
    "loanViews",
];

/// The routes of the family.
pub fn routes() -> Router<Face> {
    let partner = Router::new()
        .route("/access-token", post(one(token::issue)))
        .route("/access-token/destroy", post(one(token::destroy)))
        .route("/lenders", post(one(lenders::handle)))
        .route("/lender/users", post(one(users::handle)))
        .route("/loan/get-list-loans", post(one(loans::handle)))
        .route("/create-lead", post(one(leads::handle)));
    let loan = Router::new().route("/set-esign-url", post(one(signing::handle)));
    Router::new()
        .nest("/api/partner", partner)
        .nest("/api/loan", loan)
}

/// Everything before the payload's own checks, for calls with a token.
async fn enter(face: &Face, call: &mut Call) -> Result<(PartnerCaller, Value), LenderError> {
    let pair = call.key_pair()?;
    let token = call.access_token()?;
    let data = call.payload(GROUPS)?;
    let caller = authenticate(&face.app, &pair, &token)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok((caller, data))
}

/// Whether a call must say which lender it is about, beside the token that is for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LenderId {
    Needed,
    Optional,
}

/// Longest id that is looked at.
const ID_MAX: usize = 100;

/// Checks that `lenderID`, where it is sent, is the lender the token is for.
fn own_lender(
    caller: &PartnerCaller,
    data: &Reader<'_>,
    need: LenderId,
) -> Result<(), LenderError> {
    let id = match need {
        LenderId::Needed => Some(data.req_text("lenderID", ID_MAX)?),
        LenderId::Optional => data.opt_text("lenderID", ID_MAX)?,
    };
    id.map_or(Ok(()), |id| {
        check_lender(caller, &id).map_err(|e| refused(&e))
    })
}

/// What was not granted answers like a lender that granted nothing.
fn refused(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::Denied(Denial::NotPermitted)) => {
            LenderError::lender_id_invalid()
        }
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}
