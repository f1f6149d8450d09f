//! Whatever text is accepted, its canonical form says the same: what is stored can be read.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::only;
use lintel_pricing::codec::{Part, parse, part_from_csv, part_to_csv, write};

/// A number around the bounds of what it stands for.
fn number(most: u32) -> impl Strategy<Value = String> {
    let near = vec![0, 1, 2, most / 2, most - 1, most, most + 1];
    let whole = prop_oneof![proptest::sample::select(near), 0..=most];
    (
        whole,
        proptest::sample::select(vec!["", "", "", "", "", ".0", ".01"]),
    )
        .prop_map(|(whole, rest)| format!("{whole}{rest}"))
}

/// A range in any spelling, some of them wrong.
fn range(most: u32) -> impl Strategy<Value = String> {
    let first = (
        proptest::sample::select(vec!["over", "at_least"]),
        number(most),
    );
    let last = (
        proptest::sample::select(vec!["up_to", "below"]),
        number(most),
    );
    let table = (option::of(first), option::of(last)).prop_map(|(first, last)| {
        let ends = [first, last].into_iter().flatten();
        let ends: Vec<String> = ends.map(|(end, at)| format!("{end} = {at}")).collect();
        format!("{{ {} }}", ends.join(", "))
    });
    prop_oneof![4 => table, 1 => number(most)]
}

/// Conditions, each a line, under `when` or `require`.
fn conditions(table: &'static str) -> impl Strategy<Value = String> {
    let ranges = vec![
        ("ltv", 1_000),
        ("cltv", 1_000),
        ("score", 999),
        ("units", 4),
        ("lock_days", 730),
        ("homes_owned", 1_000),
        ("loan_amount", 4_000_000),
    ];
    let ranged = proptest::sample::select(ranges);
    let ranged =
        ranged.prop_flat_map(|(key, most)| range(most).prop_map(move |r| format!("{key} = {r}")));
    let other = proptest::sample::select(vec![
        "states = \"ca\"",
        "states = [\"NY\", \"TX\"]",
        "zips = [\"10001..10001\", \"90001..90099\"]",
        "flags = { flip = true, streamline = false }",
        "criteria = { \"a b\" = \"x\", c = [\"=1\", \"-\"] }",
        "channels = [\"+Retail\", \"'@x\"]",
        "within_fha_limit = true",
        "documentations = 5",
    ]);
    let line = prop_oneof![4 => ranged, 1 => other.prop_map(str::to_owned)];
    vec(line, 0..3).prop_map(move |lines| {
        let lines = lines.iter().map(|line| format!("{table}.{line}\n"));
        lines.collect::<String>()
    })
}

fn terms() -> impl Strategy<Value = String> {
    let key = proptest::sample::select(vec![("term_months", 600), ("term_years", 50)]);
    option::of(key.prop_flat_map(|(key, most)| {
        range(most).prop_map(move |range| format!("products.{key} = {range}\n"))
    }))
    .prop_map(Option::unwrap_or_default)
}

fn days() -> impl Strategy<Value = String> {
    let day =
        proptest::sample::select(vec!["0001-01-01", "1900-01-01", "2026-02-28", "9999-12-31"]);
    (option::of(day.clone()), option::of(day)).prop_map(|(from, to)| {
        let from = from.map_or_else(String::new, |day| format!("from = \"{day}\"\n"));
        from + &to.map_or_else(String::new, |day| format!("to = \"{day}\"\n"))
    })
}

fn score_label() -> impl Strategy<Value = String> {
    let of = |label: &'static str| Just(label.to_owned());
    prop_oneof![
        of("all"),
        number(999).prop_map(|n| format!("{n}+")),
        number(999).prop_map(|n| format!("<{n}")),
        (number(999), number(999)).prop_map(|(a, b)| format!("{a}-{b}")),
        of("<620"),
        of("620-699"),
        of("700-759"),
        of("760-999"),
        of("760+"),
    ]
}

fn cards() -> impl Strategy<Value = String> {
    let lines = (1_usize..4).prop_flat_map(|width| {
        let cell = proptest::sample::select(vec!["-", "-", "0.5", "0", "20"]);
        let ends =
            proptest::sample::select(vec!["80,90,,", ",80,240,", "80,,,600", ",,0,1", "80,90,,"]);
        let line = (ends, vec(cell, width))
            .prop_map(|(ends, cells)| format!("{ends},25,{}\n", cells.join(",")));
        (vec(score_label(), width), vec(line, 1..5))
    });
    (lines, conditions("when"), days()).prop_map(|((labels, lines), when, days)| {
        let head = "ltv_over,ltv_up_to,term_over,term_up_to,coverage";
        let cells = format!("{head},{}\n{}", labels.join(","), lines.concat());
        format!("[[card]]\nname = \"c\"\ncells = \"\"\"\n{cells}\"\"\"\n{when}{days}")
    })
}

