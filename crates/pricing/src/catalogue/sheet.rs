//! Rate sheets: note rates and their base prices.

use std::fmt;

use lintel_engine::rate::Pct;

/// Most rows of a sheet.
pub const MAX_SHEET_ROWS: usize = 20_000;
/// Longest lock in days.
pub const MAX_LOCK_DAYS: u32 = 730;
/// Highest note rate.
pub const MAX_NOTE_RATE: Pct = Pct::new(25 * Pct::SCALE);
/// Highest price in percent of par.
pub const MAX_PRICE: Pct = Pct::new(200 * Pct::SCALE);
/// Furthest an index or a margin may be from nothing.
pub const MAX_INDEX: Pct = Pct::new(25 * Pct::SCALE);

/// A row of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SheetRow {
    /// Days of the lock.
    pub lock_days: u32,
    /// Note rate, percent a year.
    pub note_rate: Pct,
    /// Base price in percent of par: 99.256 costs 0.744 points.
    pub price: Pct,
}

/// A product's sheet: one version of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Rows by lock, then note rate; one row for each pair.
    pub rows: Vec<SheetRow>,
    /// Value of the product's index; none: the rule book's.
    pub index: Option<Pct>,
    /// Margin over the index; none: the product's own.
    pub margin: Option<Pct>,
}

/// Why a sheet is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetFault {
    /// It has no rows.
    Empty,
    /// It has more than [`MAX_SHEET_ROWS`].
    TooManyRows,
    /// A note rate is not above 0 and at most [`MAX_NOTE_RATE`].
    NoteRate,
    /// A price is not above 0 and at most [`MAX_PRICE`].
    Price,
    /// A lock is not within 1 to [`MAX_LOCK_DAYS`].
    LockDays,
    /// The row repeats the lock and note rate of one before it.
    Duplicate,
    /// The index is further than [`MAX_INDEX`] from nothing.
    Index,
    /// The margin is further than [`MAX_INDEX`] from nothing.
    Margin,
}

impl fmt::Display for SheetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there are no rows"),
            Self::TooManyRows => write!(f, "there are more than {MAX_SHEET_ROWS} rows"),
            Self::NoteRate => {
                write!(f, "the rate must be above 0 and at most {MAX_NOTE_RATE}")
            }
            Self::Price => write!(f, "the price must be above 0 and at most {MAX_PRICE}"),
            Self::LockDays => write!(f, "the lock must be 1 to {MAX_LOCK_DAYS} days"),
            Self::Duplicate => f.write_str("the same lock and rate are there twice"),
            Self::Index => write!(f, "the index must be within -{MAX_INDEX} to {MAX_INDEX}"),
            Self::Margin => write!(f, "the margin must be within -{MAX_INDEX} to {MAX_INDEX}"),
        }
    }
}

/// A fault and the row it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetProblem {
    /// The row as it was given, from 0; none for the sheet as a whole.
    pub row: Option<usize>,
    /// What is wrong.
    pub fault: SheetFault,
}

impl SheetRow {
    /// Whether the row's figures are within their bounds.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), SheetFault> {
        if self.lock_days == 0 || self.lock_days > MAX_LOCK_DAYS {
            return Err(SheetFault::LockDays);
        }
        if self.note_rate <= Pct::ZERO || self.note_rate > MAX_NOTE_RATE {
            return Err(SheetFault::NoteRate);
        }
        if self.price <= Pct::ZERO || self.price > MAX_PRICE {
            return Err(SheetFault::Price);
        }
        Ok(())
    }
}

