//! The level payment and one month's interest.
#![expect(clippy::float_arithmetic, reason = "closed form of the level payment")]

use super::{MAX_NOTE_RATE, MAX_PAYMENTS};
use crate::error::{EngineError, Problem};
use crate::float::{self, Wide};
use crate::money::{Cents, Rounding, divide};
use crate::rate::Pct;

/// Billionths of a percent per month in one whole: 100 × 10^9 × 12.
const MONTHLY_SCALE: i128 = 1_200_000_000_000;
const MONTHLY_SCALE_U64: u64 = 1_200_000_000_000;

/// The level monthly payment that repays `principal` in `payments` months at the yearly `rate`,
/// `P × i / (1 − (1+i)^−n)`, rounded half up to cents as note and disclosure state it.
///
/// Correct to the cent over the whole range: when the float closed form comes near a half cent it
/// is worked out again with 32 digits. A zero rate is exact integer division.
///
/// # Errors
/// `principal` not positive or above 10^15 currency units, `rate` negative or above
/// [`MAX_NOTE_RATE`], `payments` outside 1 to [`MAX_PAYMENTS`].
pub fn level_payment(principal: Cents, rate: Pct, payments: u32) -> Result<Cents, EngineError> {
    check(principal, rate, payments)?;
    if rate.is_zero() {
        return principal
            .mul_ratio(1, i128::from(payments), Rounding::HalfUp)
            .ok_or(EngineError::too_large("principal"));
    }
    let near = closed_form(
        float::from_i64(principal.get()),
        rate.monthly_f64(),
        payments,
    );
    // The closed form is good to a few units in the last place; 1e-14 is generous.
    let doubt = near * 1e-14 + 1e-9;
    let floor = near.floor();
    if (near - floor - 0.5).abs() > doubt && near < 1e12 {
        let step = if near - floor > 0.5 { 1.0 } else { 0.0 };
        return bounded(float::to_i64(floor + step));
    }
    let cents = Wide::of_i128(i128::from(principal.get()));
    bounded(level_payment_wide(cents, rate, payments).round_half_up())
}

/// As [`level_payment`] for a principal given in billionths of the currency unit, for sources that
/// state more than cents (a third of 400,000).
///
/// # Errors
/// As [`level_payment`].
pub fn level_payment_of_e9(
    principal_e9: i128,
    rate: Pct,
    payments: u32,
) -> Result<Cents, EngineError> {
    if principal_e9 <= 0 {
        return Err(EngineError::new("principal", Problem::MustBePositive));
    }
    let cents = divide(principal_e9, 10_000_000, Rounding::Up)
        .and_then(|cents| i64::try_from(cents).ok())
        .ok_or(EngineError::too_large("principal"))?;
    check(Cents::new(cents), rate, payments)?;
    if rate.is_zero() {
        let scale = i128::from(payments).saturating_mul(10_000_000);
        let payment = divide(principal_e9, scale, Rounding::HalfUp);
        return bounded(payment.and_then(|cents| i64::try_from(cents).ok()));
    }
    let cents = Wide::of_i128(principal_e9).div(Wide::of(1e7));
    bounded(level_payment_wide(cents, rate, payments).round_half_up())
}

/// The level payment in currency units, not rounded: what multiplied by the number of payments
/// gives the totals of the official sample forms.
///
/// # Errors
/// As [`level_payment`].
pub fn level_payment_exact(principal: Cents, rate: Pct, payments: u32) -> Result<f64, EngineError> {
    check(principal, rate, payments)?;
    let cents = Wide::of_i128(i128::from(principal.get()));
    Ok(level_payment_wide(cents, rate, payments).to_f64() / 100.0)
}

/// One month's interest on the principal: the payment of an interest-only month, half-up cents.
///
/// # Errors
/// As [`level_payment`].
pub fn interest_only_payment(principal: Cents, rate: Pct) -> Result<Cents, EngineError> {
    check(principal, rate, 1)?;
    monthly_interest(principal, rate).ok_or(EngineError::too_large("principal"))
}

/// `balance × rate / 12`, exact in integers and then rounded half up to cents; none when the result
/// cannot be held.
#[must_use]
pub fn monthly_interest(balance: Cents, rate: Pct) -> Option<Cents> {
    let narrow = || {
        let product = u64::try_from(balance.get())
            .ok()?
            .checked_mul(u64::try_from(rate.e9()).ok()?)?;
        let cents = product.checked_add(MONTHLY_SCALE_U64 / 2)? / MONTHLY_SCALE_U64;
        i64::try_from(cents).ok()
    };
    // Ordinary balances fit 64 bits, where dividing by a constant is a multiplication.
    match narrow() {
        Some(cents) => Some(Cents::new(cents)),
        None => balance.mul_ratio(i128::from(rate.e9()), MONTHLY_SCALE, Rounding::HalfUp),
    }
}

