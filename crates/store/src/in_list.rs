//! Fixed-width `IN` lists: one prepared statement for every length.

use lintel_domain::id::RowId;

use crate::db::Val;

/// Places in an `IN` list. Fixed, so that one prepared statement serves every length.
pub(crate) const IN_PLACES: usize = 250;

/// `$first, $first+1, …`: the text of an `IN` list.
pub(crate) fn places(first: usize) -> String {
    let list: Vec<String> = (first..first + IN_PLACES)
        .map(|n| format!("${n}"))
        .collect();
    list.join(", ")
}

/// Binds the ids of a chunk and repeats the last one until every place is filled.
pub(crate) fn fill_places(args: &mut Vec<Val>, chunk: &[RowId]) {
    let Some(last) = chunk.last() else { return };
    for n in 0..IN_PLACES {
        args.push(Val::from(chunk.get(n).unwrap_or(last).as_str()));
    }
}
