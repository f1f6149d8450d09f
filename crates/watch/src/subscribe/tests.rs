//! Which names and rates are taken.

use lintel_domain::loan::Program;
use lintel_domain::product::{ProductTerms, RateKind};
use lintel_pricing::catalogue::{Catalogue, Product};

use super::*;

fn names() -> Names {
    let product = |name: &str, years: u32| Product {
        code: name.to_owned(),
        public_id: None,
        name: name.to_owned(),
        terms: ProductTerms {
            program: Program::Conventional,
            term_months: years * 12,
            amortization_months: years * 12,
            interest_only_months: 0,
            lender_paid_mi: false,
            rate_kind: RateKind::Fixed,
        },
        families: Vec::new(),
        lock_days: Vec::new(),
        channels: Vec::new(),
        min_price: None,
        max_price: None,
        is_watchable: true,
        days: None,
    };
    Names::of(&Catalogue {
        products: vec![product("Ten", 10), product("Fifteen", 15)],
        ..Catalogue::default()
    })
}

fn pct(thousandths: i64) -> Pct {
    Pct::new(thousandths * 1_000_000)
}

fn parts(result: Result<Vec<Watched>, Refusal>) -> Vec<WatchField> {
    let refusal = result.expect_err("refused");
    let mistakes = refusal.mistakes();
    mistakes
        .into_iter()
        .map(|(field, _)| match field {
            Field::RateWatch(part) => part,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn names_are_spelled_as_the_catalogue_has_them_and_kept_once() {
    let asked = Asked::Regular {
        frequency: Frequency::Daily,
        names: ["CONVENTIONAL 10 year fixed", "ten", "TEN ", "Fifteen"]
            .map(str::to_owned)
            .to_vec(),
    };
    let watched = watched(&names(), &asked).expect("taken");
    let spelled: Vec<&str> = watched.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(spelled, ["Conventional 10 Year Fixed", "Ten", "Fifteen"]);
}

#[test]
fn every_wrong_name_and_rate_is_named() {
    let asked = Asked::Regular {
        frequency: Frequency::Daily,
        names: ["Ten", "Twenty", ""].map(str::to_owned).to_vec(),
    };
    assert_eq!(
        parts(watched(&names(), &asked)),
        [
            WatchField::ProductName { place: 1 },
            WatchField::ProductName { place: 2 }
        ]
    );
    let target = |name: &str, rate| (name.to_owned(), pct(rate));
    let asked = Asked::Targets(vec![
        target("Ten", 4_000),
        target("Twenty", 4_000),
        target("ten", 3_500),
        target("Fifteen", 0),
        target("Fifteen", 26_000),
    ]);
    assert_eq!(
        parts(watched(&names(), &asked)),
        [
            WatchField::TargetProduct { place: 1 },
            WatchField::TargetRate { place: 2 },
            WatchField::TargetRate { place: 3 },
            WatchField::TargetRate { place: 4 },
            WatchField::TargetRate { place: 4 },
        ]
    );
}

#[test]
fn lists_are_neither_empty_nor_endless() {
    let regular = |count: usize| Asked::Regular {
        frequency: Frequency::Daily,
        names: vec!["Ten".to_owned(); count],
    };
    for count in [0, MAX_PRODUCTS + 1] {
        assert_eq!(
            parts(watched(&names(), &regular(count))),
            [WatchField::ProductNames]
        );
    }
    assert_eq!(
        watched(&names(), &regular(MAX_PRODUCTS))
            .expect("taken")
            .len(),
        1
    );
    let targets = Asked::Targets(vec![("Ten".to_owned(), pct(4_000)); MAX_PRODUCTS + 1]);
    assert_eq!(parts(watched(&names(), &targets)), [WatchField::Targets]);
}

#[test]
fn a_watch_is_not_over_before_its_first_mail() {
    let now = Instant::from_seconds(1_000_000);
    let next = now.plus_seconds(31 * 86_400);
    assert_eq!(expiry(WatchDuration::OneMonth, now, next), Some(next));
    assert_eq!(
        expiry(WatchDuration::SixMonths, now, next),
        Some(now.plus_seconds(15_552_000))
    );
    assert_eq!(expiry(WatchDuration::UntilCancel, now, next), None);
}
