//! Euribor: series of the European Central Bank and of the Bundesbank.
//!
//! Seen: the ECB's `csvdata` (`KEY,FREQ,…,TIME_PERIOD,OBS_VALUE,…`, 10 to 39 columns, quoted titles
//! with commas, empty observations), months as 2026-08 and up to seven decimals; the Bundesbank's
//! BBIG1 files (nine lines of preamble, day and value in the first two columns, `.` where there is no
//! value), English with commas and German with semicolons and decimal commas, by the programs that
//! read them. The ECB portal's own download, with a column for each series whose heading ends in the
//! key, is read the same way as the latter; no stored copy of one was found.
//!
//! Refused on purpose: the monthly files of the `datasets/euribor` collection, whose days and months
//! are swapped.

use std::collections::BTreeMap;

use lintel_engine::date::Date;
use lintel_engine::pt::euribor::{Tenor, is_target_day};
use lintel_engine::rate::Pct;

use crate::dated::Dated;
use crate::pt::euribor::{EuriborSeries, EuriborTable, is_plausible, render};

use super::csv::{self, Row};
use super::provenance::Provenance;
use super::{ImportError, Summary, rate_text};

/// How many lines may stand above the heading.
const MAX_PREAMBLE: usize = 20;
/// Fixings before this year are left out: the calendar that tells whether a month is complete is in
/// force since then.
const FIRST_DAILY_YEAR: i16 = 2002;

/// Figures by kind, tenor in months, and day.
#[derive(Default)]
struct Figures {
    fixings: BTreeMap<(u32, Date), Pct>,
    averages: BTreeMap<(u32, Date), Pct>,
    without_value: usize,
    other_tenors: usize,
    too_early: usize,
}

/// What a series key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Series {
    /// None for a tenor no contract of ours uses, such as a week.
    tenor: Option<Tenor>,
    /// Month averages, not daily fixings.
    monthly: bool,
}

pub(super) fn run(
    text: &str,
    known: Option<&Dated<EuriborTable>>,
    today: Date,
    progress: &mut dyn FnMut(usize),
) -> Result<(String, Summary), ImportError> {
    let mut summary = Summary::default();
    let (rows, separator) = csv::rows(text, progress)?;
    let mut figures = Figures::default();
    read_rows(&rows, separator == b';', &mut figures, &mut summary)?;
    if summary.rows == 0 {
        return Err(ImportError::whole(
            "the file has no figure of 1, 3, 6 or 12 months",
        ));
    }
    let notes = [
        (figures.without_value, "days or months without a value"),
        (figures.other_tenors, "figures of other tenors, left out"),
        (figures.too_early, "fixings before 2002, left out"),
    ];
    let notes = notes.iter().filter(|(count, _)| *count > 0);
    summary
        .notes
        .extend(notes.map(|(count, what)| format!("{count} {what}")));
    let source =
        "European Money Markets Institute, Euribor, as published by the ECB or the Bundesbank";
    let mut provenance = Provenance::of_published(source.to_owned(), today);
    merge(&mut figures, known, &mut provenance, &mut summary);
    let text = write(&figures, &provenance)?;
    Ok((text, summary))
}

fn read_rows(
    rows: &[Row],
    decimal_comma: bool,
    figures: &mut Figures,
    summary: &mut Summary,
) -> Result<(), ImportError> {
    for (index, row) in rows.iter().take(MAX_PREAMBLE).enumerate() {
        let headings: Vec<String> = row.cells.iter().map(|cell| csv::heading(cell)).collect();
        let find = |wanted: &str| headings.iter().position(|cell| cell == wanted);
        let rest = rows.get(index + 1..).unwrap_or_default();
        if let (Some(key), Some(period), Some(value)) =
            (find("key"), find("timeperiod"), find("obsvalue"))
        {
            for row in rest {
                let series = series_of(row.cell(key)).ok_or_else(|| {
                    ImportError::cell(row.line, "KEY", "is not the key of a Euribor series")
                })?;
                let cell = Cell {
                    row,
                    period,
                    value,
                    decimal_comma,
                };
                cell.take(series, "OBS_VALUE", figures, summary)?;
            }
            return Ok(());
        }
        let columns: Vec<(usize, Series)> = row
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.ends_with("_FLAGS"))
            .filter_map(|(column, cell)| Some((column, series_of(cell)?)))
            .filter(|(column, _)| *column > 0)
            .collect();
        if !columns.is_empty() {
            return read_columns(rest, &columns, decimal_comma, figures, summary);
        }
    }
    let what = format!(
        "no heading in the first {MAX_PREAMBLE} lines has KEY, TIME_PERIOD and OBS_VALUE, or the key of \
         a Euribor series"
    );
    Err(ImportError::whole(what))
}

