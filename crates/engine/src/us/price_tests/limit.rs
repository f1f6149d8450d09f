//! Limits of points and fees by total loan amount.

use crate::bands::Step;
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// A limit of points and fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// A percentage of the total loan amount.
    Percent(Pct),
    /// An amount.
    Amount(Cents),
    /// The lesser of both.
    LesserOf(Pct, Cents),
}

/// A limit and the loans it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LimitRow {
    /// Total loan amounts it is for.
    pub total_loan_amount: Step<Cents>,
    /// The limit.
    pub limit: Limit,
}

/// The limit of a loan; none when the table has no row for its amount.
#[must_use]
pub fn limit_in_force(rows: &[LimitRow], total_loan_amount: Cents) -> Option<Limit> {
    rows.iter()
        .find(|row| row.total_loan_amount.contains(total_loan_amount))
        .map(|row| row.limit)
}

impl Limit {
    /// The limit in money, half-up cents, for showing; none when it cannot be held.
    #[must_use]
    pub fn in_money(self, total_loan_amount: Cents) -> Option<Cents> {
        match self {
            Self::Percent(percent) => total_loan_amount.percent(percent, Rounding::HalfUp),
            Self::Amount(amount) => Some(amount),
            Self::LesserOf(percent, amount) => total_loan_amount
                .percent(percent, Rounding::HalfUp)
                .map(|part| part.min(amount)),
        }
    }

    /// True when `points_and_fees` are more than the limit, a fraction of a cent included.
    #[must_use]
    pub fn is_exceeded(self, points_and_fees: Cents, total_loan_amount: Cents) -> bool {
        let above_percent = |percent: Pct| {
            // 128 bits hold 10^17 cents times 10^15 units.
            let asked = i128::from(points_and_fees.get()).saturating_mul(Pct::HUNDRED.e9().into());
            let allowed = i128::from(total_loan_amount.get()).saturating_mul(percent.e9().into());
            asked > allowed
        };
        match self {
            Self::Percent(percent) => above_percent(percent),
            Self::Amount(amount) => points_and_fees > amount,
            Self::LesserOf(percent, amount) => above_percent(percent) || points_and_fees > amount,
        }
    }
}
