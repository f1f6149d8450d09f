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
use crate::us::county_limits::{
    CountyLimits, MAX_COUNTIES, UnitLimits, check_fips, check_limit, render,
};

use super::csv::{self, Row};
use super::provenance::members;
use super::{ImportError, Summary};

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

/// What messages call the column of a county's code, and those of the limits.
const COUNTY: &str = "FIPS County Code";
const UNITS: [&str; 4] = [
    "One-Unit Limit",
    "Two-Unit Limit",
    "Three-Unit Limit",
    "Four-Unit Limit",
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
    format!(
        "\n[[edition]]\nfrom = \"{from}\"\nto = \"{to}\"\n{}counties = \"\"\"\n{}\"\"\"\n",
        members(&source, today, None),
        render(list)
    )
}

/// An edition of another year, as it was.
fn old_edition(edition: &Edition<CountyLimits>) -> String {
    let mut text = format!("\n[[edition]]\nfrom = \"{}\"\n", edition.effective.from);
    if let Some(to) = edition.effective.to {
        text.push_str(&format!("to = \"{to}\"\n"));
    }
    let uncertain = edition.uncertain.as_deref();
    text.push_str(&members(&edition.source, edition.checked_on, uncertain));
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
            return Err(ImportError::cell(row.line, COUNTY, what));
        }
        if counties.len() > MAX_COUNTIES {
            let what = format!("there are more than {MAX_COUNTIES} counties");
            return Err(ImportError::at(row.line, what));
        }
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

/// Titles that name years must name this one.
fn check_titles(year: i16, titles: &[Row]) -> Result<(), ImportError> {
    let mut first_line = None;
    let mut years: Vec<i16> = Vec::new();
    for row in titles {
        let cells = row.cells.iter();
        let words = cells.flat_map(|cell| cell.split(|c: char| !c.is_ascii_digit()));
        let found = words
            .filter(|word| word.len() == 4)
            .filter_map(|word| word.parse().ok())
            .filter(|year| YEARS.contains(year));
        years.extend(found);
        if !years.is_empty() && first_line.is_none() {
            first_line = Some(row.line);
        }
    }
    match first_line {
        Some(line) if !years.contains(&year) => {
            years.sort_unstable();
            years.dedup();
            let years: Vec<String> = years.iter().take(3).map(i16::to_string).collect();
            let what = format!("the title names {}, not {year}", years.join(", "));
            Err(ImportError::at(line, what))
        }
        Some(_) | None => Ok(()),
    }
}

fn read_county(row: &Row, columns: &[usize; 6]) -> Result<(u32, UnitLimits), ImportError> {
    let [state, county, units @ ..] = columns;
    let wrong = |column: &usize, heading: &str, what: &str| {
        let what = format!("{} {what}", csv::start(row.cell(*column)));
        ImportError::cell(row.line, heading, what)
    };
    let code = |column: &usize, digits: usize, heading: &str| {
        let cell = row.cell(*column);
        let plain = (1..=digits).contains(&cell.len()) && cell.bytes().all(|b| b.is_ascii_digit());
        let value = plain.then(|| cell.parse::<u32>().ok()).flatten();
        value.ok_or_else(|| wrong(column, heading, "is not a FIPS code"))
    };
    let fips = code(state, 2, "FIPS State Code")? * 1000 + code(county, 3, COUNTY)?;
    check_fips(fips).map_err(|what| ImportError::cell(row.line, COUNTY, what))?;
    let mut limits = [Cents::new(0); 4];
    let mut fewer_units = Cents::new(0);
    for ((limit, column), name) in limits.iter_mut().zip(units).zip(UNITS) {
        *limit = amount(row.cell(*column))
            .ok_or_else(|| wrong(column, name, "is not an amount in dollars"))?;
        check_limit(*limit).map_err(|what| ImportError::cell(row.line, name, what))?;
        if *limit < fewer_units {
            return Err(wrong(column, name, "is below the limit of fewer units"));
        }
        fewer_units = *limit;
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
