//! Whatever a catalogue holds, its texts say it: reading what was written gives it back.

use lintel_domain::fee::{FinanceChargeRule, LeSection};
use lintel_domain::id::PublicId;
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::product::{ArmFeatures, ArmIndex, ProductTerms, RateKind};
use lintel_domain::scenario::{Employment, Flag, LimitClass, PropertyKind};
use lintel_engine::bands::{Band, Effective, Step};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow;
use lintel_places::{CountyFips, Zip};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use super::only;
use lintel_pricing::catalogue::{
    Adjustment, Axis, AxisOf, Cap, Catalogue, Effect, Eligibility, Estimate, EstimateOf, Fee,
    FeeAmount, FeeTier, Grid, Margin, MiCard, PerOf, Product, fee_type,
};
use lintel_pricing::codec::{
    Part, grid_from_csv, grid_to_csv, parse, part_from_csv, part_to_csv, write, write_part,
};
use lintel_pricing::scenario::StateCode;
use lintel_pricing::when::{Days, Selector, When};

fn text() -> impl Strategy<Value = String> {
    "[A-Za-z0-9'\"\\\\#=.,;:é€ -]{1,20}".prop_map(|text| {
        let text = text.trim();
        if text.is_empty() {
            "x".to_owned()
        } else {
            text.to_owned()
        }
    })
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3).prop_map(|mut texts| {
        texts.sort_by_key(|text| text.to_ascii_lowercase());
        texts.dedup_by_key(|text| text.to_ascii_lowercase());
        texts
    })
}

fn some_of<W: Copy + std::fmt::Debug + Ord + 'static>(
    all: &'static [W],
) -> impl Strategy<Value = Vec<W>> {
    btree_set(proptest::sample::select(all), 0..3).prop_map(|set| set.into_iter().collect())
}

fn points(most: i64) -> impl Strategy<Value = Pct> {
    let most = most * Pct::SCALE;
    (-most..=most).prop_map(Pct::new)
}

fn dollars() -> impl Strategy<Value = Cents> {
    (0..=1_000_000_000_000_i64).prop_map(Cents::new)
}

fn band<T: Copy + Ord + std::fmt::Debug>(
    of: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Option<Band<T>>> {
    (option::of(of.clone()), option::of(of)).prop_map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) if a == b => None,
        (Some(a), Some(b)) => Some(Band {
            over: Some(a.min(b)),
            up_to: Some(a.max(b)),
        }),
        (None, None) => None,
        (over, up_to) => Some(Band { over, up_to }),
    })
}

fn step(most: u32) -> impl Strategy<Value = Option<Step<u32>>> {
    let ends = (option::of(0..=most), option::of(1..=most + 1));
    ends.prop_map(|(at_least, below)| match (at_least, below) {
        (None, None) => None,
        (Some(least), Some(below)) if least >= below => Some(Step {
            at_least: None,
            below: Some(below),
        }),
        (at_least, below) => Some(Step { at_least, below }),
    })
}

/// Bands of scores that have nothing in common, not necessarily all.
fn score_bands() -> impl Strategy<Value = Vec<Step<u32>>> {
    btree_set(1_u32..=999, 0..4)
        .prop_map(|edges| {
            let edges: Vec<Option<u32>> = edges.into_iter().map(Some).collect();
            let lower = std::iter::once(None).chain(edges.clone());
            let upper = edges.clone().into_iter().chain(std::iter::once(None));
            lower
                .zip(upper)
                .map(|(at_least, below)| Step { at_least, below })
                .collect::<Vec<_>>()
        })
        .prop_shuffle()
}

fn ratio() -> impl Strategy<Value = Option<Band<Pct>>> {
    band((0..=1_000_000_000_000_i64).prop_map(Pct::new))
}

fn states() -> impl Strategy<Value = Vec<StateCode>> {
    btree_set(0..lintel_places::states().len(), 0..3).prop_map(|at| {
        let states = at.into_iter().map(|at| lintel_places::states()[at].code);
        states.map(|code| StateCode::parse(code).unwrap()).collect()
    })
}

fn zips() -> impl Strategy<Value = Vec<(Zip, Zip)>> {
    btree_set((0_u32..100_000, 0_u32..100_000), 0..3).prop_map(|pairs| {
        let zip = |number| Zip::try_new(number).unwrap();
        pairs
            .into_iter()
            .map(|(a, b)| (zip(a.min(b)), zip(a.max(b))))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect()
    })
}

fn counties() -> impl Strategy<Value = Vec<CountyFips>> {
    let some = proptest::sample::select(vec![1001_u32, 6059, 36061, 48453]);
    btree_set(some, 0..3).prop_map(|set| set.into_iter().filter_map(CountyFips::try_new).collect())
}