impl Sheet {
    /// A sheet of rows in any order; they are sorted by lock and note rate.
    ///
    /// # Errors
    /// The first row at fault.
    pub fn try_new(
        rows: Vec<SheetRow>,
        index: Option<Pct>,
        margin: Option<Pct>,
    ) -> Result<Self, SheetProblem> {
        let whole = |fault| SheetProblem { row: None, fault };
        if rows.is_empty() {
            return Err(whole(SheetFault::Empty));
        }
        if rows.len() > MAX_SHEET_ROWS {
            return Err(whole(SheetFault::TooManyRows));
        }
        let is_far = |value: Pct| value.e9().unsigned_abs() > MAX_INDEX.e9().unsigned_abs();
        if index.is_some_and(is_far) {
            return Err(whole(SheetFault::Index));
        }
        if margin.is_some_and(is_far) {
            return Err(whole(SheetFault::Margin));
        }
        let mut keyed = Vec::with_capacity(rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            let in_row = |fault| SheetProblem {
                row: Some(at),
                fault,
            };
            row.check().map_err(in_row)?;
            keyed.push(((row.lock_days, row.note_rate, at), row));
        }
        keyed.sort_unstable_by_key(|(key, _)| *key);
        let same = |pair: &&[((u32, Pct, usize), SheetRow)]| matches!(pair, [(first, _), (second, _)] if (first.0, first.1) == (second.0, second.1));
        if let Some([_, ((_, _, at), _)]) = keyed.windows(2).find(same) {
            return Err(SheetProblem {
                row: Some(*at),
                fault: SheetFault::Duplicate,
            });
        }
        Ok(Self {
            rows: keyed.into_iter().map(|(_, row)| row).collect(),
            index,
            margin,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(lock_days: u32, rate: &str, price: &str) -> SheetRow {
        SheetRow {
            lock_days,
            note_rate: Pct::parse_decimal(rate).unwrap(),
            price: Pct::parse_decimal(price).unwrap(),
        }
    }

    #[test]
    fn rows_are_sorted() {
        let rows = vec![
            row(45, "6", "99"),
            row(30, "6.125", "99"),
            row(30, "6", "100"),
        ];
        let sheet = Sheet::try_new(rows, None, None).unwrap();
        let keys: Vec<(u32, String)> = sheet
            .rows
            .iter()
            .map(|row| (row.lock_days, row.note_rate.to_string()))
            .collect();
        assert_eq!(
            keys,
            [(30, "6".into()), (30, "6.125".into()), (45, "6".into())]
        );
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        let good = row(30, "6", "100");
        for (bad, fault) in [
            (row(0, "6", "100"), SheetFault::LockDays),
            (row(731, "6", "100"), SheetFault::LockDays),
            (row(30, "0", "100"), SheetFault::NoteRate),
            (row(30, "25.001", "100"), SheetFault::NoteRate),
            (row(30, "-1", "100"), SheetFault::NoteRate),
            (row(30, "5", "0"), SheetFault::Price),
            (row(30, "5", "-1"), SheetFault::Price),
            (row(30, "5", "200.001"), SheetFault::Price),
            (row(30, "6", "101"), SheetFault::Duplicate),
        ] {
            let found = Sheet::try_new(vec![good, bad], None, None).unwrap_err();
            assert_eq!(
                found,
                SheetProblem {
                    row: Some(1),
                    fault
                }
            );
        }
        let found = Sheet::try_new(vec![], None, None).unwrap_err();
        assert_eq!(found.fault, SheetFault::Empty);
        let many: Vec<SheetRow> = (0..=MAX_SHEET_ROWS)
            .map(|n| SheetRow {
                note_rate: Pct::new(1 + i64::try_from(n).unwrap()),
                ..good
            })
            .collect();
        let found = Sheet::try_new(many.clone(), None, None).unwrap_err();
        assert_eq!(found.fault, SheetFault::TooManyRows);
        assert!(Sheet::try_new(many[1..].to_vec(), None, None).is_ok());
        let far = Some(Pct::new(26 * Pct::SCALE));
        assert_eq!(
            Sheet::try_new(vec![good], far, None).unwrap_err().fault,
            SheetFault::Index
        );
        assert_eq!(
            Sheet::try_new(vec![good], None, far).unwrap_err().fault,
            SheetFault::Margin
        );
    }
}
