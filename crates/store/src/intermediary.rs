//! Credit intermediaries and their users. An intermediary's tax number is sealed; a keyed hash finds
//! it.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::{Intermediary, IntermediaryUser, Particulars};
use lintel_domain::nif::Nif;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO intermediary (org_id, id, network_id, number, nif, nif_hash, \
     name, email, type_id, sub_type_id, classification_id, status_id, active, api_access, \
     created_at_us, updated_at_us, registration, address, phone) VALUES ($1, $2, $3, $4, $5, $6, $7, \
     $8, $9, $10, $11, $12, $13, $14, $15, $15, $16, $17, $18) ON CONFLICT DO NOTHING";
const BY_ID: &str = "SELECT org_id, id, network_id, number, nif, name, email, registration, address, \
     phone, type_id, sub_type_id, classification_id, status_id, active, api_access, created_at_us \
     FROM intermediary WHERE org_id = $1 AND id = $2";
const ON_PAPERS: &str = "SELECT name, email, registration, address, phone FROM intermediary \
     WHERE org_id = $1 AND id = $2";
const BY_NUMBER: &str = "SELECT org_id, id, network_id, number, nif, name, email, registration, \
     address, phone, type_id, sub_type_id, classification_id, status_id, active, api_access, \
     created_at_us FROM intermediary WHERE org_id = $1 AND number = $2";
const BY_NIF: &str = "SELECT org_id, id, network_id, number, nif, name, email, registration, \
     address, phone, type_id, sub_type_id, classification_id, status_id, active, api_access, \
     created_at_us FROM intermediary WHERE org_id = $1 AND network_id = $2 AND nif_hash = $3";
const LIST: &str = "SELECT org_id, id, network_id, number, nif, name, email, registration, address, \
     phone, type_id, sub_type_id, classification_id, status_id, active, api_access, created_at_us \
     FROM intermediary WHERE org_id = $1 ORDER BY number LIMIT $2";
const LAST_NUMBER: &str = "SELECT MAX(number) FROM intermediary WHERE org_id = $1";
const SET_ACCESS: &str = "UPDATE intermediary SET active = $3, api_access = $4, updated_at_us = $5 \
     WHERE org_id = $1 AND id = $2 AND (active <> $3 OR api_access <> $4)";
const INSERT_USER: &str = "INSERT INTO intermediary_user (org_id, id, intermediary_id, username, \
     username_folded, name, email, active, api_access, created_at_us, updated_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) ON CONFLICT DO NOTHING";
const USER_BY_NAME: &str = "SELECT org_id, id, intermediary_id, username, name, email, active, \
     api_access, created_at_us FROM intermediary_user \
     WHERE org_id = $1 AND intermediary_id = $2 AND username_folded = $3";
const USERS: &str = "SELECT org_id, id, intermediary_id, username, name, email, active, \
     api_access, created_at_us FROM intermediary_user \
     WHERE org_id = $1 AND intermediary_id = $2 ORDER BY username_folded LIMIT $3";
const SET_USER_ACCESS: &str = "UPDATE intermediary_user SET active = $3, api_access = $4, \
     updated_at_us = $5 WHERE org_id = $1 AND id = $2 AND (active <> $3 OR api_access <> $4)";

/// Every statement of this file.
pub(crate) const STATEMENTS: [(&str, &str); 12] = [
    ("intermediary.insert", INSERT),
    ("intermediary.by_id", BY_ID),
    ("intermediary.by_number", BY_NUMBER),
    ("intermediary.on_papers", ON_PAPERS),
    ("intermediary.by_nif", BY_NIF),
    ("intermediary.list", LIST),
    ("intermediary.last_number", LAST_NUMBER),
    ("intermediary.set_access", SET_ACCESS),
    ("intermediary.insert_user", INSERT_USER),
    ("intermediary.user_by_name", USER_BY_NAME),
    ("intermediary.users", USERS),
    ("intermediary.set_user_access", SET_USER_ACCESS),
];

