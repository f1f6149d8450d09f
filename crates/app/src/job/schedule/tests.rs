//! When schedules fire next, and expressions that are none.

use super::*;

/// 2026-11-21 08:30:00 UTC, a Saturday.
const NOW: Instant = Instant::from_seconds(1_795_249_800);

fn after(cron: &str, now: Instant) -> Option<i64> {
    let cron = Cron::parse(cron).unwrap_or_else(|why| panic!("{cron}: {why}"));
    cron.next_after(now)
        .map(|next| next.seconds() - now.seconds())
}

#[test]
fn expressions_are_those_of_a_crontab() {
    for (cron, seconds) in [
        ("* * * * *", 60),
        ("30 8 * * *", 86_400),
        ("31 8 * * *", 60),
        ("*/20 * * * *", 600),
        ("0 0 * * MON", 15 * 3600 + 30 * 60 + 86_400),
        ("0 9 * * MON-FRI", 2 * 86_400 + 1800),
        ("0,45 * * * *", 900),
        ("*/10 * * * * *", 10),
        ("0 0 1 1 *", 41 * 86_400 - 8 * 3600 - 1800),
    ] {
        assert_eq!(after(cron, NOW), Some(seconds), "{cron}");
    }
    for known in &KNOWN {
        assert!(after(known.cron, NOW).is_some_and(|s| s <= 3600));
    }
}

#[test]
fn what_is_no_expression_is_refused() {
    let long = format!("{} * * * *", "0,".repeat(60));
    for bad in [
        "",
        "*",
        "* * * *",
        "* * * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 1",
        "* * * * 0-6",
        "* * * * MOON",
        "*/0 * * * *",
        "*/00 * * * *",
        "0-10/0 * * * *",
        "*/ * * * *",
        "0,*/0 * * * *",
        "10-5 * * * *",
        "-1 * * * *",
        "@hourly",
        "99999999999999999999 * * * *",
        "* * * * *\0",
        "ä * * * *",
        &long,
    ] {
        assert!(Cron::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_day_that_never_comes_has_no_next_time() {
    assert_eq!(after("0 0 30 2 *", NOW), None);
    assert_eq!(after("* * * * *", Instant::from_micros(i64::MAX)), None);
    // 2028 has the next 29th of February.
    assert_eq!(
        after("0 0 29 2 *", NOW).map(|s| (s + 30_600) / 86_400),
        Some(465)
    );
}
