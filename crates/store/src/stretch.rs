//! Stretches of lists that begin with the newest row and go on from a row in either direction.

use crate::db::{Db, FromRow, Val};
use crate::fault::Fault;
use crate::vals;
use lintel_domain::id::RowId;

/// Where a stretch begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// With the newest.
    First,
    /// Behind this one: the older ones.
    After(&'a RowId),
    /// Before this one: the newer ones nearest to it.
    Before(&'a RowId),
}

impl<'a> Step<'a> {
    /// From the row that is named: behind `next`, else before `previous`.
    #[must_use]
    pub const fn of(next: Option<&'a RowId>, previous: Option<&'a RowId>) -> Self {
        match (next, previous) {
            (Some(id), _) => Self::After(id),
            (None, Some(id)) => Self::Before(id),
            (None, None) => Self::First,
        }
    }
}

/// Some rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch<T> {
    /// Newest first, whichever way was gone.
    pub rows: Vec<T>,
    /// Whether there are more that way.
    pub has_more: bool,
}

/// The statements of a list: older rows than one, newest first, and newer ones, oldest first. The last two
/// parameters are the row's id, empty for the list's beginning, and how many.
pub(crate) struct Ways {
    pub older: fn() -> String,
    pub newer: fn() -> String,
}

impl Ways {
    /// At most `most` rows.
    ///
    /// # Errors
    /// Any fault of the database; corrupt for a row that cannot be read.
    pub async fn read<R: FromRow, T>(
        &self,
        db: &Db,
        mut args: Vec<Val>,
        (step, most): (Step<'_>, u32),
        read: fn(R) -> Result<T, Fault>,
    ) -> Result<Stretch<T>, Fault> {
        let (sql, id, is_newer) = match step {
            Step::First => ((self.older)(), "", false),
            Step::After(id) => ((self.older)(), id.as_str(), false),
            Step::Before(id) => ((self.newer)(), id.as_str(), true),
        };
        // One more tells whether there are more.
        args.extend(vals![id, most.saturating_add(1)]);
        let found: Vec<R> = db.all(&sql, args).await?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let has_more = found.len() > most;
        let rows: Result<Vec<T>, Fault> = found.into_iter().take(most).map(read).collect();
        let mut rows = rows?;
        if is_newer {
            rows.reverse();
        }
        Ok(Stretch { rows, has_more })
    }
}
