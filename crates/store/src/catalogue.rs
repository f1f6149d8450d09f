//! Catalogues in versions, and the head that numbers every change of an organisation's prices.
//!
//! A version is written once. What is in force at a generation and an instant is the version with
//! the greatest effective time, then number, among those not above the generation and not after the
//! instant; so the same pair finds the same prices for ever.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{at, row_id};
use crate::vals;

pub(crate) const ADVANCE: &str = "UPDATE pricing_head SET generation = generation + 1, \
     changed_at_us = CASE WHEN changed_at_us > $2 THEN changed_at_us ELSE $2 END \
     WHERE org_id = $1 RETURNING generation, changed_at_us";
pub(crate) const START: &str = "INSERT INTO pricing_head (org_id, generation, changed_at_us) \
     VALUES ($1, 0, 0) ON CONFLICT DO NOTHING";
pub(crate) const HEAD: &str =
    "SELECT generation, changed_at_us FROM pricing_head WHERE org_id = $1";
pub(crate) const INSERT: &str = "INSERT INTO catalogue_version (org_id, version, effective_at_us, \
     created_at_us, actor, note, digest) VALUES ($1, $2, $3, $4, $5, $6, $7)";
pub(crate) const INSERT_PART: &str =
    "INSERT INTO catalogue_part (org_id, version, part, body) VALUES ($1, $2, $3, $4)";
pub(crate) const IN_FORCE: &str = "SELECT version, effective_at_us, created_at_us, actor, note, \
     digest FROM catalogue_version WHERE org_id = $1 AND version <= $2 AND effective_at_us <= $3 \
     ORDER BY effective_at_us DESC, version DESC LIMIT 1";
pub(crate) const BY_VERSION: &str = "SELECT version, effective_at_us, created_at_us, actor, note, \
     digest FROM catalogue_version WHERE org_id = $1 AND version = $2";
pub(crate) const LIST: &str = "SELECT version, effective_at_us, created_at_us, actor, note, digest \
     FROM catalogue_version WHERE org_id = $1 ORDER BY version DESC LIMIT $2";
pub(crate) const PARTS: &str =
    "SELECT part, body FROM catalogue_part WHERE org_id = $1 AND version = $2 ORDER BY part";
pub(crate) const DUE: &str = "SELECT effective_at_us FROM (SELECT effective_at_us FROM \
     (SELECT effective_at_us FROM catalogue_version WHERE org_id = $1 AND version <= $2 \
     AND effective_at_us > $3 ORDER BY effective_at_us LIMIT 1) AS of_catalogue UNION ALL \
     SELECT effective_at_us FROM (SELECT effective_at_us FROM rate_sheet WHERE org_id = $1 \
     AND version <= $2 AND effective_at_us > $3 ORDER BY effective_at_us LIMIT 1) AS of_sheet) \
     AS due ORDER BY effective_at_us LIMIT 1";

#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
struct HeadRow {
    generation: i64,
    changed_at_us: i64,
}

/// Number and time of the newest change of an organisation's prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the change; 0 before the first.
    pub generation: i64,
    /// When it was made; never before the change before it, whatever the clocks of the nodes say.
    pub changed_at: Instant,
}

impl HeadRow {
    const fn read(self) -> Head {
        Head {
            generation: self.generation,
            changed_at: at(self.changed_at_us),
        }
    }
}

/// Takes the next number and keeps every other change of the organisation's prices waiting until
/// the transaction ends, so that numbers follow the order of commits.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn next_generation_in(tx: &mut Tx, org_id: &RowId, now: Instant) -> Result<Head, Fault> {
    let advance = || vals![org_id.as_str(), now.micros()];
    let mut head: Option<HeadRow> = tx.maybe(ADVANCE, advance()).await?;
    if head.is_none() {
        tx.exec(START, vals![org_id.as_str()]).await?;
        head = tx.maybe(ADVANCE, advance()).await?;
    }
    head.map(HeadRow::read)
        .ok_or_else(|| Fault::corrupt("pricing_head", "org_id", org_id.as_str()))
}

/// The newest change; generation 0 when there was none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn head(db: &Db, org_id: &RowId) -> Result<Head, Fault> {
    let row: Option<HeadRow> = db.maybe(HEAD, vals![org_id.as_str()]).await?;
    Ok(row.map_or(
        Head {
            generation: 0,
            changed_at: at(0),
        },
        HeadRow::read,
    ))
}

