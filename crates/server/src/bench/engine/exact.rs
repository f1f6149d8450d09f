//! References that owe nothing to the engine: rates and payments in twice the digits of a double, and
//! schedules in whole numbers.
//!
//! A double-double is an unevaluated sum of two doubles, about 32 decimal digits; the steps are the
//! error-free sums and products of Knuth and Dekker.

use std::ops::{Add, Div, Mul, Sub};

use lintel_engine::apr::LevelLoan;
use lintel_engine::{Cents, Pct};

use super::loans::cents;

/// `hi + lo`.
#[derive(Debug, Clone, Copy)]
struct Double {
    hi: f64,
    lo: f64,
}

impl Double {
    const ONE: Self = Self::of(1.0);

    const fn of(hi: f64) -> Self {
        Self { hi, lo: 0.0 }
    }

    /// The exact sum of two doubles.
    const fn sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        let part = hi - a;
        let lo = (a - (hi - part)) + (b - part);
        Self { hi, lo }
    }

    /// The exact product of two doubles, each split into halves of 26 bits.
    const fn product(a: f64, b: f64) -> Self {
        const fn split(a: f64) -> (f64, f64) {
            let large = 134_217_729.0 * a;
            let high = large - (large - a);
            (high, a - high)
        }
        let hi = a * b;
        let ((a1, a0), (b1, b0)) = (split(a), split(b));
        let lo = ((a1 * b1 - hi) + a1 * b0 + a0 * b1) + a0 * b0;
        Self { hi, lo }
    }

    fn power(self, mut exponent: u32) -> Self {
        let (mut result, mut square) = (Self::ONE, self);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * square;
            }
            square = square * square;
            exponent >>= 1;
        }
        result
    }
}

impl Add for Double {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (high, low) = (Self::sum(self.hi, other.hi), Self::sum(self.lo, other.lo));
        let step = Self::sum(high.hi, high.lo + low.hi);
        Self::sum(step.hi, step.lo + low.lo)
    }
}

impl Sub for Double {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + Self {
            hi: -other.hi,
            lo: -other.lo,
        }
    }
}

impl Mul for Double {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = Self::product(self.hi, other.hi);
        Self::sum(
            product.hi,
            product.lo + (self.hi * other.lo + self.lo * other.hi),
        )
    }
}

impl Div for Double {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        let rest = self - other * Self::of(first);
        let second = rest.hi / other.hi;
        let rest = rest - other * Self::of(second);
        Self::sum(first, second) + Self::of(rest.hi / other.hi)
    }
}

/// How far `12 × rate` is from the true yearly rate of the loan, as a fraction.
///
/// One Newton step from the answer, with the equation evaluated to 32 digits: what the step leaves
/// is the square of the error. Infinite for something that is not a rate.
pub(super) fn apr_error(loan: &LevelLoan, rate: f64) -> f64 {
    if !rate.is_finite() || rate <= 0.0 {
        return f64::INFINITY;
    }
    let monthly = Double::of(rate);
    let discount = Double::ONE / (Double::ONE + monthly);
    // i × (present value − amount): Σ P (v^start − v^end) − A i.
    let mut excess = Double::of(-loan.amount_financed) * monthly;
    let mut slope = -loan.amount_financed;
    let (mut start, mut months) = (Double::ONE, 0.0);
    for level in &loan.levels {
        let end = start * discount.power(level.count);
        let later = months + f64::from(level.count);
        excess = excess + Double::of(level.payment) * (start - end);
        slope += level.payment * discount.hi * (later * end.hi - months * start.hi);
        (start, months) = (end, later);
    }
    12.0 * (excess.hi / slope).abs()
}

/// The level payment in whole cents, half up: `P i / (1 − (1 + i)^-n)`.
pub(super) fn level_payment(principal: Cents, rate: Pct, term: u32) -> f64 {
    // A rate in billionths of a per cent is exact in a double; over 12 and over 10^11 it is not.
    let monthly = Double::of(cents(Cents::new(rate.e9()))) / Double::of(1.2e12);
    let discount = Double::ONE / (Double::ONE + monthly);
    let payment = Double::of(cents(principal)) * monthly / (Double::ONE - discount.power(term));
    let floor = payment.hi.floor();
    if (payment.hi - floor) + payment.lo >= 0.5 {
        floor + 1.0
    } else {
        floor
    }
}

/// Interest, principal and balance of one payment, in cents.
pub(super) type Row = [i64; 3];

/// The rows of a schedule in whole numbers: interest `balance × rate / 12` half up, the last payment
/// clears the balance. None where a number leaves 63 bits, which no invented loan does.
pub(super) fn rows(
    principal: Cents,
    rate: Pct,
    term: u32,
    payment: i64,
) -> impl Iterator<Item = Option<Row>> {
    let mut balance = principal.get();
    (1..=term).map(move |month| {
        let twelfth = balance
            .checked_mul(rate.e9())?
            .checked_add(600_000_000_000)?;
        let interest = twelfth / 1_200_000_000_000;
        let part = if month == term {
            balance
        } else {
            payment.checked_sub(interest)?.min(balance)
        };
        balance = balance.checked_sub(part)?;
        Some([interest, part, balance])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_engine::apr::Level;

    #[test]
    fn errors_of_known_rates_are_seen() {
        // 1,000 lent, 1,010 after a month: 1 % exactly.
        let mut levels = [Level::default(); 4];
        levels[0] = Level {
            count: 1,
            payment: 1010.0,
        };
        let loan = LevelLoan {
            amount_financed: 1000.0,
            levels,
            guess: Pct::ZERO,
        };
        // The double next to 0.01 is 2e-19 away from it.
        assert!(apr_error(&loan, 0.01) < 1e-17);
        let off = apr_error(&loan, 0.01 + 1e-13);
        assert!((off - 12e-13).abs() < 1e-16, "{off:e}");
        assert!(apr_error(&loan, f64::NAN).is_infinite());
    }

    #[test]
    fn the_sample_loan_of_the_regulation() {
        // H-25(B): 162,000 at 3.875 % over 360 months, 761.78.
        let (principal, rate) = (Cents::new(16_200_000), Pct::new(3_875_000_000));
        assert!((level_payment(principal, rate, 360) - 76_178.0).abs() < 0.1);
        let all: Vec<Row> = rows(principal, rate, 360, 76_178)
            .map(Option::unwrap)
            .collect();
        assert_eq!(all[0], [52_313, 23_865, 16_176_135]);
        assert_eq!(all[359][2], 0);
        let paid: i64 = all.iter().map(|row| row[1]).sum();
        assert_eq!(paid, 16_200_000);
    }
}
