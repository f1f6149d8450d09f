//! API key pairs. Only a keyed hash of the secret is stored.

use lintel_domain::credential::Credential;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::organisation::Organisation;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::organisation;
use crate::row::{at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO credential (api_id, org_id, key_hash, key_id, label, \
     created_at_us, revoked_at_us) VALUES ($1, $2, $3, $4, $5, $6, NULL) ON CONFLICT DO NOTHING";
pub(crate) const SECRET: &str = "SELECT c.key_hash, c.key_id, o.id, o.public_id, o.kind, o.name, \
     o.parent_id, o.nmls, o.active FROM credential c JOIN organisation o ON o.id = c.org_id \
     LEFT JOIN organisation p ON p.id = o.parent_id AND p.active = FALSE \
     WHERE p.id IS NULL AND c.api_id = $1 AND c.revoked_at_us IS NULL AND o.active = TRUE";
pub(crate) const LIST: &str = "SELECT api_id, org_id, label, created_at_us, revoked_at_us \
     FROM credential WHERE org_id = $1 ORDER BY created_at_us, api_id LIMIT 1000";
pub(crate) const BY_API_ID: &str = "SELECT api_id, org_id, label, created_at_us, revoked_at_us \
     FROM credential WHERE api_id = $1";
pub(crate) const KEY_IDS: &str = "SELECT key_id FROM credential UNION \
     SELECT key_id FROM access_token ORDER BY key_id LIMIT 1000";
pub(crate) const REVOKE: &str = "UPDATE credential SET revoked_at_us = $2 \
     WHERE api_id = $1 AND revoked_at_us IS NULL";

/// The stored form of a secret and whose it is.
#[derive(Debug, Clone)]
pub struct StoredSecret {
    /// Whose pair it is.
    pub organisation: Organisation,
    /// Keyed hash of the secret.
    pub key_hash: Vec<u8>,
    /// Which key of the ring the hash was made with.
    pub key_id: String,
}

#[derive(FromRow)]
struct SecretRow {
    key_hash: Vec<u8>,
    key_id: String,
    #[row(flatten)]
    organisation: organisation::Row,
}

#[derive(FromRow)]
struct Row {
    api_id: String,
    org_id: String,
    label: String,
    created_at_us: i64,
    revoked_at_us: Option<i64>,
}

impl Row {
    fn read(self) -> Credential {
        Credential {
            api_id: self.api_id,
            organisation_id: row_id(self.org_id),
            label: self.label,
            created_at: at(self.created_at_us),
            revoked_at: self.revoked_at_us.map(at),
        }
    }
}

/// Adds a pair; `false` when the name is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    credential: &Credential,
    key_hash: &[u8],
    key_id: &str,
) -> Result<bool, Fault> {
    let args = vals![
        &credential.api_id,
        credential.organisation_id.as_str(),
        key_hash,
        key_id,
        &credential.label,
        credential.created_at.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Loads what is needed to check a secret: only pairs that were not withdrawn, and only of active
/// organisations whose wholesale lender, if they have one, is active too.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_secret(db: &Db, api_id: &str) -> Result<Option<StoredSecret>, Fault> {
    let row: Option<SecretRow> = db.maybe(SECRET, vals![api_id]).await?;
    row.map(|row| {
        Ok(StoredSecret {
            organisation: row.organisation.read()?,
            key_hash: row.key_hash,
            key_id: row.key_id,
        })
    })
    .transpose()
}

/// Lists an organisation's pairs, oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId) -> Result<Vec<Credential>, Fault> {
    let rows: Vec<Row> = db.all(LIST, vals![org_id.as_str()]).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Finds a pair by its name, withdrawn or not.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_in(tx: &mut Tx, api_id: &str) -> Result<Option<Credential>, Fault> {
    Ok(tx
        .maybe::<Row>(BY_API_ID, vals![api_id])
        .await?
        .map(Row::read))
}

/// Ids of the keys that stored secrets and tokens were made with: a key ring without one of them
/// belongs to another database, or is an old copy.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn key_ids(db: &Db) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> = db.all(KEY_IDS, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Withdraws a pair; `false` when it was withdrawn already or never existed.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn revoke_in(tx: &mut Tx, api_id: &str, now: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(REVOKE, vals![api_id, now.micros()]).await? == 1)
}
