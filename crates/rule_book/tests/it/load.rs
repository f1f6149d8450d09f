//! Loading: hostile files, misspelt names, a folder that is none.

use std::fs;

use lintel_engine::date::Date;
use lintel_rule_book::{Origin, RuleBook, Stranger};

const USDA: &str = "us/usda.toml";

#[test]
fn a_folder_that_is_none_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let missing = place.path().join("missing");
    assert!(RuleBook::load(Some(&missing)).is_err());
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(RuleBook::load(Some(&file)).is_err());
    assert!(RuleBook::load(Some(place.path())).is_ok());
}

#[test]
fn a_misspelt_name_is_told() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("us")).unwrap();
    fs::write(place.path().join("us/fhaa.toml"), "").unwrap();
    let book = RuleBook::load(Some(place.path())).unwrap();
    let file = |name: &str| Stranger::File(name.to_owned());
    assert_eq!(book.strangers(), [file("us/fhaa.toml")]);
    let book = RuleBook::with_file("us/x.toml", "").unwrap();
    assert_eq!(book.strangers(), [file("us/x.toml")]);
}

#[test]
fn hostile_texts_are_errors() {
    let head = "source = \"s\"\nchecked_on = \"2026-11-21\"\n";
    let edition = "[[edition]]\nfrom = \"2026-01-01\"\n";
    for text in [
        String::new(),
        "\u{feff}\u{0}".to_owned(),
        format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{}a = 1", "[a]\n".repeat(3)),
        format!("{} = 1", "a.".repeat(100_000) + "a"),
        format!("{head}edition = {{ from = {{ from = 1 }} }}"),
        format!("{head}{}", edition.repeat(1000)),
        format!("{head}{edition}from = \"2026-01-01\"\n"),
        format!("{head}{edition}colour = 1\n"),
        format!("{head}[[edition]]\nfrom = 2026-01-01\n"),
        format!("{head}[[edition]]\nfrom = \"9999-01-01\"\n"),
        format!("source = \"s\"\nchecked_on = \"soon\"\n{edition}"),
    ] {
        let start: String = text.chars().take(80).collect();
        let error = RuleBook::with_file(USDA, &text).expect_err(&start);
        assert_eq!(error.file, USDA);
        // A message is for a terminal, not a copy of the file.
        assert!(
            error.what.len() < 2000,
            "{} bytes for {start}",
            error.what.len()
        );
    }
}

#[test]
fn overlapping_editions_and_too_many_are_errors() {
    let text = include_str!("../../../../data/us/usda.toml");
    let (_, edition) = text.split_once("[[edition]]").unwrap();
    let twice = format!("{text}\n[[edition]]{edition}");
    let error = RuleBook::with_file(USDA, &twice).unwrap_err();
    assert!(error.what.contains("still in force"), "{error}");
    let many = format!("{text}{}", format!("\n[[edition]]{edition}").repeat(400));
    let error = RuleBook::with_file(USDA, &many).unwrap_err();
    assert!(error.what.contains("300 editions"), "{error}");
}

#[test]
fn index_values_may_have_an_edition_a_day_for_decades() {
    let index = "[[edition.index]]\nname = \"sofr_30_day_average\"\nvalue_percent = \"1.11\"\n";
    let mut text = "source = \"s\"\nchecked_on = \"2026-11-21\"\n".to_owned();
    let mut on = Date::parse_iso("2000-01-01").unwrap();
    for _ in 0..11_000 {
        text.push_str(&format!(
            "[[edition]]\nfrom = \"{on}\"\nto = \"{on}\"\n{index}"
        ));
        on = on.add_days(1).unwrap();
    }
    let book = RuleBook::with_file("us/arm_indices.toml", &text).unwrap();
    assert_eq!(book.us.arm_indices.editions().len(), 11_000);
    text.push_str(&format!("[[edition]]\nfrom = \"{on}\"\n{index}"));
    let error = RuleBook::with_file("us/arm_indices.toml", &text).unwrap_err();
    assert!(error.what.contains("11000 editions"), "{error}");
}

#[test]
fn a_replaced_table_says_where_it_comes_from() {
    let text = include_str!("../../../../data/us/usda.toml");
    let book = RuleBook::with_file(USDA, text).unwrap();
    for table in book.reports() {
        let replaced = table.file == USDA;
        assert_eq!(table.origin == Origin::Folder, replaced, "{}", table.file);
    }
}

#[test]
fn every_embedded_table_is_in_force_today() {
    let book = RuleBook::embedded().unwrap();
    let day = Date::parse_iso("2026-11-21").unwrap();
    for table in book
        .reports()
        .iter()
        .filter(|table| table.origin != Origin::Absent)
    {
        let mut editions = table.editions.iter();
        assert!(
            editions.any(|e| e.effective.contains(day)),
            "{}",
            table.file
        );
    }
}

#[test]
fn the_list_of_tables_is_complete() {
    let list = include_str!("../../../../data/README.md");
    let book = RuleBook::embedded().unwrap();
    for table in book.reports() {
        let (_, name) = table.file.split_once('/').unwrap();
        assert!(
            list.contains(&format!("| `{name}` |")),
            "data/README.md lacks {name}"
        );
    }
}
