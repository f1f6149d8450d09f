//! Catalogues made to be awkward: every axis, tiers, bounds, caps, programmes, adjustable and
//! interest-only terms, balloons, tiny and huge loans.

use std::collections::HashMap;
use std::sync::Arc;

use lintel_domain::fee::{FinanceChargeRule, LeSection};
use lintel_domain::loan::Program;
use lintel_domain::product::{ArmFeatures, ArmIndex, ProductTerms, RateKind};
use lintel_domain::scenario::{Flag, LimitClass};
use lintel_engine::bands::{Band, Step};
use lintel_engine::bulk::Machine;
use lintel_places::Zip;
use proptest::prelude::*;

use super::*;
use crate::book::PointsWanted;
use crate::catalogue::{
    Adjustment, Axis, AxisOf, Cap, Effect, Eligibility, Estimate, EstimateOf, Fee, FeeAmount,
    FeeTier, Grid, Margin, MiCard, PerOf, Product, SheetRow,
};
use crate::when::{Selector, When};

fn product(code: &str, program: Program, months: [u32; 3], rate_kind: RateKind) -> Product {
    Product {
        code: code.to_owned(),
        public_id: None,
        name: code.to_owned(),
        terms: ProductTerms {
            program,
            term_months: months[0],
            amortization_months: months[1],
            interest_only_months: months[2],
            lender_paid_mi: code == "LPMI",
            rate_kind,
        },
        families: Vec::new(),
        lock_days: Vec::new(),
        channels: Vec::new(),
        min_price: Some(pct("94.1234")),
        max_price: Some(pct("104.5675")),
        is_watchable: false,
        days: None,
    }
}

fn products() -> Vec<Product> {
    let arm = |first, every| {
        RateKind::Adjustable(ArmFeatures {
            index: ArmIndex::Sofr30DayAverage,
            margin: pct("2.75"),
            first_adjustment_months: first,
            first_cap: pct("2"),
            adjustment_months: every,
            periodic_cap: pct("1"),
            lifetime_cap: pct("5"),
        })
    };
    let fixed = RateKind::Fixed;
    vec![
        product("C30", Program::Conventional, [360, 360, 0], fixed),
        product("C10", Program::Conventional, [120, 120, 0], fixed),
        product("LPMI", Program::Conventional, [240, 240, 0], fixed),
        product("IO", Program::Conventional, [360, 360, 120], fixed),
        product("BALLOON", Program::Other, [84, 360, 0], fixed),
        product("BULLET", Program::Other, [24, 24, 24], fixed),
        product("LONG", Program::Other, [600, 600, 0], fixed),
        product("ARM", Program::Conventional, [360, 360, 0], arm(60, 6)),
        product("ARMIO", Program::Conventional, [360, 360, 84], arm(84, 12)),
        product("FHA", Program::Fha, [360, 360, 0], fixed),
        product("FHAARM", Program::Fha, [360, 360, 0], arm(60, 12)),
        product("VA", Program::Va, [360, 360, 0], fixed),
        product("USDA", Program::Usda, [360, 360, 0], fixed),
        product("SHORT", Program::Other, [1, 1, 0], fixed),
    ]
}

fn fee(amount: FeeAmount, when: When) -> Fee {
    Fee {
        position: 1,
        name: "Charge".to_owned(),
        mismo_type: "ProcessingFee".to_owned(),
        mismo_type_other: None,
        section: LeSection::A,
        amount,
        min: None,
        max: None,
        finance_charge: FinanceChargeRule::Included,
        reason: Some("test".to_owned()),
        products: Selector::default(),
        when,
        days: None,
    }
}

fn when(change: impl FnOnce(&mut When)) -> When {
    let mut when = When::default();
    change(&mut when);
    when
}

fn band(over: Option<i64>, up_to: Option<i64>) -> Option<Band<Cents>> {
    Some(Band {
        over: over.map(dollars),
        up_to: up_to.map(dollars),
    })
}

