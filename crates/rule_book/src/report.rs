//! What is told of the tables: where each was read from, and what is in force on a day.

use std::fmt::Write as _;

use lintel_engine::bands::Effective;
use lintel_engine::date::Date;

/// Where a table was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The program carries it.
    Embedded,
    /// The operator's folder.
    Folder,
    /// Nowhere: the program carries none, and the folder has none.
    Absent,
}

/// One edition of a table, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionReport {
    /// The days it is in force.
    pub effective: Effective,
    /// Where the figures come from.
    pub source: String,
    /// When somebody last compared them with the source.
    pub checked_on: Date,
    /// What could not be confirmed.
    pub uncertain: Option<String>,
}

/// A table, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReport {
    /// File name under `data/`.
    pub file: &'static str,
    /// Where it was read from.
    pub origin: Origin,
    /// Its editions, oldest first; none when it is absent.
    pub editions: Vec<EditionReport>,
}

impl TableReport {
    /// The edition in force on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&EditionReport> {
        let mut editions = self.editions.iter();
        editions.rfind(|edition| edition.effective.contains(day))
    }

    /// Why a table that is loaded has no figures on a day, for the operator. None when it has some,
    /// and none when it is absent: what would need it says so.
    #[must_use]
    pub fn missing_on(&self, day: Date) -> Option<String> {
        if self.origin == Origin::Absent || self.on(day).is_some() {
            return None;
        }
        let mut editions = self.editions.iter();
        let after = editions.find(|edition| edition.effective.from > day);
        let before = self
            .editions
            .iter()
            .rfind(|edition| edition.effective.from < day);
        let mut found = format!("no figures in force on {day}");
        if let Some(to) = before.and_then(|edition| edition.effective.to) {
            let _ = write!(found, "; the last ones ended on {to}");
        }
        if let Some(edition) = after {
            let _ = write!(found, "; the next ones begin on {}", edition.effective.from);
        }
        Some(found)
    }

    /// The last day of the figures in force on `day`, when it comes within so many days and nothing
    /// follows.
    #[must_use]
    pub fn ending(&self, day: Date, within_days: i32) -> Option<Date> {
        let to = self.on(day)?.effective.to?;
        let follows = to.add_days(1).is_ok_and(|next| self.on(next).is_some());
        (day.days_until(to) <= within_days && !follows).then_some(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn table(origin: Origin, editions: &[(&str, &str)]) -> TableReport {
        let editions = editions.iter().map(|(from, to)| EditionReport {
            effective: Effective {
                from: day(from),
                to: Some(day(to)),
            },
            source: "test".to_owned(),
            checked_on: day("2026-01-01"),
            uncertain: None,
        });
        TableReport {
            file: "us/test.toml",
            origin,
            editions: editions.collect(),
        }
    }

    #[test]
    fn ends_and_gaps_are_told() {
        let one = [("2026-01-01", "2026-03-31"), ("2026-04-02", "2026-12-31")];
        let both = table(Origin::Folder, &one);
        assert_eq!(both.missing_on(day("2026-03-31")), None);
        let gap = both.missing_on(day("2026-04-01")).unwrap();
        assert!(gap.contains("ended on 2026-03-31"), "{gap}");
        assert!(gap.contains("begin on 2026-04-02"), "{gap}");
        assert_eq!(both.ending(day("2026-11-01"), 60), Some(day("2026-12-31")));
        assert_eq!(both.ending(day("2026-10-31"), 60), None);
        assert_eq!(both.ending(day("2027-01-01"), 60), None);
        assert_eq!(
            table(Origin::Absent, &[]).missing_on(day("2026-01-01")),
            None
        );
    }
}
