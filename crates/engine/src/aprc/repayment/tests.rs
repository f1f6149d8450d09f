//! Instalments of the Commission's examples. Those repeat the rounded instalment to the end, so the
//! last payment is level here.

use super::*;
use crate::schedule::level_payment;

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn steps(path: &[(&str, u32)]) -> Vec<RateStep> {
    let step = |(rate, months): &(&str, u32)| RateStep {
        rate: pct(rate),
        months: *months,
    };
    path.iter().map(step).collect()
}

fn loan(amount: &str, path: &[(&str, u32)]) -> Repayment {
    Repayment {
        last_payment: LastPayment::Level,
        ..Repayment::monthly(cents(amount), steps(path))
    }
}

/// Payments as runs: `count x amount`.
fn payments(terms: &Repayment) -> String {
    let mut runs: Vec<(u32, Cents)> = Vec::new();
    for row in terms.schedule().unwrap().rows {
        match runs.last_mut().filter(|run| run.1 == row.payment) {
            Some(run) => run.0 += 1,
            None => runs.push((1, row.payment)),
        }
    }
    let runs = runs
        .iter()
        .map(|(count, amount)| format!("{count} x {amount}"));
    runs.collect::<Vec<_>>().join(", ")
}

fn days(days: i64, year: i64) -> Years {
    Years::try_new(days, year).unwrap()
}

#[test]
fn commission_examples_1_20_21_22_23() {
    let path = |path: &[(&str, u32)]| payments(&loan("200000", path));
    assert_eq!(path(&[("6", 240)]), "240 x 1432.86");
    assert_eq!(
        path(&[("5", 24), ("6", 216)]),
        "24 x 1319.91, 216 x 1423.41"
    );
    assert_eq!(
        path(&[("5", 9), ("5.5", 231)]),
        "9 x 1319.91, 231 x 1374.06"
    );
    assert_eq!(
        path(&[("5", 9), ("6.89", 231)]),
        "9 x 1319.91, 231 x 1530.61"
    );
    assert_eq!(
        path(&[("5", 9), ("6.5", 231)]),
        "9 x 1319.91, 231 x 1485.81"
    );
    assert_eq!(
        path(&[("5", 9), ("7.3", 231)]),
        "9 x 1319.91, 231 x 1578.43"
    );
}

#[test]
fn commission_examples_2_and_18_odd_first_period() {
    let first = |stub: Years| {
        let mut terms = loan("200000", &[("6", 240)]);
        terms.first_period = Some(stub);
        terms.schedule().unwrap().rows[0].payment.to_string()
    };
    let month_and = |odd: Years| Years::MONTH.checked_add(odd).unwrap();
    assert_eq!(first(month_and(days(3, 365))), "1433.57");
    assert_eq!(first(month_and(days(3, 366))), "1433.56");
    assert_eq!(first(days(14, 365)), "1429.01");
    assert_eq!(first(month_and(days(20, 366))), "1437.54");
    assert_eq!(first(Years::MONTH), "1432.86");
    let mut yearly = loan("200000", &[("6", 240)]);
    yearly.months_per_instalment = 12;
    yearly.first_period = Some(days(34, 365));
    assert_eq!(payments(&yearly), "20 x 16541.86");
}

#[test]
fn commission_examples_7_and_24_balloon_and_balance() {
    let mut terms = loan("200000", &[("6", 180)]);
    terms.method = Method::Balloon {
        amortize_over_months: 360,
    };
    let schedule = terms.schedule().unwrap();
    assert_eq!(schedule.rows[179].payment, cents("1199.10"));
    // The example prints 142097.69 from an unrounded schedule.
    let difference = schedule.remainder.get() - 14_209_769;
    assert!(difference.abs() < 150, "{}", schedule.remainder);
    let rows = loan("200000", &[("5", 240)]).schedule().unwrap().rows;
    let difference = rows[59].balance.get() - 16_690_973;
    assert!(difference.abs() < 30, "{}", rows[59].balance);
}

#[test]
fn commission_example_8_interest_only() {
    let mut terms = loan("200000", &[("7", 6), ("8.39", 234)]);
    terms.interest_only_months = 240;
    assert_eq!(payments(&terms), "6 x 1166.67, 234 x 1398.33");
    terms.last_payment = LastPayment::ClearsBalance;
    let rows = terms.schedule().unwrap().rows;
    assert_eq!(rows[239].payment, cents("201398.33"));
}

#[test]
fn commission_example_11_agreed_instalment() {
    let mut terms = loan("200000", &[("6", 240)]);
    terms.method = Method::AgreedInstalment(cents("1500"));
    let text = payments(&terms);
    assert!(text.starts_with("220 x 1500.00, 1 x 40"), "{text}");
    assert!(text.ends_with("19 x 0.00"), "{text}");
    terms.method = Method::AgreedInstalment(cents("999"));
    assert_eq!(terms.schedule().unwrap_err().field, "instalment");
}

