//! Edges of the price tests with the 2026 figures of 90 FR 57890.

use super::*;
use crate::bands::Step;
use crate::us::arm::ArmTerms;

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn step(at_least: Option<&str>, below: Option<&str>) -> Step<Cents> {
    Step {
        at_least: at_least.map(cents),
        below: below.map(cents),
    }
}

fn spread(lien: Lien, loan_amount: Step<Cents>, points: &str) -> SpreadRow {
    SpreadRow {
        lien,
        above_conforming_limit: None,
        manufactured_home: None,
        loan_amount,
        points: pct(points),
    }
}

fn limit(at_least: Option<&str>, below: Option<&str>, limit: Limit) -> LimitRow {
    LimitRow {
        total_loan_amount: step(at_least, below),
        limit,
    }
}

fn tables() -> PriceTables {
    let all = Step::ALL;
    let (first, second) = (Lien::First, Lien::Subordinate);
    let jumbo = |above, points| SpreadRow {
        above_conforming_limit: Some(above),
        ..spread(first, all, points)
    };
    PriceTables {
        hpml: vec![
            jumbo(false, "1.5"),
            jumbo(true, "2.5"),
            spread(second, all, "3.5"),
        ],
        covered: vec![spread(first, all, "1.5"), spread(second, all, "3.5")],
        qm_price: vec![
            spread(first, step(Some("137958"), None), "2.25"),
            SpreadRow {
                manufactured_home: Some(true),
                ..spread(first, all, "6.5")
            },
            spread(first, step(Some("82775"), None), "3.5"),
            spread(first, all, "6.5"),
        ],
        qm_points: vec![
            limit(Some("137958"), None, Limit::Percent(pct("3"))),
            limit(Some("82775"), None, Limit::Amount(cents("4139"))),
        ],
        hoepa_price: vec![
            SpreadRow {
                manufactured_home: Some(true),
                ..spread(first, step(None, Some("50000")), "8.5")
            },
            spread(first, all, "6.5"),
            spread(second, all, "8.5"),
        ],
        hoepa_points: vec![
            limit(Some("27592"), None, Limit::Percent(pct("5"))),
            limit(None, None, Limit::LesserOf(pct("8"), cents("1380"))),
        ],
        penalty: Some(Penalty {
            months: 36,
            percent: pct("2"),
        }),
    }
}

fn loan(apr: &str) -> PricedLoan {
    PricedLoan {
        apr: pct(apr),
        apor: pct("6.5"),
        lien: Lien::First,
        loan_amount: cents("300000"),
        above_conforming_limit: false,
        manufactured_home: false,
        personal_property: false,
        points_and_fees: Some((cents("9000"), cents("300000"))),
        qm_apr: None,
        prepayment_penalty: None,
    }
}

#[test]
fn higher_priced_is_the_threshold_or_more() {
    let tables = tables();
    let dear = |loan: &PricedLoan| higher_priced(&tables.hpml, loan).unwrap().unwrap().0;
    assert!(!dear(&loan("7.999999999")));
    assert!(dear(&loan("8")));
    let jumbo = PricedLoan {
        above_conforming_limit: true,
        ..loan("8.999")
    };
    assert!(!dear(&jumbo));
    let second = PricedLoan {
        lien: Lien::Subordinate,
        ..loan("10")
    };
    assert!(dear(&second));
}

#[test]
fn a_loan_of_exactly_the_conforming_limit_is_within_it() {
    // The limit of 2025, which also holds for a rate set then and a loan closed in 2026.
    let above = |principal| exceeds_conforming_limit(cents(principal), cents("806500"));
    assert!(!above("806499.99") && !above("806500"));
    assert!(above("806500.01"));
}

#[test]
fn a_loan_of_exactly_the_threshold_needs_no_appraisal() {
    let waived = |credit| appraisal_waived(cents(credit), cents("34200"));
    assert!(waived("34199.99") && waived("34200"));
    assert!(!waived("34200.01"));
}

