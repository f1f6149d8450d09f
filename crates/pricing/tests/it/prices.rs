//! How a price comes about, by hand.

use lintel_engine::rate::Pct;
use lintel_pricing::book::PointsWanted;
use lintel_pricing::catalogue::{Cap, Margin};
use lintel_pricing::price::PriceRequest;
use lintel_pricing::priced::PricedRow;
use lintel_pricing::when::{Selector, When};

use crate::world::*;

fn cap(group: &str, min: Option<&str>, max: Option<&str>) -> Cap {
    Cap {
        group: group.to_owned(),
        products: Selector::default(),
        when: When::default(),
        min: min.map(pct),
        max: max.map(pct),
        days: None,
    }
}

fn margin(name: &str, points: &str) -> Margin {
    Margin {
        name: name.to_owned(),
        products: Selector::default(),
        when: When::default(),
        price: pct(points),
        days: None,
    }
}

fn rows(book: &lintel_pricing::book::Book, request: &PriceRequest) -> Vec<(String, u32, String)> {
    let tables = Tables::new();
    let priced = book.price(&scenario(), request, &tables.rules()).unwrap();
    let of = |row: &PricedRow| {
        (
            row.note_rate.to_string(),
            row.lock_days,
            row.price.to_fixed(3),
        )
    };
    let products = priced.products.iter();
    products.flat_map(|p| p.rows.iter().map(of)).collect()
}

/// 100.250 on the sheet; score 750 and LTV 80.00 are in the last row and the second column: −0.875;
/// both of the group "llpa" make −0.875 − 0.750 = −1.625, capped at −1.500: +0.125; state +0.05;
/// margin −0.25. 100.250 − 0.875 − 0.750 + 0.05 + 0.125 − 0.25 = 98.550.
#[test]
fn adjustments_caps_and_margins_add_up() {
    let book = conv30(&sheet(&[(30, "6.125", "100.250")]), |catalogue| {
        let cells = [
            "-3", "-3.5", "-4", "-1", "-1.5", "-2", "-0.5", "-0.875", "-1",
        ];
        let mut condo = flat("Condo", Some("llpa"), "-0.25");
        condo.when.property_kinds = vec![lintel_domain::scenario::PropertyKind::Condominium];
        let mut state = flat("California", None, "0.05");
        state.when.states = vec![lintel_pricing::scenario::StateCode::parse("ca").unwrap()];
        catalogue.adjustments = vec![
            score_grid("Purchase grid", Some("llpa"), cells.map(Some)),
            flat("First loan", Some("llpa"), "-0.75"),
            condo,
            state,
        ];
        catalogue.caps = vec![
            cap("other", None, Some("0")),
            cap("llpa", Some("-1.5"), None),
        ];
        catalogue.margins = vec![margin("Retail margin", "-0.25")];
    });
    let priced = price(&book, &scenario());
    let row = &priced.products[0].rows[0];
    assert_eq!(row.price.to_fixed(3), "98.550");
    assert_eq!(row.points.to_fixed(3), "1.450");
    assert_eq!(row.points_amount, cents("5800"));
    let explanation = priced.products[0].explanation.as_ref().unwrap();
    let steps: Vec<String> = explanation
        .steps
        .iter()
        .map(|s| {
            let (change, price) = (s.change.to_fixed(3), s.price.to_fixed(3));
            format!("{} | {} | {change} | {price}", s.name, s.detail)
        })
        .collect();
    assert_eq!(
        steps,
        [
            "Purchase grid | score 750, LTV 80.00 | -0.875 | 99.375",
            "First loan | flat | -0.750 | 98.625",
            "California | flat | 0.050 | 98.675",
            "Cap of llpa | sum -1.625 held at -1.500 | 0.125 | 98.800",
            "Retail margin | margin | -0.250 | 98.550",
        ]
    );
    assert_eq!(explanation.base_price, pct("100.25"));
    assert_eq!(explanation.final_price, pct("98.55"));
}

