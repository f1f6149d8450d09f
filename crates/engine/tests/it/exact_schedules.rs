//! Seeded random schedules against whole numbers of any size: the level payment by a change of sign
//! half a cent to either side, every row by integers of 128 bits, singly and in a batch.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use lintel_engine::bulk::{
    FixedColumns, Machine, RowColumns, TotalsColumns, schedule_rows, schedule_totals,
};
use lintel_engine::schedule::Plan;
use lintel_engine::{Cents, Pct};

use crate::reference::Seeded;

type Big = FBig<HalfEven, 2>;

/// Loans of a batch, and batches.
const BATCH: usize = 50;
const BATCHES: usize = 400;
/// Longest term invented.
const MONTHS: u32 = 480;

fn big(value: i64) -> Big {
    Big::from(value).with_precision(220).value()
}

/// The defining condition of a half-up level payment p of P at the monthly rate i over n months:
/// `p − ½ ≤ P i / (1 − (1 + i)^-n) < p + ½`, multiplied out so that nothing is divided but the rate.
fn is_level_payment(principal: i64, rate: Pct, term: u32, payment: i64) -> bool {
    if rate.is_zero() {
        let (principal, term) = (i128::from(principal), i128::from(term));
        return (2 * principal + term) / (2 * term) == i128::from(payment);
    }
    let monthly = big(rate.e9()) / big(1_200_000_000_000);
    let growth = big(1) + &monthly;
    let mut power = big(1);
    for bit in (0..u32::BITS).rev() {
        power = power.sqr();
        if term >> bit & 1 == 1 {
            power *= &growth;
        }
    }
    let twice = big(2) * big(principal) * monthly * &power;
    let left = power - big(1);
    // A payment of exactly half a cent is a tie that binary digits cannot hold: 1 % has no end.
    let tie = &twice / (big(1 << 62) * big(1 << 62));
    big(2 * payment - 1) * &left <= &twice + &tie && twice + tie < big(2 * payment + 1) * left
}

/// Interest, principal and balance.
fn reference(principal: i64, rate: Pct, term: u32, payment: i64) -> Vec<[i128; 3]> {
    let mut balance = i128::from(principal);
    let row = |month| {
        // balance × rate / 12 half up; the rate is in units of 10^-11.
        let interest = (balance * i128::from(rate.e9()) + 600_000_000_000) / 1_200_000_000_000;
        let part = if month == term {
            balance
        } else {
            (i128::from(payment) - interest).min(balance)
        };
        balance -= part;
        [interest, part, balance]
    };
    (1..=term).map(row).collect()
}

fn random(seeded: &mut Seeded) -> (Cents, Pct, u32) {
    let principal = match seeded.below(6) {
        0 => 1 + seeded.below(1000),
        1 => 1 + seeded.below(2_000_000_000) * 50_000,
        _ => 1_000_000 + seeded.below(200_000_000),
    };
    let rate = match seeded.below(4) {
        0 => seeded.below(400) * 125_000_000,
        1 => seeded.below(100) * seeded.below(100),
        _ => seeded.below(2_000_000_000) * 10,
    };
    let term = [360, 1, 12, 180, 240, MONTHS, 359][usize::try_from(seeded.below(7)).unwrap()];
    (Cents::new(principal), Pct::new(rate), term)
}

#[test]
fn twenty_thousand_random_schedules_are_exact_in_every_row() {
    let mut seeded = Seeded(20_261_122);
    let cells = vec![Cents::ZERO; BATCH * usize::try_from(MONTHS).unwrap()];
    let mut buffers = [cells.clone(), cells.clone(), cells];
    for _ in 0..BATCHES {
        let loans: Vec<_> = (0..BATCH).map(|_| random(&mut seeded)).collect();
        check(&loans, &mut buffers);
    }
}

fn check(loans: &[(Cents, Pct, u32)], buffers: &mut [Vec<Cents>; 3]) {
    let principal: Vec<Cents> = loans.iter().map(|loan| loan.0).collect();
    let rate: Vec<Pct> = loans.iter().map(|loan| loan.1).collect();
    let term: Vec<u32> = loans.iter().map(|loan| loan.2).collect();
    let columns = FixedColumns {
        principal: &principal,
        rate: &rate,
        term_months: &term,
    };
    let [interest, part, balance] = buffers;
    let mut rows = RowColumns {
        months: MONTHS,
        interest,
        principal: part,
        balance,
    };
    assert_eq!(
        schedule_rows(Machine::one_core(), &columns, &mut rows),
        Ok(0)
    );
    let mut sums = vec![vec![Cents::ZERO; loans.len()]; 3];
    let [payment, last_payment, total_interest] = sums.as_mut_slice() else {
        unreachable!("three columns");
    };
    let mut totals = TotalsColumns {
        payment,
        last_payment,
        total_interest,
        mark: &[],
        mark_month: &mut [],
    };
    assert_eq!(
        schedule_totals(Machine::one_core(), &columns, &mut totals),
        Ok(0)
    );
    for (k, (principal, rate, term)) in loans.iter().copied().enumerate() {
        let loan = format!("{principal} at {rate} % over {term}");
        let single = Plan::fixed(principal, rate, term)
            .unwrap()
            .schedule()
            .unwrap();
        let payment = sums[0][k].get();
        assert!(
            is_level_payment(principal.get(), rate, term, payment),
            "{loan}: {payment}"
        );
        let exact = reference(principal.get(), rate, term, payment);
        let mut interest = 0;
        for (month, row) in exact.iter().enumerate() {
            let one = single.rows[month];
            let found = [one.interest, one.principal, one.balance].map(|c| i128::from(c.get()));
            assert_eq!(found, *row, "{loan}, month {month}");
            let at = month * loans.len() + k;
            let found = buffers
                .each_ref()
                .map(|column| i128::from(column[at].get()));
            assert_eq!(found, *row, "{loan} in a batch, month {month}");
            interest += row[0];
        }
        assert_eq!(i128::from(sums[2][k].get()), interest, "{loan}");
        let last = exact.last().unwrap();
        assert_eq!(i128::from(sums[1][k].get()), last[0] + last[1], "{loan}");
    }
}
