//! 100,000 seeded random loans against the equation of Appendix J (b)(8) at 160 bits (48 digits): level,
//! insured, insured with a renewal premium, bought down, adjustable; with regular and odd first
//! periods; by the general solver, the fast road and the batch.
//!
//! The reference is not searched for: the equation is evaluated 0.51 units of the ninth digit below
//! and above the answer. A change of sign proves that the digit is right.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use lintel_engine::apr::{Advance, Found, Level, Solution, Stream, solve, solve_levels};
use lintel_engine::bulk::{LevelColumns, Machine, RateColumns, RateOutcome, solve_level_columns};
use lintel_engine::schedule::level_payment;
use lintel_engine::{Cents, Pct, Ratio};

use crate::reference::Seeded;

type Big = FBig<HalfEven, 2>;

const LOANS: u32 = 100_000;
/// The precision: 48 decimal digits.
const BITS: usize = 160;

fn big(value: i64) -> Big {
    Big::from(value).with_precision(BITS).value()
}

fn power(base: &Big, mut exponent: u32) -> Big {
    let (mut result, mut square) = (big(1), base.clone());
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= &square;
        }
        exponent >>= 1;
        if exponent > 0 {
            square = square.sqr();
        }
    }
    result
}

/// Payments in whole cents, the first `whole` months and `odd` thirtieths after the advance.
#[derive(Debug)]
struct Problem {
    amount: i64,
    levels: Vec<(u32, i64)>,
    whole: u32,
    odd: u32,
    note: Pct,
}

fn dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}

impl Problem {
    /// Present value of the payments less the amount, times something positive, in cents, at a
    /// yearly rate in hundredths of a billionth of a per cent.
    fn excess(&self, pct_e11: i64) -> Big {
        let rate = big(pct_e11) / big(120_000_000_000_000);
        let growth = big(1) + &rate;
        let discount = big(1) / &growth;
        let (mut start, mut sum) = (big(1), big(0));
        for (count, payment) in &self.levels {
            let end = &start * power(&discount, *count);
            sum += big(*payment) * (start - &end);
            start = end;
        }
        let odd = big(1) + &rate * big(i64::from(self.odd)) / big(30);
        let wait = match self.whole.checked_sub(1) {
            Some(months) => power(&growth, months),
            None => discount,
        };
        sum - big(self.amount) * rate * odd * wait
    }

    fn solved(&self) -> Found {
        let advance = Advance {
            whole: 0,
            fraction: Ratio::ZERO,
            amount: dollars(self.amount),
        };
        let mut whole = self.whole;
        let mut streams = Vec::new();
        for (count, payment) in &self.levels {
            streams.push(Stream {
                whole,
                fraction: Ratio::try_new(self.odd, 30).unwrap(),
                count: *count,
                every: 1,
                amount: dollars(*payment),
            });
            whole += count;
        }
        let solution = solve(&[advance], &streams, Ratio::whole(12)).unwrap();
        found(solution, self)
    }

    fn levels(&self) -> [Level; 4] {
        let mut levels = [Level::default(); 4];
        for (level, (count, payment)) in levels.iter_mut().zip(&self.levels) {
            *level = Level {
                count: *count,
                payment: dollars(*payment),
            };
        }
        levels
    }
}

fn found(solution: Solution, problem: &Problem) -> Found {
    match solution {
        Solution::Found(found) => found,
        other => panic!("{problem:?}: {other:?}"),
    }
}

