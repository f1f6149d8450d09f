//! The lists worked out once for a book give what a look at every rule gives.

use std::collections::BTreeMap;

use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_engine::bands::Band;
use lintel_engine::money::Rounding;
use lintel_engine::rate::Pct;
use lintel_pricing::book::Book;
use lintel_pricing::catalogue::{Adjustment, Cap, Catalogue, Effect, Margin, Product};
use lintel_pricing::price::{Net, PriceRequest, is_eligible, net_adjustment};
use lintel_pricing::scenario::{Scenario, StateCode};
use lintel_pricing::when::{Facts, Selector, When, in_force};
use proptest::prelude::*;

use crate::world::*;

const CODES: [&str; 3] = ["CONV30", "CONV15", "FHA30"];
const GROUPS: [&str; 2] = ["llpa", "other"];

fn selector() -> impl Strategy<Value = Selector> {
    let codes = proptest::sample::subsequence(CODES.to_vec(), 0..=2);
    let programs = proptest::sample::subsequence(vec![Program::Conventional, Program::Fha], 0..=1);
    let terms = proptest::option::of(0_u32..400);
    (codes, programs, terms).prop_map(|(codes, programs, over)| Selector {
        codes: codes.into_iter().map(str::to_owned).collect(),
        programs,
        term_months: over.map(|over| Band {
            over: Some(over),
            up_to: None,
        }),
        ..Selector::default()
    })
}

fn when() -> impl Strategy<Value = When> {
    let states = proptest::sample::subsequence(vec!["CA", "NY"], 0..=2);
    let purposes =
        proptest::sample::subsequence(vec![Purpose::Purchase, Purpose::Refinance], 0..=2);
    let ltv = proptest::option::of(60_i64..100);
    let score = proptest::option::of(600_u32..780);
    let lock = proptest::option::of(20_u32..60);
    (states, purposes, ltv, score, lock).prop_map(|(states, purposes, ltv, score, lock)| When {
        states: states.into_iter().filter_map(StateCode::parse).collect(),
        purposes,
        ltv: ltv.map(|ltv| Band {
            over: None,
            up_to: Some(Pct::new(ltv * Pct::SCALE)),
        }),
        score: score.and_then(at_least),
        lock_days: lock.map(|over| Band {
            over: Some(over),
            up_to: None,
        }),
        ..When::default()
    })
}

fn points() -> impl Strategy<Value = Pct> {
    (-3000_i64..3000).prop_map(|thousandths| Pct::new(thousandths * 1_000_000))
}

fn adjustment() -> impl Strategy<Value = Adjustment> {
    let group = proptest::option::of(proptest::sample::select(GROUPS.to_vec()));
    (selector(), when(), points(), group, any::<bool>()).prop_map(
        |(products, when, points, group, is_grid)| {
            let flat = flat("flat", group, "0");
            let (a, b) = (Some("-0.125"), Some("0.25"));
            let grid = score_grid("grid", group, [a, b, a, b, a, b, b, a, b]);
            Adjustment {
                products,
                when,
                effect: if is_grid {
                    grid.effect
                } else {
                    Effect::Flat(points)
                },
                ..flat
            }
        },
    )
}

fn cap() -> impl Strategy<Value = Cap> {
    let group = proptest::sample::select(GROUPS.to_vec());
    (selector(), when(), points(), points(), group).prop_map(|(products, when, a, b, group)| Cap {
        group: group.to_owned(),
        products,
        when,
        min: Some(a.min(b)),
        max: Some(a.max(b)),
        days: None,
    })
}

fn catalogue() -> impl Strategy<Value = Catalogue> {
    let adjustments = proptest::collection::vec(adjustment(), 0..12);
    let caps = proptest::collection::vec(cap(), 0..5);
    let margins = proptest::collection::vec((selector(), when(), points()), 0..4);
    let rules = proptest::collection::vec((selector(), when(), when()), 0..4);
    (adjustments, caps, margins, rules).prop_map(|(adjustments, caps, margins, rules)| {
        let margin = |(products, when, price)| Margin {
            name: "margin".to_owned(),
            products,
            when,
            price,
            days: None,
        };
        let eligibility = rules.into_iter().map(|(products, when, require)| {
            let mut made = rule("rule", when, require);
            made.products = products;
            made
        });
        Catalogue {
            products: vec![
                product(CODES[0], fixed(Program::Conventional, 360)),
                product(CODES[1], fixed(Program::Conventional, 180)),
                product(CODES[2], fixed(Program::Conventional, 360)),
            ],
            eligibility: eligibility.collect(),
            adjustments,
            caps,
            margins: margins.into_iter().map(margin).collect(),
            ..Catalogue::default()
        }
    })
}

fn search() -> impl Strategy<Value = Scenario> {
    let state = proptest::sample::select(vec!["CA", "NY", "TX"]);
    let purpose = proptest::sample::select(Purpose::ALL.to_vec());
    (state, purpose, 580_u32..800, 30_000_000_i64..40_000_000).prop_map(
        |(state, purpose, score, loan)| {
            let mut search = scenario();
            search.place.state = StateCode::parse(state);
            Scenario {
                purpose,
                score: Some(score),
                loan_amount: lintel_engine::money::Cents::new(loan),
                occupancy: Occupancy::PrimaryResidence,
                ..search
            }
        },
    )
}

