//! Why a paper could not be made.

use std::fmt;

/// Why a paper could not be made. Names parts of the context, never what stands in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperError {
    /// A list has more entries than its limit.
    TooMany {
        /// Which list.
        what: &'static str,
    },
    /// A text has more than [`MAX_TEXT`](crate::MAX_TEXT) bytes.
    TooLong {
        /// Which text.
        what: &'static str,
    },
    /// Something a paper cannot do without is empty.
    Missing {
        /// What.
        what: &'static str,
    },
    /// Figures that cannot be: months out of order, sums beyond the bound of money.
    Figures {
        /// Which.
        what: &'static str,
    },
    /// The paper would be longer than any reader would read.
    TooManyPages,
    /// The writer refused the document: a mistake of ours, for the log.
    Writer(String),
}

impl fmt::Display for PaperError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { what } => write!(out, "too many entries: {what}"),
            Self::TooLong { what } => write!(out, "text too long: {what}"),
            Self::Missing { what } => write!(out, "missing: {what}"),
            Self::Figures { what } => write!(out, "impossible figures: {what}"),
            Self::TooManyPages => out.write_str("the paper has too many pages"),
            Self::Writer(why) => write!(out, "the writer refused the paper: {why}"),
        }
    }
}

impl std::error::Error for PaperError {}
