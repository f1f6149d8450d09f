//! Any bytes as a published file: average prime offer rates. The first byte chooses the kind; a zero
//! byte, which no published file may have, parts the file to import from the one the table there is
//! was made of. What is accepted is read back, and imported once more on top of itself it changes
//! nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lintel_engine::date::Date;
use lintel_rule_book::import::{self, Import, Kind};

fuzz_target!(|input: &[u8]| {
    let today = Date::parse_iso("2026-11-21").expect("a date");
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let kind = if first % 2 == 0 {
        Kind::AporFixed
    } else {
        Kind::AporAdjustable
    };
    let import = |input: &[u8], existing: Option<&Import>| {
        let existing = existing.map(|import| import.text.as_str());
        import::run(kind, input, existing, today, &mut |_| {})
    };
    let mut parts = rest.splitn(2, |byte| *byte == 0);
    let new = parts.next().unwrap_or_default();
    let old = parts.next().and_then(|old| import(old, None).ok());
    let Ok(imported) = import(new, old.as_ref()) else {
        return;
    };
    let again = import(new, Some(&imported)).expect("the same file on top of itself");
    assert_eq!(again.text, imported.text);
    assert_eq!((again.summary.added, again.summary.changed), (0, 0));
});
