//! Why a product cannot be had, in words.

use lintel_domain::loan::{Occupancy, Program};
use lintel_domain::scenario::{Flag, LimitClass, PropertyKind};
use lintel_engine::bands::{Band, Step};
use lintel_engine::money::Cents;
use lintel_pricing::catalogue::Catalogue;
use lintel_pricing::price::{PriceRequest, ProductFilter};
use lintel_pricing::scenario::{Scenario, StateCode};
use lintel_pricing::when::When;

use crate::world::*;

fn second_home() -> When {
    When {
        occupancies: vec![Occupancy::SecondHome],
        ..When::default()
    }
}

fn par() -> lintel_pricing::catalogue::Sheet {
    sheet(&[(30, "6.125", "100"), (60, "6.125", "99.5")])
}

#[test]
fn every_failing_part_of_every_rule_is_told() {
    let book = conv30(&par(), |catalogue| {
        let mut second = ltv_up_to("95");
        second.score = at_least(620);
        catalogue.eligibility = vec![
            rule("Second home", second_home(), second),
            rule("Investment property", When::default(), ltv_up_to("99")),
            rule(
                "FHA overlay",
                When::default(),
                When {
                    limits: vec![LimitClass::Conforming, LimitClass::HighBalance],
                    states: vec![StateCode::parse("NY").unwrap()],
                    ..When::default()
                },
            ),
        ];
    });
    let search = Scenario {
        occupancy: Occupancy::SecondHome,
        score: Some(610),
        home_price: cents("1500000"),
        ..borrowing("1455000")
    };
    assert_eq!(
        reasons(&book, &search),
        [
            "LTV 97.00 > 95.00 for second home",
            "score 610 < 620 for second home",
            "state CA not offered for FHA overlay",
            "loan amount 1,455,000.00 > county limit 1,249,125.00 for FHA overlay",
            "no mortgage insurance premium for LTV 97.00, score 610",
        ]
    );
}

#[test]
fn a_cell_without_a_figure_refuses() {
    let cells = [
        None,
        None,
        None,
        Some("-1"),
        None,
        None,
        Some("0"),
        None,
        None,
    ];
    let book = conv30(&par(), |catalogue| {
        catalogue.adjustments = vec![score_grid("Purchase grid", None, cells)];
    });
    assert_eq!(
        reasons(&book, &scenario()),
        ["not offered at score 750, LTV 80.00 (Purchase grid)"]
    );
    // 80.00001 is in the column above 80, whatever two digits of it say.
    let search = Scenario {
        loan_amount: cents("1200000.15"),
        home_price: cents("1500000"),
        score: Some(700),
        ..scenario()
    };
    assert_eq!(
        reasons(&book, &search)[0],
        "not offered at score 700, LTV 80.00001 (Purchase grid)"
    );
}

#[test]
fn rules_about_the_lock_leave_the_other_locks() {
    let long = |require: When| {
        conv30(&par(), |catalogue| {
            let when = When {
                lock_days: Some(Band {
                    over: Some(45),
                    up_to: None,
                }),
                ..When::default()
            };
            catalogue.eligibility = vec![rule("Long locks", when, require)];
        })
    };
    let book = long(When {
        score: at_least(760),
        ..When::default()
    });
    let locks = |search: &Scenario| -> Vec<u32> {
        let priced = price(&book, search);
        priced.products[0]
            .rows
            .iter()
            .map(|r| r.lock_days)
            .collect()
    };
    assert_eq!(locks(&scenario()), [30]);
    let tables = Tables::new();
    let request = PriceRequest {
        lock_days: 60,
        explain: true,
        ..PriceRequest::default()
    };
    let priced = book.price(&scenario(), &request, &tables.rules()).unwrap();
    assert_eq!(
        priced.refused[0].reasons,
        ["score 750 < 760 for long locks"]
    );
    let request = PriceRequest {
        lock_days: 61,
        ..request
    };
    let priced = book.price(&scenario(), &request, &tables.rules()).unwrap();
    assert_eq!(priced.refused[0].reasons, ["no lock of 61 days or more"]);
}

