//! What is wrong with a catalogue's text, told to the person who wrote it.

use std::cell::RefCell;
use std::fmt;

/// Most findings one reading reports; what comes after them is counted, not kept.
pub const MAX_FINDINGS: usize = 100;
/// Longest piece of a text that a finding repeats, in characters.
const MAX_ECHO: usize = 60;
/// Longest explanation, in characters.
const MAX_WHAT: usize = 400;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The catalogue cannot be used.
    Error,
    /// It can be used, and somebody should look.
    Warning,
}

/// Something wrong or odd in a part of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub level: Level,
    /// The part or file: `adjustments`, `sheets`.
    pub part: String,
    /// The row within the part, from 1; none for the part as a whole.
    pub row: Option<usize>,
    /// The row's name or code; empty when it has none.
    pub name: String,
    /// Line of the text, when the finding is about one.
    pub line: Option<usize>,
    /// The key, dotted: `when.ltv.up_to`; empty for the row as a whole.
    pub field: String,
    /// What is wrong, in words.
    pub what: String,
}

impl Finding {
    /// A finding about a row of a catalogue that has no text any more.
    pub(crate) fn of_row(
        (level, part): (Level, &str),
        row: usize,
        name: &str,
        field: &str,
        what: impl Into<String>,
    ) -> Self {
        Self {
            level,
            part: part.to_owned(),
            row: Some(row),
            name: echo(name),
            line: None,
            field: field.to_owned(),
            what: cut(what.into(), MAX_WHAT),
        }
    }
}

impl fmt::Display for Finding {
    /// `adjustments, row 3 (Purchase grid), line 41, grid: row 5 has 8 cells, 9 expected`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.part)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
            if !self.name.is_empty() {
                write!(f, " ({})", self.name)?;
            }
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.field.is_empty() {
            write!(f, ", {}", self.field)?;
        }
        write!(f, ": {}", self.what)
    }
}

/// A piece of foreign text as a message may show it: short, and without control characters.
pub(crate) fn echo(text: &str) -> String {
    let clean = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let kept: String = clean.take(MAX_ECHO).collect();
    if text.chars().nth(MAX_ECHO).is_some() {
        kept + "…"
    } else {
        kept
    }
}

fn cut(mut text: String, most: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// Where a reader is, for its findings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spot<'a> {
    pub(super) row: Option<usize>,
    pub(super) name: &'a str,
    pub(super) line: Option<usize>,
}

/// Gathers the findings of one part's text.
#[derive(Debug)]
pub(super) struct Log {
    part: String,
    findings: RefCell<Vec<Finding>>,
    more: RefCell<usize>,
}

impl Log {
    pub(super) fn new(part: &str) -> Self {
        Self {
            part: part.to_owned(),
            findings: RefCell::new(Vec::new()),
            more: RefCell::new(0),
        }
    }

    /// Notes an error.
    pub(super) fn error(&self, spot: Spot<'_>, field: &str, what: impl Into<String>) {
        let mut findings = self.findings.borrow_mut();
        if findings.len() >= MAX_FINDINGS {
            let mut more = self.more.borrow_mut();
            *more = more.saturating_add(1);
            return;
        }
        findings.push(Finding {
            level: Level::Error,
            part: self.part.clone(),
            row: spot.row,
            name: echo(spot.name),
            line: spot.line,
            field: echo(field),
            what: cut(what.into(), MAX_WHAT),
        });
    }

    /// Whether no further finding is kept: words for it need not be found.
    pub(super) fn is_full(&self) -> bool {
        self.findings.borrow().len() >= MAX_FINDINGS
    }

    pub(super) fn is_clean(&self) -> bool {
        self.findings.borrow().is_empty()
    }

    /// The findings, the last of them the number of those that were not kept.
    pub(super) fn finish(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        let more = self.more.into_inner();
        if more > 0 {
            findings.push(Finding {
                level: Level::Error,
                part: self.part,
                row: None,
                name: String::new(),
                line: None,
                field: String::new(),
                what: format!("and {more} more"),
            });
        }
        findings
    }

    /// `value` when nothing was found.
    pub(super) fn into_result<T>(self, value: T) -> Result<T, Vec<Finding>> {
        if self.is_clean() {
            Ok(value)
        } else {
            Err(self.finish())
        }
    }
}
