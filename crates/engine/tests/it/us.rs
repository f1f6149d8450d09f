//! Properties of the rules of the United States.

use lintel_engine::apr::{Advance, Solution, Stream, solve};
use lintel_engine::schedule::Plan;
use lintel_engine::unit_period::{UnitPeriod, interval};
use lintel_engine::us::arm::{ArmTerms, composite_path, highest_path, lowest_path};
use lintel_engine::us::finance_charge::{
    Class, Condition, Fact, Facts, PaidBy, Row, Rule, Section, Table, WayOut,
};
use lintel_engine::us::hpa::{HpaPercents, hpa_ends};
use lintel_engine::us::loan_apr::LoanTerms;
use lintel_engine::us::points_and_fees::PointsKind;
use lintel_engine::us::projected_payments::{MAX_COLUMNS, projected_payments};
use lintel_engine::{Cents, Date, Pct, Ratio};
use proptest::prelude::*;

const UNITS: [&str; 12] = [
    "1 day",
    "1 week",
    "2 weeks",
    "4 weeks",
    "semimonth",
    "1 month",
    "2 months",
    "3 months",
    "4 months",
    "5 months",
    "6 months",
    "1 year",
];

/// Appendix J (b)(8) term by term, with a power for each amount.
fn worth(events: &[(u32, Ratio, f64)], rate: f64) -> f64 {
    let value = |(whole, fraction, amount): &(u32, Ratio, f64)| {
        let whole = i32::try_from(*whole).unwrap();
        amount / ((1.0 + fraction.to_f64() * rate) * (1.0 + rate).powi(whole))
    };
    events.iter().map(value).sum()
}

fn arm() -> impl Strategy<Value = ArmTerms> {
    let points = |most: i64| (0..=most).prop_map(|eighths| Pct::new(eighths * 125_000_000));
    let cap = move || prop_oneof![Just(None), points(40).prop_map(Some)];
    let months = (1_u32..=120, 1_u32..=60);
    (
        months,
        points(64),
        points(32),
        cap(),
        cap(),
        points(64),
        cap(),
    )
        .prop_map(
            |((first, every), index, margin, first_cap, periodic_cap, life, floor)| ArmTerms {
                first_adjustment_months: first,
                adjustment_months: every,
                index,
                margin,
                first_cap,
                periodic_cap,
                lifetime_cap: Some(life),
                floor,
                rounding: Some(Pct::new(125_000_000)),
            },
        )
}