fn days() -> impl Strategy<Value = Days> {
    let day = (1_i8..=28).prop_map(|day| Date::new(2026, 3, day).unwrap());
    option::of((option::of(day.clone()), option::of(day))).prop_map(|days| match days {
        Some((Some(from), to)) => Some(Effective {
            from,
            to: to.filter(|to| *to >= from),
        }),
        Some((None, Some(to))) => Some(Effective {
            from: Date::FIRST,
            to: Some(to),
        }),
        Some((None, None)) | None => None,
    })
}

fn selector() -> impl Strategy<Value = Selector> {
    let flags = (
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
    );
    (
        texts(),
        some_of(Program::ALL),
        texts(),
        flags,
        band(1_u32..=600),
    )
        .prop_map(
            |(
                codes,
                programs,
                families,
                (adjustable, interest_only, lender_paid_mi),
                term_months,
            )| Selector {
                codes,
                programs,
                families,
                adjustable,
                interest_only,
                lender_paid_mi,
                term_months,
            },
        )
}

fn when() -> impl Strategy<Value = When> {
    let who = (
        some_of(Purpose::ALL),
        some_of(Occupancy::ALL),
        some_of(PropertyKind::ALL),
        some_of(Employment::ALL),
    );
    let place = (
        states(),
        states(),
        counties(),
        zips(),
        (some_of(LimitClass::ALL), any::<Option<bool>>()),
    );
    let ratios = (ratio(), ratio(), ratio(), ratio(), band(dollars().boxed()));
    let numbers = (step(999), step(4), band(1_u32..=730), step(1_000));
    let words = (texts(), texts(), texts(), texts());
    let flags = btree_map(proptest::sample::select(Flag::ALL), any::<bool>(), 0..3);
    let criteria = btree_map(
        "[A-Za-z][A-Za-z. -]{0,8}[A-Za-z]",
        vec("[a-z]{1,4};?[a-z]", 1..2),
        0..2,
    );
    (who, place, ratios, numbers, words, flags, criteria).prop_map(
        |(who, place, ratios, numbers, words, flags, criteria)| When {
            purposes: who.0,
            occupancies: who.1,
            property_kinds: who.2,
            employments: who.3,
            states: place.0,
            not_states: place.1,
            counties: place.2,
            zips: place.3,
            limits: place.4.0,
            within_fha_limit: place.4.1,
            ltv: ratios.0,
            cltv: ratios.1,
            hcltv: ratios.2,
            dti: ratios.3,
            loan_amount: ratios.4,
            score: numbers.0,
            units: numbers.1,
            lock_days: numbers.2,
            homes_owned: numbers.3,
            documentations: words.0,
            channels: words.1,
            sub_channels: words.2,
            branches: words.3,
            flags: flags.into_iter().collect(),
            criteria: criteria.into_iter().collect(),
        },
    )
}

fn axis(of: AxisOf) -> impl Strategy<Value = Axis> {
    let most: i64 = match of {
        AxisOf::Score => 999,
        AxisOf::TermMonths => 600,
        AxisOf::LockDays => 730,
        AxisOf::Ltv | AxisOf::Cltv | AxisOf::Hcltv | AxisOf::LoanAmount => 1_000_000_000_000,
    };
    btree_set(0..=most, 0..4).prop_map(move |edges| Axis {
        of,
        edges: edges.into_iter().collect(),
    })
}

fn grid() -> impl Strategy<Value = Grid> {
    let all = vec![
        AxisOf::Score,
        AxisOf::Ltv,
        AxisOf::Cltv,
        AxisOf::Hcltv,
        AxisOf::LoanAmount,
        AxisOf::LockDays,
        AxisOf::TermMonths,
    ];
    let pair = (
        proptest::sample::subsequence(all, 2).prop_shuffle(),
        any::<bool>(),
    );
    pair.prop_flat_map(|(of, is_wide)| {
        let across = if is_wide {
            axis(of[1]).prop_map(Some).boxed()
        } else {
            Just(None).boxed()
        };
        (axis(of[0]), across)
    })
    .prop_flat_map(|(rows, columns)| {
        let width = columns.as_ref().map_or(1, |axis| axis.edges.len() + 1);
        let cells = vec(option::of(points(100)), (rows.edges.len() + 1) * width);
        (Just(rows), Just(columns), cells)
    })
    .prop_map(|(rows, columns, cells)| Grid {
        rows,
        columns,
        cells,
    })
}