/// 104.1234 is cut to 103.5; 99.98765 is rounded to 99.988; 94.9994 to 94.999, below 95.
#[test]
fn a_price_is_cut_rounded_and_held_to_its_least() {
    let rows_of = |price: &str| {
        let book = conv30(&sheet(&[(30, "6.125", price)]), |catalogue| {
            catalogue.products[0].max_price = Some(pct("103.5"));
            catalogue.products[0].min_price = Some(pct("95"));
        });
        (price.to_owned(), book)
    };
    for (price, expected) in [
        ("104.1234", Some("103.500")),
        ("99.98765", Some("99.988")),
        ("99.9875", Some("99.988")),
        ("94.9995", Some("95.000")),
        ("94.9994", None),
    ] {
        let (_, book) = rows_of(price);
        let found = rows(&book, &PriceRequest::default());
        assert_eq!(found.first().map(|row| row.2.as_str()), expected, "{price}");
    }
    let (_, book) = rows_of("94.9994");
    assert_eq!(reasons(&book, &scenario()), ["no price of 95.000 or more"]);
    let (_, book) = rows_of("104.1234");
    let priced = price(&book, &scenario());
    let steps = &priced.products[0].explanation.as_ref().unwrap().steps;
    assert_eq!(steps[0].detail, "cut to 103.500");
    assert_eq!(steps[0].change, pct("-0.6234"));
}

/// 15 days are shorter than asked for; 75 days are not offered by the product; of 30 and 45 days at
/// 6.125 the dearer sheet price wins, of 45 and 60 days at 6.25, equal, the shorter lock.
#[test]
fn the_best_lock_is_taken_and_of_equals_the_shorter() {
    let rates = sheet(&[
        (15, "6.125", "101"),
        (30, "6.125", "99.9"),
        (30, "6.250", "100.2"),
        (45, "6.125", "100.1"),
        (45, "6.250", "100.4"),
        (60, "6.250", "100.4"),
        (75, "6.125", "105"),
    ]);
    let book = conv30(&rates, |_| {});
    let all = |rate: &str, lock, price: &str| (rate.to_owned(), lock, price.to_owned());
    assert_eq!(
        rows(&book, &PriceRequest::default()),
        [all("6.125", 45, "100.100"), all("6.25", 45, "100.400")]
    );
    let of_lock = PriceRequest {
        lock_days: 46,
        ..PriceRequest::default()
    };
    assert_eq!(rows(&book, &of_lock), [all("6.25", 60, "100.400")]);
    // −0.2 points at most: 100.4 is out, and 30 days have the next best price of 6.25.
    let of_points = PriceRequest {
        points: Some(PointsWanted {
            low: pct("-0.2"),
            high: pct("0.1"),
        }),
        ..PriceRequest::default()
    };
    assert_eq!(
        rows(&book, &of_points),
        [all("6.125", 45, "100.100"), all("6.25", 30, "100.200")]
    );
    let nearest = PriceRequest {
        best_match: true,
        ..PriceRequest::default()
    };
    assert_eq!(rows(&book, &nearest), [all("6.125", 45, "100.100")]);
    let none = PriceRequest {
        points: Some(PointsWanted {
            low: pct("5"),
            high: pct("6"),
        }),
        explain: true,
        ..PriceRequest::default()
    };
    let tables = Tables::new();
    let priced = book.price(&scenario(), &none, &tables.rules()).unwrap();
    assert_eq!(
        priced.refused[0].reasons,
        ["no price with points from 5.000 to 6.000"]
    );
}

/// 99.75 and 100.25 are equally far from par: the lower rate is taken.
#[test]
fn of_two_rows_equally_near_par_the_lower_rate_is_the_best_match() {
    let book = conv30(
        &sheet(&[(30, "6", "99.75"), (30, "6.125", "100.25")]),
        |_| {},
    );
    let nearest = PriceRequest {
        best_match: true,
        ..PriceRequest::default()
    };
    assert_eq!(rows(&book, &nearest)[0].0, "6");
}

/// 7 % is nearest par, but 2,661.21 a month is more than 45 % of 5,500 (2,475.00); 2,398.20 at 6 % is not.
/// Of 6 %, the dearer price of the 45 days' lock is the one that is offered.
#[test]
fn the_best_match_is_one_the_income_carries() {
    let rates = sheet(&[(30, "6", "100.5"), (45, "6", "100.625"), (30, "7", "100")]);
    let book = conv30(&rates, |catalogue| {
        let require = When {
            dti: Some(lintel_engine::bands::Band {
                over: None,
                up_to: Some(pct("45")),
            }),
            ..When::default()
        };
        catalogue.eligibility = vec![rule("", When::default(), require)];
    });
    let nearest = PriceRequest {
        best_match: true,
        ..PriceRequest::default()
    };
    let tables = Tables::new();
    let mut search = scenario();
    search.monthly_income = Some(cents("5500"));
    let offered = |search: &lintel_pricing::scenario::Scenario| {
        let priced = book.price(search, &nearest, &tables.rules()).unwrap();
        let row = &priced.products[0].rows[0];
        (row.note_rate.to_string(), row.lock_days)
    };
    assert_eq!(offered(&search), ("6".to_owned(), 45));
    search.monthly_income = Some(cents("6000"));
    assert_eq!(offered(&search), ("7".to_owned(), 30));
}