/// Opens a sealed tax number of the row with this id.
pub type OpenNif<'a> = &'a (dyn Fn(&RowId, &[u8]) -> Result<Nif, Fault> + Sync);

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    network_id: String,
    number: i64,
    nif: Vec<u8>,
    name: String,
    email: String,
    registration: String,
    address: String,
    phone: String,
    type_id: i64,
    sub_type_id: Option<i64>,
    classification_id: Option<i64>,
    status_id: i64,
    active: bool,
    api_access: bool,
    created_at_us: i64,
}

impl Row {
    fn read(self, open: OpenNif<'_>) -> Result<Intermediary, Fault> {
        let at_row = At {
            table: "intermediary",
            id: &self.id,
        };
        let maybe = |column, value: Option<i64>| value.map(|n| at_row.count(column, n)).transpose();
        let number = at_row.count("number", self.number)?;
        let type_id = at_row.count("type_id", self.type_id)?;
        let sub_type_id = maybe("sub_type_id", self.sub_type_id)?;
        let classification_id = maybe("classification_id", self.classification_id)?;
        let status_id = at_row.count("status_id", self.status_id)?;
        let id = row_id(self.id);
        Ok(Intermediary {
            nif: open(&id, &self.nif)?,
            id,
            org_id: row_id(self.org_id),
            network_id: row_id(self.network_id),
            number,
            name: self.name,
            email: self.email,
            particulars: Particulars {
                registration: self.registration,
                address: self.address,
                phone: self.phone,
            },
            type_id,
            sub_type_id,
            classification_id,
            status_id,
            is_active: self.active,
            has_api_access: self.api_access,
            created_at: at(self.created_at_us),
        })
    }
}

#[derive(FromRow)]
struct UserRow {
    org_id: String,
    id: String,
    intermediary_id: String,
    username: String,
    name: String,
    email: String,
    active: bool,
    api_access: bool,
    created_at_us: i64,
}

impl UserRow {
    fn read(self) -> IntermediaryUser {
        IntermediaryUser {
            id: row_id(self.id),
            org_id: row_id(self.org_id),
            intermediary_id: row_id(self.intermediary_id),
            username: self.username,
            name: self.name,
            email: self.email,
            is_active: self.active,
            has_api_access: self.api_access,
            created_at: at(self.created_at_us),
        }
    }
}

/// What papers say of an intermediary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnPapers {
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// The rest, as far as it is known.
    pub particulars: Particulars,
}

/// What papers say of a bank's intermediary; none for one the bank does not have.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn on_papers(db: &Db, org_id: &RowId, id: &RowId) -> Result<Option<OnPapers>, Fault> {
    let args = vals![org_id.as_str(), id.as_str()];
    let row: Option<(String, String, String, String, String)> = db.maybe(ON_PAPERS, args).await?;
    Ok(
        row.map(|(name, email, registration, address, phone)| OnPapers {
            name,
            email,
            particulars: Particulars {
                registration,
                address,
                phone,
            },
        }),
    )
}

/// Adds an intermediary with its tax number sealed and hashed; `false` when its number or, within
/// its network, its tax number is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    new: &Intermediary,
    nif_sealed: Vec<u8>,
    nif_hash: &[u8],
) -> Result<bool, Fault> {
    let args = vals![
        new.org_id.as_str(),
        new.id.as_str(),
        new.network_id.as_str(),
        i64::from(new.number),
        nif_sealed,
        nif_hash,
        &new.name,
        &new.email,
        i64::from(new.type_id),
        new.sub_type_id.map(i64::from),
        new.classification_id.map(i64::from),
        i64::from(new.status_id),
        new.is_active,
        new.has_api_access,
        new.created_at.micros(),
        &new.particulars.registration,
        &new.particulars.address,
        &new.particulars.phone,
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Finds a bank's intermediary by its UniqueID.
///
/// # Errors
/// Any fault of the database; one that names the row when its tax number cannot be opened.
#[boxed]
pub async fn load(
    db: &Db,
    org_id: &RowId,
    id: &RowId,
    open: OpenNif<'_>,
) -> Result<Option<Intermediary>, Fault> {
    let row: Option<Row> = db.maybe(BY_ID, vals![org_id.as_str(), id.as_str()]).await?;
    row.map(|row| row.read(open)).transpose()
}

/// Finds a bank's intermediary by its number.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn load_by_number(
    db: &Db,
    org_id: &RowId,
    number: u32,
    open: OpenNif<'_>,
) -> Result<Option<Intermediary>, Fault> {
    let args = vals![org_id.as_str(), i64::from(number)];
    let row: Option<Row> = db.maybe(BY_NUMBER, args).await?;
    row.map(|row| row.read(open)).transpose()
}

/// Finds a network's intermediary by the hash of its tax number.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn load_by_nif(
    db: &Db,
    org_id: &RowId,
    network_id: &RowId,
    nif_hash: &[u8],
    open: OpenNif<'_>,
) -> Result<Option<Intermediary>, Fault> {
    let args = vals![org_id.as_str(), network_id.as_str(), nif_hash];
    let row: Option<Row> = db.maybe(BY_NIF, args).await?;
    row.map(|row| row.read(open)).transpose()
}

