//! Percentages as scaled integers.

use std::fmt;

use crate::decimal::{self, DecimalError};
use crate::money::{Rounding, divide};

/// Why a rate text was refused.
pub type RateError = DecimalError;

/// A percentage in billionths of one percent: 6.5 % is `6_500_000_000`.
///
/// [`Pct::new`] takes any `i64`; parsing and checked arithmetic keep within ±1,000,000 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pct(i64);

impl Pct {
    /// Units in one percent.
    pub const SCALE: i64 = 1_000_000_000;
    /// Zero percent.
    pub const ZERO: Self = Self(0);
    /// One hundred percent.
    pub const HUNDRED: Self = Self(100_000_000_000);
    /// Largest rate parsing and solvers produce: 1,000,000 %.
    pub const MAX: Self = Self(1_000_000_000_000_000);
    /// Smallest rate parsing and solvers produce.
    pub const MIN: Self = Self(-1_000_000_000_000_000);

    /// Wraps billionths of a percent.
    #[must_use]
    pub const fn new(pct_e9: i64) -> Self {
        Self(pct_e9)
    }

    /// The rate in billionths of a percent.
    #[must_use]
    pub const fn e9(self) -> i64 {
        self.0
    }

    /// Less than zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Exactly zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Sum, or none beyond ±[`Pct::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::bounded)
    }

    /// Difference, or none beyond ±[`Pct::MAX`].
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::bounded)
    }

    /// The nearest multiple of `increment` (for example 0.125 %) by `rounding`; the rate itself
    /// when the increment is zero or negative.
    #[must_use]
    pub fn round_to(self, increment: Self, rounding: Rounding) -> Option<Self> {
        if increment.0 <= 0 {
            return Some(self);
        }
        let steps = divide(i128::from(self.0), i128::from(increment.0), rounding)?;
        let rounded = steps.checked_mul(i128::from(increment.0))?;
        i64::try_from(rounded).ok().and_then(Self::bounded)
    }

    /// `numerator / denominator` as a percentage (0.8 becomes 80 %), by `rounding` at the ninth
    /// fraction digit. Loan-to-value and interest percentages are made with this.
    #[must_use]
    pub fn of_ratio(numerator: i128, denominator: i128, rounding: Rounding) -> Option<Self> {
        let scaled = numerator.checked_mul(i128::from(Self::HUNDRED.0))?;
        let value = divide(scaled, denominator, rounding)?;
        i64::try_from(value).ok().and_then(Self::bounded)
    }

    /// Reads decimal text of a percentage, for example `6.5`; digits beyond the ninth are rounded
    /// half up (ties away from zero).
    ///
    /// # Errors
    /// When the text is not a plain decimal or is beyond ±[`Pct::MAX`].
    pub fn parse_decimal(text: &str) -> Result<Self, RateError> {
        let scaled = decimal::parse(text, 9)?;
        i64::try_from(scaled.value)
            .ok()
            .and_then(Self::bounded)
            .ok_or(RateError::TooLarge)
    }

    /// Text with exactly `decimals` fraction digits (at most 9), rounded half up: 4.05 % at three
    /// is `4.050`.
    #[must_use]
    pub fn to_fixed(self, decimals: u32) -> String {
        let kept = decimals.min(9);
        let unit = 10_i128.pow(9_u32.saturating_sub(kept));
        // Half up, as the Closing Disclosure prints percentages.
        let scaled = divide(i128::from(self.0), unit, Rounding::HalfUp).unwrap_or_default();
        decimal::fixed(i64::try_from(scaled).unwrap_or_default(), kept)
    }

    /// A solver's answer in percent, rounded half up to the ninth digit; none beyond
    /// ±[`Pct::MAX`] or when not a number.
    #[expect(
        clippy::float_arithmetic,
        reason = "the one door from solver floats to rates"
    )]
    pub(crate) fn from_f64_percent(percent: f64) -> Option<Self> {
        crate::float::to_i64((percent * 1e9).round()).and_then(Self::bounded)
    }

    /// The rate as a plain fraction of one per month, for solvers: 12 % is 0.01.
    #[expect(
        clippy::float_arithmetic,
        reason = "solver input; 53 bits hold every bounded rate"
    )]
    pub(crate) fn monthly_f64(self) -> f64 {
        crate::float::from_i64(self.0) / 1.2e12
    }

    fn bounded(pct_e9: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0)
            .contains(&pct_e9)
            .then_some(Self(pct_e9))
    }
}

impl fmt::Display for Pct {
    /// As few fraction digits as say it exactly: `6.5`, `4.125`, `7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let full = decimal::fixed(self.0, 9);
        f.pad(full.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_prints_and_rounds() {
        let rate = Pct::parse_decimal("6.5").unwrap();
        assert_eq!(rate, Pct::new(6_500_000_000));
        assert_eq!(rate.to_string(), "6.5");
        assert_eq!(Pct::parse_decimal("4.05").unwrap().to_fixed(3), "4.050");
        assert_eq!(Pct::parse_decimal("4.1745").unwrap().to_fixed(3), "4.175");
        assert_eq!(Pct::new(-1).to_fixed(0), "0");
        assert_eq!(Pct::parse_decimal("0.0000000005").unwrap(), Pct::new(1));
        assert_eq!(Pct::ZERO.to_string(), "0");
        assert_eq!(Pct::new(-50_000_000).to_string(), "-0.05");
        assert!(Pct::parse_decimal("1000000.1").is_err());
    }

    #[test]
    fn rounds_to_an_eighth() {
        let eighth = Pct::parse_decimal("0.125").unwrap();
        let round = |text: &str| {
            Pct::parse_decimal(text)
                .unwrap()
                .round_to(eighth, Rounding::HalfUp)
                .unwrap()
                .to_string()
        };
        assert_eq!(round("5.21"), "5.25");
        assert_eq!(round("5.1875"), "5.25");
        assert_eq!(round("5.18"), "5.125");
    }

    #[test]
    fn ratio_becomes_percentage() {
        let ltv = Pct::of_ratio(162_000, 180_000, Rounding::HalfUp).unwrap();
        assert_eq!(ltv.to_string(), "90");
        assert_eq!(Pct::of_ratio(1, 0, Rounding::HalfUp), None);
    }
}
