//! `POST /get-ppe-anonymous`: a search, or thousands of them, priced from the lender's catalogue.

mod answer;
mod filter;
mod search;
mod slots;
mod stream;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::error::AppError;
use lintel_app::search::{Found, MAX_PERMUTATIONS, SearchPurpose, SearchRequest, Searching, begin};
use lintel_domain::refusal::{Field, Refusal};
use lintel_pricing::price::PriceRequest;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names;
use crate::refusal::{lender_error, organisation_or_user};
use crate::reply::{Content, Pen};
use crate::tree::Node;
pub(super) use answer::{View, found as write_found};
use search::Search;
pub(super) use search::{SCORES, stand_in_day};
pub use slots::Slots;
use stream::Permutations;

/// Longest id of a lender or a member of staff.
const ID_MAX: usize = 100;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Content, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let (request, view) = read(&Reader::new(&data))?;
    drop(data);
    let searching = begin(&face.app, &principal, request)
        .await
        .map_err(|e| refused(&e))?;
    if searching.total() == 1 {
        one(searching, call, view).await
    } else {
        let permutations = Permutations::new(searching, &principal.org.id, call.format, view);
        permutations.answer(&face.streams).await
    }
}

/// This endpoint's members stand at the top, those of its sibling under `search`.
fn refused(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::Invalid {
            field: Field::HomePrice,
            rule: _,
        }) => LenderError::missing("homePrice"),
        AppError::Refused(Refusal::Invalid {
            field: Field::LoanAmount,
            rule: _,
        }) => LenderError::invalid("loanAmount"),
        AppError::Refused(Refusal::Invalid {
            field: Field::SearchZips,
            rule: _,
        }) => {
            let most = format!("At most {MAX_PERMUTATIONS} purposes times ZIP codes in one call.");
            let detail = Node::object([("message", Node::from(most))]);
            lender_error(error).with_details(vec![detail])
        }
        other => organisation_or_user(other, "lenderID", "userUID"),
    }
}

fn read(data: &Reader<'_>) -> Result<(SearchRequest, View), LenderError> {
    let Search {
        scenario,
        purposes,
        zips,
    } = search::read(data)?;
    let wanted: PriceRequest = filter::read(data)?;
    let view = View {
        is_grouped: data.opt_bit("customGrouping")?.unwrap_or(false),
        explains: wanted.explain,
    };
    let (lender, officer) = whose(data)?;
    let purpose = |(purpose, loan_amount)| SearchPurpose {
        purpose,
        loan_amount,
        // Price less loan: a down payment beside a loan amount is to be ignored.
        down_payment: None,
    };
    let request = SearchRequest {
        scenario,
        purposes: purposes.into_iter().map(purpose).collect(),
        zips,
        wanted,
        lender,
        officer,
    };
    Ok((request, view))
}

/// The error table knows a lender and a user, the table of parameters does not: both optional.
fn whose(data: &Reader<'_>) -> Result<(Option<String>, Option<String>), LenderError> {
    let company = data.opt_obj("company")?;
    let named = match &company {
        Some(company) => company.opt_text("lenderID", ID_MAX)?,
        None => None,
    };
    let lender = match named {
        Some(id) => Some(id),
        None => data.opt_text("lenderID", ID_MAX)?,
    };
    Ok((lender, data.opt_text("userUID", ID_MAX)?))
}

/// One purpose at one ZIP code: no permutations, everything at the top.
async fn one(mut searching: Searching, call: Call, view: View) -> Result<Content, LenderError> {
    let found = searching.next().await.map_err(|e| lender_error(&e))?;
    let found = found.and_then(|batch| batch.into_iter().next());
    let found = found.ok_or_else(LenderError::internal)?;
    let mut pen = Pen::new(call.format);
    pen.text("status", "success");
    head(&mut pen, &found);
    let catalogue = &searching.book.book.catalogue;
    answer::found(&mut pen, catalogue, &found.priced, view);
    pen.finish();
    Ok(Content::Written(pen.take()))
}

/// What tells one permutation from another.
fn head(pen: &mut Pen, found: &Found) {
    pen.text("searchID", &found.search_id);
    pen.text("loanPurpose", names::purpose(found.purpose));
    pen.text("zipcode", &found.zip);
}
