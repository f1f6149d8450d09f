//! Average prime offer rates: the yield tables of the FFIEC and the CFPB.
//!
//! Seen: bars with a heading (`Term of Loan in Years|1|…|50`) and MM/DD/YYYY, as the CFPB serves
//! `YieldTableFixed.txt` since 2017; bars without a heading and M/D/YYYY, in the tests of the HMDA
//! platform; commas with a heading (`Years to First Adjustment` for adjustable rates) in the older
//! `YieldTableFixed.CSV` and `YieldTableAdjustable.CSV`, by the programs that read them.

use std::collections::BTreeMap;

use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use lintel_engine::us::apor::{AporTable, AporWeek, MAX_AGE_DAYS, MAX_WEEKS};

use crate::dated::Dated;
use crate::us::apor::{TERMS, check_monday, check_rate, render};

use super::csv::{self, Row};
use super::provenance::Provenance;
use super::{ImportError, Kind, Summary, rate_text};

type Weeks = BTreeMap<Date, Vec<Option<Pct>>>;

/// The published weeks, and the line each stands on.
#[derive(Default)]
struct Published {
    weeks: Weeks,
    lines: BTreeMap<Date, usize>,
}

pub(super) fn run(
    kind: Kind,
    text: &str,
    known: Option<&Dated<AporTable>>,
    today: Date,
    progress: &mut dyn FnMut(usize),
) -> Result<(String, Summary), ImportError> {
    let mut summary = Summary::default();
    let (rows, _) = csv::rows(text, progress)?;
    let Published { weeks, lines } = read_rows(kind, &rows, &mut summary)?;
    let (command, source) = match kind {
        Kind::AporAdjustable => ("apor-adjustable", "adjustable rates (YieldTableAdjustable)"),
        Kind::AporFixed | Kind::CountyLimits { .. } | Kind::Euribor => {
            ("apor-fixed", "fixed rates (YieldTableFixed)")
        }
    };
    let source = format!("FFIEC and CFPB, average prime offer rates, {source}");
    let mut provenance = Provenance::of_published(source, today);
    let weeks = merge(weeks, known, &mut provenance, &mut summary);
    check_gaps(&weeks, &lines)?;
    let (Some(first), Some(last)) = (weeks.keys().next(), weeks.keys().next_back()) else {
        return Err(ImportError::whole("the file has no week"));
    };
    let to = last
        .add_days(MAX_AGE_DAYS)
        .map_err(|error| ImportError::whole(error.to_string()))?;
    let head = format!(
        "# Average prime offer rates by week and whole years, 12 CFR 1026.35(a)(2).\n\
         # Written by `lintel import {command}`.\n\
         {}\n[[edition]]\nfrom = \"{first}\"\nto = \"{to}\"\nweeks = \"\"\"\n",
        provenance.text()
    );
    let list = weeks
        .into_iter()
        .map(|(from, rates)| AporWeek { from, rates });
    let lines = render(&list.collect::<Vec<_>>(), rate_text);
    Ok((format!("{head}{lines}\"\"\"\n"), summary))
}

fn read_rows(kind: Kind, rows: &[Row], summary: &mut Summary) -> Result<Published, ImportError> {
    let mut rows = rows.iter().peekable();
    let first = *rows.peek().ok_or(ImportError::whole("the file is empty"))?;
    let columns = first.cells.len();
    if looks_like_date(first.cell(0)) {
        summary.notes.push(
            "the file has no heading: nothing in it tells fixed from adjustable rates".to_owned(),
        );
    } else {
        check_heading(kind, first)?;
        rows.next();
    }
    if !(2..=TERMS + 1).contains(&columns) {
        let what = format!("has {columns} columns, not a day and up to {TERMS} terms");
        return Err(ImportError::at(first.line, what));
    }
    let mut published = Published::default();
    for row in rows {
        if row.cells.len() != columns {
            let what = format!("has {} columns, the first line {columns}", row.cells.len());
            return Err(ImportError::at(row.line, what));
        }
        let (from, rates) = read_week(row)?;
        summary.rows += 1;
        summary.day(from);
        published.lines.insert(from, row.line);
        if published.weeks.insert(from, rates).is_some() {
            let what = format!("the week of {from} stands there twice");
            return Err(ImportError::cell(row.line, "1", what));
        }
        if published.weeks.len() > MAX_WEEKS {
            let what = format!("there are more than {MAX_WEEKS} weeks");
            return Err(ImportError::at(row.line, what));
        }
    }
    Ok(published)
}

