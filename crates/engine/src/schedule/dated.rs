//! Schedules over given due dates and a day-count convention.

use super::payment::check;
use super::{MAX_PAYMENTS, Row};
use crate::date::Date;
use crate::day_count::{DayCount, YearFraction};
use crate::error::{EngineError, Problem};
use crate::float::{self, Wide};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// A payment of a dated schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatedRow {
    /// When it is due.
    pub due: Date,
    /// Its amounts.
    pub row: Row,
}

/// Schedule of a loan paid out at `start` and repaid by equal instalments on `due_dates`, interest
/// accruing by `day_count`.
///
/// The instalment is `P / Σ_k 1 / Π_(j≤k) (1 + r_j)` with `r_j` the rate of period j, rounded half
/// up to cents; each period's interest is rounded half up to cents; the last instalment clears.
///
/// # Errors
/// `principal` or `rate` out of bounds; `due_dates` empty, more than [`MAX_PAYMENTS`], or not
/// ascending from `start`.
pub fn dated_schedule(
    principal: Cents,
    rate: Pct,
    start: Date,
    due_dates: &[Date],
    day_count: DayCount,
) -> Result<Vec<DatedRow>, EngineError> {
    if due_dates.is_empty() {
        return Err(EngineError::new("due_dates", Problem::Empty));
    }
    if u32::try_from(due_dates.len()).map_or(true, |count| count > MAX_PAYMENTS) {
        return Err(EngineError::new(
            "due_dates",
            Problem::TooMany {
                limit: MAX_PAYMENTS,
            },
        ));
    }
    let mut periods = Vec::with_capacity(due_dates.len());
    let mut from = start;
    for due in due_dates {
        if *due <= from {
            return Err(EngineError::new("due_dates", Problem::OutOfOrder));
        }
        periods.push(day_count.year_fraction(from, *due)?);
        from = *due;
    }
    let rows = rows_of(principal, rate, &periods)?;
    Ok(due_dates
        .iter()
        .zip(rows)
        .map(|(due, row)| DatedRow { due: *due, row })
        .collect())
}

/// As [`dated_schedule`] for `payments` equal periods, each `period` of a year.
///
/// # Errors
/// `principal`, `rate` or the number of payments out of bounds.
pub fn equal_periods_schedule(
    principal: Cents,
    rate: Pct,
    payments: u32,
    period: YearFraction,
) -> Result<Vec<Row>, EngineError> {
    check(principal, rate, payments)?;
    let count = usize::try_from(payments).unwrap_or_default();
    rows_of(principal, rate, &vec![period; count])
}

fn rows_of(principal: Cents, rate: Pct, periods: &[YearFraction]) -> Result<Vec<Row>, EngineError> {
    let count = u32::try_from(periods.len()).unwrap_or(u32::MAX);
    check(principal, rate, count)?;
    let overflow = EngineError::too_large("principal");
    let instalment = instalment(principal, rate, periods).ok_or(overflow)?;
    let mut balance = principal;
    let mut rows = Vec::with_capacity(periods.len());
    for (number, period) in (1..=count).zip(periods) {
        let interest = period_interest(balance, rate, *period).ok_or(overflow)?;
        let owed = balance.checked_add(interest).ok_or(overflow)?;
        let payment = if number == count {
            owed
        } else {
            instalment.min(owed)
        };
        let part = payment.checked_sub(interest).ok_or(overflow)?;
        balance = owed.checked_sub(payment).ok_or(overflow)?;
        rows.push(Row {
            number,
            payment,
            interest,
            principal: part,
            balance,
            rate,
        });
    }
    Ok(rows)
}

/// Half-up cents of `balance × rate × period`, exact before the rounding.
fn period_interest(balance: Cents, rate: Pct, period: YearFraction) -> Option<Cents> {
    let numerator = i128::from(rate.e9()).checked_mul(i128::from(period.num))?;
    let denominator = i128::from(Pct::HUNDRED.e9()).checked_mul(i128::from(period.den))?;
    balance.mul_ratio(numerator, denominator, Rounding::HalfUp)
}

/// The equal instalment in cents, half up, from discount factors of 32 digits.
fn instalment(principal: Cents, rate: Pct, periods: &[YearFraction]) -> Option<Cents> {
    let yearly = Wide::of(float::from_i64(rate.e9())).div(Wide::of(1e11));
    let mut factor = Wide::of(1.0);
    let mut annuity = Wide::ZERO;
    let mut known: Option<(YearFraction, Wide)> = None;
    for period in periods {
        let growth = match known {
            Some((same, growth)) if same == *period => growth,
            _ => {
                let part = Wide::of(float::from_i64(period.num));
                let time = part.div(Wide::of(float::from_i64(period.den)));
                Wide::of(1.0).add(yearly.mul(time))
            }
        };
        known = Some((*period, growth));
        factor = factor.div(growth);
        annuity = annuity.add(factor);
    }
    let payment = Wide::of_i128(i128::from(principal.get())).div(annuity);
    payment
        .round_half_up()
        .map(Cents::new)
        .filter(|cents| *cents <= Cents::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(rows: &[Row]) -> Vec<(i64, i64, i64)> {
        rows.iter()
            .map(|row| (row.payment.get(), row.interest.get(), row.principal.get()))
            .collect()
    }

    #[test]
    fn fineract_actual_365_instalments() {
        let dates: Vec<_> = (2..=7)
            .map(|month| Date::new(2024, month, 1).unwrap())
            .collect();
        let start = Date::new(2024, 1, 1).unwrap();
        let rate = Pct::parse_decimal("15.678").unwrap();
        let rows =
            dated_schedule(Cents::new(10_000), rate, start, &dates, DayCount::Actual365).unwrap();
        let rows: Vec<_> = rows.iter().map(|dated| dated.row).collect();
        let expected = [
            (1743, 133, 1610),
            (1743, 105, 1638),
            (1743, 90, 1653),
            (1743, 66, 1677),
            (1743, 46, 1697),
            (1747, 22, 1725),
        ];
        assert_eq!(amounts(&rows), expected);
    }

    #[test]
    fn fineract_thirty_360_instalments() {
        let rate = Pct::parse_decimal("9.4822").unwrap();
        let rows =
            equal_periods_schedule(Cents::new(10_000), rate, 6, YearFraction::MONTH).unwrap();
        let expected = [
            (1713, 79, 1634),
            (1713, 66, 1647),
            (1713, 53, 1660),
            (1713, 40, 1673),
            (1713, 27, 1686),
            (1713, 13, 1700),
        ];
        assert_eq!(amounts(&rows), expected);
    }

    #[test]
    fn refuses_dates_out_of_order() {
        let day = |text| Date::parse_iso(text).unwrap();
        let run = |dates: &[Date]| {
            let rate = Pct::new(5_000_000_000);
            dated_schedule(
                Cents::new(1),
                rate,
                day("2024-01-01"),
                dates,
                DayCount::Actual360,
            )
        };
        assert_eq!(run(&[]).unwrap_err().problem, Problem::Empty);
        assert_eq!(
            run(&[day("2024-01-01")]).unwrap_err().problem,
            Problem::OutOfOrder
        );
    }
}
