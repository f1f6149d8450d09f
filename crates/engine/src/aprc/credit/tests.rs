//! Whole examples of the Commission's collection: rates at six decimals where the example repeats the
//! rounded instalment, at the disclosed decimal where it does not round its schedule at all.

use super::*;
use crate::aprc::assumptions::IndexedRate;
use crate::aprc::costs::CostKind;
use crate::aprc::disclosed;
use crate::aprc::table::TablePeriod;

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn part(amount: &str, term_months: u32, rate: BorrowingRate) -> Part {
    Part {
        drawdowns: vec![Drawdown {
            month: 0,
            amount: cents(amount),
        }],
        term_months,
        rate,
        highest_index: Some(pct("5.39")),
        method: Method::EqualInstalments,
        interest_only_months: 0,
    }
}

fn cost(amount: &str, timing: CostTiming) -> Cost {
    Cost {
        kind: CostKind::Commission,
        amount: cents(amount),
        timing,
    }
}

/// 200,000 with 2 % of costs at the beginning, as most examples.
fn example(term_months: u32, rate: BorrowingRate) -> CreditTerms {
    CreditTerms {
        parts: vec![part("200000", term_months, rate)],
        months_per_instalment: 1,
        first_period: None,
        convention: RateConvention::Nominal,
        last_payment: LastPayment::Level,
        costs: vec![cost("4000", CostTiming::AtDrawdown)],
    }
}

fn fixed(rate: &str) -> BorrowingRate {
    BorrowingRate::Fixed(pct(rate))
}

fn indexed(cap: Option<&str>) -> IndexedRate {
    IndexedRate {
        index: pct("4"),
        spread: pct("1.5"),
        cap: cap.map(pct),
        floor: None,
    }
}

fn fixed_then_indexed(cap: Option<&str>) -> BorrowingRate {
    BorrowingRate::FixedThenIndexed {
        fixed: pct("5"),
        fixed_months: 9,
        rate: indexed(cap),
    }
}

fn rate(burden: &Burden) -> String {
    burden.aprc.apr().unwrap().to_fixed(6)
}

/// The rate, and the illustrative one.
fn rates(terms: &CreditTerms) -> (String, Option<String>) {
    let found = credit(terms).unwrap();
    (rate(&found.expected), found.illustrative.as_ref().map(rate))
}

fn one(terms: &CreditTerms) -> String {
    let (expected, illustrative) = rates(terms);
    assert_eq!(illustrative, None);
    expected
}

#[test]
fn commission_example_1_totals() {
    let found = credit(&example(240, fixed("6"))).unwrap();
    assert_eq!(rate(&found.expected), "6.434412");
    assert_eq!(found.total_amount, cents("200000"));
    assert_eq!(found.expected.total_cost, cents("147886.40"));
    assert_eq!(found.expected.total_payable, cents("347886.40"));
    assert_eq!(found.expected.highest_instalment, cents("1432.86"));
    assert_eq!(found.illustrative, None);
}

#[test]
fn commission_examples_3_4_5_insurance() {
    let with = |amount, timing| {
        let mut terms = example(240, fixed("6"));
        let mut insurance = cost(amount, timing);
        insurance.kind = CostKind::CompulsoryService;
        terms.costs.push(insurance);
        terms
    };
    assert_eq!(one(&with("16.67", CostTiming::EachInstalment)), "6.588554");
    assert_eq!(one(&with("166.67", CostTiming::EachInstalment)), "7.946625");
    let financed = with("8000", CostTiming::Financed);
    assert_eq!(one(&financed), "6.961575");
    let found = credit(&financed).unwrap();
    assert_eq!(found.total_amount, cents("200000"));
    // 240 × 1490.18, and the 4000 at the beginning.
    assert_eq!(found.expected.total_payable, cents("361643.20"));
}

#[test]
fn commission_examples_8_and_20_to_24() {
    let mut variable = example(
        240,
        BorrowingRate::Variable {
            rate: IndexedRate {
                spread: pct("3"),
                ..indexed(None)
            },
            first_change_months: 6,
        },
    );
    variable.parts[0].interest_only_months = 240;
    variable.last_payment = LastPayment::ClearsBalance;
    let pair = |a: &str, b: &str| (a.to_owned(), Some(b.to_owned()));
    assert_eq!(rates(&variable), pair("7.430479", "8.869280"));
    let step = |rate, months| RateStep {
        rate: pct(rate),
        months,
    };
    let discount = BorrowingRate::Agreed(vec![step("5", 24), step("6", 216)]);
    assert_eq!(one(&example(240, discount)), "6.190654");
    let indexed = example(240, fixed_then_indexed(None));
    assert_eq!(rates(&indexed), pair("5.853526", "7.199734"));
    let mut capped = example(240, fixed_then_indexed(Some("6.5")));
    capped.costs.push(cost("30", CostTiming::EachInstalment));
    assert_eq!(rates(&capped).1.unwrap(), "7.093592");
    let mut capped = example(240, fixed_then_indexed(Some("7.5")));
    capped.costs.push(cost("20", CostTiming::EachInstalment));
    assert_eq!(rates(&capped), pair("6.041228", "7.379073"));
    let negotiated = example(
        240,
        BorrowingRate::FixedThenNegotiated {
            fixed: pct("5"),
            fixed_months: 60,
        },
    );
    let found = credit(&negotiated).unwrap().illustrative.unwrap();
    assert_eq!(found.instalments.len(), 60);
    // The example repays an unrounded balance, 166909.73; here interest is rounded each month.
    let difference = found.aprc.apr().unwrap().e9() - pct("5.635609").e9();
    assert!(difference.abs() < 20_000, "{difference}e-9");
}

