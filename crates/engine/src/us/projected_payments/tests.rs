//! The official samples, and loans at the edges of the table.

use super::*;
use crate::rate::Pct;
use crate::us::arm::ArmTerms;
use crate::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use crate::us::trid::whole_dollars;

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn text(columns: &[Column]) -> Vec<String> {
    let shown = columns.iter().map(|column| {
        let pay = column.principal_and_interest;
        let years = if column.is_final_balloon {
            "final".to_owned()
        } else {
            format!("{}-{}", column.first_year, column.last_year)
        };
        format!(
            "{years} {} {}",
            whole_dollars(pay.min),
            whole_dollars(pay.max)
        )
    });
    shown.collect()
}

fn h_24_c() -> LoanTerms {
    LoanTerms {
        interest_only_months: 60,
        arm: Some(ArmTerms {
            first_adjustment_months: 60,
            adjustment_months: 36,
            index: pct("1"),
            margin: pct("4"),
            first_cap: Some(pct("2")),
            periodic_cap: Some(pct("2")),
            lifetime_cap: Some(pct("8")),
            floor: Some(pct("3.25")),
            rounding: None,
        }),
        ..LoanTerms::fixed(cents("211000"), pct("4"), 360)
    }
}

#[test]
fn h_24_c_interest_only_adjustable() {
    let columns = projected_payments(&h_24_c(), Cents::ZERO).unwrap();
    assert_eq!(
        text(&columns),
        [
            "1-5 703 703",
            "6-8 1028 1359",
            "9-11 1028 1604",
            "12-30 1028 2068"
        ]
    );
    let first = columns[0];
    assert_eq!(first.principal_and_interest.max, cents("703.33"));
    assert_eq!(first.interest_only, InterestOnly::All);
    assert_eq!(columns[1].interest_only, InterestOnly::None);
}

fn insured(term: u32, amortization_months: u32) -> LoanTerms {
    let threshold = MiThreshold {
        original_value: cents("180000"),
        percent: pct("78"),
    };
    let stop = MiStop {
        threshold: Some(threshold),
        ..MiStop::default()
    };
    LoanTerms {
        amortization_months,
        mi: Some(MiTerms {
            premium: MiPremium::Monthly(cents("82.35")),
            stop,
        }),
        ..LoanTerms::fixed(cents("162000"), pct("3.875"), term)
    }
}

#[test]
fn h_25_b_fixed_with_insurance_to_year_7() {
    let columns = projected_payments(&insured(360, 360), cents("206.13")).unwrap();
    assert_eq!(text(&columns), ["1-7 762 762", "8-30 762 762"]);
    let totals: Vec<String> = columns.iter().map(|c| c.total.max.to_string()).collect();
    assert_eq!(totals, ["1050.26", "967.91"]);
    assert_eq!(columns[0].mortgage_insurance, cents("82.35"));
    assert_eq!(columns[1].mortgage_insurance, Cents::ZERO);
}

#[test]
fn a_balloon_has_a_column_of_its_own() {
    let columns = projected_payments(&insured(84, 360), Cents::ZERO).unwrap();
    assert_eq!(text(&columns)[0], "1-7 762 762");
    assert_eq!(columns.len(), 2);
    assert!(columns[1].is_final_balloon);
    let arm = LoanTerms {
        term_months: 240,
        amortization_months: 360,
        ..h_24_c()
    };
    let columns = projected_payments(&arm, Cents::ZERO).unwrap();
    assert_eq!(columns.len(), 4);
    assert_eq!((columns[2].first_year, columns[2].last_year), (9, 20));
    assert!(columns[3].is_final_balloon);
}

#[test]
fn insurance_gives_way_when_four_columns_are_taken() {
    let loan = LoanTerms {
        mi: insured(360, 360).mi,
        ..h_24_c()
    };
    let columns = projected_payments(&loan, Cents::ZERO).unwrap();
    assert_eq!(columns.len(), 4);
    assert_eq!(columns[3].first_year, 12);
}

#[test]
fn a_change_inside_a_year_makes_that_year_a_range() {
    let loan = LoanTerms {
        interest_only_months: 30,
        ..LoanTerms::fixed(cents("100000"), pct("6"), 360)
    };
    let columns = projected_payments(&loan, Cents::ZERO).unwrap();
    assert_eq!(
        text(&columns),
        ["1-2 500 500", "3-3 500 619", "4-30 619 619"]
    );
    assert_eq!(columns[1].interest_only, InterestOnly::Some);
}

#[test]
fn hostile_terms_are_refused_and_short_ones_answered() {
    let one = LoanTerms::fixed(cents("100"), Pct::ZERO, 1);
    assert_eq!(projected_payments(&one, Cents::ZERO).unwrap().len(), 1);
    let field = |loan: &LoanTerms, escrow| projected_payments(loan, escrow).unwrap_err().field;
    assert_eq!(field(&one, Cents::new(-1)), "escrow");
    let mut endless = h_24_c();
    endless.arm = endless.arm.map(|arm| ArmTerms {
        lifetime_cap: None,
        ..arm
    });
    assert_eq!(field(&endless, Cents::ZERO), "lifetime_cap");
    let daily = LoanTerms {
        arm: h_24_c().arm.map(|arm| ArmTerms {
            first_adjustment_months: 1,
            adjustment_months: 1,
            ..arm
        }),
        ..LoanTerms::fixed(cents("211000"), pct("4"), 1200)
    };
    assert!(projected_payments(&daily, Cents::ZERO).unwrap().len() <= MAX_COLUMNS);
}
