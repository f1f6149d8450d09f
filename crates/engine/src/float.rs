//! The bridge between integers and the solvers' floats, and a double-double for the few figures
//! where 53 bits cannot decide a half cent.
#![expect(
    clippy::float_arithmetic,
    reason = "solver support; integers come out at the end"
)]

/// Nearest float; exact up to 2^53.
pub(crate) const fn from_i64(value: i64) -> f64 {
    value as f64
}

/// The whole number a float holds, none when it is not a number or beyond ±2^62.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the bound is checked first"
)]
pub(crate) fn to_i64(value: f64) -> Option<i64> {
    (value.abs() <= 4.611_686_018_427_388e18).then_some(value as i64)
}

/// A running sum with Neumaier's correction: a hundred thousand terms lose no digits.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, value: f64) {
        let next = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - next) + value
        } else {
            (value - next) + self.sum
        };
        self.sum = next;
    }

    pub(crate) fn total(self) -> f64 {
        self.sum + self.lost
    }
}

/// An unevaluated sum `hi + lo` of two floats, about 32 decimal digits. Arithmetic by the
/// error-free transformations of Dekker and Knuth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wide {
    hi: f64,
    lo: f64,
}

impl Wide {
    pub(crate) const ZERO: Self = Self { hi: 0.0, lo: 0.0 };

    pub(crate) const fn of(value: f64) -> Self {
        Self { hi: value, lo: 0.0 }
    }

    /// Exact up to about 2^106, far beyond any bounded amount.
    pub(crate) fn of_i128(value: i128) -> Self {
        let hi = value as f64;
        let lo = value.saturating_sub(whole(hi)) as f64;
        Self::sum_of(hi, lo)
    }

    /// Nearest float.
    pub(crate) fn to_f64(self) -> f64 {
        self.hi + self.lo
    }

    pub(crate) fn add(self, other: Self) -> Self {
        let high = Self::sum_of(self.hi, other.hi);
        let low = Self::sum_of(self.lo, other.lo);
        let step = Self::quick(high.hi, high.lo + low.hi);
        Self::quick(step.hi, step.lo + low.lo)
    }

    pub(crate) fn mul(self, other: Self) -> Self {
        let product = Self::product_of(self.hi, other.hi);
        let cross = self.hi * other.lo + self.lo * other.hi;
        Self::quick(product.hi, product.lo + cross)
    }

    pub(crate) fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        let rest = self.add(other.mul(Self::of(-first)));
        let second = rest.hi / other.hi;
        let last = rest.add(other.mul(Self::of(-second))).hi / other.hi;
        Self::quick(first, second).add(Self::of(last))
    }

    /// `(1 + self)^n - 1`, keeping relative precision for small `self`. Stops growing at 10^60,
    /// where one more or less no longer matters to 32 digits.
    pub(crate) fn growth(self, n: u32) -> Self {
        let mut total = Self::ZERO;
        for bit in (0..u32::BITS.saturating_sub(n.leading_zeros())).rev() {
            total = total.mul(total.add(Self::of(2.0)));
            if n >> bit & 1 == 1 {
                total = total.add(self).add(self.mul(total));
            }
            if total.hi > 1e60 {
                return Self::of(1e60);
            }
        }
        total
    }

    /// Nearest whole number, ties up. A value within 10^-28 of itself below a tie counts as the
    /// tie: that is the noise of the arithmetic, and true ties are the only way to come so near.
    pub(crate) fn round_half_up(self) -> Option<i64> {
        let shifted = self.add(self.mul(Self::of(1e-28))).add(Self::of(0.5));
        let high = shifted.hi.floor();
        let floor = if high == shifted.hi {
            to_i64(high)?.checked_add(to_i64(shifted.lo.floor())?)?
        } else {
            to_i64(high)?
        };
        Some(floor)
    }

    fn sum_of(a: f64, b: f64) -> Self {
        let hi = a + b;
        let part = hi - a;
        Self {
            hi,
            lo: (a - (hi - part)) + (b - part),
        }
    }

    /// For |a| >= |b|.
    fn quick(a: f64, b: f64) -> Self {
        let hi = a + b;
        Self {
            hi,
            lo: b - (hi - a),
        }
    }

    fn product_of(a: f64, b: f64) -> Self {
        let hi = a * b;
        let (a1, a2) = halves(a);
        let (b1, b2) = halves(b);
        Self {
            hi,
            lo: ((a1 * b1 - hi) + a1 * b2 + a2 * b1) + a2 * b2,
        }
    }
}

/// Splits a float into two of 26 bits each, so that products of the halves are exact.
fn halves(value: f64) -> (f64, f64) {
    let scaled = 134_217_729.0 * value;
    let high = scaled - (scaled - value);
    (high, value - high)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "made from an i128; float casts saturate"
)]
const fn whole(value: f64) -> i128 {
    value as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_arithmetic_keeps_thirty_digits() {
        let third = Wide::of(1.0).div(Wide::of(3.0));
        let back = third.mul(Wide::of(3.0)).add(Wide::of(-1.0));
        assert!(back.to_f64().abs() < 1e-31);
        let big = Wide::of_i128(123_456_789_012_345_678_901_234_567);
        assert_eq!(
            whole(big.hi) + whole(big.lo),
            123_456_789_012_345_678_901_234_567
        );
    }

    #[test]
    fn growth_of_a_tiny_rate_is_not_lost() {
        let rate = Wide::of(1e-15);
        let growth = rate.growth(1200);
        // 1200 r + 1200*1199/2 r^2 + ...
        let expected = 1200e-15 + 719_400e-30;
        assert!((growth.to_f64() - expected).abs() < 1e-27);
        assert_eq!(Wide::of(9.0).growth(100_000), Wide::of(1e60));
        assert_eq!(Wide::of(0.25).growth(2).to_f64(), 0.5625);
    }

    #[test]
    fn ties_go_up() {
        let value = Wide::of_i128(100_000_000_000_000_001).add(Wide::of(0.5));
        assert_eq!(value.round_half_up(), Some(100_000_000_000_000_002));
        let below = Wide::of_i128(100_000_000_000_000_001).add(Wide::of(0.499));
        assert_eq!(below.round_half_up(), Some(100_000_000_000_000_001));
        assert_eq!(Wide::of(2.4999).round_half_up(), Some(2));
    }
}