/// 400,000 at 6.125 % over 360 months is 2,430.44 a month; with 1,000 of debts 3,430.44. Of 7,500 that
/// is 45.7392 %, of 8,000 it is 42.8805 %.
#[test]
fn debt_to_income_is_looked_at_row_by_row() {
    let book = conv30(&par(), |catalogue| {
        let require = When {
            dti: Some(Band {
                over: None,
                up_to: Some(pct("45")),
            }),
            ..When::default()
        };
        catalogue.eligibility = vec![rule("", When::default(), require)];
    });
    let with_income = |income: Option<&str>| Scenario {
        monthly_income: income.map(cents),
        monthly_debts: Some(cents("1000")),
        ..scenario()
    };
    assert_eq!(
        reasons(&book, &with_income(Some("7500"))),
        ["DTI 45.74 > 45.00"]
    );
    assert_eq!(
        reasons(&book, &with_income(Some("0"))),
        ["no income to carry debts"]
    );
    for income in [Some("8000"), None] {
        let priced = price(&book, &with_income(income));
        assert_eq!(priced.products.len(), 1);
    }
}

#[test]
fn a_limit_is_named_after_the_nearest_class_offered() {
    let reason = |limits: Vec<LimitClass>, loan: &str| {
        let book = conv30(&par(), |catalogue| {
            let require = When {
                limits,
                ..When::default()
            };
            catalogue.eligibility = vec![rule("", When::default(), require)];
        });
        let search = Scenario {
            home_price: cents("3000000"),
            ..borrowing(loan)
        };
        reasons(&book, &search).join("; ")
    };
    use LimitClass::{AboveLimit, Conforming, HighBalance};
    for (limits, loan, words) in [
        (
            vec![Conforming],
            "832750.01",
            "loan amount 832,750.01 > baseline limit 832,750.00",
        ),
        (
            vec![Conforming],
            "2000000",
            "loan amount 2,000,000.00 > baseline limit 832,750.00",
        ),
        (
            vec![HighBalance],
            "2000000",
            "loan amount 2,000,000.00 > county limit 1,249,125.00",
        ),
        (
            vec![HighBalance],
            "832750",
            "loan amount 832,750.00 <= baseline limit 832,750.00",
        ),
        (
            vec![AboveLimit],
            "900000",
            "loan amount 900,000.00 <= county limit 1,249,125.00",
        ),
        (
            vec![AboveLimit],
            "1",
            "loan amount 1.00 <= county limit 1,249,125.00",
        ),
    ] {
        assert_eq!(reason(limits, loan), words);
    }
}

#[test]
fn words_of_the_other_conditions() {
    let require = When {
        property_kinds: vec![PropertyKind::SingleFamily],
        not_states: vec![StateCode::parse("CA").unwrap()],
        loan_amount: Some(Band {
            over: Some(cents("400000")),
            up_to: None,
        }),
        units: Some(Step {
            at_least: None,
            below: Some(3),
        }),
        homes_owned: Some(Step {
            at_least: None,
            below: Some(11),
        }),
        flags: vec![(Flag::FirstTimeBuyer, true), (Flag::Bankruptcy, false)],
        documentations: vec!["Full".to_owned()],
        channels: vec!["Retail".to_owned()],
        criteria: vec![("PromoCode".to_owned(), vec!["VIP".to_owned()])],
        ..When::default()
    };
    let book = conv30(&par(), |catalogue| {
        catalogue.eligibility = vec![rule("", When::default(), require)];
    });
    let mut search = Scenario {
        property: PropertyKind::Pud,
        units: 4,
        homes_owned: Some(12),
        documentation: Some("Stated".to_owned()),
        criteria: vec![("promocode".to_owned(), "none".to_owned())],
        ..scenario()
    };
    search.flags = search.flags.with(Flag::Bankruptcy, true);
    assert_eq!(
        reasons(&book, &search),
        [
            "property PUD not offered",
            "state CA not offered",
            "loan amount 400,000.00 <= 400,000.00",
            "units 4 > 2",
            "homes owned 12 > 10",
            "first-time buyer required",
            "bankruptcy not allowed",
            "documentation Stated not offered",
            "channel not known",
            "PromoCode none not offered",
        ]
    );
}

