//! Networks of credit intermediaries. Only a keyed hash of a network's secret is stored.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::Network;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO network (org_id, id, client_id, secret_hash, secret_key, name, \
     active, created_at_us, updated_at_us) VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, $7) \
     ON CONFLICT DO NOTHING";
const BY_CLIENT_ID: &str = "SELECT org_id, id, client_id, name, active, created_at_us FROM network \
     WHERE org_id = $1 AND client_id = $2";
const LIST: &str = "SELECT org_id, id, client_id, name, active, created_at_us FROM network \
     WHERE org_id = $1 ORDER BY created_at_us, id LIMIT $2";
const SET_SECRET: &str = "UPDATE network SET secret_hash = $3, secret_key = $4, updated_at_us = $5 \
     WHERE org_id = $1 AND id = $2";
const SET_ACTIVE: &str = "UPDATE network SET active = $3, updated_at_us = $4 \
     WHERE org_id = $1 AND id = $2 AND active <> $3";
const SECRET_KEYS: &str = "SELECT DISTINCT secret_key FROM network ORDER BY secret_key LIMIT 1000";

/// Every statement of this file.
pub(crate) const STATEMENTS: [(&str, &str); 6] = [
    ("network.insert", INSERT),
    ("network.by_client_id", BY_CLIENT_ID),
    ("network.list", LIST),
    ("network.set_secret", SET_SECRET),
    ("network.set_active", SET_ACTIVE),
    ("network.secret_keys", SECRET_KEYS),
];

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    client_id: String,
    name: String,
    active: bool,
    created_at_us: i64,
}

impl Row {
    fn read(self) -> Network {
        Network {
            id: row_id(self.id),
            org_id: row_id(self.org_id),
            client_id: self.client_id,
            name: self.name,
            is_active: self.active,
            created_at: at(self.created_at_us),
        }
    }
}

/// Adds a network that is switched on; `false` when the client id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    network: &Network,
    secret_hash: &[u8],
    secret_key: &str,
) -> Result<bool, Fault> {
    let args = vals![
        network.org_id.as_str(),
        network.id.as_str(),
        &network.client_id,
        secret_hash,
        secret_key,
        &network.name,
        network.created_at.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Finds a bank's network by its client id, switched on or not.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId, client_id: &str) -> Result<Option<Network>, Fault> {
    let args = vals![org_id.as_str(), client_id];
    Ok(db.maybe::<Row>(BY_CLIENT_ID, args).await?.map(Row::read))
}

/// Lists a bank's networks, oldest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId, limit: u32) -> Result<Vec<Network>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str(), limit]).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Gives a network another secret; `false` when there is no such network.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_secret_in(
    tx: &mut Tx,
    network: &Network,
    secret_hash: &[u8],
    secret_key: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        network.org_id.as_str(),
        network.id.as_str(),
        secret_hash,
        secret_key,
        now.micros(),
    ];
    Ok(tx.exec(SET_SECRET, args).await? == 1)
}

/// Switches a network on or off; `false` when that changes nothing.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_active_in(
    tx: &mut Tx,
    network: &Network,
    is_active: bool,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        network.org_id.as_str(),
        network.id.as_str(),
        is_active,
        now.micros(),
    ];
    Ok(tx.exec(SET_ACTIVE, args).await? == 1)
}

/// Ids of the keys that networks' secrets were hashed with, as [`crate::credential::key_ids`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn key_ids(db: &Db) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> = db.all(SECRET_KEYS, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