/// Goes through every rule of the catalogue in one pass.
fn brute_net(catalogue: &Catalogue, product: &Product, facts: &Facts<'_>) -> i64 {
    let day = facts.scenario.day;
    let mut groups: BTreeMap<Option<&str>, i64> = BTreeMap::new();
    for one in &catalogue.adjustments {
        let is_for = one.products.matches(product) && one.when.holds(facts);
        if is_for && in_force(&one.days, day) {
            let points = match &one.effect {
                Effect::Flat(points) => *points,
                Effect::Grid(grid) => {
                    let (row, column) = grid.cell_of(facts, product.terms.term_months);
                    grid.at(row, column).unwrap()
                }
            };
            *groups.entry(one.group.as_deref()).or_default() += points.e9();
        }
    }
    let mut net = groups.remove(&None).unwrap_or_default();
    // Caps are for groups that something was counted for.
    for group in GROUPS {
        let Some(sum) = groups.remove(&Some(group)) else {
            continue;
        };
        let mut caps = catalogue.caps.iter();
        let cap = caps.find(|cap| {
            cap.group == group && cap.products.matches(product) && cap.when.holds(facts)
        });
        net += cap.map_or(sum, |cap| {
            sum.max(cap.min.unwrap().e9()).min(cap.max.unwrap().e9())
        });
    }
    let margins = catalogue.margins.iter();
    net + margins
        .filter(|one| one.products.matches(product) && one.when.holds(facts))
        .map(|one| one.price.e9())
        .sum::<i64>()
}

fn brute_eligible(catalogue: &Catalogue, product: &Product, facts: &Facts<'_>) -> bool {
    catalogue.eligibility.iter().all(|rule| {
        !rule.products.matches(product) || !rule.when.holds(facts) || rule.require.is_met(facts)
    })
}

fn rates() -> lintel_pricing::catalogue::Sheet {
    sheet(&[
        (30, "6", "99.123"),
        (30, "6.125", "99.5"),
        (45, "6", "99.1"),
        (45, "6.125", "99.625"),
        (60, "6", "99.2"),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn hoisted_lists_are_the_look_at_every_rule(catalogue in catalogue(), search in search()) {
        let rates = rates();
        let book = book(catalogue.clone(), &rates);
        let priced = price(&book, &search);
        let facts = Facts::try_of(&search).unwrap();
        for (index, product) in catalogue.products.iter().enumerate() {
            // Of each rate the best eligible lock, by a look at all rows.
            let mut best: BTreeMap<Pct, (Pct, std::cmp::Reverse<u32>)> = BTreeMap::new();
            for row in &rates.rows {
                let facts = facts.at_lock(row.lock_days);
                let net = brute_net(&catalogue, product, &facts);
                prop_assert_eq!(net_adjustment(&book, index, &facts), Net::Points(Pct::new(net)));
                let may = brute_eligible(&catalogue, product, &facts);
                prop_assert_eq!(is_eligible(&book, index, &facts), may);
                if may {
                    let price = Pct::new(row.price.e9() + net)
                        .round_to(pct("0.001"), Rounding::HalfUp)
                        .unwrap();
                    let this = (price, std::cmp::Reverse(row.lock_days));
                    let known = best.entry(row.note_rate).or_insert(this);
                    *known = (*known).max(this);
                }
            }
            let found = priced.products.iter().find(|p| p.product == index);
            let rows: Vec<_> = found
                .iter()
                .flat_map(|p| &p.rows)
                .map(|row| (row.note_rate, row.price, row.lock_days))
                .collect();
            let best: Vec<_> = best
                .into_iter()
                .map(|(rate, (price, lock))| (rate, price, lock.0))
                .collect();
            prop_assert_eq!(rows, best);
            prop_assert_eq!(found.is_some(), priced.refused.iter().all(|one| one.product != index));
        }
    }

    #[test]
    fn an_explanation_adds_up_to_the_price(catalogue in catalogue(), search in search()) {
        let book = book(catalogue, &rates());
        for product in price(&book, &search).products {
            let explanation = product.explanation.unwrap();
            let mut price = explanation.base_price.e9();
            for step in &explanation.steps {
                price += step.change.e9();
                prop_assert_eq!(step.price.e9(), price);
            }
            prop_assert_eq!(price, explanation.final_price.e9());
            prop_assert_eq!(explanation.final_price, product.rows[0].price);
            prop_assert_eq!(explanation.note_rate, product.rows[0].note_rate);
        }
    }

    #[test]
    fn the_order_of_adjustments_moves_no_price(catalogue in catalogue(), search in search()) {
        let mut turned = catalogue.clone();
        turned.adjustments.reverse();
        turned.margins.reverse();
        turned.eligibility.reverse();
        let tables = Tables::new();
        let request = PriceRequest::default();
        let of = |catalogue: Catalogue| {
            book(catalogue, &rates()).price(&search, &request, &tables.rules()).unwrap()
        };
        prop_assert_eq!(of(catalogue), of(turned));
    }

    #[test]
    fn the_best_match_is_the_nearest_of_all_rows(catalogue in catalogue(), search in search()) {
        let book: Book = book(catalogue, &rates());
        let tables = Tables::new();
        let all = book.price(&search, &PriceRequest::default(), &tables.rules()).unwrap();
        let request = PriceRequest { best_match: true, ..PriceRequest::default() };
        let nearest = book.price(&search, &request, &tables.rules()).unwrap();
        prop_assert_eq!(all.products.len(), nearest.products.len());
        for (all, one) in all.products.iter().zip(&nearest.products) {
            let best = all.rows.iter().min_by_key(|row| (row.points.e9().abs(), row.note_rate));
            prop_assert_eq!(best.into_iter().cloned().collect::<Vec<_>>(), one.rows.clone());
        }
    }
}
