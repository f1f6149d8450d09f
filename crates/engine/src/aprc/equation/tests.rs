//! Official examples and the edges of the solver.

use super::*;
use crate::apr::Found;
use crate::rate::Pct;

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn month(number: i64) -> Years {
    Years::months(number).unwrap()
}

/// `count` monthly payments from month `from`.
fn monthly(from: i64, count: u32, amount: &str) -> Flow {
    Flow::paid_every(month(from), Years::MONTH, count, cents(amount))
}

fn received(amount: &str) -> Flow {
    Flow::received(Years::ZERO, cents(amount))
}

fn found(flows: &[Flow]) -> Found {
    match solve(flows).unwrap() {
        Solution::Found(found) => found,
        other => panic!("{other:?}"),
    }
}

/// The rate at six decimals, as the Commission's examples print it.
fn aprc(flows: &[Flow]) -> String {
    found(flows).apr.to_fixed(6)
}

fn refused(flows: &[Flow]) -> NoRate {
    match solve(flows).unwrap() {
        Solution::NoSolution(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn commission_examples_1_3_7_8() {
    let lent = received("196000");
    assert_eq!(aprc(&[lent, monthly(1, 240, "1432.86")]), "6.434412");
    assert_eq!(aprc(&[lent, monthly(1, 240, "1449.53")]), "6.588554");
    let balloon = [
        lent,
        monthly(1, 180, "1199.10"),
        monthly(180, 1, "142097.69"),
    ];
    assert_eq!(aprc(&balloon), "6.409523");
    let bullet = [lent, monthly(1, 240, "1166.67"), monthly(240, 1, "200000")];
    assert_eq!(aprc(&bullet), "7.430479");
    let illustrative = [
        lent,
        monthly(1, 6, "1166.67"),
        monthly(7, 234, "1398.33"),
        monthly(240, 1, "200000"),
    ];
    assert_eq!(aprc(&illustrative), "8.869280");
}

#[test]
fn commission_example_18_first_instalment_after_14_days() {
    let first = Years::try_new(14, 365).unwrap();
    let payments = Flow::paid_every(first, Years::MONTH, 240, cents("1429.01"));
    assert_eq!(aprc(&[received("196000"), payments]), "6.435937");
}

#[test]
fn commission_example_43_charge_one_year_before_the_drawdown() {
    let early = Flow::paid(month(-12), cents("150"));
    let flows = [received("29550"), early, monthly(1, 120, "356.11")];
    assert_eq!(aprc(&flows), "8.269278");
}

#[test]
fn directive_98_7_examples() {
    let later = |days: i64| Years::try_new(days, 365).unwrap();
    let single = [received("1000"), Flow::paid(later(546), cents("1200"))];
    assert_eq!(found(&single).apr.to_fixed(2), "12.96");
    let charged = [received("950"), Flow::paid(later(546), cents("1200"))];
    assert_eq!(found(&charged).apr.to_fixed(1), "16.9");
    let two = [
        received("1000"),
        Flow::paid_every(Years::ONE, Years::ONE, 2, cents("600")),
    ];
    assert_eq!(found(&two).apr.to_fixed(5), "13.06624");
    assert_eq!(
        crate::aprc::disclosed(found(&two).apr, 1).to_string(),
        "13.1"
    );
}

#[test]
fn negative_zero_and_extreme_rates() {
    let after_a_year = |paid: &str| [received("1000"), Flow::paid(Years::ONE, cents(paid))];
    assert_eq!(aprc(&after_a_year("1000")), "0.000000");
    assert_eq!(aprc(&after_a_year("900")), "-10.000000");
    assert_eq!(aprc(&after_a_year("0.01")), "-99.999000");
    assert_eq!(aprc(&after_a_year("10000000")), "999900.000000");
    assert_eq!(refused(&after_a_year("10010001")), NoRate::AboveLimit);
    assert_eq!(refused(&[received("1")]), NoRate::BelowMinusHundred);
    assert_eq!(refused(&[monthly(1, 2, "1")]), NoRate::AboveLimit);
    let at_once = [received("5"), Flow::paid(Years::ZERO, cents("5"))];
    assert_eq!(refused(&at_once), NoRate::NotUnique);
}

#[test]
fn several_drawdowns_are_solved_when_the_rate_is_alone() {
    // 1 % a month, paid monthly on what is drawn.
    let flows = [
        received("7500"),
        Flow::received(month(3), cents("7500")),
        monthly(1, 3, "75"),
        monthly(4, 8, "150"),
        monthly(12, 1, "15150"),
    ];
    assert_eq!(aprc(&flows), "12.682503");
    // Drawn again after all was repaid, at 5 % a month: beyond the plausible rates when yearly.
    let flows = [
        received("100"),
        Flow::paid(month(1), cents("150")),
        Flow::received(month(2), cents("100")),
        Flow::paid(month(3), cents("150")),
    ];
    assert_eq!(aprc(&flows), "12874.633789");
}

#[test]
fn a_charge_years_before_the_drawdown_is_no_second_rate() {
    // 0.5 % three years before: another root near 480 %.
    let flows = [
        Flow::paid(month(-36), cents("500")),
        received("100000"),
        monthly(1, 240, "716.43"),
    ];
    assert_eq!(found(&flows).apr.to_fixed(2), "6.25");
}

#[test]
fn several_rates_are_refused() {
    let year = |number| Years::ONE.checked_mul(number).unwrap();
    // 10 % and 20 %.
    let two = [
        received("1000"),
        Flow::paid(year(1), cents("2300")),
        Flow::received(year(2), cents("1320")),
    ];
    assert_eq!(refused(&two), NoRate::NotUnique);
    let reversed = [
        Flow::paid(year(-1), cents("1000")),
        received("2300"),
        Flow::paid(year(1), cents("1320")),
    ];
    assert_eq!(refused(&reversed), NoRate::NotUnique);
    // 10 % and 200 %, 10 % and 130 %: either may be meant.
    for (first, last) in [("410", "330"), ("340", "253")] {
        let both = [
            Flow::paid(year(-1), cents("100")),
            received(first),
            Flow::paid(year(1), cents(last)),
        ];
        assert_eq!(refused(&both), NoRate::NotUnique);
    }
    let deposit = [
        Flow::paid(Years::ZERO, cents("100")),
        Flow::received(year(1), cents("110")),
    ];
    assert_eq!(refused(&deposit), NoRate::NotUnique);
}

#[test]
fn late_balances_count_however_little_they_weigh() {
    // At a rate of thousands of percent what happens after twenty years is nothing today, and yet it
    // decides whether there is another rate. Found by the property test.
    let run = |first, every, count, amount: f64| Flow {
        first: month(first),
        every: month(every),
        count,
        amount,
    };
    let flows = [
        run(263, 1, 3, -6_131_564.47),
        run(223, 1, 2, -7_630_268.57),
        run(279, 1, 8, -3_407_969.08),
        run(281, 6, 12, -4_625_667.94),
        run(-15, 8, 9, 6_668_530.42),
        run(413, 7, 10, -8_587_472.25),
        run(66, 1, 10, 1_028_459.44),
        run(272, 1, 12, 5_774_117.35),
        run(207, 4, 13, 4_500_274.02),
        run(448, 1, 20, -5_419_496.21),
        run(-6, 1, 13, -7_436_512.67),
        run(49, 11, 18, 5_090_125.96),
    ];
    assert_eq!(refused(&flows), NoRate::NotUnique);
}

#[test]
fn a_refund_at_the_end_is_no_second_rate() {
    // The premium that comes back lies with a root near -100 %.
    let flows = [
        received("100000"),
        monthly(1, 240, "716.43"),
        Flow::received(month(240), cents("1000")),
    ];
    let without = found(&flows[..2]).apr;
    let with = found(&flows).apr;
    assert!(with < without && with > Pct::new(6_000_000_000), "{with}");
}

#[test]
fn refuses_bad_flows_by_name() {
    let field = |flow: Flow| solve(&[received("1"), flow]).unwrap_err().field;
    assert_eq!(solve(&[]).unwrap_err().field, "flows");
    let good = monthly(1, 2, "1");
    assert_eq!(field(Flow { count: 0, ..good }), "count");
    assert_eq!(
        field(Flow {
            count: 100_001,
            ..good
        }),
        "count"
    );
    assert_eq!(
        field(Flow {
            every: Years::ZERO,
            ..good
        }),
        "every"
    );
    assert_eq!(
        field(Flow {
            every: Years::MONTH.negated(),
            ..good
        }),
        "every"
    );
    assert_eq!(
        field(Flow {
            amount: f64::NAN,
            ..good
        }),
        "amount"
    );
    assert_eq!(
        field(Flow {
            amount: f64::NEG_INFINITY,
            ..good
        }),
        "amount"
    );
    assert_eq!(
        field(Flow {
            count: 90_000,
            every: Years::ONE,
            ..good
        }),
        "years"
    );
}

#[test]
fn a_hundred_thousand_payments() {
    let week = |number| Years::WEEK.checked_mul(number).unwrap();
    let flows: Vec<_> = (1..50_000)
        .map(|number| Flow::paid(week(number), Cents::new(100)))
        .chain([received("1000")])
        .collect();
    let closed = Flow::paid_every(Years::WEEK, Years::WEEK, 49_999, Cents::new(100));
    let difference = found(&flows).apr.e9() - found(&[received("1000"), closed]).apr.e9();
    assert!(difference.abs() <= 1);
}
