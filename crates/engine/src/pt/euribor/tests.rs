//! Averages, look-ups and refusals of Euribor series.

use super::*;

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

/// A fixing for each TARGET day from `first` for `days` days, by a function of its position.
fn fixings(first: &str, days: i32, rate: impl Fn(i64) -> i64) -> Vec<(Date, Pct)> {
    let open = (0..days)
        .map(|offset| day(first).add_days(offset).unwrap())
        .filter(|date| is_target_day(*date));
    open.zip(0..)
        .map(|(date, position)| (date, Pct::new(rate(position) * 1_000_000)))
        .collect()
}

#[test]
fn simple_average_at_the_third_decimal() {
    // March 2026 has 22 TARGET days; 2.000, 2.001 … average 2.0105, a tie that goes up.
    let series =
        DailySeries::try_new(Tenor::SixMonths, fixings("2026-03-01", 31, |n| 2000 + n)).unwrap();
    assert_eq!(series.month_average(day("2026-03-15")), Ok(pct("2.011")));
    let below =
        DailySeries::try_new(Tenor::SixMonths, fixings("2026-03-01", 31, |n| -500 - n)).unwrap();
    assert_eq!(below.month_average(day("2026-03-01")), Ok(pct("-0.511")));
}

#[test]
fn a_missing_day_is_an_error() {
    let mut days = fixings("2026-03-01", 61, |_| 2000);
    days.remove(5);
    let series = DailySeries::try_new(Tenor::OneMonth, days).unwrap();
    assert_eq!(
        series.month_average(day("2026-03-01")).unwrap_err().field,
        "fixings"
    );
    assert_eq!(series.month_average(day("2026-04-01")), Ok(pct("2")));
    assert!(series.month_average(day("2026-05-01")).is_err());
    let averages = series.month_averages();
    assert_eq!(averages.averages(), [(day("2026-04-01"), pct("2"))]);
}

#[test]
fn a_contract_of_april_uses_march() {
    let averages = vec![
        (day("2026-02-28"), pct("2.1")),
        (day("2026-03-01"), pct("2.2")),
    ];
    let series = MonthlySeries::try_new(Tenor::TwelveMonths, averages).unwrap();
    assert_eq!(series.for_period(day("2026-04-30")), Ok(pct("2.2")));
    assert_eq!(series.for_period(day("2026-03-01")), Ok(pct("2.1")));
    assert_eq!(
        series.for_period(day("2026-05-01")).unwrap_err().field,
        "averages"
    );
}

#[test]
fn the_illustrative_index_looks_back_twenty_years() {
    let averages = vec![
        (day("2006-03-01"), pct("9")),
        (day("2006-04-01"), pct("3.5")),
        (day("2008-10-01"), pct("5.248")),
        (day("2026-03-01"), pct("2.2")),
        (day("2026-04-01"), pct("8")),
    ];
    let series = MonthlySeries::try_new(Tenor::TwelveMonths, averages).unwrap();
    assert_eq!(
        series.highest_of_20_years(day("2026-04-10")),
        Ok(pct("5.248"))
    );
    assert!(series.highest_of_20_years(day("2006-03-01")).is_err());
}

#[test]
fn refuses_disorder_and_closed_days() {
    let two = |a, b| vec![(day(a), Pct::ZERO), (day(b), Pct::ZERO)];
    let tenor = Tenor::parse("3m").unwrap();
    for bad in [
        two("2026-03-03", "2026-03-02"),
        two("2026-03-03", "2026-03-03"),
        two("2026-03-06", "2026-03-07"),
        vec![(day("2026-03-03"), Pct::ZERO); MAX_FIXINGS + 1],
    ] {
        assert!(DailySeries::try_new(tenor, bad).is_err());
    }
    assert!(MonthlySeries::try_new(tenor, two("2026-03-01", "2026-03-31")).is_err());
    assert!(Tenor::parse("2W").is_err());
}
