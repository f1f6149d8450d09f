//! `POST /api/partner/lenders`: who granted the vendor something. Without a token: it is the call that
//! tells for whom one can be had.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::partner::lenders;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, call: Call) -> Result<Node, LenderError> {
    let pair = call.key_pair()?;
    let granted = lenders(&face.app, &pair)
        .await
        .map_err(|e| lender_error(&e))?;
    let Some(granted) = granted else {
        return Ok(Node::Null);
    };
    let line = |org: &lintel_domain::organisation::Organisation| {
        Node::object([
            ("name", Node::from(&org.name)),
            ("lenderID", Node::from(org.public_id.as_str())),
        ])
    };
    Ok(Node::List(granted.iter().map(line).collect()))
}
