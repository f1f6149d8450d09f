//! Quotes of a caller's own products.

use std::collections::HashMap;
use std::sync::Arc;

use lintel_domain::fee::LeSection;
use lintel_domain::loan::{Program, Purpose};
use lintel_domain::quote::QuoteTables;
use lintel_domain::scenario::Flag;
use lintel_engine::bands::{Band, Step};
use lintel_engine::money::Cents;
use lintel_engine::us::programs::fha::{AnnualMipRow, FhaCase, MipDuration};
use lintel_engine::us::programs::va::{FundingFeeRow, VaPurpose};
use lintel_pricing::book::Book;
use lintel_pricing::catalogue::{Catalogue, FeeAmount};
use lintel_pricing::quote::{Quote, QuoteProblem, QuoteScene, QuotedProduct, RateOffer};
use lintel_pricing::scenario::Scenario;
use lintel_pricing::when::Selector;

use crate::world::*;

fn tables() -> QuoteTables {
    let va = |purpose, at_least: Option<&str>, below: Option<&str>, fee| FundingFeeRow {
        purpose,
        entitlement_use: None,
        down_payment: Step {
            at_least: at_least.map(pct),
            below: below.map(pct),
        },
        fee: pct(fee),
    };
    QuoteTables {
        fha_upfront: pct("1.75"),
        fha_annual: vec![AnnualMipRow {
            case: FhaCase::Standard,
            term_months: Band::ALL,
            base_loan: Band::ALL,
            ltv: Band::ALL,
            annual_bps: 55,
            duration: MipDuration::Term,
        }],
        va_funding_fee: vec![
            va(VaPurpose::Purchase, None, Some("5"), "2.15"),
            va(VaPurpose::Purchase, Some("5"), Some("10"), "1.5"),
            va(VaPurpose::Purchase, Some("10"), None, "1.25"),
            va(VaPurpose::CashOut, None, None, "2.15"),
            va(VaPurpose::RateReduction, None, None, "0.5"),
        ],
        usda_upfront: pct("1"),
        usda_annual: pct("0.35"),
        ..Tables::new().quote
    }
}

fn ask(
    catalogue: Catalogue,
    scenario: &Scenario,
    product: &QuotedProduct,
    rate: &str,
    points: &str,
    with_schedule: bool,
) -> Result<Quote, QuoteProblem> {
    let book = Book::new(Arc::new(catalogue), &HashMap::new());
    let tables = tables();
    let scene = QuoteScene {
        scenario,
        tables: &tables,
        with_schedule,
    };
    let offer = RateOffer {
        note_rate: pct(rate),
        points: pct(points),
    };
    book.quote(&scene, product, offer)
}

fn of(program: Program) -> QuotedProduct {
    QuotedProduct {
        terms: fixed(program, 360),
        index_value: None,
    }
}

fn upfront(quote: &Quote) -> Vec<(String, Cents)> {
    let fees = quote.fees.iter().filter(|fee| fee.section == LeSection::B);
    fees.map(|fee| (fee.mismo_type.to_owned(), fee.amount))
        .collect()
}

#[test]
fn only_charges_for_any_product_are_for_a_callers_own() {
    let named = |name: &str, products: Selector| {
        let mut fee = fee(LeSection::A, name, FeeAmount::Flat(cents("10")), true);
        fee.products = products;
        fee
    };
    let of_family = Selector {
        families: vec!["jumbo".to_owned()],
        ..Selector::default()
    };
    let of_program = Selector {
        programs: vec![Program::Conventional],
        adjustable: Some(false),
        ..Selector::default()
    };
    let catalogue = Catalogue {
        fees: vec![
            named("all", Selector::default()),
            named("code", for_codes(&["CONV30"])),
            named("family", of_family),
            named("program", of_program),
        ],
        ..Catalogue::default()
    };
    let product = of(Program::Conventional);
    let quote = ask(catalogue, &scenario(), &product, "6", "-1.75", false).unwrap();
    let names: Vec<_> = quote.fees.iter().map(|fee| fee.name.to_owned()).collect();
    assert_eq!(names, ["all", "program"]);
    assert!(quote.schedule.is_empty());
}

