//! `POST /validate-mismo`: what would be found in a document; nothing is stored. Ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::loan;
use serde_json::Value;

use super::finding;
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (_, data) = call.enter(&face).await?;
    let document = Reader::new(&data)
        .value("mismo34")
        .and_then(Value::as_str)
        .ok_or_else(|| LenderError::missing("mismo34"))?;
    let found = loan::validate(&face.app, document.as_bytes().to_vec())
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(finding::validation(&found))
}
