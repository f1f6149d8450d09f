//! Whole unit-periods and the left-over fraction between two dates, Appendix J (b)(5).

use super::UnitPeriod;
use super::reading::{OddYear, Reading};
use crate::date::Date;
use crate::day_count::months_apart;
use crate::error::{EngineError, Problem};
use crate::ratio::Ratio;

/// Time from a start to a later date, in unit-periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Whole unit-periods.
    pub whole: u32,
    /// The part left over, at the start of the interval; from 0 to 1 inclusive (31 odd days cannot
    /// be, 30 of 30 can).
    pub fraction: Ratio,
}

/// Unit-periods from `start` to `end`.
///
/// Months are counted back from the later date to the same day number, or to the month's last day
/// when it is shorter; what remains is odd days. With `month_end_series`, and `end` on a month end,
/// the months are counted from month end to month end. Days and weeks are calendar days. Fractions:
/// odd days over 30 for a month; `30 × months + odd days` over 15 for a semimonth and over 30 × m
/// for m months; for a year whole months over 12, otherwise days over 365.
///
/// # Errors
/// Field `end` when it is before `start`.
pub fn interval(
    start: Date,
    end: Date,
    unit: UnitPeriod,
    month_end_series: bool,
) -> Result<Interval, EngineError> {
    let sticky = month_end_series && end.is_month_end();
    interval_with_anchor(start, end, unit, if sticky { 31 } else { end.day() })
}

/// As [`interval`], with the day number of the payment series `end` belongs to: a payment on
/// 28 February of a series on the 30th is counted back to 30 January.
///
/// # Errors
/// Field `end` when it is before `start`.
pub fn interval_with_anchor(
    start: Date,
    end: Date,
    unit: UnitPeriod,
    anchor_day: i8,
) -> Result<Interval, EngineError> {
    interval_read(start, end, unit, anchor_day, Reading::default())
}

/// As [`interval_with_anchor`], with the creditor's choice where Appendix J leaves one.
///
/// # Errors
/// Field `end` when it is before `start`.
pub fn interval_read(
    start: Date,
    end: Date,
    unit: UnitPeriod,
    anchor_day: i8,
    reading: Reading,
) -> Result<Interval, EngineError> {
    let days = u32::try_from(start.days_until(end))
        .map_err(|_| EngineError::new("end", Problem::OutOfOrder))?;
    let split = |time: u32, length: u32| Interval {
        whole: time.checked_div(length).unwrap_or_default(),
        fraction: Ratio::over(time.checked_rem(length).unwrap_or_default(), length),
    };
    Ok(match unit {
        UnitPeriod::Days(1) => Interval {
            whole: days,
            fraction: Ratio::ZERO,
        },
        UnitPeriod::Days(length) | UnitPeriod::TermDays(length) => split(days, length),
        UnitPeriod::Weeks(weeks) => split(days, weeks.saturating_mul(7)),
        UnitPeriod::Months(1) => {
            let (months, odd) = months_back(start, end, anchor_day)?;
            Interval {
                whole: months,
                fraction: Ratio::over(odd, 30),
            }
        }
        UnitPeriod::Semimonth => split(thirty_day_months(start, end, anchor_day)?, 15),
        UnitPeriod::Months(count) | UnitPeriod::TermMonths(count) => split(
            thirty_day_months(start, end, anchor_day)?,
            count.saturating_mul(30),
        ),
        UnitPeriod::Year => years(start, end, anchor_day, reading.odd_year)?,
    })
}

fn thirty_day_months(start: Date, end: Date, anchor_day: i8) -> Result<u32, EngineError> {
    let (months, odd) = months_back(start, end, anchor_day)?;
    Ok(months.saturating_mul(30).saturating_add(odd))
}

fn years(
    start: Date,
    end: Date,
    anchor_day: i8,
    odd_year: OddYear,
) -> Result<Interval, EngineError> {
    let (months, odd) = months_back(start, end, anchor_day)?;
    let (whole, rest) = (months / 12, months % 12);
    if odd == 0 {
        let fraction = Ratio::over(rest, 12);
        return Ok(Interval { whole, fraction });
    }
    if odd_year == OddYear::Over360 {
        // Eleven months and 30 odd days are 360/360.
        let days = rest.saturating_mul(30).saturating_add(odd).min(360);
        let fraction = Ratio::over(days, 360);
        return Ok(Interval { whole, fraction });
    }
    let back = i32::try_from(whole).unwrap_or_default().saturating_mul(-12);
    let from = end.add_months_keeping_day(back, anchor_day)?;
    let days = u32::try_from(start.days_until(from)).unwrap_or_default();
    // A leap year can hold 365 days and still not be whole: that is 365/365.
    Ok(Interval {
        whole,
        fraction: Ratio::over(days.min(365), 365),
    })
}

