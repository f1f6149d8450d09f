//! Annual percentage rates: our roads and the rivals'.

use std::hint::black_box;

use lintel_engine::apr::{Advance, LevelLoan, Solution, Stream, solve, solve_levels};
use lintel_engine::bulk::{Machine, RateColumns, RateOutcome, solve_level_columns};
use lintel_engine::{Pct, Ratio};

use super::super::cpu::Clock;
use super::super::progress;
use super::loans::{Mix, fraction};
use super::rivals::{Measured, Python};
use super::{Goal, Report, Shape, exact, ns_of, time, with_rivals};

const BATCH: &str = "Lintel, batch";
const BATCH_APR: &str = "Lintel, batch, with the APR in decimal digits";
const SINGLE: &str = "Lintel, single call";
/// Agreement means: yearly rates as fractions differ by no more than this.
const AGREEMENT: f64 = 1e-6;
/// Loans solved one at a time in one pass.
const SINGLES: usize = 100_000;
/// Loans the general solver gets.
const GENERAL: usize = 20_000;
/// Loans handed to the rivals; the slow ones look at fewer.
const HANDED_OVER: usize = 200_000;

/// What a batch call writes to.
pub(super) struct Answers {
    pub(super) rate: Vec<f64>,
    apr: Vec<Pct>,
    outcome: Vec<RateOutcome>,
}

impl Answers {
    /// Rates alone, as the rivals give them.
    pub(super) fn of(loans: usize) -> Self {
        Self {
            rate: vec![f64::NAN; loans],
            apr: Vec::new(),
            outcome: vec![RateOutcome::Refused; loans],
        }
    }

    fn with_aprs(loans: usize) -> Self {
        Self {
            apr: vec![Pct::ZERO; loans],
            ..Self::of(loans)
        }
    }

    pub(super) fn solve(&mut self, machine: Machine, mix: &Mix) -> Result<(), String> {
        let mut out = RateColumns {
            rate_per_period: &mut self.rate,
            apr: &mut self.apr,
            outcome: &mut self.outcome,
        };
        solve_level_columns(machine, &mix.levels(), &mut out).map_err(|e| e.to_string())
    }

    /// Equal to the last bit.
    pub(super) fn same(&self, other: &Self) -> bool {
        let bits = |answers: &Self| {
            answers
                .rate
                .iter()
                .map(|rate| rate.to_bits())
                .collect::<Vec<_>>()
        };
        bits(self) == bits(other) && self.apr == other.apr && self.outcome == other.outcome
    }
}

/// How far answers are from the reference.
#[derive(Default)]
struct Agreement {
    agree: usize,
    of: usize,
    worst: f64,
}

impl Agreement {
    fn add(&mut self, off: f64) {
        self.worst = self.worst.max(off);
        self.agree += usize::from(off <= AGREEMENT);
        self.of += 1;
    }

    fn row(&self, name: &str, ns: f64) -> Measured {
        Measured {
            name: name.to_owned(),
            ns,
            items: self.of,
            agree: self.agree,
            worst: Some(self.worst).filter(|worst| worst.is_finite()),
        }
    }
}

pub(super) fn measure(
    report: &mut Report,
    clock: &Clock,
    mix: &Mix,
    python: Option<&Python>,
) -> Result<(), String> {
    let bar = progress(7, "solving rates");
    let loans: Vec<LevelLoan> = (0..mix.len()).filter_map(|k| mix.loan(k)).collect();
    let mut rows = Vec::new();
    let machine = Machine::one_core();
    for (name, machine, mut answers) in [
        (BATCH, machine, Answers::of(mix.len())),
        (BATCH_APR, machine, Answers::with_aprs(mix.len())),
        (
            "Lintel, batch, portable",
            machine.portable(),
            Answers::of(mix.len()),
        ),
    ] {
        answers.solve(machine, mix)?;
        let ns = time(clock, mix.len(), || {
            let _ = black_box(answers.solve(black_box(machine), mix));
        });
        rows.push(checked(&loans, |k, _| answers.rate.get(k).copied()).row(name, ns));
        bar.inc(1);
    }
    let some = loans.get(..SINGLES.min(loans.len())).unwrap_or_default();
    let ns = time(clock, some.len(), || {
        for loan in some {
            let _ = black_box(single(black_box(loan)));
        }
    });
    bar.inc(1);
    rows.push(checked(&loans, |_, loan| single(loan)).row(SINGLE, ns));
    bar.inc(1);
    let some = loans.get(..GENERAL.min(loans.len())).unwrap_or_default();
    let ns = time(clock, some.len(), || {
        for loan in some {
            let _ = black_box(general(black_box(loan)));
        }
    });
    rows.push(checked(some, |_, loan| general(loan)).row("Lintel, general solver", ns));
    bar.finish_and_clear();
    rows.extend(with_rivals(report, python, "rates", &handed_over(&loans))?);
    let shape = Shape {
        item: "solve",
        worst: "a year",
        ours: [BATCH, SINGLE],
    };
    report.compare(
        "Annual percentage rates. Agree: the yearly rate as a fraction within 1e-6 of the equation \
         evaluated to 32 digits",
        &shape,
        &rows,
    );
    report.goals.extend(goals(&rows));
    Ok(())
}