fn terms() -> impl Strategy<Value = ProductTerms> {
    let arm = option::of((
        proptest::sample::select(ArmIndex::ALL),
        points(25),
        1_u32..60,
        0_i64..=25,
        1_u32..=12,
    ));
    (
        proptest::sample::select(Program::ALL),
        60_u32..=600,
        0_u32..60,
        any::<bool>(),
        arm,
    )
        .prop_map(
            |(program, term, interest_only, lender_paid_mi, arm)| ProductTerms {
                program,
                term_months: term,
                amortization_months: (term + interest_only).min(600),
                interest_only_months: interest_only,
                lender_paid_mi,
                rate_kind: arm.map_or(RateKind::Fixed, |(index, margin, first, cap, every)| {
                    let cap = Pct::new(cap * Pct::SCALE);
                    RateKind::Adjustable(ArmFeatures {
                        index,
                        margin,
                        first_adjustment_months: first,
                        first_cap: cap,
                        adjustment_months: every,
                        periodic_cap: cap,
                        lifetime_cap: cap,
                    })
                }),
            },
        )
}

fn product() -> impl Strategy<Value = Product> {
    let names = (
        "[A-Z0-9 -]{0,8}[A-Z]",
        text(),
        any::<bool>(),
        texts(),
        texts(),
    );
    let locks = btree_set(1_u32..=730, 0..4).prop_map(|set| set.into_iter().collect());
    let price = option::of((1_i64..=200_000_000_000).prop_map(Pct::new));
    (
        names,
        terms(),
        locks,
        (price.clone(), price),
        any::<bool>(),
        days(),
    )
        .prop_map(
            |(
                (code, name, has_id, families, channels),
                terms,
                lock_days,
                (a, b),
                is_watchable,
                days,
            )| Product {
                code: code.trim().to_owned(),
                public_id: has_id.then(|| PublicId::parse("ABCD1234").unwrap()),
                name,
                terms,
                families,
                lock_days,
                channels,
                min_price: a.map(|a| b.map_or(a, |b| a.min(b))),
                max_price: b.map(|b| a.map_or(b, |a| a.max(b))),
                is_watchable,
                days,
            },
        )
}

fn fee() -> impl Strategy<Value = Fee> {
    let of = proptest::sample::select(vec![PerOf::Loan, PerOf::Price]);
    let rate = (0_i64..=100_000_000_000).prop_map(Pct::new);
    let tiers = (
        btree_set(1_i64..1_000_000_000, 0..3),
        vec((dollars(), rate.clone()), 4),
        any::<bool>(),
    )
        .prop_map(|(edges, parts, is_open)| {
            let edges: Vec<Cents> = edges.into_iter().map(Cents::new).collect();
            let count = edges.len() + usize::from(is_open || edges.is_empty());
            let tier = |at: usize| FeeTier {
                band: Band {
                    over: at.checked_sub(1).map(|below| edges[below]),
                    up_to: edges.get(at).copied(),
                },
                flat: parts[at].0,
                rate: parts[at].1,
            };
            (0..count).map(tier).collect::<Vec<_>>()
        });
    let amount = prop_oneof![
        dollars().prop_map(FeeAmount::Flat),
        (rate, of.clone()).prop_map(|(rate, of)| FeeAmount::Percent { rate, of }),
        (of, tiers).prop_map(|(of, tiers)| FeeAmount::Tiered { of, tiers }),
        (0_u32..=62).prop_map(FeeAmount::InterestDays),
        (0_u32..=24).prop_map(FeeAmount::TaxMonths),
        (0_u32..=24).prop_map(FeeAmount::InsuranceMonths),
    ];
    let kinds: Vec<&str> = fee_type::all().collect();
    let names = (
        text(),
        proptest::sample::select(kinds),
        option::of(text()),
        option::of(text()),
    );
    let facts = (
        0_i64..=1_000_000,
        proptest::sample::select(LeSection::ALL),
        proptest::sample::select(FinanceChargeRule::ALL),
    );
    (
        names,
        facts,
        amount,
        (option::of(dollars()), option::of(dollars())),
        (selector(), when(), days()),
    )
        .prop_map(
            |(
                (name, kind, other, reason),
                (position, section, rule),
                amount,
                (a, b),
                (products, when, days),
            )| Fee {
                position,
                name,
                mismo_type: kind.to_owned(),
                mismo_type_other: other,
                section,
                amount,
                min: a.map(|a| b.map_or(a, |b| a.min(b))),
                max: b.map(|b| a.map_or(b, |a| a.max(b))),
                finance_charge: rule,
                reason,
                products,
                when,
                days,
            },
        )
}

