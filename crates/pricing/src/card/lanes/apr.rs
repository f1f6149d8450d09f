//! The second pass: the annual percentage rate.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8, i64x8, mask64x8, u64x8};

use super::{
    APART, BITS, DECLINING, LANES, Level, NOTHING, PriceScenes, SHARE, TOGETHER, bits, load, store,
};
use crate::card::NOT_OFFERED;
use crate::card::guess::Polynomial;

/// Largest step of `v` whose error is proved.
const STEP: f64 = 1e-6;
/// 2^52, for whole numbers that are not negative.
const INTEGER: f64 = 4_503_599_627_370_496.0;

/// `N`, `Σ e T` and `Σ e (e+1) T` over the terms `T = c v^e`.
struct Sums<S: Simd> {
    n: f64x8<S>,
    first: f64x8<S>,
    second: f64x8<S>,
}

impl PriceScenes<'_> {
    /// The rates of sixteen rows as a column holds them, and which of them are not proved.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn apr<S: Simd, const L: usize, const P: u8>(&mut self, token: S, at: usize) {
        let (low, low_doubt) = self.apr_of_eight::<S, L, P>(token, at);
        let (high, high_doubt) = self.apr_of_eight::<S, L, P>(token, at + LANES / 2);
        let answers = &mut self.answers;
        store(token, [low, high], answers.apr, at);
        answers.doubts.rows[at / LANES] = bits([low_doubt, high_doubt]);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apr_of_eight<S: Simd, const L: usize, const P: u8>(
        &self,
        token: S,
        at: usize,
    ) -> (f64x8<S>, mask64x8<S>) {
        let double = |value| f64x8::splat(token, value);
        let financed = load(token, &self.between.financed, at);
        let (share, mi) = self.share::<S, P>(token, financed, at);
        let v = evaluate(token, &self.rate.guess, share);
        let u = double(1.0) - v;
        let Sums { n, first, second } = self.sums::<S, L, P>(token, (v, mi), at);
        let m = v * n;
        let plain = m + u * (n - first);
        let mut error = m - financed * u;
        let mut slope = plain;
        // M'' is −second/v, and 1/v is 1 + u but for u²: enough for a term of second order.
        let square = u * u;
        let mut bend = (plain + plain) - square * (second + u * second);
        if let (DECLINING, Some(declining)) = (P, &self.rate.declining) {
            let base = if self.rate.premium_of_principal {
                self.scenes.principal
            } else {
                self.scenes.loan
            };
            let base = load(token, base, at) * u;
            error += base * evaluate(token, &declining.present.value, v);
            slope += base * u * evaluate(token, &declining.present.first, v);
            bend += base * square * evaluate(token, &declining.present.second, v);
        }
        let down = u * error * slope;
        let den = slope * slope - double(0.5) * error * bend;
        let found = (u * den + down) / (v * den - down);
        let near = down.abs().simd_le(double(STEP) * den);
        let [least, most] = self.rate.shares;
        let within = share.simd_ge(double(least)) & share.simd_le(double(most));
        let nothing = financed.simd_le(double(NOTHING));
        let percent = (found * double(1.2e12) + double(0.5)).floor();
        let apr = ((percent + double(50.25)) * double(0.01)).floor();
        let apr = nothing.select(double(f64::from(NOT_OFFERED)), apr);
        (apr, !(nothing | (near & within)))
    }

    /// The share that is financed as the guess wants it, and the level premium with its months.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn share<S: Simd, const P: u8>(
        &self,
        token: S,
        financed: f64x8<S>,
        at: usize,
    ) -> (f64x8<S>, [f64x8<S>; 2]) {
        let double = |value| f64x8::splat(token, value);
        let load = |column| load(token, column, at);
        let scenes = &self.scenes;
        let inverse = load(scenes.inverse);
        let share = financed * inverse;
        match (P, &self.rate.level) {
            (TOGETHER, Level::Together(guess)) => {
                let premium = load(scenes.premium);
                let slope = double(guess.lambda) * (share - double(SHARE));
                let share = share - premium * inverse * (double(guess.kappa) + slope);
                (share, [premium, double(f64::from(guess.months))])
            }
            (APART, _) => {
                let months = load(scenes.months);
                let has = months.simd_gt(double(0.0));
                let premium = has.select(load(scenes.premium), double(0.0));
                let slope = load(scenes.lambda) * (share - double(SHARE));
                let share = share - premium * inverse * (load(scenes.kappa) + slope);
                (share, [premium, months])
            }
            _ => (share, [double(0.0); 2]),
        }
    }

    /// `N` and what its derivatives are made of.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sums<S: Simd, const L: usize, const P: u8>(
        &self,
        token: S,
        (v, [premium, months]): (f64x8<S>, [f64x8<S>; 2]),
        at: usize,
    ) -> Sums<S> {
        let double = |value| f64x8::splat(token, value);
        let mut payments = [v; L];
        for (place, column) in payments.iter_mut().zip(&self.between.payment) {
            *place = load(token, column, at);
        }
        let (powers, mi_power) = self.powers::<S, L, P>(token, v, months);
        let mut n = payments[0];
        let (mut first, mut second) = (double(0.0), double(0.0));
        for (level, (power, run)) in powers.iter().zip(self.rate.runs).enumerate() {
            let next = payments.get(level + 1).copied();
            let drop = next.map_or(payments[level], |next| payments[level] - next);
            let e = double(f64::from(run.end));
            let term = drop * *power;
            let et = e * term;
            n -= term;
            first += et;
            second += e * et;
        }
        if P == TOGETHER || P == APART {
            let term = premium * mi_power;
            let et = months * term;
            n += premium - term;
            first += et;
            second += months * et;
        }
        Sums {
            n,
            first,
            second: second + first,
        }
    }

    /// `v` to the power of each run's end, and of the premium's.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn powers<S: Simd, const L: usize, const P: u8>(
        &self,
        token: S,
        v: f64x8<S>,
        months: f64x8<S>,
    ) -> ([f64x8<S>; L], f64x8<S>) {
        let double = |value| f64x8::splat(token, value);
        let one = double(1.0);
        let mut powers = [one; L];
        let (mut premium, mut square) = (one, v);
        let together = match (P, &self.rate.level) {
            (TOGETHER, Level::Together(guess)) => guess.months,
            _ => 0,
        };
        let bits: u64x8<S> = (months + double(INTEGER)).bitcast();
        for bit in 0..BITS {
            for (power, run) in powers.iter_mut().zip(self.rate.runs) {
                if run.end >> bit & 1 == 1 {
                    *power *= square;
                }
            }
            if P == TOGETHER && together >> bit & 1 == 1 {
                premium *= square;
            }
            if P == APART {
                let spread = (bits << (63 - bit)).bitcast::<i64x8<S>>() >> 63;
                premium *= mask64x8::from_vector(spread).select(square, one);
            }
            square *= square;
        }
        (powers, premium)
    }
}

/// Even and odd powers apart: half as long to wait for.
#[cfg_attr(not(debug_assertions), inline(always))]
fn evaluate<S: Simd, const N: usize>(
    token: S,
    polynomial: &Polynomial<N>,
    x: f64x8<S>,
) -> f64x8<S> {
    let double = |value| f64x8::splat(token, value);
    let x = x - double(polynomial.center);
    let square = x * x;
    let mut sums = [double(0.0); 2];
    for (power, coefficient) in polynomial.coefficients.iter().enumerate().rev() {
        let sum = &mut sums[power & 1];
        *sum = if power + 2 < N {
            *sum * square + double(*coefficient)
        } else {
            double(*coefficient)
        };
    }
    sums[0] + x * sums[1]
}
