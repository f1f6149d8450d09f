//! The general equation and its root.
//!
//! The unknown is `x = ln(1 + i)`, in which the logarithm of payments over advances is close to a
//! straight line, and rates near −100 % or far above it are ordinary numbers. A level stream is one
//! closed form, never one term a payment.
//!
//! When every advance precedes every payment the ratio falls steadily with `i`: the derivative of
//! the logarithm of a discount factor, `f/(1+f i) + t/(1+i)`, grows with time. So there is at most
//! one root. When advances follow payments, the root found is accepted only if the balance at that
//! rate is never negative: a lower rate then gives a lower final balance and a higher rate a higher
//! one, so no second root exists.
#![expect(clippy::float_arithmetic, reason = "solver of the actuarial equation")]

use super::bracket::{self, Root};
use super::{Found, NoRate, Solution};
use crate::error::{EngineError, Problem};
use crate::float::Sum;
use crate::rate::Pct;
use crate::ratio::Ratio;
use crate::schedule::MAX_PAYMENTS;

/// An amount the consumer receives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Advance {
    /// Whole unit-periods since the first advance (`q`).
    pub whole: u32,
    /// The left-over fraction of a unit-period (`e`), 0 to 1.
    pub fraction: Ratio,
    /// Currency units; the first advance is the amount financed.
    pub amount: f64,
}

/// Equal payments at equal spacing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stream {
    /// Whole unit-periods from the first advance to the first payment (`t`).
    pub whole: u32,
    /// The left-over fraction of a unit-period (`f`), 0 to 1, the same for each payment.
    pub fraction: Ratio,
    /// Number of payments.
    pub count: u32,
    /// Unit-periods from one payment to the next, 1 or more.
    pub every: u32,
    /// Currency units of each payment.
    pub amount: f64,
}

/// Largest amount: 10^15 currency units.
const MAX_AMOUNT: f64 = 1e15;
/// Largest number of unit-periods from the first advance: three centuries of days, and room.
const MAX_UNIT_PERIODS: u32 = 1_000_000;

/// Solves the general equation for the rate per unit-period and the annual percentage rate at
/// `per_year` unit-periods a year.
///
/// # Errors
/// An amount, count, time or fraction out of bounds (field `amount`, `count`, `whole`, `fraction`,
/// `every`), an empty list (`advances`, `streams`), a zero `per_year`, or no advance at time zero.
pub fn solve(
    advances: &[Advance],
    streams: &[Stream],
    per_year: Ratio,
) -> Result<Solution, EngineError> {
    check(advances, streams, per_year)?;
    if all_at_time_zero(advances, streams) {
        // No time passes, so no rate or every rate balances: neither is an answer.
        return Ok(Solution::NoSolution(NoRate::NotUnique));
    }
    let equation = Equation::new(advances, streams);
    Ok(equation.solve(per_year.to_f64()))
}

fn all_at_time_zero(advances: &[Advance], streams: &[Stream]) -> bool {
    advances
        .iter()
        .all(|advance| advance.whole == 0 && advance.fraction.num == 0)
        && streams
            .iter()
            .all(|stream| stream.whole == 0 && stream.fraction.num == 0 && stream.count == 1)
}

fn check(advances: &[Advance], streams: &[Stream], per_year: Ratio) -> Result<(), EngineError> {
    if advances.is_empty() {
        return Err(EngineError::new("advances", Problem::Empty));
    }
    if streams.is_empty() {
        return Err(EngineError::new("streams", Problem::Empty));
    }
    if per_year.num == 0 {
        return Err(EngineError::new("per_year", Problem::MustBePositive));
    }
    if !advances
        .iter()
        .any(|advance| advance.whole == 0 && advance.fraction.num == 0)
    {
        let why = "must have one at time zero";
        return Err(EngineError::new("advances", Problem::Inconsistent(why)));
    }
    if advances.len() > usize::try_from(MAX_PAYMENTS).unwrap_or(usize::MAX) {
        return Err(EngineError::new(
            "advances",
            Problem::TooMany {
                limit: MAX_PAYMENTS,
            },
        ));
    }
    for advance in advances {
        check_event(advance.amount, u64::from(advance.whole), advance.fraction)?;
    }
    let mut payments: u64 = 0;
    for stream in streams {
        payments = payments.saturating_add(u64::from(stream.count));
        if stream.count == 0 || payments > u64::from(MAX_PAYMENTS) {
            let problem = Problem::OutOfRange {
                min: 1,
                max: i64::from(MAX_PAYMENTS),
            };
            return Err(EngineError::new("count", problem));
        }
        if stream.every == 0 {
            return Err(EngineError::new("every", Problem::MustBePositive));
        }
        check_event(stream.amount, last_whole(stream), stream.fraction)?;
    }
    Ok(())
}

fn check_event(amount: f64, whole: u64, fraction: Ratio) -> Result<(), EngineError> {
    if amount.is_nan() || amount <= 0.0 {
        return Err(EngineError::new("amount", Problem::MustBePositive));
    }
    if amount > MAX_AMOUNT {
        return Err(EngineError::too_large("amount"));
    }
    if whole > u64::from(MAX_UNIT_PERIODS) {
        return Err(EngineError::too_large("whole"));
    }
    if fraction.exceeds_one() {
        return Err(EngineError::new(
            "fraction",
            Problem::OutOfRange { min: 0, max: 1 },
        ));
    }
    Ok(())
}

fn last_whole(stream: &Stream) -> u64 {
    let gaps = u64::from(stream.count.saturating_sub(1));
    gaps.saturating_mul(u64::from(stream.every))
        .saturating_add(u64::from(stream.whole))
}

