//! Thirty-two loans made ready for lanes: which of them the lanes can get exactly right, and their
//! level payments.
#![expect(
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    clippy::needless_range_loop,
    reason = "lanes of floats that hold whole cents exactly; the bounds are checked first"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8, i64x8, mask64x8, u64x8};

use super::FixedColumns;
use crate::float;
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::{MAX_NOTE_RATE, MAX_TERM_MONTHS, level_payment};

/// Loans side by side.
pub(super) const LANES: usize = 32;
/// The same in vectors of eight.
pub(super) const VECTORS: usize = LANES / 8;
/// Bits of the longest term.
const BITS: u32 = 11;
/// Billionths of a percent per month in one whole.
const MONTHLY: u64 = 1_200_000_000_000;
/// `balance × num` up to this is rounded right by a product with [`FACTOR_UP`]; see there.
const LARGEST: u64 = 1 << 48;
/// What the monthly rate is multiplied by: one and a little. Interest of exactly half a cent then
/// comes out above the half and rounds up, as it must, and nothing else is moved: with the rate
/// `num/den` in lowest terms, balance × rate is at least `1/(2 den)` away from any half it is not,
/// while the little and three roundings move it up by less than `2^-49` of itself, and up in any
/// case. That is less than `1/(2 den)` as long as `balance × num < 2^48`.
const FACTOR_UP: f64 = 1.0 + 1.0 / (1_u64 << 50) as f64;

/// What the lanes need of each loan. A lane that cannot be proved right has all figures zero, so
/// that it costs nothing and hurts nobody, and is named in `scalar`.
pub(super) struct Block {
    pub(super) balance: [f64; LANES],
    pub(super) factor: [f64; LANES],
    pub(super) payment: [f64; LANES],
    pub(super) term: [u32; LANES],
    /// Bit k: loan k needs the scalar road.
    pub(super) scalar: u32,
    /// Loans in the block.
    pub(super) loans: usize,
}

impl Block {
    /// The loans from `start`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn read<S: Simd>(token: S, loans: &FixedColumns<'_>, start: usize) -> Self {
        let mut block = Self {
            balance: [0.0; LANES],
            factor: [0.0; LANES],
            payment: [0.0; LANES],
            term: [0; LANES],
            scalar: 0,
            loans: LANES.min(loans.principal.len().saturating_sub(start)),
        };
        let mut monthly = [0.0; LANES];
        for lane in 0..block.loans {
            let (principal, rate) = (loans.principal[start + lane], loans.rate[start + lane]);
            let term = loans.term_months[start + lane];
            if !is_exact(principal, rate, term) {
                block.scalar |= 1 << lane;
                continue;
            }
            block.balance[lane] = float::from_i64(principal.get());
            block.term[lane] = term;
            monthly[lane] = rate.monthly_f64();
            block.factor[lane] = monthly[lane] * FACTOR_UP;
        }
        let sure = block.level_payments(token, &monthly);
        for lane in 0..block.loans {
            if sure >> lane & 1 == 0 && block.scalar >> lane & 1 == 0 {
                block.doubtful(lane, loans, start + lane);
            }
        }
        block
    }

    /// `P i / (1 − v^n)` rounded half up; bit k of the answer says that loan k is far enough from
    /// half a cent to be sure. The power is off by at most 4 n roundings of 2^-53.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn level_payments<S: Simd>(&mut self, token: S, monthly: &[f64; LANES]) -> u64 {
        let double = |value| f64x8::splat(token, value);
        let one = double(1.0);
        let mut sure = 0;
        for vector in 0..VECTORS {
            let at = vector * 8..vector * 8 + 8;
            let rate = f64x8::from_slice(token, &monthly[at.clone()]);
            let principal = f64x8::from_slice(token, &self.balance[at.clone()]);
            let term: [u32; 8] = std::array::from_fn(|lane| self.term[vector * 8 + lane]);
            let term: [f64; 8] = term.map(f64::from);
            let months = f64x8::from_slice(token, &term);
            let exponent = (months + double(INTEGER)).bitcast::<u64x8<S>>();
            let v = one / (one + rate);
            let (mut power, mut square) = (one, v);
            for bit in 0..BITS {
                let spread = (exponent << (63 - bit)).bitcast::<i64x8<S>>() >> 63;
                power *= mask64x8::from_vector(spread).select(square, one);
                square *= square;
            }
            let rest = one - power;
            let near = principal * rate / rest;
            let ulps = double(8.0 / 9_007_199_254_740_992.0);
            let doubt = near * ulps * (one + months * power / rest) + double(1e-9);
            let floor = near.floor();
            let above = near - floor - double(0.5);
            let step = above.simd_gt(double(0.0)).select(one, double(0.0));
            let far = above.abs().simd_gt(doubt) & near.simd_lt(double(1e12));
            // Idle lanes divide zero by zero: their payment is nothing.
            let payment = far.select(floor + step, double(0.0));
            payment.store_slice(&mut self.payment[at]);
            sure |= far.to_bitmask() << (vector * 8);
        }
        sure
    }

    /// Lets the scalar function decide a payment that is within a hair of half a cent.
    #[cold]
    #[inline(never)]
    fn doubtful(&mut self, lane: usize, loans: &FixedColumns<'_>, row: usize) {
        let term = loans.term_months[row];
        match level_payment(loans.principal[row], loans.rate[row], term) {
            Ok(payment) => self.payment[lane] = float::from_i64(payment.get()),
            Err(_) => {
                self.scalar |= 1 << lane;
                self.balance[lane] = 0.0;
                self.factor[lane] = 0.0;
                self.term[lane] = 0;
            }
        }
    }
}

/// 2^52, whose low bits are free for an integer below it.
const INTEGER: f64 = 4_503_599_627_370_496.0;

/// Do the lanes get every cent of this loan right?
#[cfg_attr(not(debug_assertions), inline(always))]
fn is_exact(principal: Cents, rate: Pct, term: u32) -> bool {
    let (Ok(principal), Ok(rate_e9)) = (u64::try_from(principal.get()), u64::try_from(rate.e9()))
    else {
        return false;
    };
    // The fraction is brought down by the powers of ten that rates have in common with twelve
    // hundred billions; lower terms than these would allow more, but are dearer to find.
    let num = if rate_e9 % 1_000_000 == 0 {
        rate_e9 / 1_000_000
    } else if rate_e9 % 1000 == 0 {
        rate_e9 / 1000
    } else {
        rate_e9
    };
    let fits = principal
        .checked_mul(num)
        .is_some_and(|product| product < LARGEST);
    let ordinary = (1..=MAX_NOTE_RATE.e9().unsigned_abs()).contains(&rate_e9)
        && rate_e9 < MONTHLY
        && principal > 0
        && (1..=MAX_TERM_MONTHS).contains(&term);
    fits && ordinary && principal < LARGEST
}
