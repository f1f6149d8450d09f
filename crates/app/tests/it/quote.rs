//! Quotes need the rule book's figures of the day, and say so when there are none.

use lintel_app::error::AppError;
use lintel_app::quote::{QuoteRequest, QuotedProduct, RateOffer, quote_products};
use lintel_domain::loan::Program;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::product::{ArmFeatures, ArmIndex, ProductTerms, RateKind};
use lintel_domain::refusal::{Field, Refusal};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_places::CountyFips;
use lintel_pricing::scenario::StateCode;
use lintel_rule_book::RuleBook;
use lintel_testkit::both;

use crate::world::{World, refusal};

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
    let mut scenario = crate::prices::request(&[]).scenario;
    scenario.loan_amount = Cents::new(30_000_000);
    QuoteRequest {
        scenario,
        state: state.and_then(StateCode::parse),
        county: None,
        // A number nobody has, in a state's range.
        zip: "92699".to_owned(),
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

    async fn a_county_of_another_state_is_refused(db) {
        let world = World::on(&db);
        let org = world.org(OrganisationKind::Retail, None).await;
        let who = world.principal(&org).await;
        let with = |state, county: &str, zip: &str| QuoteRequest {
            county: CountyFips::parse(county),
            zip: zip.to_owned(),
            ..request(state)
        };
        for good in [
            with(None, "06059", "92649"),
            with(Some("CA"), "06059", "92649"),
            with(Some("CA"), "06037", "92649"),
            with(Some("ME"), "23031", "92649"),
            // Renumbered in 2022, and still in people's systems.
            with(Some("CT"), "09001", "06901"),
        ] {
            let quotes = quote_products(&world.app, &who, good).await.expect("quoted");
            assert_eq!(quotes.len(), 1);
        }
        for bad in [
            with(None, "23031", "92649"),
            with(Some("CA"), "23031", "92649"),
            with(Some("CA"), "99999", "92649"),
        ] {
            let refused = refusal(quote_products(&world.app, &who, bad).await);
            assert_eq!(refused, Refusal::malformed(Field::PropertyCounty));
        }
    }
}