#[test]
fn commission_example_18_odd_first_periods() {
    let mut terms = example(240, fixed("6"));
    terms.first_period = Some(Years::try_new(14, 365).unwrap());
    assert_eq!(one(&terms), "6.435937");
    let days = Years::try_new(20, 366).unwrap();
    terms.first_period = Years::MONTH.checked_add(days);
    assert_eq!(one(&terms), "6.432478");
    let days = Years::try_new(3, 365).unwrap();
    terms.first_period = Years::MONTH.checked_add(days);
    // Example 2.
    assert_eq!(one(&terms), "6.434185");
}

#[test]
fn commission_example_26_multi_part() {
    let variable = BorrowingRate::Variable {
        rate: indexed(None),
        first_change_months: 6,
    };
    let mut terms = example(180, fixed("6"));
    terms.parts = vec![
        part("100000", 180, fixed("6")),
        part("100000", 180, variable),
    ];
    let (expected, illustrative) = rates(&terms);
    assert_eq!(expected, "6.237362");
    assert_eq!(illustrative.unwrap(), "6.925014");
    let highest = credit(&terms)
        .unwrap()
        .illustrative
        .unwrap()
        .highest_instalment;
    assert_eq!(highest, cents("1734.38"));
}

#[test]
fn commission_examples_13_19_30_at_the_disclosed_decimal() {
    let mut terms = example(240, fixed("6"));
    terms.parts[0].method = Method::EqualCapital;
    terms.last_payment = LastPayment::ClearsBalance;
    let without = credit(&terms).unwrap().expected.aprc.apr().unwrap();
    let every = CostTiming::Every {
        first_month: 1,
        months: 24,
    };
    terms.costs.push(cost("100", every));
    let with = credit(&terms).unwrap().expected;
    assert!(with.aprc.apr().unwrap() > without);
    assert_eq!(
        with.total_cost,
        cents("125500").checked_add(cents("0")).unwrap()
    );
    let mut line = example(180, fixed("7"));
    line.parts[0].drawdowns[0].amount = cents("30000");
    line.parts[0].method = Method::EqualCapital;
    line.parts[0].interest_only_months = 60;
    line.convention = RateConvention::Effective;
    line.costs = vec![cost("600", CostTiming::AtDrawdown)];
    let found = credit(&line).unwrap().expected.aprc.apr().unwrap();
    assert_eq!(disclosed(found, 1).to_string(), "7.3");
}

#[test]
fn commission_example_43_cost_before_the_drawdown() {
    let mut terms = example(120, fixed("7.5"));
    terms.parts[0].drawdowns[0].amount = cents("30000");
    terms.costs = vec![
        cost("450", CostTiming::AtDrawdown),
        cost("150", CostTiming::At(Years::ONE.negated())),
    ];
    assert_eq!(one(&terms), "8.269278");
}

#[test]
fn costs_that_are_no_cost_of_the_credit_are_left_out() {
    let mut terms = example(240, fixed("6"));
    terms.costs.push(Cost {
        kind: CostKind::Notary,
        amount: cents("900"),
        timing: CostTiming::AtDrawdown,
    });
    let found = credit(&terms).unwrap();
    assert_eq!(found.left_out, cents("900"));
    assert_eq!(rate(&found.expected), "6.434412");
}

#[test]
fn drawn_in_parts_while_building() {
    let mut terms = example(240, fixed("3"));
    terms.costs.clear();
    terms.parts[0].interest_only_months = 12;
    terms.parts[0].drawdowns.push(Drawdown {
        month: 6,
        amount: cents("50000"),
    });
    terms.last_payment = LastPayment::ClearsBalance;
    let found = credit(&terms).unwrap();
    assert_eq!(found.total_amount, cents("250000"));
    // No cost but interest: (1 + 0.03/12)^12 − 1, but for cents.
    let difference = found.expected.aprc.apr().unwrap().e9() - pct("3.041595691").e9();
    assert!(difference.abs() < 50_000, "{difference}e-9");
    let table = found.table().unwrap();
    assert_eq!(table.len(), 12 + 19 + 1);
    assert_eq!(table[31].period, TablePeriod::Total);
    assert_eq!(table[31].capital, cents("250000"));
}

#[test]
fn refuses_lists_out_of_bounds() {
    let mut terms = example(240, fixed("6"));
    terms.costs = vec![cost("1", CostTiming::AtDrawdown); 201];
    assert_eq!(credit(&terms).unwrap_err().field, "costs");
    terms.costs = vec![cost("-1", CostTiming::EachInstalment)];
    assert_eq!(credit(&terms).unwrap_err().field, "costs");
    terms.parts.clear();
    assert_eq!(credit(&terms).unwrap_err().field, "parts");
}
