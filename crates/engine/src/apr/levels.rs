//! The fast road: monthly payments in a few levels, the first one month after the advance.
//!
//! With the monthly discount `v = 1/(1+i)`, `u = 1 − v`, months `e_k` at which level k ends and the
//! drop `c_k` from level k to the next (to zero after the last), the equation `A i = N` with
//! `N = P_1 − Σ c_k v^e_k` is `A u = v N`: one integer power a level. The ratio of its sides is
//! almost a straight line, so Halley's method from the note rate needs two or three steps.
//!
//! An answer leaves this road only with a proof that it is good to 10^-11 a year (each half below
//! is worth less than 5·10^-12); whatever has none goes to the general solver.
//!
//! *The step.* With `D_1 = E[t]`, `D_2 = E[t(t+1)]`, `D_3` alike, under weights of present value,
//! Halley's error constant for this equation is `D_2²/4D_1² − D_3/6D_1`. Every payment is positive
//! and none later than month n, so that is at most `(n+2)²/4`, and after a step `d` the error is at
//! most `(n+2)²/4 · d³`.
//!
//! *The rounding.* `v` is taken as exact; its power is then off by at most `e` roundings and `N` by
//! `2^-53 (n+8) Σ|c_k v^e_k|`, which moves the rate by `u/S` times that, `S` being the slope.
#![expect(clippy::float_arithmetic, reason = "solver of the actuarial equation")]

use super::equation::{Advance, Stream, solve};
use super::{Found, Solution};
use crate::error::EngineError;
use crate::float;
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
/// Monthly rates the bounds below hold for.
const RATES: std::ops::Range<f64> = 1e-6..0.2;
/// Discounts of these rates, and a little more.
const DISCOUNTS: std::ops::Range<f64> = 0.833..1.0;
/// Levels held on the stack; a loan of more goes to the general solver.
const MAX_LEVELS: usize = 64;
/// More payments than any loan may have.
const MAX_MONTHS: u32 = 100_001;
/// Pairs of bits of [`MAX_MONTHS`].
const ALL_WINDOWS: usize = 9;
/// Pairs of bits of the terms of mortgages, up to 1023 months.
const FEW_WINDOWS: usize = 5;
const FEW_MONTHS: u32 = 1 << (2 * FEW_WINDOWS);
/// `n² |num|³ ≤ this × den³` proves an error of the step below 4·10^-13 a month: the constant is
/// 4 × 4·10^-13, less `v^-6` at the highest rate for the step being taken in `v`.
const STEP: f64 = 5e-13;
/// Share of `S` that `u (n+8) Σ|c v^e|` may be for a rounding error below 4·10^-13 a month.
const ROUNDING: f64 = 4e-13 * 9_007_199_254_740_992.0;

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

/// A loan as the steps its payments make: `start` at once, then a drop of `drop` at month `end`,
/// the last of them to nothing.
struct Steps<const L: usize> {
    amount: f64,
    start: f64,
    end: [u32; L],
    drop: [f64; L],
    used: usize,
}

/// Halley's method on the loan; none when the figures are out of bounds or nothing was proved.
fn halley(amount: f64, levels: &[Level], guess: Pct) -> Option<Found> {
    if !(amount > 0.0 && amount <= 1e15) {
        return None;
    }
    // Known lengths let the compiler lay levels and powers side by side.
    if let Some(steps) = Steps::<5>::read(amount, levels, FEW_MONTHS) {
        return match steps.used {
            1 => steps.first::<1>().solve::<FEW_WINDOWS>(guess),
            2 => steps.first::<2>().solve::<FEW_WINDOWS>(guess),
            3 => steps.first::<3>().solve::<FEW_WINDOWS>(guess),
            _ => steps.first::<4>().solve::<FEW_WINDOWS>(guess),
        };
    }
    Steps::<MAX_LEVELS>::read(amount, levels, MAX_MONTHS)?.solve::<ALL_WINDOWS>(guess)
}

