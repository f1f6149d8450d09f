//! The examples of the manual are read like any other file.

use lintel_pricing::catalogue::validate::validate_sheets;
use lintel_pricing::codec::sheet::read_sheets;
use lintel_pricing::codec::{Level, Part, Parts, load, part_from_csv};

const MANUAL: &str = include_str!("../../../../../docs/catalogue.md");

/// The fenced blocks whose first line is like `toml fees`: language, name and text.
fn blocks() -> Vec<(&'static str, &'static str, &'static str)> {
    let pieces = MANUAL.split("\n```").skip(1).step_by(2);
    let named = pieces.filter_map(|piece| {
        let (head, text) = piece.split_once('\n')?;
        let (language, name) = head.split_once(' ')?;
        Some((language, name, text))
    });
    named.collect()
}

#[test]
fn every_example_is_read_and_sound() {
    let blocks = blocks();
    let toml = blocks.iter().filter(|(language, ..)| *language == "toml");
    let parts: Parts = toml
        .map(|(_, name, text)| (Part::parse(name).unwrap(), format!("{text}\n")))
        .collect();
    assert_eq!(parts.len(), Part::ALL.len());
    let loaded = load(&parts).unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(loaded.warnings, []);
    let mut sheets = 0;
    for (_, name, text) in blocks.iter().filter(|(language, ..)| *language == "csv") {
        match Part::parse(name) {
            Some(part) => {
                part_from_csv(part, text).unwrap_or_else(|found| panic!("{found:#?}"));
            }
            None => {
                let read = read_sheets(text).unwrap_or_else(|found| panic!("{found:#?}"));
                let found = validate_sheets(&loaded.catalogue, &read);
                assert!(found.iter().all(|f| f.level == Level::Warning), "{found:?}");
                sheets += 1;
            }
        }
    }
    assert_eq!((sheets, blocks.len()), (1, 11));
}

#[test]
fn every_key_is_in_the_manual() {
    let mut keys = std::collections::BTreeSet::new();
    let texts = lintel_pricing::codec::write(
        &lintel_pricing::codec::parse(&lintel_pricing::demo::parts()).unwrap(),
    );
    let lines = texts.values().flat_map(|text| text.lines());
    for line in lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
        let Some((key, _)) = line.split_once(" = ") else {
            continue;
        };
        let key = key
            .split('.')
            .find(|part| !["products", "when", "require"].contains(part));
        keys.extend(key.map(str::to_owned));
    }
    assert!(keys.len() > 40);
    for key in keys {
        let is_told = [format!("`{key}"), format!("\n{key} = ")];
        assert!(is_told.iter().any(|told| MANUAL.contains(told)), "{key}");
    }
}
