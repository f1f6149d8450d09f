//! Rate sheets in versions, one product each. The rows are a text this crate does not read.

use lintel_domain::id::{Instant, RowId};
use lintel_engine::rate::Pct;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, pct, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO rate_sheet (org_id, product_id, version, \
     effective_at_us, created_at_us, actor, source, index_pct_e9, margin_pct_e9, body, digest) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
/// One seek from the end of an index for each product: the number of old sheets does not enter.
pub(crate) const IN_FORCE: &str = "SELECT s.product_id, p.code, s.version, s.effective_at_us, \
     s.created_at_us, s.actor, s.source, s.index_pct_e9, s.margin_pct_e9, s.body, s.digest \
     FROM product p JOIN rate_sheet s ON s.org_id = p.org_id AND s.product_id = p.id \
     AND s.version = (SELECT r.version FROM rate_sheet r WHERE r.org_id = p.org_id \
     AND r.product_id = p.id AND r.version <= $2 AND r.effective_at_us <= $3 \
     ORDER BY r.effective_at_us DESC, r.version DESC LIMIT 1) WHERE p.org_id = $1 ORDER BY p.code";
pub(crate) const VERSIONS_IN_FORCE: &str = "SELECT s.product_id, s.version \
     FROM product p JOIN rate_sheet s ON s.org_id = p.org_id AND s.product_id = p.id \
     AND s.version = (SELECT r.version FROM rate_sheet r WHERE r.org_id = p.org_id \
     AND r.product_id = p.id AND r.version <= $2 AND r.effective_at_us <= $3 \
     ORDER BY r.effective_at_us DESC, r.version DESC LIMIT 1) WHERE p.org_id = $1 ORDER BY p.code";
pub(crate) const IN_FORCE_OF: &str = "SELECT s.product_id, p.code, s.version, s.effective_at_us, \
     s.created_at_us, s.actor, s.source, s.index_pct_e9, s.margin_pct_e9, s.body, s.digest \
     FROM rate_sheet s JOIN product p ON p.org_id = s.org_id AND p.id = s.product_id \
     WHERE s.org_id = $1 AND s.product_id = $2 AND s.version <= $3 AND s.effective_at_us <= $4 \
     ORDER BY s.effective_at_us DESC, s.version DESC LIMIT 1";
pub(crate) const BY_VERSION: &str = "SELECT s.product_id, p.code, s.version, s.effective_at_us, \
     s.created_at_us, s.actor, s.source, s.index_pct_e9, s.margin_pct_e9, s.body, s.digest \
     FROM rate_sheet s JOIN product p ON p.org_id = s.org_id AND p.id = s.product_id \
     WHERE s.org_id = $1 AND s.product_id = $2 AND s.version = $3";
pub(crate) const HISTORY: &str = "SELECT s.product_id, p.code, s.version, s.effective_at_us, \
     s.created_at_us, s.actor, s.source, s.index_pct_e9, s.margin_pct_e9, s.body, s.digest \
     FROM rate_sheet s JOIN product p ON p.org_id = s.org_id AND p.id = s.product_id \
     WHERE s.org_id = $1 AND s.product_id = $2 ORDER BY s.version DESC LIMIT $3";

/// A version of a product's rate sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSheet {
    /// Row id of the product.
    pub product_id: RowId,
    /// The product's code.
    pub code: String,
    /// The generation it was written in.
    pub version: i64,
    /// When it takes effect.
    pub effective_at: Instant,
    /// When it was written.
    pub created_at: Instant,
    /// Who wrote it.
    pub actor: String,
    /// Over which way it came, such as `api`, or a file's name.
    pub source: String,
    /// Value of the product's index.
    pub index: Option<Pct>,
    /// Margin over the index.
    pub margin: Option<Pct>,
    /// Its rows, as text.
    pub body: String,
    /// SHA-256 of rows, index and margin, in hexadecimal digits.
    pub digest: String,
}

#[derive(FromRow)]
struct Row {
    product_id: String,
    code: String,
    version: i64,
    effective_at_us: i64,
    created_at_us: i64,
    actor: String,
    source: String,
    index_pct_e9: Option<i64>,
    margin_pct_e9: Option<i64>,
    body: String,
    digest: String,
}

impl Row {
    fn read(self) -> StoredSheet {
        StoredSheet {
            product_id: row_id(self.product_id),
            code: self.code,
            version: self.version,
            effective_at: at(self.effective_at_us),
            created_at: at(self.created_at_us),
            actor: self.actor,
            source: self.source,
            index: self.index_pct_e9.map(pct),
            margin: self.margin_pct_e9.map(pct),
            body: self.body,
            digest: self.digest,
        }
    }
}

/// Writes a version of a sheet; its code is the product's and not written again.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, org_id: &RowId, sheet: &StoredSheet) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        sheet.product_id.as_str(),
        sheet.version,
        sheet.effective_at.micros(),
        sheet.created_at.micros(),
        &sheet.actor,
        &sheet.source,
        sheet.index.map(|i| i.e9()),
        sheet.margin.map(|m| m.e9()),
        &sheet.body,
        &sheet.digest,
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// The sheets in force at a generation and an instant, one at most for each product, by code.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force(
    db: &Db,
    org_id: &RowId,
    generation: i64,
    at: Instant,
) -> Result<Vec<StoredSheet>, Fault> {
    let args = vals![org_id.as_str(), generation, at.micros()];
    let rows: Vec<Row> = db.all(IN_FORCE, args).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// As [`in_force`], product and version only: what changed is found without reading what did not.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn versions_in_force(
    db: &Db,
    org_id: &RowId,
    generation: i64,
    at: Instant,
) -> Result<Vec<(RowId, i64)>, Fault> {
    let args = vals![org_id.as_str(), generation, at.micros()];
    let rows: Vec<(String, i64)> = db.all(VERSIONS_IN_FORCE, args).await?;
    Ok(rows.into_iter().map(|(id, v)| (row_id(id), v)).collect())
}

/// A product's sheet in force, within a transaction.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force_of_in(
    tx: &mut Tx,
    org_id: &RowId,
    product_id: &RowId,
    generation: i64,
    at: Instant,
) -> Result<Option<StoredSheet>, Fault> {
    let (org, product) = (org_id.as_str(), product_id.as_str());
    let args = vals![org, product, generation, at.micros()];
    let row: Option<Row> = tx.maybe(IN_FORCE_OF, args).await?;
    Ok(row.map(Row::read))
}

/// A version of a product's sheet.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(
    db: &Db,
    org_id: &RowId,
    product_id: &RowId,
    version: i64,
) -> Result<Option<StoredSheet>, Fault> {
    let args = vals![org_id.as_str(), product_id.as_str(), version];
    let row: Option<Row> = db.maybe(BY_VERSION, args).await?;
    Ok(row.map(Row::read))
}

/// A product's sheets, newest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn history(
    db: &Db,
    org_id: &RowId,
    product_id: &RowId,
    limit: u32,
) -> Result<Vec<StoredSheet>, Fault> {
    let args = vals![org_id.as_str(), product_id.as_str(), limit];
    let rows: Vec<Row> = db.all(HISTORY, args).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}
