//! Quoting closing costs and APR for products a caller brings along.

use lintel_domain::id::Instant;
use lintel_domain::product::RateKind;
use lintel_domain::quote::{
    Quote, QuoteContext, QuoteProblem, QuoteScene, QuotedProduct, RateOffer, quote,
};
use lintel_domain::refusal::{Field, ProductPart, Refusal};
use lintel_engine::date::Date;
use lintel_engine::error::EngineError;
use lintel_rule_book::NotInForce;
use lintel_store::fault::Fault;
use lintel_store::{fee, product};

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;

/// Quotes that may be worked out in one call. Each takes a fraction of a millisecond, most of it for
/// the cent-exact schedule behind its APR.
pub const MAX_QUOTES: usize = 5000;

/// What a caller wants quoted. The scene's day is set here; its state is looked up when it is not
/// given.
#[derive(Debug, Clone)]
pub struct QuoteRequest {
    /// The property and the loan.
    pub scene: QuoteScene,
    /// Five-digit ZIP code of the property.
    pub zip: String,
    /// Products with the rates wanted of each.
    pub products: Vec<(QuotedProduct, Vec<RateOffer>)>,
    /// Whether every payment is wanted, too.
    pub with_schedule: bool,
}

/// Quotes every rate of every product, in the order asked.
///
/// # Errors
/// Refused for the first product or rate that cannot be quoted. Nothing is stored either way.
pub async fn quote_products(
    app: &App,
    principal: &Principal,
    mut request: QuoteRequest,
) -> Result<Vec<Vec<Quote>>, AppError> {
    // A broker quotes the money, and so the charges and indices, of its wholesale lender.
    let org_id = principal.org.lender_id();
    let templates = fee::list(app.db(), org_id).await?;
    let catalogue = product::list(app.db(), org_id).await?;
    let day = today(app)?;
    request.scene.day = day;
    if request.scene.state.is_none() {
        let found = app.rules().state_of_zip(&request.zip, day);
        request.scene.state = found.map_err(|e| not_in_force(&e))?.map(str::to_owned);
    }
    for (product, _) in &mut request.products {
        if let RateKind::Adjustable(arm) = &product.terms.rate_kind {
            // The lender's own value of the index wins over the rule book's.
            let own = catalogue.iter().find_map(|p| match &p.terms.rate_kind {
                RateKind::Adjustable(a) if a.index == arm.index => p.index_value,
                RateKind::Adjustable(_) | RateKind::Fixed => None,
            });
            let of_rules = || app.rules().index_value(arm.index, day);
            product.index_value = match own {
                Some(own) => Some(own),
                None => of_rules().map_err(|e| not_in_force(&e))?,
            };
        }
    }
    let rules = app.clone();
    app.heavy("quoting", move || {
        let tables = rules.rules().quote_tables(day);
        let tables = tables.map_err(|e| not_in_force(&e))?;
        let context = QuoteContext {
            scene: &request.scene,
            templates: &templates,
            tables,
            with_schedule: request.with_schedule,
        };
        quote_all(&context, &request.products)
    })
    .await?
}

fn quote_all(
    context: &QuoteContext<'_>,
    products: &[(QuotedProduct, Vec<RateOffer>)],
) -> Result<Vec<Vec<Quote>>, AppError> {
    let mut all = Vec::with_capacity(products.len());
    for (product_at, (product, offers)) in products.iter().enumerate() {
        let mut quotes = Vec::with_capacity(offers.len());
        for (rate_at, offer) in offers.iter().enumerate() {
            quotes.push(quote(context, product, *offer).map_err(|problem| {
                AppError::from(Refusal::malformed(blamed(&problem, product_at, rate_at)))
            })?);
        }
        all.push(quotes);
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
            "original_value" => Field::HomePrice,
            _ => Field::QuotedRate { product, rate },
        },
    }
}

/// The present day, UTC.
pub(crate) fn today(app: &App) -> Result<Date, Fault> {
    day_of(app.now())
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
