//! What must hold for every loan, whatever its figures.

use lintel_engine::apr::{Advance, Level, Stream, solve, solve_levels};
use lintel_engine::schedule::{LastPayment, Plan, RateStep, level_payment_exact};
use lintel_engine::us::loan_apr::{LoanTerms, loan_apr};
use lintel_engine::{Cents, Pct, Ratio};
use proptest::prelude::*;

/// Whole and fractional percents as notes state them, in eighths.
fn note_rate() -> impl Strategy<Value = Pct> {
    (1_i64..=160).prop_map(|eighths| Pct::new(eighths * 125_000_000))
}

proptest! {
    #[test]
    fn a_loan_without_charges_has_its_note_rate(
        principal in 1_000_000_i64..200_000_000,
        rate in note_rate(),
        term in 1_u32..=480,
    ) {
        let principal = Cents::new(principal);
        let payment = level_payment_exact(principal, rate, term).unwrap();
        let amount = principal.get() as f64 / 100.0;
        let exact = solve_levels(amount, &[Level { count: term, payment }], rate).unwrap();
        let difference = (exact.apr().unwrap().e9() - rate.e9()).abs();
        prop_assert!(difference <= 2, "unrounded: {difference}e-9 %");

        let cents = loan_apr(&LoanTerms::fixed(principal, rate, term)).unwrap();
        let difference = (cents.apr.apr().unwrap().e9() - rate.e9()).abs() as f64 / 1e9;
        // Interest is off by half a cent at most on balances of this size; late in the term on
        // smaller ones, but those weigh less.
        prop_assert!(difference <= 1200.0 * 0.01 / amount, "cents: {difference} %");
    }

    #[test]
    fn the_rate_rises_with_the_charges(
        principal in 5_000_000_i64..100_000_000,
        rate in note_rate(),
        term in 12_u32..=480,
        first in 0_i64..500_000,
        more in 1_000_i64..500_000,
    ) {
        let with = |charge| {
            let terms = LoanTerms {
                prepaid_finance_charge: Cents::new(charge),
                ..LoanTerms::fixed(Cents::new(principal), rate, term)
            };
            loan_apr(&terms).unwrap().apr.apr().unwrap()
        };
        prop_assert!(with(first + more) > with(first));
    }

    #[test]
    fn principal_parts_add_up_to_the_loan(
        principal in 1_i64..10_000_000_000,
        steps in prop::collection::vec((0_i64..30_000_000_000, 1_u32..=120), 1..6),
        interest_only in 0_u32..=60,
        balloon in 0_u32..=240,
    ) {
        let path: Vec<_> =
            steps.iter().map(|(rate, months)| RateStep { rate: Pct::new(*rate), months: *months })
                .collect();
        let plan = Plan::adjustable(Cents::new(principal), &path).unwrap();
        let term = plan.term_months();
        let plan = plan.interest_only(interest_only.min(term)).unwrap();
        let plan = plan.amortized_over(term + balloon).unwrap();
        let schedule = plan.schedule().unwrap();
        let repaid = Cents::try_sum(schedule.rows.iter().map(|row| row.principal)).unwrap();
        prop_assert_eq!(repaid, Cents::new(principal));
        prop_assert_eq!(schedule.rows.len(), usize::try_from(term).unwrap());
        let mut balance = Cents::new(principal);
        for row in &schedule.rows {
            prop_assert_eq!(row.balance_before(), balance);
            prop_assert_eq!(row.payment, row.interest.checked_add(row.principal).unwrap());
            prop_assert!(!row.principal.is_negative() && !row.balance.is_negative());
            balance = row.balance;
        }
        let level = plan.last_payment(LastPayment::Level).schedule().unwrap();
        let repaid = Cents::try_sum(level.rows.iter().map(|row| row.principal)).unwrap();
        prop_assert_eq!(repaid.checked_add(level.remainder).unwrap(), Cents::new(principal));
    }

    #[test]
    fn the_order_of_streams_does_not_matter(
        amounts in prop::collection::vec((1_u32..=120, 100_u32..=300_000, 1_u32..=240), 2..8),
        odd_days in 0_u32..=30,
    ) {
        let fraction = Ratio::try_new(odd_days, 30).unwrap();
        let mut streams: Vec<Stream> = amounts
            .iter()
            .map(|(whole, cents, count)| Stream {
                whole: *whole,
                fraction,
                count: *count,
                every: 1,
                amount: f64::from(*cents) / 100.0,
            })
            .collect();
        let advance = [Advance { whole: 0, fraction: Ratio::ZERO, amount: 20_000.0 }];
        let apr = |streams: &[Stream]| {
            solve(&advance, streams, Ratio::whole(12)).unwrap().apr().map(Pct::e9)
        };
        let forward = apr(&streams);
        streams.reverse();
        let backward = apr(&streams);
        let third = streams.len() / 3;
        streams.rotate_left(third);
        let turned = apr(&streams);
        prop_assert_eq!(forward.is_some(), backward.is_some());
        if let (Some(a), Some(b), Some(c)) = (forward, backward, turned) {
            prop_assert!((a - b).abs() <= 1 && (a - c).abs() <= 1, "{} {} {}", a, b, c);
        }
    }

    #[test]
    fn splitting_a_stream_changes_nothing(
        count in 2_u32..=480,
        at in 1_u32..=479,
        cents in 10_000_u32..=500_000,
    ) {
        let at = at.min(count - 1);
        let payment = f64::from(cents) / 100.0;
        let amount = payment * f64::from(count) * 0.6;
        let level = |count| Level { count, payment };
        let one = solve_levels(amount, &[level(count)], Pct::ZERO).unwrap();
        let two = solve_levels(amount, &[level(at), level(count - at)], Pct::ZERO).unwrap();
        let difference = one.apr().unwrap().e9() - two.apr().unwrap().e9();
        prop_assert!(difference.abs() <= 1);
    }
}
