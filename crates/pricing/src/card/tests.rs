//! Every row of a card is what the scalar functions answer for it.

mod hard;

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::Arc;

use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::product::ArmIndex;
use lintel_domain::quote::QuoteTables;
use lintel_domain::scenario::PropertyKind;
use lintel_engine::bands::{Band, Step};
use lintel_engine::bulk::Machine;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow as MiCell;
use lintel_engine::us::programs::fha::{AnnualMipRow, FhaCase, MipDuration};
use lintel_engine::us::programs::va::{FundingFeeRow, VaPurpose};

use super::*;
use crate::book::Book;
use crate::catalogue::{Catalogue, Sheet};
use crate::price::Rules;
use crate::scenario::{Flags, PlaceFacts, Scenario, StateCode};

pub(super) fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

pub(super) fn dollars(amount: i64) -> Cents {
    Cents::new(amount * 100)
}

/// Invented tables of the same shape as the rule book's.
pub(super) fn tables() -> QuoteTables {
    let mip =
        |over: Option<&str>, up_to: Option<&str>, annual_bps, months: Option<u32>| AnnualMipRow {
            case: FhaCase::Standard,
            term_months: Band::ALL,
            base_loan: Band {
                over: None,
                up_to: Some(dollars(700_000)),
            },
            ltv: Band {
                over: over.map(pct),
                up_to: up_to.map(pct),
            },
            annual_bps,
            duration: months.map_or(MipDuration::Term, MipDuration::Months),
        };
    let va = |purpose, at_least: Option<&str>, below: Option<&str>, fee| FundingFeeRow {
        purpose,
        entitlement_use: None,
        down_payment: Step {
            at_least: at_least.map(pct),
            below: below.map(pct),
        },
        fee: pct(fee),
    };
    let cell = |over, up_to, annual| MiCell {
        ltv: Band {
            over: Some(pct(over)),
            up_to: Some(pct(up_to)),
        },
        score: Step::ALL,
        term_months: Band::ALL,
        coverage: pct("25"),
        annual: pct(annual),
    };
    QuoteTables {
        finance_charge: lintel_engine::us::finance_charge::Table::default(),
        fha_upfront: pct("1.75"),
        fha_annual: vec![
            mip(None, Some("90"), 50, Some(132)),
            mip(Some("90"), Some("95"), 50, None),
            mip(Some("95"), None, 55, None),
        ],
        va_funding_fee: vec![
            va(VaPurpose::Purchase, None, Some("5"), "2.15"),
            va(VaPurpose::Purchase, Some("5"), Some("10"), "1.5"),
            va(VaPurpose::Purchase, Some("10"), None, "1.25"),
            va(VaPurpose::CashOut, None, None, "2.15"),
        ],
        usda_upfront: pct("1"),
        usda_annual: pct("0.35"),
        mi_card: vec![cell("80", "90", "0.41"), cell("90", "100", "0.873")],
        mi_assumed_score: 740,
    }
}

/// Every `step`th place of the country, with invented limits.
pub(super) fn places(step: usize) -> Arc<[PlaceFacts]> {
    let facts = lintel_places::iter().step_by(step).map(|place| {
        let number = i64::from(place.county_fips.map_or(0, lintel_places::CountyFips::get));
        let county_limit = if number % 7 == 0 { 1_150_000 } else { 766_000 };
        PlaceFacts {
            zip: Some(place.zip),
            state: StateCode::parse(place.state),
            county: place.county_fips,
            baseline_limits: [dollars(766_000); 4],
            county_limits: [dollars(county_limit); 4],
            has_county_list: true,
            fha_limits: [dollars(if number % 5 == 0 { 700_000 } else { 498_000 }); 4],
        }
    });
    facts.collect()
}

pub(super) fn scenario() -> Scenario {
    Scenario {
        day: Date::new(2026, 11, 21).unwrap(),
        purpose: Purpose::Purchase,
        place: places(40_000)[0],
        home_price: dollars(500_000),
        loan_amount: dollars(400_000),
        down_payment: None,
        subordinate_balance: Cents::ZERO,
        undrawn_line: Cents::ZERO,
        score: Some(740),
        monthly_income: None,
        monthly_debts: None,
        property: PropertyKind::SingleFamily,
        units: 1,
        occupancy: Occupancy::PrimaryResidence,
        flags: Flags::default(),
        finances_va_fee: true,
        finances_usda_fee: true,
        employment: None,
        documentation: None,
        homes_owned: None,
        channel: None,
        sub_channel: None,
        branch: None,
        criteria: Vec::new(),
    }
}

