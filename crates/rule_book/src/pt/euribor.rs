//! `pt/euribor.toml`: Euribor by tenor, daily fixings and month averages.
//!
//! A line of `months` is a year and its twelve averages, a line of `days` a month and its fixings as
//! `day=rate`; `-` stands for a month without a figure. The index of a month is the average of its
//! fixings when every one is there (DL 240/2006), otherwise the published average.

use lintel_engine::date::Date;
use lintel_engine::money::Rounding;
use lintel_engine::pt::euribor::{DailySeries, MonthlySeries, Tenor};
use lintel_engine::rate::Pct;
use serde::Deserialize;

use crate::load::pct;

/// Decimals of the index in contracts: the third.
const THOUSANDTH: Pct = Pct::new(1_000_000);
/// Rates outside these are misread.
const PLAUSIBLE: std::ops::RangeInclusive<Pct> =
    Pct::new(-5 * Pct::SCALE)..=Pct::new(30 * Pct::SCALE);

/// Whether a rate can be one.
pub(crate) fn is_plausible(rate: Pct) -> bool {
    PLAUSIBLE.contains(&rate)
}

/// Figures of one tenor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EuriborSeries {
    tenor: Tenor,
    fixings: Vec<(Date, Pct)>,
    averages: Vec<(Date, Pct)>,
    index: MonthlySeries,
}

/// Figures of every tenor there are figures of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EuriborTable {
    series: Vec<EuriborSeries>,
}

impl EuriborTable {
    /// Month averages of a tenor as contracts use them, rounded half up to the third decimal; none
    /// when the table has nothing of the tenor.
    #[must_use]
    pub fn index(&self, tenor: Tenor) -> Option<&MonthlySeries> {
        let found = self.series.iter().find(|series| series.tenor == tenor);
        found.map(|series| &series.index)
    }

    /// What is known of each tenor.
    #[must_use]
    pub fn series(&self) -> &[EuriborSeries] {
        &self.series
    }

    /// Of series in any order. The text names the tenor at fault.
    pub(crate) fn try_new(mut series: Vec<EuriborSeries>) -> Result<Self, String> {
        series.sort_by_key(|one| one.tenor.months());
        let twice = series.windows(2).find_map(|pair| match pair {
            [one, next] if one.tenor == next.tenor => Some(one.tenor.name()),
            _ => None,
        });
        match twice {
            Some(name) => Err(format!("tenor {name} stands there twice")),
            None => Ok(Self { series }),
        }
    }
}

impl EuriborSeries {
    /// Of fixings and averages in ascending order of their days; an average is dated the first day
    /// of its month. The text names the month at fault.
    pub(crate) fn try_new(
        tenor: Tenor,
        fixings: Vec<(Date, Pct)>,
        averages: Vec<(Date, Pct)>,
    ) -> Result<Self, String> {
        let named = |what: &dyn std::fmt::Display| format!("tenor {}: {what}", tenor.name());
        let both = fixings.iter().chain(&averages);
        if let Some((day, rate)) = both.into_iter().find(|(_, rate)| !is_plausible(*rate)) {
            return Err(named(&format!("{rate} of {day} is no rate")));
        }
        let daily = DailySeries::try_new(tenor, fixings.clone()).map_err(|e| named(&e))?;
        let computed = daily.month_averages();
        let mut index = computed.averages().to_vec();
        for (month, published) in &averages {
            // Contracts state the index with three decimals; the published one may have more.
            let rounded = published.round_to(THOUSANDTH, Rounding::HalfUp);
            let rounded = rounded.ok_or_else(|| named(&"a rate is too large"))?;
            match computed.of_month(*month) {
                Err(_) => index.push((*month, rounded)),
                Ok(own) if differ(own, rounded) => {
                    let text = format!(
                        "the fixings of {month} average {own} but the published average is {published}"
                    );
                    return Err(named(&text));
                }
                Ok(_) => {}
            }
        }
        index.sort_unstable_by_key(|(month, _)| *month);
        let index = MonthlySeries::try_new(tenor, index).map_err(|e| named(&e))?;
        Ok(Self {
            tenor,
            fixings,
            averages,
            index,
        })
    }

    /// The tenor.
    #[must_use]
    pub const fn tenor(&self) -> Tenor {
        self.tenor
    }

    /// Daily fixings, earliest first.
    #[must_use]
    pub fn fixings(&self) -> &[(Date, Pct)] {
        &self.fixings
    }

    /// Published month averages as they were published, each dated the first of its month.
    #[must_use]
    pub fn averages(&self) -> &[(Date, Pct)] {
        &self.averages
    }

    /// Month averages as contracts use them.
    #[must_use]
    pub const fn index(&self) -> &MonthlySeries {
        &self.index
    }
}

/// More apart than two roundings can explain.
fn differ(one: Pct, other: Pct) -> bool {
    one.checked_sub(other)
        .is_none_or(|apart| apart.e9().abs() > THOUSANDTH.e9())
}

/// What an edition holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    tenor: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(default)]
    months: String,
    #[serde(default)]
    days: String,
}

/// The series of an edition.
pub(crate) fn read(rows: Rows) -> Result<EuriborTable, String> {
    let series = rows.tenor.into_iter().map(|row| {
        let tenor = Tenor::parse(&row.name).map_err(|_| format!("unknown tenor {}", row.name))?;
        let named = |what| format!("tenor {}: {what}", row.name);
        let averages = read_months(&row.months).map_err(named)?;
        let fixings = read_days(&row.days).map_err(named)?;
        if averages.is_empty() && fixings.is_empty() {
            return Err(named("has no figures".to_owned()));
        }
        EuriborSeries::try_new(tenor, fixings, averages)
    });
    let series = series.collect::<Result<Vec<_>, String>>()?;
    if series.is_empty() {
        return Err("tenor: there are none".to_owned());
    }
    EuriborTable::try_new(series)
}