proptest! {
    #[test]
    fn appendix_j_equation_balances_for_every_unit_and_several_advances(
        unit in 0_usize..UNITS.len(),
        start in 0_i32..20_000,
        advances in prop::collection::vec((0_i32..400, 1.0_f64..1e6), 0..3),
        payments in prop::collection::vec((1_i32..4_000, 1.0_f64..1e5), 1..12),
    ) {
        let unit = UnitPeriod::parse(UNITS[unit]).unwrap();
        let first = Date::new(1950, 1, 31).unwrap().add_days(start).unwrap();
        let last_advance = advances.iter().map(|advance| advance.0).max().unwrap_or(0);
        let place = |days: i32| interval(first, first.add_days(days).unwrap(), unit, false).unwrap();
        let mut left = vec![(0, Ratio::ZERO, 50_000.0)];
        left.extend(advances.iter().map(|(days, amount)| {
            let at = place(*days);
            (at.whole, at.fraction, *amount)
        }));
        // Payments after the last advance: then there is at most one rate.
        let right: Vec<(u32, Ratio, f64)> = payments.iter().map(|(days, amount)| {
            let at = place(last_advance + 40 + days);
            (at.whole, at.fraction, *amount)
        }).collect();
        let advances: Vec<Advance> = left.iter()
            .map(|(whole, fraction, amount)| Advance { whole: *whole, fraction: *fraction, amount: *amount })
            .collect();
        let streams: Vec<Stream> = right.iter()
            .map(|(whole, fraction, amount)| Stream {
                whole: *whole, fraction: *fraction, count: 1, every: 1, amount: *amount,
            })
            .collect();
        if let Solution::Found(found) = solve(&advances, &streams, unit.per_year()).unwrap() {
            let (paid, lent) = (worth(&right, found.rate_per_period), worth(&left, found.rate_per_period));
            prop_assert!((paid / lent - 1.0).abs() < 1e-9, "{paid} {lent}");
        }
    }

    #[test]
    fn the_composite_path_lies_between_the_lowest_and_the_highest(
        arm in arm(), initial in 0_i64..100, term in 1_u32..=480,
    ) {
        let initial = Pct::new(initial * 125_000_000);
        let month_by_month = |path: Vec<lintel_engine::schedule::RateStep>| -> Vec<Pct> {
            path.iter()
                .flat_map(|step| std::iter::repeat_n(step.rate, usize::try_from(step.months).unwrap()))
                .collect()
        };
        let composite = month_by_month(composite_path(initial, &arm, term).unwrap());
        let high = month_by_month(highest_path(initial, &arm, term).unwrap());
        let low = month_by_month(lowest_path(initial, &arm, term).unwrap());
        prop_assert_eq!(composite.len(), high.len());
        for ((middle, high), low) in composite.iter().zip(&high).zip(&low) {
            prop_assert!(middle <= high);
            // A negative floor is none; the index of these loans is not below zero.
            prop_assert!(low <= middle, "{low} {middle}");
        }
    }

    #[test]
    fn projected_payments_cover_the_term_in_at_most_four_columns(
        arm in prop_oneof![Just(None), arm().prop_map(Some)],
        cents in 100_000_i64..100_000_000, rate in 0_i64..96,
        term in 1_u32..=480, interest_only in 0_u32..=120, longer in 0_u32..=120,
    ) {
        let loan = LoanTerms {
            arm,
            interest_only_months: interest_only.min(term),
            amortization_months: term + longer,
            ..LoanTerms::fixed(Cents::new(cents), Pct::new(rate * 125_000_000), term)
        };
        let columns = projected_payments(&loan, Cents::new(100)).unwrap();
        prop_assert!((1..=MAX_COLUMNS).contains(&columns.len()));
        let mut next = 1;
        for column in columns.iter().filter(|column| !column.is_final_balloon) {
            prop_assert_eq!(column.first_year, next);
            prop_assert!(column.last_year >= column.first_year);
            prop_assert!(column.total.min <= column.total.max);
            next = column.last_year + 1;
        }
        prop_assert!(next > term.saturating_sub(1) / 12);
    }

    #[test]
    fn a_request_is_possible_no_later_than_the_automatic_end(
        cents in 100_000_i64..100_000_000, ltv in 1_i64..=120, rate in 0_i64..96, term in 1_u32..=480,
    ) {
        let plan = Plan::fixed(Cents::new(cents), Pct::new(rate * 125_000_000), term).unwrap();
        let rows = plan.schedule().unwrap().rows;
        let value = Cents::new((cents * 100 / ltv).max(1));
        let percents = HpaPercents {
            request: Pct::new(80 * Pct::SCALE),
            automatic: Pct::new(78 * Pct::SCALE),
        };
        let ends = hpa_ends(&rows, value, percents, term).unwrap();
        prop_assert!(ends.request_after <= ends.automatic_after);
        prop_assert!(ends.last_premium() <= term / 2);
    }

    #[test]
    fn knowing_more_never_leaves_a_decided_charge_undecided(
        ways in prop::collection::vec(prop::collection::vec((0_usize..19, any::<bool>(), any::<bool>()), 0..4), 0..3),
        known in prop::collection::vec((0_usize..19, any::<bool>()), 0..19),
    ) {
        let facts: Vec<Fact> = Fact::all().collect();
        let way = |conditions: &Vec<(usize, bool, bool)>| WayOut {
            conditions: conditions.iter()
                .map(|(fact, wanted, presumed)| Condition { fact: facts[*fact], wanted: *wanted, presumed: *presumed })
                .collect(),
        };
        let rule = Rule {
            name: String::new(),
            ways_out: ways.iter().map(way).collect(),
            reason: String::new(),
            excluded_reason: String::new(),
            paragraph: String::new(),
        };
        let row = Row {
            fee_type: "X".to_owned(),
            section: None,
            rule: 0,
            points_and_fees: PointsKind::Never,
        };
        let table = Table { rules: vec![rule], rows: vec![row] };
        let judge = |facts: &Facts| {
            let verdict = table.classify("X", Section::A, PaidBy::Consumer, facts);
            (verdict.class, verdict.missing, verdict.presumed)
        };
        let mut stated = Facts::default();
        for (fact, holds) in known {
            stated = stated.with(facts[fact], holds);
        }
        let (class, missing, presumed) = judge(&stated);
        prop_assert_eq!(class == Class::NeedsFact, !missing.is_empty());
        // Facts that were neither missing nor presumed change nothing when all of these are stated.
        let mut all = stated.clone();
        for fact in missing.iter().chain(&presumed) {
            all = all.with(*fact, true);
        }
        if class == Class::Included {
            prop_assert_eq!(judge(&all).0, Class::Included);
        }
    }
}
