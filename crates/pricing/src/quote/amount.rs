//! How much a charge of the catalogue comes to.

use lintel_engine::error::EngineError;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;

use crate::catalogue::{Fee, FeeAmount, PerOf};
use crate::scenario::Scenario;

/// A twelfth of the yearly estimates of a place; none where the catalogue has no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Monthly {
    /// Property tax.
    pub tax: Option<Cents>,
    /// Homeowner's insurance.
    pub insurance: Option<Cents>,
}

/// How much a charge comes to on a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeSum {
    /// The same at every rate.
    Fixed(Cents),
    /// Interest of so many days at the note rate.
    InterestDays(u32),
    /// Nothing: no tier holds the amount, or no estimate is known for the place.
    NotCharged,
}

/// How much a charge of the catalogue comes to; whether it is charged at all is for its selector,
/// conditions and days to say. Interest is held within its bounds only when its rate is known.
///
/// # Errors
/// Field `fee` when it cannot be held.
pub fn fee_amount(
    fee: &Fee,
    scenario: &Scenario,
    monthly: &Monthly,
) -> Result<FeeSum, EngineError> {
    let base = |of: PerOf| match of {
        PerOf::Loan => scenario.loan_amount,
        PerOf::Price => scenario.home_price,
    };
    let months = |count: u32, each: Option<Cents>| {
        each.map(|each| each.checked_mul(i64::from(count)).ok_or(too_large()))
            .transpose()
    };
    let amount = match &fee.amount {
        FeeAmount::Flat(amount) => Some(*amount),
        FeeAmount::Percent { rate, of } => Some(percent_of(base(*of), *rate)?),
        FeeAmount::Tiered { of, tiers } => {
            let amount = base(*of);
            let tier = tiers.iter().find(|tier| tier.band.contains(amount));
            let sum = tier.map(|tier| {
                let over = amount.checked_sub(tier.band.over.unwrap_or(Cents::ZERO));
                let part = percent_of(over.ok_or(too_large())?, tier.rate)?;
                tier.flat.checked_add(part).ok_or(too_large())
            });
            sum.transpose()?
        }
        FeeAmount::InterestDays(days) => return Ok(FeeSum::InterestDays(*days)),
        FeeAmount::TaxMonths(count) => months(*count, monthly.tax)?,
        FeeAmount::InsuranceMonths(count) => months(*count, monthly.insurance)?,
    };
    Ok(amount.map_or(FeeSum::NotCharged, |amount| {
        FeeSum::Fixed(bounded(fee, amount))
    }))
}

/// The amount within the least and the most the charge can be.
pub(super) fn bounded(fee: &Fee, amount: Cents) -> Cents {
    let least = fee.min.map_or(amount, |min| amount.max(min));
    fee.max.map_or(least, |max| least.min(max))
}

const fn too_large() -> EngineError {
    EngineError::too_large("fee")
}

/// Half-up to the cent.
pub(super) fn percent_of(amount: Cents, rate: Pct) -> Result<Cents, EngineError> {
    amount.percent(rate, Rounding::HalfUp).ok_or_else(too_large)
}
