//! A second calendar, made from the law instead of a table of zones: daylight saving time begins on the
//! second Sunday of March and ends on the first of November, at two in the morning (15 U.S.C. 260a).

use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_engine::date::Date;

const HOUR: i64 = 3600;

/// Hours behind Greenwich in winter, and whether clocks change.
#[derive(Debug, Clone, Copy)]
pub struct Zone {
    pub name: &'static str,
    pub behind: i64,
    pub changes: bool,
}

pub const EAST: Zone = Zone {
    name: "America/New_York",
    behind: 5,
    changes: true,
};
pub const CENTRAL: Zone = Zone {
    name: "America/Chicago",
    behind: 6,
    changes: true,
};
pub const ARIZONA: Zone = Zone {
    name: "America/Phoenix",
    behind: 7,
    changes: false,
};

pub fn day(text: &str) -> Date {
    Date::parse_iso(text).expect(text)
}

/// An instant in Greenwich: "2026-03-08 07:30".
pub fn at(text: &str) -> Instant {
    let (date, time) = text.split_once(' ').expect("a day and a time");
    let (hours, minutes) = time.split_once(':').expect("hours and minutes");
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let seconds = number(hours) * HOUR + number(minutes) * 60;
    Instant::from_seconds(days(day(date)) * DAY_SECONDS + seconds)
}

fn days(date: Date) -> i64 {
    i64::from(day("1970-01-01").days_until(date))
}

/// The Sunday of that number in a month.
fn sunday(year: i16, month: i8, number: i64) -> i64 {
    let first = days(Date::new(year, month, 1).expect("a day"));
    // January 1, 1970 was a Thursday: day 3 was a Sunday.
    first + (3 - first).rem_euclid(7) + 7 * (number - 1)
}

impl Zone {
    /// When summer time begins and ends in a year.
    fn summer(self, year: i16) -> (i64, i64) {
        let begins = sunday(year, 3, 2) * DAY_SECONDS + (2 + self.behind) * HOUR;
        let ends = sunday(year, 11, 1) * DAY_SECONDS + (2 + self.behind - 1) * HOUR;
        (begins, ends)
    }

    /// When the clocks first show a minute of a day, or have just skipped it.
    pub fn instant(self, date: Date, minute: u32) -> Instant {
        let shown = days(date) * DAY_SECONDS + i64::from(minute) * 60;
        let winter = shown + self.behind * HOUR;
        if !self.changes {
            return Instant::from_seconds(winter);
        }
        let (begins, ends) = self.summer(date.year());
        let summer = winter - HOUR;
        let seconds = if (begins..ends).contains(&summer) {
            summer
        } else if !(begins..ends).contains(&winter) {
            winter
        } else {
            begins
        };
        Instant::from_seconds(seconds)
    }

    /// The day it is there.
    pub fn day(self, at: Instant) -> Date {
        let (begins, ends) = self.summer(
            day("1970-01-01")
                .add_days(i32::try_from(at.seconds() / DAY_SECONDS).expect("in range"))
                .expect("a day")
                .year(),
        );
        let is_summer = self.changes && (begins..ends).contains(&at.seconds());
        let behind = self.behind - i64::from(is_summer);
        let number = (at.seconds() - behind * HOUR).div_euclid(DAY_SECONDS);
        let number = i32::try_from(number).expect("in range");
        day("1970-01-01").add_days(number).expect("a day")
    }
}

/// Days since a Thursday, for the day of the week.
pub fn weekday(date: Date) -> i64 {
    days(date).rem_euclid(7)
}

#[test]
fn summers_are_those_of_the_law() {
    for (date, minute, instant) in [
        ("2026-03-07", 480, "2026-03-07 13:00"),
        ("2026-03-08", 480, "2026-03-08 12:00"),
        ("2026-03-08", 150, "2026-03-08 07:00"),
        ("2026-11-01", 90, "2026-11-01 05:30"),
        ("2026-11-01", 480, "2026-11-01 13:00"),
        ("2028-03-12", 480, "2028-03-12 12:00"),
        ("2028-11-05", 119, "2028-11-05 05:59"),
    ] {
        assert_eq!(
            EAST.instant(day(date), minute),
            at(instant),
            "{date} {minute}"
        );
    }
    assert_eq!(
        ARIZONA.instant(day("2026-07-01"), 480),
        at("2026-07-01 15:00")
    );
    assert_eq!(EAST.day(at("2026-07-01 03:59")), day("2026-06-30"));
    assert_eq!(EAST.day(at("2026-07-01 04:00")), day("2026-07-01"));
    assert_eq!(weekday(day("2026-06-03")), weekday(day("1969-12-31")));
}
