//! Civil dates with the month arithmetic of loan contracts.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil;

use crate::error::{EngineError, Problem};

/// A calendar date between the years 1900 and 2200, without time or zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// First and last accepted years. Wide enough for any loan on record, narrow enough that a typing
/// slip in the year is refused.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

impl Date {
    /// 1 January 1900, the first date there is.
    pub const FIRST: Self = Self(civil::Date::constant(1900, 1, 1));

    /// The date of a year, month (1 to 12) and day of the month.
    ///
    /// # Errors
    /// Field `date` when there is no such day or the year is outside 1900 to 2200.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, EngineError> {
        civil::Date::new(year, month, day)
            .ok()
            .and_then(Self::bounded)
            .ok_or(EngineError::new("date", Problem::NotADate))
    }

    /// Reads `YYYY-MM-DD`, exactly ten characters.
    ///
    /// # Errors
    /// Field `date` for any other form, a day that does not exist, or a year out of bounds.
    pub fn parse_iso(text: &str) -> Result<Self, EngineError> {
        let refused = EngineError::new("date", Problem::NotADate);
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
            return Err(refused);
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_i16, |sum, digit| {
                let value = char::from(*digit).to_digit(10)?;
                sum.checked_mul(10)?.checked_add(i16::try_from(value).ok()?)
            })
        };
        let year = number(&[y1, y2, y3, y4]).ok_or(refused)?;
        let part = |a, b| {
            number(&[a, b])
                .and_then(|n| i8::try_from(n).ok())
                .ok_or(refused)
        };
        Self::new(year, part(m1, m2)?, part(d1, d2)?)
    }

    /// Calendar year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month of the year, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// True on the last day of a month.
    #[must_use]
    pub fn is_month_end(self) -> bool {
        self.0.day() == self.0.days_in_month()
    }

    /// True on a Saturday or a Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        self.0.weekday().to_monday_zero_offset() >= 5
    }

    /// True in a leap year.
    #[must_use]
    pub fn in_leap_year(self) -> bool {
        self.0.in_leap_year()
    }

    /// First day of this date's month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// The same day number `months` later (earlier when negative); the last day of the month when
    /// that month is shorter.
    ///
    /// # Errors
    /// Field `date` when the result leaves the years 1900 to 2200.
    pub fn add_months(self, months: i32) -> Result<Self, EngineError> {
        self.add_months_keeping_day(months, self.day())
    }

    /// As [`Date::add_months`], but aims at `anchor_day` instead of this date's own day: a series
    /// on the 30th that passed through 28 February goes back to the 30th, and an anchor of 31
    /// stays on month ends.
    ///
    /// # Errors
    /// Field `date` when the result leaves the years 1900 to 2200 or the anchor is below 1.
    pub fn add_months_keeping_day(self, months: i32, anchor_day: i8) -> Result<Self, EngineError> {
        let refused = EngineError::new("date", Problem::NotADate);
        let since_year_zero = i32::from(self.year())
            .saturating_mul(12)
            .saturating_add(i32::from(self.month()))
            .saturating_sub(1)
            .checked_add(months)
            .ok_or(refused)?;
        let year = i16::try_from(since_year_zero.div_euclid(12)).map_err(|_| refused)?;
        let month0 = i8::try_from(since_year_zero.rem_euclid(12)).map_err(|_| refused)?;
        let first = civil::Date::new(year, month0.saturating_add(1), 1).map_err(|_| refused)?;
        Self::new(year, first.month(), anchor_day.min(first.days_in_month()))
    }

    /// `days` later (earlier when negative).
    ///
    /// # Errors
    /// Field `date` when the result leaves the years 1900 to 2200.
    pub fn add_days(self, days: i32) -> Result<Self, EngineError> {
        let span = SignedDuration::from_secs(i64::from(days).saturating_mul(86_400));
        self.0
            .checked_add(span)
            .ok()
            .and_then(Self::bounded)
            .ok_or(EngineError::new("date", Problem::NotADate))
    }

    /// Days from this date to `later`; negative when it is earlier. The first day is not counted,
    /// the last is.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        let hours = self.0.duration_until(later.0).as_hours();
        // At most 110,000 days lie between the bounds, so the conversion cannot fail.
        i32::try_from(hours / 24).unwrap_or_default()
    }

    fn bounded(date: civil::Date) -> Option<Self> {
        YEARS.contains(&date.year()).then_some(Self(date))
    }
}

impl fmt::Display for Date {
    /// ISO form, `2026-01-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year(), self.month(), self.day());
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    #[test]
    fn reads_only_real_iso_dates() {
        assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
        for bad in [
            "2023-02-29",
            "2024-2-9",
            "1899-12-31",
            "2201-01-01",
            "2024/01/01",
            "",
            "２",
        ] {
            assert!(Date::parse_iso(bad).is_err(), "{bad}");
        }
        assert!(Date::parse_iso("2024-01-011").is_err());
        assert!(Date::parse_iso("+024-01-01").is_err());
    }

    #[test]
    fn months_clamp_and_anchors_come_back() {
        assert_eq!(
            date("2024-01-31").add_months(1).unwrap(),
            date("2024-02-29")
        );
        assert_eq!(
            date("2024-03-31").add_months(-13).unwrap(),
            date("2023-02-28")
        );
        let february = date("2023-02-28");
        assert_eq!(
            february.add_months_keeping_day(1, 30).unwrap(),
            date("2023-03-30")
        );
        assert_eq!(
            february.add_months_keeping_day(2, 31).unwrap(),
            date("2023-04-30")
        );
        assert!(date("2200-12-01").add_months(1).is_err());
        assert!(date("2000-01-01").add_months(i32::MAX).is_err());
    }

    #[test]
    fn days_count_over_leap_years() {
        assert_eq!(date("2024-02-28").days_until(date("2024-03-01")), 2);
        assert_eq!(date("2024-03-01").days_until(date("2024-02-28")), -2);
        assert_eq!(date("1900-01-01").days_until(date("2200-12-31")), 109_937);
        assert_eq!(date("2023-12-31").add_days(60).unwrap(), date("2024-02-29"));
        assert!(date("1900-01-01").add_days(-1).is_err());
    }
}
