//! Reading the official files into tables of an operator's folder.
//!
//! [`run`] is pure: bytes of a published file and the text of the table there is already go in,
//! the new text of the table and what has changed come out. [`update`] puts the text in its place in
//! one step, so that no reader ever sees half a file, and lets one import at a time do so. What is
//! malformed is refused with its line and column; nothing is skipped in silence.

mod apor;
mod county_limits;
mod csv;
mod euribor;
mod provenance;
mod store;

use std::fmt;

use lintel_engine::date::Date;
use lintel_engine::rate::Pct;

use crate::dated::Dated;
use crate::load::read_table;
use crate::{pt, us};

pub use store::{read_existing, update};

/// Largest published file that is read, in bytes.
pub const MAX_INPUT: usize = 32 * 1024 * 1024;
/// Most changed figures that a summary lists; the rest is counted.
const MAX_CHANGES: usize = 1000;

/// The published files that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Average prime offer rates for fixed rates: FFIEC `YieldTableFixed`.
    AporFixed,
    /// Average prime offer rates for adjustable rates: FFIEC `YieldTableAdjustable`.
    AporAdjustable,
    /// Conforming limits of every county: FHFA `FullCountyLoanLimitList`.
    CountyLimits {
        /// The calendar year of the list.
        year: i16,
    },
    /// Euribor fixings or month averages, from the ECB or the Bundesbank.
    Euribor,
}

impl Kind {
    /// The table it is written to, below the folder.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::AporFixed => us::APOR_FIXED,
            Self::AporAdjustable => us::APOR_ADJUSTABLE,
            Self::CountyLimits { .. } => us::COUNTY_LIMITS,
            Self::Euribor => pt::EURIBOR,
        }
    }
}

/// Why a published file was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// Line of the published file, counted from 1; none when it is about the whole file.
    pub line: Option<usize>,
    /// Column, by its heading or number; none when it is about the whole line.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl ImportError {
    fn whole(what: impl Into<String>) -> Self {
        Self {
            line: None,
            column: None,
            what: what.into(),
        }
    }

    fn at(line: usize, what: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            ..Self::whole(what)
        }
    }

    fn cell(line: usize, column: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            column: Some(column.into()),
            ..Self::at(line, what)
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, _) => {}
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for ImportError {}

/// A figure that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which figure, for people.
    pub what: String,
    /// What it was.
    pub before: String,
    /// What it is now; `-` when there is none any more.
    pub after: String,
}

/// What an import does to a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Rows of the published file that were used.
    pub rows: usize,
    /// First and last day the published rows are about.
    pub days: Option<(Date, Date)>,
    /// Figures the table did not have.
    pub added: usize,
    /// Figures that are no longer what they were, the first thousand of them.
    pub changes: Vec<Change>,
    /// How many those are.
    pub changed: usize,
    /// Figures of the table that the published file does not mention and that stay.
    pub kept: usize,
    /// What deserves a second look.
    pub notes: Vec<String>,
}

impl Summary {
    fn change(&mut self, what: String, before: String, after: String) {
        self.changed += 1;
        if self.changes.len() < MAX_CHANGES {
            self.changes.push(Change {
                what,
                before,
                after,
            });
        }
    }

    fn day(&mut self, day: Date) {
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
    }
}

/// A table as an import leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The table's file below the folder.
    pub file: &'static str,
    /// Its whole new text.
    pub text: String,
    /// What is new in it.
    pub summary: Summary,
}

/// Reads a published file. `existing` is the text of the table there is, `today` the day the figures
/// were compared with their source; `progress` is told the bytes read so far.
///
/// # Errors
/// When the file is malformed, too large or of another kind, or when the existing table cannot be
/// read.
pub fn run(
    kind: Kind,
    input: &[u8],
    existing: Option<&str>,
    today: Date,
    progress: &mut dyn FnMut(usize),
) -> Result<Import, ImportError> {
    let text = csv::decode(input)?;
    let (text, summary) = match kind {
        Kind::AporFixed | Kind::AporAdjustable => {
            let known = known(kind.file(), existing, us::apor::read)?;
            apor::run(kind, &text, known.as_ref(), today, progress)?
        }
        Kind::CountyLimits { year } => {
            let known = known(kind.file(), existing, us::county_limits::read)?;
            county_limits::run(year, &text, known.as_ref(), today, progress)?
        }
        Kind::Euribor => {
            let known = known(kind.file(), existing, pt::euribor::read)?;
            euribor::run(&text, known.as_ref(), today, progress)?
        }
    };
    check(kind, &text).map_err(|what| ImportError::whole(without_edition(&what)))?;
    Ok(Import {
        file: kind.file(),
        text,
        summary,
    })
}

/// Reads a table's text the way the rule book does at start.
///
/// # Errors
/// The text says what is wrong with it.
pub fn check(kind: Kind, text: &str) -> Result<(), String> {
    let file = kind.file();
    match kind {
        Kind::AporFixed | Kind::AporAdjustable => read_table(file, text, us::apor::read).map(drop),
        Kind::CountyLimits { .. } => read_table(file, text, us::county_limits::read).map(drop),
        Kind::Euribor => read_table(file, text, pt::euribor::read).map(drop),
    }
}

/// A message about a table that is only now being made, whose editions nobody has counted.
fn without_edition(what: &str) -> &str {
    what.strip_prefix("edition ")
        .and_then(|rest| rest.split_once(": "))
        .map_or(what, |(_, rest)| rest)
}

/// The table there is already. One that cannot be read is not overwritten: somebody's figures may
/// be in it.
fn known<R: serde::de::DeserializeOwned, T>(
    file: &'static str,
    existing: Option<&str>,
    read: impl Fn(R) -> Result<T, String>,
) -> Result<Option<Dated<T>>, ImportError> {
    let read = existing.map(|text| read_table(file, text, read));
    read.transpose()
        .map_err(|what| ImportError::whole(format!("the existing {file} is malformed: {what}")))
}

/// A rate without needless zeros: `6.5`.
pub(crate) fn rate_text(rate: Pct) -> String {
    let text = rate.to_fixed(9);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
