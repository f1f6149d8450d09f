//! Numbers people say aloud: one after the other within a bank and a series.

use lintel_domain::id::RowId;
use lintel_macros::boxed;

use crate::db::Tx;
use crate::fault::Fault;
use crate::vals;

/// Both databases hold the row until the transaction ends: numbers that were given out are stored, and
/// none is left out.
const NEXT: &str = "INSERT INTO number_series (org_id, name, last) VALUES ($1, $2, $3) \
     ON CONFLICT (org_id, name) DO UPDATE SET last = number_series.last + 1 RETURNING last";

/// The statements of this file, for the list of all of them.
pub(crate) const STATEMENTS: [(&str, &str); 1] = [("number_series.next", NEXT)];

/// The next number of a series, in the transaction that stores what has it. The first is `first`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn next_in(tx: &mut Tx, org_id: &RowId, name: &str, first: i64) -> Result<i64, Fault> {
    let args = vals![org_id.as_str(), name, first];
    let row: Option<(i64,)> = tx.maybe(NEXT, args).await?;
    row.map(|(last,)| last)
        .ok_or_else(|| Fault::corrupt("number_series", "last", name))
}
