//! Quoting closing costs and APR for products a caller brings along.

use lintel_macros::boxed;
use std::sync::Arc;

use lintel_domain::id::Instant;
use lintel_domain::product::{ArmIndex, RateKind};
use lintel_domain::refusal::{Field, ProductPart, Refusal};
use lintel_engine::date::Date;
use lintel_engine::error::EngineError;
use lintel_engine::rate::Pct;
use lintel_places::{CountyFips, Zip};
pub use lintel_pricing::quote::{Quote, QuotedProduct, RateOffer};
use lintel_pricing::quote::{QuoteProblem, QuoteScene};
use lintel_pricing::scenario::{PlaceFacts, Scenario, StateCode};
use lintel_rule_book::{NotInForce, RuleBook};
use lintel_store::fault::Fault;

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::pricing::{self, OrgBook, facts_of};

/// Quotes that may be worked out in one call. Each takes a fraction of a millisecond, most of it for
/// the cent-exact schedule behind its APR.
pub const MAX_QUOTES: usize = 5000;

/// What a caller wants quoted.
#[derive(Debug, Clone)]
pub struct QuoteRequest {
    /// The property and the loan. Day and place are set here: what is in them is not looked at.
    pub scenario: Scenario,
    /// State of the property as the caller states it; it wins over that of the ZIP code.
    pub state: Option<StateCode>,
    /// County of the property as the caller states it; it wins over that of the ZIP code, which may
    /// lie in several.
    pub county: Option<CountyFips>,
    /// ZIP code of the property.
    pub zip: String,
    /// Products with the rates wanted of each. An index value that is missing is looked up.
    pub products: Vec<(QuotedProduct, Vec<RateOffer>)>,
    /// Whether every payment is wanted, too.
    pub with_schedule: bool,
}

/// Quotes every rate of every product, in the order asked, with the charges of the caller's own
/// catalogue: of its wholesale lender's for a broker, whose money it is.
///
/// # Errors
/// Refused for the first product or rate that cannot be quoted. Nothing is stored either way.
#[boxed]
pub async fn quote_products(
    app: &App,
    principal: &Principal,
    mut request: QuoteRequest,
) -> Result<Vec<Vec<Quote>>, AppError> {
    let (book, at) = pricing::book(app, &principal.org).await?;
    let day = day_of(at)?;
    request.scenario.day = day;
    request.scenario.place = place(app.rules(), day, &request)?;
    for (product, _) in &mut request.products {
        if let RateKind::Adjustable(arm) = &product.terms.rate_kind
            && product.index_value.is_none()
        {
            // The lender's own value of the index wins over the rule book's.
            let of_rules = || app.rules().index_value(arm.index, day);
            product.index_value = match own_index(&book, arm.index) {
                Some(own) => Some(own),
                None => of_rules().map_err(|e| not_in_force(&e))?,
            };
        }
    }
    let task = app.clone();
    app.heavy("quoting", move || quote_all(&task, &book, &request))
        .await?
}

/// The value of an index on the lender's first sheet that has one.
fn own_index(book: &Arc<OrgBook>, index: ArmIndex) -> Option<Pct> {
    let sheets = book.book.catalogue.products.iter().zip(&book.book.sheets);
    let mut values = sheets.filter_map(|(product, sheet)| match &product.terms.rate_kind {
        RateKind::Adjustable(arm) if arm.index == index => sheet.as_ref()?.index,
        RateKind::Adjustable(_) | RateKind::Fixed => None,
    });
    values.next()
}

/// What is known of the property's place: what the caller states, the rest by its ZIP code.
fn place(rules: &RuleBook, day: Date, request: &QuoteRequest) -> Result<PlaceFacts, AppError> {
    let found = Zip::parse(&request.zip).ok().and_then(lintel_places::find);
    let of_zip = || match &found {
        Some(place) => Ok(Some(place.state)),
        None => rules.state_of_zip(&request.zip, day),
    };
    let state = match &request.state {
        Some(state) => Some(state.as_str()),
        None => of_zip().map_err(|e| not_in_force(&e))?,
    };
    let in_state = |code: &str| state.is_some_and(|state| state.eq_ignore_ascii_case(code));
    let found = found.filter(|place| in_state(place.state));
    let county = match request.county {
        Some(stated) => stated_county(stated, in_state)?,
        None => None,
    };
    let county = county.or(found.and_then(|place| place.county_fips));
    Ok(facts_of(
        rules,
        day,
        (found.map(|place| place.zip), state, county),
    )?)
}