/// One side's level run in floats: `count` amounts at `first`, `first + every`, …
struct Run {
    first: f64,
    fraction: f64,
    count: f64,
    every: f64,
    amount: f64,
}

impl Run {
    fn last(&self) -> f64 {
        self.first + (self.count - 1.0) * self.every
    }

    /// Discounted to time zero when `x >= 0`, carried forward to `horizon` when `x < 0`: either
    /// way every power is of a number at most one, so nothing overflows.
    fn value(&self, x: f64, rate: f64, horizon: f64) -> f64 {
        let speed = x.abs();
        let away = if x >= 0.0 {
            self.first
        } else {
            horizon - self.last()
        };
        let step = speed * self.every;
        let run = if step > 0.0 {
            (-step * self.count).exp_m1() / (-step).exp_m1()
        } else {
            self.count
        };
        self.amount * (-speed * away).exp() * run / (1.0 + self.fraction * rate)
    }
}

struct Equation {
    advances: Vec<Run>,
    payments: Vec<Run>,
    horizon: f64,
}

impl Equation {
    fn new(advances: &[Advance], streams: &[Stream]) -> Self {
        let advances: Vec<Run> = advances
            .iter()
            .map(|advance| Run {
                first: f64::from(advance.whole),
                fraction: advance.fraction.to_f64(),
                count: 1.0,
                every: 1.0,
                amount: advance.amount,
            })
            .collect();
        let payments: Vec<Run> = streams
            .iter()
            .map(|stream| Run {
                first: f64::from(stream.whole),
                fraction: stream.fraction.to_f64(),
                count: f64::from(stream.count),
                every: f64::from(stream.every),
                amount: stream.amount,
            })
            .collect();
        let horizon = advances
            .iter()
            .chain(&payments)
            .map(Run::last)
            .fold(0.0, f64::max);
        Self {
            advances,
            payments,
            horizon,
        }
    }

    /// Logarithm of payments over advances: positive when the rate is too low.
    fn excess(&self, x: f64) -> f64 {
        let rate = x.exp_m1();
        let side = |runs: &[Run]| total(runs.iter().map(|run| run.value(x, rate, self.horizon)));
        (side(&self.payments) / side(&self.advances)).ln()
    }

    fn solve(&self, per_year: f64) -> Solution {
        let interleaved = self.interleaved();
        let (excess, highest) = (|x| self.excess(x), bracket::highest(per_year));
        let ends = if interleaved {
            bracket::widest(excess, highest)
        } else {
            bracket::nearest(excess, highest)
        };
        let (low, high) = match ends {
            Ok(ends) => ends,
            Err(reason) => return Solution::NoSolution(reason),
        };
        match bracket::root(excess, low, high) {
            Ok(root) if interleaved && !self.never_overpaid(root.at) => {
                Solution::NoSolution(NoRate::NotUnique)
            }
            Ok(root) => found(&root, per_year),
            Err(iterations) => Solution::NotConverged { iterations },
        }
    }

    /// True when some advance comes after some payment.
    fn interleaved(&self) -> bool {
        let time = |run: &Run| run.first + run.fraction;
        let last_advance = self.advances.iter().map(time).fold(0.0, f64::max);
        self.payments.iter().any(|run| time(run) < last_advance)
    }

    /// True when at rate `x` no payment takes the balance below zero before the end.
    ///
    /// At a root, what came and went up to a moment is worth, with the other sign, what is still to
    /// come. So the balance is built from the far end for positive rates and from the beginning for
    /// negative ones: what is far away weighs less and less, and no digits of what is near are lost.
    fn never_overpaid(&self, x: f64) -> bool {
        let rate = x.exp_m1();
        let mut events: Vec<(f64, f64, f64)> = Vec::new();
        for (runs, sign) in [(&self.advances, 1.0), (&self.payments, -1.0)] {
            for run in runs {
                let mut time = run.first;
                while time <= run.last() {
                    let growth = x * time + (run.fraction * rate).ln_1p();
                    events.push((time + run.fraction, growth, sign * run.amount));
                    time += run.every;
                }
            }
        }
        events.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut owed_sign = 1.0;
        if x >= 0.0 {
            events.reverse();
            owed_sign = -1.0;
        }
        let (mut owed, mut size) = (0.0, 0.0);
        let (mut moment, mut grown) = (f64::NAN, 0.0);
        for (time, growth, amount) in events {
            // What matters is the balance after everything of one moment.
            if (time - moment).abs() > MOMENT && owed < -NOISE * size {
                return false;
            }
            let decay = (-(growth - grown).abs()).exp();
            owed = owed * decay + owed_sign * amount;
            size = size * decay + amount.abs();
            (moment, grown) = (time, growth);
        }
        true
    }
}

/// Unit-periods within which two flows are of one moment.
const MOMENT: f64 = 1e-9;
/// Part of the flows summed below which a balance is rounding noise.
const NOISE: f64 = 1e-10;

pub(crate) fn found(root: &Root, per_year: f64) -> Solution {
    let rate_per_period = root.at.exp_m1();
    match Pct::from_f64_percent(100.0 * per_year * rate_per_period) {
        Some(apr) => Solution::Found(Found {
            rate_per_period,
            apr,
            iterations: root.steps,
        }),
        None => Solution::NoSolution(NoRate::AboveLimit),
    }
}

fn total(values: impl Iterator<Item = f64>) -> f64 {
    let mut sum = Sum::default();
    values.for_each(|value| sum.add(value));
    sum.total()
}

#[cfg(test)]
mod tests;
