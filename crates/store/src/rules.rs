//! Texts of the rule books that searches were priced with.

use lintel_macros::FromRow;
use lintel_macros::boxed;
use std::collections::BTreeMap;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO rule_book_text (digest, file, body) \
     VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
pub(crate) const LIST: &str =
    "SELECT file, body FROM rule_book_text WHERE digest = $1 ORDER BY file LIMIT 1000";
pub(crate) const ANY: &str = "SELECT file, file AS body FROM rule_book_text WHERE digest = $1 \
     ORDER BY file LIMIT 1";

#[derive(FromRow)]
struct Row {
    file: String,
    body: String,
}

/// Keeps the tables of a book under its digest; those already there stay.
///
/// # Errors
/// Any fault of the database.
pub async fn keep_in<'a>(
    tx: &mut Tx,
    digest: &str,
    texts: impl Iterator<Item = (&'static str, &'a str)>,
) -> Result<(), Fault> {
    for (file, body) in texts {
        tx.exec(INSERT, vals![digest, file, body]).await?;
    }
    Ok(())
}

/// Whether a book of that digest is kept.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_kept(db: &Db, digest: &str) -> Result<bool, Fault> {
    let row: Option<Row> = db.maybe(ANY, vals![digest]).await?;
    Ok(row.is_some())
}

/// The tables of a book, by file; empty when none is kept under that digest.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, digest: &str) -> Result<BTreeMap<String, String>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![digest]).await?;
    Ok(rows.into_iter().map(|row| (row.file, row.body)).collect())
}