#[test]
fn high_cost_is_more_than_the_trigger() {
    let tables = tables();
    let judge = |loan: &PricedLoan| high_cost(&tables, loan).unwrap();
    assert_eq!(judge(&loan("13")).verdict(), Some(false));
    assert_eq!(judge(&loan("13.000000001")).verdict(), Some(true));
    let home = PricedLoan {
        personal_property: true,
        loan_amount: cents("49999.99"),
        ..loan("15")
    };
    assert_eq!(judge(&home).by_rate, Some((false, pct("8.5"))));
    let fees = |asked: &str| PricedLoan {
        points_and_fees: Some((cents(asked), cents("300000"))),
        ..loan("7")
    };
    assert_eq!(
        judge(&fees("15000")).by_points,
        Some((false, cents("15000")))
    );
    assert_eq!(
        judge(&fees("15000.01")).by_points,
        Some((true, cents("15000")))
    );
    let unknown = PricedLoan {
        points_and_fees: None,
        ..loan("7")
    };
    assert_eq!(judge(&unknown).verdict(), None);
    let penalty = |months, percent: &str| PricedLoan {
        prepayment_penalty: Some((months, pct(percent))),
        ..loan("7")
    };
    assert_eq!(judge(&penalty(36, "2")).by_penalty, Some(false));
    assert_eq!(judge(&penalty(37, "1")).by_penalty, Some(true));
    assert_eq!(judge(&penalty(12, "2.01")).verdict(), Some(true));
}

#[test]
fn a_limit_compares_exactly_and_shows_cents() {
    let three = Limit::Percent(pct("3"));
    // 3 % of 137,958.33 is 4,138.7499: shown 4,138.75, which would already be too much.
    assert_eq!(three.in_money(cents("137958.33")), Some(cents("4138.75")));
    assert!(three.is_exceeded(cents("4138.75"), cents("137958.33")));
    assert!(!three.is_exceeded(cents("4138.74"), cents("137958.33")));
    let lesser = Limit::LesserOf(pct("8"), cents("1380"));
    assert_eq!(lesser.in_money(cents("20000")), Some(cents("1380")));
    assert_eq!(lesser.in_money(cents("10000")), Some(cents("800")));
    assert!(lesser.is_exceeded(cents("800.01"), cents("10000")));
}

#[test]
fn qualified_mortgages_are_below_the_price_cap() {
    let tables = tables();
    let status = |loan: &PricedLoan| qualified(&tables, loan).unwrap().status();
    assert_eq!(status(&loan("7.999")), Some(QmStatus::SafeHarbour));
    assert_eq!(status(&loan("8")), Some(QmStatus::RebuttablePresumption));
    assert_eq!(status(&loan("8.75")), Some(QmStatus::NotQualified));
    let reset = PricedLoan {
        qm_apr: Some(pct("9")),
        ..loan("7")
    };
    assert_eq!(status(&reset), Some(QmStatus::NotQualified));
    let fees = PricedLoan {
        points_and_fees: Some((cents("9000.01"), cents("300000"))),
        ..loan("7")
    };
    assert_eq!(status(&fees), Some(QmStatus::NotQualified));
    let unknown = PricedLoan {
        points_and_fees: None,
        ..loan("7")
    };
    assert_eq!(status(&unknown), None);
    let nothing = qualified(&PriceTables::default(), &loan("7")).unwrap();
    assert_eq!(nothing.status(), None);
    let small = PricedLoan {
        loan_amount: cents("137957.99"),
        ..loan("9.99")
    };
    assert_eq!(
        qualified(&tables, &small).unwrap().by_price,
        Some((true, pct("3.5")))
    );
    let home = PricedLoan {
        manufactured_home: true,
        ..small
    };
    assert_eq!(
        qualified(&tables, &home).unwrap().by_price,
        Some((true, pct("6.5")))
    );
}

#[test]
fn a_five_year_arm_is_a_short_reset_loan_and_a_seven_year_one_is_not() {
    let arm = |first| ArmTerms {
        first_adjustment_months: first,
        adjustment_months: 12,
        index: pct("4"),
        margin: pct("2.75"),
        first_cap: Some(pct("2")),
        periodic_cap: Some(pct("2")),
        lifetime_cap: Some(pct("5")),
        floor: None,
        rounding: None,
    };
    let rate = |first| short_reset_rate(pct("6"), &arm(first), 360).unwrap();
    assert_eq!(rate(84), None);
    assert_eq!(rate(61), None);
    assert_eq!(rate(60), Some(pct("8")));
    assert_eq!(rate(36), Some(pct("11")));
}
