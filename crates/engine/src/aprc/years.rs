//! Times in years, exact until the solver.

use std::fmt;

use crate::error::{EngineError, Problem};
use crate::ratio::Ratio;

/// A time or a length of time in years and fractions of a year, kept as an exact fraction: one month
/// and three days are `401/4380`. Negative before the first drawdown.
#[derive(Debug, Clone, Copy)]
pub struct Years {
    num: i64,
    /// Positive; not always the smallest possible, so that adding months stays cheap.
    den: i64,
}

/// Furthest time from the first drawdown, in years: longer than any two dates the engine knows.
const MAX_YEARS: i64 = 1_000;
/// Largest denominator. Months, weeks and days of either year have one of some millions in common,
/// written decimals of nine digits one below 10^10.
const MAX_DEN: i64 = 10_000_000_000_000;

impl Years {
    /// The moment of the first drawdown.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One year.
    pub const ONE: Self = Self { num: 1, den: 1 };
    /// The equal month of Annex I remark (c): 365/12 days, a twelfth of a year.
    pub const MONTH: Self = Self { num: 1, den: 12 };
    /// A week of Annex I remark (c), a fifty-second of a year.
    pub const WEEK: Self = Self { num: 1, den: 52 };

    /// `num / den` years.
    ///
    /// # Errors
    /// Field `years` when `den` is not positive, or the time is beyond a thousand years or too finely
    /// divided.
    pub fn try_new(num: i64, den: i64) -> Result<Self, EngineError> {
        if den <= 0 {
            return Err(EngineError::new("years", Problem::MustBePositive));
        }
        Self::reduced(i128::from(num), i128::from(den)).ok_or(EngineError::too_large("years"))
    }

    /// A whole number of months.
    ///
    /// # Errors
    /// Field `years` beyond a thousand years.
    pub fn months(months: i64) -> Result<Self, EngineError> {
        Self::try_new(months, 12)
    }

    /// Sum, or none beyond the bounds of [`Years::try_new`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if other.num == 0 {
            return Some(self);
        }
        if self.den == other.den {
            return Self::bounded(self.num.checked_add(other.num)?, self.den);
        }
        let (a, b) = (i128::from(self.num), i128::from(self.den));
        let (c, d) = (i128::from(other.num), i128::from(other.den));
        let num = a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?;
        Self::reduced(num, b.checked_mul(d)?)
    }

    /// `times` this length, or none beyond the bounds of [`Years::try_new`].
    #[must_use]
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        Self::bounded(self.num.checked_mul(times)?, self.den)
    }

    /// The same time on the other side of the first drawdown.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self {
            num: self.num.saturating_neg(),
            den: self.den,
        }
    }

    /// Before the first drawdown.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.num < 0
    }

    /// Exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Numerator and denominator, the latter positive.
    #[must_use]
    pub const fn parts(self) -> (i64, i64) {
        (self.num, self.den)
    }

    /// Nearest float, for the solver.
    #[must_use]
    #[expect(clippy::float_arithmetic, reason = "solver input")]
    pub fn to_f64(self) -> f64 {
        crate::float::from_i64(self.num) / crate::float::from_i64(self.den)
    }

    fn reduced(num: i128, den: i128) -> Option<Self> {
        let by = greatest_common_divisor(num.checked_abs()?, den).max(1);
        let num = i64::try_from(num.checked_div(by)?).ok()?;
        let den = i64::try_from(den.checked_div(by)?).ok()?;
        Self::bounded(num, den)
    }

    fn bounded(num: i64, den: i64) -> Option<Self> {
        let within = den <= MAX_DEN && num.checked_abs()? <= den.checked_mul(MAX_YEARS)?;
        within.then_some(Self { num, den })
    }
}

impl PartialEq for Years {
    fn eq(&self, other: &Self) -> bool {
        let product = |num: i64, den: i64| i128::from(num).checked_mul(i128::from(den));
        product(self.num, other.den) == product(other.num, self.den)
    }
}

impl Eq for Years {}

impl From<Ratio> for Years {
    /// Not bounded: checked again where it is used.
    fn from(ratio: Ratio) -> Self {
        let (num, den) = (i64::from(ratio.num), i64::from(ratio.den()));
        Self::reduced(i128::from(num), i128::from(den)).unwrap_or(Self { num, den })
    }
}

impl fmt::Display for Years {
    /// `401/4380`, in lowest terms; a whole number without its denominator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (num, den) = (i128::from(self.num), i128::from(self.den));
        let Self { num, den } = Self::reduced(num, den).unwrap_or(*self);
        if den == 1 {
            write!(f, "{num}")
        } else {
            write!(f, "{num}/{den}")
        }
    }
}

/// Of two numbers, neither negative and not both zero.
fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    // Sixty-four bits hold all but the largest sums, and divide much faster.
    if let (Ok(mut a), Ok(mut b)) = (u64::try_from(a), u64::try_from(b)) {
        while b != 0 {
            (a, b) = (b, a.checked_rem(b).unwrap_or_default());
        }
        return i128::from(a);
    }
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or_default());
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_add_up_exactly() {
        let days = Years::try_new(3, 365).unwrap();
        let sum = Years::MONTH.checked_add(days).unwrap();
        assert_eq!(sum.to_string(), "401/4380");
        assert_eq!(Years::MONTH.checked_mul(-24).unwrap().to_string(), "-2");
        assert_eq!(Years::MONTH.checked_mul(12), Some(Years::ONE));
        assert_eq!(Years::ZERO.negated(), Years::ZERO);
        assert_eq!(Years::MONTH.checked_mul(6), Years::try_new(1, 2).ok());
        assert_eq!(Years::months(30).unwrap().to_string(), "5/2");
    }

    #[test]
    fn stays_within_a_thousand_years() {
        assert!(Years::try_new(1, 0).is_err());
        assert!(Years::try_new(1, -3).is_err());
        assert!(Years::try_new(i64::MIN, 1).is_err());
        assert!(Years::try_new(1, i64::MAX).is_err());
        assert!(Years::months(12_000).is_ok());
        assert!(Years::months(12_001).is_err());
        assert_eq!(Years::ONE.checked_mul(i64::MAX), None);
        assert_eq!(Years::ONE.checked_mul(i64::MIN), None);
    }
}