fn read_months(text: &str) -> Result<Vec<(Date, Pct)>, String> {
    let mut averages = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_ascii_whitespace();
        let year = words.next().unwrap_or_default();
        let refused = || format!("{year} is not a year with at most twelve months");
        for (word, month) in words.zip(1_i8..) {
            let date = year
                .parse()
                .ok()
                .and_then(|year| Date::new(year, month, 1).ok());
            let date = date.ok_or_else(refused)?;
            if word != "-" {
                averages.push((date, pct(word)?));
            }
        }
    }
    Ok(averages)
}

fn read_days(text: &str) -> Result<Vec<(Date, Pct)>, String> {
    let mut fixings = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_ascii_whitespace();
        let name = words.next().unwrap_or_default();
        let month =
            Date::parse_iso(&format!("{name}-01")).map_err(|_| format!("{name} is not a month"))?;
        for word in words {
            let refused = || format!("{word} of {name} is not a day and its rate");
            let (day, rate) = word.split_once('=').ok_or_else(refused)?;
            let day = day.parse().map_err(|_| refused())?;
            let date = Date::new(month.year(), month.month(), day).map_err(|_| refused())?;
            fixings.push((date, pct(rate)?));
        }
    }
    Ok(fixings)
}

/// The text of one series as [`read`] reads it, from its heading on.
pub(crate) fn render(series: &EuriborSeries, rate_text: impl Fn(Pct) -> String) -> String {
    let mut text = format!("\n[[edition.tenor]]\nname = \"{}\"\n", series.tenor.name());
    if !series.averages.is_empty() {
        text.push_str("months = \"\"\"\n");
        for year in series.averages.chunk_by(|a, b| a.0.year() == b.0.year()) {
            let mut next = 1;
            for (month, rate) in year {
                if next == 1 {
                    text.push_str(&month.year().to_string());
                }
                while next < month.month() {
                    text.push_str(" -");
                    next += 1;
                }
                text.push(' ');
                text.push_str(&rate_text(*rate));
                next = month.month() + 1;
            }
            text.push('\n');
        }
        text.push_str("\"\"\"\n");
    }
    if !series.fixings.is_empty() {
        text.push_str("days = \"\"\"\n");
        let same_month = |a: &(Date, Pct), b: &(Date, Pct)| {
            (a.0.year(), a.0.month()) == (b.0.year(), b.0.month())
        };
        for month in series.fixings.chunk_by(same_month) {
            if let Some((first, _)) = month.first() {
                text.push_str(&format!("{:04}-{:02}", first.year(), first.month()));
            }
            for (day, rate) in month {
                text.push_str(&format!(" {}={}", day.day(), rate_text(*rate)));
            }
            text.push('\n');
        }
        text.push_str("\"\"\"\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn read_text(months: &str, days: &str) -> Result<EuriborTable, String> {
        read(Rows {
            tenor: vec![Row {
                name: "12M".to_owned(),
                months: months.to_owned(),
                days: days.to_owned(),
            }],
        })
    }

    #[test]
    fn published_averages_are_rounded_and_months_may_be_missing() {
        let table = read_text("2025 1.2345678 - 1.5\n2026 2 2.0005", "").unwrap();
        let index = table.index(Tenor::TwelveMonths).unwrap();
        let of = |text| index.of_month(day(text)).map(|rate| rate.to_fixed(3));
        assert_eq!(of("2025-01-01").as_deref(), Ok("1.235"));
        assert_eq!(of("2026-02-01").as_deref(), Ok("2.001"));
        assert!(of("2025-02-01").is_err());
        assert_eq!(table.index(Tenor::OneMonth), None);
        let back = render(&table.series()[0], crate::import::rate_text);
        assert!(
            back.contains("2025 1.2345678 - 1.5\n2026 2 2.0005\n"),
            "{back}"
        );
    }

    #[test]
    fn a_whole_month_of_fixings_makes_the_index_and_must_agree() {
        // The TARGET days of February 2026.
        let days: Vec<String> = [
            2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27,
        ]
        .iter()
        .map(|day| format!("{day}=1.11"))
        .collect();
        let whole = format!("2026-02 {}", days.join(" "));
        let table = read_text("", &whole).unwrap();
        let index = table.index(Tenor::TwelveMonths).unwrap();
        assert_eq!(index.averages().len(), 1);
        assert!(read_text("2026 - 1.1104", &whole).is_ok());
        let found = read_text("2026 - 1.2", &whole).unwrap_err();
        assert!(found.contains("published average"), "{found}");
        let part = read_text("2026 - 1.2", "2026-02 2=1.11").unwrap();
        let index = part.index(Tenor::TwelveMonths).unwrap();
        assert_eq!(index.averages()[0].1.to_fixed(1), "1.2");
    }

    #[test]
    fn slips_are_refused() {
        for (months, days) in [
            ("", ""),
            ("year 1", ""),
            ("2026 1 1 1 1 1 1 1 1 1 1 1 1 1", ""),
            ("2026 1\n2026 1", ""),
            ("2026 312", ""),
            ("2026 x", ""),
            ("", "2026-02 1=1"),
            ("", "2026-02 30=1"),
            ("", "2026-02 3=1 2=1"),
            ("", "2026-02 2"),
            ("", "2026-13 2=1"),
        ] {
            assert!(read_text(months, days).is_err(), "{months} {days}");
        }
    }
}
