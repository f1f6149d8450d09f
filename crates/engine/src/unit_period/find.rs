//! Which unit-period a transaction has, Appendix J (b)(1), (b)(2) and (b)(4).

use super::UnitPeriod;
use super::interval::months_back;
use super::reading::{Reading, SingleTerm};
use super::series::{Series, Spacing, readings, spacing_between};
use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::schedule::MAX_PAYMENTS;

/// The unit-period of a transaction, Appendix J (b)(4).
///
/// One advance and one payment: the term (whole months, otherwise days), or a year when it is
/// longer. Otherwise the period between advances or between payments, or from the first advance to
/// the first payment, that occurs most often and more than once, at most a year, the smaller of
/// equals; when none repeats, the average of all periods to the nearest standard interval (day,
/// semimonth, multiples of a week or month up to a year), the lower of equally near ones.
///
/// `payments` are in time order; `advances` too, the first being the start of the term.
///
/// # Errors
/// Field `advances` or `payments` when empty, out of order, or too many.
pub fn find_unit_period(advances: &[Date], payments: &[Series]) -> Result<UnitPeriod, EngineError> {
    find_unit_period_read(advances, payments, Reading::default())
}

/// As [`find_unit_period`], with the creditor's choice for a single payment after whole months.
///
/// # Errors
/// As [`find_unit_period`].
pub fn find_unit_period_read(
    advances: &[Date],
    payments: &[Series],
    reading: Reading,
) -> Result<UnitPeriod, EngineError> {
    let start = *advances
        .first()
        .ok_or(EngineError::new("advances", Problem::Empty))?;
    let first = payments
        .first()
        .ok_or(EngineError::new("payments", Problem::Empty))?;
    let limit = EngineError::new(
        "payments",
        Problem::TooMany {
            limit: MAX_PAYMENTS,
        },
    );
    let total = payments
        .iter()
        .try_fold(0_u32, |sum, series| sum.checked_add(series.count));
    if total.is_none_or(|total| total > MAX_PAYMENTS) {
        return Err(limit);
    }
    if advances.len() == 1 && total == Some(1) {
        return term(start, first.first, reading.single_term);
    }
    let mut tally = Tally::default();
    for (from, to) in advances.iter().zip(advances.iter().skip(1)) {
        tally.add_gap(*from, *to, "advances")?;
    }
    let mut from = start;
    for series in payments {
        tally.add_gap(from, series.first, "payments")?;
        tally.add_series(series)?;
        from = series.last()?;
    }
    Ok(tally.most_frequent().unwrap_or_else(|| tally.average()))
}

/// The term of a single-payment transaction as its unit-period.
fn term(start: Date, end: Date, by: SingleTerm) -> Result<UnitPeriod, EngineError> {
    let days = u32::try_from(start.days_until(end))
        .ok()
        .filter(|days| *days > 0)
        .ok_or(EngineError::new("payments", Problem::OutOfOrder))?;
    let (months, _) = months_back(start, end, end.day())?;
    if months >= 12 || days > 365 {
        return Ok(UnitPeriod::Year);
    }
    match spacing_between(start, end) {
        Some(Spacing::Months(months)) if by == SingleTerm::Months => {
            Ok(UnitPeriod::TermMonths(months))
        }
        Some(Spacing::Months(_) | Spacing::Days(_) | Spacing::Semimonth) | None => {
            Ok(UnitPeriod::TermDays(days))
        }
    }
}

/// How often each period occurs.
#[derive(Default)]
struct Tally {
    counts: Vec<(Spacing, u32)>,
    periods: u64,
    days: u64,
}

/// Most different periods kept apart; a transaction with more has no regular rhythm to find.
const MAX_DISTINCT: usize = 4096;

impl Tally {
    /// Counts the interval between two dates; two events on one day are no period.
    fn add_gap(&mut self, from: Date, to: Date, field: &'static str) -> Result<(), EngineError> {
        let days = u64::try_from(from.days_until(to))
            .map_err(|_| EngineError::new(field, Problem::OutOfOrder))?;
        if days == 0 {
            return Ok(());
        }
        self.periods = self.periods.saturating_add(1);
        self.days = self.days.saturating_add(days);
        for spacing in readings(from, to).into_iter().flatten() {
            self.count(spacing, 1)?;
        }
        Ok(())
    }

    fn add_series(&mut self, series: &Series) -> Result<(), EngineError> {
        let gaps = series.count.saturating_sub(1);
        if gaps == 0 {
            return Ok(());
        }
        let days = series.first.days_until(series.last()?);
        self.periods = self.periods.saturating_add(u64::from(gaps));
        self.days = self
            .days
            .saturating_add(u64::try_from(days).unwrap_or_default());
        self.count(series.spacing, gaps)
    }

