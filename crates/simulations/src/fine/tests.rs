//! Sheets made from what was worked out.

use std::sync::LazyLock;

use lintel_domain::simulation::{Borrower, Insurance, Property, Request};
use lintel_offer::{Book, Indices, Offer, simulate};
use lintel_rule_book::RuleBook;

use super::*;

static OFFER: LazyLock<Offer> = LazyLock::new(|| {
    Offer::parse(include_str!("../../../../data/demo_bank/offer.toml")).expect("parsed")
});
static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a day")
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).expect("a rate")
}

fn euros(text: &str) -> Cents {
    Cents::parse_decimal(text).expect("an amount")
}

/// 160,000 for a home of 225,000 over 30 years, one buyer of 30, Euribor 12M.
fn asked() -> Request {
    Request {
        product_purpose: Some(2),
        loan_purpose: Some(1),
        product_scheme: Some(1),
        amount: Some(euros("160000")),
        term_months: Some(360),
        rate_kind: Some(2),
        index_type: Some(5),
        cross_selling: Some(true),
        property: Some(Property {
            estimated_value: Some(euros("230000")),
            acquisition_amount: Some(euros("225000")),
            county: Some(1106),
            ..Property::default()
        }),
        borrowers: vec![Borrower {
            kind: Some(1),
            name: Some("Ana Exemplo".to_owned()),
            birth_date: Some(day("1996-03-01")),
            monthly_net_income: Some(euros("3400")),
            ..Borrower::default()
        }],
        ..Request::default()
    }
}

fn second() -> Borrower {
    Borrower {
        kind: Some(2),
        name: Some("Rui Exemplo".to_owned()),
        birth_date: Some(day("1980-03-01")),
        monthly_net_income: Some(euros("1500")),
        ..Borrower::default()
    }
}

fn done_at(asked: &Request, index: &str) -> Calculation {
    let row = |tenor: &str, month, rate| (tenor.to_owned(), day(month), pct(rate));
    let indices = Indices::of([
        row("6M", "2026-10-01", index),
        row("12M", "2026-10-01", index),
        row("6M", "2008-10-01", "5.219"),
        row("12M", "2008-07-01", "5.393"),
    ]);
    let book = Book {
        offer: &OFFER,
        rules: &RULES,
        indices: &indices,
        today: day("2026-11-21"),
    };
    simulate(&book, asked, Vec::new()).expect("worked out")
}

fn sheet(calculation: &Calculation) -> papers::Fine {
    let fine = fine_of(&FineOf {
        calculation,
        stage: papers::Stage::Simulation,
        number: 100_001,
        issued_on: calculation.day,
        valid_until: calculation.day,
        intermediary: None,
        borrowers: &[],
    });
    papers::fine(&fine).expect("a sheet");
    fine
}

fn recurring<'a>(fine: &'a papers::Fine, name: &str) -> &'a papers::Cost {
    let mut costs = fine.chosen.recurring.iter();
    costs.find(|cost| cost.name.contains(name)).expect(name)
}

fn names(fine: &papers::Fine) -> Vec<&str> {
    fine.obligations.iter().map(|o| o.name.as_str()).collect()
}

#[test]
fn a_low_index_does_not_hide_behind_the_rate_the_taeg_assumes() {
    let mut asked = asked();
    (asked.rate_kind, asked.index_type) = (Some(3), Some(82));
    let done = done_at(&asked, "0.5");
    let fine = sheet(&done);
    // Fixed 3.10 less 0.60; then 0.500 + 1.25 less 0.60, and the TAEG goes on with 2.5.
    let later = fine.chosen.phases.last().expect("a phase");
    assert_eq!((later.first_month, later.tan), (25, pct("1.15")));
    assert_eq!(Some(later.instalment), done.chosen().instalments.variable);
    assert!(later.instalment < fine.chosen.phases[0].instalment);
    assert_eq!(fine.chosen.assumed_tan, Some(pct("2.5")));
    let high = sheet(&done_at(&asked, "2.107"));
    let later = high.chosen.phases.last().expect("a phase");
    assert_eq!((later.tan, high.chosen.assumed_tan), (pct("2.757"), None));
    // Utilisation beyond the fixed period: the months after it are at the contract's own rate.
    (asked.utilisation_months, asked.loan_purpose) = (Some(24), Some(4));
    let built = sheet(&done_at(&asked, "0.5"));
    assert_eq!(built.chosen.utilisation.expect("utilisation").months, 24);
    assert_eq!(built.chosen.assumed_tan, Some(pct("2.5")));
}

