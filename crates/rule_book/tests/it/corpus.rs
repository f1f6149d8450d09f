//! Replays the corpus of the fuzz targets in `fuzz/`, and the inputs that once failed, through the
//! same entry points, so that it stays alive without the nightly compiler.

use std::fs;
use std::path::Path;

use lintel_engine::date::Date;
use lintel_rule_book::RuleBook;
use lintel_rule_book::import::{Kind, run};

fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut inputs = Vec::new();
    for kind in ["corpus", "regressions"] {
        let Ok(entries) = fs::read_dir(root.join(kind).join(target)) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.path().display().to_string();
            inputs.push((name, fs::read(entry.path()).unwrap()));
        }
    }
    assert!(!inputs.is_empty(), "no corpus of {target}");
    inputs
}

/// What a fuzz target of an importer asserts: what was accepted changes nothing the second time.
fn replay(target: &str, kinds: &[Kind]) {
    let today = Date::parse_iso("2026-11-21").unwrap();
    let mut accepted = 0;
    for (name, input) in inputs(target) {
        for kind in kinds {
            let Ok(first) = run(*kind, &input, None, today, &mut |_| {}) else {
                continue;
            };
            accepted += 1;
            let again = run(*kind, &input, Some(&first.text), today, &mut |_| {});
            let again = again.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(again.text, first.text, "{name}");
            assert_eq!(
                (again.summary.added, again.summary.changed),
                (0, 0),
                "{name}"
            );
        }
    }
    assert!(accepted > 0, "no input of {target} is accepted");
}

/// As the fuzz target: the first byte chooses the kind, and a zero byte parts the file the table
/// was made of from the one imported on top of it.
#[test]
fn import_apor() {
    let today = Date::parse_iso("2026-11-21").unwrap();
    let (mut accepted, mut on_top) = (0, 0);
    for (name, input) in inputs("import_apor") {
        let Some((first, rest)) = input.split_first() else {
            continue;
        };
        let kind = if first % 2 == 0 {
            Kind::AporFixed
        } else {
            Kind::AporAdjustable
        };
        let import = |input: &[u8], existing: Option<&str>| {
            run(kind, input, existing, today, &mut |_| {}).map(|import| import.text)
        };
        let mut parts = rest.splitn(2, |byte| *byte == 0);
        let new = parts.next().unwrap_or_default();
        let old = parts.next().and_then(|old| import(old, None).ok());
        let Ok(text) = import(new, old.as_deref()) else {
            continue;
        };
        accepted += 1;
        on_top += usize::from(old.is_some());
        assert_eq!(import(new, Some(&text)), Ok(text.clone()), "{name}");
    }
    assert!(accepted > 0 && on_top > 0, "{accepted} {on_top}");
}

#[test]
fn import_county_limits() {
    replay("import_county_limits", &[Kind::CountyLimits { year: 2026 }]);
}

#[test]
fn import_euribor() {
    replay("import_euribor", &[Kind::Euribor]);
}

#[test]
fn rule_book_file() {
    let mut accepted = 0;
    for (name, input) in inputs("rule_book_file") {
        let text = String::from_utf8_lossy(&input);
        let (file, text) = text.split_once('\n').unwrap_or((&text, ""));
        match RuleBook::with_file(file, text) {
            Ok(book) => {
                accepted += usize::from(book.strangers().is_empty());
                let _ = book.quote_tables(Date::FIRST);
            }
            Err(error) => assert!(error.what.chars().count() <= 501, "{name}"),
        }
    }
    assert!(accepted > 0, "no file of the corpus is accepted");
}
