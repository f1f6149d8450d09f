//! Columns against [`Plan`], on both roads and any number of threads.

use std::num::NonZeroUsize;

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone, Default)]
struct Loans {
    principal: Vec<Cents>,
    rate: Vec<Pct>,
    term: Vec<u32>,
    mark: Vec<Cents>,
}

#[derive(Debug, Clone, PartialEq)]
struct Totals {
    payment: Vec<Cents>,
    last: Vec<Cents>,
    interest: Vec<Cents>,
    month: Vec<u32>,
    refused: usize,
}

impl Loans {
    fn of(rows: impl IntoIterator<Item = (i64, i64, u32, i64)>) -> Self {
        let mut loans = Self::default();
        for (principal, rate, term, mark) in rows {
            loans.principal.push(Cents::new(principal));
            loans.rate.push(Pct::new(rate));
            loans.term.push(term);
            loans.mark.push(Cents::new(mark));
        }
        loans
    }

    fn columns(&self) -> FixedColumns<'_> {
        FixedColumns {
            principal: &self.principal,
            rate: &self.rate,
            term_months: &self.term,
        }
    }

    fn totals(&self, machine: Machine) -> Totals {
        let rows = self.term.len();
        let mut totals = Totals {
            payment: vec![Cents::new(-1); rows],
            last: vec![Cents::new(-1); rows],
            interest: vec![Cents::new(-1); rows],
            month: vec![9999; rows],
            refused: 0,
        };
        let mut out = TotalsColumns {
            payment: &mut totals.payment,
            last_payment: &mut totals.last,
            total_interest: &mut totals.interest,
            mark: &self.mark,
            mark_month: &mut totals.month,
        };
        totals.refused = schedule_totals(machine, &self.columns(), &mut out).unwrap();
        totals
    }

    /// Rows and totals must be what a single schedule says, on both roads.
    fn check(&self) {
        let core = Machine::one_core();
        let totals = self.totals(core);
        assert_eq!(totals, self.totals(core.portable()));
        self.check_totals(&totals);
        self.check_unmarked(&totals);
        for machine in [core, core.portable()] {
            self.check_rows(machine);
        }
    }

    fn check_totals(&self, totals: &Totals) {
        let mut refused = 0;
        for row in 0..self.term.len() {
            let (principal, rate, term) = (self.principal[row], self.rate[row], self.term[row]);
            let schedule = Plan::fixed(principal, rate, term).and_then(|plan| plan.schedule());
            let got = (totals.payment[row], totals.last[row], totals.interest[row]);
            let fits = schedule.map(|all| all.total_interest().map(|total| (all, total)));
            let Ok(Ok((schedule, interest))) = fits else {
                refused += 1;
                assert_eq!(got, (Cents::ZERO, Cents::ZERO, Cents::ZERO), "{row}");
                assert_eq!(totals.month[row], 0);
                continue;
            };
            let level = level_payment(principal, rate, term).unwrap();
            let last = schedule.rows.last().unwrap().payment;
            assert_eq!(
                got,
                (level, last, interest),
                "{row}: {principal} {rate} {term}"
            );
            let mark = self.mark[row].max(Cents::ZERO);
            let month = if principal <= mark {
                0
            } else {
                let at = schedule.rows.iter().position(|row| row.balance <= mark);
                u32::try_from(at.unwrap()).unwrap() + 1
            };
            assert_eq!(
                totals.month[row], month,
                "{row}: {principal} {rate} {term} {mark}"
            );
        }
        assert_eq!(totals.refused, refused);
    }

    fn check_unmarked(&self, totals: &Totals) {
        let plain = Self {
            mark: Vec::new(),
            ..self.clone()
        };
        let rows = self.term.len();
        let mut columns = [(); 3].map(|()| vec![Cents::ZERO; rows]);
        let [payment, last_payment, total_interest] = &mut columns;
        let mut out = TotalsColumns {
            payment,
            last_payment,
            total_interest,
            mark: &[],
            mark_month: &mut [],
        };
        schedule_totals(Machine::one_core(), &plain.columns(), &mut out).unwrap();
        let [payment, last, interest] = columns;
        assert_eq!((&payment, &last), (&totals.payment, &totals.last));
        assert_eq!(interest, totals.interest);
    }

    fn check_rows(&self, machine: Machine) {
        let loans = self.term.len();
        let valid = self
            .term
            .iter()
            .copied()
            .filter(|term| *term <= MAX_TERM_MONTHS);
        let months = valid.max().unwrap_or_default();
        let places = loans * months as usize;
        let mut columns = [(); 3].map(|()| vec![Cents::new(-7); places]);
        let [interest, principal, balance] = &mut columns;
        let mut out = RowColumns {
            months,
            interest,
            principal,
            balance,
        };
        let answer = schedule_rows(machine, &self.columns(), &mut out).unwrap();
        let mut refused = 0;
        for loan in 0..loans {
            let single = self.columns().schedule(loan);
            refused += usize::from(single.is_none());
            let mut rows = single.iter().flat_map(|schedule| &schedule.rows);
            for month in 0..months as usize {
                let at = month * loans + loan;
                let got = columns.each_ref().map(|column| column[at]);
                let want = rows.next().map_or([Cents::ZERO; 3], |row| {
                    assert_eq!(row.payment.get(), got[0].get() + got[1].get());
                    [row.interest, row.principal, row.balance]
                });
                assert_eq!(got, want, "{machine:?} loan {loan} month {month}: {self:?}");
            }
        }
        assert_eq!(answer, refused);
    }
}

