//! Flows at equal spacing and what they are worth.
#![expect(clippy::float_arithmetic, reason = "solver of the equation of Annex I")]

use super::{Flow, MOMENT};
use crate::error::{EngineError, Problem};

/// Years by which a time may miss the rhythm of those before it and still count as of it: far below
/// what moves a rate.
const RHYTHM: f64 = 1e-11;

/// Flows at equal spacing, in floats.
pub(super) struct Run {
    pub(super) first: f64,
    pub(super) last: f64,
    every: f64,
    count: f64,
    pub(super) amounts: Amounts,
}

pub(super) enum Amounts {
    Level(f64),
    /// Each apart, in time order.
    List(Vec<f64>),
}

/// Sums of what is received and of what is paid.
pub(super) type Sides = (f64, f64);

impl Run {
    pub(super) fn of(flow: &Flow) -> Result<Self, EngineError> {
        let several = flow.count > 1;
        if several && (flow.every.is_negative() || flow.every.is_zero()) {
            return Err(EngineError::new("every", Problem::MustBePositive));
        }
        let gaps = i64::from(flow.count.saturating_sub(1));
        let length = flow.every.checked_mul(gaps);
        let last = length.and_then(|length| flow.first.checked_add(length));
        let last = last.ok_or(EngineError::too_large("years"))?;
        Ok(Self {
            first: flow.first.to_f64(),
            last: last.to_f64(),
            every: flow.every.to_f64(),
            count: f64::from(flow.count),
            amounts: Amounts::Level(flow.amount),
        })
    }

    /// Takes a single flow in when it continues the rhythm; gives it back otherwise.
    pub(super) fn joined(&mut self, single: Self) -> Option<Self> {
        let (Amounts::Level(amount), true) = (&single.amounts, single.count == 1.0) else {
            return Some(single);
        };
        let expected = if self.count == 1.0 {
            self.every = single.first - self.first;
            single.first
        } else {
            self.first + self.every * self.count
        };
        if self.every <= MOMENT || (single.first - expected).abs() > RHYTHM {
            return Some(single);
        }
        match &mut self.amounts {
            Amounts::List(list) => list.push(*amount),
            Amounts::Level(one) if self.count == 1.0 => {
                self.amounts = Amounts::List(vec![*one, *amount]);
            }
            Amounts::Level(_) => return Some(single),
        }
        self.count += 1.0;
        self.last = single.first;
        None
    }

    /// Discounted to `base`, the earliest time, when `x >= 0`; carried to `horizon`, the latest,
    /// when `x < 0`: every power is of a number at most one, so nothing overflows.
    pub(super) fn value(&self, x: f64, (base, horizon): (f64, f64)) -> Sides {
        let speed = x.abs();
        let away = if x >= 0.0 {
            self.first - base
        } else {
            horizon - self.last
        };
        let step = speed * self.every;
        let nearest = (-speed * away).exp();
        match &self.amounts {
            Amounts::Level(amount) => {
                let run = if self.count > 1.0 && step > 0.0 {
                    (-step * self.count).exp_m1() / (-step).exp_m1()
                } else {
                    self.count
                };
                sides(amount * nearest * run)
            }
            Amounts::List(list) => {
                let decay = (-step).exp();
                // Horner's scheme, from the amount furthest away.
                let add = |(received, paid): Sides, amount: &f64| {
                    let (more_received, more_paid) = sides(*amount);
                    (received * decay + more_received, paid * decay + more_paid)
                };
                let (received, paid) = if x >= 0.0 {
                    list.iter().rev().fold((0.0, 0.0), add)
                } else {
                    list.iter().fold((0.0, 0.0), add)
                };
                (received * nearest, paid * nearest)
            }
        }
    }

    /// Time and amount of each flow.
    pub(super) fn events(&self) -> Vec<(f64, f64)> {
        let mut number = 0.0;
        let mut at = |amount: f64| {
            let time = self.first + number * self.every;
            number += 1.0;
            (time, amount)
        };
        match &self.amounts {
            Amounts::List(list) => list.iter().map(|amount| at(*amount)).collect(),
            Amounts::Level(amount) => {
                let mut events = Vec::new();
                let mut left = self.count;
                while left > 0.0 {
                    events.push(at(*amount));
                    left -= 1.0;
                }
                events
            }
        }
    }

    /// True when some amount passes the test.
    pub(super) fn any(&self, test: impl Fn(f64) -> bool) -> bool {
        match &self.amounts {
            Amounts::Level(amount) => test(*amount),
            Amounts::List(list) => list.iter().any(|amount| test(*amount)),
        }
    }
}

/// A signed amount as received or paid.
fn sides(amount: f64) -> Sides {
    (amount.max(0.0), (-amount).max(0.0))
}