pub(super) struct Fixture {
    pub(super) book: Book,
    pub(super) tables: QuoteTables,
    pub(super) indices: BTreeMap<ArmIndex, Pct>,
}

impl Fixture {
    pub(super) fn new(catalogue: Catalogue, sheets: &HashMap<String, Arc<Sheet>>) -> Self {
        Self {
            book: Book::new(Arc::new(catalogue), sheets),
            tables: tables(),
            indices: ArmIndex::ALL
                .iter()
                .map(|index| (*index, pct("4.31")))
                .collect(),
        }
    }

    pub(super) fn big(seed: u64, products: usize, rules: usize) -> Self {
        let (catalogue, sheets) = crate::demo::big::big_catalogue(seed, products, rules);
        Self::new(catalogue, &sheets)
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            tables: &self.tables,
            indices: &self.indices,
            apor: None,
            hpml: &[],
        }
    }

    /// Compares every `step`th row of the card; how many were offered and how many were not.
    pub(super) fn compare(&self, card: &Compiled, machine: Machine, step: usize) -> (usize, usize) {
        let rules = self.rules();
        let (mut offered, mut refused, mut number) = (0, 0, 0_usize);
        let mut columns = Columns::default();
        for block in 0..card.blocks().len() {
            card.price_block(block, 0..usize::MAX, machine, &mut columns);
            for rate in 0..columns.rates() {
                for place in columns.places() {
                    number += 1;
                    if !number.is_multiple_of(step) {
                        continue;
                    }
                    let fast = columns.row(rate, place);
                    let slow = card.row(&self.book, &rules, (block, place, rate));
                    same(
                        fast,
                        slow,
                        &format!("{:?} place {place} rate {rate}", card.block(block)),
                    );
                    match slow {
                        Some(_) => offered += 1,
                        None => refused += 1,
                    }
                }
            }
        }
        (offered, refused)
    }
}

fn same(fast: Option<CardRow>, slow: Option<CardRow>, at: &str) {
    let (Some(a), Some(b)) = (fast, slow) else {
        assert_eq!(fast, slow, "{at}");
        return;
    };
    assert_eq!(
        CardRow {
            apr_e9: b.apr_e9,
            ..a
        },
        b,
        "{at}"
    );
    assert!(a.apr_e9.abs_diff(b.apr_e9) <= 1, "{at}: {a:?} {b:?}");
}

fn spec(places: Arc<[PlaceFacts]>, amounts: Vec<AmountOf>) -> CardSpec {
    CardSpec {
        template: scenario(),
        places,
        purposes: vec![
            Purpose::Purchase,
            Purpose::Refinance,
            Purpose::RefinanceCashOut,
        ],
        amounts,
        scores: vec![Some(745), Some(662), None],
        products: Vec::new(),
        lock_days: 30,
        points: None,
    }
}

/// Loan amounts that differ from place to place.
fn spread(places: &[PlaceFacts]) -> Arc<[Cents]> {
    let amount = |at: usize| i64::try_from((at * 7_919 + 13) % 900).unwrap() * 100_000 + 4_500_000;
    (0..places.len()).map(amount).map(Cents::new).collect()
}

#[test]
fn a_big_card_is_what_the_scalar_functions_say() {
    let fixture = Fixture::big(7, 12, 40);
    let places = places(701);
    let loans = spread(&places);
    let mixed: Arc<[Cents]> = (0..places.len())
        .map(|at| Cents::new(loans[at].get() * 100 / i64::try_from(58 + at % 43).unwrap()))
        .collect();
    let amounts = vec![
        AmountOf::per_place_at_ltv(Arc::clone(&loans), pct("95")).unwrap(),
        AmountOf::PerPlace {
            loan_amounts: loans,
            home_prices: mixed,
        },
        AmountOf::at_ltv(dollars(412_345), pct("80")).unwrap(),
    ];
    let spec = Arc::new(spec(places, amounts));
    let card = Compiled::compile(&fixture.book, &fixture.rules(), spec).unwrap();
    let (offered, refused) = fixture.compare(&card, Machine::one_core(), 7);
    assert!(offered > 3_000 && refused > 1_000, "{offered} {refused}");
    assert_eq!(card.report().slow_rates, 0);
}

