//! When a watch is looked at: a time of day on the clocks of a zone, on every day, one day of the week
//! or one day of the month.
//!
//! Clocks that are put forward skip a time: then it is the first moment after the gap. Clocks that are
//! put back show a time twice: then it is the first of the two. Months are counted from the day of the
//! subscription and never drift: the 31st is the last day of a shorter month, and the 31st again in the
//! next long one.

use jiff::civil::{self, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};
use lintel_domain::id::Instant;
use lintel_domain::staff::Timezone;
use lintel_domain::watch::Frequency;
use lintel_engine::date::Date;
use lintel_store::watch::StoredWatch;

/// Minutes in an hour.
const HOUR: u32 = 60;
/// Dates tried until one is in the future: the present period's, and the next two.
const PERIODS: i32 = 3;

/// When a watch is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// How often.
    pub frequency: Frequency,
    /// Whose clocks.
    pub timezone: Timezone,
    /// Minutes after midnight on those clocks: 0 to 1439.
    pub minute_of_day: u32,
    /// The day weeks and months are counted from, on those clocks.
    pub anchor: Date,
}

impl Schedule {
    /// That of a watch.
    pub(crate) const fn of(watch: &StoredWatch) -> Self {
        Self {
            frequency: watch.frequency,
            timezone: watch.timezone,
            minute_of_day: watch.minute_of_day,
            anchor: watch.anchor_day,
        }
    }

    /// The first instant after another one; none beyond what a calendar can hold, or when the time of
    /// day is none.
    #[must_use]
    pub fn next_after(&self, now: Instant) -> Option<Instant> {
        let zone = zone(self.timezone)?;
        let today = civil_date(&zone, now)?;
        let anchor = to_civil(self.anchor)?;
        for period in 0..PERIODS {
            let date = match self.frequency {
                Frequency::Daily => today.checked_add(Span::new().days(period)).ok()?,
                Frequency::Weekly => {
                    let first = on_or_after(today, anchor.weekday())?;
                    first.checked_add(Span::new().weeks(period)).ok()?
                }
                Frequency::Monthly => {
                    let month = today.first_of_month();
                    let month = month.checked_add(Span::new().months(period)).ok()?;
                    let day = anchor.day().min(month.days_in_month());
                    month.with().day(day).build().ok()?
                }
            };
            let at = instant(&zone, date, self.minute_of_day)?;
            if at > now {
                return Some(at);
            }
        }
        None
    }
}

fn on_or_after(day: civil::Date, weekday: Weekday) -> Option<civil::Date> {
    let days = weekday.since(day.weekday());
    day.checked_add(Span::new().days(days)).ok()
}

/// The zone's rules, of the table this program carries.
fn zone(timezone: Timezone) -> Option<TimeZone> {
    TimeZone::get(timezone.as_str()).ok()
}

fn to_civil(date: Date) -> Option<civil::Date> {
    civil::Date::new(date.year(), date.month(), date.day()).ok()
}

fn civil_date(zone: &TimeZone, at: Instant) -> Option<civil::Date> {
    let at = Timestamp::from_microsecond(at.micros()).ok()?;
    Some(zone.to_datetime(at).date())
}

/// When the clocks of a zone first show a time of a day, or first show a later one.
fn instant(zone: &TimeZone, date: civil::Date, minute_of_day: u32) -> Option<Instant> {
    let hour = i8::try_from(minute_of_day / HOUR).ok()?;
    let minute = i8::try_from(minute_of_day % HOUR).ok()?;
    let shown = date.to_datetime(civil::Time::new(hour, minute, 0, 0).ok()?);
    let at = match zone.to_ambiguous_timestamp(shown).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(shown).ok()?,
        AmbiguousOffset::Fold { before, after: _ } => before.to_timestamp(shown).ok()?,
        AmbiguousOffset::Gap { before: _, after } => {
            // Read with the clocks of afterwards the time lies before the change, and nothing changes
            // in between.
            let before = after.to_timestamp(shown).ok()?;
            zone.following(before).next()?.timestamp()
        }
    };
    Some(Instant::from_micros(at.as_microsecond()))
}

/// The day it is in a zone; none beyond what a calendar can hold.
#[must_use]
pub fn day_in(timezone: Timezone, at: Instant) -> Option<Date> {
    let day = civil_date(&zone(timezone)?, at)?;
    Date::new(day.year(), day.month(), day.day()).ok()
}

/// A day as people write it: "November 21, 2026".
#[must_use]
pub fn day_text(timezone: Timezone, at: Instant) -> String {
    let day = zone(timezone).and_then(|zone| civil_date(&zone, at));
    day.map_or_else(String::new, |day| day.strftime("%B %-d, %Y").to_string())
}

#[cfg(test)]
mod tests;
