//! The chain of who has to let somebody in: network, intermediary, user.

use lintel_domain::id::RowId;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use super::StoredSecret;
use crate::db::Db;
use crate::fault::Fault;
use crate::row::{At, row_id};
use crate::vals;

/// One statement whoever is missing: what fails must not be told by how long it takes.
macro_rules! chain_by {
    ($condition:literal) => {
        concat!(
            "SELECT n.org_id, n.id AS network_id, n.secret_hash, n.secret_key, \
             n.active AS network_active, o.active AS org_active, i.id AS intermediary_id, i.number, \
             i.nif_hash, i.name AS intermediary_name, i.active AS intermediary_active, \
             i.api_access AS intermediary_access, u.id AS user_id, u.name AS user_name, \
             u.active AS user_active, u.api_access AS user_access FROM network n \
             JOIN organisation o ON o.id = n.org_id LEFT JOIN intermediary i ON i.org_id = n.org_id \
             AND i.network_id = n.id AND ",
            $condition,
            " LEFT JOIN intermediary_user u ON u.org_id = i.org_id AND u.intermediary_id = i.id \
             AND u.username_folded = $3 WHERE n.client_id = $1"
        )
    };
}

pub(super) const CHAIN_BY_ID: &str = chain_by!("i.id = $2");
pub(super) const CHAIN_BY_NUMBER: &str = chain_by!("i.number = $2");
pub(super) const CHAIN_BY_NIF: &str = chain_by!("i.nif_hash = $2");

/// What an intermediary is looked up by.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Its UniqueID.
    Id(&'a str),
    /// Its number.
    Number(u32),
    /// The hash of its tax number.
    NifHash(&'a [u8]),
}

/// An intermediary of the chain.
#[derive(Clone)]
pub struct ChainedIntermediary {
    /// Its UniqueID.
    pub id: RowId,
    /// Its number.
    pub number: u32,
    /// Hash of its tax number.
    pub nif_hash: Vec<u8>,
    /// Its name.
    pub name: String,
    /// Whether it may come in.
    pub is_open: bool,
}

/// A user of the chain.
#[derive(Clone)]
pub struct ChainedUser {
    /// The row.
    pub id: RowId,
    /// The person's name.
    pub name: String,
    /// Whether the person may come in.
    pub is_open: bool,
}

/// Network, intermediary and user that go by what somebody said, as far as there are such.
#[derive(Clone)]
pub struct Chain {
    /// The bank.
    pub org_id: RowId,
    /// The network.
    pub network_id: RowId,
    /// What its secret is proved with.
    pub secret: StoredSecret,
    /// Whether network and bank are switched on.
    pub is_open: bool,
    /// The network's intermediary.
    pub intermediary: Option<ChainedIntermediary>,
    /// The intermediary's user.
    pub user: Option<ChainedUser>,
}

#[derive(FromRow)]
struct ChainRow {
    org_id: String,
    network_id: String,
    secret_hash: Vec<u8>,
    secret_key: String,
    network_active: bool,
    org_active: bool,
    intermediary_id: Option<String>,
    number: Option<i64>,
    nif_hash: Option<Vec<u8>>,
    intermediary_name: Option<String>,
    intermediary_active: Option<bool>,
    intermediary_access: Option<bool>,
    user_id: Option<String>,
    user_name: Option<String>,
    user_active: Option<bool>,
    user_access: Option<bool>,
}

impl ChainRow {
    fn read(self) -> Result<Chain, Fault> {
        let intermediary = match self.intermediary_id {
            None => None,
            Some(id) => {
                let at_row = At {
                    table: "intermediary",
                    id: &id,
                };
                Some(ChainedIntermediary {
                    number: at_row.count("number", at_row.need("number", self.number)?)?,
                    nif_hash: at_row.need("nif_hash", self.nif_hash)?,
                    name: at_row.need("name", self.intermediary_name)?,
                    is_open: self.intermediary_active == Some(true)
                        && self.intermediary_access == Some(true),
                    id: row_id(id),
                })
            }
        };
        let user = match self.user_id {
            None => None,
            Some(id) => {
                let at_row = At {
                    table: "intermediary_user",
                    id: &id,
                };
                Some(ChainedUser {
                    name: at_row.need("name", self.user_name)?,
                    is_open: self.user_active == Some(true) && self.user_access == Some(true),
                    id: row_id(id),
                })
            }
        };
        Ok(Chain {
            org_id: row_id(self.org_id),
            network_id: row_id(self.network_id),
            secret: StoredSecret {
                hash: self.secret_hash,
                key_id: self.secret_key,
            },
            is_open: self.network_active && self.org_active,
            intermediary,
            user,
        })
    }
}

/// Finds network, intermediary and user in one statement, switched on or not; `None` when there is no
/// such network.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn chain(
    db: &Db,
    client_id: &str,
    by: By<'_>,
    username_folded: &str,
) -> Result<Option<Chain>, Fault> {
    let (sql, args) = match by {
        By::Id(id) => (CHAIN_BY_ID, vals![client_id, id, username_folded]),
        By::Number(number) => (
            CHAIN_BY_NUMBER,
            vals![client_id, i64::from(number), username_folded],
        ),
        By::NifHash(hash) => (CHAIN_BY_NIF, vals![client_id, hash, username_folded]),
    };
    let row: Option<ChainRow> = db.maybe(sql, args).await?;
    row.map(ChainRow::read).transpose()
}