fn single(loan: &LevelLoan) -> Option<f64> {
    rate(solve_levels(loan.amount_financed, &loan.levels, loan.guess).ok()?)
}

fn rate(solution: Solution) -> Option<f64> {
    match solution {
        Solution::Found(found) => Some(found.rate_per_period),
        Solution::NotConverged { .. } | Solution::NoSolution(_) => None,
    }
}

/// The loan as the general solver takes it: streams, no guess.
fn general(loan: &LevelLoan) -> Option<f64> {
    let mut whole = 1_u32;
    let mut streams = Vec::with_capacity(loan.levels.len());
    for level in loan.levels.iter().filter(|level| level.count > 0) {
        streams.push(Stream {
            whole,
            fraction: Ratio::ZERO,
            count: level.count,
            every: 1,
            amount: level.payment,
        });
        whole = whole.saturating_add(level.count);
    }
    let advance = Advance {
        whole: 0,
        fraction: Ratio::ZERO,
        amount: loan.amount_financed,
    };
    rate(solve(&[advance], &streams, Ratio::whole(12)).ok()?)
}

fn checked(loans: &[LevelLoan], answer: impl Fn(usize, &LevelLoan) -> Option<f64>) -> Agreement {
    let mut agreement = Agreement::default();
    for (k, loan) in loans.iter().enumerate() {
        let found = answer(k, loan).unwrap_or(f64::NAN);
        agreement.add(exact::apr_error(loan, found));
    }
    agreement
}

/// Eleven numbers a loan: amount, note rate, four levels, and our rate to agree with.
fn handed_over(loans: &[LevelLoan]) -> Vec<f64> {
    let mut numbers = Vec::with_capacity(HANDED_OVER * 11);
    for loan in loans.iter().take(HANDED_OVER) {
        numbers.extend([loan.amount_financed, fraction(loan.guess)]);
        for level in &loan.levels {
            numbers.extend([f64::from(level.count), level.payment]);
        }
        numbers.push(12.0 * single(loan).unwrap_or(f64::NAN));
    }
    numbers
}

fn goals(rows: &[Measured]) -> Vec<Goal> {
    let (batch, single) = (ns_of(rows, BATCH), ns_of(rows, SINGLE));
    let times = |rival: &str, own: Option<f64>| Some(ns_of(rows, rival)? / own?);
    let ours = |name: &str| rows.iter().find(|row| row.name == name);
    let worst = |name: &str| {
        ours(name)
            .and_then(|row| row.worst)
            .unwrap_or(f64::INFINITY)
    };
    let guess = "pyxirr.irr, guess = note rate";
    let numpy = "NumPy by hand, all loans at once";
    let quantlib = "QuantLib yieldRate, leg built before";
    vec![
        Goal::at_most(
            "batch solve, ns",
            12.0,
            Some(8.0),
            batch.unwrap_or(f64::INFINITY),
        ),
        Goal::at_least(
            "batch against NumPy by hand",
            4.0,
            Some(6.5),
            times(numpy, batch),
        ),
        Goal::at_least(
            "batch against pyxirr with guess",
            1000.0,
            Some(1500.0),
            times(guess, batch),
        ),
        Goal::at_least(
            "batch against QuantLib",
            60_000.0,
            Some(95_000.0),
            times(quantlib, batch),
        ),
        Goal::at_most(
            "worst error of the batch, a year",
            1e-11,
            None,
            worst(BATCH),
        ),
        Goal::at_most(
            "single solve, ns",
            100.0,
            Some(70.0),
            single.unwrap_or(f64::INFINITY),
        ),
        Goal::at_least(
            "single against pyxirr with guess",
            110.0,
            None,
            times(guess, single),
        ),
        Goal::at_most(
            "worst error of single calls, a year",
            1e-11,
            None,
            worst(SINGLE),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_roads_agree_with_the_reference() {
        let mix = Mix::invent(5_000).unwrap();
        let loans: Vec<LevelLoan> = (0..mix.len()).filter_map(|k| mix.loan(k)).collect();
        let mut answers = Answers::of(mix.len());
        answers.solve(Machine::one_core(), &mix).unwrap();
        for found in [
            checked(&loans, |k, _| answers.rate.get(k).copied()),
            checked(&loans, |_, loan| single(loan)),
            checked(&loans[..500], |_, loan| general(loan)),
        ] {
            assert_eq!(found.agree, found.of);
            assert!(found.worst < 1e-11, "{:e}", found.worst);
        }
        let mut portable = Answers::of(mix.len());
        portable
            .solve(Machine::one_core().portable(), &mix)
            .unwrap();
        assert!(answers.same(&portable));
        let numbers = handed_over(&loans);
        assert_eq!(numbers.len(), 55_000);
    }
}
