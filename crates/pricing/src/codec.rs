//! Catalogues as text: one TOML document for each part, and CSV for what people keep in
//! spreadsheets.
//!
//! Reading is strict and tells everything that is wrong at once, by part, row, line and key. Figures
//! are read from their literals, never through a binary fraction. Writing is canonical: reading what
//! was written gives the same catalogue, and equal catalogues have equal texts.

mod conditions;
mod csv;
mod estimates;
mod fees;
mod finding;
mod grid;
mod mi_cards;
mod number;
mod out;
mod part;
mod products;
mod range;
mod row;
mod rules;
pub mod sheet;
mod spreadsheet;
#[cfg(test)]
mod tests;
mod tiers;
mod value;
pub(crate) mod word;

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::catalogue::validate::validate;

pub use finding::{Finding, Level, MAX_FINDINGS};
pub use grid::{grid_from_csv, grid_to_csv};
pub use part::Part;
pub use spreadsheet::{part_from_csv, part_to_csv};

pub(crate) use finding::echo;
pub(crate) use spreadsheet::RowText;

use finding::{Log, Spot};
use out::Out;
use row::Row;
use value::{Node, Value};

/// Longest text of a part, in bytes.
pub const MAX_PART_BYTES: usize = 16 * 1024 * 1024;
/// Most products of a catalogue.
pub const MAX_PRODUCTS: usize = 1_000;
/// Most rows of any other part.
pub const MAX_ROWS: usize = 50_000;

/// The texts of a catalogue; a part that is missing has no rows.
pub type Parts = BTreeMap<Part, String>;

/// A catalogue that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The catalogue.
    pub catalogue: Catalogue,
    /// What somebody should look at.
    pub warnings: Vec<Finding>,
}

/// Reads and validates a catalogue: what an import does.
///
/// # Errors
/// Everything that is wrong, at most about [`MAX_FINDINGS`] a part, warnings included; also what would
/// not be the same when its canonical text is read again, which is what is stored.
pub fn load(parts: &Parts) -> Result<Loaded, Vec<Finding>> {
    let catalogue = parse(parts)?;
    let mut found = validate(&catalogue);
    if !found.iter().any(|finding| finding.level == Level::Error) {
        found.extend(unkept(&catalogue));
    }
    if found.iter().any(|finding| finding.level == Level::Error) {
        return Err(found);
    }
    Ok(Loaded {
        catalogue,
        warnings: found,
    })
}

/// What would be lost: a catalogue is stored as [`write()`] writes it, and has to come back from there.
fn unkept(catalogue: &Catalogue) -> Vec<Finding> {
    let lost = Part::ALL.into_iter().filter_map(|part| {
        let mut again = Catalogue::default();
        let read = read_part(&mut again, part, &write_part(catalogue, part));
        let mut finding = match read {
            Ok(()) if is_same(catalogue, &again, part) => return None,
            Ok(()) => Finding::of_row(
                (Level::Error, part.as_str()),
                0,
                "",
                "",
                "reads differently",
            ),
            Err(found) => found.into_iter().next()?,
        };
        finding.row = finding.row.filter(|row| *row > 0);
        finding.line = None;
        finding.what = format!("cannot be stored: {}", finding.what);
        Some(finding)
    });
    lost.collect()
}

fn is_same(one: &Catalogue, other: &Catalogue, part: Part) -> bool {
    match part {
        Part::Products => one.products == other.products,
        Part::Eligibility => one.eligibility == other.eligibility,
        Part::Adjustments => one.adjustments == other.adjustments,
        Part::Caps => one.caps == other.caps,
        Part::Margins => one.margins == other.margins,
        Part::Fees => one.fees == other.fees,
        Part::Estimates => one.estimates == other.estimates,
        Part::MiCards => one.mi_cards == other.mi_cards,
    }
}

