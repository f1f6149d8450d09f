//! Branches of organisations.

use lintel_domain::branch::{Branch, BranchFacts};
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::row::{At, row_id};
use crate::vals;

const COLUMNS: &str = "SELECT org_id, id, public_id, name, street, unit, city, state, postal_code, \
     phone, nmls, active FROM branch";
const INSERT: &str = "INSERT INTO branch (org_id, id, public_id, name, street, unit, city, state, \
     postal_code, phone, nmls, active, created_at_us, updated_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) ON CONFLICT DO NOTHING";
const UPDATE: &str = "UPDATE branch SET name = $4, street = $5, unit = $6, city = $7, state = $8, \
     postal_code = $9, phone = $10, nmls = $11, active = $12, updated_at_us = $13 \
     WHERE org_id = $1 AND id = $2 AND public_id = $3";
/// Most branches of one organisation that are listed.
const LIST_MAX: u32 = 5_000;

fn by_public_id_sql() -> String {
    format!("{COLUMNS} WHERE org_id = $1 AND public_id = $2")
}

fn list_sql() -> String {
    format!("{COLUMNS} WHERE org_id = $1 ORDER BY active DESC, LOWER(name), name, id LIMIT $2")
}

/// The statements of this file, for the list of all of them.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("branch.insert", INSERT.to_owned()),
        ("branch.update", UPDATE.to_owned()),
        ("branch.by_public_id", by_public_id_sql()),
        ("branch.list", list_sql()),
    ]
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    public_id: String,
    name: String,
    street: Option<String>,
    unit: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    phone: Option<String>,
    nmls: Option<String>,
    active: bool,
}

impl Row {
    fn read(self) -> Result<Branch, Fault> {
        let at = At {
            table: "branch",
            id: &self.id,
        };
        Ok(Branch {
            public_id: at.public_id(&self.public_id)?,
            org_id: row_id(self.org_id),
            facts: BranchFacts {
                name: self.name,
                street: self.street,
                unit: self.unit,
                city: self.city,
                state: self.state,
                postal_code: self.postal_code,
                phone: self.phone,
                nmls: self.nmls,
            },
            is_active: self.active,
            id: row_id(self.id),
        })
    }
}

fn columns(branch: &Branch, now: Instant) -> Vec<Val> {
    let facts = &branch.facts;
    vals![
        branch.org_id.as_str(),
        branch.id.as_str(),
        branch.public_id.as_str(),
        &facts.name,
        facts.street.clone(),
        facts.unit.clone(),
        facts.city.clone(),
        facts.state.clone(),
        facts.postal_code.clone(),
        facts.phone.clone(),
        facts.nmls.clone(),
        branch.is_active,
        now.micros(),
    ]
}

/// Adds a branch; `false` when its public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, branch: &Branch, now: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(INSERT, columns(branch, now)).await? == 1)
}

/// Writes a branch over what is stored; `false` when it is not there.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_in(tx: &mut Tx, branch: &Branch, now: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(UPDATE, columns(branch, now)).await? == 1)
}

/// Finds an organisation's branch by the id partners see.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId, public_id: &PublicId) -> Result<Option<Branch>, Fault> {
    let args = vals![org_id.as_str(), public_id.as_str()];
    let row: Option<Row> = db.maybe(&by_public_id_sql(), args).await?;
    row.map(Row::read).transpose()
}

/// As [`load`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_in(
    tx: &mut Tx,
    org_id: &RowId,
    public_id: &PublicId,
) -> Result<Option<Branch>, Fault> {
    let args = vals![org_id.as_str(), public_id.as_str()];
    let row: Option<Row> = tx.maybe(&by_public_id_sql(), args).await?;
    row.map(Row::read).transpose()
}

/// Lists an organisation's branches: who is switched on first, then by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId) -> Result<Vec<Branch>, Fault> {
    let rows: Vec<Row> = db
        .all(&list_sql(), vals![org_id.as_str(), LIST_MAX])
        .await?;
    rows.into_iter().map(Row::read).collect()
}
