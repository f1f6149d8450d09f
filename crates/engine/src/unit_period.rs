//! Unit-periods of Regulation Z: 12 CFR 1026 Appendix J (b)(4) and (b)(5).

mod find;
mod interval;
mod reading;
mod series;

use std::fmt;

use crate::error::{EngineError, Problem};
use crate::ratio::Ratio;

pub use find::{find_unit_period, find_unit_period_read};
pub use interval::{Interval, interval, interval_read, interval_with_anchor};
pub use reading::{OddYear, Reading, SingleTerm};
pub use series::{Series, Spacing, spacing_between};

/// The stretch of time in which the actuarial rate is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitPeriod {
    /// A number of days, 1 or more, not a multiple of seven.
    Days(u32),
    /// A number of weeks, 1 to 52.
    Weeks(u32),
    /// Half a month, 24 a year.
    Semimonth,
    /// A number of months, 1 to 11.
    Months(u32),
    /// One year.
    Year,
    /// The whole term of a single-payment loan, in days (under a year).
    TermDays(u32),
    /// The whole term of a single-payment loan, in months (under a year).
    TermMonths(u32),
}

impl UnitPeriod {
    /// Unit-periods in a year: 12 months, 52 weeks, 365 days, divided by the multiple.
    #[must_use]
    pub const fn per_year(self) -> Ratio {
        match self {
            Self::Days(days) | Self::TermDays(days) => Ratio::over(365, days),
            Self::Weeks(weeks) => Ratio::over(52, weeks),
            Self::Semimonth => Ratio::over(24, 1),
            Self::Months(months) | Self::TermMonths(months) => Ratio::over(12, months),
            Self::Year => Ratio::over(1, 1),
        }
    }

    /// Reads `1 month`, `2 months`, `semimonth`, `1 week`, `2 weeks`, `1 day`, `1 year`,
    /// `255 days (term)`, `6 months (term)`, and the usual single words such as `monthly`, whatever
    /// their case. Twelve months are a year, and so are 365 days.
    ///
    /// # Errors
    /// Field `unit_period` for any other text, a zero, or more than a year.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        let refused = EngineError::new("unit_period", Problem::UnknownName);
        let text = text.to_lowercase().replace(['-', '_'], " ");
        match text.as_str() {
            "semimonth" | "semimonthly" | "semi month" | "semi monthly" | "1 semimonth" => {
                return Ok(Self::Semimonth);
            }
            "day" | "daily" => return Ok(Self::Days(1)),
            "week" | "weekly" => return Ok(Self::Weeks(1)),
            "biweekly" | "bi weekly" => return Ok(Self::Weeks(2)),
            "month" | "monthly" => return Ok(Self::Months(1)),
            "quarter" | "quarterly" => return Ok(Self::Months(3)),
            "year" | "yearly" | "annual" => return Ok(Self::Year),
            _ => {}
        }
        let (count, unit) = text.split_once(' ').ok_or(refused)?;
        if count.len() > 3 || !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused);
        }
        let count: u32 = count.parse().map_err(|_| refused)?;
        match (unit, count) {
            (_, 0) => Err(refused),
            ("day" | "days", 1..=365) => Ok(Self::of_days(count)),
            ("week" | "weeks", 1..=52) => Ok(Self::Weeks(count)),
            ("month" | "months", 1..=12) => Ok(Self::of_months(count)),
            ("year", 1) => Ok(Self::Year),
            ("day (term)" | "days (term)", 1..=365) => Ok(Self::TermDays(count)),
            ("month (term)" | "months (term)", 1..=12) => Ok(Self::TermMonths(count)),
            ("year (term)", 1) => Ok(Self::Year),
            _ => Err(refused),
        }
    }

    /// The unit of a number of days: whole weeks are weeks, 365 or more are a year.
    #[must_use]
    pub fn of_days(days: u32) -> Self {
        match (days.checked_div(7), days.checked_rem(7)) {
            _ if days >= 365 => Self::Year,
            (Some(weeks), Some(0)) if weeks > 0 => Self::Weeks(weeks),
            _ => Self::Days(days.max(1)),
        }
    }

    /// The unit of a number of months; twelve or more are a year.
    #[must_use]
    pub const fn of_months(months: u32) -> Self {
        match months {
            0 => Self::Months(1),
            1..=11 => Self::Months(months),
            12.. => Self::Year,
        }
    }

    /// Checks the multiples of a value built by hand.
    ///
    /// # Errors
    /// Field `unit_period` when a multiple is zero or longer than a year.
    pub fn check(self) -> Result<Self, EngineError> {
        let (count, max) = match self {
            Self::Days(count) | Self::TermDays(count) => (count, 365),
            Self::Weeks(count) => (count, 52),
            Self::Months(count) | Self::TermMonths(count) => (count, 12),
            Self::Semimonth | Self::Year => (1, 1),
        };
        if count == 0 || count > max {
            let problem = Problem::OutOfRange {
                min: 1,
                max: i64::from(max),
            };
            return Err(EngineError::new("unit_period", problem));
        }
        Ok(self)
    }
}

impl fmt::Display for UnitPeriod {
    /// The text [`UnitPeriod::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: &u32| if *count == 1 { "" } else { "s" };
        match self {
            Self::Days(n) => write!(f, "{n} day{}", plural(n)),
            Self::Weeks(n) => write!(f, "{n} week{}", plural(n)),
            Self::Semimonth => f.write_str("semimonth"),
            Self::Months(n) => write!(f, "{n} month{}", plural(n)),
            Self::Year => f.write_str("1 year"),
            Self::TermDays(n) => write!(f, "{n} day{} (term)", plural(n)),
            Self::TermMonths(n) => write!(f, "{n} month{} (term)", plural(n)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for text in [
            "1 day",
            "10 days",
            "1 week",
            "4 weeks",
            "semimonth",
            "1 month",
            "3 months",
            "1 year",
            "255 days (term)",
            "6 months (term)",
        ] {
            assert_eq!(UnitPeriod::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(UnitPeriod::parse("12 months").unwrap(), UnitPeriod::Year);
        assert_eq!(UnitPeriod::parse("14 days").unwrap(), UnitPeriod::Weeks(2));
        for (text, same) in [
            ("Monthly", "1 month"),
            ("SEMI-MONTH", "semimonth"),
            ("semi_monthly", "semimonth"),
            ("biweekly", "2 weeks"),
            ("quarter", "3 months"),
            ("daily", "1 day"),
            ("annual", "1 year"),
            ("2_Weeks", "2 weeks"),
        ] {
            assert_eq!(UnitPeriod::parse(text).unwrap().to_string(), same);
        }
        for bad in [
            "",
            "bimonthly",
            "0 months",
            "13 months",
            "+1 month",
            "1  month",
            "53 weeks",
            "2 years",
        ] {
            assert!(UnitPeriod::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_year_has_this_many() {
        let ratio = |text| UnitPeriod::parse(text).unwrap().per_year().to_string();
        assert_eq!(ratio("255 days (term)"), "365/255");
        assert_eq!(ratio("4 weeks"), "52/4");
        assert_eq!(ratio("semimonth"), "24/1");
    }
}