#[test]
fn filters_choose_products_and_leave_no_reasons() {
    let mut home_ready = product("HR30", fixed(Program::Conventional, 360));
    home_ready.families = vec!["homeready".to_owned()];
    let catalogue = Catalogue {
        products: vec![
            product("CONV30", fixed(Program::Conventional, 360)),
            product("CONV15", fixed(Program::Conventional, 180)),
            product("ARM5", arm(60)),
            product("ARM6M", arm(6)),
            home_ready,
        ],
        ..Catalogue::default()
    };
    let book = book(catalogue, &par());
    let tables = Tables::new();
    let offered = |filter: ProductFilter| -> Vec<usize> {
        let request = PriceRequest {
            filter,
            explain: true,
            ..PriceRequest::default()
        };
        let priced = book.price(&scenario(), &request, &tables.rules()).unwrap();
        assert_eq!(priced.refused, []);
        priced.products.iter().map(|p| p.product).collect()
    };
    let all = ProductFilter::default;
    let family = |wanted| vec![("HomeReady".to_owned(), wanted)];
    assert_eq!(offered(all()), [0, 1, 2, 3, 4]);
    let adjustable = false;
    assert_eq!(
        offered(ProductFilter {
            adjustable,
            ..all()
        }),
        [0, 1, 4]
    );
    let term_years = Some(vec![15]);
    assert_eq!(
        offered(ProductFilter {
            term_years,
            ..all()
        }),
        [1, 2, 3]
    );
    let arm_years = Some(vec![0, 7]);
    assert_eq!(offered(ProductFilter { arm_years, ..all() }), [0, 1, 3, 4]);
    let families = family(false);
    assert_eq!(offered(ProductFilter { families, ..all() }), [0, 1, 2, 3]);
    let only_family = ProductFilter {
        programs: Some(vec![Program::Fha]),
        families: family(true),
        ..all()
    };
    assert_eq!(offered(only_family), [4]);
}

#[test]
fn a_product_that_cannot_be_worked_out_leaves_the_others() {
    let mut retail = product("RETAIL", fixed(Program::Conventional, 360));
    retail.channels = vec!["Retail".to_owned()];
    let mut other_index = arm(60);
    if let lintel_domain::product::RateKind::Adjustable(arm) = &mut other_index.rate_kind {
        arm.index = lintel_domain::product::ArmIndex::Libor;
    }
    let mut odd = fixed(Program::Conventional, 360);
    odd.interest_only_months = 400;
    let catalogue = Catalogue {
        products: vec![
            product("NOINDEX", other_index),
            product("ODD", odd),
            retail,
            product("FHA30", fixed(Program::Fha, 360)),
            product("CONV30", fixed(Program::Conventional, 360)),
        ],
        ..Catalogue::default()
    };
    let priced = price(&book(catalogue, &par()), &scenario());
    assert_eq!(priced.products.len(), 1);
    let reasons: Vec<&str> = priced
        .refused
        .iter()
        .flat_map(|one| one.reasons.iter().map(String::as_str))
        .collect();
    assert_eq!(
        reasons,
        [
            "no value of its index libor",
            "cannot be worked out: interest_only_months must be between 0 and 360",
            "channel not known",
            "no FHA premium for LTV 80.00",
        ]
    );
}

#[test]
fn insurance_without_a_premium_refuses() {
    let book = conv30(&par(), |_| {});
    let search = Scenario {
        score: Some(600),
        ..borrowing("475000")
    };
    assert_eq!(
        reasons(&book, &search),
        ["no mortgage insurance premium for LTV 95.00, score 600"]
    );
    // Without a score the assumed one is insured.
    let unknown = Scenario {
        score: None,
        ..borrowing("475000")
    };
    assert_eq!(price(&book, &unknown).products.len(), 1);
    assert!(
        Cents::ZERO
            < price(&book, &unknown).products[0].rows[0]
                .piti
                .mortgage_insurance
    );
}
