//! Whose sign-up page a link without an organisation opens.

use lintel_domain::id::RowId;
use lintel_macros::boxed;

use crate::db::Db;
use crate::fault::Fault;
use crate::row::row_id;
use crate::vals;

pub(crate) const OFFICER_BY_PUBLIC_ID: &str = "SELECT org_id, id FROM staff WHERE public_id = $1";
/// Families may use the same id; two rows are enough to know.
pub(crate) const OFFICER_BY_UID: &str =
    "SELECT org_id, id FROM staff WHERE partner_uid = $1 ORDER BY id LIMIT 2";

/// The organisation and the row id of the person a link names: by the public id first, then by the id
/// an organisation has for the person. An id that several families use is nobody's: a borrower must
/// not end up at a stranger's, whoever had the id first. Our own id is always one person's.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn officer(db: &Db, uid: &str) -> Result<Option<(RowId, RowId)>, Fault> {
    for sql in [OFFICER_BY_PUBLIC_ID, OFFICER_BY_UID] {
        let mut rows: Vec<(String, String)> = db.all(sql, vals![uid]).await?;
        let last = rows.pop();
        match last {
            Some((org_id, id)) if rows.is_empty() => {
                return Ok(Some((row_id(org_id), row_id(id))));
            }
            Some(_) => return Ok(None),
            None => {}
        }
    }
    Ok(None)
}
