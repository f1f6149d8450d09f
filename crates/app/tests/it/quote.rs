//! Quotes need the rule book's figures of the day, and say so when there are none.

use lintel_app::error::AppError;
use lintel_app::quote::{QuoteRequest, quote_products};
use lintel_domain::loan::{Program, Purpose};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::product::{ArmFeatures, ArmIndex, ProductTerms, RateKind};
use lintel_domain::quote::{QuoteScene, QuotedProduct, RateOffer};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_rule_book::RuleBook;
use lintel_testkit::both;

use crate::world::World;

fn percent(whole: i64) -> Pct {
    Pct::new(whole * Pct::SCALE)
}

/// An adjustable loan on a house whose state has to be looked up.
fn request(state: Option<&str>) -> QuoteRequest {
    let features = ArmFeatures {
        index: ArmIndex::ALL[0],
        margin: percent(2),
        first_adjustment_months: 60,
        first_cap: percent(2),
        adjustment_months: 12,
        periodic_cap: percent(2),
        lifetime_cap: percent(5),
    };
    let terms = ProductTerms {
        program: Program::Conventional,
        term_months: 360,
        amortization_months: 360,
        interest_only_months: 0,
        lender_paid_mi: false,
        rate_kind: RateKind::Adjustable(features),
    };
    let product = QuotedProduct {
        terms,
        index_value: None,
    };
    let offer = RateOffer {
        note_rate: percent(6),
        points: percent(0),
    };
    QuoteRequest {
        scene: QuoteScene {
            purpose: Purpose::Purchase,
            state: state.map(str::to_owned),
            home_price: Cents::new(40_000_000),
            down_payment: None,
            loan_amount: Cents::new(30_000_000),
            is_streamline: false,
            finances_ufmip: false,
            finances_va_fee: false,
            finances_usda_fee: false,
            day: Date::FIRST,
        },
        zip: "92649".to_owned(),
        products: vec![(product, vec![offer])],
        with_schedule: false,
    }
}

/// The embedded rule book, but for one table that has ended long ago.
fn rules_with_ended(file: &str, text: &str) -> RuleBook {
    let begin = text.find("[[edition]]").expect("an edition");
    let (head, edition) = text.split_at(begin);
    let from = edition.find("from = ").expect("a first day");
    let line_end = from + edition[from..].find('\n').expect("a line");
    let text = format!(
        "{head}{}from = \"1990-01-01\"\nto = \"1990-12-31\"{}",
        &edition[..from],
        &edition[line_end..]
    );
    RuleBook::with_file(file, &text).expect("the rule book")
}

both! {
    /// Without this, the quote would lack the state's charges, or blame the caller for the index.
    async fn a_table_that_has_ended_is_our_fault_and_no_other_quote(db) {
        let good = World::on(&db);
        let org = good.org(OrganisationKind::Retail, None).await;
        let who = good.principal(&org).await;
        for state in [None, Some("CA")] {
            let quotes = quote_products(&good.app, &who, request(state)).await.expect("quoted");
            assert_eq!(quotes.len(), 1);
        }
        for (file, text, state) in [
            ("us/zip_states.toml", include_str!("../../../../data/us/zip_states.toml"), None),
            ("us/arm_indices.toml", include_str!("../../../../data/us/arm_indices.toml"), Some("CA")),
        ] {
            let world = World::with_rules(&db, rules_with_ended(file, text));
            let error = quote_products(&world.app, &who, request(state)).await;
            match error {
                Err(AppError::Failed(fault)) => {
                    assert!(fault.chain().contains(file), "{}", fault.chain());
                }
                other => panic!("{file}: {other:?}"),
            }
        }
    }
}
