//! The equation of Annex I and its root.
//!
//! All flows stand on one side (remark (e)): what the consumer receives is positive, what he pays
//! negative. The unknown is `x = ln(1 + X)`, in which the logarithm of paid over received is close to
//! a straight line. Equal flows at equal spacing are one closed form, never one term a payment.
//!
//! When nothing is received after something was paid, the discounted flows change their sign once in
//! time, and a sum of exponentials has at most as many real zeros as its coefficients change their
//! sign (Descartes' rule, which holds for real exponents). Otherwise the balance at the root decides:
//! with `S(t)` the running sum of the flows discounted at the root, the equation is `y` times the
//! Laplace transform of `S` at distance `y` from the root, and a transform has at most as many zeros
//! as `S` changes its sign. So a balance that is never negative proves the root alone. A balance that
//! changes its sign once, because a charge was paid before the first drawdown or something comes back
//! at the end, leaves room for one other root. The root found counts when the other lies where no
//! credit's rate lies, above 400 % or below −90 % a year (19,600 % in Commission example 43), and a year's
//! growth there is at least twice or at most half of its own.
#![expect(clippy::float_arithmetic, reason = "solver of the equation of Annex I")]

mod run;

use super::years::Years;
use crate::apr::bracket::{self, Root};
use crate::apr::{self, NoRate, Solution};
use crate::error::{EngineError, Problem};
use crate::float::Sum;
use crate::money::Cents;
use crate::schedule::MAX_PAYMENTS;

use run::{Amounts, Run};

/// Equal amounts at equal spacing, received or paid by the consumer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// Time of the first.
    pub first: Years,
    /// Time from one to the next, more than zero; without meaning when there is only one.
    pub every: Years,
    /// Number of amounts, 1 or more.
    pub count: u32,
    /// Currency units, at most 10^15: positive when the consumer receives (`C_k`), negative when he
    /// pays (`D_l`).
    pub amount: f64,
}

impl Flow {
    /// One amount, in currency units with its sign.
    #[must_use]
    pub const fn single(at: Years, amount: f64) -> Self {
        Self {
            first: at,
            every: Years::ONE,
            count: 1,
            amount,
        }
    }

    /// A drawdown.
    #[must_use]
    pub fn received(at: Years, amount: Cents) -> Self {
        Self::single(at, units(amount))
    }

    /// A repayment or a charge.
    #[must_use]
    pub fn paid(at: Years, amount: Cents) -> Self {
        Self::single(at, -units(amount))
    }

    /// `count` equal repayments or charges, `every` apart.
    #[must_use]
    pub fn paid_every(first: Years, every: Years, count: u32, amount: Cents) -> Self {
        Self {
            first,
            every,
            count,
            amount: -units(amount),
        }
    }
}

/// Largest amount: 10^15 currency units.
const MAX_AMOUNT: f64 = 1e15;
/// Where another root is no rate of any credit, in `ln(1 + X)`: below −90 % and above 400 % a year. The
/// cost of an early valuation puts one there: 0.5 % paid three years ahead, near 480 %.
const ABSURD: (f64, f64) = (-std::f64::consts::LN_10, 1.609_437_912_434_100_3);
/// How far in `ln(1 + X)` another root must lie from the one that is meant at least: a factor of two.
const APART: f64 = std::f64::consts::LN_2;
/// Years below which two times are one moment: the noise of floats, a thirtieth of a second.
const MOMENT: f64 = 1e-9;
/// Part of the amounts in it below which a balance is the noise of floats.
const NOISE: f64 = 1e-10;

/// Solves the equation of Directive 2014/17/EU Annex I (and 2008/48/EC Annex I) for the annual
/// percentage rate of charge: `Σ A_k (1+X)^(−t_k) = 0` over all flows.
///
/// The rate may be negative, times may lie before the first drawdown, and only differences of time
/// matter. [`apr::Found::rate_per_period`] is `X` as a fraction of one.
///
/// # Errors
/// Field `flows` when empty, `count` when a flow has none or more than [`MAX_PAYMENTS`] are received or
/// paid, `every` when not positive, `years` when a time is beyond bounds,
/// `amount` when not a number or too large.
pub fn solve(flows: &[Flow]) -> Result<Solution, EngineError> {
    if flows.is_empty() {
        return Err(EngineError::new("flows", Problem::Empty));
    }
    let mut runs: Vec<Run> = Vec::new();
    let (mut received, mut paid) = (0_u64, 0_u64);
    for flow in flows {
        let side = if flow.amount > 0.0 {
            &mut received
        } else {
            &mut paid
        };
        *side = side.saturating_add(u64::from(flow.count));
        if flow.count == 0 || *side > u64::from(MAX_PAYMENTS) {
            let (min, max) = (1, i64::from(MAX_PAYMENTS));
            return Err(EngineError::new("count", Problem::OutOfRange { min, max }));
        }
        if flow.amount.is_nan() || flow.amount.abs() > MAX_AMOUNT {
            return Err(EngineError::too_large("amount"));
        }
        let run = Run::of(flow)?;
        if flow.amount == 0.0 {
            continue;
        }
        let left = match runs.last_mut() {
            Some(last) => last.joined(run),
            None => Some(run),
        };
        runs.extend(left);
    }
    Ok(Equation::new(runs).map_or_else(Solution::NoSolution, |equation| equation.solve()))
}

