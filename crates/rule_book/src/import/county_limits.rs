//! Conforming loan limits of every county: the list of the Federal Housing Finance Agency.
//!
//! Seen: the CSV the agency's spreadsheet is saved as, with title lines above the heading, a heading
//! whose cells hold line ends, and amounts like `$832,750 `, as programs that read it describe it; and
//! the CFPB's copies for the HMDA platform, with bars, plain amounts and headings with and without
//! spaces (2018 to 2026).

use std::collections::BTreeMap;

use lintel_engine::date::Date;
use lintel_engine::money::Cents;

use crate::dated::{Dated, Edition};
use crate::us::county_limits::{CountyLimits, UnitLimits, render};

use super::csv::{self, Row};
use super::{ImportError, Summary, quoted};

/// How many lines may stand above the heading.
const MAX_TITLE_LINES: usize = 20;
/// The full list has more counties than this; a shorter one is reported.
const FULL_LIST: usize = 3000;
/// Years a list can be of; the agency's first limits are of 2008.
const YEARS: std::ops::RangeInclusive<i16> = 2008..=2199;
/// Headings of the columns used, reduced as [`csv::heading`] does.
const HEADINGS: [&str; 6] = [
    "fipsstatecode",
    "fipscountycode",
    "oneunitlimit",
    "twounitlimit",
    "threeunitlimit",
    "fourunitlimit",
];

pub(super) fn run(
    year: i16,
    text: &str,
    known: Option<&Dated<CountyLimits>>,
    today: Date,
    progress: &mut dyn FnMut(usize),
) -> Result<(String, Summary), ImportError> {
    let day = |month, day| {
        let wrong = || ImportError::whole(format!("there are no lists of {year}"));
        let date = Date::new(year, month, day).ok();
        date.filter(|_| YEARS.contains(&year)).ok_or_else(wrong)
    };
    let (from, to) = (day(1, 1)?, day(12, 31)?);
    let mut summary = Summary::default();
    let (rows, _) = csv::rows(text, progress)?;
    let list = read_rows(year, &rows, &mut summary)?;
    summary.days = Some((from, to));
    if list.len() < FULL_LIST {
        let note = format!(
            "{} counties; the full list has over {FULL_LIST}",
            list.len()
        );
        summary.notes.push(note);
    }
    let editions = known.map_or(&[][..], Dated::editions);
    let same_year = |edition: &&Edition<CountyLimits>| edition.effective.from == from;
    let empty = CountyLimits::default();
    let before = editions.iter().find(same_year).map(|edition| &edition.rows);
    compare(before.unwrap_or(&empty), &list, &mut summary);

    let mut text =
        "# Conforming loan limits by county: one to four units in dollars, then FIPS codes.\n\
                    # Written by `lintel import county-limits`.\n"
            .to_owned();
    let mut written = false;
    for edition in editions.iter().filter(|edition| !same_year(edition)) {
        if edition.effective.from > from && !written {
            text.push_str(&new_edition(&list, from, to, today));
            written = true;
        }
        text.push_str(&old_edition(edition));
        summary.kept += edition.rows.len();
    }
    if !written {
        text.push_str(&new_edition(&list, from, to, today));
    }
    Ok((text, summary))
}

fn new_edition(list: &CountyLimits, from: Date, to: Date, today: Date) -> String {
    let year = from.year();
    let source = format!("Federal Housing Finance Agency, full county loan limit list {year}");
    let source = quoted(&source);
    format!(
        "\n[[edition]]\nfrom = \"{from}\"\nto = \"{to}\"\nsource = {source}\n\
         checked_on = \"{today}\"\ncounties = \"\"\"\n{}\"\"\"\n",
        render(list)
    )
}

/// An edition of another year, as it was.
fn old_edition(edition: &Edition<CountyLimits>) -> String {
    let mut text = format!("\n[[edition]]\nfrom = \"{}\"\n", edition.effective.from);
    if let Some(to) = edition.effective.to {
        text.push_str(&format!("to = \"{to}\"\n"));
    }
    text.push_str(&format!("source = {}\n", quoted(&edition.source)));
    text.push_str(&format!("checked_on = \"{}\"\n", edition.checked_on));
    if let Some(uncertain) = &edition.uncertain {
        text.push_str(&format!("uncertain = {}\n", quoted(uncertain)));
    }
    text.push_str(&format!(
        "counties = \"\"\"\n{}\"\"\"\n",
        render(&edition.rows)
    ));
    text
}