fn fees() -> Vec<Fee> {
    let percent = |rate: &str, of| FeeAmount::Percent {
        rate: pct(rate),
        of,
    };
    let tier = |over: Option<i64>, up_to: Option<i64>, flat, rate: &str| FeeTier {
        band: band(over, up_to).unwrap(),
        flat: dollars(flat),
        rate: pct(rate),
    };
    let florida = when(|when| when.states = vec![StateCode::parse("FL").unwrap()]);
    let mut bounded = fee(percent("0.875", PerOf::Loan), When::default());
    bounded.min = Some(dollars(1_500));
    bounded.max = Some(dollars(4_321));
    let mut others = fee(percent("0.31", PerOf::Price), When::default());
    others.finance_charge = FinanceChargeRule::Excluded;
    vec![
        fee(FeeAmount::Flat(Cents::new(123_456)), When::default()),
        fee(percent("0.123456789", PerOf::Price), florida),
        bounded,
        others,
        fee(
            FeeAmount::Tiered {
                of: PerOf::Loan,
                tiers: vec![
                    tier(None, Some(150_000), 100, "0"),
                    tier(Some(150_000), Some(400_000), 250, "0.2"),
                ],
            },
            When::default(),
        ),
        fee(
            FeeAmount::Tiered {
                of: PerOf::Price,
                tiers: vec![tier(Some(200_000), None, 20, "0.05")],
            },
            When::default(),
        ),
        fee(FeeAmount::InterestDays(11), When::default()),
        fee(FeeAmount::TaxMonths(2), When::default()),
        fee(FeeAmount::InsuranceMonths(14), When::default()),
    ]
}

fn adjustment(group: Option<&str>, when: When, effect: Effect) -> Adjustment {
    Adjustment {
        name: "Adjustment".to_owned(),
        group: group.map(str::to_owned),
        products: Selector::default(),
        when,
        effect,
        days: None,
    }
}

fn grids() -> [Effect; 3] {
    let axis = |of, edges: &[i64]| Axis {
        of,
        edges: edges.to_vec(),
    };
    let percents = |edges: &[i64]| {
        edges
            .iter()
            .map(|edge| edge * Pct::SCALE)
            .collect::<Vec<_>>()
    };
    let cell = |text: &str| (!text.is_empty()).then(|| pct(text));
    let score_ltv = Grid {
        rows: axis(AxisOf::Score, &[680, 740]),
        columns: Some(axis(AxisOf::Ltv, &percents(&[60, 80, 95]))),
        cells: [
            "-1.1", "-1.5", "-2", "", "-0.5", "-0.75", "-1", "", "0", "0.1", "-0.333", "-0.4",
        ]
        .map(cell)
        .to_vec(),
    };
    let by_amount = Grid {
        rows: axis(AxisOf::LoanAmount, &[10_000_000, 30_000_000, 80_000_000]),
        columns: None,
        cells: ["-0.5", "0", "0.125", "-0.0625"].map(cell).to_vec(),
    };
    let by_lock = Grid {
        rows: axis(AxisOf::LockDays, &[30, 45]),
        columns: Some(axis(AxisOf::Cltv, &percents(&[90]))),
        cells: ["0", "-0.01", "-0.125", "-0.2", "-0.25", "-0.3"]
            .map(cell)
            .to_vec(),
    };
    [score_ltv, by_amount, by_lock].map(Effect::Grid)
}

fn adjustments() -> Vec<Adjustment> {
    let flat = |points: &str| Effect::Flat(pct(points));
    let [score_ltv, by_amount, by_lock] = grids();
    let zip = |number| Zip::try_new(number).unwrap();
    vec![
        adjustment(Some("llpa"), When::default(), score_ltv),
        adjustment(Some("llpa"), When::default(), by_amount),
        adjustment(None, When::default(), by_lock),
        adjustment(
            Some("llpa"),
            when(|when| when.limits = vec![LimitClass::HighBalance, LimitClass::AboveLimit]),
            flat("-0.875"),
        ),
        adjustment(
            None,
            when(|when| when.not_states = vec![StateCode::parse("NY").unwrap()]),
            flat("0.123456789"),
        ),
        adjustment(
            None,
            when(|when| when.zips = vec![(zip(10_000), zip(33_999)), (zip(60_601), zip(60_601))]),
            flat("-0.21"),
        ),
        adjustment(
            Some("place"),
            when(|when| {
                when.counties = lintel_places::counties()
                    .step_by(3)
                    .map(|one| one.fips)
                    .collect();
                when.loan_amount = band(Some(120_000), None);
            }),
            flat("0.4"),
        ),
        adjustment(
            Some("place"),
            when(|when| {
                when.score = Some(Step {
                    at_least: Some(700),
                    below: None,
                });
                when.hcltv = Some(Band {
                    over: None,
                    up_to: Some(pct("75")),
                });
            }),
            flat("0.5"),
        ),
    ]
}

fn texas() -> When {
    when(|when| when.states = vec![StateCode::parse("TX").unwrap()])
}

