//! A product of a pricing call: its terms and the rates wanted of it.

use lintel_domain::product::{ArmFeatures, ProductTerms, RateKind};
use lintel_pricing::quote::{QuotedProduct, RateOffer};

use crate::error::LenderError;
use crate::form::Reader;
use crate::names::{ARM_INDICES, PROGRAMS};
use crate::quirks::{fixed_interest_only_months, term_months};

/// Longest term and amortization.
const YEARS_MAX: i64 = 50;
/// Longest period between rate changes.
const ADJUSTMENT_MONTHS_MAX: i64 = 600;
/// Most rates of one product.
const RATES_MAX: usize = 1000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Adjustable,
}

/// Reads one product with its rates.
pub fn read(product: &Reader<'_>) -> Result<(QuotedProduct, Vec<RateOffer>), LenderError> {
    let program = product.req_enum("productProgram", PROGRAMS)?;
    let term_years = years(product, "loanTerm")?;
    let kinds = [("Fixed", Kind::Fixed), ("AdjustableRate", Kind::Adjustable)];
    let kind = product.req_enum("loanAmortizationType", &kinds)?;
    let amortization_years = years(product, "loanAmortization")?;
    let is_interest_only = product.req_bit("interestOnly")?;
    let lender_paid_mi = product.req_bit("lpmi")?;
    let rate_kind = match kind {
        Kind::Fixed => RateKind::Fixed,
        Kind::Adjustable => RateKind::Adjustable(arm(product)?),
    };
    let term_months = term_months(term_years, amortization_years, &rate_kind);
    let interest_only_months = match (is_interest_only, &rate_kind) {
        (false, _) => 0,
        (true, RateKind::Fixed) => fixed_interest_only_months(term_months),
        (true, RateKind::Adjustable(arm)) => arm.first_adjustment_months,
    };
    let terms = ProductTerms {
        program,
        term_months,
        amortization_months: amortization_years * 12,
        interest_only_months,
        lender_paid_mi,
        rate_kind,
    };
    let offers = product
        .filled_list("rates", RATES_MAX)?
        .iter()
        .map(|rate| {
            rate.req_bit("isHPML")?;
            Ok(RateOffer {
                note_rate: rate.req_pct("rate")?,
                points: rate.req_points("points")?,
            })
        })
        .collect::<Result<Vec<_>, LenderError>>()?;
    Ok((
        QuotedProduct {
            terms,
            index_value: None,
        },
        offers,
    ))
}

fn years(product: &Reader<'_>, name: &str) -> Result<u32, LenderError> {
    whole(product, name, YEARS_MAX)
}

fn whole(product: &Reader<'_>, name: &str, most: i64) -> Result<u32, LenderError> {
    let number = product.req_int(name, 1..=most)?;
    u32::try_from(number).map_err(|_| LenderError::missing(&product.path(name)))
}

/// Required only when the rate is adjustable, and then all of it.
fn arm(product: &Reader<'_>) -> Result<ArmFeatures, LenderError> {
    Ok(ArmFeatures {
        index: product.req_enum("armIndex", ARM_INDICES)?,
        margin: product.req_points("armIndexMargin")?,
        first_adjustment_months: whole(product, "armFirstAdj", ADJUSTMENT_MONTHS_MAX)?,
        first_cap: product.req_pct("armFirstAdjCap")?,
        adjustment_months: whole(product, "armPerAdj", ADJUSTMENT_MONTHS_MAX)?,
        periodic_cap: product.req_pct("armPerAdjCap")?,
        lifetime_cap: product.req_pct("armLifeCap")?,
    })
}
