//! The three ways of paging the public text has.

use lintel_domain::finding::{Bound, CreditField, CreditRule};
use lintel_domain::id::RowId;

use crate::read::Obj;

/// Rows of a page when nobody says how many.
const USUAL: u32 = 20;
/// Most rows of a page.
const MOST: u32 = 100;
/// Highest page number and offset: beyond it a list has no rows, and its product with a page's rows
/// still fits 32 bits.
const FURTHEST: u32 = 10_000_000;

/// Where a list of simulations, processes or proposals goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursors {
    /// Most rows.
    pub line_count: u32,
    /// The rows after this one, which are older.
    pub next: Option<RowId>,
    /// The rows before this one, which are newer.
    pub previous: Option<RowId>,
}

impl Cursors {
    /// Reads `lineCount`, `nextRecord` and `previousRecord`.
    pub fn read(query: &Obj<'_>) -> Self {
        let line_count = size(query, "lineCount", CreditField::LineCount);
        let next = cursor(query, "nextRecord", CreditField::NextRecord);
        let previous = cursor(query, "previousRecord", CreditField::PreviousRecord);
        if next.is_some() && previous.is_some() {
            query.note(CreditField::PreviousRecord, CreditRule::Conflict);
        }
        Self {
            line_count,
            next,
            previous,
        }
    }
}

/// A page by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pages {
    /// From 1.
    pub number: u32,
    /// Most rows.
    pub size: u32,
}

impl Pages {
    /// Reads `pageNumber` and `pageSize`.
    pub fn read(query: &Obj<'_>) -> Self {
        let number = within(query, "pageNumber", CreditField::PageNumber, (1, FURTHEST));
        Self {
            number: number.unwrap_or(1),
            size: size(query, "pageSize", CreditField::PageSize),
        }
    }
}

/// A part of a list by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// Rows to skip.
    pub offset: u32,
    /// Most rows.
    pub limit: u32,
}

impl Window {
    /// Reads `offset` and `limit`.
    pub fn read(query: &Obj<'_>) -> Self {
        let offset = within(query, "offset", CreditField::Offset, (0, FURTHEST));
        Self {
            offset: offset.unwrap_or(0),
            limit: size(query, "limit", CreditField::Limit),
        }
    }
}

fn size(query: &Obj<'_>, name: &str, field: CreditField) -> u32 {
    within(query, name, field, (1, MOST)).unwrap_or(USUAL)
}

fn within(query: &Obj<'_>, name: &str, field: CreditField, bounds: (u32, u32)) -> Option<u32> {
    let (least, most) = bounds;
    let given = match least {
        0 => query.count(name, field),
        _ => query.positive(name, field),
    };
    let given = given.value()?;
    if given < least {
        let least = Bound::Count(u64::from(least));
        query.note(field, CreditRule::TooSmall(least));
        return None;
    }
    if given > most {
        query.note(field, CreditRule::TooLarge(Bound::Count(u64::from(most))));
        return None;
    }
    Some(given)
}

/// A cursor; one that is no id at all is as unknown as one of somebody else's row.
fn cursor(query: &Obj<'_>, name: &str, field: CreditField) -> Option<RowId> {
    let text = query.text(name, field, 100).value()?;
    let id = crate::read::unique_id(&text);
    if id.is_none() {
        query.note(field, CreditRule::Unknown);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Found, Query};

    fn findings(query: &str) -> Vec<String> {
        let (found, query) = (Found::new(), Query::parse(Some(query)).expect("a query"));
        let (_, _, _) = (
            Cursors::read(&query.object(&found)),
            Pages::read(&query.object(&found)),
            Window::read(&query.object(&found)),
        );
        found.take().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn bounds_hold() {
        assert!(findings("").is_empty());
        assert!(findings("lineCount=100&pageNumber=1&pageSize=1&offset=0&limit=100").is_empty());
        assert_eq!(
            findings("lineCount=0&pageNumber=0&pageSize=101&limit=1e2&offset=-1"),
            [
                "line_count is below 1",
                "page_number is below 1",
                "page_size is above 100",
                "offset is below 0",
                "limit cannot be read",
            ]
        );
        let id = "0193f000-0000-7000-8000-000000000001";
        assert_eq!(
            findings(&format!("nextRecord={id}&previousRecord={id}")),
            ["previous_record contradicts another field"]
        );
        assert_eq!(findings("nextRecord=x"), ["next_record is not in its list"]);
    }
}
