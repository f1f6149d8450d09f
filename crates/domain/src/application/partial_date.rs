//! Dates of which only the year or the month may be known: employment, service, counselling.

use std::fmt;

use lintel_engine::date::Date;
use serde::{Deserialize, Serialize};

/// A year, a month or a day. Stored as ISO text: `2008`, `2008-05` or `2008-05-17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, years 1900 to 2200 (the engine's range); a day must
    /// exist in the calendar. Anything else, a zone suffix included, is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let year = text.get(..4).filter(|part| digits(part))?.parse().ok()?;
        let year = Some(year).filter(|y| (1900..=2200).contains(y))?;
        match text.len() {
            4 => Some(Self {
                year,
                month: None,
                day: None,
            }),
            7 | 10 => {
                let month = text
                    .get(4..7)?
                    .strip_prefix('-')
                    .filter(|part| digits(part))?;
                let month = month.parse().ok().filter(|m| (1..=12).contains(m))?;
                let day = match text.len() {
                    7 => None,
                    _ => {
                        crate::application::codec::iso_date(text)?;
                        Some(text.get(8..10)?.parse().ok()?)
                    }
                };
                Some(Self {
                    year,
                    month: Some(month),
                    day,
                })
            }
            _ => None,
        }
    }

    /// The civil date, when day and month are known.
    #[must_use]
    pub fn full(self) -> Option<Date> {
        self.day
            .and_then(|_| crate::application::codec::iso_date(&self.to_string()))
    }

    /// The year, 1900 to 2200.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12, when known.
    #[must_use]
    pub const fn month(self) -> Option<u8> {
        self.month
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        match self.day {
            Some(day) => write!(f, "-{day:02}"),
            None => Ok(()),
        }
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for PartialDate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a year, month or date")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_exactly_what_is_known() {
        for text in ["2008", "2008-05", "2008-05-17", "2000-02-29"] {
            assert_eq!(PartialDate::parse(text).expect(text).to_string(), text);
        }
        assert!(
            PartialDate::parse("2008-05")
                .expect("a month")
                .full()
                .is_none()
        );
        assert!(
            PartialDate::parse("2008-05-17")
                .expect("a day")
                .full()
                .is_some()
        );
    }

    #[test]
    fn refuses_what_is_not_on_the_calendar() {
        for text in [
            "",
            "08",
            "0000",
            "1899-05",
            "2008-13",
            "2008-5",
            "2001-02-29",
            "05/17/2008",
            "2008-05-1Z",
            "２００８",
        ] {
            assert!(PartialDate::parse(text).is_none(), "{text}");
        }
    }
}