/// The county a caller states, when it is one of the state. One that we do not know but that has
/// the state's number, such as one that was renumbered, is as none.
fn stated_county(
    stated: CountyFips,
    in_state: impl Fn(&str) -> bool,
) -> Result<Option<CountyFips>, Refusal> {
    let refused = Refusal::malformed(Field::PropertyCounty);
    match lintel_places::county(stated) {
        Some(county) if in_state(county.state) => Ok(Some(stated)),
        Some(_) => Err(refused),
        None => {
            let number = Some(stated.get() / 1000);
            let mut states = lintel_places::states().iter();
            let known = states.any(|state| state.fips == number && in_state(state.code));
            if known { Ok(None) } else { Err(refused) }
        }
    }
}

fn quote_all(
    app: &App,
    book: &OrgBook,
    request: &QuoteRequest,
) -> Result<Vec<Vec<Quote>>, AppError> {
    let tables = app.rules().quote_tables(request.scenario.day);
    let scene = QuoteScene {
        scenario: &request.scenario,
        tables: tables.map_err(|e| not_in_force(&e))?,
        with_schedule: request.with_schedule,
    };
    let mut all = Vec::with_capacity(request.products.len());
    for (product_at, (product, offers)) in request.products.iter().enumerate() {
        if offers.is_empty() {
            all.push(Vec::new());
            continue;
        }
        let quotes = book.book.quotes(&scene, product, offers);
        all.push(quotes.map_err(|(rate_at, problem)| {
            AppError::from(Refusal::malformed(blamed(&problem, product_at, rate_at)))
        })?);
    }
    Ok(all)
}

/// A table that has ended is the operator's to renew: the caller can do nothing about it, and a
/// quote without its figures would be another quote.
pub(crate) fn not_in_force(missing: &NotInForce) -> Fault {
    Fault::internal(missing.to_string())
}

/// Which of the caller's fields is to blame for a problem.
fn blamed(problem: &QuoteProblem, product: usize, rate: usize) -> Field {
    let part = |part| Field::QuotedProduct { product, part };
    match problem {
        QuoteProblem::NoIndexValue => part(ProductPart::ArmIndex),
        QuoteProblem::NoCharge => Field::LoanAmount,
        QuoteProblem::NoRate => Field::QuotedRate { product, rate },
        QuoteProblem::Unusable(EngineError { field, .. }) => match *field {
            "term_months" => part(ProductPart::Term),
            "amortization_months" => part(ProductPart::Amortization),
            "interest_only_months" | "first_adjustment_months" => {
                part(ProductPart::ArmFirstAdjustment)
            }
            "adjustment_months" => part(ProductPart::ArmPeriodicAdjustment),
            "principal" | "base_loan" | "loan" => Field::LoanAmount,
            // Charges that eat up the loan: of those the caller names only the points.
            "prepaid_finance_charge" => Field::QuotedPoints { product, rate },
            "original_value" | "estimate" => Field::HomePrice,
            _ => Field::QuotedRate { product, rate },
        },
    }
}

/// The day of an instant, UTC.
///
/// # Errors
/// When the instant lies outside the years 1900 to 2200.
pub fn day_of(now: Instant) -> Result<Date, Fault> {
    let days = i32::try_from(now.seconds().div_euclid(lintel_domain::id::DAY_SECONDS));
    days.ok()
        .and_then(|days| Date::new(1970, 1, 1).ok()?.add_days(days).ok())
        .ok_or_else(|| Fault::internal("the clock is out of the calendar's bounds"))
}
