//! That everything is told that stands against a product, and what an answer takes for granted.

use lintel_domain::loan::Program;
use lintel_domain::scenario::LimitClass;
use lintel_engine::bands::{Band, Step};
use lintel_engine::us::apor::{AporTable, AporWeek};
use lintel_engine::us::programs::va::{FundingFeeRow, VaPurpose, VaUse};
use lintel_pricing::catalogue::Catalogue;
use lintel_pricing::price::{AporTables, PriceRequest, Rules};
use lintel_pricing::scenario::Scenario;
use lintel_pricing::when::When;

use crate::world::*;

fn par() -> lintel_pricing::catalogue::Sheet {
    sheet(&[(30, "6.125", "100"), (60, "6.125", "99.5")])
}

/// A rule of the product, one of the only lock, two grids and the debt: each is told at once.
#[test]
fn a_refused_product_is_told_everything_at_once() {
    let blank = [None; 9];
    let of_debt = |dti: &str| When {
        dti: Some(Band {
            over: None,
            up_to: Some(pct(dti)),
        }),
        ..When::default()
    };
    let change = |catalogue: &mut Catalogue| {
        let by_lock = When {
            lock_days: Some(Band {
                over: None,
                up_to: Some(20),
            }),
            ..When::default()
        };
        catalogue.eligibility = vec![
            rule("Agency", When::default(), ltv_up_to("75")),
            rule("Short locks only", When::default(), by_lock),
            rule("Debts", When::default(), of_debt("50")),
        ];
        catalogue.adjustments = vec![
            score_grid("One", None, blank),
            score_grid("Two", None, blank),
        ];
    };
    let book = conv30(&sheet(&[(30, "6", "100"), (30, "6.125", "101")]), change);
    let search = Scenario {
        monthly_income: Some(cents("1000")),
        ..scenario()
    };
    let told = [
        "LTV 80.00 > 75.00 for agency",
        "not offered at score 750, LTV 80.00 (One)",
        "not offered at score 750, LTV 80.00 (Two)",
        "lock of 30 days > 20 for short locks only",
        "DTI 239.82 > 50.00 for debts",
    ];
    assert_eq!(reasons(&book, &search), told);
    // Nothing of it is put in words for who does not ask.
    let tables = Tables::new();
    let request = PriceRequest::default();
    let priced = book.price(&search, &request, &tables.rules()).unwrap();
    assert_eq!((priced.products, priced.refused), (vec![], vec![]));
    // What is only against some locks and rows is no reason while others are left.
    let book = conv30(
        &sheet(&[(15, "6", "100"), (30, "6.125", "100")]),
        |catalogue| {
            change(catalogue);
            catalogue.products[0].lock_days = Vec::new();
        },
    );
    let request = PriceRequest {
        lock_days: 15,
        explain: true,
        ..PriceRequest::default()
    };
    let rich = Scenario {
        monthly_income: Some(cents("100000")),
        ..scenario()
    };
    let priced = book.price(&rich, &request, &tables.rules()).unwrap();
    assert_eq!(priced.refused[0].reasons, told[..3]);
}

#[test]
fn a_refused_adjustable_product_without_an_index_is_told_both() {
    let mut other_index = arm(60);
    if let lintel_domain::product::RateKind::Adjustable(arm) = &mut other_index.rate_kind {
        arm.index = lintel_domain::product::ArmIndex::Libor;
    }
    let catalogue = Catalogue {
        products: vec![product("ARM5", other_index)],
        eligibility: vec![rule("", When::default(), ltv_up_to("75"))],
        ..Catalogue::default()
    };
    let priced = price(&book(catalogue, &par()), &scenario());
    assert_eq!(
        priced.refused[0].reasons,
        ["LTV 80.00 > 75.00", "no value of its index libor"]
    );
}

#[test]
fn a_product_of_other_days_says_which() {
    let days = |from: &str, to: Option<&str>| {
        Some(lintel_engine::bands::Effective {
            from: day(from),
            to: to.map(day),
        })
    };
    let of = |days| {
        let book = conv30(&par(), |catalogue| catalogue.products[0].days = days);
        reasons(&book, &scenario()).join("; ")
    };
    let later = of(days("2026-12-01", None));
    assert_eq!(later, "offered from 2026-12-01");
    let over = of(days("2026-01-01", Some("2026-11-20")));
    assert_eq!(over, "offered until 2026-11-20");
    let days = days("2026-12-01", None);
    let book = conv30(&par(), |catalogue| catalogue.products[0].days = days);
    let request = PriceRequest::default();
    let priced = book.price(&scenario(), &request, &Tables::new().rules());
    assert_eq!(priced.unwrap().refused, []);
}

