//! What can go wrong with columns.

use std::error::Error;
use std::fmt;

/// Why a part was not encoded.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExportError {
    /// The columns do not make a table: unequal lengths, a code without a value, a figure too large.
    Column {
        /// Name of the column.
        column: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The Parquet library refused.
    Encoding(String),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column { column, reason } => write!(f, "column {column}: {reason}"),
            Self::Encoding(reason) => write!(f, "Parquet: {reason}"),
        }
    }
}

impl Error for ExportError {}
