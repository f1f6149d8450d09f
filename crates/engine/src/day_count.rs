//! Day-count conventions as exact fractions of a year.

use crate::date::Date;
use crate::error::{EngineError, Problem};

/// How the time between two dates becomes a part of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayCount {
    /// Every month has 30 days, every year 360.
    Thirty360,
    /// Calendar days over 365, leap year or not.
    Actual365,
    /// Calendar days over 360.
    Actual360,
    /// Calendar days over 365 or 366, split at each new year (the ISDA 2006 reading).
    ActualActual,
}

/// A non-negative part of a year, `num / den`, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct YearFraction {
    /// Numerator.
    pub num: i64,
    /// Denominator: 12, 360, 365 or 365 × 366.
    pub den: i64,
}

impl YearFraction {
    /// One month of the twelve.
    pub const MONTH: Self = Self { num: 1, den: 12 };
}

impl DayCount {
    /// Reads the usual names: `30/360`, `actual/365`, `actual/360`, `actual/actual`.
    ///
    /// # Errors
    /// Field `day_count` for any other text.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        match text {
            "30/360" => Ok(Self::Thirty360),
            "actual/365" => Ok(Self::Actual365),
            "actual/360" => Ok(Self::Actual360),
            "actual/actual" => Ok(Self::ActualActual),
            _ => Err(EngineError::new("day_count", Problem::UnknownName)),
        }
    }

    /// The name [`DayCount::parse`] reads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Thirty360 => "30/360",
            Self::Actual365 => "actual/365",
            Self::Actual360 => "actual/360",
            Self::ActualActual => "actual/actual",
        }
    }

    /// The part of a year from `start` to `end`.
    ///
    /// # Errors
    /// Field `end` when it is before `start`.
    pub fn year_fraction(self, start: Date, end: Date) -> Result<YearFraction, EngineError> {
        if end < start {
            return Err(EngineError::new("end", Problem::OutOfOrder));
        }
        let days = i64::from(start.days_until(end));
        Ok(match self {
            Self::Thirty360 => YearFraction {
                num: thirty_360_days(start, end),
                den: 360,
            },
            Self::Actual365 => YearFraction {
                num: days,
                den: 365,
            },
            Self::Actual360 => YearFraction {
                num: days,
                den: 360,
            },
            Self::ActualActual => actual_actual(start, end),
        })
    }
}

/// Days by the 30/360 rule. A whole number of contract months (same day number, or month end where
/// the month is too short) is 30 days each, so a series on the 31st accrues equal months; other
/// intervals take each date's day number, no more than 30.
fn thirty_360_days(start: Date, end: Date) -> i64 {
    let months = months_apart(start, end);
    let whole = start.add_months(months).is_ok_and(|date| date == end)
        || end
            .add_months(months.saturating_neg())
            .is_ok_and(|date| date == start);
    let odd = if whole {
        0
    } else {
        i64::from(end.day().min(30)).saturating_sub(i64::from(start.day().min(30)))
    };
    i64::from(months)
        .saturating_mul(30)
        .saturating_add(odd)
        .max(0)
}

/// Difference of the month numbers, ignoring the days.
pub(crate) fn months_apart(start: Date, end: Date) -> i32 {
    let count = |date: Date| {
        i32::from(date.year())
            .saturating_mul(12)
            .saturating_add(i32::from(date.month()))
    };
    count(end).saturating_sub(count(start))
}

/// Days in ordinary years over 365 plus days in leap years over 366, on their common denominator.
fn actual_actual(start: Date, end: Date) -> YearFraction {
    let mut ordinary: i64 = 0;
    let mut leap: i64 = 0;
    for year in start.year()..=end.year() {
        // 31 December is the last day of the year; its interest belongs to the new year.
        let from = Date::new(year, 1, 1).map_or(start, |first| first.max(start));
        let to = Date::new(year.saturating_add(1), 1, 1).map_or(end, |next| next.min(end));
        let days = i64::from(from.days_until(to)).max(0);
        if from.in_leap_year() {
            leap = leap.saturating_add(days);
        } else {
            ordinary = ordinary.saturating_add(days);
        }
    }
    let num = ordinary
        .saturating_mul(366)
        .saturating_add(leap.saturating_mul(365));
    YearFraction {
        num,
        den: 365 * 366,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(convention: DayCount, start: &str, end: &str) -> (i64, i64) {
        let start = Date::parse_iso(start).unwrap();
        let f = convention
            .year_fraction(start, Date::parse_iso(end).unwrap())
            .unwrap();
        (f.num, f.den)
    }

    #[test]
    fn thirty_360_gives_equal_months() {
        for (start, end, days) in [
            ("2024-01-31", "2024-02-29", 30),
            ("2024-02-29", "2024-03-31", 30),
            ("2023-02-28", "2023-03-28", 30),
            ("2023-01-30", "2023-02-28", 30),
            ("2023-01-15", "2023-03-01", 46),
            ("2023-01-01", "2024-01-01", 360),
            ("2023-01-30", "2023-01-31", 0),
        ] {
            assert_eq!(
                fraction(DayCount::Thirty360, start, end),
                (days, 360),
                "{start} {end}"
            );
        }
    }

    #[test]
    fn actual_actual_splits_at_new_year() {
        let split = fraction(DayCount::ActualActual, "2023-11-01", "2024-05-01");
        assert_eq!(split, (61 * 366 + 121 * 365, 365 * 366));
        let year = fraction(DayCount::ActualActual, "2024-01-01", "2025-01-01");
        assert_eq!(year, (366 * 365, 365 * 366));
        let last = fraction(DayCount::ActualActual, "2200-12-30", "2200-12-31");
        assert_eq!(last, (366, 365 * 366));
    }

    #[test]
    fn actual_conventions_count_days() {
        assert_eq!(
            fraction(DayCount::Actual365, "2024-01-01", "2024-02-01"),
            (31, 365)
        );
        assert_eq!(
            fraction(DayCount::Actual360, "2024-02-01", "2024-03-01"),
            (29, 360)
        );
        let (a, b) = (
            Date::new(2024, 1, 2).unwrap(),
            Date::new(2024, 1, 1).unwrap(),
        );
        assert!(DayCount::Actual360.year_fraction(a, b).is_err());
    }
}
