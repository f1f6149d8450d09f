//! Figures below were taken from the zones' published rules by hand.

use super::*;

fn at(text: &str) -> Instant {
    let at: Timestamp = text.parse().expect(text);
    Instant::from_micros(at.as_microsecond())
}

fn show(at: Instant) -> String {
    Timestamp::from_microsecond(at.micros())
        .expect("in range")
        .to_string()
}

fn schedule(frequency: Frequency, zone: &str, minute_of_day: u32, anchor: &str) -> Schedule {
    Schedule {
        frequency,
        timezone: Timezone::parse(zone).expect(zone),
        minute_of_day,
        anchor: Date::parse_iso(anchor).expect(anchor),
    }
}

/// The next instants after one, each after the one before.
fn following(schedule: &Schedule, from: &str, count: usize) -> Vec<String> {
    let mut now = at(from);
    let mut all = Vec::new();
    for _ in 0..count {
        now = schedule.next_after(now).expect("there is a next");
        all.push(show(now));
    }
    all
}

#[test]
fn every_day_at_the_clocks_time_whatever_the_clocks_do() {
    let east = schedule(Frequency::Daily, "America/New_York", 480, "2026-03-01");
    assert_eq!(
        following(&east, "2026-03-06T20:00:00Z", 3),
        [
            "2026-03-07T13:00:00Z",
            "2026-03-08T12:00:00Z",
            "2026-03-09T12:00:00Z"
        ]
    );
    assert_eq!(
        following(&east, "2026-10-31T12:00:00Z", 2),
        ["2026-11-01T13:00:00Z", "2026-11-02T13:00:00Z"]
    );
    let arizona = schedule(Frequency::Daily, "America/Phoenix", 480, "2026-03-01");
    assert_eq!(
        following(&arizona, "2026-03-07T15:00:00Z", 2),
        ["2026-03-08T15:00:00Z", "2026-03-09T15:00:00Z"]
    );
}

#[test]
fn a_time_that_is_skipped_is_the_first_moment_after() {
    let night = schedule(Frequency::Daily, "America/Chicago", 150, "2026-03-01");
    // At 2:00 CST, 08:00 UTC, clocks go to 3:00.
    assert_eq!(
        following(&night, "2026-03-07T12:00:00Z", 2),
        ["2026-03-08T08:00:00Z", "2026-03-09T07:30:00Z"]
    );
    // The same instant is what 2:00 itself is.
    let two = schedule(Frequency::Daily, "America/Chicago", 120, "2026-03-01");
    assert_eq!(
        following(&two, "2026-03-07T12:00:00Z", 1),
        ["2026-03-08T08:00:00Z"]
    );
}

#[test]
fn a_time_that_comes_twice_is_the_first_of_the_two() {
    let night = schedule(Frequency::Daily, "America/New_York", 90, "2026-10-01");
    assert_eq!(
        following(&night, "2026-10-31T12:00:00Z", 2),
        ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
    );
    // Asked between the two: the second is no other one.
    assert_eq!(
        following(&night, "2026-11-01T05:45:00Z", 1),
        ["2026-11-02T06:30:00Z"]
    );
}

#[test]
fn weeks_keep_their_day() {
    // 2026-06-03 is a Wednesday.
    let weekly = schedule(Frequency::Weekly, "America/Denver", 480, "2026-06-03");
    assert_eq!(
        following(&weekly, "2026-06-03T13:59:59Z", 3),
        [
            "2026-06-03T14:00:00Z",
            "2026-06-10T14:00:00Z",
            "2026-06-17T14:00:00Z"
        ]
    );
    assert_eq!(
        following(&weekly, "2026-06-03T14:00:00Z", 1),
        ["2026-06-10T14:00:00Z"]
    );
    // Late in the evening there it is Thursday in Greenwich already.
    let evening = schedule(Frequency::Weekly, "Pacific/Honolulu", 1439, "2026-06-03");
    assert_eq!(
        following(&evening, "2026-06-04T00:00:00Z", 2),
        ["2026-06-04T09:59:00Z", "2026-06-11T09:59:00Z"]
    );
}

#[test]
fn months_end_where_they_end_and_never_drift() {
    let last = schedule(Frequency::Monthly, "America/New_York", 480, "2027-10-31");
    assert_eq!(
        following(&last, "2027-10-31T20:00:00Z", 6),
        [
            "2027-11-30T13:00:00Z",
            "2027-12-31T13:00:00Z",
            "2028-01-31T13:00:00Z",
            "2028-02-29T13:00:00Z",
            "2028-03-31T12:00:00Z",
            "2028-04-30T12:00:00Z",
        ]
    );
    let leap = schedule(Frequency::Monthly, "America/New_York", 480, "2028-02-29");
    assert_eq!(
        following(&leap, "2029-01-29T20:00:00Z", 2),
        ["2029-02-28T13:00:00Z", "2029-03-29T12:00:00Z"]
    );
}

#[test]
fn every_zone_of_the_list_is_known_and_every_step_goes_forward() {
    for timezone in Timezone::all() {
        for frequency in Frequency::ALL {
            for minute_of_day in [0, 90, 150, 1439] {
                let schedule = Schedule {
                    frequency: *frequency,
                    timezone,
                    minute_of_day,
                    anchor: Date::parse_iso("2026-01-31").expect("a day"),
                };
                let mut now = at("2026-01-31T12:00:00Z");
                for _ in 0..40 {
                    let next = schedule.next_after(now).expect("there is a next");
                    assert!(next > now, "{schedule:?}");
                    assert!(next <= now.plus_seconds(32 * 86_400), "{schedule:?}");
                    now = next;
                }
            }
        }
    }
}

#[test]
fn no_time_of_day_and_no_calendar_are_no_instant() {
    let wrong = schedule(Frequency::Daily, "America/Denver", 1440, "2026-06-03");
    assert_eq!(wrong.next_after(at("2026-06-03T13:59:59Z")), None);
    let right = schedule(Frequency::Daily, "America/Denver", 480, "2026-06-03");
    assert_eq!(right.next_after(Instant::from_micros(i64::MAX)), None);
    assert_eq!(right.next_after(Instant::from_micros(i64::MIN)), None);
}

#[test]
fn days_are_those_of_the_zone() {
    let zone = Timezone::parse("America/Los_Angeles").expect("known");
    let night = at("2026-11-22T05:00:00Z");
    assert_eq!(day_text(zone, night), "November 21, 2026");
    assert_eq!(day_in(zone, night), Date::parse_iso("2026-11-21").ok());
}
