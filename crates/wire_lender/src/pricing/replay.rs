//! `POST /custom-ppe/quote-replay`: ours. The figures of an earlier search, worked out again.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::search::{Replayed, replay};

use super::ppe::{View, write_found};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names;
use crate::refusal::lender_error;
use crate::reply::{Content, Pen};

/// Longest id of a search.
const ID_MAX: usize = 20;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Content, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let search_id = data.req_text("searchID", ID_MAX)?;
    let is_grouped = data.opt_bit("customGrouping")?.unwrap_or(false);
    let replayed = replay(&face.app, &principal.org, &search_id)
        .await
        .map_err(|e| lender_error(&e))?;
    let view = View {
        is_grouped,
        explains: is_explained(&replayed),
    };
    let mut pen = Pen::new(call.format);
    render(&mut pen, &replayed, view);
    pen.finish();
    Ok(Content::Written(pen.take()))
}

/// Whether the search asked how its prices came about.
fn is_explained(replayed: &Replayed) -> bool {
    let priced = &replayed.priced;
    let mut products = priced.products.iter();
    !priced.refused.is_empty() || products.any(|product| product.explanation.is_some())
}

/// What was, whether it is the same now, and the answer as it is now.
fn render(pen: &mut Pen, replayed: &Replayed, view: View) {
    let stored = &replayed.stored;
    pen.text("status", "success");
    pen.text("searchID", &stored.search_id);
    pen.bit("isEqual", replayed.is_equal);
    pen.bit("isSameRules", replayed.rules_digest == stored.rules_digest);
    pen.int("createdAt", stored.created_at.seconds());
    pen.int("expiresAt", stored.expires_at.seconds());
    pen.int("generation", stored.generation);
    pen.text("loanPurpose", names::purpose(replayed.scenario.purpose));
    pen.text("zipcode", &replayed.zip);
    write_found(pen, &replayed.book.book.catalogue, &replayed.priced, view);
}