impl<const L: usize> Steps<L> {
    /// None when a figure is out of bounds, there is no payment, no room or not enough bits.
    #[inline]
    fn read(amount: f64, levels: &[Level], below: u32) -> Option<Self> {
        if levels.len() >= L {
            return None;
        }
        let (mut end, mut payments) = ([0; L], [0.0; L]);
        let (mut used, mut months, mut sane) = (0_usize, 0_u32, true);
        for level in levels {
            months = months.saturating_add(level.count);
            *end.get_mut(used)? = months;
            *payments.get_mut(used)? = level.payment;
            // An empty level leaves its place to the next one: no branch to be guessed wrong.
            let counts = level.count > 0;
            sane &= !counts | ((level.payment > 0.0) & (level.payment <= 1e15));
            used = used.saturating_add(usize::from(counts));
        }
        if !sane || months == 0 || months >= below {
            return None;
        }
        let mut drop = payments;
        for level in 1..used {
            *drop.get_mut(level.saturating_sub(1))? -= payments.get(level)?;
        }
        Some(Self {
            amount,
            start: *payments.first()?,
            end,
            drop,
            used,
        })
    }

    /// The same with as many levels as are used.
    #[inline]
    fn first<const M: usize>(&self) -> Steps<M> {
        Steps {
            amount: self.amount,
            start: self.start,
            end: std::array::from_fn(|level| self.end.get(level).copied().unwrap_or_default()),
            drop: std::array::from_fn(|level| self.drop.get(level).copied().unwrap_or_default()),
            used: M,
        }
    }

    #[inline]
    fn solve<const W: usize>(&self, guess: Pct) -> Option<Found> {
        let mut rate = float::from_i64(guess.e9()) * (1.0 / 1.2e12);
        if !RATES.contains(&rate) {
            rate = 0.005;
        }
        let last = self.used.checked_sub(1)?;
        let total = *self.end.get(last)?;
        let mut v = 1.0 / (1.0 + rate);
        for step in 1..=MAX_STEPS {
            let change = self.step::<W>(v, total);
            if change.proved {
                let rate = change.rate(v);
                // Half up, as every answer is rounded; positive, so adding a half and cutting does.
                let apr = Pct::new(float::to_i64(rate * 1.2e12 + 0.5)?);
                return RATES.contains(&rate).then_some(Found {
                    rate_per_period: rate,
                    apr,
                    iterations: step,
                });
            }
            v += change.num / change.den;
            if !DISCOUNTS.contains(&v) {
                return None;
            }
        }
        None
    }

    #[inline]
    fn step<const W: usize>(&self, v: f64, total: u32) -> Change {
        let windows = Windows::<W>::of(v);
        let u = 1.0 - v;
        let (mut n, mut first, mut second, mut weight) = (self.start, 0.0, 0.0, self.start);
        for (end, drop) in self.end.iter().zip(&self.drop).take(self.used) {
            let e = f64::from(*end);
            let term = drop * windows.power(*end);
            n -= term;
            first += e * term;
            second += e * (e + 1.0) * term;
            weight += term.abs();
        }
        let m = v * n;
        let m_first = n - first;
        let slope = m + u * m_first;
        let error = self.amount * u - m;
        let bend = u * n * second + 2.0 * m_first * slope;
        let den = self.amount * slope * slope - 0.5 * error * bend;
        let num = m * error * slope;
        let (months, size) = (f64::from(total), num.abs());
        let near = (months + 2.0) * (months + 2.0) * size * size * size <= STEP * den * den * den
            && error.abs() <= 0.01 * self.amount * u;
        let exact = u * (months + 8.0) * weight <= ROUNDING * slope;
        Change {
            num,
            den,
            proved: near && exact,
        }
    }
}

/// A change of the discount by `num/den`.
struct Change {
    num: f64,
    den: f64,
    /// The changed discount is the answer.
    proved: bool,
}

impl Change {
    /// `1/(v + num/den) − 1` with one division.
    #[inline]
    fn rate(&self, v: f64) -> f64 {
        ((1.0 - v) * self.den - self.num) / (v * self.den + self.num)
    }
}

/// `v` to the powers 0 to 3, times 4, times 16 and so on: any power is one factor of each.
struct Windows<const W: usize>([[f64; 4]; W]);

impl<const W: usize> Windows<W> {
    #[inline]
    fn of(v: f64) -> Self {
        let mut base = v;
        Self(std::array::from_fn(|_| {
            let square = base * base;
            let powers = [1.0, base, square, square * base];
            base = square * square;
            powers
        }))
    }

    #[inline]
    fn power(&self, exponent: u32) -> f64 {
        let (mut product, mut left) = (1.0, exponent);
        for powers in &self.0 {
            product *= powers[(left & 3) as usize];
            left >>= 2;
        }
        product
    }
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