    fn count(&mut self, spacing: Spacing, times: u32) -> Result<(), EngineError> {
        if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == spacing) {
            *count = count.saturating_add(times);
            return Ok(());
        }
        if self.counts.len() >= MAX_DISTINCT {
            let limit = u32::try_from(MAX_DISTINCT).unwrap_or(u32::MAX);
            return Err(EngineError::new("payments", Problem::TooMany { limit }));
        }
        self.counts.push((spacing, times));
        Ok(())
    }

    /// The common period that occurs most often, the smaller of equals.
    fn most_frequent(&self) -> Option<UnitPeriod> {
        self.counts
            .iter()
            .filter(|(_, count)| *count > 1)
            .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.length().cmp(&a.0.length())))
            .map(|(spacing, _)| spacing.unit_period())
    }

    /// The standard interval nearest to the average period, the lower of equally near ones.
    fn average(&self) -> UnitPeriod {
        let weeks = (1..=52).map(|weeks: u32| Spacing::Days(weeks.saturating_mul(7)));
        let months = (1..=12).map(Spacing::Months);
        // Compare |days × 24 − length × periods|: both sides of the average, without a division.
        let total = self.days.saturating_mul(24);
        let distance = |spacing: &Spacing| {
            let length = spacing.length();
            (
                total.abs_diff(length.saturating_mul(self.periods.max(1))),
                length,
            )
        };
        [Spacing::Days(1), Spacing::Semimonth]
            .into_iter()
            .chain(weeks)
            .chain(months)
            .min_by_key(distance)
            .map_or(UnitPeriod::Year, Spacing::unit_period)
    }
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

    fn found(advance: &str, payments: &[Series]) -> String {
        find_unit_period(&[day(advance)], payments)
            .unwrap()
            .to_string()
    }

    #[test]
    fn regular_streams_have_their_own_spacing() {
        let monthly = series("1978-02-10", 24, Spacing::Months(1));
        assert_eq!(found("1978-01-10", &[monthly]), "1 month");
        let weekly = series("1978-04-21", 30, Spacing::Days(7));
        assert_eq!(found("1978-03-20", &[weekly]), "1 week");
        let every_four_weeks = [
            Series::single(day("1978-04-20")),
            series("1978-05-18", 11, Spacing::Days(28)),
        ];
        assert_eq!(found("1978-03-18", &every_four_weeks), "4 weeks");
        let quarterly = series("1978-10-01", 40, Spacing::Months(3));
        assert_eq!(found("1978-05-23", &[quarterly]), "3 months");
    }

    #[test]
    fn single_dates_are_read_as_months_where_they_can_be() {
        let dates = ["1978-01-31", "1978-02-28", "1978-03-31", "1978-04-30"];
        let payments: Vec<_> = dates.iter().map(|text| Series::single(day(text))).collect();
        assert_eq!(found("1977-12-31", &payments), "1 month");
        let dates = ["1978-02-01", "1978-03-01", "1978-03-29", "1978-04-26"];
        let payments: Vec<_> = dates.iter().map(|text| Series::single(day(text))).collect();
        assert_eq!(found("1978-01-04", &payments), "4 weeks");
    }

    #[test]
    fn appendix_j_c5_single_payments() {
        let pay = |text| [Series::single(day(text))];
        assert_eq!(found("1978-01-03", &pay("1978-09-15")), "255 days (term)");
        assert_eq!(found("1978-07-15", &pay("1979-01-15")), "6 months (term)");
        assert_eq!(found("1978-01-17", &pay("1979-07-17")), "1 year");
        assert_eq!(found("1978-01-03", &pay("1980-01-03")), "1 year");
    }

    #[test]
    fn a_single_payment_may_count_days_instead_of_months() {
        let reading = Reading {
            single_term: SingleTerm::Days,
            ..Reading::default()
        };
        let pay = [Series::single(day("1979-01-15"))];
        let unit = find_unit_period_read(&[day("1978-07-15")], &pay, reading).unwrap();
        assert_eq!(unit, UnitPeriod::TermDays(184));
    }

    #[test]
    fn ties_take_the_smaller_and_years_cap() {
        let both = [
            series("2020-02-01", 3, Spacing::Months(1)),
            series("2020-10-01", 3, Spacing::Months(3)),
        ];
        // One month three times with the advance on 1 January; three months twice.
        assert_eq!(found("2020-01-01", &both), "1 month");
        let tie = [
            series("2020-01-20", 3, Spacing::Months(2)),
            series("2020-08-03", 3, Spacing::Months(3)),
        ];
        assert_eq!(found("2020-01-01", &tie), "2 months");
        let two_years = series("2022-01-01", 4, Spacing::Months(24));
        assert_eq!(found("2020-01-01", &[two_years]), "1 year");
    }

    #[test]
    fn without_a_common_period_the_average_counts() {
        // 20 and 41 days: average 30.5, nearest to a month of 365/12 days.
        let payments = [
            Series::single(day("2021-01-21")),
            Series::single(day("2021-03-03")),
        ];
        assert_eq!(found("2021-01-01", &payments), "1 month");
        // 3 and 8 days: average 5.5, nearer to a week than to a day.
        let payments = [
            Series::single(day("2021-01-04")),
            Series::single(day("2021-01-12")),
        ];
        assert_eq!(found("2021-01-01", &payments), "1 week");
    }
}
