//! Tables with the days they are in force.

use std::fmt;

use lintel_engine::bands::Effective;
use lintel_engine::date::Date;

/// Figures in force for a time, and how sure we are of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition<T> {
    /// The days it is in force, both ends included.
    pub effective: Effective,
    /// Where the figures come from.
    pub source: String,
    /// When somebody last compared them with the source.
    pub checked_on: Date,
    /// What could not be confirmed; none when everything was.
    pub uncertain: Option<String>,
    /// The figures.
    pub rows: T,
}

/// The editions of one table, oldest first, never two on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    file: &'static str,
    editions: Vec<Edition<T>>,
}

/// No edition of a table is in force on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotInForce {
    /// File name under `data/`.
    pub file: &'static str,
    /// The day asked for.
    pub day: Date,
    /// First day any edition is in force; none when the table is empty.
    pub first: Option<Date>,
    /// Last day of the last edition; none when it is open or the table is empty.
    pub last: Option<Date>,
}

impl fmt::Display for NotInForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no figures of {} are in force on {}",
            self.file, self.day
        )?;
        match (self.first, self.last) {
            (None, _) => write!(f, "; none are loaded"),
            (Some(first), Some(last)) => write!(f, "; known from {first} to {last}"),
            (Some(first), None) => write!(f, "; known from {first}"),
        }
    }
}

impl std::error::Error for NotInForce {}

impl<T> Dated<T> {
    /// Of editions in any order. The text says which two overlap.
    pub(crate) fn try_new(
        file: &'static str,
        mut editions: Vec<Edition<T>>,
    ) -> Result<Self, String> {
        editions.sort_by_key(|edition| edition.effective.from);
        for pair in editions.windows(2) {
            if let [earlier, later] = pair
                && earlier.effective.contains(later.effective.from)
            {
                return Err(format!(
                    "the edition from {} is still in force on {}, when another begins",
                    earlier.effective.from, later.effective.from
                ));
            }
        }
        Ok(Self { file, editions })
    }

    /// The edition in force on a day.
    ///
    /// # Errors
    /// [`NotInForce`] before the first edition, after a closed last one, or in a gap.
    pub fn on(&self, day: Date) -> Result<&Edition<T>, NotInForce> {
        self.editions
            .iter()
            .rfind(|edition| edition.effective.contains(day))
            .ok_or_else(|| self.without(day))
    }

    /// That the table has no figures of a day.
    pub(crate) fn without(&self, day: Date) -> NotInForce {
        NotInForce {
            file: self.file,
            day,
            first: self.editions.first().map(|e| e.effective.from),
            last: self.editions.last().and_then(|e| e.effective.to),
        }
    }

    /// The edition in force on a day; without a day the newest.
    ///
    /// # Errors
    /// As [`Self::on`]; without a day when there is no edition at all.
    pub fn on_or_newest(&self, day: Option<Date>) -> Result<&Edition<T>, NotInForce> {
        let newest = self.editions.last();
        match (day, newest) {
            (None, Some(newest)) => Ok(newest),
            (None, None) => self.on(Date::FIRST),
            (Some(day), _) => self.on(day),
        }
    }

    /// Every edition, oldest first.
    #[must_use]
    pub fn editions(&self) -> &[Edition<T>] {
        &self.editions
    }

    /// File name under `data/`.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn edition(from: &str, to: Option<&str>) -> Edition<u8> {
        Edition {
            effective: Effective {
                from: day(from),
                to: to.map(day),
            },
            source: "test".to_owned(),
            checked_on: day("2026-11-21"),
            uncertain: None,
            rows: 0,
        }
    }

    #[test]
    fn the_edition_of_the_day_is_found_and_gaps_are_errors() {
        let table = Dated::try_new(
            "us/test.toml",
            vec![
                edition("2026-01-01", None),
                edition("2024-01-01", Some("2024-12-31")),
            ],
        )
        .unwrap();
        let from = |text| table.on(day(text)).map(|e| e.effective.from);
        assert_eq!(from("2024-12-31"), Ok(day("2024-01-01")));
        assert_eq!(from("2026-01-01"), Ok(day("2026-01-01")));
        let newest = table.on_or_newest(None).map(|e| e.effective.from);
        assert_eq!(newest, Ok(day("2026-01-01")));
        let of_day = table.on_or_newest(Some(day("2024-06-01")));
        assert_eq!(of_day, table.on(day("2024-06-01")));
        assert!(table.on_or_newest(Some(day("2025-06-01"))).is_err());
        for gap in ["2023-12-31", "2025-06-01"] {
            let error = from(gap).unwrap_err();
            assert_eq!(error.first, Some(day("2024-01-01")), "{error}");
        }
    }

    #[test]
    fn overlapping_editions_are_refused() {
        let both = vec![edition("2024-01-01", None), edition("2025-01-01", None)];
        assert!(Dated::try_new("us/test.toml", both).is_err());
        let touching = vec![
            edition("2024-01-01", Some("2025-01-01")),
            edition("2025-01-01", None),
        ];
        assert!(Dated::try_new("us/test.toml", touching).is_err());
    }
}
