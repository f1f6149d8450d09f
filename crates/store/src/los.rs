//! How lenders' loan origination systems are reached: one connector of each organisation.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::at;
use crate::vals;

const LOAD: &str = "SELECT kind, settings_sealed, created_at_us, updated_at_us \
     FROM los_connector WHERE org_id = $1";
const PUT: &str = "INSERT INTO los_connector (org_id, kind, settings_sealed, created_at_us, \
     updated_at_us) VALUES ($1, $2, $3, $4, $4) ON CONFLICT (org_id) DO UPDATE SET \
     kind = excluded.kind, settings_sealed = excluded.settings_sealed, \
     updated_at_us = excluded.updated_at_us";
const REMOVE: &str = "DELETE FROM los_connector WHERE org_id = $1";

pub(crate) const STATEMENTS: [(&str, &str); 3] =
    [("los.load", LOAD), ("los.put", PUT), ("los.remove", REMOVE)];

/// A connector as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredConnector {
    /// Which kind of system it is, in the application's words.
    pub kind: String,
    /// The settings, with credentials, sealed.
    pub settings_sealed: Vec<u8>,
    /// When the organisation was first connected.
    pub created_at: Instant,
    /// When the settings last changed.
    pub updated_at: Instant,
}

#[derive(FromRow)]
struct Row {
    kind: String,
    settings_sealed: Vec<u8>,
    created_at_us: i64,
    updated_at_us: i64,
}

impl Row {
    fn read(self) -> StoredConnector {
        StoredConnector {
            kind: self.kind,
            settings_sealed: self.settings_sealed,
            created_at: at(self.created_at_us),
            updated_at: at(self.updated_at_us),
        }
    }
}

/// An organisation's connector.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId) -> Result<Option<StoredConnector>, Fault> {
    let row: Option<Row> = db.maybe(LOAD, vals![org_id.as_str()]).await?;
    Ok(row.map(Row::read))
}

/// As [`load`], as the transaction sees it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_in(tx: &mut Tx, org_id: &RowId) -> Result<Option<StoredConnector>, Fault> {
    let row: Option<Row> = tx.maybe(LOAD, vals![org_id.as_str()]).await?;
    Ok(row.map(Row::read))
}

/// Connects an organisation, or replaces its settings.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_in(
    tx: &mut Tx,
    org_id: &RowId,
    kind: &str,
    settings_sealed: &[u8],
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![org_id.as_str(), kind, settings_sealed, now.micros()];
    tx.exec(PUT, args).await?;
    Ok(())
}

/// Disconnects an organisation; `false` when it was not connected.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn remove_in(tx: &mut Tx, org_id: &RowId) -> Result<bool, Fault> {
    Ok(tx.exec(REMOVE, vals![org_id.as_str()]).await? > 0)
}
