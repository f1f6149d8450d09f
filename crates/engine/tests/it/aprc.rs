//! What must hold for every annual percentage rate of charge.

use lintel_engine::apr::{NoRate, Solution};
use lintel_engine::aprc::assumptions::BorrowingRate;
use lintel_engine::aprc::costs::{Cost, CostKind, CostTiming};
use lintel_engine::aprc::credit::{CreditTerms, Part, credit};
use lintel_engine::aprc::repayment::{Drawdown, Method, RateConvention};
use lintel_engine::aprc::{Flow, PeriodUnit, Years, disclosed, interval, solve};
use lintel_engine::schedule::{LastPayment, level_payment_exact};
use lintel_engine::{Cents, Date, Pct};
use proptest::prelude::*;

fn month(number: i64) -> Years {
    Years::months(number).unwrap()
}

fn eighths() -> impl Strategy<Value = Pct> {
    (1_i64..=160).prop_map(|eighths| Pct::new(eighths * 125_000_000))
}

fn rate(flows: &[Flow]) -> f64 {
    match solve(flows).unwrap() {
        Solution::Found(found) => found.rate_per_period,
        other => panic!("{other:?}"),
    }
}

/// The sum of the equation at a rate, over the sum of its sizes.
fn imbalance(flows: &[Flow], rate: f64) -> f64 {
    let (mut sum, mut size) = (0.0, 0.0);
    for flow in flows {
        for number in 0..flow.count {
            let time = flow.first.to_f64() + f64::from(number) * flow.every.to_f64();
            let worth = flow.amount * (1.0 + rate).powf(-time);
            sum += worth;
            size += worth.abs();
        }
    }
    sum / size
}

fn date() -> impl Strategy<Value = Date> {
    (0_i32..36_525).prop_map(|days| Date::new(1990, 1, 1).unwrap().add_days(days).unwrap())
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::EqualInstalments),
        Just(Method::EqualCapital),
        (1_i64..100).prop_map(|part| Method::PartOfBalance(Pct::new(part * Pct::SCALE))),
    ]
}

fn terms() -> impl Strategy<Value = CreditTerms> {
    let rate = prop_oneof![
        eighths().prop_map(BorrowingRate::Fixed),
        (eighths(), 1_u32..=120).prop_map(|(fixed, fixed_months)| {
            BorrowingRate::FixedThenNegotiated {
                fixed,
                fixed_months: fixed_months * 12,
            }
        }),
    ];
    let shape = (
        1_u32..=40,
        prop::sample::select(vec![1_u32, 3, 6, 12]),
        any::<bool>(),
    );
    (
        1_000_000_i64..100_000_000,
        rate,
        method(),
        shape,
        0_i64..1_000_000,
    )
        .prop_map(
            |(amount, rate, method, (years, months_per_instalment, effective), fee)| CreditTerms {
                parts: vec![Part {
                    drawdowns: vec![Drawdown {
                        month: 0,
                        amount: Cents::new(amount),
                    }],
                    term_months: years * 12,
                    rate,
                    highest_index: Some(Pct::new(8 * Pct::SCALE)),
                    method,
                    interest_only_months: 0,
                }],
                months_per_instalment,
                first_period: None,
                convention: if effective {
                    RateConvention::Effective
                } else {
                    RateConvention::Nominal
                },
                last_payment: LastPayment::ClearsBalance,
                costs: vec![Cost {
                    kind: CostKind::Commission,
                    amount: Cents::new(fee.min(amount / 2)),
                    timing: CostTiming::AtDrawdown,
                }],
            },
        )
}

