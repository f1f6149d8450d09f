//! Terms, amounts and dates a contract leaves open: Annex I part II (c), (h) to (k) and (m).
#![expect(clippy::float_arithmetic, reason = "compound growth of a value")]

use crate::aprc::{Flow, Years};
use crate::error::{EngineError, Problem};
use crate::float;
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// A credit whose term or amount the contract leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenCredit {
    /// An overdraft facility, drawn in full (i).
    Overdraft,
    /// A bridging loan, drawn in full (j).
    BridgingLoan,
    /// Open-ended, to buy or keep immovable property; repaid in equal monthly capital (k).
    OpenEndedProperty,
    /// Any other open-ended credit; repaid in equal monthly capital (k).
    OpenEndedOther,
}

/// The terms Annex I part II assumes, in months. Figures of the law, so they come from a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssumedTerms {
    /// Three months for an overdraft.
    pub overdraft_months: u32,
    /// Twelve months for a bridging loan.
    pub bridging_months: u32,
    /// Twenty years for open-ended credit on property.
    pub open_ended_property_months: u32,
    /// One year for other open-ended credit.
    pub open_ended_other_months: u32,
}

/// The term of an open credit: the agreed one when it is known, otherwise the assumed one. An
/// open-ended credit has no agreed term, so its assumed one always counts.
#[must_use]
pub fn assumed_months(credit: OpenCredit, known: Option<u32>, terms: &AssumedTerms) -> u32 {
    match credit {
        OpenCredit::Overdraft => known.unwrap_or(terms.overdraft_months),
        OpenCredit::BridgingLoan => known.unwrap_or(terms.bridging_months),
        OpenCredit::OpenEndedProperty => terms.open_ended_property_months,
        OpenCredit::OpenEndedOther => terms.open_ended_other_months,
    }
}

/// An amount that may be drawn from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tranche {
    /// Months after conclusion.
    pub from_month: u32,
    /// Most that may have been drawn in all from this moment on.
    pub up_to: Cents,
}

/// Drawdowns of a credit drawn freely within limits: at the earliest dates, as much as the limits
/// allow, until `total` is drawn (assumption (c)). Without limits all is drawn at once (assumption
/// (a)). Each drawdown is a month and an amount.
///
/// # Errors
/// Field `total` not positive; `limits` out of order, falling, or never reaching the total.
pub fn earliest_drawdowns(
    total: Cents,
    limits: &[Tranche],
) -> Result<Vec<(u32, Cents)>, EngineError> {
    if !total.is_positive() {
        return Err(EngineError::new("total", Problem::MustBePositive));
    }
    if limits.is_empty() {
        return Ok(vec![(0, total)]);
    }
    let mut drawn = Cents::ZERO;
    let mut month = 0;
    let mut drawdowns = Vec::with_capacity(limits.len());
    for limit in limits {
        if limit.from_month < month || limit.up_to < drawn {
            return Err(EngineError::new("limits", Problem::OutOfOrder));
        }
        month = limit.from_month;
        let now = limit.up_to.min(total);
        let amount = now.checked_sub(drawn);
        let amount = amount.ok_or(EngineError::too_large("limits"))?;
        if amount.is_positive() {
            drawdowns.push((month, amount));
            drawn = now;
        }
    }
    if drawn < total {
        let why = "never let the whole amount be drawn";
        return Err(EngineError::new("limits", Problem::Inconsistent(why)));
    }
    Ok(drawdowns)
}

/// Charges the contract does not date: a single one is paid at conclusion, several are paid at equal
/// intervals from the first repayment of capital on (assumption (h)(ii) and (iii)).
///
/// # Errors
/// Field `count` of zero.
pub fn undated_charges(
    amount: Cents,
    count: u32,
    first_repayment: Years,
    every: Years,
) -> Result<Flow, EngineError> {
    match count {
        0 => Err(EngineError::new("count", Problem::MustBePositive)),
        1 => Ok(Flow::paid(Years::ZERO, amount)),
        2.. => Ok(Flow::paid_every(first_repayment, every, count, amount)),
    }
}

/// The yearly growth of a property's value under a shared equity credit: the higher of the central
/// bank's target inflation and the actual one, not below zero (assumption (m)).
#[must_use]
pub fn value_growth(target_inflation: Pct, actual_inflation: Pct) -> Pct {
    target_inflation.max(actual_inflation).max(Pct::ZERO)
}

/// What a shared equity credit pays at its end: `share` percent of the growth of `value` over
/// `years` at `growth` percent a year, half-up cents.
///
/// # Errors
/// Field `value` not positive or the result too large, `growth` negative, `share` outside 0 to 100,
/// `years` above 100.
pub fn shared_equity_payment(
    value: Cents,
    share: Pct,
    growth: Pct,
    years: u32,
) -> Result<Cents, EngineError> {
    if !value.is_positive() {
        return Err(EngineError::new("value", Problem::MustBePositive));
    }
    if share.is_negative() || share > Pct::HUNDRED {
        let (min, max) = (0, 100);
        return Err(EngineError::new("share", Problem::OutOfRange { min, max }));
    }
    if growth.is_negative() {
        return Err(EngineError::new("growth", Problem::MustNotBeNegative));
    }
    if years > 100 {
        return Err(EngineError::too_large("years"));
    }
    let yearly = float::from_i64(growth.e9()) / 1e11;
    let grown = (f64::from(years) * yearly.ln_1p()).exp_m1();
    let part = || {
        let growth = Pct::from_f64_percent(grown * 100.0)?;
        let part = i128::from(growth.e9()).checked_mul(i128::from(share.e9()))?;
        let whole = i128::from(Pct::HUNDRED.e9()).checked_pow(2)?;
        // Half up, as every amount.
        value.mul_ratio(part, whole, Rounding::HalfUp)
    };
    part().ok_or(EngineError::too_large("value"))
}
