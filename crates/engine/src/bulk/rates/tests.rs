//! Columns against single calls, on both roads and any number of threads.

use std::num::NonZeroUsize;

use super::*;
use proptest::prelude::*;

/// Owned columns of loans.
#[derive(Debug, Clone, Default)]
struct Loans {
    amount: Vec<f64>,
    guess: Vec<Pct>,
    count: [Vec<u32>; 4],
    payment: [Vec<f64>; 4],
}

/// The three answer columns; rates as bits, so that equality is of bits.
type Answers = (Vec<u64>, Vec<Pct>, Vec<RateOutcome>);

impl Loans {
    fn push(&mut self, amount: f64, guess: i64, levels: [(u32, f64); 4]) {
        self.amount.push(amount);
        self.guess.push(Pct::new(guess));
        for (level, (count, payment)) in levels.into_iter().enumerate() {
            self.count[level].push(count);
            self.payment[level].push(payment);
        }
    }

    fn columns(&self) -> LevelColumns<'_> {
        LevelColumns {
            amount_financed: &self.amount,
            guess: &self.guess,
            count: self.count.each_ref().map(Vec::as_slice),
            payment: self.payment.each_ref().map(Vec::as_slice),
        }
    }

    fn solve(&self, machine: Machine) -> Answers {
        self.solve_wanted(machine, true, true)
    }

    /// The answers with only the columns of rates that are wanted.
    fn solve_wanted(&self, machine: Machine, rates: bool, aprs: bool) -> Answers {
        let rows = self.amount.len();
        let mut rate_per_period = vec![7.0; if rates { rows } else { 0 }];
        let mut apr = vec![Pct::HUNDRED; if aprs { rows } else { 0 }];
        let mut outcome = vec![RateOutcome::NotConverged; rows];
        let mut out = RateColumns {
            rate_per_period: &mut rate_per_period,
            apr: &mut apr,
            outcome: &mut outcome,
        };
        solve_level_columns(machine, &self.columns(), &mut out).unwrap();
        let bits = rate_per_period.into_iter().map(f64::to_bits).collect();
        (bits, apr, outcome)
    }

    /// Every row must be what the single call says.
    fn check(&self) -> Answers {
        let answers = self.solve(Machine::one_core());
        for row in 0..self.amount.len() {
            let levels: [Level; 4] = std::array::from_fn(|level| self.columns().level(level, row));
            let single = solve_levels(self.amount[row], &levels, self.guess[row]);
            let rate = f64::from_bits(answers.0[row]);
            match (single, answers.2[row]) {
                (Ok(Solution::Found(found)), RateOutcome::Found) => {
                    let difference = 12.0 * (found.rate_per_period - rate).abs();
                    // 10^-11 for mortgages; far above them a float holds no more of the figure.
                    let limit = 1e-11_f64.max(1e-14 * rate.abs());
                    assert!(difference <= limit, "row {row}: {difference:e} {levels:?}");
                    let steps = (found.apr.e9() - answers.1[row].e9()).abs();
                    assert!(steps <= 1, "row {row}: {steps}");
                }
                (Ok(Solution::NoSolution(a)), RateOutcome::NoSolution(b)) => assert_eq!(a, b),
                (Ok(Solution::NotConverged { .. }), RateOutcome::NotConverged)
                | (Err(_), RateOutcome::Refused) => {}
                (single, outcome) => panic!("row {row}: {single:?} but {outcome:?}"),
            }
            if answers.2[row] != RateOutcome::Found {
                assert!(rate.is_nan() && answers.1[row] == Pct::ZERO);
            }
        }
        for threads in [1, 3].map(|n| NonZeroUsize::new(n).unwrap()) {
            let machine = Machine::with_threads(threads);
            let only_rates = self.solve_wanted(machine, true, false);
            assert!(only_rates.0 == answers.0 && only_rates.2 == answers.2);
            let only_aprs = self.solve_wanted(machine, false, true);
            assert!(only_aprs.1 == answers.1 && only_aprs.2 == answers.2);
        }
        let portable = self.solve(Machine::one_core().portable());
        assert!(answers == portable, "AVX2 and portable answers differ");
        answers
    }
}

/// SplitMix64: the same loans on every machine.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).unwrap()
    }
}

/// Ordinary mortgages with up to four levels and a guess near or far.
fn mortgages(rows: usize, seed: u64) -> Loans {
    let mut seeded = Seeded(seed);
    let mut loans = Loans::default();
    for _ in 0..rows {
        let amount = 1e4 + 1e6 * seeded.unit();
        let eighths = 8 + seeded.below(104);
        let note = f64::from(eighths) * 0.00125;
        let term = 12 + seeded.below(470);
        let monthly = note / 12.0;
        let payment = amount * monthly / (1.0 - (1.0 + monthly).powf(-f64::from(term)));
        let mut left = term;
        let levels = std::array::from_fn(|level| {
            let count = if level == 3 {
                left
            } else {
                seeded.below(left + 1)
            };
            left -= count;
            (
                count,
                (payment * (0.9 + 0.3 * seeded.unit()) * 100.0).round() / 100.0,
            )
        });
        let guess = if seeded.below(4) == 0 {
            0
        } else {
            i64::from(eighths) * 125_000_000
        };
        loans.push(amount, guess, levels);
    }
    loans
}