proptest! {
    #[test]
    fn a_monthly_loan_without_costs_compounds_its_rate(
        principal in 1_000_000_i64..200_000_000,
        nominal in eighths(),
        term in 1_u32..=480,
    ) {
        let principal = Cents::new(principal);
        let payment = level_payment_exact(principal, nominal, term).unwrap();
        let flows = [
            Flow::received(Years::ZERO, principal),
            Flow { first: Years::MONTH, every: Years::MONTH, count: term, amount: -payment },
        ];
        let monthly = nominal.e9() as f64 / 1.2e12;
        let expected = (12.0 * monthly.ln_1p()).exp_m1();
        prop_assert!((rate(&flows) - expected).abs() < 1e-12);
    }

    #[test]
    fn the_root_balances_and_order_does_not_matter(
        payments in prop::collection::vec((1_i64..600, 100_i64..100_000_000), 1..60),
        lent in 1_000_i64..10_000_000_000,
        turn in 0_usize..60,
    ) {
        let mut flows = vec![Flow::received(Years::ZERO, Cents::new(lent))];
        flows.extend(payments.iter().map(|(at, amount)| Flow::paid(month(*at), Cents::new(*amount))));
        match solve(&flows).unwrap() {
            Solution::Found(found) => {
                // Nearer to −100 % the fraction itself no longer says how near.
                let told = found.rate_per_period > -0.999;
                prop_assert!(!told || imbalance(&flows, found.rate_per_period).abs() < 1e-9);
                let turn = turn % flows.len();
                flows.rotate_left(turn);
                prop_assert!((rate(&flows) - found.rate_per_period).abs()
                    <= 1e-11 * (1.0 + found.rate_per_period));
            }
            Solution::NoSolution(reason) => prop_assert!(reason != NoRate::NotUnique),
            Solution::NotConverged { .. } => prop_assert!(false),
        }
    }

    #[test]
    fn anything_at_all_is_answered(
        flows in prop::collection::vec(
            (-24_i64..480, 1_u32..30, 1_i64..13, -1_000_000_000_i64..1_000_000_000),
            1..20,
        ),
    ) {
        let flows: Vec<_> = flows
            .into_iter()
            .map(|(first, count, every, cents)| Flow {
                first: month(first),
                every: month(every),
                count,
                amount: cents as f64 / 100.0,
            })
            .collect();
        if let Solution::Found(found) = solve(&flows).unwrap() {
            prop_assert!(found.rate_per_period > -1.0);
            let told = found.rate_per_period > -0.999;
            prop_assert!(!told || imbalance(&flows, found.rate_per_period).abs() < 1e-7);
            // No other rate near: the sum changes its sign once at most, from half a year's growth to
            // twice as much.
            let middle = found.rate_per_period.ln_1p();
            let grid = (-200..=200).map(|step| (middle + 0.693 * f64::from(step) / 200.0).exp_m1());
            let signs: Vec<bool> = grid
                .map(|rate| imbalance(&flows, rate))
                .filter(|sum| sum.abs() > 1e-9)
                .map(|sum| sum > 0.0)
                .collect();
            let changes = signs.windows(2).filter(|pair| pair[0] != pair[1]).count();
            prop_assert!(changes <= 1, "{changes} changes around {}", found.rate_per_period);
        }
    }

    #[test]
    fn the_rate_rises_with_the_costs(terms in terms(), more in 10_000_i64..100_000) {
        let rate_of = |terms: &CreditTerms| credit(terms).unwrap().expected.aprc.apr().unwrap_or(Pct::MAX);
        let mut dearer = terms.clone();
        dearer.costs[0].amount = Cents::new(dearer.costs[0].amount.get() + more);
        // Nothing is dearer than the highest rate that can be told.
        let base = rate_of(&terms);
        prop_assert!(rate_of(&dearer) > base || base == Pct::MAX);
        let mut by_instalment = terms.clone();
        by_instalment.costs.push(Cost {
            kind: CostKind::CompulsoryService,
            amount: Cents::new(more),
            timing: CostTiming::EachInstalment,
        });
        prop_assert!(rate_of(&by_instalment) > base || base == Pct::MAX);
    }

    #[test]
    fn a_credit_adds_up(terms in terms()) {
        let found = credit(&terms).unwrap();
        let expected = &found.expected;
        let capital = Cents::try_sum(expected.instalments.iter().map(|one| one.row.principal));
        prop_assert_eq!(capital.unwrap(), found.total_amount);
        let fee = terms.costs[0].amount;
        prop_assert_eq!(expected.total_interest.checked_add(fee).unwrap(), expected.total_cost);
        let payable = found.total_amount.checked_add(expected.total_cost).unwrap();
        prop_assert_eq!(payable, expected.total_payable);
        prop_assert!(expected.instalments.last().unwrap().row.balance.is_zero());
        prop_assert!(expected.instalments.iter().all(|one| !one.row.principal.is_negative()));
        let table = found.table().unwrap();
        let (total, lines) = table.split_last().unwrap();
        let sum = Cents::try_sum(lines.iter().map(|line| line.payment)).unwrap();
        prop_assert_eq!(sum, total.payment);
        prop_assert_eq!(total.remaining, Cents::ZERO);
    }

    #[test]
    fn intervals_come_back_to_the_drawdown(
        drawdown in date(),
        payment in date(),
        unit in prop::sample::select(vec![PeriodUnit::Year, PeriodUnit::Month, PeriodUnit::Week]),
    ) {
        let found = interval(drawdown, payment, unit).unwrap();
        prop_assert_eq!(found.before, payment < drawdown);
        prop_assert!(matches!(found.day_denominator, 365 | 366));
        let most = match unit {
            PeriodUnit::Year => 365,
            PeriodUnit::Month => 30,
            PeriodUnit::Week => 6,
        };
        prop_assert!(found.odd_days <= most);
        // The time agrees with the calendar to the days by which months and weeks differ from it.
        let years = found.years().unwrap().to_f64();
        let days = f64::from(drawdown.days_until(payment));
        let slack = 3.5 + days.abs() / 365.0 * 1.3;
        prop_assert!((years * 365.0 - days).abs() <= slack, "{years} years, {days} days");
        let back = interval(payment, drawdown, unit).unwrap();
        prop_assert_eq!((back.periods, back.odd_days), (found.periods, found.odd_days));
    }

    #[test]
    fn disclosed_is_within_half_a_decimal(e9 in -99_000_000_000_i64..100_000_000_000, decimals in 0_u32..12) {
        let shown = disclosed(Pct::new(e9), decimals);
        let unit = 10_i64.pow(9 - decimals.clamp(1, 9));
        prop_assert_eq!(shown.e9() % unit, 0);
        prop_assert!((shown.e9() - e9).abs() * 2 <= unit);
    }
}

#[test]
fn forty_years_of_weeks() {
    let weekly = Flow::paid_every(Years::WEEK, Years::WEEK, 2_080, Cents::new(25_000));
    let flows = [Flow::received(Years::ZERO, Cents::new(20_000_000)), weekly];
    let found = rate(&flows);
    assert!(imbalance(&flows, found).abs() < 1e-13);
    assert!((0.05..0.07).contains(&found), "{found}");
}