#[test]
fn the_least_price_is_told_when_it_took_the_wanted_points() {
    let rates = sheet(&[(30, "6", "96"), (30, "6.5", "99")]);
    let book = conv30(&rates, |catalogue| {
        catalogue.products[0].min_price = Some(pct("97"));
    });
    let tables = Tables::new();
    let told = |low: &str, high: &str| {
        let request = PriceRequest {
            points: Some(lintel_pricing::book::PointsWanted {
                low: pct(low),
                high: pct(high),
            }),
            explain: true,
            ..PriceRequest::default()
        };
        let priced = book.price(&scenario(), &request, &tables.rules()).unwrap();
        priced.refused[0].reasons.join("; ")
    };
    let least = "no price of 97.000 or more with points from 3.500 to 5.000";
    assert_eq!(told("3.5", "5"), least);
    assert_eq!(
        told("7", "8"),
        "no price with points from 7.000 to 8.000",
        "no row has such points"
    );
}

/// What is for low scores is for an unknown one; what a rule asks of a score it does not meet.
#[test]
fn an_unknown_score_is_a_low_one_in_conditions() {
    let below = |score| {
        Some(Step {
            at_least: None,
            below: Some(score),
        })
    };
    let book = conv30(&par(), |catalogue| {
        let low = When {
            score: below(680),
            ..When::default()
        };
        let high = When {
            score: at_least(680),
            ..When::default()
        };
        let mut dear = flat("Low score", None, "-1");
        dear.when = low.clone();
        let mut cheap = flat("High score", None, "0.5");
        cheap.when = high;
        catalogue.adjustments = vec![dear, cheap];
        catalogue.eligibility = vec![rule("Low scores", low, ltv_up_to("80"))];
    });
    for (score, first) in [
        (None, "99.000"),
        (Some(600), "99.000"),
        (Some(680), "100.500"),
    ] {
        let search = Scenario {
            score,
            ..scenario()
        };
        let priced = price(&book, &search);
        assert_eq!(priced.products[0].rows[0].price.to_fixed(3), first);
    }
    let search = Scenario {
        score: None,
        ..borrowing("410000")
    };
    assert_eq!(
        reasons(&book, &search),
        ["LTV 82.00 > 80.00 for low scores"]
    );
    let book = conv30(&par(), |catalogue| {
        let low = When {
            score: below(680),
            ..When::default()
        };
        catalogue.eligibility = vec![rule("", When::default(), low)];
    });
    let search = Scenario {
        score: None,
        ..scenario()
    };
    assert_eq!(reasons(&book, &search), ["score not known"]);
}

#[test]
fn without_a_list_of_counties_no_limit_is_called_the_countys() {
    let mut search = Scenario {
        home_price: cents("3000000"),
        ..borrowing("900000")
    };
    let offered = |limits: Vec<LimitClass>| {
        conv30(&par(), |catalogue| {
            let require = When {
                limits,
                ..When::default()
            };
            catalogue.eligibility = vec![rule("", When::default(), require)];
        })
    };
    let both = offered(vec![LimitClass::Conforming, LimitClass::HighBalance]);
    assert_eq!(price(&both, &search).notices.len(), 1, "only the APOR");
    search.place.has_county_list = false;
    search.place.county_limits = search.place.baseline_limits;
    let priced = price(&both, &search);
    assert_eq!(
        priced.refused[0].reasons,
        ["loan amount 900,000.00 > limit 832,750.00 (no county list is loaded)"]
    );
    assert_eq!(
        priced.notices,
        [
            "No list of county loan limits is loaded: 832,750.00 counts as the conforming limit here, which is too low where homes are costly."
        ]
    );
    search.loan_amount = cents("832750");
    assert_eq!(price(&both, &search).notices.len(), 1, "only the APOR");
    search.loan_amount = cents("900000");
    search.place.has_county_list = true;
    search.place.county = None;
    assert_eq!(
        reasons(&both, &search),
        ["loan amount 900,000.00 > limit 832,750.00 (county not known)"]
    );
}

#[test]
fn fha_loans_are_held_against_fhas_limit() {
    let within = |wanted: bool| {
        let catalogue = Catalogue {
            products: vec![product("FHA30", fixed(Program::Fha, 360))],
            eligibility: vec![rule(
                "FHA loans",
                When::default(),
                When {
                    within_fha_limit: Some(wanted),
                    ..When::default()
                },
            )],
            ..Catalogue::default()
        };
        book(catalogue, &par())
    };
    let tables = Tables::with_programmes();
    let request = PriceRequest {
        explain: true,
        ..PriceRequest::default()
    };
    let ask = |book: &lintel_pricing::book::Book, loan: &str, units: u32| {
        let search = Scenario {
            home_price: cents("1500000"),
            units,
            ..borrowing(loan)
        };
        book.price(&search, &request, &tables.rules()).unwrap()
    };
    let notice = "FHA's limits of the counties cannot be loaded so far: 541,287.00 counts as FHA's limit here, which is too low where homes are costly.";
    let fits = ask(&within(true), "541287", 1);
    assert_eq!(fits.products.len(), 1);
    assert!(!fits.notices.contains(&notice.to_owned()));
    let over = ask(&within(true), "541287.01", 1);
    assert_eq!(
        over.refused[0].reasons,
        ["loan amount 541,287.01 > FHA limit 541,287.00 for FHA loans"]
    );
    assert_eq!(over.notices, [notice]);
    assert_eq!(ask(&within(true), "541287.01", 2).products.len(), 1);
    let other = ask(&within(false), "541287", 1);
    assert_eq!(
        other.refused[0].reasons,
        ["loan amount 541,287.00 <= FHA limit 541,287.00 for FHA loans"]
    );
}

