//! Time between two dates, Annex I remark (c).

use super::years::Years;
use crate::date::Date;
use crate::error::{EngineError, Problem};

/// The period in which the times of a credit are counted, chosen from the frequency of its payments.
///
/// Remark (c) knows three: a half-year or a quarter is counted in months, a fortnight in weeks, and
/// what is more frequent than weekly in years and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodUnit {
    /// Whole years.
    Year,
    /// Equal months, a twelfth of a year each.
    Month,
    /// Weeks, a fifty-second of a year each.
    Week,
}

impl PeriodUnit {
    /// How many make a year.
    #[must_use]
    pub const fn per_year(self) -> u32 {
        match self {
            Self::Year => 1,
            Self::Month => 12,
            Self::Week => 52,
        }
    }

    /// Its name: `year`, `month` or `week`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Week => "week",
        }
    }

    /// Reads the name of a payment frequency: `year`, `half-year`, `quarter`, `month`, `semimonth`,
    /// `week`, `day`, or a number of them as in `3 months`, `2 weeks`, `10 days`.
    ///
    /// # Errors
    /// Field `period_unit` for any other text.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        let refused = EngineError::new("period_unit", Problem::UnknownName);
        let name = match text.split_once(' ') {
            None => text,
            Some((count, name)) => {
                let digits = count.bytes().all(|byte| byte.is_ascii_digit());
                let count: u16 = count.parse().map_err(|_| refused)?;
                if !digits || count == 0 {
                    return Err(refused);
                }
                name
            }
        };
        match name {
            "year" | "years" => Ok(Self::Year),
            "month" | "months" | "semimonth" | "quarter" | "quarters" | "half-year"
            | "half-years" => Ok(Self::Month),
            "week" | "weeks" => Ok(Self::Week),
            "day" | "days" => Ok(Self::Year),
            _ => Err(refused),
        }
    }

    /// The unit of the frequency seen in `payments`, dates in time order, of a credit first drawn at
    /// `drawdown`.
    ///
    /// Weeks when more than half of the gaps are whole weeks and fewer are whole months; years when
    /// every gap is whole years, or more than half are shorter than a week; otherwise months. Yearly
    /// payments whose first interval is whole months but not whole years are counted in months,
    /// because remark (c) turns to days only where no whole period fits; a single payment is counted
    /// in years, months or weeks, the first that fits.
    ///
    /// # Errors
    /// Field `date` when month arithmetic leaves the years 1900 to 2200.
    pub fn of_payments(drawdown: Date, payments: &[Date]) -> Result<Self, EngineError> {
        let Some((first, rest)) = payments.split_first() else {
            return Ok(Self::Month);
        };
        let (mut gaps, mut months, mut years, mut weeks, mut days) =
            (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
        let mut from = *first;
        for to in rest {
            let length = from.days_until(*to);
            if length > 0 {
                gaps = gaps.saturating_add(1);
                let whole = whole_months(from, *to)?;
                months = months.saturating_add(u32::from(whole.is_some()));
                let yearly = whole.and_then(|months| months.checked_rem(12)) == Some(0);
                years = years.saturating_add(u32::from(yearly));
                weeks = weeks.saturating_add(u32::from(length.checked_rem(7) == Some(0)));
                days = days.saturating_add(u32::from(length < 7));
            }
            from = *to;
        }
        let most = |count: u32| count.saturating_mul(2) > gaps;
        if most(weeks) && weeks > months {
            return Ok(Self::Week);
        }
        if most(days) {
            return Ok(Self::Year);
        }
        if years < gaps {
            return Ok(Self::Month);
        }
        // Yearly payments or a single one.
        let fits = |unit| Ok(interval(drawdown, *first, unit)?.odd_days == 0);
        Ok(if fits(Self::Year)? {
            Self::Year
        } else if fits(Self::Month)? {
            Self::Month
        } else if gaps > 0 {
            Self::Year
        } else if fits(Self::Week)? {
            Self::Week
        } else {
            Self::Month
        })
    }
}

/// A length of time in whole periods and odd days, Annex I remark (c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The payment comes before the drawdown: the time is negative.
    pub before: bool,
    /// Whole periods.
    pub periods: u32,
    /// How many such periods make a year: 1, 12 or 52.
    pub periods_per_year: u32,
    /// Days between the drawdown and the whole periods; the first is not counted, the last is.
    pub odd_days: u32,
    /// 365 or 366: days of the year that ends with the odd days.
    pub day_denominator: u32,
}

impl Interval {
    /// The time in years, `periods / periods_per_year + odd_days / day_denominator`, negative when
    /// the payment comes before the drawdown.
    ///
    /// # Errors
    /// None for the intervals of [`interval`]; field `years` for one made by hand beyond bounds.
    pub fn years(&self) -> Result<Years, EngineError> {
        let part = |num: u32, den: u32| Years::try_new(i64::from(num), i64::from(den));
        let whole = part(self.periods, self.periods_per_year)?;
        let sum = whole.checked_add(part(self.odd_days, self.day_denominator)?);
        let sum = sum.ok_or(EngineError::too_large("years"))?;
        Ok(if self.before { sum.negated() } else { sum })
    }
}

