//! The bank's index values: month averages by tenor.

use lintel_engine::date::Date;
use lintel_engine::pt::euribor::{MonthlySeries, Tenor};
use lintel_engine::rate::Pct;

/// Tenors loans follow, months and stored name.
const TENORS: [(u32, Tenor, &str); 3] = [
    (3, Tenor::ThreeMonths, "3M"),
    (6, Tenor::SixMonths, "6M"),
    (12, Tenor::TwelveMonths, "12M"),
];

/// Month averages of the tenors loans follow.
#[derive(Debug, Clone)]
pub struct Indices {
    series: Vec<(u32, MonthlySeries)>,
}

impl Indices {
    /// From rows in any order: tenor (`3M`, `6M`, `12M`; others are left out), any day of the month, and
    /// the average. Of two rows of one month the later counts.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = (String, Date, Pct)>) -> Self {
        let mut found: [Vec<(Date, Pct)>; 3] = [const { Vec::new() }; 3];
        for (tenor, day, average) in rows {
            let place = TENORS.iter().position(|(_, _, name)| *name == tenor);
            if let Some(list) = place.and_then(|place| found.get_mut(place)) {
                list.push((day.first_of_month(), average));
            }
        }
        let series = TENORS
            .iter()
            .zip(found)
            .filter_map(|((months, tenor, _), mut list)| {
                // The sort is stable: reversed, the later row of a month is the one that stays.
                list.reverse();
                list.sort_by_key(|(month, _)| *month);
                list.dedup_by_key(|(month, _)| *month);
                MonthlySeries::try_new(*tenor, list)
                    .ok()
                    .map(|series| (*months, series))
            });
        Self {
            series: series.collect(),
        }
    }

    /// No values at all.
    #[must_use]
    pub fn none() -> Self {
        Self { series: Vec::new() }
    }

    /// The averages of a tenor.
    pub(crate) fn tenor(&self, months: u32) -> Option<&MonthlySeries> {
        let of_tenor = self.series.iter().find(|(tenor, _)| *tenor == months);
        of_tenor.map(|(_, series)| series)
    }
}

/// The stored name of a tenor.
pub(crate) fn tenor_name(months: u32) -> Option<&'static str> {
    let of_months = TENORS.iter().find(|(tenor, _, _)| *tenor == months);
    of_months.map(|(_, _, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_in_any_order_and_the_later_one_counts() {
        let day = |text| Date::parse_iso(text).unwrap();
        let row = |tenor: &str, date, e9| (tenor.to_owned(), day(date), Pct::new(e9));
        let indices = Indices::of([
            row("6M", "2026-10-15", 3),
            row("6M", "2026-09-01", 2),
            row("1W", "2026-10-01", 9),
            row("6M", "2026-10-01", 4),
        ]);
        let series = indices.tenor(6).unwrap();
        assert_eq!(series.for_period(day("2026-11-21")), Ok(Pct::new(4)));
        assert_eq!(series.for_period(day("2026-10-31")), Ok(Pct::new(2)));
        assert!(series.for_period(day("2026-12-01")).is_err());
        assert!(indices.tenor(1).is_none());
    }
}