fn card() -> impl Strategy<Value = MiCard> {
    let row = (
        ratio(),
        any::<proptest::sample::Index>(),
        band(1_u32..=600),
        0_i64..=100,
        0_i64..=20_000_000_000,
    );
    // A row again gives lines with more than one cell.
    let rows = (score_bands(), vec((row, 1_usize..3), 1..4)).prop_map(|(scores, rows)| {
        let again = rows.into_iter().flat_map(|(row, times)| {
            let (ltv, score, term, coverage, annual) = row;
            let row = CardRow {
                ltv: ltv.unwrap_or(Band::ALL),
                score: *score.get(&scores),
                term_months: term.unwrap_or(Band::ALL),
                coverage: Pct::new(coverage * Pct::SCALE),
                annual: Pct::new(annual),
            };
            std::iter::repeat_n(row, times)
        });
        again.collect::<Vec<_>>()
    });
    let adjusters = vec((when(), points(20)), 0..3);
    (text(), selector(), when(), rows, adjusters, days()).prop_map(
        |(name, products, when, rows, adjusters, days)| MiCard {
            name,
            products,
            when,
            rows,
            adjusters,
            days,
        },
    )
}

fn rules() -> impl Strategy<Value = Catalogue> {
    let common = || (text(), selector(), when(), days());
    let eligibility =
        (common(), when()).prop_map(|((name, products, when, days), require)| Eligibility {
            name,
            products,
            when,
            require,
            days,
        });
    let effect = prop_oneof![
        points(100).prop_map(Effect::Flat),
        grid().prop_map(Effect::Grid)
    ];
    let adjustment = (common(), option::of(text()), effect).prop_map(
        |((name, products, when, days), group, effect)| Adjustment {
            name,
            group,
            products,
            when,
            effect,
            days,
        },
    );
    let cap = (common(), points(100), points(100), 0..3).prop_map(
        |((group, products, when, days), a, b, which)| Cap {
            group,
            products,
            when,
            min: (which != 1).then_some(a.min(b)),
            max: (which != 2).then_some(a.max(b)),
            days,
        },
    );
    let margin = (common(), points(100)).prop_map(|((name, products, when, days), price)| Margin {
        name,
        products,
        when,
        price,
        days,
    });
    let lists = (
        vec(eligibility, 0..2),
        vec(adjustment, 0..3),
        vec(cap, 0..2),
        vec(margin, 0..2),
    );
    lists.prop_map(|(eligibility, adjustments, caps, margins)| Catalogue {
        eligibility,
        adjustments,
        caps,
        margins,
        ..Catalogue::default()
    })
}

fn charges() -> impl Strategy<Value = Catalogue> {
    let of = proptest::sample::select(vec![EstimateOf::PropertyTax, EstimateOf::Insurance]);
    let place = (states(), counties());
    let estimate = (of, place, 0_i64..=100_000_000_000, dollars(), days()).prop_map(
        |(of, (states, counties), rate, flat, days)| Estimate {
            of,
            state: states.first().copied(),
            county: counties.first().copied(),
            rate: Pct::new(rate),
            flat,
            days,
        },
    );
    (vec(fee(), 0..3), vec(estimate, 0..3), vec(card(), 0..2)).prop_map(
        |(fees, estimates, mi_cards)| Catalogue {
            fees,
            estimates,
            mi_cards,
            ..Catalogue::default()
        },
    )
}

fn survives(catalogue: &Catalogue) -> Result<(), TestCaseError> {
    let texts = write(catalogue);
    let again =
        parse(&texts).map_err(|found| TestCaseError::fail(format!("{found:#?}\n{texts:#?}")))?;
    prop_assert_eq!(&again, catalogue);
    prop_assert_eq!(write(&again), texts);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn products_survive_their_text(products in vec(product(), 0..4)) {
        survives(&Catalogue { products, ..Catalogue::default() })?;
    }

    #[test]
    fn rules_survive_their_text(catalogue in rules()) {
        survives(&catalogue)?;
    }

    #[test]
    fn charges_survive_their_text(catalogue in charges()) {
        survives(&catalogue)?;
        for part in [Part::Fees, Part::Estimates] {
            if let Some(csv) = part_to_csv(&catalogue, part) {
                prop_assert_eq!(part_from_csv(part, &csv), Ok(write_part(&catalogue, part)), "{}", csv);
            }
        }
    }

    #[test]
    fn grids_survive_their_csv(grid in grid()) {
        prop_assert_eq!(grid_from_csv(&grid_to_csv(&grid)), Ok(grid));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "(\\[\\[(fee|rule|card)\\]\\]|[a-z.]{1,9} ?= ?|\"[^\"]{0,5}\"|[0-9.e-]{1,5}|[\\[\\]{},\n#]){0,30}") {
        for part in Part::ALL {
            let _ = only(part, &text);
        }
        let _ = lintel_pricing::codec::sheet::read_sheets(&text);
        let _ = part_from_csv(Part::Fees, &text);
        let _ = grid_from_csv(&text);
    }
}