/// A day or month in the first column, and a series in each of the others.
fn read_columns(
    rows: &[Row],
    columns: &[(usize, Series)],
    decimal_comma: bool,
    figures: &mut Figures,
    summary: &mut Summary,
) -> Result<(), ImportError> {
    let is_period = |row: &&Row| row.cell(0).starts_with(|c: char| c.is_ascii_digit());
    for row in rows.iter().skip_while(|row| !is_period(row)) {
        for (column, series) in columns {
            let cell = Cell {
                row,
                period: 0,
                value: *column,
                decimal_comma,
            };
            cell.take(*series, &(column + 1).to_string(), figures, summary)?;
        }
    }
    Ok(())
}

/// One observation of the file.
struct Cell<'a> {
    row: &'a Row,
    period: usize,
    value: usize,
    decimal_comma: bool,
}

impl Cell<'_> {
    fn take(
        &self,
        series: Series,
        column: &str,
        figures: &mut Figures,
        summary: &mut Summary,
    ) -> Result<(), ImportError> {
        let line = self.row.line;
        let wrong_period = |what: &str| {
            let what = format!("{} {what}", csv::start(self.row.cell(self.period)));
            ImportError::cell(line, (self.period + 1).to_string(), what)
        };
        let (day, is_month) = read_period(self.row.cell(self.period))
            .ok_or_else(|| wrong_period("is not a day (2026-01-31) or month (2026-01)"))?;
        let monthly = series.monthly;
        if is_month && !monthly {
            return Err(wrong_period("is a month, in a series of daily fixings"));
        }
        let value = self.row.cell(self.value);
        if matches!(value, "" | "." | "-" | "NaN") {
            figures.without_value += 1;
            return Ok(());
        }
        let wrong =
            |what: &str| ImportError::cell(line, column, format!("{} {what}", csv::start(value)));
        let plain = if self.decimal_comma {
            value.replacen(',', ".", 1)
        } else {
            value.to_owned()
        };
        let rate = Pct::parse_decimal(&plain).map_err(|_| wrong("is not a rate"))?;
        let Some(tenor) = series.tenor else {
            figures.other_tenors += 1;
            return Ok(());
        };
        if !is_plausible(rate) {
            return Err(wrong("is not between -5 and 30 percent"));
        }
        if !monthly && day.year() < FIRST_DAILY_YEAR {
            figures.too_early += 1;
            return Ok(());
        }
        let day = if monthly { day.first_of_month() } else { day };
        if !monthly && !is_target_day(day) {
            let what = format!("{day} is a day on which Euribor is not fixed");
            return Err(ImportError::cell(line, column, what));
        }
        let all = if monthly {
            &mut figures.averages
        } else {
            &mut figures.fixings
        };
        if all.insert((tenor.months(), day), rate).is_some() {
            let what = format!("{} of {day} stands there twice", tenor.name());
            return Err(ImportError::cell(line, column, what));
        }
        summary.rows += 1;
        summary.day(day);
        Ok(())
    }
}

/// A day, or a month as its first day and true.
fn read_period(cell: &str) -> Option<(Date, bool)> {
    match Date::parse_iso(cell) {
        Ok(day) => Some((day, false)),
        Err(_) => Some((Date::parse_iso(&format!("{cell}-01")).ok()?, true)),
    }
}

/// Reads a key such as `FM.M.U2.EUR.RT.MM.EURIBOR1YD_.HSTA` or
/// `BBIG1.D.D0.EUR.MMKT.EURIBOR.M03.BID._Z`, alone or inside a title.
fn series_of(cell: &str) -> Option<Series> {
    let is_key = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let key = cell
        .split(|c: char| !is_key(c))
        .find(|word| word.contains("EURIBOR") && word.matches('.').count() >= 4)?;
    let mut parts = key.split('.');
    let monthly = match parts.nth(1)? {
        "M" => true,
        "B" | "D" => false,
        _ => return None,
    };
    let term = match parts.find_map(|part| part.strip_prefix("EURIBOR"))? {
        "" => {
            // The Bundesbank: `M03`, `W01`.
            let part = parts.next()?;
            let number = part.get(1..)?.parse::<u32>().ok()?;
            (number, part.get(..1)?)
        }
        rest => {
            // The ECB: `3MD_`, `1YD_`.
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            (
                rest.get(..digits)?.parse().ok()?,
                rest.get(digits..digits + 1)?,
            )
        }
    };
    let months = match term {
        (number, "M") => Some(number),
        (number, "Y") => number.checked_mul(12),
        (_, "W" | "D") => None,
        _ => return None,
    };
    let same = |tenor: &&Tenor| months == Some(tenor.months());
    Some(Series {
        tenor: Tenor::ALL.iter().find(same).copied(),
        monthly,
    })
}