/// The newest changes of several organisations; those without any are left out.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn heads(db: &Db, org_ids: &[RowId]) -> Result<Vec<(RowId, Head)>, Fault> {
    let sql = heads_sql();
    let mut found = Vec::with_capacity(org_ids.len());
    for chunk in org_ids.chunks(IN_PLACES) {
        let mut args = Vec::with_capacity(IN_PLACES);
        fill_places(&mut args, chunk);
        let rows: Vec<(String, i64, i64)> = db.all(&sql, args).await?;
        found.extend(rows.into_iter().map(|(org, generation, changed)| {
            let changed_at = at(changed);
            (
                row_id(org),
                Head {
                    generation,
                    changed_at,
                },
            )
        }));
    }
    Ok(found)
}

pub(crate) fn heads_sql() -> String {
    format!(
        "SELECT org_id, generation, changed_at_us FROM pricing_head WHERE org_id IN ({})",
        places(1)
    )
}

/// A version of a catalogue, without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueVersion {
    /// The generation it was written in.
    pub version: i64,
    /// When it takes effect.
    pub effective_at: Instant,
    /// When it was written.
    pub created_at: Instant,
    /// Who wrote it.
    pub actor: String,
    /// What for, in the writer's words.
    pub note: String,
    /// SHA-256 of its parts, in hexadecimal digits.
    pub digest: String,
}

#[derive(FromRow)]
struct VersionRow {
    version: i64,
    effective_at_us: i64,
    created_at_us: i64,
    actor: String,
    note: String,
    digest: String,
}

impl VersionRow {
    fn read(self) -> CatalogueVersion {
        CatalogueVersion {
            version: self.version,
            effective_at: at(self.effective_at_us),
            created_at: at(self.created_at_us),
            actor: self.actor,
            note: self.note,
            digest: self.digest,
        }
    }
}

/// Writes a version with its parts: name and text of each.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    org_id: &RowId,
    version: &CatalogueVersion,
    parts: &[(&str, &str)],
) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        version.version,
        version.effective_at.micros(),
        version.created_at.micros(),
        &version.actor,
        &version.note,
        &version.digest,
    ];
    tx.exec(INSERT, args).await?;
    for (part, body) in parts {
        let args = vals![org_id.as_str(), version.version, *part, *body];
        tx.exec(INSERT_PART, args).await?;
    }
    Ok(())
}

/// The version in force at a generation and an instant.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force(
    db: &Db,
    org_id: &RowId,
    generation: i64,
    at: Instant,
) -> Result<Option<CatalogueVersion>, Fault> {
    let args = vals![org_id.as_str(), generation, at.micros()];
    let row: Option<VersionRow> = db.maybe(IN_FORCE, args).await?;
    Ok(row.map(VersionRow::read))
}

/// As [`in_force`], within a transaction that may have written versions of its own.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force_in(
    tx: &mut Tx,
    org_id: &RowId,
    generation: i64,
    at: Instant,
) -> Result<Option<CatalogueVersion>, Fault> {
    let args = vals![org_id.as_str(), generation, at.micros()];
    let row: Option<VersionRow> = tx.maybe(IN_FORCE, args).await?;
    Ok(row.map(VersionRow::read))
}

/// A version by its number.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(
    db: &Db,
    org_id: &RowId,
    version: i64,
) -> Result<Option<CatalogueVersion>, Fault> {
    let row: Option<VersionRow> = db
        .maybe(BY_VERSION, vals![org_id.as_str(), version])
        .await?;
    Ok(row.map(VersionRow::read))
}

/// The parts of a version: name and text, by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn parts(db: &Db, org_id: &RowId, version: i64) -> Result<Vec<(String, String)>, Fault> {
    db.all(PARTS, vals![org_id.as_str(), version]).await
}

/// As [`parts`], within a transaction.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn parts_in(
    tx: &mut Tx,
    org_id: &RowId,
    version: i64,
) -> Result<Vec<(String, String)>, Fault> {
    tx.all(PARTS, vals![org_id.as_str(), version]).await
}

/// Versions, newest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId, limit: u32) -> Result<Vec<CatalogueVersion>, Fault> {
    let rows: Vec<VersionRow> = db.all(LIST, vals![org_id.as_str(), limit]).await?;
    Ok(rows.into_iter().map(VersionRow::read).collect())
}

/// The next instant after `at` when something written up to a generation takes effect.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn due_after(
    db: &Db,
    org_id: &RowId,
    generation: i64,
    after: Instant,
) -> Result<Option<Instant>, Fault> {
    let args = vals![org_id.as_str(), generation, after.micros()];
    let row: Option<(i64,)> = db.maybe(DUE, args).await?;
    Ok(row.map(|(due,)| at(due)))
}