/// One month's share of a balance as a fraction of 2^64, rounded up: interest of a month, rounded
/// half up to cents, is then a product and a shift. It is [`monthly_interest`] to the cent.
#[derive(Clone, Copy)]
pub(super) struct MonthlyShare(u64);

impl MonthlyShare {
    /// The share at `rate`, for balances up to `balance`; none where it would not be exact.
    ///
    /// With the rate `num/den`, a balance's exact interest is a multiple of `1/(2 den)` away from
    /// any half cent. Rounding the share up adds less than `balance / 2^64`; while that is at most
    /// `1/(2 den)`, no sum is carried over the half it had not reached.
    pub(super) fn of(balance: Cents, rate: Pct) -> Option<Self> {
        let balance = u64::try_from(balance.get()).ok()?;
        let rate = u64::try_from(rate.e9()).ok()?;
        let den = if rate.is_multiple_of(1_000_000) {
            MONTHLY_SCALE_U64 / 1_000_000
        } else if rate.is_multiple_of(1000) {
            MONTHLY_SCALE_U64 / 1000
        } else {
            MONTHLY_SCALE_U64
        };
        if rate >= MONTHLY_SCALE_U64 || balance.checked_mul(den)? >= 1 << 63 {
            return None;
        }
        let raised = u128::from(rate) << 64;
        let share = raised.div_ceil(u128::from(MONTHLY_SCALE_U64));
        u64::try_from(share).ok().map(Self)
    }

    /// Interest of one month on a balance from zero to the one [`Self::of`] was asked for.
    #[inline]
    pub(super) fn of_balance(self, balance: i64) -> i64 {
        // Below 2^63 times below 2^64 and half of 2^64: nothing wraps.
        let product = u128::from(balance.cast_unsigned()).wrapping_mul(u128::from(self.0));
        let shifted = product.wrapping_add(1 << 63) >> 64;
        i64::try_from(shifted).unwrap_or(i64::MAX)
    }
}

/// The unrounded level payment with 32 digits, in the unit of `principal`: `P (i + i / g)` where
/// `g = (1+i)^n − 1`. Arguments must have been checked.
pub(crate) fn level_payment_wide(principal: Wide, rate: Pct, payments: u32) -> Wide {
    if rate.is_zero() {
        return principal.div(Wide::of(f64::from(payments)));
    }
    let monthly = Wide::of(float::from_i64(rate.e9())).div(Wide::of(1.2e12));
    let share = monthly.div(monthly.growth(payments));
    principal.mul(monthly.add(share))
}

pub(crate) fn check(principal: Cents, rate: Pct, payments: u32) -> Result<(), EngineError> {
    if !principal.is_positive() {
        return Err(EngineError::new("principal", Problem::MustBePositive));
    }
    if principal > Cents::MAX {
        return Err(EngineError::too_large("principal"));
    }
    check_rate(rate)?;
    if payments == 0 || payments > MAX_PAYMENTS {
        let problem = Problem::OutOfRange {
            min: 1,
            max: i64::from(MAX_PAYMENTS),
        };
        return Err(EngineError::new("term_months", problem));
    }
    Ok(())
}

pub(crate) fn check_rate(rate: Pct) -> Result<(), EngineError> {
    if rate.is_negative() {
        return Err(EngineError::new("rate", Problem::MustNotBeNegative));
    }
    if rate > MAX_NOTE_RATE {
        return Err(EngineError::too_large("rate"));
    }
    Ok(())
}

fn closed_form(principal: f64, monthly: f64, payments: u32) -> f64 {
    principal * monthly / -(-f64::from(payments) * monthly.ln_1p()).exp_m1()
}

