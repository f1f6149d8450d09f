//! Rate sheets as CSV, and as the compact text a database keeps.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use lintel_engine::rate::Pct;

use crate::catalogue::sheet::{MAX_LOCK_DAYS, MAX_NOTE_RATE, MAX_PRICE, MAX_SHEET_ROWS};
use crate::catalogue::{Sheet, SheetRow};

use super::csv::{self, Record};
use super::finding::{Finding, Log, Spot, echo};
use super::number::Unit;
use super::word::hint;

/// Most rows of all sheets of a file.
const MAX_LINES: usize = 500_000;
/// Longest file, in bytes.
pub const MAX_SHEET_BYTES: usize = 64 * 1024 * 1024;
/// The columns, of which the last two may be left out.
const COLUMNS: [&str; 6] = ["product", "lock_days", "rate", "price", "index", "margin"];
/// Most columns a file may have, all but those above at fault.
const MAX_COLUMNS: usize = 20;
/// The columns that must be there.
const NEEDED: usize = 4;

/// Reads the sheets of a CSV file by product code. Its columns may stand in any order; `index` and
/// `margin` are stated once for a product, or alike on all its rows.
///
/// # Errors
/// Everything that is wrong, at most about [`super::MAX_FINDINGS`].
pub fn read_sheets(text: &str) -> Result<BTreeMap<String, Sheet>, Vec<Finding>> {
    let log = Log::new("sheets");
    if text.len() > MAX_SHEET_BYTES {
        let what = format!("longer than {} MiB", MAX_SHEET_BYTES / (1024 * 1024));
        log.error(Spot::default(), "", what);
        return Err(log.finish());
    }
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    match csv::read_narrow(text, MAX_LINES.saturating_add(1), MAX_COLUMNS) {
        Ok(records) => read_records(&records, &log, &mut drafts),
        Err((line, what)) => log.error(at(line, ""), "", what),
    }
    let mut sheets = BTreeMap::new();
    for (code, draft) in drafts {
        match Sheet::try_new(draft.rows, draft.index, draft.margin) {
            Ok(sheet) => {
                sheets.insert(code, sheet);
            }
            // Each row was looked at already: what is left is the sheet as a whole.
            Err(problem) if log.is_clean() => {
                log.error(at(draft.line, &code), "", problem.fault.to_string());
            }
            Err(_) => {}
        }
    }
    log.into_result(sheets)
}

/// A product's rows as they come.
#[derive(Default)]
struct Draft {
    line: usize,
    rows: Vec<SheetRow>,
    seen: HashSet<(u32, Pct)>,
    index: Option<Pct>,
    margin: Option<Pct>,
}

const fn at(line: usize, name: &str) -> Spot<'_> {
    Spot {
        row: None,
        name,
        line: Some(line),
    }
}

fn read_records(records: &[Record], log: &Log, drafts: &mut BTreeMap<String, Draft>) {
    let Some((head, lines)) = records.split_first() else {
        log.error(Spot::default(), "", "has no heading");
        return;
    };
    let Some(places) = read_head(head, log) else {
        return;
    };
    if lines.is_empty() {
        log.error(at(head.line, ""), "", "there are no rows");
    }
    for (number, line) in (1_usize..).zip(lines) {
        let code = csv::unguarded(cell(line, places[0]).unwrap_or_default());
        let spot = Spot {
            row: Some(number),
            ..at(line.line, code)
        };
        if line.cells.len() != head.cells.len() {
            let (has, wanted) = (line.cells.len(), head.cells.len());
            log.error(spot, "", format!("{has} cells, {wanted} expected"));
            continue;
        }
        if code.is_empty() || code.chars().nth(super::row::MAX_TEXT).is_some() {
            log.error(spot, "product", "must be a product's code");
            continue;
        }
        read_line(
            line,
            (&places, spot),
            log,
            drafts.entry(code.to_owned()).or_default(),
        );
    }
}

