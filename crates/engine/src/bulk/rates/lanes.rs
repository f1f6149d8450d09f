//! The equation of level loans solved in lanes of sixteen rows.
//!
//! The unknown is the monthly discount `v = 1/(1+i)`. With `u = 1 − v`, months `e_k` at which the
//! payment drops by `c_k`, and `N = P_1 − Σ c_k v^e_k`, the equation `A i = N` is `A u = v N`.
//! Halley's method does not mind the exchange of `i` for `v` (it is invariant under fractional
//! linear maps), and in `v` a step needs one division.
//!
//! 1. A step in single precision from the guess, powers by `2^(e log2 v)`. What it gives is a float
//!    of 24 bits, taken as it is for the point the second step starts at: nothing is lost.
//! 2. A step in double precision, powers by squaring.
//! 3. A proof for each lane that the answer is good to 10^-11 a year. A lane without it goes to
//!    the scalar road.
//!
//! The proof has two parts, each worth less than 5·10^-12 a year.
//!
//! *The step.* With `D_1 = E[t]` and `D_2 = E[t(t+1)]`, `D_3` alike, under weights of present value,
//! Halley's error constant for this equation is `D_2²/4D_1² − D_3/6D_1`, and since every payment is
//! positive and none later than month n, that is at most `(n+2)²/4`. So after a step `d` the error
//! is at most `(n+2)²/4 · d³`.
//!
//! *The rounding.* `v` is exact, so a power is off by at most `e` roundings and `N` by
//! `2^-53 (n+8) Σ|c_k v^e_k|`, which moves the rate by `u/S` times that, `S` being the slope.
#![expect(
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    clippy::needless_range_loop,
    reason = "lanes of floats; integer lanes wrap by definition and are range-checked; several arrays \
              go by one index"
)]

use std::f32::consts::LOG2_E;

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f32x16, f64x8, i32x16, i64x8, mask64x8, u32x16, u64x8};

use super::halley::{Halley, power_of_two};
use super::{LevelColumns, RateColumns, RateOutcome};
use crate::bulk::machine::LaneWork;
use crate::rate::Pct;

/// Rows side by side.
pub(super) const LANES: usize = 16;
/// Bits of the longest term the lanes take: 511 months.
const BITS: u32 = 9;
/// Largest sum of amount and payments, as the scalar road bounds each of them.
const LARGEST: f64 = 1e15;
/// Monthly rates the lanes answer for; above, the bounds below are too optimistic.
const HIGHEST: f64 = 0.05;
/// `n² |num|³ ≤ this × den³` proves an error of the step below 4·10^-13 a month: the constant is
/// 4 × 4·10^-13, less `v^-6` at the highest rate for the step being taken in `v`.
const STEP: f64 = 1.2e-12;
/// Share of `S` that `u × (n+8) × Σ|c v^e|` may be for a rounding error below 4·10^-13 a month.
const ROUNDING: f64 = 4e-13 * 9_007_199_254_740_992.0;
/// Adding and taking away 1.5 × 2^52 rounds to a whole number; its bits hold that number.
const WHOLE: f64 = 6_755_399_441_055_744.0;
/// 2^52, whose low bits are free for an integer below it.
const INTEGER: f64 = 4_503_599_627_370_496.0;

/// The rows of one call, solved by [`LaneWork::run`]: a multiple of [`LANES`].
pub(super) struct SolveRates<'a> {
    pub(super) loans: LevelColumns<'a>,
    pub(super) out: RateColumns<'a>,
}

/// Sixteen rows of the columns.
struct Rows<'a> {
    amount: &'a [f64; LANES],
    guess: &'a [Pct; LANES],
    count: [&'a [u32; LANES]; 4],
    payment: [&'a [f64; LANES]; 4],
}

/// Where the answers of sixteen rows go; none for a column that is not wanted.
struct Places<'a> {
    rate: Option<&'a mut [f64; LANES]>,
    apr: Option<&'a mut [Pct; LANES]>,
    outcome: &'a mut [RateOutcome; LANES],
}