fn units(amount: Cents) -> f64 {
    crate::float::from_i64(amount.get()) / 100.0
}

struct Equation {
    runs: Vec<Run>,
    /// Earliest and latest time of any flow.
    ends: (f64, f64),
}

impl Equation {
    fn new(runs: Vec<Run>) -> Result<Self, NoRate> {
        let base = runs.iter().map(|run| run.first);
        let base = base.fold(f64::INFINITY, f64::min);
        let horizon = runs.iter().map(|run| run.last).fold(base, f64::max);
        if !runs.iter().any(|run| run.any(|amount| amount < 0.0)) {
            return Err(NoRate::BelowMinusHundred);
        }
        if !runs.iter().any(|run| run.any(|amount| amount > 0.0)) {
            return Err(NoRate::AboveLimit);
        }
        if base == horizon {
            // No time passes, so no rate or every rate balances: neither is an answer.
            return Err(NoRate::NotUnique);
        }
        Ok(Self {
            runs,
            ends: (base, horizon),
        })
    }

    /// Logarithm of paid over received: positive when the rate is too low.
    fn excess(&self, x: f64) -> f64 {
        let (mut received, mut paid) = (Sum::default(), Sum::default());
        for run in &self.runs {
            let (more_received, more_paid) = run.value(x, self.ends);
            received.add(more_received);
            paid.add(more_paid);
        }
        (paid.total() / received.total()).ln()
    }

    fn solve(&self) -> Solution {
        let highest = bracket::highest(1.0);
        let excess = |x| self.excess(x);
        let nearest = bracket::nearest(excess, highest);
        if !self.interleaved() {
            return match nearest.map(|(low, high)| bracket::root(excess, low, high)) {
                Ok(Ok(root)) => apr::found(&root, 1.0),
                Ok(Err(iterations)) => Solution::NotConverged { iterations },
                Err(reason) => Solution::NoSolution(reason),
            };
        }
        let alone = |root: &Root| self.sign_changes(root.at) == 0;
        let apart = |root: &Root| {
            self.sign_changes(root.at) <= 1
                && self.excess(ABSURD.0.min(root.at - APART)) > 0.0
                && self.excess(ABSURD.1.max(root.at + APART)) < 0.0
        };
        let tried = [
            (
                bracket::widest(excess, highest),
                &alone as &dyn Fn(&Root) -> bool,
            ),
            (nearest, &apart),
        ];
        for (ends, counts) in tried {
            match ends.map(|(low, high)| bracket::root(excess, low, high)) {
                Ok(Ok(root)) if counts(&root) => return apr::found(&root, 1.0),
                Ok(Err(iterations)) => return Solution::NotConverged { iterations },
                Ok(Ok(_)) | Err(_) => {}
            }
        }
        Solution::NoSolution(NoRate::NotUnique)
    }

    /// True when something is received after something was paid.
    fn interleaved(&self) -> bool {
        let (mut first_paid, mut last_received) = (f64::INFINITY, f64::NEG_INFINITY);
        for run in &self.runs {
            match &run.amounts {
                Amounts::Level(amount) if *amount > 0.0 => {
                    last_received = last_received.max(run.last)
                }
                Amounts::Level(_) => first_paid = first_paid.min(run.first),
                Amounts::List(_) => {
                    for (time, amount) in run.events() {
                        if amount > 0.0 {
                            last_received = last_received.max(time);
                        } else if amount < 0.0 {
                            first_paid = first_paid.min(time);
                        }
                    }
                }
            }
        }
        last_received - first_paid > MOMENT
    }

    /// How often the balance owed changes its sign over time at rate `x`, the very end aside.
    ///
    /// At a root what was received and paid up to a moment is, with the other sign, worth what is still
    /// to come. So the balance is built up from the end for positive rates and from the beginning for
    /// negative ones: whatever is far away weighs less and less, and no digits are lost.
    fn sign_changes(&self, x: f64) -> usize {
        let mut events: Vec<(f64, f64)> = self.runs.iter().flat_map(Run::events).collect();
        events.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        if x >= 0.0 {
            events.reverse();
        }
        let (mut balance, mut size, mut changes) = (0.0_f64, 0.0_f64, 0_usize);
        let mut owed = None;
        let mut before = f64::NAN;
        for (time, amount) in events {
            let gap = (time - before).abs();
            if gap > MOMENT && balance.abs() > NOISE * size {
                let now = balance > 0.0;
                changes = changes.saturating_add(usize::from(owed.is_some_and(|was| was != now)));
                owed = Some(now);
            }
            let decay = if before.is_nan() {
                1.0
            } else {
                (-x.abs() * gap).exp()
            };
            balance = balance * decay + amount;
            size = size * decay + amount.abs();
            before = time;
        }
        changes
    }
}

#[cfg(test)]
mod tests;