/// Whole months counted back from `end`, and the odd days before them.
pub(super) fn months_back(
    start: Date,
    end: Date,
    anchor_day: i8,
) -> Result<(u32, u32), EngineError> {
    let mut months = months_apart(start, end);
    let mut from = end.add_months_keeping_day(months.saturating_neg(), anchor_day)?;
    if from < start {
        months = months.saturating_sub(1);
        from = end.add_months_keeping_day(months.saturating_neg(), anchor_day)?;
    }
    let odd = start.days_until(from);
    // An anchor above the day of `end` may put even month zero past `end`; start <= end holds.
    Ok((
        u32::try_from(months).unwrap_or_default(),
        u32::try_from(odd).unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(start: &str, end: &str, unit: &str, month_end: bool) -> String {
        let unit = UnitPeriod::parse(unit).unwrap();
        let (start, end) = (
            Date::parse_iso(start).unwrap(),
            Date::parse_iso(end).unwrap(),
        );
        let found = interval(start, end, unit, month_end).unwrap();
        format!("{} {}", found.whole, found.fraction)
    }

    #[test]
    fn appendix_j_example_intervals() {
        assert_eq!(run("1978-02-10", "1978-04-01", "1 month", false), "1 19/30");
        assert_eq!(
            run("1978-02-23", "1978-03-01", "semimonth", false),
            "0 6/15"
        );
        assert_eq!(
            run("1978-05-23", "1978-10-01", "3 months", false),
            "1 39/90"
        );
        assert_eq!(run("1978-03-20", "1978-04-21", "1 week", false), "4 4/7");
        assert_eq!(run("1978-03-18", "1978-04-20", "4 weeks", false), "1 5/28");
        assert_eq!(run("1978-04-03", "1978-04-11", "2 weeks", false), "0 8/14");
        assert_eq!(
            run("1978-01-10", "1978-03-01", "2 months", false),
            "0 52/60"
        );
        assert_eq!(run("1978-01-03", "1978-09-15", "1 day", false), "255 0/1");
        assert_eq!(run("1978-01-17", "1979-07-17", "1 year", false), "1 6/12");
        assert_eq!(run("1978-01-03", "1980-01-06", "1 year", false), "2 3/365");
    }

    #[test]
    fn month_ends_and_february() {
        assert_eq!(run("2023-01-31", "2023-02-28", "1 month", true), "1 0/30");
        assert_eq!(run("2023-01-31", "2023-02-28", "1 month", false), "0 28/30");
        assert_eq!(run("2023-01-31", "2023-04-30", "1 month", true), "3 0/30");
        assert_eq!(run("2023-02-28", "2023-03-30", "1 month", false), "1 0/30");
        assert_eq!(run("2023-05-01", "2023-05-31", "1 month", false), "0 30/30");
        assert_eq!(run("2024-02-29", "2025-02-28", "1 year", true), "1 0/12");
        assert_eq!(run("2024-02-29", "2024-02-29", "1 month", false), "0 0/30");
        assert_eq!(
            run("2024-01-01", "2024-12-31", "1 year", false),
            "0 365/365"
        );
    }

    #[test]
    fn odd_days_beside_years_may_be_read_over_360() {
        let reading = Reading {
            odd_year: OddYear::Over360,
            ..Reading::default()
        };
        let read = |start: &str, end: &str| {
            let (start, end) = (
                Date::parse_iso(start).unwrap(),
                Date::parse_iso(end).unwrap(),
            );
            let found = interval_read(start, end, UnitPeriod::Year, end.day(), reading).unwrap();
            format!("{} {}", found.whole, found.fraction)
        };
        assert_eq!(read("1978-01-03", "1980-01-06"), "2 3/360");
        assert_eq!(read("1978-01-17", "1979-07-17"), "1 6/12");
        assert_eq!(read("2024-01-01", "2024-12-31"), "0 360/360");
    }

    #[test]
    fn a_february_payment_counts_back_to_its_series_day() {
        let (start, end) = (
            Date::new(2023, 1, 30).unwrap(),
            Date::new(2023, 2, 28).unwrap(),
        );
        let found = interval_with_anchor(start, end, UnitPeriod::Months(1), 30).unwrap();
        assert_eq!((found.whole, found.fraction.num), (1, 0));
    }

    #[test]
    fn refuses_an_end_before_the_start() {
        let (start, end) = (
            Date::new(2023, 1, 30).unwrap(),
            Date::new(2023, 1, 29).unwrap(),
        );
        assert!(interval(start, end, UnitPeriod::Year, false).is_err());
    }
}
