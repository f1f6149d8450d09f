//! Any bytes as a published file: Euribor series. What is accepted is read back, and imported once more on
//! top of itself it changes nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lintel_engine::date::Date;
use lintel_rule_book::import::{self, Kind};

fuzz_target!(|input: &[u8]| {
    let today = Date::parse_iso("2026-11-21").expect("a date");
    let kind = Kind::Euribor;
    let Ok(first) = import::run(kind, input, None, today, &mut |_| {}) else {
        return;
    };
    let again = import::run(kind, input, Some(&first.text), today, &mut |_| {});
    let again = again.expect("the same file on top of itself");
    assert_eq!(again.text, first.text);
    assert_eq!((again.summary.added, again.summary.changed), (0, 0));
});