#[test]
fn h_25_b_with_cent_rounding_ends_at_764_68() {
    let loans = Loans::of([(16_200_000, 3_875_000_000, 360, 14_040_000)]);
    loans.check();
    let totals = loans.totals(Machine::one_core());
    assert_eq!(totals.last[0].to_string(), "764.68");
    assert_eq!(totals.interest[0].to_string(), "112243.70");
}

#[test]
fn edges_of_every_figure() {
    let max = Cents::MAX.get();
    let principals = [
        0,
        -1,
        1,
        2,
        3,
        100,
        12_345_678,
        1 << 47,
        1 << 48,
        max,
        max + 1,
        i64::MIN,
        i64::MAX,
    ];
    let rates = [
        0,
        -1,
        1,
        12,
        1_000_000,
        6_000_000_000,
        6_123_456_789,
        100_000_000_000,
        1_200_000_000_000,
        10_000_000_000_000,
        i64::MAX,
        i64::MIN,
    ];
    let terms = [0, 1, 2, 359, 360, 1200, 1201, u32::MAX];
    let mut rows = Vec::new();
    for (number, principal) in principals.into_iter().enumerate() {
        for rate in rates {
            for term in terms {
                rows.push((
                    principal,
                    rate,
                    term,
                    i64::try_from(number).unwrap() * 9 - 20,
                ));
            }
        }
    }
    Loans::of(rows).check();
    Loans::default().check();
}

#[test]
fn interest_of_exactly_half_a_cent_rounds_up() {
    // 1 % a month of 50, 150, 250 … cents is half a cent and some whole ones.
    let rows = (0..200).map(|k| (50 + 100 * k, 12_000_000_000, 480, 1));
    Loans::of(rows).check();
    // 6.375 % is 17/3200 a month: 1600 × an odd number lies on the half.
    let rows = (0..200).map(|k| (1600 * (2 * k + 1), 6_375_000_000, 360, 1));
    Loans::of(rows).check();
}

#[test]
fn every_number_of_threads_gives_the_same() {
    let rows = (0..i64::try_from(2 * PIECE + 77).unwrap()).map(|k| {
        let term = u32::try_from(12 * (1 + k % 31)).unwrap();
        (
            5_000_000 + 7919 * k,
            3_000_000_000 + 125_000_000 * (k % 40),
            term,
            4_000_000,
        )
    });
    let mut loans = Loans::of(rows);
    loans.principal[4] = Cents::ZERO;
    loans.term[PIECE + 2] = 0;
    let one = loans.totals(Machine::one_core());
    assert_eq!(one.refused, 2);
    for threads in 2..=8 {
        let machine = Machine::with_threads(NonZeroUsize::new(threads).unwrap());
        assert!(loans.totals(machine) == one, "{threads} threads");
    }
    loans.mark.clear();
    let rows = loans.term.len();
    let mut columns = [(); 3].map(|()| vec![Cents::ZERO; rows]);
    let [payment, last_payment, total_interest] = &mut columns;
    let mut out = TotalsColumns {
        payment,
        last_payment,
        total_interest,
        mark: &[],
        mark_month: &mut [],
    };
    let machine = Machine::with_threads(NonZeroUsize::new(3).unwrap());
    assert_eq!(schedule_totals(machine, &loans.columns(), &mut out), Ok(2));
    assert_eq!(columns[2], one.interest);
}

#[test]
fn columns_of_unequal_length_are_refused() {
    let loans = Loans::of([(100, 100, 12, 0), (100, 100, 13, 0)]);
    let refuse = |months, places: usize| {
        let mut columns = [(); 3].map(|()| vec![Cents::ZERO; places]);
        let [interest, principal, balance] = &mut columns;
        let mut out = RowColumns {
            months,
            interest,
            principal,
            balance,
        };
        let answer = schedule_rows(Machine::one_core(), &loans.columns(), &mut out);
        answer.unwrap_err().field
    };
    assert_eq!(refuse(12, 24), "months");
    assert_eq!(refuse(1201, 2402), "months");
    assert_eq!(refuse(13, 25), "interest");
}

fn any_principal() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => 100_000_i64..200_000_000,
        2 => 1_i64..10_000,
        1 => (0_u32..57).prop_map(|bits| 1_i64 << bits),
        1 => -5_i64..=Cents::MAX.get(),
    ]
}

fn any_rate() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => (0_i64..120).prop_map(|eighths| eighths * 125_000_000),
        2 => (0_i64..20_000).prop_map(|thousandths| thousandths * 1_000_000),
        2 => 0_i64..20_000_000_000,
        1 => -5_i64..10_000_000_000_001,
    ]
}

fn any_term() -> impl Strategy<Value = u32> {
    prop_oneof![
        4 => prop::sample::select(vec![120_u32, 180, 240, 300, 360, 480]),
        4 => 0_u32..=400,
        1 => 0_u32..=1202,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn schedules_are_what_single_calls_say(
        rows in prop::collection::vec(
            (any_principal(), any_rate(), any_term(), any_principal()), 1..80,
        ),
    ) {
        Loans::of(rows).check();
    }
}
