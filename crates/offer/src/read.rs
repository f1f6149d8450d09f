//! Reading a TOML document so that every mistake is told, each with its path.

use std::cell::{Cell, RefCell};

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use toml::{Table, Value};

use crate::error::{MOST, Mistake};

/// Most entries of a list.
pub(crate) const LIST: usize = 500;
/// Most characters of a text.
const TEXT: usize = 300;
/// Most keys of a table that are looked at for unknown ones.
const KEYS: usize = 64;

/// Mistakes found so far.
#[derive(Default)]
pub(crate) struct Mistakes(RefCell<Vec<Mistake>>);

impl Mistakes {
    pub(crate) fn add(&self, path: String, what: impl Into<String>) {
        let mut all = self.0.borrow_mut();
        if all.len() < MOST {
            all.push(Mistake {
                path,
                what: what.into(),
            });
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Mistake> {
        self.0.into_inner()
    }
}

/// A table of the document. Asking for a key marks it as known; [`Section::done`] tells of the rest.
pub(crate) struct Section<'a> {
    table: &'a Table,
    path: String,
    mistakes: &'a Mistakes,
    known: RefCell<Vec<&'static str>>,
    /// No mistake was found in it by name, so far.
    whole: Cell<bool>,
}

impl<'a> Section<'a> {
    pub(crate) fn new(table: &'a Table, path: String, mistakes: &'a Mistakes) -> Self {
        Self {
            table,
            path,
            mistakes,
            known: RefCell::default(),
            whole: Cell::new(true),
        }
    }

    /// The path of a key.
    pub(crate) fn path(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// Tells of a mistake at a key.
    pub(crate) fn wrong(&self, key: &str, what: impl Into<String>) {
        self.whole.set(false);
        self.mistakes.add(self.path(key), what);
    }

    /// True while nothing in this very table was wrong: what follows from it may be checked.
    pub(crate) fn whole(&self) -> bool {
        self.whole.get()
    }

    /// True when the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Keys that are read later.
    pub(crate) fn know(&self, keys: &[&'static str]) {
        self.known.borrow_mut().extend_from_slice(keys);
    }

    fn value(&self, key: &'static str) -> Option<&'a Value> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    fn required<T>(&self, key: &'static str, found: Option<T>) -> Option<T> {
        if found.is_none() && !self.table.contains_key(key) {
            self.wrong(key, "is missing");
        }
        found
    }

    /// A text that may be absent.
    pub(crate) fn opt_text(&self, key: &'static str) -> Option<&'a str> {
        let text = match self.value(key)? {
            Value::String(text) => text.as_str(),
            _ => {
                self.wrong(key, "must be a text");
                return None;
            }
        };
        if text.trim().is_empty() {
            self.wrong(key, "must not be empty");
            return None;
        }
        if text.chars().count() > TEXT {
            self.wrong(key, format!("has more than {TEXT} characters"));
            return None;
        }
        if text.chars().any(char::is_control) {
            self.wrong(key, "has a control character");
            return None;
        }
        Some(text)
    }

    /// A text.
    pub(crate) fn text(&self, key: &'static str) -> String {
        let found = self.opt_text(key);
        self.required(key, found).unwrap_or_default().to_owned()
    }

    /// One of the words of a list; the first when it is wrong.
    pub(crate) fn word<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&str, T)],
        absent: Option<T>,
    ) -> Option<T> {
        let found = self.opt_text(key);
        let Some(text) = found else {
            return if absent.is_some() {
                absent
            } else {
                self.required(key, None)
            };
        };
        let word = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if word.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(key, format!("must be one of {}", all.join(", ")));
        }
        word
    }

