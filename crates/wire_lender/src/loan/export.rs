//! `POST /export-loan`: a loan as a MISMO 3.4 document, in full. Ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::loan::{self, LoanCaller};

use super::{finding, id};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let loan = id::loan(&Reader::new(&data))?;
    let caller = LoanCaller::Program(&principal);
    let written = loan::export(&face.app, &caller, &loan)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(Node::object([
        ("mismo34", Node::Text(written.xml)),
        ("findings", Node::List(finding::list(&written.findings))),
    ]))
}
