//! The rate paths of the Commission's examples.

use super::*;

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn indexed(index: &str, spread: &str, cap: Option<&str>) -> IndexedRate {
    IndexedRate {
        index: pct(index),
        spread: pct(spread),
        cap: cap.map(pct),
        floor: None,
    }
}

/// Steps as `rate × months`.
fn text(path: &[RateStep]) -> String {
    let steps = path
        .iter()
        .map(|step| format!("{} x {}", step.rate, step.months));
    steps.collect::<Vec<_>>().join(", ")
}

fn assumed(rate: &BorrowingRate) -> String {
    text(&assumed_path(rate, 240).unwrap())
}

fn illustrated(rate: &BorrowingRate) -> String {
    match illustration(rate, pct("5.39"), 240).unwrap() {
        Illustration::NotVariable => "none".to_owned(),
        Illustration::HigherRate(path) => text(&path),
        Illustration::RepaidAfter { months, path } => format!("{} until {months}", text(&path)),
    }
}

#[test]
fn commission_example_8_variable_rate() {
    let rate = BorrowingRate::Variable {
        rate: indexed("4", "3", None),
        first_change_months: 6,
    };
    assert_eq!(assumed(&rate), "7 x 240");
    assert_eq!(illustrated(&rate), "7 x 6, 8.39 x 234");
}

#[test]
fn commission_examples_21_and_22_fixed_then_indexed() {
    let with = |spread: &str, cap| BorrowingRate::FixedThenIndexed {
        fixed: pct("5"),
        fixed_months: 9,
        rate: indexed("4", spread, cap),
    };
    assert_eq!(assumed(&with("1.5", None)), "5 x 9, 5.5 x 231");
    assert_eq!(illustrated(&with("1.5", None)), "5 x 9, 6.89 x 231");
    assert_eq!(illustrated(&with("1.5", Some("6.5"))), "5 x 9, 6.5 x 231");
    assert_eq!(illustrated(&with("1.5", Some("7.5"))), "5 x 9, 6.89 x 231");
    // Not below the fixed rate, unless the contract's cap is.
    assert_eq!(assumed(&with("0.5", None)), "5 x 240");
    assert_eq!(assumed(&with("0.5", Some("4.8"))), "5 x 9, 4.8 x 231");
}

#[test]
fn commission_example_24_negotiated_after_five_years() {
    let with = |fixed_months| BorrowingRate::FixedThenNegotiated {
        fixed: pct("5"),
        fixed_months,
    };
    assert_eq!(assumed(&with(60)), "5 x 240");
    assert_eq!(illustrated(&with(60)), "5 x 60 until 60");
    assert_eq!(illustrated(&with(59)), "5 x 59, 5.39 x 181");
}

#[test]
fn agreed_rates_are_fitted_to_the_term() {
    let step = |rate, months| RateStep {
        rate: pct(rate),
        months,
    };
    // Commission example 20: a discount of two years.
    let rate = BorrowingRate::Agreed(vec![step("5", 24), step("6", 1)]);
    assert_eq!(assumed(&rate), "5 x 24, 6 x 216");
    assert_eq!(illustrated(&rate), "none");
    let long = BorrowingRate::Agreed(vec![step("5", 300), step("6", 1)]);
    assert_eq!(assumed(&long), "5 x 240");
    let field = |steps| {
        assumed_path(&BorrowingRate::Agreed(steps), 9)
            .unwrap_err()
            .field
    };
    assert_eq!(field(vec![]), "rate_path");
    assert_eq!(field(vec![step("5", 0)]), "rate_path");
    let term = |months| assumed_path(&BorrowingRate::Fixed(pct("5")), months);
    assert_eq!(term(0).unwrap_err().field, "term_months");
    assert_eq!(term(1201).unwrap_err().field, "term_months");
}

#[test]
fn limits_of_the_index() {
    let mut rate = indexed("-0.5", "0.2", Some("3"));
    assert_eq!(rate.now().unwrap(), pct("-0.3"));
    rate.floor = Some(Pct::ZERO);
    assert_eq!(rate.now().unwrap(), Pct::ZERO);
    assert_eq!(rate.at(pct("9")).unwrap(), pct("3"));
    rate.floor = Some(pct("4"));
    assert_eq!(rate.now().unwrap_err().field, "cap");
    assert_eq!(
        indexed("999999", "9", None).now().unwrap_err().field,
        "index"
    );
}