fn read_line(
    line: &Record,
    (places, spot): (&[Option<usize>; 6], Spot<'_>),
    log: &Log,
    draft: &mut Draft,
) {
    let number = |column: usize, unit: Unit| {
        let text = cell(line, places[column])?;
        if text.is_empty() && column >= NEEDED {
            return None;
        }
        let read = unit.read(text);
        read.map_err(|what| log.error(spot, COLUMNS[column], what))
            .ok()
    };
    let lock = number(1, Unit::Count(1, MAX_LOCK_DAYS));
    let rate = number(2, Unit::Pct(Pct::new(1), MAX_NOTE_RATE));
    let price = number(3, Unit::Pct(Pct::new(1), MAX_PRICE));
    for (column, kept) in [(4, &mut draft.index), (5, &mut draft.margin)] {
        let Some(value) = number(column, Unit::signed_percent(25)).map(Pct::new) else {
            continue;
        };
        if kept.is_some_and(|kept| kept != value) {
            log.error(
                spot,
                COLUMNS[column],
                "differs from the product's rows above",
            );
        }
        *kept = Some(value);
    }
    let lock = lock.and_then(|days| u32::try_from(days).ok());
    let (Some(lock_days), Some(rate), Some(price)) = (lock, rate, price) else {
        return;
    };
    let note_rate = Pct::new(rate);
    if draft.rows.is_empty() {
        draft.line = line.line;
    }
    if !draft.seen.insert((lock_days, note_rate)) {
        log.error(
            spot,
            "",
            format!("{lock_days} days at {note_rate} are there twice"),
        );
    } else if draft.rows.len() == MAX_SHEET_ROWS {
        log.error(
            spot,
            "",
            format!("more than {MAX_SHEET_ROWS} rows of {}", echo(spot.name)),
        );
    }
    if draft.rows.len() <= MAX_SHEET_ROWS {
        draft.rows.push(SheetRow {
            lock_days,
            note_rate,
            price: Pct::new(price),
        });
    }
}

fn cell(line: &Record, place: Option<usize>) -> Option<&str> {
    line.cells.get(place?).map(String::as_str)
}

/// Where each column stands.
fn read_head(head: &Record, log: &Log) -> Option<[Option<usize>; 6]> {
    let mut places = [None; 6];
    for (place, name) in head.cells.iter().enumerate() {
        match COLUMNS
            .iter()
            .position(|column| name.eq_ignore_ascii_case(column))
        {
            Some(column) if places[column].is_some() => {
                log.error(at(head.line, ""), name, "the column is there twice");
            }
            Some(column) => places[column] = Some(place),
            None => {
                let hint = hint(name, COLUMNS);
                log.error(at(head.line, ""), name, format!("unknown column{hint}"));
            }
        }
    }
    for (column, place) in places.iter().enumerate().take(NEEDED) {
        if place.is_none() {
            log.error(at(head.line, ""), COLUMNS[column], "the column is missing");
        }
    }
    log.is_clean().then_some(places)
}

/// Sheets as CSV; `index` and `margin` stand on the first row of their product.
#[must_use]
pub fn write_sheets<'a>(sheets: impl IntoIterator<Item = (&'a str, &'a Sheet)>) -> String {
    let mut text = String::new();
    csv::write(&mut text, COLUMNS);
    for (code, sheet) in sheets {
        let code = csv::guarded(code);
        let (mut index, mut margin) = (sheet.index, sheet.margin);
        for row in &sheet.rows {
            let optional = |value: Option<Pct>| value.map_or_else(String::new, |p| p.to_string());
            let cells = [
                code.as_ref(),
                &row.lock_days.to_string(),
                &row.note_rate.to_string(),
                &row.price.to_string(),
                &optional(index.take()),
                &optional(margin.take()),
            ];
            csv::write(&mut text, cells);
        }
    }
    text
}

/// Rows as the compact text a database keeps: `30 6.125 99.5` a line.
#[must_use]
pub fn pack_rows(rows: &[SheetRow]) -> String {
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(text, "{} {} {}", row.lock_days, row.note_rate, row.price);
    }
    text
}

/// Reads [`pack_rows`] back; none for anything it does not write.
#[must_use]
pub fn unpack_rows(text: &str) -> Option<Vec<SheetRow>> {
    let rows = text.lines().map(|line| {
        let mut words = line.split(' ');
        let row = SheetRow {
            lock_days: words.next()?.parse().ok()?,
            note_rate: Pct::parse_decimal(words.next()?).ok()?,
            price: Pct::parse_decimal(words.next()?).ok()?,
        };
        (words.next().is_none() && row.check().is_ok()).then_some(row)
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_read_written_and_packed() {
        let text = "product,lock_days,rate,price,index,margin\n\
                    ARM7,30,6,99.5,4.3,2.75\nARM7,30,6.125,100,,\n\"C,1\",15,7,101.125,,\n";
        let sheets = read_sheets(text).unwrap();
        let all = sheets.iter().map(|(code, sheet)| (code.as_str(), sheet));
        assert_eq!(write_sheets(all), text);
        let rows = &sheets["ARM7"].rows;
        assert_eq!(pack_rows(rows), "30 6 99.5\n30 6.125 100\n");
        assert_eq!(unpack_rows(&pack_rows(rows)).as_ref(), Some(rows));
        for bad in ["30 6", "30 6 99 1", "x 6 99", "30 6 0", "\n"] {
            assert_eq!(unpack_rows(bad), None, "{bad}");
        }
        let short = read_sheets("price, rate ,lock_days,product\n100,6,30,A\n").unwrap();
        assert_eq!(short["A"].rows[0].lock_days, 30);
    }

    #[test]
    fn every_slip_is_told() {
        let head = "product,lock_days,rate,price,index,margin\n";
        for (lines, part) in [
            ("", "no rows"),
            ("A,30,6,0,,\n", "line 2, price: 0 is not within"),
            ("A,30,6,-1,,\n", "price"),
            ("A,30,6,1e308,,\n", "1e308"),
            ("A,30,nan,99,,\n", "rate: nan"),
            ("A,30,25.1,99,,\n", "rate"),
            ("A,0,6,99,,\n", "lock_days"),
            ("A,731,6,99,,\n", "lock_days"),
            ("A,30.5,6,99,,\n", "whole number"),
            ("A,30,,99,,\n", "rate"),
            (",30,6,99,,\n", "product"),
            ("A,30,6,99\n", "4 cells, 6 expected"),
            (
                "A,30,6,99,,\nA,30,6.0,98,,\n",
                "row 2 (A), line 3: 30 days at 6 are there twice",
            ),
            ("A,30,6,99,4,\nA,30,7,99,5,\n", "index: differs"),
            ("A,30,6,99,26,\n", "index"),
        ] {
            let found = read_sheets(&format!("{head}{lines}")).unwrap_err();
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert!(found.join("\n").contains(part), "{lines}: {found:?}");
        }
        for (head, part) in [
            ("", "no heading"),
            (
                "product,lock,rate,price\n",
                "lock_days: the column is missing",
            ),
            ("product,lock_days,rate,price,rate\n", "twice"),
            ("product,lock_days,rates,price\n", "did you mean rate"),
        ] {
            let found = read_sheets(head).unwrap_err();
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert!(found.join("\n").contains(part), "{head}: {found:?}");
        }
        let many = "A,0,0,0,,\n".repeat(1_000);
        let found = read_sheets(&format!("{head}{many}")).unwrap_err();
        assert_eq!(found.len(), super::super::MAX_FINDINGS + 1);
        assert!(found.last().unwrap().what.contains("2900 more"));
    }
}
