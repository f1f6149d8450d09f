//! Fees and estimates as CSV: one row a line, one column a key. Keys of tables are dotted
//! (`when.states`, `when.loan_amount.over`), entries of a list are separated by semicolons.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::catalogue::{Catalogue, FeeAmount};

use super::csv::{self, Record};
use super::finding::{Finding, Log, Spot};
use super::out::Out;
use super::row::MAX_FIELDS;
use super::value::{self, Node, Value};
use super::{MAX_PART_BYTES, MAX_ROWS, Part, estimates, fees, read_rows, tiers, write_part};

/// Longest name of a column, in bytes.
const MAX_KEY: usize = 300;
/// Most dots in it.
const MAX_DOTS: usize = 4;

/// The columns that come first, in this order; then products, conditions and days.
const FIRST: [&str; 21] = [
    "position",
    "name",
    "of",
    "state",
    "county",
    "type",
    "type_other",
    "section",
    "amount",
    "percent",
    "tiers",
    "interest_days",
    "tax_months",
    "insurance_months",
    "min",
    "max",
    "finance_charge",
    "reason",
    "products",
    "when",
    "from",
];

/// Reads a part from CSV and gives its TOML text, comments and unusual layout gone.
///
/// # Errors
/// Everything that is wrong with it; parts other than fees and estimates have no CSV form.
pub fn part_from_csv(part: Part, text: &str) -> Result<String, Vec<Finding>> {
    let log = Log::new(part.as_str());
    if !has_csv(part) {
        log.error(
            Spot::default(),
            "",
            "has no CSV form; fees and estimates have",
        );
        return Err(log.finish());
    }
    if text.len() > MAX_PART_BYTES {
        let what = format!("longer than {} MiB", MAX_PART_BYTES / (1024 * 1024));
        log.error(Spot::default(), "", what);
        return Err(log.finish());
    }
    let rows = read_lines(text, &log);
    let mut catalogue = Catalogue::default();
    read_rows(&mut catalogue, part, &rows, log)?;
    Ok(write_part(&catalogue, part))
}

const fn has_csv(part: Part) -> bool {
    match part {
        Part::Fees | Part::Estimates => true,
        Part::Products
        | Part::Eligibility
        | Part::Adjustments
        | Part::Caps
        | Part::Margins
        | Part::MiCards => false,
    }
}

fn read_lines(text: &str, log: &Log) -> Vec<Node> {
    let at = |line: usize| Spot {
        line: Some(line),
        ..Spot::default()
    };
    let records = match csv::read(text, MAX_ROWS.saturating_add(1)) {
        Ok(records) => records,
        Err((line, what)) => {
            log.error(at(line), "", what);
            return Vec::new();
        }
    };
    let Some((head, lines)) = records.split_first() else {
        log.error(Spot::default(), "", "has no heading");
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    for key in &head.cells {
        if !is_column(key) {
            log.error(at(head.line), key, "the column's name is too long");
        } else if key.is_empty() || key.split('.').any(str::is_empty) {
            log.error(at(head.line), key, "a column without a name");
        } else if !seen.insert(key.as_str()) {
            log.error(at(head.line), key, "the column is there twice");
        }
    }
    if !log.is_clean() {
        return Vec::new();
    }
    let rows = lines.iter().map(|line| {
        if line.cells.len() != head.cells.len() {
            let (has, wanted) = (line.cells.len(), head.cells.len());
            log.error(at(line.line), "", format!("{has} cells, {wanted} expected"));
        }
        read_line(head, line, log)
    });
    rows.collect()
}

/// A line as the table its dotted columns make.
fn read_line(head: &Record, line: &Record, log: &Log) -> Node {
    let mut fields: Vec<(String, Node)> = Vec::new();
    if line.cells.iter().filter(|cell| !cell.is_empty()).count() > MAX_FIELDS {
        let spot = Spot {
            line: Some(line.line),
            ..Spot::default()
        };
        log.error(spot, "", format!("more than {MAX_FIELDS} cells are filled"));
        return Node {
            value: Value::Table(fields),
            line: line.line,
        };
    }
    for (key, cell) in head.cells.iter().zip(&line.cells) {
        if cell.is_empty() {
            continue;
        }
        let path: Vec<&str> = key.split('.').collect();
        if !insert(&mut fields, &path, cell, line.line) {
            let spot = Spot {
                line: Some(line.line),
                ..Spot::default()
            };
            log.error(spot, key, "is a value and a table at once");
        }
    }
    Node {
        value: Value::Table(fields),
        line: line.line,
    }
}

/// Puts a cell where its path leads; false when a value is in the way.
fn insert(fields: &mut Vec<(String, Node)>, path: &[&str], cell: &str, line: usize) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return false;
    };
    let at = fields.iter().position(|(key, _)| key == first);
    if rest.is_empty() {
        let value = Value::Cell(cell.to_owned());
        fields.push(((*first).to_owned(), Node { value, line }));
        return at.is_none();
    }
    let at = at.unwrap_or_else(|| {
        let value = Value::Table(Vec::new());
        fields.push(((*first).to_owned(), Node { value, line }));
        fields.len().saturating_sub(1)
    });
    match fields.get_mut(at) {
        Some((
            _,
            Node {
                value: Value::Table(inner),
                ..
            },
        )) => insert(inner, rest, cell, line),
        Some(_) | None => false,
    }
}

