//! Small exact fractions: parts of a unit-period and unit-periods per year.

use std::fmt;

/// A fraction `num / den` kept as written (19/30 stays 19/30, 6/12 is not reduced), because the
/// denominator carries meaning: days of a month, days of a year, months of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// Numerator.
    pub num: u32,
    /// Denominator, never zero.
    den: u32,
}

impl Ratio {
    /// Nothing, written `0/1`.
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// `num / den`, or none when `den` is zero.
    #[must_use]
    pub const fn try_new(num: u32, den: u32) -> Option<Self> {
        if den == 0 {
            None
        } else {
            Some(Self { num, den })
        }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(num: u32) -> Self {
        Self { num, den: 1 }
    }

    /// For denominators the engine itself supplies, which are never zero.
    pub(crate) const fn over(num: u32, den: u32) -> Self {
        Self {
            num,
            den: if den == 0 { 1 } else { den },
        }
    }

    /// The denominator.
    #[must_use]
    pub const fn den(self) -> u32 {
        self.den
    }

    /// More than one.
    #[must_use]
    pub const fn exceeds_one(self) -> bool {
        self.num > self.den
    }

    /// Nearest binary fraction, for solvers.
    #[must_use]
    #[expect(
        clippy::float_arithmetic,
        reason = "solver input; both parts are exact in 53 bits"
    )]
    pub fn to_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }
}

impl fmt::Display for Ratio {
    /// `19/30`; a zero is `0/` its denominator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}
