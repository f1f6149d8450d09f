//! Searches and catalogues nobody should make: an error or a right answer, never a panic.

use lintel_domain::fee::LeSection;
use lintel_domain::loan::Program;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::{Catalogue, Effect, Estimate, EstimateOf, FeeAmount, PerOf};
use lintel_pricing::price::PriceRequest;
use lintel_pricing::scenario::Scenario;
use lintel_pricing::when::{PriceProblem, When};

use crate::world::*;

fn everything() -> lintel_pricing::book::Book {
    let programs = [
        Program::Conventional,
        Program::Fha,
        Program::Va,
        Program::Usda,
    ];
    let mut products: Vec<_> = programs
        .iter()
        .map(|program| product(program.as_str(), fixed(*program, 360)))
        .collect();
    products.push(product("ARM5", arm(60)));
    products.push(product("LONG", fixed(Program::Conventional, 1200)));
    products.push(product("TOO_LONG", fixed(Program::Conventional, u32::MAX)));
    products.push(product("NEVER", fixed(Program::Conventional, 0)));
    let percent = FeeAmount::Percent {
        rate: pct("1"),
        of: PerOf::Price,
    };
    let mut catalogue = Catalogue {
        products,
        ..Catalogue::default()
    };
    catalogue.fees = vec![
        fee(LeSection::A, "Percent", percent, true),
        fee(
            LeSection::F,
            "Interest",
            FeeAmount::InterestDays(u32::MAX),
            false,
        ),
        fee(LeSection::G, "Taxes", FeeAmount::TaxMonths(u32::MAX), false),
    ];
    catalogue.fees[1].products = for_codes(&["LONG"]);
    catalogue.fees[2].products = for_codes(&["LONG"]);
    catalogue.estimates = vec![Estimate {
        of: EstimateOf::PropertyTax,
        state: None,
        county: None,
        rate: pct("1"),
        flat: Cents::ZERO,
        days: None,
    }];
    book(
        catalogue,
        &sheet(&[(30, "6", "100"), (30, "25", "200"), (30, "0", "0")]),
    )
}

#[test]
fn amounts_are_checked_at_the_door() {
    let book = everything();
    let tables = Tables::new();
    let with = |change: fn(&mut Scenario)| {
        let mut search = scenario();
        change(&mut search);
        book.price(&search, &PriceRequest::default(), &tables.rules())
            .err()
    };
    let (price, loan) = (PriceProblem::HomePrice, PriceProblem::LoanAmount);
    assert_eq!(with(|s| s.home_price = Cents::ZERO), Some(price));
    assert_eq!(with(|s| s.home_price = Cents::new(-1)), Some(price));
    assert_eq!(with(|s| s.home_price = Cents::new(i64::MAX)), Some(price));
    assert_eq!(with(|s| s.loan_amount = Cents::ZERO), Some(loan));
    assert_eq!(with(|s| s.loan_amount = Cents::new(i64::MIN)), Some(loan));
    assert_eq!(with(|s| s.loan_amount = Cents::new(i64::MAX)), Some(loan));
    assert_eq!(with(|s| s.home_price = Cents::new(1)), Some(loan));
    let liens = Some(PriceProblem::Subordinate);
    assert_eq!(with(|s| s.subordinate_balance = Cents::new(-1)), liens);
    assert_eq!(with(|s| s.undrawn_line = Cents::new(i64::MAX)), liens);
    assert_eq!(
        with(|s| s.day = Date::new(2200, 12, 15).unwrap()),
        Some(PriceProblem::Day)
    );
    assert_eq!(with(|_| ()), None);
}

#[test]
fn no_search_that_passes_the_door_brings_the_engine_down() {
    let book = everything();
    for (price_of, loan) in [
        (1, 1),
        (1, 10_000),
        (2, 1),
        (Cents::MAX.get(), Cents::MAX.get()),
        (Cents::MAX.get(), 1),
        (9_007_199_254_740_993, 9_007_199_254_740_993),
    ] {
        for last in ["1900-01-01", "2150-06-30", "2200-09-30"] {
            for units in [0, 1, u32::MAX] {
                let search = Scenario {
                    home_price: Cents::new(price_of),
                    loan_amount: Cents::new(loan),
                    day: day(last),
                    units,
                    score: Some(u32::MAX),
                    monthly_income: Some(Cents::new(i64::MIN)),
                    monthly_debts: Some(Cents::new(i64::MAX)),
                    down_payment: Some(Cents::new(i64::MIN)),
                    homes_owned: Some(u32::MAX),
                    ..scenario()
                };
                let priced = price(&book, &search);
                assert_eq!(priced.products.len() + priced.refused.len(), 8);
                for refused in priced.refused {
                    assert!(!refused.reasons.is_empty());
                }
            }
        }
    }
}

#[test]
fn a_catalogue_that_contradicts_itself_refuses() {
    // A grid with too few cells, a table without edges, a term of nothing.
    let book = conv30(&sheet(&[(30, "6", "100")]), |catalogue| {
        let mut short = score_grid("Short", None, [None; 9]);
        if let Effect::Grid(grid) = &mut short.effect {
            grid.cells.truncate(1);
        }
        catalogue.adjustments = vec![short];
    });
    assert_eq!(reasons(&book, &scenario()).len(), 1);
    let crossed = conv30(&sheet(&[(30, "6", "100")]), |catalogue| {
        let require = When {
            ltv: Some(lintel_engine::bands::Band {
                over: Some(pct("90")),
                up_to: Some(pct("10")),
            }),
            ..When::default()
        };
        catalogue.eligibility = vec![rule("Crossed", When::default(), require)];
    });
    assert_eq!(
        reasons(&crossed, &scenario()),
        ["LTV 80.00 > 10.00 for crossed"]
    );
}

#[test]
fn a_callers_words_do_not_make_reasons_endless() {
    let book = conv30(&sheet(&[(30, "6", "100")]), |catalogue| {
        let require = When {
            channels: vec!["Retail".to_owned()],
            documentations: vec!["Full".to_owned()],
            ..When::default()
        };
        catalogue.eligibility = vec![rule("", When::default(), require)];
    });
    let long = "é".repeat(100_000);
    let search = Scenario {
        channel: Some(long.clone()),
        documentation: Some(long),
        ..scenario()
    };
    for reason in reasons(&book, &search) {
        assert!(reason.chars().count() < 100);
    }
}

#[test]
fn points_without_bounds_are_answered() {
    let book = conv30(
        &sheet(&[(30, "6", "-1000000"), (30, "7", "1000000")]),
        |_| {},
    );
    let priced = price(&book, &scenario());
    // A price of a million is a lender credit; one of minus a million eats up the loan.
    let rows = &priced.products[0].rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].points, Pct::new(-999_900_000_000_000));
}