/// All lanes proved.
const ALL: u64 = (1 << LANES) - 1;

/// Both halves of sixteen doubles.
type Halves<S> = [f64x8<S>; 2];

impl LaneWork for SolveRates<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Simd>(mut self, token: S) {
        let loans = self.loans;
        let mut start = 0;
        while let (Some(block), Some(places)) = (Rows::at(&loans, start), self.out.places(start)) {
            *places.outcome = [RateOutcome::Found; LANES];
            let proved = block.solve(token, places);
            if proved != ALL {
                self.out.solve_others(&loans, start, proved);
            }
            start += LANES;
        }
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn block<T>(column: &[T], start: usize) -> Option<&[T; LANES]> {
    column.get(start..)?.first_chunk()
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn any(counts: &[u32; LANES]) -> bool {
    counts.iter().fold(0, |all, count| all | count) != 0
}

impl RateColumns<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn places(&mut self, start: usize) -> Option<Places<'_>> {
        Some(Places {
            rate: block_mut(self.rate_per_period, start),
            apr: block_mut(self.apr, start),
            outcome: block_mut(self.outcome, start)?,
        })
    }

    /// Sends the rows that were not proved to the scalar road.
    #[cold]
    #[inline(never)]
    fn solve_others(&mut self, loans: &LevelColumns<'_>, start: usize, proved: u64) {
        let rows = self.outcome.len();
        for row in start..rows.min(start + LANES) {
            if proved >> (row - start) & 1 == 0 {
                self.solve_row(loans, row);
            }
        }
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn block_mut<T>(column: &mut [T], start: usize) -> Option<&mut [T; LANES]> {
    column.get_mut(start..)?.first_chunk_mut()
}

impl<'a> Rows<'a> {
    /// The rows from `start`, none when fewer than sixteen are left.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(loans: &LevelColumns<'a>, start: usize) -> Option<Self> {
        Some(Self {
            amount: block(loans.amount_financed, start)?,
            guess: block(loans.guess, start)?,
            count: loans
                .count
                .map(|column| block(column, start).unwrap_or(&[0; LANES])),
            payment: loans
                .payment
                .map(|column| block(column, start).unwrap_or(&[0.0; LANES])),
        })
    }

    /// Solves for as many levels as some row has. Bit k of the answer says row k may be kept.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn solve<S: Simd>(&self, token: S, places: Places<'_>) -> u64 {
        let [_, second, third, fourth] = self.count;
        if any(fourth) {
            self.solve_levels::<S, 4>(token, places)
        } else if any(third) {
            self.solve_levels::<S, 3>(token, places)
        } else if any(second) {
            self.solve_levels::<S, 2>(token, places)
        } else {
            self.solve_levels::<S, 1>(token, places)
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn solve_levels<S: Simd, const L: usize>(&self, token: S, places: Places<'_>) -> u64 {
        let (mut rate, mut apr) = (places.rate, places.apr);
        let steps = Steps::<S, L>::read(token, self);
        let discount = steps.single(token, self.guess);
        let mut proved = 0;
        for half in 0..2 {
            let (found, good) = steps.double(token, half, discount[half]);
            let at = half * 8..half * 8 + 8;
            if let Some(rate) = rate.as_deref_mut() {
                found.store_slice(&mut rate[at.clone()]);
            }
            if let Some(apr) = apr.as_deref_mut() {
                let e9: [i64; 8] = to_e9(token, found).to_array();
                apr[at].copy_from_slice(&e9.map(Pct::new));
            }
            proved |= good.to_bitmask() << (half * 8);
        }
        proved & steps.fits.to_bitmask()
    }
}

/// A monthly rate as a yearly percentage in billionths, half up.
#[cfg_attr(not(debug_assertions), inline(always))]
fn to_e9<S: Simd>(token: S, rate: f64x8<S>) -> i64x8<S> {
    let double = |value| f64x8::splat(token, value);
    let raised = rate * double(1.2e12) + double(0.5);
    let near = (raised + double(WHOLE)) - double(WHOLE);
    let floor = near.simd_gt(raised).select(near - double(1.0), near);
    let zero = double(WHOLE).bitcast::<i64x8<S>>();
    (floor + double(WHOLE)).bitcast::<i64x8<S>>() - zero
}

/// Sixteen loans as the steps their payments make: `start` at once, then a drop of `drop[k]` at
/// month `end[k]`, the last of them to nothing.
struct Steps<S: Simd, const L: usize> {
    amount: Halves<S>,
    start: Halves<S>,
    drop: [Halves<S>; L],
    end: [u32x16<S>; L],
    /// Sum of the payments of the levels; no term is more than twice its share of it.
    weight: Halves<S>,
    /// Least of the amount and the payments. Not told of what is not a number; `weight` is.
    least: Halves<S>,
    fits: fearless_simd::mask32x16<S>,
}

impl<S: Simd, const L: usize> Steps<S, L> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn read(token: S, rows: &Rows<'_>) -> Self {
        let zero = f64x8::splat(token, 0.0);
        let amount = halves(token, rows.amount);
        let mut least = amount;
        let (mut start, mut drop) = ([zero; 2], [[zero; 2]; L]);
        let (mut weight, mut before) = ([zero; 2], [zero; 2]);
        let mut months = u32x16::splat(token, 0);
        let (mut end, mut widest) = ([months; L], months);
        for level in 0..L {
            let count = u32x16::from_slice(token, rows.count[level]);
            let payment = halves(token, rows.payment[level]);
            let (low, high) = count.simd_eq(0).widen();
            let unused = [low, high];
            for half in 0..2 {
                // A level of no payments goes on with the payment before it: a drop of nothing.
                let payment = if level == 0 {
                    payment[half]
                } else {
                    unused[half].select(before[half], payment[half])
                };
                least[half] = least[half].min(payment);
                weight[half] += payment;
                if level == 0 {
                    start[half] = payment;
                } else {
                    drop[level - 1][half] = before[half] - payment;
                }
                before[half] = payment;
            }
            months += count;
            widest = widest | months | count;
            end[level] = months;
        }
        drop[L - 1] = before;
        let first = u32x16::from_slice(token, rows.count[0]);
        Self {
            amount,
            start,
            drop,
            end,
            weight,
            least,
            fits: widest.simd_lt(1 << BITS) & first.simd_gt(0),
        }
    }

    /// The step in single precision, from the guess to a discount of 24 bits.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn single(&self, token: S, guess: &[Pct; LANES]) -> Halves<S> {
        let single = |value| f32x16::splat(token, value);
        let one = single(1.0);
        let rate = monthly(token, guess);
        let ordinary = rate.simd_ge(single(1e-6)) & rate.simd_lt(single(0.05));
        let rate = ordinary.select(rate, single(0.005));
        let v = one / (one + rate);
        let u = one - v;
        // −log2(1 − u), good to 10^-6 where rates are ordinary.
        let log = single(LOG2_E / 3.0) + u * single(LOG2_E / 4.0);
        let log = u * (single(LOG2_E) + u * (single(LOG2_E / 2.0) + u * log));
        // Scaled by a power of two, so that squares stay within single precision.
        let amount = self.amount[0].narrow(self.amount[1]);
        let exponent = amount.bitcast::<u32x16<S>>() & 0x7f80_0000;
        let scale: f32x16<S> = (u32x16::splat(token, 0x7f00_0000) - exponent).bitcast();
        let amount = amount * scale;
        let mut n = self.start[0].narrow(self.start[1]) * scale;
        let (mut first, mut second) = (single(0.0), single(0.0));
        for level in 0..L {
            let e = self.months(level);
            let drop = self.drop[level][0].narrow(self.drop[level][1]);
            let term = drop * scale * power_of_two(token, single(0.0) - e * log);
            let et = e * term;
            n -= term;
            first += et;
            second += e * et;
        }
        let step = Halley {
            amount,
            u,
            v,
            n,
            first,
            second: second + first,
        };
        let (num, den, _, _) = step.quotient(single(0.5));
        let (low, high) = (v + num / den).widen();
        [low, high]
    }

