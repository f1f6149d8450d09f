//! Average prime offer rates: the weekly tables the price tests compare with, and which cell of
//! them belongs to a loan (12 CFR 1026.35(a)(2) and its commentary).

use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::rate::Pct;

/// Columns of a table: whole years from 1 to 50.
pub const YEARS: u32 = 50;
/// Days a week's rates are used after its first day: seven, and three for a late table. A later
/// rate-set date has no published rate yet, and an old one in its place could pass a dear loan.
pub const MAX_AGE_DAYS: i32 = 10;
/// Most weeks of a table: a century.
pub const MAX_WEEKS: usize = 5300;

/// The rates of one week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AporWeek {
    /// First day they apply, a Monday.
    pub from: Date,
    /// Rate for each term, element k for k + 1 years; none where the table has no figure. Fewer
    /// than fifty are the first ones.
    pub rates: Vec<Option<Pct>>,
}

/// A published table, fixed or adjustable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AporTable {
    weeks: Vec<AporWeek>,
}

impl AporTable {
    /// A table of weeks in any order.
    ///
    /// # Errors
    /// Field `weeks` when two begin on the same day, one has more than fifty rates, or there are
    /// more than 5,300.
    pub fn try_new(mut weeks: Vec<AporWeek>) -> Result<Self, EngineError> {
        if weeks.len() > MAX_WEEKS {
            let limit = Problem::TooMany { limit: 5300 };
            return Err(EngineError::new("weeks", limit));
        }
        weeks.sort_by_key(|week| week.from);
        let twice = weeks
            .iter()
            .zip(weeks.iter().skip(1))
            .any(|(one, next)| one.from == next.from);
        let columns = usize::try_from(YEARS).unwrap_or(usize::MAX);
        if twice {
            let why = "has two weeks that begin on the same day";
            return Err(EngineError::new("weeks", Problem::Inconsistent(why)));
        }
        if weeks.iter().any(|week| week.rates.len() > columns) {
            let why = "has a week with more than 50 terms";
            return Err(EngineError::new("weeks", Problem::Inconsistent(why)));
        }
        Ok(Self { weeks })
    }

    /// The weeks, earliest first.
    #[must_use]
    pub fn weeks(&self) -> &[AporWeek] {
        &self.weeks
    }

    /// The week that counts on the day the loan's rate was set for the last time before closing: the
    /// last that began on or before it.
    ///
    /// # Errors
    /// `rate_set_date` before the first week, or more than ten days after the beginning of the last
    /// one.
    pub fn week(&self, rate_set_date: Date) -> Result<&AporWeek, EngineError> {
        let refused = |why| EngineError::new("rate_set_date", Problem::Inconsistent(why));
        let after = self
            .weeks
            .partition_point(|week| week.from <= rate_set_date);
        let week = after
            .checked_sub(1)
            .and_then(|index| self.weeks.get(index))
            .ok_or(refused("is before the first week of the table"))?;
        if after == self.weeks.len() && week.from.days_until(rate_set_date) > MAX_AGE_DAYS {
            return Err(refused(
                "is more than 10 days after the last week of the table",
            ));
        }
        Ok(week)
    }

    /// The rate for a term of `years` in the [`week`](Self::week) of the rate-set day.
    ///
    /// # Errors
    /// `years` outside 1 to 50, or without a figure; and as [`week`](Self::week).
    pub fn rate(&self, rate_set_date: Date, years: u32) -> Result<Pct, EngineError> {
        if years == 0 || years > YEARS {
            let max = i64::from(YEARS);
            return Err(EngineError::new(
                "years",
                Problem::OutOfRange { min: 1, max },
            ));
        }
        let week = self.week(rate_set_date)?;
        usize::try_from(years.saturating_sub(1))
            .ok()
            .and_then(|index| week.rates.get(index).copied().flatten())
            .ok_or(EngineError::new(
                "years",
                Problem::Inconsistent("has no figure in the table"),
            ))
    }
}

/// The column of a loan, from the months to maturity of a fixed rate or the months the initial
/// rate of an adjustable one lasts: the nearest whole year, the shorter of two equally near, and
/// one year for less than six months (commentary to Regulation C, 4(a)(12)-4.iii).
///
/// # Errors
/// Field `months` when the term comes to more than fifty years.
pub fn comparable_years(months: u32) -> Result<u32, EngineError> {
    let years = (months / 12)
        .saturating_add(u32::from(months % 12 > 6))
        .max(1);
    if years > YEARS {
        let max = i64::from(YEARS).saturating_mul(12).saturating_add(6);
        return Err(EngineError::new(
            "months",
            Problem::OutOfRange { min: 0, max },
        ));
    }
    Ok(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn table() -> AporTable {
        let week = |from, rates: &[Option<i64>]| AporWeek {
            from: day(from),
            rates: rates.iter().map(|rate| rate.map(Pct::new)).collect(),
        };
        let second = week("2026-01-12", &[Some(60), Some(61)]);
        let first = week("2026-01-05", &[Some(50), None]);
        AporTable::try_new(vec![second, first]).unwrap()
    }

    #[test]
    fn the_last_week_on_or_before_the_rate_set_date_counts() {
        let table = table();
        let rate = |date, years| table.rate(day(date), years).map(Pct::e9);
        assert_eq!(rate("2026-01-05", 1), Ok(50));
        assert_eq!(rate("2026-01-11", 1), Ok(50));
        assert_eq!(rate("2026-01-12", 2), Ok(61));
        assert_eq!(rate("2026-01-22", 1), Ok(60));
        assert_eq!(
            table.week(day("2026-01-11")).unwrap().from,
            day("2026-01-05")
        );
        for (date, years, field) in [
            ("2026-01-04", 1, "rate_set_date"),
            ("2026-01-23", 1, "rate_set_date"),
            ("2026-01-06", 2, "years"),
            ("2026-01-06", 3, "years"),
            ("2026-01-06", 0, "years"),
            ("2026-01-06", 51, "years"),
        ] {
            assert_eq!(table.rate(day(date), years).unwrap_err().field, field);
        }
        assert!(AporTable::default().rate(day("2026-01-06"), 1).is_err());
    }

    #[test]
    fn two_weeks_on_one_day_are_refused() {
        let week = AporWeek {
            from: day("2026-01-05"),
            rates: Vec::new(),
        };
        assert!(AporTable::try_new(vec![week.clone(), week]).is_err());
    }

    #[test]
    fn reg_c_comment_4_a_12_4_iii_rounds_to_the_nearest_year() {
        for (months, years) in [
            (123, 10),
            (129, 11),
            (126, 10),
            (127, 11),
            (5, 1),
            (0, 1),
            (360, 30),
        ] {
            assert_eq!(comparable_years(months).unwrap(), years, "{months}");
        }
        assert_eq!(comparable_years(606).unwrap(), 50);
        assert!(comparable_years(607).is_err());
    }
}