/// A part as CSV; none for parts without a CSV form, for texts that cannot stand in one (entries
/// of lists with a semicolon, criteria with a dot in their names), and for parts with more columns or a
/// longer text than would be read again.
#[must_use]
pub fn part_to_csv(catalogue: &Catalogue, part: Part) -> Option<String> {
    let rows: Vec<Vec<(String, String)>> = match part {
        Part::Fees => {
            let rows = catalogue.fees.iter().map(|fee| {
                let mut row = flat(|out| fees::write(out, fee))?;
                if let FeeAmount::Tiered { tiers, .. } = &fee.amount {
                    row.push(("tiers".to_owned(), tiers::write(tiers)));
                }
                Some(row)
            });
            rows.collect::<Option<_>>()?
        }
        Part::Estimates => {
            let rows = catalogue.estimates.iter();
            let rows = rows.map(|estimate| flat(|out| estimates::write(out, estimate)));
            rows.collect::<Option<_>>()?
        }
        Part::Products
        | Part::Eligibility
        | Part::Adjustments
        | Part::Caps
        | Part::Margins
        | Part::MiCards => return None,
    };
    // An empty file has a heading too, for whoever is to fill it.
    let usual: &[&str] = match part {
        Part::Estimates => &["of", "state", "county", "percent"],
        Part::Fees
        | Part::Products
        | Part::Eligibility
        | Part::Adjustments
        | Part::Caps
        | Part::Margins
        | Part::MiCards => &["position", "name", "type", "section", "amount"],
    };
    let keys = rows.iter().flatten().map(|(key, _)| key.as_str());
    let keys = keys.chain(usual.iter().copied());
    let keys: BTreeSet<(usize, &str)> = keys.map(|key| (rank(key), key)).collect();
    if keys.len() > csv::MAX_CELLS || !keys.iter().all(|(_, key)| is_column(key)) {
        return None;
    }
    let mut text = String::new();
    csv::write(&mut text, keys.iter().map(|(_, key)| *key));
    for row in &rows {
        let row: HashMap<&str, &str> = row
            .iter()
            .map(|(key, cell)| (key.as_str(), cell.as_str()))
            .collect();
        let cells = keys.iter();
        let cells = cells.map(|(_, key)| row.get(key).copied().unwrap_or_default());
        csv::write(&mut text, cells);
    }
    (text.len() <= MAX_PART_BYTES).then_some(text)
}

/// Whether a key can be a column: each dot is a table within a table.
fn is_column(key: &str) -> bool {
    key.len() <= MAX_KEY && key.matches('.').count() <= MAX_DOTS
}

fn rank(key: &str) -> usize {
    let table = key.split('.').next().unwrap_or_default();
    let at = FIRST.iter().position(|first| *first == table);
    at.unwrap_or(FIRST.len())
}

/// A row's fields with dotted keys, by way of its TOML text.
fn flat(write: impl Fn(&mut Out)) -> Option<Vec<(String, String)>> {
    let mut out = Out::default();
    write(&mut out);
    let log = Log::new("");
    let fields = value::read_toml(&out.finish(), &log)?;
    let (_, list) = fields.into_iter().next()?;
    let Value::List(rows) = list.value else {
        return None;
    };
    let row = rows.into_iter().next()?;
    let mut flat = Vec::new();
    flatten("", &row.value, &mut flat)?;
    Some(flat)
}

fn flatten(path: &str, value: &Value, flat: &mut Vec<(String, String)>) -> Option<()> {
    let text = match value {
        Value::Text(text) | Value::Cell(text) => csv::guarded(text).into_owned(),
        Value::Number(text) | Value::Day(text) => text.clone(),
        Value::Truth(truth) => truth.to_string(),
        // Written as a line of text by the caller.
        Value::List(_) if path == "tiers" => return Some(()),
        Value::List(items) => {
            let texts = items.iter().map(|item| match &item.value {
                Value::Text(text) if !text.contains(';') => Some(csv::guarded(text)),
                Value::Number(text) => Some(Cow::Borrowed(text.as_str())),
                _ => None,
            });
            texts.collect::<Option<Vec<_>>>()?.join(";")
        }
        Value::Table(fields) => {
            for (key, node) in fields {
                if key.contains('.') {
                    return None;
                }
                let dot = if path.is_empty() { "" } else { "." };
                flatten(&format!("{path}{dot}{key}"), &node.value, flat)?;
            }
            return Some(());
        }
    };
    flat.push((path.to_owned(), text));
    Some(())
}

/// A row's text and name, for comparing catalogues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowText {
    /// What tells it apart from other rows of its part.
    pub(crate) name: String,
    /// Its TOML.
    pub(crate) text: String,
}

impl RowText {
    /// Its fields with dotted keys.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let log = Log::new("");
        let fields = value::read_toml(&self.text, &log).unwrap_or_default();
        let mut flat = Vec::new();
        let row = match fields.first().map(|(_, list)| &list.value) {
            Some(Value::List(rows)) => rows.first(),
            Some(_) | None => None,
        };
        if let Some(row) = row {
            spell(String::new(), &row.value, &mut flat);
        }
        flat
    }
}

/// As [`flatten`], for people: everything has a text.
fn spell(path: String, value: &Value, flat: &mut Vec<(String, String)>) {
    match value {
        Value::Text(text) | Value::Number(text) | Value::Day(text) | Value::Cell(text) => {
            flat.push((path, text.clone()));
        }
        Value::Truth(truth) => flat.push((path, truth.to_string())),
        Value::List(items)
            if items
                .iter()
                .any(|item| matches!(item.value, Value::Table(_))) =>
        {
            for (number, item) in (1_usize..).zip(items) {
                spell(format!("{path}[{number}]"), &item.value, flat);
            }
        }
        Value::List(items) => {
            let texts = items.iter().map(|item| match &item.value {
                Value::Text(text) | Value::Number(text) => text.as_str(),
                _ => "",
            });
            flat.push((path, texts.collect::<Vec<_>>().join(", ")));
        }
        Value::Table(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            for (key, node) in fields {
                spell(format!("{path}{dot}{key}"), &node.value, flat);
            }
        }
    }
}
