//! Derived figures, each on the smallest application that shows the rule.

use lintel_engine::money::Cents;

use crate::application::Application;
use crate::application::borrower::Borrower;
use crate::application::employment::{
    Employment, EmploymentRef, EmploymentTime, IncomeItem, IncomeKind,
};
use crate::application::holding::Liability;
use crate::application::terms::{Program, Refinance, RefinanceKind};
use crate::loan;

/// The least an application can be, read from stored JSON: what is absent must load as absent.
fn least() -> Application {
    let json = r#"{
        "loan": {"purpose": "purchase", "program": "conventional", "amount_cents": 20000000},
        "property": {}, "borrowers": [{}, {}]
    }"#;
    serde_json::from_str(json).expect("old rows load")
}

#[test]
fn the_least_stored_application_round_trips() {
    let application = least();
    let json = serde_json::to_string(&application).expect("serialises");
    let again: Application = serde_json::from_str(&json).expect("loads");
    assert_eq!(again, application);
}

#[test]
fn raw_words_survive_storage() {
    let mut application = least();
    application.loan.program = Program::Other("StateAgency".to_owned());
    let json = serde_json::to_value(&application).expect("serialises");
    assert_eq!(
        json["loan"]["program"],
        serde_json::json!({"other": "StateAgency"})
    );
    let again: Application = serde_json::from_value(json).expect("loads");
    assert_eq!(again.loan.program, application.loan.program);
    assert_eq!(again.program(), loan::Program::Other);
}

#[test]
fn income_adds_items_and_self_employment_but_no_amount_twice() {
    let mut application = least();
    let business = |owner| Employment {
        monthly_income_cents: Some(Cents::new(50_000)),
        is_self_employed: Some(owner),
        ..Employment::default()
    };
    application.borrowers[0].employments = vec![business(false), business(true)];
    application.borrowers[0].incomes = vec![IncomeItem {
        monthly_cents: Some(Cents::new(768_000)),
        ..IncomeItem::default()
    }];
    assert_eq!(
        application.total_monthly_income_cents(),
        Some(Cents::new(818_000))
    );

    application.borrowers[0].incomes.push(IncomeItem {
        kind: Some(IncomeKind::SelfEmployment),
        monthly_cents: Some(Cents::new(50_000)),
        employment: Some(EmploymentRef {
            borrower: 0,
            employment: 1,
        }),
        ..IncomeItem::default()
    });
    assert_eq!(
        application.total_monthly_income_cents(),
        Some(Cents::new(818_000))
    );
}

fn business(cents: i64, time: Option<EmploymentTime>) -> Employment {
    Employment {
        monthly_income_cents: Some(Cents::new(cents)),
        is_self_employed: Some(true),
        time,
        ..Employment::default()
    }
}

#[test]
fn a_former_business_earns_nothing() {
    let mut application = least();
    application.borrowers[0].employments = vec![
        business(100, Some(EmploymentTime::Previous)),
        business(20, Some(EmploymentTime::Current)),
        business(3, None),
    ];
    assert_eq!(
        application.total_monthly_income_cents(),
        Some(Cents::new(23))
    );
}

#[test]
fn an_unlinked_item_repeats_the_only_business_when_the_amounts_agree() {
    use EmploymentTime::{Current, Previous};
    let item = |kind, cents| IncomeItem {
        kind: Some(kind),
        monthly_cents: Some(Cents::new(cents)),
        ..IncomeItem::default()
    };
    let total = |employments: Vec<Employment>, incomes: Vec<IncomeItem>| {
        let mut application = least();
        application.borrowers[0].employments = employments;
        application.borrowers[0].incomes = incomes;
        application.total_monthly_income_cents().map(Cents::get)
    };
    let profit = || item(IncomeKind::SelfEmployment, 500);
    let one = || business(500, Some(Current));
    assert_eq!(total(vec![one()], vec![profit()]), Some(500));
    let former = business(500, Some(Previous));
    assert_eq!(total(vec![former, one()], vec![profit()]), Some(500));
    let loss = item(IncomeKind::SelfEmploymentLoss, -500);
    assert_eq!(total(vec![business(-500, None)], vec![loss]), Some(-500));

    // Another amount, another kind, two businesses, or a link elsewhere: both count.
    let other = item(IncomeKind::SelfEmployment, 499);
    assert_eq!(total(vec![one()], vec![other]), Some(999));
    assert_eq!(
        total(vec![one()], vec![item(IncomeKind::Base, 500)]),
        Some(1_000)
    );
    assert_eq!(total(vec![one(), one()], vec![profit()]), Some(1_500));
    let linked_elsewhere = IncomeItem {
        employment: Some(EmploymentRef {
            borrower: 0,
            employment: 1,
        }),
        ..profit()
    };
    let former = business(7, Some(Previous));
    assert_eq!(
        total(vec![one(), former], vec![linked_elsewhere]),
        Some(1_000)
    );
}

#[test]
fn excluded_debts_do_not_count_and_paid_off_ones_do() {
    let debt = |cents, is_excluded, is_paid_off| Liability {
        balance_cents: Some(Cents::new(cents)),
        is_excluded,
        is_paid_off: Some(is_paid_off),
        ..Liability::default()
    };
    let mut application = least();
    application.liabilities = vec![
        debt(1, Some(true), false),
        debt(20, Some(false), true),
        debt(300, None, false),
        Liability::default(),
    ];
    assert_eq!(application.total_liabilities_cents(), Some(Cents::new(320)));
}

#[test]
fn the_primary_borrower_is_the_only_marked_one_or_the_first() {
    let mut application = least();
    assert_eq!(application.primary_borrower_index(), Some(0));
    application.borrowers[1].is_marked_primary = true;
    assert_eq!(application.primary_borrower_index(), Some(1));
    application.borrowers[0].is_marked_primary = true;
    assert_eq!(application.primary_borrower_index(), Some(0));
    application.borrowers.clear();
    assert_eq!(application.primary_borrower_index(), None::<usize>);
    assert_eq!(application.primary_borrower(), None::<&Borrower>);
}

#[test]
fn price_and_down_payment_follow_the_purpose() {
    let mut application = least();
    assert_eq!(application.down_payment(), None);
    application.property.valuation_cents = Some(Cents::new(26_000_000));
    application.property.sales_price_cents = Some(Cents::new(25_000_000));
    assert_eq!(application.home_price(), Some(Cents::new(25_000_000)));
    assert_eq!(application.down_payment(), Some(Cents::new(5_000_000)));
    application.loan.amount_cents = Cents::new(25_000_001);
    assert_eq!(application.down_payment(), None);
    application.loan.purpose = crate::application::terms::LoanPurpose::Refinance;
    assert_eq!(application.home_price(), Some(Cents::new(26_000_000)));
    assert_eq!(application.down_payment(), None);
}

#[test]
fn only_a_cash_out_refinance_is_listed_as_one() {
    let mut application = least();
    assert_eq!(application.purpose(), loan::Purpose::Purchase);
    application.loan.purpose = crate::application::terms::LoanPurpose::Refinance;
    let cases = [
        (None, loan::Purpose::Refinance),
        (Some(RefinanceKind::NoCashOut), loan::Purpose::Refinance),
        (
            Some(RefinanceKind::LimitedCashOut),
            loan::Purpose::Refinance,
        ),
        (
            Some(RefinanceKind::CashOut),
            loan::Purpose::RefinanceCashOut,
        ),
    ];
    for (kind, listed) in cases {
        application.loan.refinance = Some(Refinance {
            kind,
            ..Refinance::default()
        });
        assert_eq!(application.purpose(), listed);
    }
}