fn random(seeded: &mut Seeded) -> Problem {
    let principal = 1_000_000 + seeded.below(200_000_000);
    let note = Pct::new(3_000_000_000 + seeded.below(15_000_000_000));
    let term = [60, 120, 180, 240, 300, 360, 480][usize::try_from(seeded.below(7)).unwrap()];
    let payment = |pct_e9: i64| {
        level_payment(Cents::new(principal), Pct::new(pct_e9), term)
            .unwrap()
            .get()
    };
    let level = payment(note.e9());
    let premium = level + principal / 12_000 * (2 + seeded.below(10)) / 10;
    let part = |seeded: &mut Seeded| 1 + u32::try_from(seeded.below(i64::from(term) - 30)).unwrap();
    let levels = match seeded.below(5) {
        0 => vec![(term, level)],
        1 => {
            let end = part(seeded);
            vec![(end, premium), (term - end, level)]
        }
        2 => {
            let end = part(seeded).min(120);
            let more = (term - end - 1).min(60);
            let renewed = level + principal / 60_000;
            vec![(end, premium), (more, renewed), (term - end - more, level)]
        }
        3 => vec![
            (12, payment(note.e9() - 2_000_000_000)),
            (12, payment(note.e9() - 1_000_000_000)),
            (term - 24, level),
        ],
        _ => {
            let end = part(seeded);
            let steps = [2, 4, 5].map(|points| payment(note.e9() + points * 1_000_000_000));
            vec![
                (end, level),
                (12, steps[0]),
                (12, steps[1]),
                (term - end - 24, steps[2]),
            ]
        }
    };
    let regular = seeded.below(2) == 0;
    Problem {
        amount: principal - seeded.below(principal / 20),
        levels,
        // From 15 days to almost four months.
        whole: if regular {
            1
        } else {
            u32::try_from(seeded.below(4)).unwrap()
        },
        odd: if regular {
            0
        } else {
            15 + u32::try_from(seeded.below(15)).unwrap()
        },
        note,
    }
}

#[test]
fn a_hundred_thousand_random_rates_have_nine_right_digits() {
    let mut seeded = Seeded(20_261_121);
    let mut batch = Columns::default();
    for _ in 0..LOANS {
        let problem = random(&mut seeded);
        let general = problem.solved();
        let apr_e11 = general.apr.e9() * 100;
        assert!(
            problem.excess(apr_e11 - 51) > big(0) && problem.excess(apr_e11 + 51) < big(0),
            "{problem:?} gave {general:?}"
        );
        // The unrounded rate lies within half a unit of the rounded one.
        let yearly = general.rate_per_period * 12.0;
        let rounded = general.apr.e9() as f64 / 1e11;
        assert!((yearly - rounded).abs() < 0.51e-11, "{problem:?}");
        if (problem.whole, problem.odd) == (1, 0) {
            let levels = problem.levels();
            let solution = solve_levels(dollars(problem.amount), &levels, problem.note).unwrap();
            let fast = found(solution, &problem).rate_per_period * 12.0;
            assert!((fast - yearly).abs() < 1e-12, "{problem:?}: {fast}");
            batch.push(&problem, yearly);
        }
    }
    batch.check();
}

/// The regular loans again, for the batch.
#[derive(Default)]
struct Columns {
    amount: Vec<f64>,
    guess: Vec<Pct>,
    count: [Vec<u32>; 4],
    payment: [Vec<f64>; 4],
    yearly: Vec<f64>,
}

impl Columns {
    fn push(&mut self, problem: &Problem, yearly: f64) {
        self.amount.push(dollars(problem.amount));
        self.guess.push(problem.note);
        for (k, level) in problem.levels().iter().enumerate() {
            self.count[k].push(level.count);
            self.payment[k].push(level.payment);
        }
        self.yearly.push(yearly);
    }

    fn check(&self) {
        let rows = self.amount.len();
        assert!(rows > 40_000);
        let loans = LevelColumns {
            amount_financed: &self.amount,
            guess: &self.guess,
            count: self.count.each_ref().map(Vec::as_slice),
            payment: self.payment.each_ref().map(Vec::as_slice),
        };
        let (mut rate, mut apr) = (vec![0.0; rows], vec![Pct::ZERO; rows]);
        let mut outcome = vec![RateOutcome::Refused; rows];
        let mut out = RateColumns {
            rate_per_period: &mut rate,
            apr: &mut apr,
            outcome: &mut outcome,
        };
        solve_level_columns(Machine::one_core(), &loans, &mut out).unwrap();
        for (row, yearly) in self.yearly.iter().enumerate() {
            assert_eq!(outcome[row], RateOutcome::Found, "row {row}");
            let off = (rate[row] * 12.0 - yearly).abs();
            assert!(off < 1e-11, "row {row}: {off:e}");
        }
    }
}
