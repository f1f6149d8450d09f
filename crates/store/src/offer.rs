//! What a bank offers, version by version. A version is never changed: a later one of the same day takes
//! its place, and simulations keep the id of theirs.

use lintel_domain::id::{Instant, RowId};
use lintel_engine::date::Date;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO bank_offer (org_id, id, effective_from, digest, \
     document, created_by, created_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7) \
     ON CONFLICT DO NOTHING";
pub(crate) const IN_FORCE: &str = "SELECT id, effective_from, digest, document, created_by, \
     created_at_us FROM bank_offer WHERE org_id = $1 AND effective_from <= $2 \
     ORDER BY effective_from DESC, created_at_us DESC, id DESC LIMIT 1";
pub(crate) const IN_FORCE_ID: &str = "SELECT id FROM bank_offer WHERE org_id = $1 \
     AND effective_from <= $2 ORDER BY effective_from DESC, created_at_us DESC, id DESC LIMIT 1";
pub(crate) const BY_ID: &str = "SELECT id, effective_from, digest, document, created_by, \
     created_at_us FROM bank_offer WHERE org_id = $1 AND id = $2";
pub(crate) const OF_DAY: &str = "SELECT digest FROM bank_offer WHERE org_id = $1 \
     AND effective_from = $2 ORDER BY created_at_us DESC, id DESC LIMIT 1";
pub(crate) const LIST: &str = "SELECT id, effective_from, digest, '' AS document, created_by, \
     created_at_us FROM bank_offer WHERE org_id = $1 \
     ORDER BY effective_from DESC, created_at_us DESC, id DESC LIMIT $2";

/// The statements of this file, for the test that prepares each of them.
pub(crate) const STATEMENTS: &[(&str, &str)] = &[
    ("offer.insert", INSERT),
    ("offer.in_force", IN_FORCE),
    ("offer.in_force_id", IN_FORCE_ID),
    ("offer.by_id", BY_ID),
    ("offer.of_day", OF_DAY),
    ("offer.list", LIST),
];

/// Most versions listed.
const LISTED: i64 = 200;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Row id.
    pub id: RowId,
    /// First day it is in force.
    pub effective_from: Date,
    /// SHA-256 of the document.
    pub digest: Vec<u8>,
    /// The document; empty in a list.
    pub document: String,
    /// Who loaded it.
    pub created_by: String,
    /// When.
    pub created_at: Instant,
}

#[derive(FromRow)]
struct Row {
    id: String,
    effective_from: String,
    digest: Vec<u8>,
    document: String,
    created_by: String,
    created_at_us: i64,
}

impl Row {
    fn read(self) -> Result<Version, Fault> {
        let place = At {
            table: "bank_offer",
            id: &self.id,
        };
        let day = place.word("effective_from", &self.effective_from, |text| {
            Date::parse_iso(text).ok()
        })?;
        Ok(Version {
            effective_from: day,
            id: row_id(self.id),
            digest: self.digest,
            document: self.document,
            created_by: self.created_by,
            created_at: at(self.created_at_us),
        })
    }
}

/// The version in force on a day: the last that begins by then, and of those of one day the newest.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force(db: &Db, org_id: &RowId, day: Date) -> Result<Option<Version>, Fault> {
    let row: Option<Row> = db
        .maybe(IN_FORCE, vals![org_id.as_str(), day.to_string()])
        .await?;
    row.map(Row::read).transpose()
}

/// The id of the version in force on a day: what a cache asks.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force_id(db: &Db, org_id: &RowId, day: Date) -> Result<Option<RowId>, Fault> {
    let args = vals![org_id.as_str(), day.to_string()];
    let row: Option<(String,)> = db.maybe(IN_FORCE_ID, args).await?;
    Ok(row.map(|(id,)| row_id(id)))
}

/// A version by its id.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_id(db: &Db, org_id: &RowId, id: &RowId) -> Result<Option<Version>, Fault> {
    let row: Option<Row> = db.maybe(BY_ID, vals![org_id.as_str(), id.as_str()]).await?;
    row.map(Row::read).transpose()
}

/// Digest of the newest version that begins on a day; none when there is none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn digest_in(
    tx: &mut Tx,
    org_id: &RowId,
    effective_from: Date,
) -> Result<Option<Vec<u8>>, Fault> {
    let args = vals![org_id.as_str(), effective_from.to_string()];
    let row: Option<(Vec<u8>,)> = tx.maybe(OF_DAY, args).await?;
    Ok(row.map(|(digest,)| digest))
}

/// The versions without their documents, the last to begin first; at most 200.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId) -> Result<Vec<Version>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str(), LISTED]).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Stores a version; `false` when its id is there already.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, org_id: &RowId, version: &Version) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        version.id.as_str(),
        version.effective_from.to_string(),
        version.digest.clone(),
        version.document.as_str(),
        version.created_by.as_str(),
        version.created_at.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}