    /// Words that may be absent: none is an empty list.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<&'a str> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Value::Array(list) = value else {
            self.wrong(key, "must be a list of texts");
            return Vec::new();
        };
        if list.len() > LIST {
            self.wrong(key, format!("has more than {LIST} entries"));
            return Vec::new();
        }
        let mut texts = Vec::new();
        for (at, entry) in list.iter().enumerate() {
            match entry {
                Value::String(text) if !text.is_empty() && text.chars().count() <= TEXT => {
                    texts.push(text.as_str());
                }
                _ => self.wrong(&format!("{key}[{at}]"), "must be a text"),
            }
        }
        texts
    }

    /// Whole numbers of a list, each within bounds.
    pub(crate) fn numbers(&self, key: &'static str, min: u32, max: u32) -> Vec<u32> {
        let Some(Value::Array(list)) = self.value(key) else {
            self.wrong(key, "must be a list of numbers");
            return Vec::new();
        };
        let mut numbers = Vec::new();
        for (at, entry) in list.iter().take(LIST).enumerate() {
            let number = entry
                .as_integer()
                .and_then(|number| u32::try_from(number).ok());
            match number.filter(|number| (min..=max).contains(number)) {
                Some(number) => numbers.push(number),
                None => self.wrong(
                    &format!("{key}[{at}]"),
                    format!("must be from {min} to {max}"),
                ),
            }
        }
        numbers
    }

    /// A whole number within bounds, or absent.
    pub(crate) fn opt_number(&self, key: &'static str, min: u32, max: u32) -> Option<u32> {
        let value = self.value(key)?;
        let number = value
            .as_integer()
            .and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.wrong(key, format!("must be a whole number from {min} to {max}"));
        }
        number
    }

    /// A whole number within bounds.
    pub(crate) fn number(&self, key: &'static str, min: u32, max: u32) -> u32 {
        let found = self.opt_number(key, min, max);
        self.required(key, found).unwrap_or(min)
    }

    /// Yes or no; absent is no.
    pub(crate) fn flag(&self, key: &'static str) -> bool {
        match self.value(key) {
            None => false,
            Some(Value::Boolean(flag)) => *flag,
            Some(_) => {
                self.wrong(key, "must be true or false");
                false
            }
        }
    }

    /// The decimal text of a figure, written in quotes or as a whole number.
    fn decimal(&self, key: &'static str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Float(_) => {
                self.wrong(key, "must be written in quotes, so that no digit is lost");
                None
            }
            _ => {
                self.wrong(key, "must be a number in quotes");
                None
            }
        }
    }

    /// An amount, not negative, or absent.
    pub(crate) fn opt_amount(&self, key: &'static str) -> Option<Cents> {
        let text = self.decimal(key)?;
        let amount = Cents::parse_decimal(&text).ok();
        let amount = amount.filter(|amount| !amount.is_negative());
        if amount.is_none() {
            self.wrong(key, format!("{text} is not an amount"));
        }
        amount
    }

    /// An amount, not negative.
    pub(crate) fn amount(&self, key: &'static str) -> Cents {
        let found = self.opt_amount(key);
        self.required(key, found).unwrap_or(Cents::ZERO)
    }

    /// A percentage from zero to `max`, or absent.
    pub(crate) fn opt_percent(&self, key: &'static str, max: Pct) -> Option<Pct> {
        let text = self.decimal(key)?;
        let rate = Pct::parse_decimal(&text).ok();
        let rate = rate.filter(|rate| !rate.is_negative() && *rate <= max);
        if rate.is_none() {
            self.wrong(key, format!("{text} is not a percentage from 0 to {max}"));
        }
        rate
    }

    /// A percentage from zero to `max`.
    pub(crate) fn percent(&self, key: &'static str, max: Pct) -> Pct {
        let found = self.opt_percent(key, max);
        self.required(key, found).unwrap_or(Pct::ZERO)
    }

    /// A day.
    pub(crate) fn day(&self, key: &'static str) -> Date {
        let found = self.value(key).and_then(|value| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Datetime(day) => day.to_string(),
                _ => String::new(),
            };
            let day = Date::parse_iso(&text).ok();
            if day.is_none() {
                self.wrong(key, "must be a date like 2026-01-31");
            }
            day
        });
        self.required(key, found).unwrap_or(Date::FIRST)
    }

    /// A table within, or none.
    pub(crate) fn opt_section(&self, key: &'static str) -> Option<Section<'a>> {
        match self.value(key)? {
            Value::Table(table) => Some(Section::new(table, self.path(key), self.mistakes)),
            _ => {
                self.wrong(key, "must be a table");
                None
            }
        }
    }

    /// A table within.
    pub(crate) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        let found = self.opt_section(key);
        self.required(key, found)
    }

    /// The tables of a list; absent is an empty list.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Value::Array(list) = value else {
            self.wrong(key, "must be a list of tables");
            return Vec::new();
        };
        if list.len() > LIST {
            self.wrong(key, format!("has more than {LIST} entries"));
            return Vec::new();
        }
        let mut sections = Vec::new();
        for (at, entry) in list.iter().enumerate() {
            let path = format!("{}[{at}]", self.path(key));
            match entry {
                Value::Table(table) => sections.push(Section::new(table, path, self.mistakes)),
                _ => self.mistakes.add(path, "must be a table"),
            }
        }
        sections
    }

    /// Tells of the keys nobody asked for.
    pub(crate) fn done(&self) {
        let known = self.known.borrow();
        let unknown = self
            .table
            .keys()
            .take(KEYS)
            .filter(|key| !known.contains(&key.as_str()));
        for key in unknown {
            let shown: String = key.chars().take(TEXT).collect();
            self.wrong(&shown, "is not a name of this table");
        }
    }
}
