//! The fast road: monthly payments in a few levels, the first one month after the advance.
//!
//! With `v = 1/(1+i)`, months `e_k` at which level k ends and the drop `c_k` from level k to the
//! next (to zero after the last), the present value is `(P_1 − Σ c_k v^e_k) / i`: one integer power
//! a level. Its reciprocal is almost a straight line in `i`, so Halley's method from the note rate
//! needs two or three steps. Whatever leaves the well-conditioned region goes to the general
//! solver.
#![expect(clippy::float_arithmetic, reason = "solver of the actuarial equation")]

use super::equation::{Advance, Stream, solve};
use super::{Found, Solution};
use crate::error::EngineError;
use crate::rate::Pct;
use crate::ratio::Ratio;

/// Equal monthly payments in a row.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Level {
    /// Number of payments; an empty level is skipped.
    pub count: u32,
    /// Currency units of each; a level of zero payments is a pause.
    pub payment: f64,
}

/// A loan for [`solve_level_loans`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LevelLoan {
    /// Amount financed in currency units.
    pub amount_financed: f64,
    /// Payment levels; empty ones are skipped.
    pub levels: [Level; 4],
    /// Where to start, usually the note rate.
    pub guess: Pct,
}

/// Steps before the general solver takes over.
const MAX_STEPS: u32 = 8;
/// Monthly rates within which the closed form keeps its digits.
const RATES: std::ops::Range<f64> = 1e-6..0.2;
/// Least `i × n`: below it `1 − v^n` cancels.
const LEAST_GROWTH: f64 = 1e-3;

/// The annual percentage rate of monthly payments in `levels`, starting the search at `guess`
/// (usually the note rate). Gives the same answer as [`solve`], faster.
///
/// # Errors
/// As [`solve`].
pub fn solve_levels(
    amount_financed: f64,
    levels: &[Level],
    guess: Pct,
) -> Result<Solution, EngineError> {
    match halley(amount_financed, levels, guess) {
        Some(found) => Ok(Solution::Found(found)),
        None => general(amount_financed, levels),
    }
}

/// Solves many loans; answer k is of loan k.
pub fn solve_level_loans(
    loans: &[LevelLoan],
) -> impl Iterator<Item = Result<Solution, EngineError>> + '_ {
    loans
        .iter()
        .map(|loan| solve_levels(loan.amount_financed, &loan.levels, loan.guess))
}

/// Numerator of the present value, `N = P_1 − Σ c_k v^e_k`, and its two derivatives in `i`.
struct Numerator {
    value: f64,
    first: f64,
    second: f64,
}

fn numerator(levels: &[Level], rate: f64) -> Numerator {
    let v = 1.0 / (1.0 + rate);
    let (mut power, mut end, mut previous) = (1.0, 0.0, 0.0);
    let (mut value, mut first, mut second) = (0.0, 0.0, 0.0);
    for level in levels.iter().filter(|level| level.count > 0) {
        // The step up into this level happens where the one before it ended.
        let term = (level.payment - previous) * power;
        value += term;
        first -= end * term;
        second += end * (end + 1.0) * term;
        power *= whole_power(v, level.count);
        end += f64::from(level.count);
        previous = level.payment;
    }
    let term = previous * power;
    value -= term;
    first += end * term;
    second -= end * (end + 1.0) * term;
    Numerator {
        value,
        first: first * v,
        second: second * v * v,
    }
}

fn whole_power(base: f64, mut exponent: u32) -> f64 {
    let (mut square, mut result) = (base, 1.0);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    result
}

