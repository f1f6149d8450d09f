//! `POST /api/partner/lender/users`: the loan officers of the lender the token is for.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::partner::officers;

use super::{LenderId, enter, own_lender, refused};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::people::internal::render;
use crate::tree::Node;

/// The values of `filter`; there is one.
const FILTERS: &[(&str, ())] = &[("loanofficer", ())];

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (caller, data) = enter(&face, &mut call).await?;
    let data = Reader::new(&data);
    own_lender(&caller, &data, LenderId::Needed)?;
    data.req_enum("filter", FILTERS)?;
    let people = officers(&face.app, &caller)
        .await
        .map_err(|e| refused(&e))?;
    render(&face.app, &people)
}
