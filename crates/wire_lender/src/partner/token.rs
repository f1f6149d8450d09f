//! `POST /api/partner/access-token`: a vendor's token for one lender; and its end.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::partner;
use lintel_domain::id::PublicId;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::token::issue::render;
use crate::tree::Node;

pub async fn issue(State(face): State<Face>, request: Request) -> Response {
    face.run(request, give).await
}

async fn give(face: Arc<Face>, call: Call) -> Result<Node, LenderError> {
    let pair = call.key_pair()?;
    let lender = call.text("lenderID").and_then(PublicId::parse);
    let lender = lender.ok_or_else(LenderError::lender_id_format)?;
    let issued = partner::token(&face.app, &pair, &lender, &call.address)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(render(issued, call.address))
}

pub async fn destroy(State(face): State<Face>, request: Request) -> Response {
    face.run(request, end).await
}

async fn end(face: Arc<Face>, call: Call) -> Result<Node, LenderError> {
    let pair = call.key_pair()?;
    let token = call.access_token()?;
    partner::destroy(&face.app, &pair, &token)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(Node::Null)
}
