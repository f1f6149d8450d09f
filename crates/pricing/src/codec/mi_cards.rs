//! Mortgage insurance cards as TOML; the cells are lines of comma-separated values.

use std::cmp::Ordering;

use lintel_engine::bands::{Band, Step};
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow;

use crate::catalogue::MiCard;

use super::conditions::{
    MAX_SCORE, MAX_TERM_MONTHS, read_days, read_selector, read_when, write_days, write_selector,
    write_when,
};
use super::csv::{self, Record};
use super::finding::echo;
use super::number::Unit;
use super::out::Out;
use super::row::Row;

/// The list's name.
pub(super) const LIST: &str = "card";
/// Most lines of a card.
const MAX_LINES: usize = 1_000;
/// Most adjusters of a card.
const MAX_ADJUSTERS: usize = 100;
/// Most score bands of a card.
const MAX_SCORES: usize = 50;
/// The columns before the scores.
const COLUMNS: [&str; 5] = [
    "ltv_over",
    "ltv_up_to",
    "term_over",
    "term_up_to",
    "coverage",
];
/// Highest premium, percent a year.
const PREMIUM: Unit = Unit::percent(20);
/// Furthest an adjuster may move it.
const ADJUSTER: Unit = Unit::signed_percent(20);

/// What the fields mean, for the head of the file.
pub(super) const HEAD: &str = "\
Mortgage insurance cards, percent of the loan a year. The first card whose products and when hold is used,
and of it the first cell that fits; without any the rule book's card. cells: loan to value over and up to,
term in months over and up to, coverage, then one column for each band of scores: \"760+\", \"740-759\",
\"<620\", no score in two of them; a dash is not insured. [[card.adjuster]]: when, and percent a year added where it holds.";

/// Reads a card.
pub(super) fn read(row: &Row<'_>) -> MiCard {
    row.must("cells", row.has("cells"));
    let rows = row.block("cells").map(|text| read_cells(row, text));
    let mut adjusters = row.tables("adjuster");
    if adjusters.len() > MAX_ADJUSTERS {
        row.fault("adjuster", format!("must be at most {MAX_ADJUSTERS}"));
        adjusters.truncate(MAX_ADJUSTERS);
    }
    let adjusters = adjusters.into_iter().map(|adjuster| {
        adjuster.must("annual", adjuster.has("annual"));
        let when = read_when(&adjuster, "when");
        let annual = adjuster.pct("annual", ADJUSTER).unwrap_or(Pct::ZERO);
        adjuster.finish();
        (when, annual)
    });
    MiCard {
        name: row.text("name"),
        products: read_selector(row, "products"),
        when: read_when(row, "when"),
        rows: rows.unwrap_or_default(),
        adjusters: adjusters.collect(),
        days: read_days(row),
    }
}

fn read_cells(row: &Row<'_>, text: &str) -> Vec<CardRow> {
    let records = match csv::read(text, MAX_LINES) {
        Ok(records) => records,
        Err((line, what)) => {
            row.fault("cells", format!("line {line} of the cells: {what}"));
            return Vec::new();
        }
    };
    let Some((head, lines)) = records.split_first() else {
        row.fault("cells", "has no lines");
        return Vec::new();
    };
    let is_headed = head.cells.len() > COLUMNS.len()
        && head
            .cells
            .iter()
            .zip(COLUMNS)
            .all(|(cell, name)| cell == name);
    if !is_headed {
        let names = COLUMNS.join(",");
        row.fault(
            "cells",
            format!("the heading must be {names} and bands of scores"),
        );
        return Vec::new();
    }
    let labels = head.cells.get(COLUMNS.len()..).unwrap_or_default();
    if labels.len() > MAX_SCORES {
        row.fault("cells", format!("more than {MAX_SCORES} bands of scores"));
        return Vec::new();
    }
    let scores: Vec<Option<Step<u32>>> = labels.iter().map(|label| read_score(label)).collect();
    for (label, score) in labels.iter().zip(&scores) {
        if score.is_none() {
            let what = "is not a band of scores like 760+, 740-759 or <620";
            row.fault("cells", format!("{} {what}", echo(label)));
        }
    }
    // Were two columns for one score, the order of the columns would decide.
    for (at, (label, score)) in labels.iter().zip(&scores).enumerate() {
        let before = scores.iter().take(at).position(|one| overlap(one, score));
        if let Some(first) = before.and_then(|first| labels.get(first)) {
            let (first, label) = (echo(first), echo(label));
            row.fault(
                "cells",
                format!("{first} and {label} have scores in common"),
            );
        }
    }
    if lines.is_empty() {
        row.fault("cells", "has no lines below its heading");
    }
    let is_insured = |line: &Record| line.cells.iter().skip(COLUMNS.len()).any(|c| c != "-");
    if !lines.is_empty() && !lines.iter().any(is_insured) {
        row.fault("cells", "has no premium");
    }
    let cells = lines.iter().flat_map(|line| {
        read_line(line, &scores).unwrap_or_else(|what| {
            row.fault("cells", format!("line {} of the cells: {what}", line.line));
            Vec::new()
        })
    });
    cells.collect()
}

fn overlap(one: &Option<Step<u32>>, other: &Option<Step<u32>>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let begins_before = |one: &Step<u32>, other: &Step<u32>| {
        other
            .below
            .is_none_or(|below| one.at_least.unwrap_or(0) < below)
    };
    begins_before(one, other) && begins_before(other, one)
}

/// The best scores first.
fn in_order(one: &Step<u32>, other: &Step<u32>) -> Ordering {
    other.at_least.cmp(&one.at_least)
}