/// Halley on `A i / N − 1`; none when the inputs or a step leave the well-conditioned region.
fn halley(amount: f64, levels: &[Level], guess: Pct) -> Option<Found> {
    let mut count: u64 = 0;
    for level in levels.iter().filter(|level| level.count > 0) {
        count = count.saturating_add(u64::from(level.count));
        if !(level.payment > 0.0 && level.payment <= 1e15) {
            return None;
        }
    }
    if !(amount > 0.0 && amount <= 1e15) || count == 0 || count > 100_000 {
        return None;
    }
    let least = RATES.start.max(LEAST_GROWTH / count as f64);
    let mut rate = guess.monthly_f64();
    if !(least..RATES.end).contains(&rate) {
        rate = 0.005_f64.max(least);
    }
    for step in 1..=MAX_STEPS {
        let n = numerator(levels, rate);
        let slope = n.value - rate * n.first;
        // g = A i/N − 1, g' = A S/N², g'' = −A B/N³ with S = N − i N', B = i N N'' + 2 N' S.
        // Halley's g / (g' − g g''/(2 g')), brought to a single division.
        let error = amount * rate - n.value;
        let bend = rate * n.value * n.second + 2.0 * n.first * slope;
        let change = n.value * error * slope / (amount * slope * slope + 0.5 * error * bend);
        rate -= change;
        if !(least..RATES.end).contains(&rate) {
            return None;
        }
        // Convergence is cubic: after a change this small the next would be lost in rounding.
        if change.abs() < 3e-6 * rate {
            let apr = Pct::from_f64_percent(1200.0 * rate)?;
            return Some(Found {
                rate_per_period: rate,
                apr,
                iterations: step,
            });
        }
    }
    None
}

fn general(amount: f64, levels: &[Level]) -> Result<Solution, EngineError> {
    let mut whole: u32 = 1;
    let mut streams = Vec::with_capacity(levels.len());
    for level in levels.iter().filter(|level| level.count > 0) {
        if level.payment != 0.0 {
            streams.push(Stream {
                whole,
                fraction: Ratio::ZERO,
                count: level.count,
                every: 1,
                amount: level.payment,
            });
        }
        whole = whole.saturating_add(level.count);
    }
    let advance = Advance {
        whole: 0,
        fraction: Ratio::ZERO,
        amount,
    };
    solve(&[advance], &streams, Ratio::whole(12))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(count: u32, payment: f64) -> Level {
        Level { count, payment }
    }

    #[test]
    fn capfed_published_aprs() {
        let apr = |levels: &[Level], guess: i64| {
            let solution = solve_levels(549_141.0, levels, Pct::new(guess)).unwrap();
            let Solution::Found(found) = solution else {
                panic!("{solution:?}")
            };
            assert!(found.iterations <= 4, "{}", found.iterations);
            found.apr.to_fixed(3)
        };
        assert_eq!(apr(&[level(360, 2665.58)], 4_125_000_000), "4.138");
        let arm3 = [level(36, 2356.07), level(12, 2939.08), level(312, 2976.67)];
        assert_eq!(apr(&arm3, 3_125_000_000), "4.755");
        assert_eq!(
            apr(&[level(60, 2431.53), level(300, 2949.91)], 3_375_000_000),
            "4.578"
        );
        assert_eq!(apr(&[level(84, 2469.75), level(276, 2922.30)], 0), "4.426");
    }

    #[test]
    fn hard_shapes_agree_with_the_general_solver() {
        for (amount, levels) in [
            (1000.0, vec![level(10, 100.0)]),
            (1000.0, vec![level(1, 900.0)]),
            (1000.0, vec![level(1, 1300.0)]),
            (100.0, vec![level(0, 5.0), level(24, 230.0)]),
            (1000.0, vec![level(6, 0.0), level(24, 50.0), level(2, 0.0)]),
            (1e15, vec![level(1200, 1e13)]),
            (100_000.0, vec![level(359, 500.0), level(1, 99_000.0)]),
            (100_000.0, vec![level(1, 99_000.0), level(359, 50.0)]),
        ] {
            for guess in [0, 1, 6_000_000_000, 200_000_000_000, -5] {
                let fast = solve_levels(amount, &levels, Pct::new(guess)).unwrap();
                let slow = general(amount, &levels).unwrap();
                let (a, b) = (fast.apr().unwrap().e9(), slow.apr().unwrap().e9());
                assert!((a - b).abs() <= 1, "{amount} {levels:?} {guess}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_batch_answers_in_order() {
        let loan = |amount| LevelLoan {
            amount_financed: amount,
            levels: [
                level(12, 100.0),
                Level::default(),
                Level::default(),
                Level::default(),
            ],
            guess: Pct::ZERO,
        };
        let answers: Vec<_> = solve_level_loans(&[loan(1100.0), loan(0.0)]).collect();
        assert!(matches!(answers[0], Ok(Solution::Found(_))));
        assert_eq!(answers[1].unwrap_err().field, "amount");
    }
}