/// Weeks must begin seven days apart, those of the table there is included.
fn check_gaps(weeks: &Weeks, lines: &BTreeMap<Date, usize>) -> Result<(), ImportError> {
    for (before, after) in weeks.keys().zip(weeks.keys().skip(1)) {
        if before.days_until(*after) == 7 {
            continue;
        }
        return Err(match (lines.get(after), lines.get(before)) {
            (Some(line), _) => {
                let what = format!(
                    "the week of {after} must begin seven days after the one before it, {before}"
                );
                ImportError::cell(*line, "1", what)
            }
            (None, Some(line)) => {
                let what = format!(
                    "the week of {before} must begin seven days before the next one of the table \
                     there is, {after}"
                );
                ImportError::cell(*line, "1", what)
            }
            (None, None) => {
                let what = format!("weeks are missing between {before} and {after}");
                ImportError::whole(what)
            }
        });
    }
    Ok(())
}

/// The heading names the table, and its columns the years from 1 on.
fn check_heading(kind: Kind, row: &Row) -> Result<(), ImportError> {
    let adjustable = match csv::heading(row.cell(0)).as_str() {
        "termofloaninyears" => Some(false),
        "yearstofirstadjustment" => Some(true),
        _ => None,
    };
    let wanted = kind == Kind::AporAdjustable;
    if adjustable.is_some_and(|adjustable| adjustable != wanted) {
        let what = if wanted {
            "this is the table of fixed rates: use apor-fixed"
        } else {
            "this is the table of adjustable rates: use apor-adjustable"
        };
        return Err(ImportError::at(row.line, what));
    }
    for (index, cell) in row.cells.iter().enumerate().skip(1) {
        if cell.parse() != Ok(index) {
            let what = format!(
                "the heading must be the term {index}, not {}",
                csv::start(cell)
            );
            return Err(ImportError::cell(row.line, (index + 1).to_string(), what));
        }
    }
    Ok(())
}

fn read_week(row: &Row) -> Result<(Date, Vec<Option<Pct>>), ImportError> {
    let first = |what| ImportError::cell(row.line, "1", what);
    let from = read_date(row.cell(0)).map_err(first)?;
    check_monday(from).map_err(first)?;
    let mut rates = Vec::with_capacity(row.cells.len());
    for (years, cell) in row.cells.iter().enumerate().skip(1) {
        let rate = if matches!(
            cell.to_ascii_uppercase().as_str(),
            "" | "." | "-" | "NA" | "N/A"
        ) {
            None
        } else {
            let wrong = |what| ImportError::cell(row.line, format!("{years} years"), what);
            let rate = Pct::parse_decimal(cell)
                .map_err(|_| wrong(format!("{} is not a rate", csv::start(cell))))?;
            Some(check_rate(rate).map_err(wrong)?)
        };
        rates.push(rate);
    }
    if rates.iter().all(Option::is_none) {
        return Err(ImportError::at(row.line, "the week has no figure"));
    }
    Ok((from, rates))
}

fn looks_like_date(cell: &str) -> bool {
    cell.starts_with(|c: char| c.is_ascii_digit())
}

/// MM/DD/YYYY with or without leading zeros, or YYYY-MM-DD.
fn read_date(cell: &str) -> Result<Date, String> {
    let american = || {
        let mut parts = cell.split('/');
        let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
        let plain = [month, day, year]
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if !plain || year.len() != 4 || parts.next().is_some() {
            return None;
        }
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    Date::parse_iso(cell)
        .ok()
        .or_else(american)
        .ok_or_else(|| format!("{} is not a day as MM/DD/YYYY", csv::start(cell)))
}

/// Published weeks replace known ones; known weeks the file does not mention stay.
fn merge(
    published: Weeks,
    known: Option<&Dated<AporTable>>,
    provenance: &mut Provenance,
    summary: &mut Summary,
) -> Weeks {
    let mut weeks = Weeks::new();
    let editions = known.map_or(&[][..], Dated::editions);
    for edition in editions {
        let mut kept = 0;
        for week in edition.rows.weeks() {
            kept += usize::from(!published.contains_key(&week.from));
            weeks.insert(week.from, week.rates.clone());
        }
        if kept > 0 {
            provenance.keep(edition, kept, summary);
        }
        summary.kept += kept;
    }
    for (from, rates) in published {
        match weeks.get(&from) {
            None => summary.added += 1,
            Some(before) => {
                for years in 1..=before.len().max(rates.len()) {
                    let of = |rates: &[Option<Pct>]| rates.get(years - 1).copied().flatten();
                    let (old, new) = (of(before), of(&rates));
                    if old != new {
                        let text = |rate: Option<Pct>| rate.map_or("-".to_owned(), rate_text);
                        let what = format!("week of {from}, {years} years");
                        summary.change(what, text(old), text(new));
                    }
                }
            }
        }
        weeks.insert(from, rates);
    }
    weeks
}
