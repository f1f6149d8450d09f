//! One row of a part: its fields taken by name, whatever is wrong with them noted.
//!
//! A reader goes on after a fault with a stand-in, so that all faults of a text are found at once;
//! nothing is made of a text in which one was found.

use std::cell::{Cell, RefCell};

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::csv;
use super::finding::{Log, Spot, echo};
use super::number::Unit;
use super::value::{Node, Value};
use super::word::{Word, hint};

/// Longest text of a field, in characters.
pub(super) const MAX_TEXT: usize = 200;
/// Longest list.
pub(super) const MAX_LIST: usize = 5_000;
/// Most keys of a row or a table within one.
pub(super) const MAX_FIELDS: usize = 200;

/// A row, or a table within one.
pub(super) struct Row<'a> {
    log: &'a Log,
    spot: Spot<'a>,
    /// Dotted path of the table, with its dot; empty for the row itself.
    pub(super) path: String,
    fields: Vec<(&'a str, &'a Node, Cell<bool>)>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Row<'a> {
    /// A row of a part; `named_by` is the key of its name.
    pub(super) fn new(
        log: &'a Log,
        number: usize,
        line: usize,
        fields: &'a [(String, Node)],
        named_by: &str,
    ) -> Self {
        let name = fields.iter().find(|(key, _)| key == named_by);
        let name = match name.map(|(_, node)| &node.value) {
            Some(Value::Text(text) | Value::Cell(text)) => text.as_str(),
            Some(_) | None => "",
        };
        let spot = Spot {
            row: Some(number),
            name,
            line: Some(line),
        };
        Self::at(log, spot, String::new(), fields)
    }

    fn at(log: &'a Log, spot: Spot<'a>, path: String, fields: &'a [(String, Node)]) -> Self {
        // Fields are looked up one by one.
        let known = fields.iter().take(MAX_FIELDS);
        let known = known.map(|(key, node)| (key.as_str(), node, Cell::new(false)));
        let row = Self {
            log,
            spot,
            path,
            fields: known.collect(),
            asked: RefCell::new(Vec::new()),
        };
        if fields.len() > MAX_FIELDS {
            row.fault("", format!("has more than {MAX_FIELDS} keys"));
        }
        row
    }

    /// Notes a fault of a field.
    pub(super) fn fault(&self, key: &str, what: impl Into<String>) {
        if self.log.is_full() {
            self.log.error(self.spot, "", "");
            return;
        }
        let found = self.fields.iter().find(|(known, ..)| *known == key);
        let line = found.map_or(self.spot.line, |(_, node, _)| Some(node.line));
        let spot = Spot { line, ..self.spot };
        let field = format!("{}{key}", self.path);
        self.log.error(spot, field.trim_end_matches('.'), what);
    }

    /// A field's value, marked as known.
    pub(super) fn node(&self, key: &'static str) -> Option<&'a Node> {
        self.asked.borrow_mut().push(key);
        let (_, node, taken) = self.fields.iter().find(|(known, ..)| *known == key)?;
        taken.set(true);
        Some(node)
    }

    /// Whether a field is given.
    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|(known, ..)| *known == key)
    }

    /// Notes every field nobody asked for.
    pub(super) fn finish(self) {
        for (key, _, taken) in &self.fields {
            if !taken.get() {
                let asked = self.asked.borrow();
                let hint = self.hint(key, asked.iter().copied());
                self.fault(key, format!("unknown key{hint}"));
            }
        }
    }

    /// What was likely meant, while findings are kept: looking for it costs more than reading.
    pub(super) fn hint<'k>(&self, text: &str, known: impl IntoIterator<Item = &'k str>) -> String {
        if self.log.is_full() {
            return String::new();
        }
        hint(text, known)
    }

    pub(super) fn wrong_kind(&self, key: &str, wanted: &str, node: &Node) {
        self.fault(key, format!("must be {wanted}, not {}", node.value.kind()));
    }

    /// A text, when given.
    pub(super) fn maybe_text(&self, key: &'static str) -> Option<String> {
        let node = self.node(key)?;
        let text = match &node.value {
            Value::Text(text) => text,
            Value::Cell(text) => csv::unguarded(text),
            Value::Number(_)
            | Value::Truth(_)
            | Value::Day(_)
            | Value::List(_)
            | Value::Table(_) => {
                self.wrong_kind(key, "text", node);
                return None;
            }
        };
        self.checked_text(key, text)
    }

    fn checked_text(&self, key: &str, text: &str) -> Option<String> {
        let what = if text.trim().is_empty() {
            "must not be empty".to_owned()
        } else if text.trim() != text {
            "must not begin or end with a blank".to_owned()
        } else if text.chars().nth(MAX_TEXT).is_some() {
            format!("must be at most {MAX_TEXT} characters long")
        } else if text.chars().any(char::is_control) {
            "must not contain control characters".to_owned()
        } else {
            return Some(text.to_owned());
        };
        self.fault(key, what);
        None
    }

    /// A text that must be given.
    pub(super) fn text(&self, key: &'static str) -> String {
        self.must(key, self.has(key));
        self.maybe_text(key).unwrap_or_default()
    }

    /// Notes that a field is missing.
    pub(super) fn must(&self, key: &'static str, is_given: bool) {
        if !is_given {
            self.asked.borrow_mut().push(key);
            self.fault(key, "is missing");
        }
    }

    /// A block of text such as a grid, with its line.
    pub(super) fn block(&self, key: &'static str) -> Option<&'a str> {
        let node = self.node(key)?;
        match &node.value {
            Value::Text(text) | Value::Cell(text) => Some(text),
            Value::Number(_)
            | Value::Truth(_)
            | Value::Day(_)
            | Value::List(_)
            | Value::Table(_) => {
                self.wrong_kind(key, "text", node);
                None
            }
        }
    }

    /// A number in the unit of [`Unit::read`], when given.
    pub(super) fn number(&self, key: &'static str, unit: Unit) -> Option<i64> {
        let node = self.node(key)?;
        self.number_of(key, node, unit)
    }

    pub(super) fn number_of(&self, key: &str, node: &Node, unit: Unit) -> Option<i64> {
        let (Value::Number(literal) | Value::Text(literal) | Value::Cell(literal)) = &node.value
        else {
            self.wrong_kind(key, "a number", node);
            return None;
        };
        let read = unit.read(literal).map_err(|what| self.fault(key, what));
        read.ok()
    }

    /// A percentage, when given.
    pub(super) fn pct(&self, key: &'static str, unit: Unit) -> Option<Pct> {
        self.number(key, unit).map(Pct::new)
    }

    /// An amount of dollars, when given.
    pub(super) fn dollars(&self, key: &'static str) -> Option<Cents> {
        self.number(key, Unit::DOLLARS).map(Cents::new)
    }

    /// A whole number, when given.
    pub(super) fn count(&self, key: &'static str, least: u32, most: u32) -> Option<u32> {
        let number = self.number(key, Unit::Count(least, most))?;
        u32::try_from(number).ok()
    }

    /// `true` or `false`, when given.
    pub(super) fn truth(&self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        self.truth_of(key, node)
    }

    fn truth_of(&self, key: &str, node: &Node) -> Option<bool> {
        match &node.value {
            Value::Truth(truth) => Some(*truth),
            Value::Cell(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::Cell(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Value::Cell(_)
            | Value::Text(_)
            | Value::Number(_)
            | Value::Day(_)
            | Value::List(_)
            | Value::Table(_) => {
                self.wrong_kind(key, "true or false", node);
                None
            }
        }
    }

    /// A day, when given.
    pub(super) fn day(&self, key: &'static str) -> Option<Date> {
        let node = self.node(key)?;
        let (Value::Day(text) | Value::Text(text) | Value::Cell(text)) = &node.value else {
            self.wrong_kind(key, "a date like 2026-11-21", node);
            return None;
        };
        let day = Date::parse_iso(text);
        if day.is_err() {
            let what = format!("{} is not a date like 2026-11-21", echo(text));
            self.fault(key, what);
        }
        day.ok()
    }

    /// A word of a closed list, when given.
    pub(super) fn word<W: Word>(&self, key: &'static str) -> Option<W> {
        let text = self.maybe_text(key)?;
        self.read_word(key, &text)
    }

    fn read_word<W: Word>(&self, key: &str, text: &str) -> Option<W> {
        let word = W::read(text);
        if word.is_none() {
            let known: Vec<&str> = W::WORDS.iter().map(|word| word.spelling()).collect();
            let hint = self.hint(text, known.iter().copied());
            let what = format!("{} is not one of {}{hint}", echo(text), known.join(", "));
            self.fault(key, what);
        }
        word
    }

    /// Words of a closed list; empty when not given.
    pub(super) fn words<W: Word>(&self, key: &'static str) -> Vec<W> {
        let texts = self.texts(key);
        let read = texts.iter().filter_map(|text| self.read_word(key, text));
        read.collect()
    }

    /// Texts: a list, or a single one in its place. Empty when not given; given, it must not be.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        self.texts_of(key, node)
    }

    fn texts_of(&self, key: &str, node: &Node) -> Vec<String> {
        let texts: Vec<&str> = match &node.value {
            Value::Text(text) | Value::Number(text) => vec![text],
            Value::Cell(text) => {
                let texts = text.split(';').map(str::trim);
                texts.map(csv::unguarded).collect()
            }
            Value::List(items) => {
                let texts = items.iter().filter_map(|item| match &item.value {
                    Value::Text(text) | Value::Number(text) => Some(text.as_str()),
                    Value::Truth(_)
                    | Value::Day(_)
                    | Value::List(_)
                    | Value::Table(_)
                    | Value::Cell(_) => {
                        self.wrong_kind(key, "a list of texts", item);
                        None
                    }
                });
                texts.collect()
            }
            Value::Truth(_) | Value::Day(_) | Value::Table(_) => {
                self.wrong_kind(key, "a list of texts", node);
                return Vec::new();
            }
        };
        if texts.is_empty() {
            self.fault(key, "must not be an empty list: leave it out");
        }
        if texts.len() > MAX_LIST {
            self.fault(key, format!("must have at most {MAX_LIST} entries"));
            return Vec::new();
        }
        let mut seen: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
        let kept = texts.into_iter().filter_map(|text| {
            let text = self.checked_text(key, text)?;
            if seen.insert(text.to_ascii_lowercase()) {
                return Some(text);
            }
            self.fault(key, format!("{} is there twice", echo(&text)));
            None
        });
        kept.collect()
    }

    /// A table within the row, when given.
    pub(super) fn table(&self, key: &'static str) -> Option<Row<'a>> {
        let node = self.node(key)?;
        let Value::Table(fields) = &node.value else {
            self.wrong_kind(key, "a table", node);
            return None;
        };
        Some(self.inner(format!("{}{key}.", self.path), node.line, fields))
    }

    /// The tables of a list within the row; empty when not given.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Row<'a>> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        let Value::List(items) = &node.value else {
            self.wrong_kind(key, "a list of tables", node);
            return Vec::new();
        };
        if items.len() > MAX_LIST {
            self.fault(key, format!("must have at most {MAX_LIST} entries"));
            return Vec::new();
        }
        let rows = items.iter().enumerate().filter_map(|(index, item)| {
            let Value::Table(fields) = &item.value else {
                self.wrong_kind(key, "a list of tables", item);
                return None;
            };
            let path = format!("{}{key}[{}].", self.path, index.saturating_add(1));
            Some(self.inner(path, item.line, fields))
        });
        rows.collect()
    }

    pub(super) fn inner(&self, path: String, line: usize, fields: &'a [(String, Node)]) -> Row<'a> {
        let spot = Spot {
            line: Some(line),
            ..self.spot
        };
        Row::at(self.log, spot, path, fields)
    }

    /// The row's keys and texts of a table whose keys are free words.
    pub(super) fn free_lists(&self) -> Vec<(String, Vec<String>)> {
        let lists = self.fields.iter().filter_map(|(key, node, taken)| {
            taken.set(true);
            let key = self.checked_text(key, key)?;
            let texts = self.texts_of(&key, node);
            Some((key, texts))
        });
        lists.collect()
    }

    /// The row's keys with `true` or `false`.
    pub(super) fn truths<W: Word>(&self) -> Vec<(W, bool)> {
        let truths = self.fields.iter().filter_map(|(key, node, taken)| {
            taken.set(true);
            let word = self.read_word(key, key)?;
            let truth = self.truth_of(key, node)?;
            Some((word, truth))
        });
        truths.collect()
    }
}