/// Lists a bank's intermediaries by number, at most `limit`.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn list(
    db: &Db,
    org_id: &RowId,
    limit: u32,
    open: OpenNif<'_>,
) -> Result<Vec<Intermediary>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str(), limit]).await?;
    rows.into_iter().map(|row| row.read(open)).collect()
}

/// The highest number a bank's intermediaries have. Lock the bank's row first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn last_number_in(tx: &mut Tx, org_id: &RowId) -> Result<Option<u32>, Fault> {
    let row: Option<(Option<i64>,)> = tx.maybe(LAST_NUMBER, vals![org_id.as_str()]).await?;
    let at_row = At {
        table: "intermediary",
        id: org_id.as_str(),
    };
    row.and_then(|(number,)| number)
        .map(|number| at_row.count("number", number))
        .transpose()
}

/// Switches an intermediary and its API access on or off; `false` when that changes nothing.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_access_in(
    tx: &mut Tx,
    changed: &Intermediary,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        changed.org_id.as_str(),
        changed.id.as_str(),
        changed.is_active,
        changed.has_api_access,
        now.micros(),
    ];
    Ok(tx.exec(SET_ACCESS, args).await? == 1)
}

/// Adds a user; `folded` is the user name as it is compared. `false` when the intermediary has a user
/// of that name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_user_in(
    tx: &mut Tx,
    new: &IntermediaryUser,
    folded: &str,
) -> Result<bool, Fault> {
    let args = vals![
        new.org_id.as_str(),
        new.id.as_str(),
        new.intermediary_id.as_str(),
        &new.username,
        folded,
        &new.name,
        &new.email,
        new.is_active,
        new.has_api_access,
        new.created_at.micros(),
    ];
    Ok(tx.exec(INSERT_USER, args).await? == 1)
}

/// Finds an intermediary's user by the folded name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_user(
    db: &Db,
    org_id: &RowId,
    intermediary_id: &RowId,
    folded: &str,
) -> Result<Option<IntermediaryUser>, Fault> {
    let args = vals![org_id.as_str(), intermediary_id.as_str(), folded];
    let row: Option<UserRow> = db.maybe(USER_BY_NAME, args).await?;
    Ok(row.map(UserRow::read))
}

/// Lists an intermediary's users by name, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list_users(
    db: &Db,
    org_id: &RowId,
    intermediary_id: &RowId,
    limit: u32,
) -> Result<Vec<IntermediaryUser>, Fault> {
    let args = vals![org_id.as_str(), intermediary_id.as_str(), limit];
    let rows: Vec<UserRow> = db.all(USERS, args).await?;
    Ok(rows.into_iter().map(UserRow::read).collect())
}

/// Switches a user and the user's API access on or off; `false` when that changes nothing.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_user_access_in(
    tx: &mut Tx,
    changed: &IntermediaryUser,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        changed.org_id.as_str(),
        changed.id.as_str(),
        changed.is_active,
        changed.has_api_access,
        now.micros(),
    ];
    Ok(tx.exec(SET_USER_ACCESS, args).await? == 1)
}
