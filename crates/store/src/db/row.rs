//! Rows of either database, read by column.
//!
//! The drivers' own derive makes the code of each row twice, and builds both drivers a second time for the
//! compiler to run. This reads through one function for each type of a value (ADR 20).

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

use crate::fault::{Fault, from_driver};

/// A row of either database.
#[derive(Debug)]
pub struct EitherRow(Driver);

enum Driver {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl std::fmt::Debug for Driver {
    /// Nothing of what is in the row.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "of SQLite",
            Self::Postgres(_) => "of PostgreSQL",
        })
    }
}

impl From<SqliteRow> for EitherRow {
    fn from(row: SqliteRow) -> Self {
        Self(Driver::Sqlite(row))
    }
}

impl From<PgRow> for EitherRow {
    fn from(row: PgRow) -> Self {
        Self(Driver::Postgres(row))
    }
}

/// A type of a column's values.
pub trait Value:
    Type<Sqlite> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + for<'r> Decode<'r, Postgres>
{
}

impl<T> Value for T where
    T: Type<Sqlite> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + for<'r> Decode<'r, Postgres>
{
}

impl EitherRow {
    /// The value of a column.
    ///
    /// # Errors
    /// When there is no such column, or its value is of another type.
    pub fn get<T: Value>(&self, column: &str) -> Result<T, Fault> {
        match &self.0 {
            Driver::Sqlite(row) => row.try_get(column),
            Driver::Postgres(row) => row.try_get(column),
        }
        .map_err(from_driver)
    }

    /// The value of a column by its place, from 0.
    fn nth<T: Value>(&self, place: usize) -> Result<T, Fault> {
        match &self.0 {
            Driver::Sqlite(row) => row.try_get(place),
            Driver::Postgres(row) => row.try_get(place),
        }
        .map_err(from_driver)
    }
}

/// What is read from a row. For structs `#[derive(FromRow)]`, for tuples their columns in order.
pub trait FromRow: Sized + Send {
    /// Reads it.
    ///
    /// # Errors
    /// When a column is missing, or its value is of another type.
    fn from_row(row: &EitherRow) -> Result<Self, Fault>;
}

/// Tuples, by the places of their columns.
macro_rules! tuples {
    ($($($of:ident $place:literal),+;)+) => {$(
        impl<$($of: Value + Send),+> FromRow for ($($of,)+) {
            fn from_row(row: &EitherRow) -> Result<Self, Fault> {
                Ok(($(row.nth::<$of>($place)?,)+))
            }
        }
    )+};
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