    /// The step in double precision: the monthly rate, and in which lanes it is proved.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn double(&self, token: S, half: usize, v: f64x8<S>) -> (f64x8<S>, mask64x8<S>) {
        let double = |value| f64x8::splat(token, value);
        let amount = self.amount[half];
        let u = double(1.0) - v;
        let powers = self.powers(token, half, v);
        let (mut n, mut first, mut second) = (self.start[half], double(0.0), double(0.0));
        let mut total = double(0.0);
        for level in 0..L {
            let (low, high) = self.months(level).widen();
            let e = if half == 0 { low } else { high };
            let term = self.drop[level][half] * powers[level];
            let et = e * term;
            n -= term;
            first += et;
            second += e * et;
            total = e;
        }
        let step = Halley {
            amount,
            u,
            v,
            n,
            first,
            second: second + first,
        };
        let (num, den, slope, error) = step.quotient(double(0.5));
        let rate = (u * den - num) / (v * den + num);
        let months = total + double(2.0);
        let size = num.abs();
        let near = (months * size * months * size * size).simd_le(double(STEP) * den * den * den)
            & error.abs().simd_le(double(0.01) * amount * u);
        // The terms are at most twice the payments, and `start` is once.
        let rounding = u * (total + double(8.0)) * (self.weight[half] * double(3.0));
        let exact = rounding.simd_le(double(ROUNDING) * slope);
        let bounded = (amount + self.weight[half]).simd_le(double(LARGEST));
        let range = rate.simd_gt(double(0.0)) & rate.simd_lt(double(HIGHEST));
        let positive = self.least[half].simd_gt(double(0.0));
        (rate, near & exact & bounded & range & positive)
    }

    /// The end of a level as a float. By way of signed integers: the processor converts those.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn months(&self, level: usize) -> f32x16<S> {
        self.end[level].bitcast::<i32x16<S>>().to_float()
    }

    /// `v` to the power of each level's end.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn powers(&self, token: S, half: usize, v: f64x8<S>) -> [f64x8<S>; L] {
        let one = f64x8::splat(token, 1.0);
        let mut powers = [one; L];
        let mut square = v;
        for bit in 0..BITS {
            for level in 0..L {
                let (low, high) = self.end[level].widen();
                let end: u64x8<S> = if half == 0 { low } else { high };
                // The bit wanted, spread over the lane: a mask.
                let spread = (end << (63 - bit)).bitcast::<i64x8<S>>() >> 63;
                let factor = mask64x8::from_vector(spread).select(square, one);
                powers[level] *= factor;
            }
            square *= square;
        }
        powers
    }
}

/// Both halves of sixteen numbers.
#[cfg_attr(not(debug_assertions), inline(always))]
fn halves<S: Simd>(token: S, values: &[f64; LANES]) -> Halves<S> {
    [
        f64x8::from_slice(token, &values[..8]),
        f64x8::from_slice(token, &values[8..]),
    ]
}

/// The guesses as monthly fractions; anything out of range comes out as something out of range.
#[cfg_attr(not(debug_assertions), inline(always))]
fn monthly<S: Simd>(token: S, guess: &[Pct; LANES]) -> f32x16<S> {
    let base = f64x8::splat(token, INTEGER);
    let part = |from: usize| {
        let values: [i64; 8] = std::array::from_fn(|lane| guess[from + lane].e9());
        let bits = i64x8::from_slice(token, &values) | base.bitcast::<i64x8<S>>();
        (bits.bitcast::<f64x8<S>>() - base) * f64x8::splat(token, 1.0 / 1.2e12)
    };
    part(0).narrow(part(8))
}
