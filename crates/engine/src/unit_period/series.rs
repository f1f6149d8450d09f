//! Series of payments at equal spacing, and how the time between two dates may be read.

use super::UnitPeriod;
use super::interval::months_back;
use crate::date::Date;
use crate::error::{EngineError, Problem};

/// The time from one payment of a series to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spacing {
    /// Calendar days, 1 or more.
    Days(u32),
    /// Half a month.
    Semimonth,
    /// Whole months, 1 or more.
    Months(u32),
}

impl Spacing {
    /// The spacing a unit-period stands for.
    #[must_use]
    pub const fn of(unit: UnitPeriod) -> Self {
        match unit {
            UnitPeriod::Days(days) | UnitPeriod::TermDays(days) => Self::Days(days),
            UnitPeriod::Weeks(weeks) => Self::Days(weeks.saturating_mul(7)),
            UnitPeriod::Semimonth => Self::Semimonth,
            UnitPeriod::Months(months) | UnitPeriod::TermMonths(months) => Self::Months(months),
            UnitPeriod::Year => Self::Months(12),
        }
    }

    /// The unit-period of this spacing, at most a year.
    #[must_use]
    pub fn unit_period(self) -> UnitPeriod {
        match self {
            Self::Days(days) => UnitPeriod::of_days(days),
            Self::Semimonth => UnitPeriod::Semimonth,
            Self::Months(months) => UnitPeriod::of_months(months),
        }
    }

    /// Length in 24ths of a day of a 365-day year, so that months and days compare exactly.
    pub(super) fn length(self) -> u64 {
        match self {
            Self::Days(days) => u64::from(days).saturating_mul(24),
            Self::Semimonth => 365,
            Self::Months(months) => u64::from(months).saturating_mul(730),
        }
    }

    /// How many of this spacing make `unit`, when it is a whole number.
    #[must_use]
    pub fn in_units(self, unit: UnitPeriod) -> Option<u32> {
        let whole = |time: u32, length: u32| {
            (time.checked_rem(length) == Some(0))
                .then(|| time.checked_div(length))
                .flatten()
        };
        match (self, Self::of(unit)) {
            (Self::Days(days), Self::Days(length)) => whole(days, length),
            (Self::Semimonth, Self::Semimonth) => Some(1),
            (Self::Months(months), Self::Semimonth) => months.checked_mul(2),
            (Self::Months(months), Self::Months(length)) => whole(months, length),
            (Self::Days(_), Self::Semimonth | Self::Months(_))
            | (Self::Semimonth, Self::Days(_) | Self::Months(_))
            | (Self::Months(_), Self::Days(_)) => None,
        }
    }
}

/// Payments (or advances) at equal spacing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Series {
    /// Date of the first.
    pub first: Date,
    /// How many, one or more.
    pub count: u32,
    /// Time from one to the next; without meaning when there is only one.
    pub spacing: Spacing,
    /// True when the series falls on the last day of each month.
    pub month_end: bool,
}

impl Series {
    /// A single payment or advance.
    #[must_use]
    pub const fn single(date: Date) -> Self {
        Self {
            first: date,
            count: 1,
            spacing: Spacing::Months(1),
            month_end: false,
        }
    }

    /// The day number the series aims at: 31 for month ends.
    #[must_use]
    pub fn anchor_day(&self) -> i8 {
        if self.month_end { 31 } else { self.first.day() }
    }

    /// Date of payment `index`, counted from zero.
    ///
    /// A semimonthly series pairs a day up to the 15th with the day 15 later (the last of a shorter
    /// month), a later day with the day 15 earlier, and the month end with the 15th.
    ///
    /// # Errors
    /// Field `count` when the date would leave the years 1900 to 2200.
    pub fn date_at(&self, index: u32) -> Result<Date, EngineError> {
        let refused = EngineError::new("count", Problem::TooLarge);
        self.date_at_step(i32::try_from(index).map_err(|_| refused)?)
    }

    /// The date one spacing before the first payment: where a regular first period begins.
    ///
    /// # Errors
    /// As [`Series::date_at`].
    pub fn regular_start(&self) -> Result<Date, EngineError> {
        self.date_at_step(-1)
    }

