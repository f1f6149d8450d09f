//! `POST /access-token`: the same token while it lives, 25 days from now.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::token::{Issued, issue};
use lintel_domain::id::PublicId;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, call: Call) -> Result<Node, LenderError> {
    let pair = call.key_pair()?;
    // Not among the parameters of the text, but its error table checks one: optional.
    let lender = if call.has("lenderID") {
        let id = call.text("lenderID").and_then(PublicId::parse);
        Some(id.ok_or_else(LenderError::lender_id_format)?)
    } else {
        None
    };
    let issued = issue(&face.app, &pair, lender.as_ref(), &call.address)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(render(issued, call.address))
}

/// A token as it is given out; `address` is the caller's.
pub fn render(issued: Issued, address: String) -> Node {
    Node::object([
        ("accessToken", Node::from(issued.token)),
        ("date", Node::Int(issued.created_at.seconds())),
        ("expiration", Node::Int(issued.expires_at.seconds())),
        ("ip", Node::from(address)),
        ("deviceID", Node::from(format!("bsm-{}", issued.device))),
    ])
}