#[test]
fn highest_value_of_the_last_years() {
    let day = |text| Date::parse_iso(text).unwrap();
    let series = [
        (day("2008-07-01"), pct("5.393")),
        (day("2000-10-01"), pct("5.9")),
        (day("2023-09-01"), pct("4.16")),
    ];
    let highest = |on, years| highest_of_last_years(&series, day(on), years);
    assert_eq!(highest("2026-11-21", 20).unwrap(), pct("5.393"));
    assert_eq!(highest("2020-10-01", 20).unwrap(), pct("5.9"));
    assert_eq!(highest("2020-10-02", 20).unwrap(), pct("5.393"));
    assert_eq!(highest("2026-11-21", 1).unwrap_err().field, "series");
    assert_eq!(highest("2026-11-21", 200).unwrap_err().field, "date");
    assert_eq!(highest("2026-11-21", u32::MAX).unwrap_err().field, "years");
}

#[test]
fn a_currency_that_falls_by_a_fifth() {
    let dearer = |fall, limit| after_currency_fall(cents("1000"), pct(fall), limit);
    assert_eq!(dearer("20", None).unwrap(), cents("1250"));
    assert_eq!(dearer("20", Some(cents("1200"))).unwrap(), cents("1200"));
    assert_eq!(dearer("0", None).unwrap(), cents("1000"));
    assert_eq!(dearer("100", None).unwrap_err().field, "fall");
    assert_eq!(dearer("-1", None).unwrap_err().field, "fall");
}

#[test]
fn open_terms_and_amounts() {
    let terms = AssumedTerms {
        overdraft_months: 3,
        bridging_months: 12,
        open_ended_property_months: 240,
        open_ended_other_months: 12,
    };
    assert_eq!(assumed_months(OpenCredit::Overdraft, None, &terms), 3);
    assert_eq!(assumed_months(OpenCredit::BridgingLoan, Some(9), &terms), 9);
    assert_eq!(
        assumed_months(OpenCredit::OpenEndedProperty, None, &terms),
        240
    );
    let limit = |from_month, up_to| Tranche {
        from_month,
        up_to: cents(up_to),
    };
    let limits = [limit(0, "7500"), limit(3, "15000"), limit(6, "99999")];
    let drawn = earliest_drawdowns(cents("30000"), &limits).unwrap();
    let expected = [(0, cents("7500")), (3, cents("7500")), (6, cents("15000"))];
    assert_eq!(drawn, expected);
    assert_eq!(
        earliest_drawdowns(cents("9"), &[]).unwrap(),
        [(0, cents("9"))]
    );
    let field = |limits: &[Tranche]| earliest_drawdowns(cents("9"), limits).unwrap_err().field;
    assert_eq!(field(&[limit(0, "8")]), "limits");
    assert_eq!(field(&[limit(3, "9"), limit(0, "9")]), "limits");
}

#[test]
fn commission_example_44_shared_equity() {
    let growth = value_growth(pct("2"), pct("2.8"));
    assert_eq!(growth, pct("2.8"));
    assert_eq!(value_growth(pct("-1"), pct("-2")), Pct::ZERO);
    let payment = |value| shared_equity_payment(cents(value), pct("25"), growth, 15);
    assert_eq!(payment("250000").unwrap(), cents("32075.08"));
    assert_eq!(payment("0").unwrap_err().field, "value");
}

#[test]
fn what_is_stated_of_a_rate_makes_one_or_is_refused() {
    let index = indexed("2", "1", None);
    let of = |fixed: Option<&str>, fixed_months, indexed| {
        BorrowingRate::try_of(&StatedRate {
            fixed: fixed.map(pct),
            fixed_months,
            indexed,
            first_change_months: 6,
        })
        .map_err(|error| error.field)
    };
    let five = pct("5");
    assert_eq!(of(Some("5"), 0, None), Ok(BorrowingRate::Fixed(five)));
    let negotiated = BorrowingRate::FixedThenNegotiated {
        fixed: five,
        fixed_months: 24,
    };
    assert_eq!(of(Some("5"), 24, None), Ok(negotiated));
    let mixed = BorrowingRate::FixedThenIndexed {
        fixed: five,
        fixed_months: 24,
        rate: index,
    };
    assert_eq!(of(Some("5"), 24, Some(index)), Ok(mixed));
    let variable = BorrowingRate::Variable {
        rate: index,
        first_change_months: 6,
    };
    assert_eq!(of(None, 0, Some(index)), Ok(variable));
    assert_eq!(of(None, 0, None), Err("rate"));
    assert_eq!(of(Some("5"), 0, Some(index)), Err("fixed_months"));
    assert_eq!(of(None, 24, Some(index)), Err("fixed_months"));
    assert_eq!(of(Some("5"), 1201, None), Err("fixed_months"));
}
