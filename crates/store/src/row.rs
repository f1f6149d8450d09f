//! Reading stored values back: a value that is not what it must be is a fault that names where it
//! stands, never a default.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::fault::Fault;

/// Names the row that is being read, for the fault of a value that cannot be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    pub table: &'static str,
    pub id: &'a str,
}

impl At<'_> {
    /// Reads a closed word.
    pub fn word<T>(
        &self,
        column: &str,
        text: &str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        parse(text).ok_or_else(|| Fault::corrupt(self.table, column, self.id))
    }

    /// Reads a closed word that may be absent.
    pub fn maybe_word<T>(
        &self,
        column: &str,
        text: Option<&str>,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        text.map(|t| self.word(column, t, parse)).transpose()
    }

    /// Reads a public id.
    pub fn public_id(&self, text: &str) -> Result<PublicId, Fault> {
        self.word("public_id", text, PublicId::parse)
    }

    /// Reads a count that must fit 32 bits.
    pub fn count(&self, column: &str, value: i64) -> Result<u32, Fault> {
        u32::try_from(value).map_err(|_| Fault::corrupt(self.table, column, self.id))
    }

    /// Requires a value that the row's other columns promise.
    pub fn need<T>(&self, column: &str, value: Option<T>) -> Result<T, Fault> {
        value.ok_or_else(|| Fault::corrupt(self.table, column, self.id))
    }
}

/// Money from a `_cents` column.
pub(crate) const fn cents(value: i64) -> Cents {
    Cents::new(value)
}

/// A percentage from a `_pct_e9` column.
pub(crate) const fn pct(value: i64) -> Pct {
    Pct::new(value)
}

/// A point in time from an `_at_us` column.
pub(crate) const fn at(value: i64) -> Instant {
    Instant::from_micros(value)
}

/// A row id from an id column.
pub(crate) const fn row_id(value: String) -> RowId {
    RowId::new(value)
}