/// Reads a catalogue whose texts were validated once, such as a stored version.
///
/// # Errors
/// Everything that is wrong with the texts themselves.
pub fn parse(parts: &Parts) -> Result<Catalogue, Vec<Finding>> {
    let mut catalogue = Catalogue::default();
    let mut found = Vec::new();
    for part in Part::ALL {
        let text = parts.get(&part).map_or("", String::as_str);
        if let Err(more) = read_part(&mut catalogue, part, text) {
            found.extend(more);
        }
    }
    if found.is_empty() {
        Ok(catalogue)
    } else {
        Err(found)
    }
}

/// Reads one part's text into its place in a catalogue.
///
/// # Errors
/// Everything that is wrong with the text; the catalogue is then as it was.
pub fn read_part(catalogue: &mut Catalogue, part: Part, text: &str) -> Result<(), Vec<Finding>> {
    let log = Log::new(part.as_str());
    let most = part.max_bytes();
    if text.len() > most {
        let what = format!("longer than {} MiB", most / (1024 * 1024));
        log.error(Spot::default(), "", what);
        return Err(log.finish());
    }
    let (list, ..) = part.layout();
    let fields = value::read_toml(text, &log).unwrap_or_default();
    let rows = list_of(&fields, list, &log);
    read_rows(catalogue, part, rows, log)
}

/// The rows of the one list a part has.
fn list_of<'a>(fields: &'a [(String, Node)], list: &str, log: &Log) -> &'a [Node] {
    let mut rows: &[Node] = &[];
    for (key, node) in fields {
        let spot = Spot {
            line: Some(node.line),
            ..Spot::default()
        };
        match &node.value {
            Value::List(items) if key == list => rows = items,
            _ if key == list => log.error(spot, key, format!("must be rows: [[{list}]]")),
            _ => log.error(
                spot,
                key,
                format!("unknown key; a row begins with [[{list}]]"),
            ),
        }
    }
    rows
}

/// Reads the rows of a part, whatever file they came from.
fn read_rows(
    catalogue: &mut Catalogue,
    part: Part,
    rows: &[Node],
    log: Log,
) -> Result<(), Vec<Finding>> {
    let (_, named_by, _) = part.layout();
    let rows = Rows {
        rows,
        named_by,
        log,
    };
    match part {
        Part::Products => {
            let most = MAX_PRODUCTS;
            catalogue.products = rows.read(most, |row, _| products::read(row))?;
        }
        Part::Eligibility => {
            catalogue.eligibility = rows.read(MAX_ROWS, |row, _| rules::read_eligibility(row))?;
        }
        Part::Adjustments => {
            catalogue.adjustments = rows.read(MAX_ROWS, |row, _| rules::read_adjustment(row))?;
        }
        Part::Caps => catalogue.caps = rows.read(MAX_ROWS, |row, _| rules::read_cap(row))?,
        Part::Margins => {
            catalogue.margins = rows.read(MAX_ROWS, |row, _| rules::read_margin(row))?;
        }
        Part::Fees => catalogue.fees = rows.read(MAX_ROWS, fees::read)?,
        Part::Estimates => {
            catalogue.estimates = rows.read(MAX_ROWS, |row, _| estimates::read(row))?;
        }
        Part::MiCards => {
            catalogue.mi_cards = rows.read(part::MAX_CARDS, |row, _| mi_cards::read(row))?;
        }
    }
    Ok(())
}

/// The rows of a part and what gathers their faults.
struct Rows<'a> {
    rows: &'a [Node],
    named_by: &'static str,
    log: Log,
}