#[test]
fn commission_examples_13_and_17_capital_parts() {
    let mut terms = loan("200000", &[("6", 240)]);
    terms.method = Method::EqualCapital;
    let rows = terms.schedule().unwrap().rows;
    let first: Vec<_> = rows
        .iter()
        .take(3)
        .map(|row| row.payment.to_string())
        .collect();
    assert_eq!(first, ["1833.33", "1829.17", "1825.00"]);
    let mut terms = loan("200000", &[("6", 180)]);
    terms.method = Method::PartOfBalance(pct("2.5"));
    terms.last_payment = LastPayment::ClearsBalance;
    let rows = terms.schedule().unwrap().rows;
    let of = |number: usize| rows[number - 1].payment.to_string();
    assert_eq!(
        [of(1), of(2), of(3), of(4)],
        ["5000.00", "4900.00", "4802.00", "4705.96"]
    );
    // The example prints 5403.36 from an unrounded schedule.
    assert_eq!(of(180), "5403.38");
}

#[test]
fn commission_example_30_effective_rate_then_equal_capital() {
    let mut terms = loan("30000", &[("7", 180)]);
    terms.convention = RateConvention::Effective;
    terms.method = Method::EqualCapital;
    terms.interest_only_months = 60;
    let rows = terms.schedule().unwrap().rows;
    let of = |number: usize| rows[number - 1].payment.to_string();
    assert_eq!(
        [of(1), of(60), of(61), of(62)],
        ["169.62", "169.62", "419.62", "418.21"]
    );
    assert_eq!([of(179), of(180)], ["252.83", "251.41"]);
}

#[test]
fn drawn_in_parts_with_interest_only_on_what_is_drawn() {
    let mut terms = loan("100000", &[("3", 240)]);
    terms.drawdowns.push(Drawdown {
        month: 6,
        amount: cents("50000"),
    });
    terms.interest_only_months = 12;
    let text = payments(&terms);
    let level = level_payment(cents("150000"), pct("3"), 228).unwrap();
    assert_eq!(text, format!("6 x 250.00, 6 x 375.00, 228 x {level}"));
}

#[test]
fn other_frequencies() {
    let mut terms = loan("1000", &[("8", 24)]);
    terms.months_per_instalment = 12;
    // 1000 × 0.08 / (1 − 1.08^−2).
    assert_eq!(payments(&terms), "2 x 560.77");
    terms.convention = RateConvention::Effective;
    assert_eq!(payments(&terms), "2 x 560.77");
    terms.months_per_instalment = 6;
    // The half-year rate 1.08^½ − 1 = 3.923048 %.
    assert_eq!(payments(&terms), "4 x 274.99");
    terms.last_payment = LastPayment::ClearsBalance;
    assert_eq!(terms.schedule().unwrap().remainder, Cents::ZERO);
}

#[test]
fn refuses_terms_by_name() {
    let good = loan("1000", &[("8", 24)]);
    let field = |change: fn(&mut Repayment)| {
        let mut terms = good.clone();
        change(&mut terms);
        terms.schedule().unwrap_err().field
    };
    let drawdown = |month| Drawdown {
        month,
        amount: cents("1"),
    };
    assert_eq!(
        field(|terms| terms.months_per_instalment = 5),
        "months_per_instalment"
    );
    assert_eq!(field(|terms| terms.drawdowns.clear()), "drawdowns");
    assert_eq!(field(|terms| terms.drawdowns[0].month = 1), "drawdowns");
    assert_eq!(
        field(|terms| terms.drawdowns[0].amount = Cents::ZERO),
        "drawdowns"
    );
    let mut late = good.clone();
    late.drawdowns.push(drawdown(24));
    assert_eq!(late.schedule().unwrap_err().field, "drawdowns");
    assert_eq!(field(|terms| terms.rates.clear()), "rate_path");
    assert_eq!(field(|terms| terms.rates[0].months = 0), "term_months");
    assert_eq!(field(|terms| terms.rates[0].months = 1201), "term_months");
    assert_eq!(field(|terms| terms.rates[0].rate = Pct::new(-1)), "rate");
    assert_eq!(field(|terms| terms.rates[0].rate = Pct::MAX), "rate");
    assert_eq!(
        field(|terms| terms.interest_only_months = 25),
        "interest_only_months"
    );
    assert_eq!(
        field(|terms| terms.first_period = Some(Years::MONTH.negated())),
        "first_period"
    );
    let balloon = |terms: &mut Repayment| {
        terms.method = Method::Balloon {
            amortize_over_months: 23,
        };
    };
    assert_eq!(field(balloon), "amortize_over_months");
    assert_eq!(
        field(|terms| terms.method = Method::PartOfBalance(Pct::ZERO)),
        "part"
    );
    assert_eq!(
        field(|terms| terms.drawdowns[0].amount = Cents::MAX),
        "amount"
    );
}
