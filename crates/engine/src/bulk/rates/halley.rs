//! A step of Halley's method and a rough power of two, in lanes.
#![expect(
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    reason = "lanes of floats; the bounds are the caller's"
)]

use std::f32::consts::LN_2;

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f32x16, u32x16};

/// 1.5 × 2^23, which rounds a single to a whole number when added and taken away.
const WHOLE_SINGLE: f32 = 12_582_912.0;

/// `2^x` to about 10^-5, for `x` from −120 to 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn power_of_two<S: Simd>(token: S, x: f32x16<S>) -> f32x16<S> {
    let single = |value| f32x16::splat(token, value);
    let x = x.simd_gt(single(-120.0)).select(x, single(-120.0));
    let shifted = x + single(WHOLE_SINGLE);
    let r = x - (shifted - single(WHOLE_SINGLE));
    // Taylor's series of 2^r for r within half of zero.
    let series = single(LN_2 * LN_2 * LN_2 / 6.0) + r * single(LN_2 * LN_2 * LN_2 * LN_2 / 24.0);
    let series = single(LN_2) + r * (single(LN_2 * LN_2 / 2.0) + r * series);
    let series = single(1.0) + r * series;
    let exponent = shifted.bitcast::<u32x16<S>>() << 23;
    (series.bitcast::<u32x16<S>>() + exponent).bitcast()
}

/// One step of Halley's method on `A u / (v N) − 1`, for either precision.
pub(super) struct Halley<V> {
    pub(super) amount: V,
    pub(super) u: V,
    pub(super) v: V,
    pub(super) n: V,
    /// `Σ e T`.
    pub(super) first: V,
    /// `Σ e (e+1) T`.
    pub(super) second: V,
}

impl<V> Halley<V>
where
    V: Copy + std::ops::Add<Output = V> + std::ops::Sub<Output = V> + std::ops::Mul<Output = V>,
{
    /// Numerator and denominator of the change of `v`, the slope `S = M + u M'` and the error
    /// `E = A u − M`, where `M = v N`: the change is `M E S / (A S² + E (2 M' S − …)/2)`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn quotient(&self, half: V) -> (V, V, V, V) {
        let m = self.v * self.n;
        let m_first = self.n - self.first;
        let slope = m + self.u * m_first;
        let error = self.amount * self.u - m;
        let bend = self.u * self.n * self.second + (m_first + m_first) * slope;
        let den = self.amount * slope * slope - half * error * bend;
        (m * error * slope, den, slope, error)
    }
}
