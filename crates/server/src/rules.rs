//! The rule book as the commands read it: what is odd about it is said, and not only found by
//! `lintel check`.

use std::path::Path;

use lintel_app::ports::{Clock as _, SystemClock};
use lintel_engine::date::Date;
use lintel_rule_book::{RuleBook, RuleError};

/// How many days ahead the end of a table's figures is told at start.
pub const ENDING_DAYS: i32 = 60;

/// Reads the rule book for a calculation on the command line. Files of the folder that are no table
/// are complained of on standard error: most likely a name is misspelt, and the program's own
/// figures answer in its place.
///
/// # Errors
/// When the folder is none or a table is malformed.
#[expect(clippy::print_stderr, reason = "this is how a command complains")]
pub fn load(folder: Option<&Path>) -> Result<RuleBook, RuleError> {
    let book = RuleBook::load(folder)?;
    for stranger in book.strangers() {
        eprintln!("lintel: {stranger}");
    }
    Ok(book)
}

/// Reads the rule book for a server, and logs a warning for each thing its operator should see to.
///
/// # Errors
/// When the folder is none or a table is malformed.
pub fn load_logged(folder: Option<&Path>) -> Result<RuleBook, RuleError> {
    let book = RuleBook::load(folder)?;
    for stranger in book.strangers() {
        tracing::warn!(%stranger, "the rule book's folder");
    }
    // Without a day nothing is in force, and every quote says so.
    if let Ok(today) = lintel_app::quote::day_of(SystemClock.now()) {
        for warning in warnings(&book, today) {
            tracing::warn!(%warning, "the rule book's figures");
        }
    }
    Ok(book)
}

/// Tables without figures on a day, and those whose figures end soon.
fn warnings(book: &RuleBook, day: Date) -> Vec<String> {
    let tables = book.reports().iter();
    let told = tables.filter_map(|table| {
        let file = table.file;
        if let Some(missing) = table.missing_on(day) {
            return Some(format!("{file}: {missing}"));
        }
        let to = table.ending(day, ENDING_DAYS)?;
        Some(format!("{file}: ends on {to}, and nothing follows"))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_has_ended_or_ends_soon_is_warned_of() {
        let text = "source = \"s\"\nchecked_on = \"2026-11-21\"\n[[edition]]\n\
                    from = \"2026-01-05\"\nto = \"2026-06-30\"\nweeks = \"2026-01-05 1.11\"\n";
        let book = RuleBook::with_file("us/apor_fixed.toml", text).unwrap();
        let told = |day| {
            let all = warnings(&book, Date::parse_iso(day).unwrap());
            let own = all.into_iter().find(|one| one.contains("us/apor_fixed"));
            own.unwrap_or_default()
        };
        assert_eq!(told("2026-04-30"), "");
        assert!(told("2026-05-01").contains("ends on 2026-06-30"));
        assert!(told("2026-07-01").contains("no figures in force on 2026-07-01"));
    }
}
