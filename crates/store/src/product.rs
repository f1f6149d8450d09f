//! The registry of product codes: which public id a lender's code has, for ever. What a product is
//! stands in the lender's catalogue.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO product (org_id, id, public_id, code, created_at_us) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
pub(crate) const BY_CODE: &str = "SELECT id, public_id, code, created_at_us FROM product \
     WHERE org_id = $1 AND code = $2";
pub(crate) const BY_PUBLIC_ID: &str = "SELECT id, public_id, code, created_at_us FROM product \
     WHERE org_id = $1 AND public_id = $2";
pub(crate) const LIST: &str = "SELECT id, public_id, code, created_at_us FROM product \
     WHERE org_id = $1 ORDER BY code, id LIMIT 100000";

/// A product code and the ids it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredProduct {
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// The lender's own code.
    pub code: String,
    /// When the code was first imported.
    pub created_at: Instant,
}

#[derive(FromRow)]
struct Row {
    id: String,
    public_id: String,
    code: String,
    created_at_us: i64,
}

impl Row {
    fn read(self) -> Result<RegisteredProduct, Fault> {
        let place = At {
            table: "product",
            id: &self.id,
        };
        Ok(RegisteredProduct {
            public_id: place.public_id(&self.public_id)?,
            code: self.code,
            created_at: at(self.created_at_us),
            id: row_id(self.id),
        })
    }
}

/// What registering a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// The code is new and has the ids given.
    New,
    /// The code was there; it keeps its ids.
    Known,
    /// The public id is somebody else's: draw another.
    IdTaken,
}

/// Registers a code under the ids given, unless it is registered already.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn ensure_in(
    tx: &mut Tx,
    org_id: &RowId,
    product: &RegisteredProduct,
) -> Result<Registered, Fault> {
    let args = vals![
        org_id.as_str(),
        product.id.as_str(),
        product.public_id.as_str(),
        &product.code,
        product.created_at.micros(),
    ];
    if tx.exec(INSERT, args).await? == 1 {
        return Ok(Registered::New);
    }
    Ok(match load_in(tx, org_id, &product.code).await? {
        Some(_) => Registered::Known,
        None => Registered::IdTaken,
    })
}

/// Finds a lender's product by its code.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_in(
    tx: &mut Tx,
    org_id: &RowId,
    code: &str,
) -> Result<Option<RegisteredProduct>, Fault> {
    let row: Option<Row> = tx.maybe(BY_CODE, vals![org_id.as_str(), code]).await?;
    row.map(Row::read).transpose()
}

/// Finds a lender's product by the id partners see; another lender's is none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_public_in(
    tx: &mut Tx,
    org_id: &RowId,
    public_id: &PublicId,
) -> Result<Option<RegisteredProduct>, Fault> {
    let args = vals![org_id.as_str(), public_id.as_str()];
    let row: Option<Row> = tx.maybe(BY_PUBLIC_ID, args).await?;
    row.map(Row::read).transpose()
}

/// Finds a lender's product by its code, outside a transaction.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId, code: &str) -> Result<Option<RegisteredProduct>, Fault> {
    let row: Option<Row> = db.maybe(BY_CODE, vals![org_id.as_str(), code]).await?;
    row.map(Row::read).transpose()
}

/// Every code a lender ever had, by code.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId) -> Result<Vec<RegisteredProduct>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str()]).await?;
    rows.into_iter().map(Row::read).collect()
}