fn eligibility() -> Vec<Eligibility> {
    let rule = |when, require| Eligibility {
        name: "Rule".to_owned(),
        products: Selector::default(),
        when,
        require,
        days: None,
    };
    vec![
        rule(
            texas(),
            when(|when| {
                when.ltv = Some(Band {
                    over: None,
                    up_to: Some(pct("80")),
                });
            }),
        ),
        rule(
            When::default(),
            when(|when| when.loan_amount = band(Some(20_000), None)),
        ),
        rule(
            when(|when| when.limits = vec![LimitClass::AboveLimit]),
            when(|when| when.flags = vec![(Flag::EscrowWaived, true)]),
        ),
    ]
}

fn catalogue() -> Catalogue {
    let cap = |group: &str, when, min: &str, max: &str| Cap {
        group: group.to_owned(),
        products: Selector::default(),
        when,
        min: Some(pct(min)),
        max: Some(pct(max)),
        days: None,
    };
    let estimate = |of, state: Option<&str>, rate: &str| Estimate {
        of,
        state: state.and_then(StateCode::parse),
        county: None,
        rate: pct(rate),
        flat: dollars(17),
        days: None,
    };
    Catalogue {
        products: products(),
        eligibility: eligibility(),
        adjustments: adjustments(),
        caps: vec![
            cap("llpa", texas(), "-0.6", "0.6"),
            cap("llpa", When::default(), "-1.75", "0.3"),
            cap("nobody", When::default(), "1", "2"),
        ],
        margins: vec![Margin {
            name: "Margin".to_owned(),
            products: Selector::default(),
            when: when(|when| when.channels = vec!["Retail".to_owned()]),
            price: pct("-1.5"),
            days: None,
        }],
        fees: fees(),
        estimates: vec![
            estimate(EstimateOf::PropertyTax, None, "1.1"),
            estimate(EstimateOf::PropertyTax, Some("NJ"), "2.23"),
            estimate(EstimateOf::Insurance, Some("FL"), "1.9"),
        ],
        mi_cards: vec![MiCard {
            name: "Card".to_owned(),
            products: Selector::default(),
            when: when(|when| when.states = vec![StateCode::parse("CA").unwrap()]),
            rows: tables().mi_card,
            adjusters: vec![(
                when(|when| when.loan_amount = band(Some(300_000), None)),
                pct("0.07"),
            )],
            days: None,
        }],
    }
}

fn sheets(rates: &[&str]) -> HashMap<String, Arc<Sheet>> {
    let row = |lock_days, at: usize, rate: &str| SheetRow {
        lock_days,
        note_rate: pct(rate),
        price: Pct::new(98_500_000_000 + i64::try_from(at).unwrap() * 437_512_345),
    };
    let products = products();
    let sheets = products.iter().map(|product| {
        let rows = rates
            .iter()
            .enumerate()
            .map(|(at, rate)| row(if at % 3 == 1 { 60 } else { 30 }, at, rate));
        let sheet = Sheet {
            rows: rows.collect(),
            index: None,
            margin: None,
        };
        (product.code.clone(), Arc::new(sheet))
    });
    sheets.collect()
}

fn card(
    fixture: &Fixture,
    loans: Arc<[Cents]>,
    prices: Arc<[Cents]>,
    change: impl FnOnce(&mut CardSpec),
) -> Compiled {
    let places: Arc<[PlaceFacts]> = places(131).iter().copied().take(loans.len()).collect();
    let amounts = vec![AmountOf::PerPlace {
        loan_amounts: loans,
        home_prices: prices,
    }];
    let mut spec = spec(places, amounts);
    spec.scores = vec![Some(745), None];
    change(&mut spec);
    Compiled::compile(&fixture.book, &fixture.rules(), Arc::new(spec)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_261_121),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn awkward_cards_are_what_the_scalar_functions_say(
        amounts in prop::collection::vec((3_000_000_i64..3_000_000_000, 30_i64..130), 30),
        round in any::<bool>(),
        seed in 0_usize..4,
        lien in 0_i64..60_000,
    ) {
        let rates: &[&str] = [
            &["5.5", "5.625", "6.875", "7.99"][..],
            &["0.5", "2", "11.125", "24.9"][..],
            &["6.123456", "6.3333", "0.001", "7"][..],
            &["6.5", "6.5005", "6.75", "9.999"][..],
        ][seed];
        let fixture = Fixture::new(catalogue(), &sheets(rates));
        let loan = |cents: i64| if round { cents / 1_000_000 * 1_000_000 + 500_000 } else { cents };
        let loans: Arc<[Cents]> = amounts.iter().map(|one| Cents::new(loan(one.0))).collect();
        let prices = amounts.iter().map(|one| Cents::new(loan(one.0) * 100 / one.1)).collect();
        let card = card(&fixture, loans, prices, |spec| {
            spec.template.channel = Some("retail".to_owned());
            spec.template.subordinate_balance = Cents::new(lien * 100);
            spec.template.flags = spec.template.flags.with(Flag::EscrowWaived, seed % 2 == 0);
            spec.template.flags = spec.template.flags.with(Flag::FinancesUpfrontFee, round);
            spec.points = (seed == 3).then(|| PointsWanted { low: pct("-1"), high: pct("2.001") });
        });
        let (offered, _) = fixture.compare(&card, Machine::one_core(), 1);
        // With wanted points only some rows are offered, or none.
        prop_assert!(seed == 3 || offered > 10, "{offered}");
    }
}

