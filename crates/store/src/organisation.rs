//! Organisations.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, row_id};
pub use crate::staff::{
    insert_staff_in, load_staff, load_staff_by_los_id, load_staff_of, match_staff_in,
};
use crate::{slug, vals};

pub(crate) const INSERT: &str = "INSERT INTO organisation (id, public_id, kind, name, parent_id, \
     nmls, active, created_at_us, updated_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) \
     ON CONFLICT DO NOTHING";
pub(crate) const INSERT_BROKER: &str = "INSERT INTO organisation (id, public_id, kind, name, \
     parent_id, nmls, active, created_at_us, updated_at_us, partner_uid) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) ON CONFLICT DO NOTHING";
pub(crate) const BY_PARTNER_UID: &str = "SELECT id, public_id, kind, name, parent_id, nmls, active \
     FROM organisation WHERE parent_id = $1 AND partner_uid = $2";
pub(crate) const PARTNER_UID: &str = "SELECT partner_uid FROM organisation WHERE id = $1";
pub(crate) const BROKERS: &str = "SELECT id, public_id, kind, name, parent_id, nmls, active \
     FROM organisation WHERE parent_id = $1 ORDER BY created_at_us, id LIMIT $2";
pub(crate) const LOCK: &str = "UPDATE organisation SET updated_at_us = updated_at_us WHERE id = $1";
pub(crate) const SET_ACTIVE: &str = "UPDATE organisation SET active = $2, updated_at_us = $3 \
     WHERE id = $1 AND active <> $2";
pub(crate) const BY_PUBLIC_ID: &str = "SELECT id, public_id, kind, name, parent_id, nmls, active \
     FROM organisation WHERE public_id = $1";
pub(crate) const BY_ID: &str = "SELECT id, public_id, kind, name, parent_id, nmls, active \
     FROM organisation WHERE id = $1";
pub(crate) const LIST: &str = "SELECT id, public_id, kind, name, parent_id, nmls, active \
     FROM organisation ORDER BY created_at_us, id LIMIT $1";
/// An organisation as its columns hold it; other statements join it.
#[derive(FromRow)]
pub(crate) struct Row {
    id: String,
    public_id: String,
    kind: String,
    name: String,
    parent_id: Option<String>,
    nmls: Option<String>,
    active: bool,
}

impl Row {
    pub(crate) fn read(self) -> Result<Organisation, Fault> {
        let at = At {
            table: "organisation",
            id: &self.id,
        };
        Ok(Organisation {
            public_id: at.public_id(&self.public_id)?,
            kind: at.word("kind", &self.kind, OrganisationKind::parse)?,
            name: self.name,
            parent_id: self.parent_id.map(row_id),
            nmls: self.nmls,
            is_active: self.active,
            id: row_id(self.id),
        })
    }
}

/// Adds an organisation, and the word its public links have for it; `false` when its public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, org: &Organisation, now: Instant) -> Result<bool, Fault> {
    let args = vals![
        org.id.as_str(),
        org.public_id.as_str(),
        org.kind.as_str(),
        &org.name,
        org.parent_id.as_ref().map(RowId::as_str),
        org.nmls.clone(),
        org.is_active,
        now.micros(),
    ];
    let is_new = tx.exec(INSERT, args).await? == 1;
    if is_new {
        slug::ensure_in(tx, org).await?;
    }
    Ok(is_new)
}

/// Adds a broker under the id its lender gave it; `false` when that id or its public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_broker_in(
    tx: &mut Tx,
    org: &Organisation,
    partner_uid: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        org.id.as_str(),
        org.public_id.as_str(),
        org.kind.as_str(),
        &org.name,
        org.parent_id.as_ref().map(RowId::as_str),
        org.nmls.clone(),
        org.is_active,
        now.micros(),
        partner_uid,
    ];
    let is_new = tx.exec(INSERT_BROKER, args).await? == 1;
    if is_new {
        slug::ensure_in(tx, org).await?;
    }
    Ok(is_new)
}

/// Finds a lender's broker by the id the lender gave it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_by_partner_uid_in(
    tx: &mut Tx,
    parent_id: &RowId,
    partner_uid: &str,
) -> Result<Option<Organisation>, Fault> {
    let args = vals![parent_id.as_str(), partner_uid];
    let row: Option<Row> = tx.maybe(BY_PARTNER_UID, args).await?;
    row.map(Row::read).transpose()
}

/// What its lender calls a broker, if the lender has a name for it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_partner_uid(db: &Db, org_id: &RowId) -> Result<Option<String>, Fault> {
    let row: Option<(Option<String>,)> = db.maybe(PARTNER_UID, vals![org_id.as_str()]).await?;
    Ok(row.and_then(|(uid,)| uid))
}

/// Lists a lender's brokers, oldest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list_brokers(
    db: &Db,
    parent_id: &RowId,
    limit: u32,
) -> Result<Vec<Organisation>, Fault> {
    let rows: Vec<Row> = db.all(BROKERS, vals![parent_id.as_str(), limit]).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Locks an organisation's row until the transaction ends: changes of one organisation follow each
/// other. `false` when there is no such organisation.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(tx: &mut Tx, id: &RowId) -> Result<bool, Fault> {
    Ok(tx.exec(LOCK, vals![id.as_str()]).await? == 1)
}

/// Finds an organisation by the id partners see.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, public_id: &PublicId) -> Result<Option<Organisation>, Fault> {
    let row: Option<Row> = db.maybe(BY_PUBLIC_ID, vals![public_id.as_str()]).await?;
    row.map(Row::read).transpose()
}

/// Finds an organisation by its row id.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_by_id(db: &Db, id: &RowId) -> Result<Option<Organisation>, Fault> {
    let row: Option<Row> = db.maybe(BY_ID, vals![id.as_str()]).await?;
    row.map(Row::read).transpose()
}

/// Finds an organisation by its row id, as the transaction sees it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_by_id_in(tx: &mut Tx, id: &RowId) -> Result<Option<Organisation>, Fault> {
    let row: Option<Row> = tx.maybe(BY_ID, vals![id.as_str()]).await?;
    row.map(Row::read).transpose()
}

/// Lists organisations, oldest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, limit: u32) -> Result<Vec<Organisation>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![limit]).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Switches an organisation on or off; `false` when that changes nothing. Its people are switched
/// apart.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_active_in(
    tx: &mut Tx,
    id: &RowId,
    is_active: bool,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![id.as_str(), is_active, now.micros()];
    Ok(tx.exec(SET_ACTIVE, args).await? == 1)
}
