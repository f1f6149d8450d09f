//! Euribor as the index of home loans: daily fixings, month averages, which month a contract uses.
//!
//! Source: DL 240/2006 of 22 December, article 3: the index is the simple average of the daily
//! fixings of the calendar month before the interest period. Loan contracts round it to the third
//! decimal; it then holds for as long as its tenor.

mod calendar;

use crate::aprc::assumptions::highest_of_last_years;
use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::money::{Rounding, divide};
use crate::rate::Pct;

pub use calendar::is_target_day;

/// Term of the interbank deposit a Euribor rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tenor {
    /// One month.
    OneMonth,
    /// Three months.
    ThreeMonths,
    /// Six months.
    SixMonths,
    /// Twelve months.
    TwelveMonths,
}

impl Tenor {
    /// Every tenor, shortest first.
    pub const ALL: &'static [Self] = &[
        Self::OneMonth,
        Self::ThreeMonths,
        Self::SixMonths,
        Self::TwelveMonths,
    ];

    /// Months of the tenor, which are also the months from one reset of the rate to the next.
    #[must_use]
    pub const fn months(self) -> u32 {
        match self {
            Self::OneMonth => 1,
            Self::ThreeMonths => 3,
            Self::SixMonths => 6,
            Self::TwelveMonths => 12,
        }
    }

    /// Usual short name: `1M`, `3M`, `6M`, `12M`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneMonth => "1M",
            Self::ThreeMonths => "3M",
            Self::SixMonths => "6M",
            Self::TwelveMonths => "12M",
        }
    }

    /// Reads `1M`, `3M`, `6M` or `12M`, in either case.
    ///
    /// # Errors
    /// Field `tenor` when the text is none of them.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        Self::ALL
            .iter()
            .copied()
            .find(|tenor| tenor.name().eq_ignore_ascii_case(text))
            .ok_or(EngineError::new("tenor", Problem::UnknownName))
    }
}

/// Decimals of a month average, as billionths of a percent: the third.
const THOUSANDTH: i128 = 1_000_000;
/// Most fixings of a series: a century of days.
pub const MAX_FIXINGS: usize = 40_000;
/// Years the illustrative rate of Directive 2014/17/EU, article 17(6), looks back.
const ILLUSTRATIVE_YEARS: u32 = 20;

/// Daily fixings of one tenor, in order of their dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailySeries {
    tenor: Tenor,
    fixings: Vec<(Date, Pct)>,
}

impl DailySeries {
    /// A series from fixings in ascending order of dates.
    ///
    /// # Errors
    /// Field `fixings`: too many; dates not strictly ascending; a day without fixings (a weekend or
    /// TARGET holiday).
    pub fn try_new(tenor: Tenor, fixings: Vec<(Date, Pct)>) -> Result<Self, EngineError> {
        check_order("fixings", &fixings)?;
        if fixings.iter().any(|(date, _)| !is_target_day(*date)) {
            let why = "has a day on which Euribor is not fixed";
            return Err(EngineError::new("fixings", Problem::Inconsistent(why)));
        }
        Ok(Self { tenor, fixings })
    }

    /// Tenor of the rates.
    #[must_use]
    pub const fn tenor(&self) -> Tenor {
        self.tenor
    }

    /// Simple average of the fixings of the month of `day`, half up (ties away from zero) at the
    /// third decimal.
    ///
    /// # Errors
    /// Field `fixings` when a TARGET day of the month has no fixing: an average of some of the days is
    /// not the average of the month.
    pub fn month_average(&self, day: Date) -> Result<Pct, EngineError> {
        let missing = EngineError::new(
            "fixings",
            Problem::Inconsistent("lacks a day of the month that is averaged"),
        );
        let from = day.first_of_month();
        let next = from.add_months(1)?;
        let first = self.fixings.partition_point(|(date, _)| *date < from);
        let end = self.fixings.partition_point(|(date, _)| *date < next);
        let month = self.fixings.get(first..end).unwrap_or_default();
        if month.len() != calendar::target_days_in_month(from)? || month.is_empty() {
            return Err(missing);
        }
        average(month).ok_or(EngineError::too_large("fixings"))
    }