/// Time from `drawdown` to `payment`, counted in `unit`, Annex I remark (c).
///
/// Whole periods are counted back from the payment, then days to the drawdown, divided by the days
/// of the complete year that ends with them: from that last day back to the same date of the year
/// before, 28 February where there is no 29th. Months count from a day to the same day, or to the
/// last of a shorter month: 31 January to 28 February is one month, and so is 28 February to 31 March,
/// counted back. A payment before the drawdown is measured the same way with the parts exchanged,
/// counted back from the drawdown, and is negative.
///
/// # Errors
/// Field `date` when a step leaves the years 1900 to 2200.
pub fn interval(drawdown: Date, payment: Date, unit: PeriodUnit) -> Result<Interval, EngineError> {
    let before = payment < drawdown;
    let (start, end) = if before {
        (payment, drawdown)
    } else {
        (drawdown, payment)
    };
    let (periods, days_end) = match unit {
        PeriodUnit::Week => weeks_back(start, end)?,
        PeriodUnit::Month => months_back(start, end, 1)?,
        PeriodUnit::Year => months_back(start, end, 12)?,
    };
    let odd_days = u32::try_from(start.days_until(days_end)).unwrap_or_default();
    Ok(Interval {
        before,
        periods,
        periods_per_year: unit.per_year(),
        odd_days,
        day_denominator: days_of_year_ending(days_end),
    })
}

/// Days from the same date a year earlier, 28 February where there is no 29th: 366 when a 29 February
/// lies between or is the last.
fn days_of_year_ending(end: Date) -> u32 {
    let leap = |year: i16| Date::new(year, 1, 1).is_ok_and(Date::in_leap_year);
    let has_leap_day = match (end.month(), end.day()) {
        (3.., _) | (2, 29) => leap(end.year()),
        (_, _) => leap(end.year().saturating_sub(1)),
    };
    if has_leap_day { 366 } else { 365 }
}

/// Whole weeks back from `end`, and the day they reach, not before `start`.
fn weeks_back(start: Date, end: Date) -> Result<(u32, Date), EngineError> {
    let days = start.days_until(end);
    let odd = days.checked_rem(7).unwrap_or_default();
    let weeks = days
        .checked_div(7)
        .and_then(|weeks| u32::try_from(weeks).ok());
    Ok((weeks.unwrap_or_default(), start.add_days(odd)?))
}

/// Whole steps of `step` months back from `end`, and the day they reach, not before `start`.
fn months_back(start: Date, end: Date, step: u32) -> Result<(u32, Date), EngineError> {
    let refused = EngineError::new("date", Problem::NotADate);
    if let Some(months) = whole_months(start, end)?
        && let Some(0) = months.checked_rem(step)
    {
        return Ok((months.checked_div(step).unwrap_or_default(), start));
    }
    let mut periods = calendar_months(start, end)
        .checked_div(step)
        .unwrap_or_default();
    loop {
        let back = periods
            .checked_mul(step)
            .and_then(|months| i32::try_from(months).ok());
        let reached = end.add_months(back.ok_or(refused)?.saturating_neg())?;
        // At most once: the calendar months between two dates are one too many at most.
        if reached >= start || periods == 0 {
            return Ok((periods, reached.max(start)));
        }
        periods = periods.saturating_sub(1);
    }
}

/// Months from `start` to `end` when they are whole, counted either way.
fn whole_months(start: Date, end: Date) -> Result<Option<u32>, EngineError> {
    let months = calendar_months(start, end);
    let signed = i32::try_from(months).unwrap_or_default();
    let whole =
        start.add_months(signed)? == end || end.add_months(signed.saturating_neg())? == start;
    Ok(whole.then_some(months))
}

/// Months between the months of two dates, whatever their days.
fn calendar_months(start: Date, end: Date) -> u32 {
    let count = |date: Date| {
        i32::from(date.year())
            .saturating_mul(12)
            .saturating_add(i32::from(date.month()))
    };
    u32::try_from(count(end).saturating_sub(count(start))).unwrap_or_default()
}

impl Years {
    /// Time from the drawdown to the first instalment, counted in months and days: what a credit with
    /// an odd first period begins with.
    ///
    /// # Errors
    /// Field `first_payment_date` when it is earlier than the drawdown; `date` when month arithmetic
    /// leaves the years 1900 to 2200.
    pub fn first_period(drawdown: Date, first_payment: Date) -> Result<Self, EngineError> {
        if first_payment < drawdown {
            let why = "is earlier than the drawdown";
            let problem = Problem::Inconsistent(why);
            return Err(EngineError::new("first_payment_date", problem));
        }
        interval(drawdown, first_payment, PeriodUnit::Month)?.years()
    }
}

#[cfg(test)]
mod tests;
