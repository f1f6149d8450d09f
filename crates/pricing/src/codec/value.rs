//! The values of a part's text, with the lines they stand on. Numbers keep their literal text, so
//! that no figure passes through a binary fraction.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::MAX_ROWS;
use super::finding::{Log, Spot};
use super::row::MAX_FIELDS;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Text.
    Text(String),
    /// A number as it was written.
    Number(String),
    /// `true` or `false`.
    Truth(bool),
    /// A date or time as it was written.
    Day(String),
    /// A list.
    List(Vec<Node>),
    /// A table: keys and values.
    Table(Vec<(String, Node)>),
    /// A cell of a CSV file, which may be any of the above but a table.
    Cell(String),
}

/// A value and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) line: usize,
}

impl Value {
    /// What kind of value it is, for messages.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Cell(_) => "text",
            Self::Number(_) => "a number",
            Self::Truth(_) => "true or false",
            Self::Day(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        Self(std::iter::once(0).chain(after).collect())
    }

    /// The line, from 1, that a byte is on.
    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }
}

/// Reads a TOML text; none, with a finding, when it is not one.
pub(super) fn read_toml(text: &str, log: &Log) -> Option<Vec<(String, Node)>> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(table) => Some(fields(table.get_ref(), &lines)),
        Err(error) => {
            let spot = Spot {
                line: error.span().map(|span| lines.line(span.start)),
                ..Spot::default()
            };
            let what = error.message().replace('\n', ", ");
            log.error(spot, "", format!("not TOML: {what}"));
            None
        }
    }
}

fn fields(table: &DeTable<'_>, lines: &Lines) -> Vec<(String, Node)> {
    let field = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        (key.as_ref().to_owned(), node(value, lines))
    };
    // One more than a table may have, for whoever refuses it.
    let fields = table.iter().take(MAX_FIELDS.saturating_add(1));
    fields.map(field).collect()
}

// The depth is bounded by the TOML reader.
fn node(value: &Spanned<DeValue<'_>>, lines: &Lines) -> Node {
    let line = lines.line(value.span().start);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.as_ref().to_owned()),
        DeValue::Integer(number) if number.radix() == 10 => {
            Value::Number(number.as_str().to_owned())
        }
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Datetime(day) => Value::Day(day.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().take(MAX_ROWS.saturating_add(1));
            Value::List(items.map(|item| node(item, lines)).collect())
        }
        DeValue::Table(table) => Value::Table(fields(table, lines)),
    };
    Node { value, line }
}
