//! `POST /access-token/destroy`: for good.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::token::destroy;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, call: Call) -> Result<Node, LenderError> {
    let pair = call.key_pair()?;
    let token = call.access_token()?;
    destroy(&face.app, &pair, &token)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(Node::Null)
}
