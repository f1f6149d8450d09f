//! Any text as one of the tables of the rule book; the first line names the table.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lintel_engine::date::Date;
use lintel_rule_book::RuleBook;

fuzz_target!(|input: &str| {
    let (name, text) = input.split_once('\n').unwrap_or((input, ""));
    match RuleBook::with_file(name, text) {
        // Looking up must not panic either, whatever the editions are.
        Ok(book) => {
            for day in ["1900-01-01", "2026-11-21", "2200-12-31"] {
                let day = Date::parse_iso(day).expect("a date");
                let _ = book.quote_tables(day);
            }
        }
        Err(error) => assert!(error.what.chars().count() <= 501),
    }
});
