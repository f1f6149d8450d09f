//! The civil day in mainland Portugal: what "today" is for a bank there.
//!
//! Western European time is UTC, and one hour later in summer, from the last Sunday of March to that of
//! October, at 01:00 UTC both (Directive 2000/84/EC, articles 1 to 3; Decreto-Lei 17/96). Years before 1996,
//! which no loan of ours is made in, are read by the same rule.

use lintel_engine::Date;

use crate::id::{DAY_SECONDS, Instant};

/// Seconds of the hour summer is ahead, and of the hour of the night it begins and ends.
const HOUR: i64 = 3600;

/// The civil day in Lisbon at an instant. Instants outside the years a date can have are those years'
/// first or last day.
#[must_use]
pub fn day_of(at: Instant) -> Date {
    let seconds = at.seconds();
    let local = seconds.saturating_add(if is_summer(seconds) { HOUR } else { 0 });
    date(local.div_euclid(DAY_SECONDS))
}

/// The first instant of a civil day in Lisbon. Days are 23 to 25 hours long; none begins within the hour
/// that is skipped or comes twice, which is from one to two.
#[must_use]
pub fn start_of(day: Date) -> Instant {
    let midnight = days(day).saturating_mul(DAY_SECONDS);
    let summer = midnight.saturating_sub(HOUR);
    Instant::from_seconds(if is_summer(summer) { summer } else { midnight })
}

/// The first instant after a civil day in Lisbon: the end of what is valid on it.
#[must_use]
pub fn end_of(day: Date) -> Instant {
    match day.add_days(1) {
        Ok(next) => start_of(next),
        Err(_) => start_of(day).plus_seconds(DAY_SECONDS),
    }
}

/// The last civil day in Lisbon of something that is over at an instant: what [`end_of`] was asked about.
#[must_use]
pub fn last_day(over: Instant) -> Date {
    day_of(over.plus_seconds(-1))
}

fn is_summer(seconds: i64) -> bool {
    let year = date(seconds.div_euclid(DAY_SECONDS)).year();
    let change = |month| last_sunday(year, month).map(|day| day.saturating_mul(DAY_SECONDS) + HOUR);
    let (start, end) = (change(3), change(10));
    start.is_some_and(|start| seconds >= start) && end.is_some_and(|end| seconds < end)
}

/// Days from 1970-01-01, a Thursday, to the last Sunday of a month of 31 days.
fn last_sunday(year: i16, month: i8) -> Option<i64> {
    let last = days(Date::new(year, month, 31).ok()?);
    Some(last - (last + 4).rem_euclid(7))
}

/// Days from 1970-01-01.
fn days(day: Date) -> i64 {
    let from_first = i64::from(Date::FIRST.days_until(day));
    from_first - first_to_epoch()
}

/// Days from the first date there is to 1970-01-01.
fn first_to_epoch() -> i64 {
    // 70 years, of which 17 (1904 to 1968) were leap years.
    70 * 365 + 17
}

fn date(days: i64) -> Date {
    let from_first = days.saturating_add(first_to_epoch()).max(0);
    let last = || Date::new(2200, 12, 31).unwrap_or(Date::FIRST);
    let added = i32::try_from(from_first).ok();
    let added = added.and_then(|added| Date::FIRST.add_days(added).ok());
    added.unwrap_or_else(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        let (day, time) = text.split_once('T').expect("an instant");
        let day = Date::parse_iso(day).expect("a day");
        let parts: Vec<i64> = time
            .split(':')
            .map(|p| p.parse().expect("a number"))
            .collect();
        Instant::from_seconds(days(day) * DAY_SECONDS + parts[0] * 3600 + parts[1] * 60 + parts[2])
    }

    #[test]
    fn days_begin_an_hour_earlier_in_summer() {
        for (instant, day) in [
            ("1970-01-01T00:00:00", "1970-01-01"),
            ("2026-01-15T23:59:59", "2026-01-15"),
            ("2026-01-16T00:00:00", "2026-01-16"),
            ("2026-07-15T22:59:59", "2026-07-15"),
            ("2026-07-15T23:00:00", "2026-07-16"),
            ("2026-03-28T23:59:59", "2026-03-28"),
            ("2026-03-29T23:00:00", "2026-03-30"),
            ("2026-10-24T23:00:00", "2026-10-25"),
            ("2026-10-25T23:00:00", "2026-10-25"),
            ("2024-03-30T23:30:00", "2024-03-30"),
            ("2024-03-31T22:59:59", "2024-03-31"),
            ("2024-03-31T23:00:00", "2024-04-01"),
            ("2000-02-29T12:00:00", "2000-02-29"),
        ] {
            assert_eq!(day_of(at(instant)).to_string(), day, "{instant}");
        }
    }

    #[test]
    fn every_day_begins_where_the_one_before_ends() {
        let mut day = Date::new(2023, 12, 31).expect("a day");
        for _ in 0..1090 {
            let (start, end) = (start_of(day), end_of(day));
            assert_eq!((day_of(start), last_day(end)), (day, day));
            let next = day.add_days(1).expect("the next");
            assert_eq!((day_of(end), start_of(next)), (next, end));
            let hours = (end.seconds() - start.seconds()) / 3600;
            let is_change = |d: &str| day.to_string() == d;
            let expected = match hours {
                23 => is_change("2024-03-31") || is_change("2025-03-30") || is_change("2026-03-29"),
                25 => is_change("2024-10-27") || is_change("2025-10-26") || is_change("2026-10-25"),
                _ => hours == 24,
            };
            assert!(expected, "{day} has {hours} hours");
            day = next;
        }
    }

    #[test]
    fn instants_beyond_all_dates_are_the_last_and_first() {
        assert_eq!(
            day_of(Instant::from_micros(i64::MIN)).to_string(),
            "1900-01-01"
        );
        assert_eq!(
            day_of(Instant::from_micros(i64::MAX)).to_string(),
            "2200-12-31"
        );
        let last = Date::new(2200, 12, 31).expect("a day");
        assert!(end_of(last) > start_of(last));
    }
}