#[test]
fn an_adjustment_may_look_at_the_lock() {
    let rates = sheet(&[(30, "6", "100"), (60, "6", "100")]);
    let book = conv30(&rates, |catalogue| {
        let mut long = flat("Long lock", None, "0.3");
        long.when.lock_days = Some(lintel_engine::bands::Band {
            over: Some(45),
            up_to: None,
        });
        catalogue.adjustments = vec![long];
    });
    let request = PriceRequest::default();
    assert_eq!(
        rows(&book, &request)[0],
        ("6".to_owned(), 60, "100.300".to_owned())
    );
}

#[test]
fn a_search_without_a_score_is_in_the_lowest_band() {
    let cells = [
        "-3", "-3.5", "-4", "-1", "-1.5", "-2", "-0.5", "-0.875", "-1",
    ];
    let book = conv30(&sheet(&[(30, "6", "104")]), |catalogue| {
        catalogue.adjustments = vec![score_grid("Grid", None, cells.map(Some))];
    });
    let mut search = scenario();
    for (score, price_of) in [
        (None, "100.500"),
        (Some(699), "100.500"),
        (Some(700), "102.500"),
        (Some(740), "103.125"),
    ] {
        search.score = score;
        let priced = price(&book, &search);
        assert_eq!(priced.products[0].rows[0].price.to_fixed(3), price_of);
    }
}

#[test]
fn the_first_cap_that_matches_holds_whatever_the_order_of_adjustments() {
    let adjusted = |reverse: bool| {
        conv30(&sheet(&[(30, "6", "100")]), |catalogue| {
            let mut both = vec![flat("A", Some("g"), "-1.25"), flat("B", Some("g"), "-1")];
            if reverse {
                both.reverse();
            }
            catalogue.adjustments = both;
            let mut elsewhere = cap("g", Some("0"), None);
            elsewhere.when.states = vec![lintel_pricing::scenario::StateCode::parse("NY").unwrap()];
            let (first, second) = (cap("g", Some("-2"), None), cap("g", Some("-1"), None));
            catalogue.caps = vec![elsewhere, first, second];
        })
    };
    for reverse in [false, true] {
        let found = rows(&adjusted(reverse), &PriceRequest::default());
        assert_eq!(found[0].2, "98.000");
    }
}

/// A least charge of a quarter point for fees of a group: only where one of them is charged.
#[test]
fn a_cap_does_nothing_where_no_adjustment_of_its_group_holds() {
    let with = |state: &str| {
        conv30(&sheet(&[(30, "6", "100")]), |catalogue| {
            let mut one = flat("A", Some("g"), "-0.125");
            one.when.states = vec![lintel_pricing::scenario::StateCode::parse(state).unwrap()];
            catalogue.adjustments = vec![one];
            catalogue.caps = vec![cap("g", None, Some("-0.25"))];
        })
    };
    let request = PriceRequest::default();
    assert_eq!(rows(&with("CA"), &request)[0].2, "99.750");
    assert_eq!(rows(&with("NY"), &request)[0].2, "100.000");
}

#[test]
fn sums_that_cannot_be_held_refuse_the_product() {
    let book = conv30(&sheet(&[(30, "6", "100")]), |catalogue| {
        let huge = Pct::MAX.to_string();
        catalogue.adjustments = vec![flat("A", None, &huge), flat("B", None, &huge)];
    });
    assert_eq!(
        reasons(&book, &scenario()),
        ["price adjustments are larger than can be held"]
    );
}

#[test]
fn other_sheets_make_another_book_and_leave_the_old_one() {
    let before = conv30(&sheet(&[(30, "6", "100")]), |_| {});
    let newer = std::sync::Arc::new(sheet(&[(30, "6", "101")]));
    let sheets = std::collections::HashMap::from([("CONV30".to_owned(), newer)]);
    let after = before.with_sheets(&sheets);
    let request = PriceRequest::default();
    assert_eq!(rows(&before, &request)[0].2, "100.000");
    assert_eq!(rows(&after, &request)[0].2, "101.000");
    let gone = after.with_sheets(&std::collections::HashMap::new());
    assert_eq!(reasons(&gone, &scenario()), ["no rate sheet in force"]);
}