#[test]
fn answers_do_not_depend_on_machine_range_or_threads() {
    let fixture = Fixture::big(3, 5, 20);
    let places = places(199);
    let amounts = vec![AmountOf::per_place_at_ltv(spread(&places), pct("90")).unwrap()];
    let spec = Arc::new(spec(places, amounts));
    let card = Compiled::compile(&fixture.book, &fixture.rules(), spec).unwrap();
    let machine = Machine::one_core();
    let (mut whole, mut part) = (Columns::default(), Columns::default());
    for block in 0..card.blocks().len() {
        card.price_block(block, 0..usize::MAX, machine, &mut whole);
        for range in [0..1, 17..101, 180..10_000] {
            card.price_block(block, range, machine.portable(), &mut part);
            for place in part.places() {
                for rate in 0..part.rates() {
                    assert_eq!(part.row(rate, place), whole.row(rate, place));
                }
            }
        }
    }
    let blocks = card.blocks().len();
    let seen = std::sync::Mutex::new(vec![None; blocks]);
    let threads = Machine::with_threads(NonZeroUsize::new(3).unwrap());
    card.price_all(0..blocks, threads, |block, columns| {
        seen.lock().unwrap()[block] = columns.row(0, 3);
    });
    for (block, seen) in seen.into_inner().unwrap().into_iter().enumerate() {
        card.price_block(block, 0..9, machine, &mut part);
        assert_eq!(seen, part.row(0, 3));
    }
}

/// FHA's limits, conditions on a score that is not known, and caps of groups that nothing is counted
/// for in most places.
#[test]
fn odd_conditions_are_what_the_scalar_functions_say() {
    use crate::catalogue::{Adjustment, Cap, Effect, Eligibility};
    use crate::when::{Selector, When};
    let (mut catalogue, sheets) = crate::demo::big::big_catalogue(11, 6, 12);
    let low = When {
        score: Some(Step {
            at_least: None,
            below: Some(700),
        }),
        ..When::default()
    };
    let rule = |when: When, require: When| Eligibility {
        name: "odd".to_owned(),
        products: Selector::default(),
        when,
        require,
        days: None,
    };
    let within = When {
        within_fha_limit: Some(true),
        ..When::default()
    };
    let fixed_or_scored = When {
        score: low.score,
        within_fha_limit: Some(false),
        ..When::default()
    };
    catalogue.eligibility.push(rule(low.clone(), within));
    let codes = vec![catalogue.products[0].code.clone()];
    let mut scored = rule(When::default(), low.clone());
    scored.products.codes = codes;
    catalogue.eligibility.push(scored);
    let adjustment = |when: When, points: &str| Adjustment {
        name: "odd".to_owned(),
        group: Some("odd".to_owned()),
        products: Selector::default(),
        when,
        effect: Effect::Flat(pct(points)),
        days: None,
    };
    catalogue.adjustments.push(adjustment(low, "-0.375"));
    catalogue
        .adjustments
        .push(adjustment(fixed_or_scored, "0.125"));
    catalogue.caps.push(Cap {
        group: "odd".to_owned(),
        products: Selector::default(),
        when: When::default(),
        min: Some(pct("-0.2")),
        max: Some(pct("-0.1")),
        days: None,
    });
    let fixture = Fixture::new(catalogue, &sheets);
    let places = places(307);
    let loans: Arc<[Cents]> = (0..places.len())
        .map(|at| dollars(i64::try_from(300_000 + at % 900 * 1_000).unwrap()))
        .collect();
    let amounts = vec![AmountOf::per_place_at_ltv(loans, pct("75")).unwrap()];
    let spec = Arc::new(spec(places, amounts));
    let card = Compiled::compile(&fixture.book, &fixture.rules(), spec).unwrap();
    let (offered, refused) = fixture.compare(&card, Machine::one_core(), 3);
    assert!(offered > 1_000 && refused > 1_000, "{offered} {refused}");
}
