//! Money as whole cents, with checked arithmetic and named rounding.

use std::fmt;

use crate::decimal::{self, DecimalError};
use crate::rate::Pct;

/// Why a money text or sum was refused.
pub type MoneyError = DecimalError;

/// How a quotient becomes a whole number. Each use says which mode and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a tie goes away from zero. The usual rule for payments and interest.
    HalfUp,
    /// Towards zero: drops the fraction. Used by programme limits that are "rounded down".
    Down,
    /// Away from zero when anything is left over. Used where a lender may not fall short.
    Up,
}

/// An amount of money in whole cents of one currency unit. The currency is the caller's business.
///
/// [`Cents::new`] takes any `i64`; parsing and checked arithmetic keep within ±10^17 cents
/// (10^15 currency units), so sums of a few amounts can never wrap unnoticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cents(i64);

impl Cents {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// Largest amount arithmetic and parsing produce: 10^15 currency units.
    pub const MAX: Self = Self(100_000_000_000_000_000);
    /// Smallest amount arithmetic and parsing produce: the negative of [`Cents::MAX`].
    pub const MIN: Self = Self(-100_000_000_000_000_000);

    /// Wraps a number of cents.
    #[must_use]
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// The number of cents.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// More than zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
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

    /// Sum, or none beyond ±[`Cents::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::bounded)
    }

    /// Difference, or none beyond ±[`Cents::MAX`].
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::bounded)
    }

    /// The amount with the other sign, or none beyond ±[`Cents::MAX`].
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().and_then(Self::bounded)
    }

    /// The amount `times` over, or none beyond ±[`Cents::MAX`].
    #[must_use]
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).and_then(Self::bounded)
    }

    /// Adds a sequence of amounts.
    ///
    /// # Errors
    /// [`DecimalError::TooLarge`] when a partial sum leaves ±[`Cents::MAX`].
    pub fn try_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts
            .into_iter()
            .try_fold(Self::ZERO, Self::checked_add)
            .ok_or(MoneyError::TooLarge)
    }

    /// `self * numerator / denominator` in whole cents by `rounding`; none when the denominator is
    /// zero or the result leaves ±[`Cents::MAX`].
    #[must_use]
    pub fn mul_ratio(self, numerator: i128, denominator: i128, rounding: Rounding) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(numerator)?;
        let quotient = divide(product, denominator, rounding)?;
        i64::try_from(quotient).ok().and_then(Self::bounded)
    }

    /// `rate` percent of the amount, in whole cents by `rounding`.
    #[must_use]
    pub fn percent(self, rate: Pct, rounding: Rounding) -> Option<Self> {
        self.mul_ratio(
            i128::from(rate.e9()),
            i128::from(Pct::HUNDRED.e9()),
            rounding,
        )
    }

    /// Reads exact decimal text with at most two fraction digits, for example `1234.5` or `-0.05`.
    ///
    /// # Errors
    /// When the text is not a plain decimal, has a third fraction digit (even a zero), or is
    /// beyond ±[`Cents::MAX`].
    pub fn parse_decimal(text: &str) -> Result<Self, MoneyError> {
        let scaled = decimal::parse(text, 2)?;
        if !scaled.fits {
            return Err(MoneyError::TooManyFractionDigits { max: 2 });
        }
        Self::from_wide(scaled.value)
    }

    /// Reads decimal text of any precision and rounds it half up (ties away from zero) to cents.
    ///
    /// # Errors
    /// When the text is not a plain decimal or is beyond ±[`Cents::MAX`].
    pub fn parse_decimal_half_up(text: &str) -> Result<Self, MoneyError> {
        Self::from_wide(decimal::parse(text, 2)?.value)
    }

    fn from_wide(value: i128) -> Result<Self, MoneyError> {
        i64::try_from(value)
            .ok()
            .and_then(Self::bounded)
            .ok_or(MoneyError::TooLarge)
    }

    fn bounded(cents: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0)
            .contains(&cents)
            .then_some(Self(cents))
    }
}

impl fmt::Display for Cents {
    /// Two fraction digits, no grouping: `1234.56`, `-0.05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(f, self.0, 2)
    }
}

/// `numerator / denominator` as a whole number by `rounding`; none for a zero denominator or when
/// a step would overflow.
#[must_use]
pub fn divide(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i128> {
    let quotient = numerator.checked_div(denominator)?;
    let left_over = numerator.checked_rem(denominator)?.checked_abs()?;
    if left_over == 0 {
        return Some(quotient);
    }
    let away = match rounding {
        Rounding::HalfUp => left_over >= denominator.checked_abs()?.checked_sub(left_over)?,
        Rounding::Down => false,
        Rounding::Up => true,
    };
    let step = if (numerator < 0) == (denominator < 0) {
        1
    } else {
        -1
    };
    if away {
        quotient.checked_add(step)
    } else {
        Some(quotient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints_cents() {
        for (text, cents) in [
            ("1234.56", 123_456),
            ("-0.05", -5),
            ("0.5", 50),
            ("+3", 300),
        ] {
            assert_eq!(
                Cents::parse_decimal(text).unwrap(),
                Cents::new(cents),
                "{text}"
            );
        }
        assert_eq!(Cents::new(-5).to_string(), "-0.05");
        assert_eq!(
            Cents::parse_decimal("1.234"),
            Err(MoneyError::TooManyFractionDigits { max: 2 })
        );
        assert_eq!(
            Cents::parse_decimal_half_up("1.235").unwrap(),
            Cents::new(124)
        );
        assert_eq!(
            Cents::parse_decimal_half_up("-1.235").unwrap(),
            Cents::new(-124)
        );
        assert_eq!(
            Cents::parse_decimal("1000000000000000").unwrap(),
            Cents::MAX
        );
        assert_eq!(
            Cents::parse_decimal("1000000000000000.01"),
            Err(MoneyError::TooLarge)
        );
    }

    #[test]
    fn arithmetic_stops_at_the_bound() {
        assert_eq!(Cents::MAX.checked_add(Cents::new(1)), None);
        assert_eq!(Cents::new(i64::MIN).checked_neg(), None);
        assert_eq!(
            Cents::try_sum([Cents::new(1), Cents::new(2)]),
            Ok(Cents::new(3))
        );
        assert!(Cents::try_sum([Cents::MAX, Cents::MAX]).is_err());
    }

    #[test]
    fn divides_by_each_mode() {
        let cases = [
            (7, 2, 4, 3, 4),
            (-7, 2, -4, -3, -4),
            (7, -2, -4, -3, -4),
            (5, 3, 2, 1, 2),
        ];
        for (n, d, half, down, up) in cases {
            assert_eq!(divide(n, d, Rounding::HalfUp), Some(half), "{n}/{d}");
            assert_eq!(divide(n, d, Rounding::Down), Some(down), "{n}/{d}");
            assert_eq!(divide(n, d, Rounding::Up), Some(up), "{n}/{d}");
        }
        assert_eq!(divide(1, 0, Rounding::Up), None);
        assert_eq!(divide(i128::MIN, -1, Rounding::Up), None);
    }

    #[test]
    fn takes_percentages() {
        let rate = Pct::parse_decimal("1.75").unwrap();
        let base = Cents::new(10_000_002);
        assert_eq!(
            base.percent(rate, Rounding::HalfUp),
            Some(Cents::new(175_000))
        );
    }
}
