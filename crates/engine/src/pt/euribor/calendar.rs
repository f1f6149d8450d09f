//! The TARGET calendar: the days on which Euribor is fixed.
//!
//! Source: European Central Bank, long-term calendar for TARGET closing days of 14 December 2000, in
//! force since 2002: Saturdays, Sundays, New Year's Day, Good Friday, Easter Monday, 1 May, 25 and 26
//! December.

use crate::date::Date;
use crate::error::EngineError;

/// True on a day on which TARGET is open and Euribor is fixed, by the calendar in force since 2002.
#[must_use]
pub fn is_target_day(date: Date) -> bool {
    if date.is_weekend() || matches!((date.month(), date.day()), (1 | 5, 1) | (12, 25 | 26)) {
        return false;
    }
    // Good Friday and Easter Monday lie between 20 March and 26 April.
    !matches!(date.month(), 3 | 4)
        || easter(date.year()).is_some_and(|easter| !matches!(easter.days_until(date), -2 | 1))
}

/// Number of TARGET days of the month that begins on `first`.
///
/// # Errors
/// Field `date` when the month leaves the calendar of [`Date`].
pub(super) fn target_days_in_month(first: Date) -> Result<usize, EngineError> {
    let mut open: usize = 0;
    for offset in 0..31 {
        let day = first.add_days(offset)?;
        if day.month() == first.month() && is_target_day(day) {
            open = open.saturating_add(1);
        }
    }
    Ok(open)
}

/// Easter Sunday of the Gregorian calendar (the anonymous method published in Nature, 1876).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let of = |value: i32, by: i32| (value.div_euclid(by), value.rem_euclid(by));
    let golden = year.rem_euclid(19);
    let (century, in_century) = of(year, 100);
    let (leap_centuries, century_rest) = of(century, 4);
    let eighths = century.saturating_add(8).div_euclid(25);
    let moon = century
        .saturating_sub(eighths)
        .saturating_add(1)
        .div_euclid(3);
    let epact = golden
        .saturating_mul(19)
        .saturating_add(century)
        .saturating_sub(leap_centuries)
        .saturating_sub(moon)
        .saturating_add(15)
        .rem_euclid(30);
    let (leaps, rest) = of(in_century, 4);
    let to_sunday = century_rest
        .saturating_add(leaps)
        .saturating_mul(2)
        .saturating_add(32)
        .saturating_sub(epact)
        .saturating_sub(rest)
        .rem_euclid(7);
    let late = epact
        .saturating_mul(11)
        .saturating_add(golden)
        .saturating_add(to_sunday.saturating_mul(22))
        .div_euclid(451);
    let day = epact
        .saturating_add(to_sunday)
        .saturating_sub(late.saturating_mul(7))
        .saturating_add(114);
    let (month, day0) = of(day, 31);
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    Date::new(year, month, i8::try_from(day0).ok()?.saturating_add(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_sundays() {
        for text in [
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2038-04-25",
        ] {
            let date = Date::parse_iso(text).unwrap();
            assert_eq!(easter(date.year()), Some(date));
        }
    }

    #[test]
    fn target_days_of_known_months() {
        let days = |text| target_days_in_month(Date::parse_iso(text).unwrap()).unwrap();
        // Good Friday 3 April and Easter Monday 6 April 2026 fall on weekdays.
        assert_eq!(days("2026-04-01"), 20);
        assert_eq!(days("2025-12-01"), 21);
        assert_eq!(days("2024-02-01"), 21);
        assert_eq!(days("2026-05-01"), 20);
        assert!(!is_target_day(Date::parse_iso("2026-11-21").unwrap()));
        assert!(is_target_day(Date::parse_iso("2026-11-20").unwrap()));
    }
}