    fn date_at_step(&self, index: i32) -> Result<Date, EngineError> {
        let refused = EngineError::new("count", Problem::TooLarge);
        let steps = |unit: u32| {
            i32::try_from(unit)
                .ok()
                .and_then(|unit| unit.checked_mul(index))
                .ok_or(refused)
        };
        let date = match self.spacing {
            Spacing::Days(days) => self.first.add_days(steps(days)?),
            Spacing::Months(months) => self
                .first
                .add_months_keeping_day(steps(months)?, self.anchor_day()),
            Spacing::Semimonth => self.semimonth(index),
        };
        date.map_err(|_| refused)
    }

    fn semimonth(&self, index: i32) -> Result<Date, EngineError> {
        let (months, odd) = (index.div_euclid(2), index.rem_euclid(2));
        let anchor = self.anchor_day();
        if odd == 0 {
            return self.first.add_months_keeping_day(months, anchor);
        }
        if anchor <= 15 {
            return self
                .first
                .add_months_keeping_day(months, anchor.saturating_add(15));
        }
        let partner = if anchor == 31 {
            15
        } else {
            anchor.saturating_sub(15)
        };
        self.first
            .add_months_keeping_day(months.saturating_add(1), partner)
    }

    /// Date of the last payment.
    ///
    /// # Errors
    /// As [`Series::date_at`].
    pub fn last(&self) -> Result<Date, EngineError> {
        self.date_at(self.count.saturating_sub(1))
    }
}

/// The spacing of two single dates: whole months when they are on the same day number (or month
/// end), half a month, otherwise days. None when `end` is not later.
#[must_use]
pub fn spacing_between(start: Date, end: Date) -> Option<Spacing> {
    readings(start, end).into_iter().flatten().next()
}

/// All the ways an interval can be read: 1 March after 1 February is one month and 28 days.
pub(super) fn readings(start: Date, end: Date) -> [Option<Spacing>; 3] {
    let days = u32::try_from(start.days_until(end))
        .ok()
        .filter(|days| *days > 0);
    let both_ends = start.is_month_end() && end.is_month_end();
    let whole_months = [end.day(), start.day(), 31].into_iter().find_map(|anchor| {
        if anchor == 31 && !both_ends && end.day() != 31 {
            return None;
        }
        // A clamped February end belongs to a series on the start's own day number.
        if anchor == start.day() && end.day() != anchor && !end.is_month_end() {
            return None;
        }
        months_back(start, end, anchor)
            .ok()
            .filter(|found| found.1 == 0 && found.0 > 0)
    });
    let months = whole_months.map(|(months, _)| Spacing::Months(months));
    let half = months_back(start, end, end.day())
        .ok()
        .filter(|found| *found == (0, 15));
    let half = half.map(|_| Spacing::Semimonth);
    if days.is_none() {
        return [None; 3];
    }
    [months, half, days.map(Spacing::Days)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn series(first: &str, count: u32, spacing: Spacing) -> Series {
        Series {
            first: day(first),
            count,
            spacing,
            month_end: false,
        }
    }

    #[test]
    fn series_dates_keep_their_day() {
        let ends = Series {
            month_end: true,
            ..series("2023-01-31", 9, Spacing::Months(1))
        };
        assert_eq!(ends.date_at(1).unwrap(), day("2023-02-28"));
        assert_eq!(ends.date_at(3).unwrap(), day("2023-04-30"));
        let half = series("1978-03-01", 24, Spacing::Semimonth);
        assert_eq!(half.date_at(1).unwrap(), day("1978-03-16"));
        assert_eq!(half.date_at(23).unwrap(), day("1979-02-16"));
        let second = series("2023-01-16", 3, Spacing::Semimonth);
        assert_eq!(second.date_at(1).unwrap(), day("2023-02-01"));
        assert_eq!(second.regular_start().unwrap(), day("2023-01-01"));
        assert_eq!(ends.regular_start().unwrap(), day("2022-12-31"));
        let fifteenth = series("2023-02-15", 3, Spacing::Semimonth);
        assert_eq!(fifteenth.date_at(1).unwrap(), day("2023-02-28"));
        assert!(
            series("2023-02-15", 9, Spacing::Days(u32::MAX))
                .date_at(8)
                .is_err()
        );
    }
}
