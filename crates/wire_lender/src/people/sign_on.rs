//! `POST /get-single-sign-on-url`: a link that signs a person in once, or leads back to an unfinished
//! set-up.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::link::single_sign_on_url;
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{Noun, Refusal};

use crate::call::{Call, Face};
use crate::draft::{LENDER, lender_id, member};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Where the person is named.
const USER: &str = "user.userID";

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let (lender, user) = read(&Reader::new(&data))?;
    let url = single_sign_on_url(&face.app, &principal, &lender, &user)
        .await
        .map_err(|e| refused(&e))?;
    Ok(Node::object([("signOnURL", Node::from(url))]))
}

fn read(data: &Reader<'_>) -> Result<(String, String), LenderError> {
    let user = match member(data, "user", "userID") {
        Entry::Given(user) => user,
        Entry::Absent => return Err(LenderError::empty(USER)),
        Entry::Unreadable => return Err(user_invalid()),
    };
    match lender_id(data) {
        Entry::Given(lender) => Ok((lender, user)),
        Entry::Absent | Entry::Unreadable => Err(lender_invalid()),
    }
}

fn refused(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound { what: Noun::Staff }) => user_invalid(),
        AppError::Refused(Refusal::NotFound {
            what: Noun::Organisation,
        }) => lender_invalid(),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}

fn user_invalid() -> LenderError {
    LenderError::new(501, "Parameter user.userID invalid.").at(USER)
}

fn lender_invalid() -> LenderError {
    LenderError::lender_id_invalid().at(LENDER)
}