fn bounded(cents: Option<i64>) -> Result<Cents, EngineError> {
    cents
        .map(Cents::new)
        .filter(|cents| *cents <= Cents::MAX)
        .ok_or(EngineError::too_large("principal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(principal: &str, rate: &str, payments: u32) -> String {
        let principal = Cents::parse_decimal(principal).unwrap();
        level_payment(principal, Pct::parse_decimal(rate).unwrap(), payments)
            .unwrap()
            .to_string()
    }

    #[test]
    fn h_25_b_principal_and_interest() {
        assert_eq!(pay("162000", "3.875", 360), "761.78");
        let exact =
            level_payment_exact(Cents::new(16_200_000), Pct::new(3_875_000_000), 360).unwrap();
        assert!((exact - 761.784_075_863_47).abs() < 1e-11);
    }

    #[test]
    fn h_24_c_interest_only_payment() {
        let payment = interest_only_payment(Cents::new(21_100_000), Pct::new(4_000_000_000));
        assert_eq!(payment.unwrap().to_string(), "703.33");
    }

    #[test]
    fn commission_examples_1_5_7_44() {
        assert_eq!(pay("200000", "6", 240), "1432.86");
        assert_eq!(pay("208000", "6", 240), "1490.18");
        assert_eq!(pay("200000", "6", 360), "1199.10");
        let third = level_payment_of_e9(133_333_333_333_000, Pct::new(4_000_000_000), 120);
        assert_eq!(third.unwrap().to_string(), "1349.94");
    }

    #[test]
    fn huge_amounts_are_right_to_the_cent() {
        // One payment is the principal and a month's interest, exactly.
        assert_eq!(pay("900000000000000.01", "12", 1), "909000000000000.01");
        // 10^15 at 12 % over two months: P × 0.01 × 1.0201 / 0.0201.
        assert_eq!(pay("1000000000000000", "12", 2), "507512437810945.27");
    }

    #[test]
    fn ties_round_up_and_zero_rates_divide() {
        // 0.50 at 12 % for one month is 0.505.
        assert_eq!(pay("0.50", "12", 1), "0.51");
        assert_eq!(pay("100", "0", 3), "33.33");
        assert_eq!(pay("0.01", "0", 2), "0.01");
        assert_eq!(pay("0.01", "0", 3), "0.00");
        assert_eq!(pay("100000", "0.000000001", 360), "277.78");
    }

    #[test]
    fn refuses_what_it_cannot_hold() {
        let rate = Pct::new(6_000_000_000);
        for (principal, rate, n, field) in [
            (0, rate, 1, "principal"),
            (-1, rate, 1, "principal"),
            (Cents::MAX.get() + 1, rate, 1, "principal"),
            (Cents::MAX.get(), rate, 1, "principal"),
            (1, Pct::new(-1), 1, "rate"),
            (1, Pct::MAX, 1, "rate"),
            (1, rate, 0, "term_months"),
            (1, rate, 100_001, "term_months"),
        ] {
            assert_eq!(
                level_payment(Cents::new(principal), rate, n)
                    .unwrap_err()
                    .field,
                field
            );
        }
    }

    #[test]
    fn interest_is_the_same_on_both_paths() {
        let rate = Pct::new(4_375_000_000);
        let narrow = monthly_interest(Cents::new(123_456_789), rate).unwrap();
        let wide = Cents::new(123_456_789).mul_ratio(
            i128::from(rate.e9()),
            MONTHLY_SCALE,
            Rounding::HalfUp,
        );
        assert_eq!(Some(narrow), wide);
        assert_eq!(
            monthly_interest(Cents::MAX, Pct::new(12_000_000_000)),
            Some(Cents::new(1_000_000_000_000_000))
        );
    }

    #[test]
    fn a_share_of_the_balance_is_its_interest() {
        let mut state = 20_261_121_u64;
        let mut below = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((state >> 8) % bound).unwrap()
        };
        let mut shares = 0;
        for _ in 0..200_000 {
            let step = [1, 1000, 1_000_000, 125_000_000][usize::try_from(below(4)).unwrap()];
            let rate = Pct::new(below(1_200_000_000_001 / step) * i64::try_from(step).unwrap());
            let bits = below(46);
            let balance = Cents::new(below(1 << bits).max(1));
            // A quarter of the balances end in halves of whatever the rate divides.
            let balance =
                Cents::new(balance.get() * [1, 1, 50, 1600][usize::try_from(below(4)).unwrap()]);
            let Some(share) = MonthlyShare::of(balance, rate) else {
                continue;
            };
            shares += 1;
            let exact = balance.mul_ratio(i128::from(rate.e9()), MONTHLY_SCALE, Rounding::HalfUp);
            assert_eq!(
                Some(Cents::new(share.of_balance(balance.get()))),
                exact,
                "{balance} {rate}"
            );
        }
        assert!(shares > 100_000, "{shares}");
    }
}