#[test]
fn mortgages_are_what_single_calls_say() {
    let loans = mortgages(20_000, 3);
    let (_, _, outcome) = loans.check();
    let found = outcome.iter().filter(|row| **row == RateOutcome::Found);
    assert!(found.count() > 15_000);
}

#[test]
fn every_length_and_number_of_threads_gives_the_same() {
    let loans = mortgages(3 * PIECE + 5, 4);
    let one = loans.solve(Machine::one_core());
    for threads in 2..=8 {
        let machine = Machine::with_threads(NonZeroUsize::new(threads).unwrap());
        assert!(loans.solve(machine) == one, "{threads} threads");
    }
    for rows in (0..40).chain([PIECE - 1, PIECE, PIECE + 1]) {
        let part = loans.columns().rows(0..rows);
        let part = Loans {
            amount: part.amount_financed.to_vec(),
            guess: part.guess.to_vec(),
            count: part.count.map(<[u32]>::to_vec),
            payment: part.payment.map(<[f64]>::to_vec),
        };
        let answers = part.solve(Machine::one_core());
        assert!(answers.0 == one.0[..rows] && answers.1 == one.1[..rows]);
        assert!(answers.2 == one.2[..rows]);
    }
}

#[test]
fn a_bad_row_harms_no_neighbour() {
    let mut loans = mortgages(48, 5);
    let good = loans.solve(Machine::one_core());
    for (row, bad) in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300, -0.0]
        .into_iter()
        .enumerate()
    {
        loans.amount[row * 5] = bad;
        loans.payment[0][row * 5 + 2] = bad;
        loans.count[0][row * 5 + 2] = 3;
        loans.count[1][row * 5 + 3] = u32::MAX - 5;
    }
    let answers = loans.check();
    for row in 30..48 {
        assert_eq!(answers.0[row], good.0[row]);
    }
    assert_eq!(answers.2[0], RateOutcome::Refused);
}

#[test]
fn columns_of_unequal_length_are_refused() {
    let loans = mortgages(3, 6);
    let mut columns = loans.columns();
    columns.count[2] = &[1, 2];
    let mut out = RateColumns {
        rate_per_period: &mut [0.0; 3],
        apr: &mut [Pct::ZERO; 3],
        outcome: &mut [RateOutcome::Found; 3],
    };
    let refused = solve_level_columns(Machine::one_core(), &columns, &mut out);
    assert_eq!(refused.unwrap_err().field, "count");
    let mut short = [Pct::ZERO; 2];
    out.apr = &mut short;
    let refused = solve_level_columns(Machine::one_core(), &loans.columns(), &mut out);
    assert_eq!(refused.unwrap_err().field, "apr");
}

/// Figures of every size, with the ones that hurt.
fn any_amount() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-6.0_f64..16.0).prop_map(|exponent| 10_f64.powf(exponent)),
        4 => 1.0_f64..10_000.0,
        1 => prop::sample::select(vec![
            0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE, 1e-320,
            f64::MAX, 1e15, 1.000_000_000_001e15,
        ]),
    ]
}

fn any_count() -> impl Strategy<Value = u32> {
    prop_oneof![
        4 => 0_u32..4,
        6 => 0_u32..600,
        1 => 0_u32..120_000,
        1 => prop::sample::select(vec![511, 512, 100_000, 100_001, u32::MAX, 1 << 31]),
    ]
}

fn any_guess() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => 0_i64..20_000_000_000,
        1 => any::<i64>(),
        1 => prop::sample::select(vec![0, -1, 1, i64::MIN, i64::MAX, 60_000_000_000, 1 << 52]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn hostile_rows_are_what_single_calls_say(
        rows in prop::collection::vec(
            (any_amount(), any_guess(), [(); 4].map(|()| (any_count(), any_amount()))),
            1..70,
        ),
    ) {
        let mut loans = Loans::default();
        for (amount, guess, levels) in rows {
            loans.push(amount, guess, levels);
        }
        loans.check();
    }

    #[test]
    fn lopsided_rows_are_what_single_calls_say(
        rows in prop::collection::vec(
            (
                (-3.0_f64..0.5),
                any_guess(),
                [(); 4].map(|()| (0_u32..130, (-9.0_f64..9.0).prop_map(|x| 10_f64.powf(x)))),
            ),
            1..70,
        ),
    ) {
        // Amounts near what is paid, so that the rate is ordinary however odd the payments are.
        let mut loans = Loans::default();
        for (share, guess, levels) in rows {
            let paid: f64 = levels.iter().map(|(count, each)| f64::from(*count) * each).sum();
            loans.push(paid * (1.0 - 10_f64.powf(share) / 4.0), guess, levels);
        }
        loans.check();
    }
}