/// 2.15 % of 400,000 is 8,600, of a later use 3.3 % is 13,200; the same for both at five percent down.
#[test]
fn vas_funding_fee_is_that_of_the_use_stated() {
    let mut tables = Tables::with_programmes();
    let row = |entitlement_use, at_least, below, fee| FundingFeeRow {
        purpose: VaPurpose::Purchase,
        entitlement_use,
        down_payment: Step { at_least, below },
        fee: pct(fee),
    };
    tables.quote.va_funding_fee = vec![
        row(Some(VaUse::First), None, Some(pct("5")), "2.15"),
        row(Some(VaUse::Later), None, Some(pct("5")), "3.3"),
        row(None, Some(pct("5")), None, "1.5"),
    ];
    let catalogue = Catalogue {
        products: vec![product("VA30", fixed(Program::Va, 360))],
        ..Catalogue::default()
    };
    let book = book(catalogue, &par());
    let ask = |price: &str, criteria: &[(&str, &str)]| {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let search = Scenario {
            home_price: cents(price),
            criteria: criteria.iter().map(owned).collect(),
            ..scenario()
        };
        let request = PriceRequest::default();
        let priced = book.price(&search, &request, &tables.rules()).unwrap();
        let fees = &priced.products[0].rows[0].fees;
        let fee = fees.iter().find(|fee| fee.mismo_type == "VAFundingFee");
        let is_told = |notice: &String| notice.starts_with("VA's funding fee is that of a first");
        let told = priced.notices.iter().any(is_told);
        (fee.map(|fee| fee.amount), told)
    };
    let (first, later) = (Some(cents("8600")), Some(cents("13200")));
    assert_eq!(ask("400000", &[]), (first, true));
    assert_eq!(ask("400000", &[("VAUse", "twice")]), (first, true));
    assert_eq!(ask("400000", &[("VAUse", "First")]), (first, false));
    assert_eq!(ask("400000", &[("vause", "subsequent")]), (later, false));
    assert_eq!(ask("400000", &[("VAExempt", "1")]), (None, false));
    assert_eq!(ask("400000", &[("VAExempt", "0")]), (first, true));
    let same = Some(cents("6000"));
    assert_eq!(ask("500000", &[("VAUse", "Subsequent")]), (same, false));
    assert_eq!(ask("500000", &[]), (same, false), "it is the same for both");
}

/// Without a table, without a figure for the term, and without a spread: three things to say.
#[test]
fn why_it_is_not_known_whether_a_loan_is_higher_priced() {
    let rates = |rate: Option<&str>| {
        let week = AporWeek {
            from: day("2026-11-16"),
            rates: vec![rate.map(pct); 50],
        };
        AporTable::try_new(vec![week]).unwrap()
    };
    let (known, unknown) = (rates(Some("6")), rates(None));
    let tables = Tables::new();
    let book = conv30(&par(), |_| {});
    let told = |rules: Rules<'_>| {
        let request = PriceRequest::default();
        book.price(&scenario(), &request, &rules).unwrap().notices
    };
    let with = |table| {
        Some(AporTables {
            fixed: table,
            adjustable: table,
        })
    };
    let rules = tables.rules();
    let said = |what: &str| vec![format!("It is not known whether {what}")];
    assert_eq!(
        told(rules),
        said("loans are higher-priced: no average prime offer rate is loaded for the day.")
    );
    let no_term = Rules {
        apor: with(&unknown),
        ..rules
    };
    assert_eq!(
        told(no_term),
        said(
            "some loans are higher-priced: the average prime offer rates have no figure for their term."
        )
    );
    let no_spread = Rules {
        apor: with(&known),
        hpml: &[],
        ..rules
    };
    assert_eq!(
        told(no_spread),
        said(
            "some loans are higher-priced: no spread over the average prime offer rate is in force for them."
        )
    );
    assert_eq!(
        told(Rules {
            apor: with(&known),
            ..rules
        }),
        Vec::<String>::new()
    );
}
