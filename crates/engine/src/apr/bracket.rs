//! A root of a continuous function between two points of opposite sign (Chandrupatla's method:
//! inverse quadratic steps where they are safe, halving where they are not), and where to look for
//! such points when the unknown is `x = ln(1 + i)` and the function is positive while the rate is
//! too low.
#![expect(clippy::float_arithmetic, reason = "root search")]

use super::NoRate;

/// Lowest `ln(1 + i)` looked at; `i` is −1 there to the last bit.
const LOWEST: f64 = -60.0;

/// Most evaluations. Halving alone narrows any bracket of floats within it.
const MAX_STEPS: u32 = 200;

/// A root and the evaluations it took.
pub(crate) struct Root {
    pub(crate) at: f64,
    pub(crate) steps: u32,
}

/// Two points, each with its value, the lower first.
pub(crate) type Bracket = ((f64, f64), (f64, f64));

/// `ln(1 + i)` of the highest rate that can be reported, 1,000,000 % a year, at `per_year`
/// unit-periods a year.
pub(crate) fn highest(per_year: f64) -> f64 {
    (1e4 / per_year).ln_1p()
}

/// A bracket grown outwards from ordinary rates, for a function that falls steadily.
pub(crate) fn nearest(excess: impl Fn(f64) -> f64, highest: f64) -> Result<Bracket, NoRate> {
    let mut low = (-1e-3_f64, excess(-1e-3));
    let start = 1e-2_f64.min(highest);
    let mut high = (start, excess(start));
    while low.1 < 0.0 {
        if low.0 <= LOWEST {
            return Err(NoRate::BelowMinusHundred);
        }
        high = low;
        let next = (low.0 * 4.0).max(LOWEST);
        low = (next, excess(next));
    }
    while high.1 > 0.0 {
        if high.0 >= highest {
            return Err(NoRate::AboveLimit);
        }
        low = high;
        let next = (high.0 * 2.0).min(highest);
        high = (next, excess(next));
    }
    Ok((low, high))
}

/// The widest bracket; a root that is alone changes the sign between its ends.
pub(crate) fn widest(excess: impl Fn(f64) -> f64, highest: f64) -> Result<Bracket, NoRate> {
    within(excess, LOWEST, highest)
}

/// The bracket of these two points, when the rate is too low at one and too high at the other.
pub(crate) fn within(excess: impl Fn(f64) -> f64, low: f64, high: f64) -> Result<Bracket, NoRate> {
    let (low, high) = ((low, excess(low)), (high, excess(high)));
    if low.1 > 0.0 && high.1 < 0.0 {
        Ok((low, high))
    } else {
        Err(NoRate::NotUnique)
    }
}

/// The root between `low` and `high`, given with their values of opposite sign (zero counts as a
/// root). `Err` holds the steps taken when the bracket did not close or a value is not a number.
pub(crate) fn root(
    function: impl Fn(f64) -> f64,
    low: (f64, f64),
    high: (f64, f64),
) -> Result<Root, u32> {
    let ((mut a, mut fa), (mut b, mut fb)) = (high, low);
    let (mut c, mut fc) = (b, fb);
    let mut part = 0.5;
    for steps in 0..MAX_STEPS {
        let (best, value) = if fa.abs() < fb.abs() {
            (a, fa)
        } else {
            (b, fb)
        };
        let tolerance = 2.0 * f64::EPSILON * best.abs() + 1e-17;
        let least = tolerance / (b - a).abs();
        if value == 0.0 || least > 0.5 {
            return Ok(Root { at: best, steps });
        }
        if steps > 0 {
            part = next_part((a, fa), (b, fb), (c, fc)).clamp(least, 1.0 - least);
        }
        let at = a + part * (b - a);
        let found = function(at);
        if found.is_nan() {
            return Err(steps);
        }
        if (found < 0.0) == (fa < 0.0) {
            (c, fc) = (a, fa);
        } else {
            (c, fc) = (b, fb);
            (b, fb) = (a, fa);
        }
        (a, fa) = (at, found);
    }
    Err(MAX_STEPS)
}

/// Where between `a` and `b` to look next, as a part of the way.
fn next_part(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> f64 {
    let xi = (a.0 - b.0) / (c.0 - b.0);
    let phi = (a.1 - b.1) / (c.1 - b.1);
    // Infinite values make phi not a number, both tests false, and the step a halving.
    if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
        a.1 / (b.1 - a.1) * c.1 / (b.1 - c.1)
            + (c.0 - a.0) / (b.0 - a.0) * a.1 / (c.1 - a.1) * b.1 / (c.1 - b.1)
    } else {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_steep_flat_and_infinite_ends() {
        let cubic = |x: f64| x.powi(3) - 2.0;
        let found = root(cubic, (-10.0, cubic(-10.0)), (10.0, cubic(10.0))).unwrap();
        assert!((found.at - 2.0_f64.cbrt()).abs() < 1e-15);
        assert!(found.steps < 25);
        let wild = |x: f64| if x < 1.0 { f64::INFINITY } else { 3.0 - x };
        let found = root(wild, (-50.0, f64::INFINITY), (90.0, wild(90.0))).unwrap();
        assert!((found.at - 3.0).abs() < 1e-14);
        assert!(root(|_| f64::NAN, (0.0, 1.0), (1.0, -1.0)).is_err());
    }
}