#[test]
fn costs_that_vary_are_told_with_their_sum() {
    let mut asked = asked();
    let done = done_at(&asked, "2.187");
    let fine = sheet(&done);
    let life = recurring(&fine, "vida");
    let line = &done.insurances[0];
    assert_eq!(
        (life.amount, life.over_term),
        (line.monthly_with, Some(line.total_with))
    );
    assert!(life.detail.contains("idade da pessoa segura"));
    let home = recurring(&fine, "multirriscos");
    assert_eq!((home.over_term, home.detail.as_str()), (None, ""));
    asked.borrowers.push(second());
    (asked.product_purpose, asked.product_scheme) = (Some(3), Some(3));
    let done = done_at(&asked, "2.187");
    let fine = sheet(&done);
    assert!(recurring(&fine, "vida").detail.contains("2 pessoas"));
    let duty = recurring(&fine, "juros");
    assert!(duty.amount.is_positive());
    assert_eq!(duty.over_term, Some(done.chosen().totals.interest_duty));
}

#[test]
fn taxes_of_the_purchase_are_no_tax_of_themselves() {
    let mut asked = asked();
    let tax = |asked: &Request| {
        let fine = sheet(&done_at(asked, "2.187"));
        let mut outside = fine.outside_taeg.into_iter();
        outside.find(|cost| cost.name.contains("IMT")).expect("IMT")
    };
    let young = tax(&asked);
    assert_eq!((young.amount, young.tax), (Cents::ZERO, Cents::ZERO));
    for said in ["IMT Jovem", "primeira habitação", "proprietário"] {
        assert!(young.detail.contains(said), "{}", young.detail);
    }
    asked.borrowers.push(second());
    let half = tax(&asked);
    assert!(half.detail.contains("(50\u{a0}%)"), "{}", half.detail);
    for borrower in &mut asked.borrowers {
        borrower.first_own_home = Some(false);
    }
    let full = tax(&asked);
    assert_eq!((full.amount, full.tax), (euros("5292.04"), Cents::ZERO));
    assert_eq!(full.detail, "");
}

#[test]
fn the_states_guarantee_is_part_of_the_security() {
    let mut asked = asked();
    (asked.product_scheme, asked.amount) = (Some(2), Some(euros("225000")));
    let fine = sheet(&done_at(&asked, "2.187"));
    let guarantee = fine.loan.guarantee.expect("a guarantee");
    assert_eq!((guarantee.amount, guarantee.years), (euros("33750"), 10));
    assert!(guarantee.is_assumed);
    asked.product_scheme = Some(1);
    let fine = sheet(&done_at(&asked, "2.187"));
    assert!(fine.loan.guarantee.is_none());
}

#[test]
fn only_what_is_had_here_is_an_obligation() {
    let mut asked = asked();
    let fine = sheet(&done_at(&asked, "2.187"));
    let required = fine.obligations.iter().filter(|o| o.required);
    assert_eq!(required.count(), 3);
    assert_eq!(names(&fine)[0], "Conta de depósito à ordem no mutuante");
    assert!(names(&fine).contains(&"Seguro de vida através do banco"));
    asked.insurances.life = Insurance {
        external: Some(true),
        monthly_premium: Some(euros("12")),
    };
    let fine = sheet(&done_at(&asked, "2.187"));
    assert!(!names(&fine).contains(&"Seguro de vida através do banco"));
    assert!(names(&fine).contains(&"Seguro multirriscos através do banco"));
    let mut life = fine.obligations.iter();
    let life = life.find(|o| o.name == "Seguro de vida").expect("life");
    assert!(life.detail.contains("noutra seguradora"));
    assert_eq!(recurring(&fine, "vida").detail, "");
}