/// `760+`, `740-759`, `<620` or `all`.
fn read_score(label: &str) -> Option<Step<u32>> {
    let number = |text: &str| {
        let read = Unit::Count(0, MAX_SCORE).read(text).ok()?;
        u32::try_from(read).ok()
    };
    if label == "all" {
        return Some(Step::ALL);
    }
    if let Some(least) = label.strip_suffix('+') {
        return Some(Step {
            at_least: Some(number(least)?),
            below: None,
        });
    }
    if let Some(below) = label.strip_prefix('<') {
        return Some(Step {
            at_least: None,
            below: Some(number(below)?).filter(|below| *below > 0),
        })
        .filter(|step| step.below.is_some());
    }
    let (least, most) = label.split_once('-')?;
    let (least, most) = (number(least)?, number(most)?);
    (least <= most).then_some(Step {
        at_least: Some(least),
        below: most.checked_add(1),
    })
}

fn write_score(step: &Step<u32>) -> String {
    match (step.at_least, step.below) {
        (None, None) => "all".to_owned(),
        (Some(least), None) => format!("{least}+"),
        (None, Some(below)) => format!("<{below}"),
        (Some(least), Some(below)) => format!("{least}-{}", below.saturating_sub(1)),
    }
}

fn read_line(line: &Record, scores: &[Option<Step<u32>>]) -> Result<Vec<CardRow>, String> {
    let [
        ltv_over,
        ltv_up_to,
        term_over,
        term_up_to,
        coverage,
        cells @ ..,
    ] = line.cells.as_slice()
    else {
        return Err("too few cells".to_owned());
    };
    if cells.len() != scores.len() {
        let (has, wanted) = (cells.len(), scores.len());
        return Err(format!("{has} cells for {wanted} bands of scores"));
    }
    let edge = |text: &str, unit: Unit| match text {
        "" => Ok(None),
        text => unit.read(text).map(Some),
    };
    let ltv = (
        edge(ltv_over, Unit::percent(1_000))?,
        edge(ltv_up_to, Unit::percent(1_000))?,
    );
    let months = Unit::Count(0, MAX_TERM_MONTHS);
    let term = (edge(term_over, months)?, edge(term_up_to, months)?);
    for (over, up_to) in [ltv, term] {
        if let (Some(over), Some(up_to)) = (over, up_to)
            && over >= up_to
        {
            return Err("a range is empty".to_owned());
        }
    }
    let months = |edge: Option<i64>| edge.and_then(|edge| u32::try_from(edge).ok());
    let coverage = Pct::new(Unit::percent(100).read(coverage)?);
    let mut rows = Vec::with_capacity(cells.len());
    for (cell, score) in cells.iter().zip(scores) {
        if cell == "-" {
            continue;
        }
        rows.push(CardRow {
            ltv: Band {
                over: ltv.0.map(Pct::new),
                up_to: ltv.1.map(Pct::new),
            },
            score: score.unwrap_or(Step::ALL),
            term_months: Band {
                over: months(term.0),
                up_to: months(term.1),
            },
            coverage,
            annual: Pct::new(PREMIUM.read(cell)?),
        });
    }
    // As they are written: scores have nothing in common, so their order says nothing.
    rows.sort_by(|one, other| in_order(&one.score, &other.score));
    Ok(rows)
}

/// Writes a card.
pub(super) fn write(out: &mut Out, card: &MiCard) {
    out.row(LIST);
    out.text("name", &card.name);
    write_selector(out, "products", &card.products);
    write_when(out, "when", &card.when);
    write_days(out, &card.days);
    out.block("cells", &write_cells(&card.rows));
    for (when, annual) in &card.adjusters {
        out.row("card.adjuster");
        write_when(out, "when", when);
        out.maybe("annual", Some(annual));
    }
}

/// Cells as lines: those that follow each other with the same loan to value, term and coverage share
/// a line as long as their scores come in the order of the columns.
fn write_cells(rows: &[CardRow]) -> String {
    let mut scores: Vec<Step<u32>> = Vec::new();
    for row in rows {
        if !scores.contains(&row.score) {
            scores.push(row.score);
        }
    }
    scores.sort_by(in_order);
    let mut text = String::new();
    let labels: Vec<String> = scores.iter().map(write_score).collect();
    let head = COLUMNS.into_iter().chain(labels.iter().map(String::as_str));
    csv::write(&mut text, head);
    let column = |row: &CardRow| scores.iter().position(|step| *step == row.score);
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let shares = |row: &CardRow| {
            (row.ltv, row.term_months, row.coverage)
                == (first.ltv, first.term_months, first.coverage)
        };
        let mut last = None;
        let mut taken = 0_usize;
        for row in rest.iter().take_while(|row| shares(row)) {
            let at = column(row);
            if at <= last {
                break;
            }
            last = at;
            taken = taken.saturating_add(1);
        }
        let (line, after) = rest.split_at(taken.max(1).min(rest.len()));
        write_line(&mut text, line, &scores);
        rest = after;
    }
    text
}

fn write_line(text: &mut String, line: &[CardRow], scores: &[Step<u32>]) {
    let Some(first) = line.first() else { return };
    let pct = |edge: Option<Pct>| edge.map_or_else(String::new, |edge| edge.to_string());
    let months = |edge: Option<u32>| edge.map_or_else(String::new, |edge| edge.to_string());
    let mut cells = vec![
        pct(first.ltv.over),
        pct(first.ltv.up_to),
        months(first.term_months.over),
        months(first.term_months.up_to),
        first.coverage.to_string(),
    ];
    cells.extend(scores.iter().map(|step| {
        let row = line.iter().find(|row| row.score == *step);
        row.map_or_else(|| "-".to_owned(), |row| row.annual.to_string())
    }));
    csv::write(text, cells.iter().map(String::as_str));
}