    /// Month averages of every month that is complete.
    #[must_use]
    pub fn month_averages(&self) -> MonthlySeries {
        let mut months: Vec<Date> = Vec::new();
        for (date, _) in &self.fixings {
            let month = date.first_of_month();
            if months.last() != Some(&month) {
                months.push(month);
            }
        }
        let averages = months
            .into_iter()
            .filter_map(|month| self.month_average(month).ok().map(|rate| (month, rate)))
            .collect();
        MonthlySeries {
            tenor: self.tenor,
            averages,
        }
    }
}

/// Month averages of one tenor, in order of the months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthlySeries {
    tenor: Tenor,
    averages: Vec<(Date, Pct)>,
}

impl MonthlySeries {
    /// A series from averages in ascending order; any day names its month. Months may be missing:
    /// looking one up is what fails.
    ///
    /// # Errors
    /// Field `averages`: too many, or months not strictly ascending.
    pub fn try_new(tenor: Tenor, averages: Vec<(Date, Pct)>) -> Result<Self, EngineError> {
        let averages: Vec<(Date, Pct)> = averages
            .into_iter()
            .map(|(date, rate)| (date.first_of_month(), rate))
            .collect();
        check_order("averages", &averages)?;
        Ok(Self { tenor, averages })
    }

    /// Tenor of the rates.
    #[must_use]
    pub const fn tenor(&self) -> Tenor {
        self.tenor
    }

    /// The averages, each with the first day of its month.
    #[must_use]
    pub fn averages(&self) -> &[(Date, Pct)] {
        &self.averages
    }

    /// Average of the month of `day`.
    ///
    /// # Errors
    /// Field `averages` when the month is missing.
    pub fn of_month(&self, day: Date) -> Result<Pct, EngineError> {
        let month = day.first_of_month();
        self.averages
            .binary_search_by_key(&month, |(month, _)| *month)
            .ok()
            .and_then(|index| self.averages.get(index))
            .map(|(_, rate)| *rate)
            .ok_or(EngineError::new(
                "averages",
                Problem::Inconsistent("lacks the month that is asked for"),
            ))
    }

    /// The index of an interest period that begins on `period_start`: the average of the month
    /// before. A contract of April uses March.
    ///
    /// # Errors
    /// Field `averages` when that month is missing.
    pub fn for_period(&self, period_start: Date) -> Result<Pct, EngineError> {
        self.of_month(period_start.first_of_month().add_months(-1)?)
    }

    /// Highest average of the twenty years before `date`, or of the longest series there is: the index
    /// of the illustrative rate, Directive 2014/17/EU, article 17(6).
    ///
    /// # Errors
    /// Field `averages` when no month lies in that time.
    pub fn highest_of_20_years(&self, date: Date) -> Result<Pct, EngineError> {
        let last = date.first_of_month().add_days(-1)?;
        highest_of_last_years(&self.averages, last, ILLUSTRATIVE_YEARS)
            .map_err(|error| EngineError::new("averages", error.problem))
    }
}

fn check_order(field: &'static str, values: &[(Date, Pct)]) -> Result<(), EngineError> {
    if values.len() > MAX_FIXINGS {
        let problem = Problem::TooMany { limit: 40_000 };
        return Err(EngineError::new(field, problem));
    }
    let ascending = values
        .iter()
        .zip(values.iter().skip(1))
        .all(|((earlier, _), (later, _))| earlier < later);
    if ascending {
        Ok(())
    } else {
        Err(EngineError::new(field, Problem::OutOfOrder))
    }
}

fn average(month: &[(Date, Pct)]) -> Option<Pct> {
    let sum: i128 = month.iter().map(|(_, rate)| i128::from(rate.e9())).sum();
    let days = i128::try_from(month.len()).ok()?;
    // One rounding, at the third decimal, as contracts state the index.
    let thousandths = divide(sum, days.checked_mul(THOUSANDTH)?, Rounding::HalfUp)?;
    let rate = thousandths.checked_mul(THOUSANDTH)?;
    i64::try_from(rate).ok().map(Pct::new)
}

#[cfg(test)]
mod tests;
