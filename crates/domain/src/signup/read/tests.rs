//! How single values of a sign-up are read.

use super::*;

fn today() -> Date {
    Date::new(2026, 11, 21).expect("a day")
}

#[test]
fn what_does_not_show_is_taken_out() {
    for (said, kept) in [
        ("  Ann\u{0}  Marie\t\n ", Some("Ann Marie")),
        ("\u{202E}evil\u{202C}", Some("evil")),
        ("A\u{200B}n\u{FEFF}n", Some("Ann")),
        ("Zoë 🏡", Some("Zoë 🏡")),
        ("👩\u{200D}👧", Some("👩\u{200D}👧")),
        (
            "<script>alert(1)</script>",
            Some("<script>alert(1)</script>"),
        ),
        ("محمد", Some("محمد")),
        ("\u{0}\u{1}\u{7F}", None),
        ("\u{200D}", None),
        ("\u{2066}\u{2069} \u{3164}", None),
        ("", None),
    ] {
        assert_eq!(clean(said).as_deref(), kept, "{said:?}");
    }
    assert_eq!(clean(&"x".repeat(RAW_MAX + 1)), None);
}

#[test]
fn days_and_ages() {
    let born = |text: &str| birth_date(text, today()).map(month_first);
    for (text, read) in [
        ("01/15/1980", Some("01/15/1980")),
        ("1/5/1980", Some("01/05/1980")),
        ("01-15-1980", Some("01/15/1980")),
        ("1980-01-15", Some("01/15/1980")),
        ("11/21/2008", Some("11/21/2008")),
        ("11/22/2008", None),
        ("11/21/1906", Some("11/21/1906")),
        ("11/21/1905", None),
        ("02/30/1980", None),
        ("02/29/1980", Some("02/29/1980")),
        ("13/01/1980", None),
        ("00/00/0000", None),
        ("01/15/80", None),
        ("01/15/1980/1", None),
        ("+1/15/1980", None),
        ("1/15/-980", None),
        ("15.01.1980", None),
        ("1999-99-99", None),
        ("2030-01-01", None),
        ("tomorrow", None),
    ] {
        assert_eq!(born(text).as_deref(), read, "{text}");
    }
}

#[test]
fn numbers_and_codes() {
    for (text, read) in [
        ("250000", Some(25_000_000)),
        ("$250,000.50", Some(25_000_050)),
        ("1,000,000", Some(100_000_000)),
        ("0", Some(0)),
        ("-1", None),
        ("25,00,00", None),
        ("1,000.5,0", None),
        (",100", None),
        ("1e9", None),
        ("100000000.01", None),
        ("99999999999999999999", None),
        ("NaN", None),
    ] {
        assert_eq!(amount(text).map(Cents::get), read, "{text}");
    }
    for (text, read) in [
        ("6.5", Some(6_500_000_000)),
        ("6.5 %", Some(6_500_000_000)),
        ("-1", None),
        ("31", None),
    ] {
        assert_eq!(note_rate(text).map(Pct::e9), read, "{text}");
    }
    for (text, read) in [("ca", Some("CA")), ("ZZ", None), ("California", None)] {
        assert_eq!(state(text).as_deref(), read, "{text}");
    }
    assert_eq!(foreign_id("{A-1}"), Some("{A-1}".to_owned()));
    assert_eq!(foreign_id("a b"), None);
    assert_eq!(foreign_id("a\"b"), None);
    assert_eq!(
        [bit("1"), bit("FALSE"), bit("yes")],
        [Some(true), Some(false), None]
    );
}
