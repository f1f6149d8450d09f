//! Everything about a search that can be refused is refused before anything is priced or stored.

use lintel_macros::boxed;
use std::collections::HashMap;
use std::sync::Arc;

use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, Noun, Refusal};
use lintel_pricing::scenario::Scenario;
use lintel_pricing::when::{Facts, PriceProblem};
use lintel_store::fault::Fault;
use lintel_store::organisation;

use super::{MAX_PERMUTATIONS, SearchRequest, Searching, known_place, scenario};
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::pricing::{self, place_facts, price_rules};
use crate::quote::day_of;

/// Longest text taken for a ZIP code; it is kept with the search.
const ZIP_MAX_BYTES: usize = 40;

/// Checks a search and takes the prices it will be answered from.
///
/// # Errors
/// Refused for too many permutations, amounts that cannot be priced with, an organisation that is
/// not the caller's own or its wholesale lender, a loan officer nobody knows; any fault of the
/// database; a rule book without a table for the day.
#[boxed]
pub async fn begin(
    app: &App,
    principal: &Principal,
    request: SearchRequest,
) -> Result<Searching, AppError> {
    let total = request.purposes.len().checked_mul(request.zips.len());
    if total.is_none_or(|n| n == 0 || n > MAX_PERMUTATIONS) {
        return Err(Refusal::malformed(Field::SearchZips).into());
    }
    if request.zips.iter().any(|zip| zip.len() > ZIP_MAX_BYTES) {
        return Err(Refusal::malformed(Field::SearchZips).into());
    }
    check_lender(app, &principal.org, request.lender.as_deref()).await?;
    check_officer(app, &principal.org, request.officer.as_deref()).await?;
    let (book, priced_at) = pricing::book(app, &principal.org).await?;
    let day = day_of(priced_at)?;
    price_rules(app.rules(), day)?;
    app.keep_rules().await?;
    let place = request.zips.iter().find_map(|zip| known_place(zip));
    let facts = place_facts(app.rules(), day, place.as_ref())?;
    for purpose in &request.purposes {
        let scenario = Scenario {
            day,
            place: facts,
            ..scenario(&request.scenario, *purpose)
        };
        Facts::try_of(&scenario).map_err(blamed)?;
    }
    Ok(Searching {
        app: app.clone(),
        org_id: principal.org.id.clone(),
        request: Arc::new(request),
        book,
        priced_at,
        day,
        next: 0,
        known: HashMap::new(),
    })
}

/// Which of the caller's fields is to blame for a problem; the day is ours.
pub(super) fn blamed(problem: PriceProblem) -> AppError {
    match problem {
        PriceProblem::HomePrice => Refusal::malformed(Field::HomePrice).into(),
        PriceProblem::LoanAmount | PriceProblem::Subordinate => {
            Refusal::malformed(Field::LoanAmount).into()
        }
        PriceProblem::Day => Fault::internal("the day cannot be priced for").into(),
    }
}

/// The organisation a caller names must be itself or, for a broker, its wholesale lender.
async fn check_lender(app: &App, org: &Organisation, lender: Option<&str>) -> Result<(), AppError> {
    let Some(text) = lender.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    if text == org.public_id.as_str() {
        return Ok(());
    }
    let unknown = Refusal::NotFound {
        what: Noun::Organisation,
    };
    let named = match PublicId::parse(text) {
        Some(id) => organisation::load(app.db(), &id).await?,
        None => None,
    };
    match named {
        Some(named) if named.id == *org.lender_id() && named.is_active => Ok(()),
        Some(_) | None => Err(unknown.into()),
    }
}

async fn check_officer(
    app: &App,
    org: &Organisation,
    officer: Option<&str>,
) -> Result<(), AppError> {
    let Some(text) = officer.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let unknown = Refusal::NotFound { what: Noun::Staff };
    let id = PublicId::parse(text).ok_or_else(|| unknown.clone())?;
    let orgs = [&org.id, org.lender_id()];
    organisation::load_staff_of(app.db(), &orgs, &id)
        .await?
        .map(|_| ())
        .ok_or_else(|| unknown.into())
}