fn read_rows(year: i16, rows: &[Row], summary: &mut Summary) -> Result<CountyLimits, ImportError> {
    let (at, columns) = find_heading(rows)?;
    let (titles, rest) = rows.split_at(at);
    check_titles(year, titles)?;
    let mut counties: BTreeMap<u32, UnitLimits> = BTreeMap::new();
    for row in rest.iter().skip(1) {
        // Below the list there may be a note, which has a first cell only.
        if row.cells.iter().skip(1).all(String::is_empty) {
            continue;
        }
        let (fips, limits) = read_county(row, &columns)?;
        if counties.insert(fips, limits).is_some() {
            let what = format!("county {fips:05} stands there twice");
            return Err(ImportError::at(row.line, what));
        }
        // Checked one by one, so that the message can name the line.
        CountyLimits::try_new([(fips, limits)]).map_err(|what| ImportError::at(row.line, what))?;
        summary.rows += 1;
    }
    if counties.is_empty() {
        return Err(ImportError::whole("the list has no county"));
    }
    CountyLimits::try_new(counties).map_err(ImportError::whole)
}

/// Which row is the heading, and where the columns are.
fn find_heading(rows: &[Row]) -> Result<(usize, [usize; 6]), ImportError> {
    for (index, row) in rows.iter().take(MAX_TITLE_LINES).enumerate() {
        let cells: Vec<String> = row.cells.iter().map(|cell| csv::heading(cell)).collect();
        if !cells.iter().any(|cell| cell == HEADINGS[0]) {
            continue;
        }
        let mut columns = [0; 6];
        for (column, wanted) in columns.iter_mut().zip(HEADINGS) {
            *column = cells
                .iter()
                .position(|cell| cell == wanted)
                .ok_or_else(|| {
                    ImportError::at(row.line, format!("the heading has no column {wanted}"))
                })?;
        }
        return Ok((index, columns));
    }
    let what = format!(
        "no heading with FIPS State Code and One-Unit Limit in the first {MAX_TITLE_LINES} lines"
    );
    Err(ImportError::whole(what))
}

/// A title that names years must name this one.
fn check_titles(year: i16, titles: &[Row]) -> Result<(), ImportError> {
    let cells = titles.iter().flat_map(|row| &row.cells);
    let words = cells.flat_map(|cell| cell.split(|c: char| !c.is_ascii_digit()));
    let years: Vec<i16> = words
        .filter(|word| word.len() == 4)
        .filter_map(|word| word.parse().ok())
        .filter(|year| YEARS.contains(year))
        .collect();
    if years.is_empty() || years.contains(&year) {
        return Ok(());
    }
    let what = format!("the title names {years:?}, not {year}");
    Err(ImportError::whole(what))
}

fn read_county(row: &Row, columns: &[usize; 6]) -> Result<(u32, UnitLimits), ImportError> {
    let [state, county, units @ ..] = columns;
    let wrong = |column: &usize, heading: &str, what: &str| {
        let cell: String = row.cell(*column).chars().take(24).collect();
        ImportError::cell(row.line, heading, format!("{cell:?} {what}"))
    };
    let code = |column: &usize, digits: usize, heading: &str| {
        let cell = row.cell(*column);
        let plain = (1..=digits).contains(&cell.len()) && cell.bytes().all(|b| b.is_ascii_digit());
        let value = plain.then(|| cell.parse::<u32>().ok()).flatten();
        value.ok_or_else(|| wrong(column, heading, "is not a FIPS code"))
    };
    let fips = code(state, 2, "FIPS State Code")? * 1000 + code(county, 3, "FIPS County Code")?;
    let names = [
        "One-Unit Limit",
        "Two-Unit Limit",
        "Three-Unit Limit",
        "Four-Unit Limit",
    ];
    let mut limits = [Cents::new(0); 4];
    for ((limit, column), name) in limits.iter_mut().zip(units).zip(names) {
        *limit = amount(row.cell(*column))
            .ok_or_else(|| wrong(column, name, "is not an amount in dollars"))?;
    }
    Ok((fips, limits))
}

/// `832750`, `$832,750 ` or `832,750.00`. Commas must stand where thousands end.
fn amount(cell: &str) -> Option<Cents> {
    let cell = cell.strip_prefix('$').unwrap_or(cell).trim();
    let whole = cell.split_once('.').map_or(cell, |(whole, _)| whole);
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    let plain = cell.replace(',', "");
    let starts = plain.starts_with(|c: char| c.is_ascii_digit());
    (grouped && starts)
        .then(|| Cents::parse_decimal(&plain).ok())
        .flatten()
}

fn compare(before: &CountyLimits, after: &CountyLimits, summary: &mut Summary) {
    let text = |limits: Option<UnitLimits>| match limits {
        None => "-".to_owned(),
        Some(limits) => limits
            .map(|limit| (limit.get() / 100).to_string())
            .join(" "),
    };
    for (fips, limits) in after.iter() {
        match before.of(fips) {
            None => summary.added += 1,
            Some(old) if old != limits => {
                summary.change(
                    format!("county {fips:05}"),
                    text(Some(old)),
                    text(Some(limits)),
                );
            }
            Some(_) => {}
        }
    }
    for (fips, limits) in before.iter() {
        if after.of(fips).is_none() {
            summary.change(format!("county {fips:05}"), text(Some(limits)), text(None));
        }
    }
}
