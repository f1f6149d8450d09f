//! The intervals of the Commission's guidelines on Directive 2008/48/EC, SWD(2012) 128 final, 4.1.1.

use super::*;

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// `periods/per_year + odd_days/day_denominator` as text.
fn between(drawdown: &str, payment: &str, unit: &str) -> String {
    let unit = PeriodUnit::parse(unit).unwrap();
    let found = interval(day(drawdown), day(payment), unit).unwrap();
    let sign = if found.before { "-" } else { "" };
    let (periods, per_year) = (found.periods, found.periods_per_year);
    let (days, year) = (found.odd_days, found.day_denominator);
    format!("{sign}{periods}/{per_year} {days}/{year}")
}

#[test]
fn swd_2012_128_intervals() {
    let month = |from, to| between(from, to, "month");
    assert_eq!(month("2012-01-12", "2012-02-15"), "1/12 3/365");
    assert_eq!(month("2013-01-12", "2013-02-15"), "1/12 3/366");
    assert_eq!(month("2013-02-26", "2013-03-29"), "1/12 2/366");
    assert_eq!(month("2012-02-26", "2012-03-29"), "1/12 3/366");
    assert_eq!(between("2012-01-12", "2012-02-15", "year"), "0/1 34/365");
    assert_eq!(between("2012-01-12", "2014-02-15", "year"), "2/1 34/365");
}

#[test]
fn whole_periods_have_no_days() {
    for (from, to, unit, expected) in [
        ("2012-01-12", "2012-03-12", "month", "2/12 0/365"),
        ("2012-01-12", "2022-01-12", "year", "10/1 0/365"),
        ("2012-01-12", "2012-02-16", "week", "5/52 0/365"),
        ("2012-01-12", "2012-01-12", "month", "0/12 0/365"),
        ("2013-01-31", "2013-02-28", "month", "1/12 0/366"),
        ("2012-01-31", "2012-02-29", "month", "1/12 0/365"),
        ("2013-01-31", "2013-04-30", "month", "3/12 0/366"),
        ("2013-02-28", "2013-03-31", "month", "1/12 0/366"),
        ("2012-02-29", "2013-02-28", "year", "1/1 0/366"),
        ("2012-02-29", "2016-02-29", "year", "4/1 0/366"),
    ] {
        assert_eq!(between(from, to, unit), expected, "{from} to {to}");
    }
}

#[test]
fn days_stand_before_the_whole_periods() {
    for (from, to, unit, expected) in [
        ("2013-01-31", "2013-03-30", "month", "1/12 28/366"),
        ("2013-01-31", "2013-03-01", "month", "1/12 1/366"),
        ("2012-12-31", "2013-02-28", "month", "2/12 0/366"),
        ("2012-03-01", "2013-02-28", "year", "0/1 364/366"),
        ("2012-01-12", "2012-02-15", "2 weeks", "4/52 6/365"),
        ("2012-01-12", "2012-02-15", "10 days", "0/1 34/365"),
        ("2012-01-12", "2012-07-15", "quarter", "6/12 3/365"),
        ("2012-01-12", "2012-01-11", "month", "-0/12 1/365"),
    ] {
        assert_eq!(between(from, to, unit), expected, "{from} to {to}");
    }
}

#[test]
fn a_cost_before_the_drawdown_is_negative_time() {
    // The guarantee fee of Commission example 43 falls one year before the drawdown.
    assert_eq!(between("2015-01-01", "2014-01-01", "month"), "-12/12 0/365");
    let found = interval(day("2015-01-01"), day("2013-12-30"), PeriodUnit::Month).unwrap();
    assert_eq!((found.periods, found.odd_days), (12, 2));
    assert_eq!(found.years().unwrap().to_string(), "-367/365");
}

#[test]
fn frequency_chooses_the_unit() {
    let unit = |drawdown: &str, dates: &[&str]| {
        let dates: Vec<_> = dates.iter().map(|text| day(text)).collect();
        PeriodUnit::of_payments(day(drawdown), &dates).unwrap()
    };
    use PeriodUnit::{Month, Week, Year};
    let on_the_15th = ["2013-02-15", "2013-03-15", "2013-04-15", "2013-05-15"];
    assert_eq!(unit("2013-01-12", &on_the_15th), Month);
    let weekly = ["2013-02-01", "2013-02-08", "2013-02-15", "2013-03-01"];
    assert_eq!(unit("2013-01-12", &weekly), Week);
    let daily = ["2013-02-01", "2013-02-02", "2013-02-03", "2013-02-04"];
    assert_eq!(unit("2013-01-12", &daily), Year);
    assert_eq!(unit("2012-01-12", &["2012-02-15", "2013-02-15"]), Year);
    assert_eq!(unit("2012-01-15", &["2012-03-15", "2013-03-15"]), Month);
    assert_eq!(unit("2012-01-12", &["2014-01-12"]), Year);
    assert_eq!(unit("1994-01-01", &["1995-07-01"]), Month);
    assert_eq!(unit("2012-01-12", &["2012-02-16"]), Week);
    assert_eq!(unit("2012-01-12", &["2012-02-15"]), Month);
    assert_eq!(unit("2012-01-12", &["2012-02-15", "2012-04-02"]), Month);
    assert_eq!(unit("2012-01-12", &[]), Month);
}

#[test]
fn names_are_checked() {
    for bad in [
        "",
        "fortnight",
        "0 months",
        "+1 month",
        "1  month",
        "99999 weeks",
    ] {
        assert_eq!(
            PeriodUnit::parse(bad).unwrap_err().field,
            "period_unit",
            "{bad}"
        );
    }
}

#[test]
fn the_year_that_ends_with_the_days() {
    for start in (0..1_500).map(|days| day("2011-01-01").add_days(days).unwrap()) {
        let before = start.add_months(-12).unwrap();
        let expected = u32::try_from(before.days_until(start)).unwrap();
        assert_eq!(days_of_year_ending(start), expected, "{start}");
    }
}

#[test]
fn the_calendar_ends() {
    assert_eq!(between("1900-01-01", "1900-06-15", "year"), "0/1 165/365");
    assert_eq!(
        between("1900-01-01", "2200-12-31", "month"),
        "3611/12 30/365"
    );
}

#[test]
fn a_first_period_runs_forward() {
    let found = Years::first_period(day("2012-01-12"), day("2012-02-15"));
    let same = interval(day("2012-01-12"), day("2012-02-15"), PeriodUnit::Month);
    assert_eq!(found, same.and_then(|found| found.years()));
    assert!(Years::first_period(day("2012-01-12"), day("2012-01-12")).is_ok());
    let back = Years::first_period(day("2012-01-12"), day("2012-01-11"));
    assert_eq!(back.unwrap_err().field, "first_payment_date");
}