/// FHA: 1.75 % of 400,000 is 7,000; financed, the note is 407,000. USDA: 400,000 / 0.99 = 404,040.40.
/// VA: down 20 %, 1.25 % is 5,000; of a rate reduction 0.5 % is 2,000.
#[test]
fn charges_of_the_programmes() {
    let quote = |program, search: &Scenario| {
        ask(Catalogue::default(), search, &of(program), "6", "0", true).unwrap()
    };
    let mut financed = scenario();
    financed.flags = financed.flags.with(Flag::FinancesUpfrontFee, true);
    financed.finances_usda_fee = true;
    financed.finances_va_fee = true;
    let first_balance = |quote: &Quote| {
        let first = &quote.schedule[0];
        first.balance.checked_add(first.principal).unwrap()
    };
    let fha = quote(Program::Fha, &financed);
    assert_eq!(
        upfront(&fha),
        [("MIUpfrontPremium".to_owned(), cents("7000"))]
    );
    assert_eq!(first_balance(&fha), cents("407000"));
    assert_eq!(
        first_balance(&quote(Program::Fha, &scenario())),
        cents("400000")
    );
    let usda = quote(Program::Usda, &financed);
    assert_eq!(
        upfront(&usda),
        [(
            "USDARuralDevelopmentGuaranteeFee".to_owned(),
            cents("4040.40")
        )]
    );
    assert_eq!(first_balance(&usda), cents("404040.40"));
    let va = quote(Program::Va, &financed);
    assert_eq!(upfront(&va), [("VAFundingFee".to_owned(), cents("5000"))]);
    assert_eq!(first_balance(&va), cents("405000"));
    let mut streamline = Scenario {
        purpose: Purpose::Refinance,
        ..scenario()
    };
    streamline.flags = streamline.flags.with(Flag::Streamline, true);
    assert_eq!(
        upfront(&quote(Program::Va, &streamline))[0].1,
        cents("2000")
    );
    let nothing_down = Scenario {
        down_payment: Some(Cents::ZERO),
        ..scenario()
    };
    assert_eq!(
        upfront(&quote(Program::Va, &nothing_down))[0].1,
        cents("8600")
    );
}

#[test]
fn a_schedule_has_the_rate_of_the_short_way() {
    for program in [
        Program::Conventional,
        Program::Fha,
        Program::Usda,
        Program::Va,
    ] {
        let search = borrowing("470000");
        let both = [false, true].map(|with_schedule| {
            ask(
                Catalogue::default(),
                &search,
                &of(program),
                "6.375",
                "1.5",
                with_schedule,
            )
            .unwrap()
        });
        assert_eq!(both[0].apr, both[1].apr);
        assert_eq!(both[0].fees, both[1].fees);
        assert_eq!(both[1].schedule.len(), 360);
        assert_eq!(both[1].schedule[0].due, day("2027-02-01"));
        assert_eq!(both[1].schedule[359].balance, Cents::ZERO);
    }
}

#[test]
fn what_cannot_be_quoted_says_which_offer_and_why() {
    let book = Book::new(Arc::new(Catalogue::default()), &HashMap::new());
    let tables = tables();
    let search = scenario();
    let scene = QuoteScene {
        scenario: &search,
        tables: &tables,
        with_schedule: false,
    };
    let offer = |rate: &str, points: &str| RateOffer {
        note_rate: pct(rate),
        points: pct(points),
    };
    let offers = [offer("6", "0"), offer("6", "100")];
    let (at, problem) = book
        .quotes(&scene, &of(Program::Conventional), &offers)
        .unwrap_err();
    assert_eq!(at, 1);
    match problem {
        QuoteProblem::Unusable(error) => assert_eq!(error.field, "prepaid_finance_charge"),
        other => panic!("{other:?}"),
    }
    let adjustable = QuotedProduct {
        terms: arm(60),
        index_value: None,
    };
    let refused = book.quotes(&scene, &adjustable, &offers).unwrap_err();
    assert_eq!(refused, (0, QuoteProblem::NoIndexValue));
    let unscored = Scenario {
        score: Some(500),
        ..borrowing("475000")
    };
    let scene = QuoteScene {
        scenario: &unscored,
        ..scene
    };
    let refused = book.quotes(&scene, &of(Program::Conventional), &offers);
    assert_eq!(refused.unwrap_err(), (0, QuoteProblem::NoCharge));
}
