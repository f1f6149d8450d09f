//! `POST /api/partner/loan/get-list-loans`: the pipeline, where the lender granted a look at it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::partner::loans;

use super::{LenderId, enter, own_lender, refused};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::loan::list::{read, render};
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (caller, data) = enter(&face, &mut call).await?;
    let data = Reader::new(&data);
    own_lender(&caller, &data, LenderId::Optional)?;
    let asked = read(&data)?;
    let page = loans(&face.app, &caller, &asked.query)
        .await
        .map_err(|e| refused(&e))?;
    Ok(render(&page, &asked))
}