impl Rows<'_> {
    fn read<T>(
        self,
        most: usize,
        read: impl Fn(&Row<'_>, usize) -> T,
    ) -> Result<Vec<T>, Vec<Finding>> {
        let log = self.log;
        if self.rows.len() > most {
            log.error(Spot::default(), "", format!("more than {most} rows"));
            return Err(log.finish());
        }
        let mut all = Vec::with_capacity(self.rows.len());
        for (number, node) in (1_usize..).zip(self.rows) {
            let Value::Table(fields) = &node.value else {
                let spot = Spot {
                    row: Some(number),
                    line: Some(node.line),
                    name: "",
                };
                log.error(spot, "", "a row must be a table");
                continue;
            };
            let row = Row::new(&log, number, node.line, fields, self.named_by);
            all.push(read(&row, number));
            row.finish();
        }
        log.into_result(all)
    }
}

/// The texts of a catalogue. Equal catalogues have equal texts.
#[must_use]
pub fn write(catalogue: &Catalogue) -> Parts {
    let parts = Part::ALL.into_iter();
    parts
        .map(|part| (part, write_part(catalogue, part)))
        .collect()
}

/// The text of one part.
#[must_use]
pub fn write_part(catalogue: &Catalogue, part: Part) -> String {
    let (_, _, head) = part.layout();
    let mut out = Out::with_head(head);
    for row in 0..count(catalogue, part) {
        write_row(&mut out, catalogue, part, row);
    }
    out.finish()
}

/// Number of rows of a part.
#[must_use]
pub const fn count(catalogue: &Catalogue, part: Part) -> usize {
    match part {
        Part::Products => catalogue.products.len(),
        Part::Eligibility => catalogue.eligibility.len(),
        Part::Adjustments => catalogue.adjustments.len(),
        Part::Caps => catalogue.caps.len(),
        Part::Margins => catalogue.margins.len(),
        Part::Fees => catalogue.fees.len(),
        Part::Estimates => catalogue.estimates.len(),
        Part::MiCards => catalogue.mi_cards.len(),
    }
}

/// The rows of a part as texts of their own.
pub(crate) fn row_texts(catalogue: &Catalogue, part: Part) -> Vec<RowText> {
    let rows = (0..count(catalogue, part)).map(|row| {
        let mut out = Out::default();
        write_row(&mut out, catalogue, part, row);
        RowText {
            name: row_name(catalogue, part, row).unwrap_or_default(),
            text: out.finish(),
        }
    });
    rows.collect()
}

/// What tells a row apart from others of its part.
fn row_name(catalogue: &Catalogue, part: Part, row: usize) -> Option<String> {
    let name = match part {
        Part::Products => catalogue.products.get(row)?.code.clone(),
        Part::Eligibility => catalogue.eligibility.get(row)?.name.clone(),
        Part::Adjustments => catalogue.adjustments.get(row)?.name.clone(),
        Part::Caps => catalogue.caps.get(row)?.group.clone(),
        Part::Margins => catalogue.margins.get(row)?.name.clone(),
        Part::Fees => catalogue.fees.get(row)?.name.clone(),
        Part::Estimates => catalogue.estimates.get(row)?.to_string(),
        Part::MiCards => catalogue.mi_cards.get(row)?.name.clone(),
    };
    Some(name)
}

fn write_row(out: &mut Out, catalogue: &Catalogue, part: Part, row: usize) {
    fn one<T>(out: &mut Out, row: Option<&T>, write: impl Fn(&mut Out, &T)) {
        if let Some(row) = row {
            write(out, row);
        }
    }
    match part {
        Part::Products => one(out, catalogue.products.get(row), products::write),
        Part::Eligibility => one(
            out,
            catalogue.eligibility.get(row),
            rules::write_eligibility,
        ),
        Part::Adjustments => one(out, catalogue.adjustments.get(row), rules::write_adjustment),
        Part::Caps => one(out, catalogue.caps.get(row), rules::write_cap),
        Part::Margins => one(out, catalogue.margins.get(row), rules::write_margin),
        Part::Fees => one(out, catalogue.fees.get(row), fees::write),
        Part::Estimates => one(out, catalogue.estimates.get(row), estimates::write),
        Part::MiCards => one(out, catalogue.mi_cards.get(row), mi_cards::write),
    }
}