#[test]
fn amounts_that_do_not_fit_are_refused_by_place() {
    let fixture = Fixture::new(catalogue(), &sheets(&["6.5"]));
    let compile = |change: &dyn Fn(&mut CardSpec)| {
        let mut spec = spec(
            places(20_000),
            vec![AmountOf::at_ltv(dollars(100_000), pct("80")).unwrap()],
        );
        change(&mut spec);
        Compiled::compile(&fixture.book, &fixture.rules(), Arc::new(spec))
            .map(|card| card.total_rows())
    };
    assert!(compile(&|_| {}).unwrap() > 0);
    let everywhere = |loan, price| {
        vec![AmountOf::Everywhere {
            loan_amount: loan,
            home_price: price,
        }]
    };
    let over = Cents::new(MAX_LOAN.get() + 1);
    let wrong = CardError::Amount {
        amount: 0,
        place: 0,
    };
    for (loan, price) in [
        (over, MAX_PRICE),
        (dollars(1), Cents::new(MAX_PRICE.get() + 1)),
        (Cents::ZERO, dollars(1)),
        (dollars(1), Cents::new(-1)),
    ] {
        assert_eq!(
            compile(&|spec| spec.amounts = everywhere(loan, price)),
            Err(wrong.clone())
        );
    }
    let few = |spec: &mut CardSpec| {
        spec.amounts = vec![AmountOf::PerPlace {
            loan_amounts: Arc::new([dollars(1)]),
            home_prices: Arc::new([dollars(1)]),
        }];
    };
    assert_eq!(compile(&few), Err(CardError::Length(0)));
    let unknown = CardError::UnknownProduct("NONE".to_owned());
    assert_eq!(
        compile(&|spec| spec.products = vec!["NONE".to_owned()]),
        Err(unknown)
    );
    assert_eq!(
        compile(&|spec| spec.scores.clear()),
        Err(CardError::Empty("scores"))
    );
    assert_eq!(AmountOf::at_ltv(dollars(1), Pct::ZERO), None);
    let at_97 = AmountOf::at_ltv(Cents::new(25_000_000), pct("97")).unwrap();
    assert_eq!(at_97.home_price(5), Cents::new(25_773_196));
}

#[test]
fn a_new_sheet_changes_its_product_only() {
    let fixture = Fixture::new(catalogue(), &sheets(&["6", "6.5"]));
    let loans: Arc<[Cents]> = [dollars(300_000); 9].into();
    let prices: Arc<[Cents]> = [dollars(400_000); 9].into();
    let before = card(&fixture, loans, prices, |_| {});
    let mut changed = sheets(&["6", "6.5"]);
    changed.insert(
        "C10".to_owned(),
        Arc::clone(&sheets(&["6", "6.25", "7"])["C30"]),
    );
    let book = fixture.book.with_sheets(&changed);
    let after = before.with_sheet(&book, &fixture.rules(), 1).unwrap();
    let anew = Compiled::compile(&book, &fixture.rules(), Arc::new(before.spec().clone())).unwrap();
    let (mut a, mut b) = (Columns::default(), Columns::default());
    for block in 0..before.blocks().len() {
        after.price_block(block, 0..9, Machine::one_core(), &mut a);
        anew.price_block(block, 0..9, Machine::one_core(), &mut b);
        assert_eq!(after.rates(block), anew.rates(block));
        for rate in 0..a.rates() {
            for place in 0..9 {
                assert_eq!(a.row(rate, place), b.row(rate, place));
            }
        }
        let product = before.block(block).unwrap().product;
        assert_eq!(after.rates(block) != before.rates(block), product == 1);
    }
    assert!(before.with_sheet(&book, &fixture.rules(), 99).is_err());
}