fn fees() -> impl Strategy<Value = String> {
    let tier = (range(1_000_000), number(500), option::of(number(100))).prop_map(
        |(range, amount, percent)| {
            let range = range.trim_matches(['{', '}', ' ']).to_owned();
            let percent = percent.map_or_else(String::new, |p| format!(", percent = {p}"));
            let comma = if range.is_empty() { "" } else { ", " };
            format!("{{ {range}{comma}amount = {amount}{percent} }}")
        },
    );
    let amount = prop_oneof![
        number(1_000).prop_map(|n| format!("amount = {n}")),
        number(100).prop_map(|n| format!("percent = {n}")),
        vec(tier, 1..3).prop_map(|tiers| format!("tiers = [{}]", tiers.join(", "))),
        Just("tiers = \"up to 5: 1; over 5: 0 + 1%\"".to_owned()),
        Just("tiers = \"all: 2%\"".to_owned()),
        number(62).prop_map(|n| format!("interest_days = {n}")),
    ];
    let name = proptest::sample::select(vec![
        "Plain", "=1+1", "'=1+1", "''-", "-5", "'-5", "@a", "+", "a;b", "＝x", "#5", "'x'",
    ]);
    (name, amount, conditions("when"), terms(), days()).prop_map(
        |(name, amount, when, terms, days)| {
            let kind = "type = \"SurveyFee\"";
            format!("[[fee]]\nname = \"{name}\"\n{kind}\n{amount}\n{when}{terms}{days}")
        },
    )
}

fn rules() -> impl Strategy<Value = String> {
    (conditions("when"), conditions("require"), terms(), days()).prop_map(
        |(when, require, terms, days)| {
            let require = if require.is_empty() {
                "require = {}\n".to_owned()
            } else {
                require
            };
            format!("[[rule]]\nname = \"r\"\n{when}{require}{terms}{days}")
        },
    )
}

/// Whether the text is accepted; when it is, its canonical form must be too, as the same catalogue.
fn survives(part: Part, text: &str) -> Result<bool, TestCaseError> {
    let Ok(catalogue) = only(part, text) else {
        return Ok(false);
    };
    let texts = write(&catalogue);
    let again = parse(&texts)
        .map_err(|found| TestCaseError::fail(format!("{text}\n{found:#?}\n{}", texts[&part])))?;
    prop_assert_eq!(&again, &catalogue, "{}\n{}", text, &texts[&part]);
    prop_assert_eq!(write(&again), texts.clone());
    if let Some(csv) = part_to_csv(&catalogue, part) {
        let again = part_from_csv(part, &csv);
        prop_assert_eq!(again.as_ref(), Ok(&texts[&part]), "{}", csv);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn rules_that_are_accepted_come_back(text in rules()) {
        survives(Part::Eligibility, &text)?;
    }

    #[test]
    fn fees_that_are_accepted_come_back(text in fees()) {
        survives(Part::Fees, &text)?;
    }

    #[test]
    fn cards_that_are_accepted_come_back(text in cards()) {
        survives(Part::MiCards, &text)?;
    }
}

#[test]
fn ends_at_the_most_there_is_come_back() {
    for range in [
        "units = { at_least = 2, up_to = 4 }",
        "units = { below = 5 }",
        "units = 4",
        "score = { at_least = 740, up_to = 999 }",
        "score = { at_least = 999 }",
        "score = { at_least = 740, below = 741 }",
        "homes_owned = { up_to = 1000 }",
        "homes_owned = 1000",
        "lock_days = { over = 730 }",
        "lock_days = { below = 731 }",
        "ltv = { over = 1000 }",
        "loan_amount = { over = 10000000000 }",
    ] {
        let text = format!("[[rule]]\nname = \"r\"\nrequire.{range}\n");
        assert!(survives(Part::Eligibility, &text).unwrap(), "{range}");
    }
    for range in [
        "score = { over = 999 }",
        "units = { over = 4 }",
        "units = { below = 6 }",
    ] {
        let text = format!("[[rule]]\nname = \"r\"\nrequire.{range}\n");
        assert!(only(Part::Eligibility, &text).is_err(), "{range}");
    }
    let text = "[[rule]]\nname = \"r\"\nrequire = {}\nfrom = \"1900-01-01\"\n";
    assert!(survives(Part::Eligibility, text).unwrap());
}

#[test]
fn a_card_is_written_in_as_few_lines_as_it_was_read() {
    let head = "ltv_over,ltv_up_to,term_over,term_up_to,coverage,760+,700-759,<700\n";
    let lines: String = (0..998)
        .map(|n| {
            format!(
                "{n},{},,,25,{},0.5,0.6\n",
                n + 1,
                if n == 0 { "-" } else { "0.4" }
            )
        })
        .collect();
    for head in [
        head.to_owned(),
        head.replace("760+,700-759,<700", "<700,760+,700-759"),
    ] {
        let text = format!("[[card]]\nname = \"c\"\ncells = \"\"\"\n{head}{lines}\"\"\"\n");
        assert!(survives(Part::MiCards, &text).unwrap());
    }
}
