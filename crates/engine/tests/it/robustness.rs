//! Inputs nobody should send: each gives an error or a right answer, and quickly.

use lintel_engine::apr::{Advance, Solution, Stream, solve};
use lintel_engine::unit_period::{Series, Spacing, UnitPeriod, find_unit_period, interval};
use lintel_engine::{Cents, Date, DayCount, Pct, Ratio};
use proptest::prelude::*;

fn any_date() -> impl Strategy<Value = Date> {
    (0_i32..109_900).prop_map(|days| Date::new(1900, 1, 1).unwrap().add_days(days).unwrap())
}

fn any_unit() -> impl Strategy<Value = UnitPeriod> {
    prop_oneof![
        (1_u32..=365).prop_map(UnitPeriod::of_days),
        (1_u32..=52).prop_map(UnitPeriod::Weeks),
        Just(UnitPeriod::Semimonth),
        (1_u32..=12).prop_map(UnitPeriod::of_months),
        (1_u32..=365).prop_map(UnitPeriod::TermDays),
        (1_u32..=12).prop_map(UnitPeriod::TermMonths),
    ]
}

proptest! {
    #[test]
    fn an_interval_is_whole_periods_and_at_most_one_more(
        start in any_date(), end in any_date(), unit in any_unit(), sticky in any::<bool>(),
    ) {
        match interval(start, end, unit, sticky) {
            Ok(found) => {
                prop_assert!(start <= end);
                prop_assert!(!found.fraction.exceeds_one());
                let years = (f64::from(found.whole) + found.fraction.to_f64())
                    / unit.per_year().to_f64();
                let days = f64::from(start.days_until(end));
                prop_assert!((years * 365.25 - days).abs() < 4.0 + days * 0.004, "{years} {days}");
            }
            Err(error) => prop_assert!(start > end && error.field == "end"),
        }
    }

    #[test]
    fn year_fractions_are_close_to_the_calendar(start in any_date(), end in any_date()) {
        for convention in ["30/360", "actual/365", "actual/360", "actual/actual"] {
            let convention = DayCount::parse(convention).unwrap();
            let Ok(found) = convention.year_fraction(start, end) else {
                prop_assert!(end < start);
                continue;
            };
            let years = found.num as f64 / found.den as f64;
            let days = f64::from(start.days_until(end));
            prop_assert!((years * 365.25 - days).abs() < 4.0 + days * 0.02);
        }
    }

    #[test]
    fn money_and_rates_print_what_they_read(value in -100_000_000_000_000_i64..100_000_000_000_000) {
        let cents = Cents::new(value);
        prop_assert_eq!(Cents::parse_decimal(&cents.to_string()).unwrap(), cents);
        let rate = Pct::new(value);
        prop_assert_eq!(Pct::parse_decimal(&rate.to_string()).unwrap(), rate);
        prop_assert_eq!(Pct::parse_decimal(&rate.to_fixed(9)).unwrap(), rate);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        let _ = Cents::parse_decimal(&text);
        let _ = Pct::parse_decimal(&text);
        let _ = Date::parse_iso(&text);
        let _ = UnitPeriod::parse(&text);
        let _ = DayCount::parse(&text);
    }

    #[test]
    fn a_found_rate_balances_the_equation(
        amount in 1.0_f64..1e15,
        streams in prop::collection::vec((0_u32..3000, 0_u32..=30, 1_u32..3000, 1_u32..5, 0.01_f64..1e14), 1..6),
        later in prop::option::of((1_u32..400, 1.0_f64..1e12)),
    ) {
        let fraction = |odd| Ratio::try_new(odd, 30).unwrap();
        let streams: Vec<_> = streams
            .into_iter()
            .map(|(whole, odd, count, every, amount)| Stream {
                whole, fraction: fraction(odd), count, every, amount,
            })
            .collect();
        let mut advances = vec![Advance { whole: 0, fraction: Ratio::ZERO, amount }];
        advances.extend(later.map(|(whole, amount)| Advance { whole, fraction: Ratio::ZERO, amount }));
        let solution = solve(&advances, &streams, Ratio::whole(12)).unwrap();
        if let Solution::Found(found) = solution {
            let i = found.rate_per_period;
            prop_assert!(i >= -1.0);
            let worth = |whole: u32, odd: f64| {
                (-i.ln_1p() * f64::from(whole)).exp() / (1.0 + odd * i)
            };
            let paid: f64 = streams
                .iter()
                .map(|s| {
                    (0..s.count)
                        .map(|k| s.amount * worth(s.whole + k * s.every, s.fraction.to_f64()))
                        .sum::<f64>()
                })
                .sum();
            let lent: f64 = advances.iter().map(|a| a.amount * worth(a.whole, 0.0)).sum();
            // Beyond these rates one payment outweighs the rest by more than a float can show.
            if (-0.2..1.0).contains(&i) && paid.is_finite() && lent.is_finite() {
                prop_assert!((paid / lent - 1.0).abs() < 1e-6, "{paid} {lent} at {i}");
            }
        }
    }

    #[test]
    fn a_unit_period_is_found_or_refused(
        start in any_date(),
        gaps in prop::collection::vec((0_i32..800, 1_u32..50, 0_u32..40), 1..8),
    ) {
        let mut payments = Vec::new();
        let mut date = start;
        for (gap, count, spacing) in gaps {
            let Ok(first) = date.add_days(gap) else { break };
            let spacing = match spacing {
                0 => Spacing::Semimonth,
                1..=20 => Spacing::Days(spacing),
                _ => Spacing::Months(spacing - 20),
            };
            let series = Series { first, count, spacing, month_end: false };
            payments.push(series);
            let Ok(last) = series.last() else { break };
            date = last;
        }
        if let Ok(unit) = find_unit_period(&[start], &payments) {
            prop_assert!(unit.check().is_ok());
            prop_assert!(unit.per_year().to_f64() >= 1.0);
        }
    }
}