/// Published figures replace known ones; known figures the file does not mention stay.
fn merge(
    figures: &mut Figures,
    known: Option<&Dated<EuriborTable>>,
    provenance: &mut Provenance,
    summary: &mut Summary,
) {
    let new = figures.fixings.len() + figures.averages.len();
    let mut shared = 0;
    let editions = known.map_or(&[][..], Dated::editions);
    for edition in editions {
        let before = summary.kept;
        for series in edition.rows.series() {
            shared += merge_series(figures, series, summary);
        }
        let kept = summary.kept - before;
        if kept > 0 {
            provenance.keep(edition, kept, summary);
        }
    }
    summary.added = new - shared;
}

/// How many of the figures known of a tenor the published file has, too.
fn merge_series(figures: &mut Figures, known: &EuriborSeries, summary: &mut Summary) -> usize {
    let mut shared = 0;
    let months = known.tenor().months();
    let kinds = [
        (known.fixings(), &mut figures.fixings, ""),
        (known.averages(), &mut figures.averages, "average of "),
    ];
    for (list, all, what) in kinds {
        for (day, before) in list {
            match all.get(&(months, *day)) {
                None => {
                    all.insert((months, *day), *before);
                    summary.kept += 1;
                }
                Some(after) => {
                    shared += 1;
                    if after != before {
                        let what = format!("{}, {what}{day}", known.tenor().name());
                        summary.change(what, rate_text(*before), rate_text(*after));
                    }
                }
            }
        }
    }
    shared
}

fn write(figures: &Figures, provenance: &Provenance) -> Result<String, ImportError> {
    let of = |all: &BTreeMap<(u32, Date), Pct>, months: u32| -> Vec<(Date, Pct)> {
        let own = all.iter().filter(|((tenor, _), _)| *tenor == months);
        own.map(|((_, day), rate)| (*day, *rate)).collect()
    };
    let mut lines = String::new();
    let mut first: Option<Date> = None;
    let mut last: Option<Date> = None;
    for tenor in Tenor::ALL {
        let fixings = of(&figures.fixings, tenor.months());
        let averages = of(&figures.averages, tenor.months());
        if fixings.is_empty() && averages.is_empty() {
            continue;
        }
        let series =
            EuriborSeries::try_new(*tenor, fixings, averages).map_err(ImportError::whole)?;
        lines.push_str(&render(&series, rate_text));
        let days = series.fixings().iter().chain(series.averages());
        first = days.map(|(day, _)| *day).chain(first).min();
        let index = series.index().averages().last();
        last = index.map(|(month, _)| *month).max(last);
    }
    let from = first
        .ok_or(ImportError::whole("the file has no figure"))?
        .first_of_month();
    // The average of a month is the index of the contracts of the next one.
    let to = last
        .unwrap_or(from)
        .add_months(2)
        .and_then(|day| day.add_days(-1));
    let to = to.map_err(|error| ImportError::whole(error.to_string()))?;
    Ok(format!(
        "# Euribor: published month averages and daily fixings, in percent.\n\
         # Written by `lintel import euribor`. The benchmark's administrator licenses its use.\n\
         {}\n[[edition]]\nfrom = \"{from}\"\nto = \"{to}\"\n{lines}",
        provenance.text()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_keys_of_both_banks_are_read() {
        for (key, tenor, monthly) in [
            (
                "FM.M.U2.EUR.RT.MM.EURIBOR1YD_.HSTA",
                Some(Tenor::TwelveMonths),
                true,
            ),
            (
                "FM.B.U2.EUR.RT.MM.EURIBOR3MD_.HSTA",
                Some(Tenor::ThreeMonths),
                false,
            ),
            (
                "BBIG1.D.D0.EUR.MMKT.EURIBOR.M06.BID._Z",
                Some(Tenor::SixMonths),
                false,
            ),
            ("BBIG1.D.D0.EUR.MMKT.EURIBOR.W01.BID._Z", None, false),
            (
                "Euribor (FM.M.U2.EUR.RT.MM.EURIBOR1MD_.HSTA)",
                Some(Tenor::OneMonth),
                true,
            ),
            ("FM.B.U2.EUR.RT.MM.EURIBOR1WD_.HSTA", None, false),
        ] {
            assert_eq!(series_of(key), Some(Series { tenor, monthly }), "{key}");
        }
        for other in [
            "FM.D.U2.EUR.4F.KR.DFR.LEV",
            "EURIBOR",
            "",
            "a.M.b.c.EURIBOR",
            "a.M.b.c.EURIBOR1",
        ] {
            assert_eq!(series_of(other), None, "{other}");
        }
    }
}
