//! Sessions of intermediaries' users over the API, and the chain of who has to let them in. The
//! database holds the hash of a token, never the token.

mod chain;

use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::Partner;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub use chain::{By, Chain, ChainedIntermediary, ChainedUser, chain};

const INSERT: &str = "INSERT INTO partner_session (token_hash, org_id, network_id, \
     intermediary_id, user_id, secret_hash, created_at_us, used_at_us, ends_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
/// Keeps those of a user that were used last.
const TRIM: &str = "DELETE FROM partner_session WHERE token_hash IN (SELECT token_hash \
     FROM partner_session WHERE org_id = $1 AND user_id = $2 ORDER BY used_at_us DESC, \
     created_at_us DESC, token_hash LIMIT 1000 OFFSET $3)";
/// Everybody of the chain is looked at with every call, so that a session ends with any of them.
const LOOK: &str = "SELECT s.org_id, s.network_id, s.intermediary_id, s.user_id, s.used_at_us, \
     n.client_id, n.secret_hash, n.secret_key, i.number, i.nif_hash, i.name AS intermediary_name, \
     u.username_folded, u.name AS user_name FROM partner_session s \
     JOIN organisation o ON o.id = s.org_id AND o.active = TRUE \
     JOIN network n ON n.org_id = s.org_id AND n.id = s.network_id AND n.active = TRUE \
     AND n.secret_hash = s.secret_hash \
     JOIN intermediary i ON i.org_id = s.org_id AND i.id = s.intermediary_id \
     AND i.network_id = s.network_id AND i.active = TRUE AND i.api_access = TRUE \
     JOIN intermediary_user u ON u.org_id = s.org_id AND u.id = s.user_id \
     AND u.intermediary_id = s.intermediary_id AND u.active = TRUE AND u.api_access = TRUE \
     WHERE s.token_hash = $1 AND s.ends_at_us > $2 AND s.used_at_us > $3";
const TOUCH: &str =
    "UPDATE partner_session SET used_at_us = $2 WHERE token_hash = $1 AND used_at_us < $2";
const END: &str = "DELETE FROM partner_session WHERE token_hash = $1 RETURNING org_id, user_id";
const END_OF_NETWORK: &str = "DELETE FROM partner_session WHERE org_id = $1 AND network_id = $2";
const END_OF_INTERMEDIARY: &str =
    "DELETE FROM partner_session WHERE org_id = $1 AND intermediary_id = $2";
const END_OF_USER: &str = "DELETE FROM partner_session WHERE org_id = $1 AND user_id = $2";
const END_OF_ORG: &str = "DELETE FROM partner_session WHERE org_id = $1";
const SWEEP: &str = "DELETE FROM partner_session WHERE token_hash IN (SELECT token_hash \
     FROM partner_session WHERE used_at_us <= $1 ORDER BY used_at_us LIMIT $2)";

/// Every statement of this file.
pub(crate) const STATEMENTS: [(&str, &str); 13] = [
    ("partner_session.chain_by_id", chain::CHAIN_BY_ID),
    ("partner_session.chain_by_number", chain::CHAIN_BY_NUMBER),
    ("partner_session.chain_by_nif", chain::CHAIN_BY_NIF),
    ("partner_session.insert", INSERT),
    ("partner_session.trim", TRIM),
    ("partner_session.look", LOOK),
    ("partner_session.touch", TOUCH),
    ("partner_session.end", END),
    ("partner_session.end_of_network", END_OF_NETWORK),
    ("partner_session.end_of_intermediary", END_OF_INTERMEDIARY),
    ("partner_session.end_of_user", END_OF_USER),
    ("partner_session.end_of_org", END_OF_ORG),
    ("partner_session.sweep", SWEEP),
];

/// What a network's secret is proved with.
#[derive(Clone)]
pub struct StoredSecret {
    /// Keyed hash of the secret.
    pub hash: Vec<u8>,
    /// Which key of the ring the hash was made with.
    pub key_id: String,
}

/// A session about to begin.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Hash of its token.
    pub token_hash: &'a [u8],
    /// Who is signed in.
    pub partner: &'a Partner,
    /// The stored hash of the network's secret it was begun with.
    pub secret_hash: &'a [u8],
    /// When it begins.
    pub now: Instant,
    /// When it ends whatever happens.
    pub ends_at: Instant,
}

/// Begins a session; of the user's others the `keep` used last stay.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, new: &NewSession<'_>, keep: u32) -> Result<(), Fault> {
    let partner = new.partner;
    let args = vals![
        new.token_hash,
        partner.org_id.as_str(),
        partner.network_id.as_str(),
        partner.intermediary_id.as_str(),
        partner.user_id.as_str(),
        new.secret_hash,
        new.now.micros(),
        new.ends_at.micros(),
    ];
    tx.exec(INSERT, args).await?;
    let of_user = vals![partner.org_id.as_str(), partner.user_id.as_str(), keep];
    tx.exec(TRIM, of_user).await?;
    Ok(())
}

/// A living session of which everybody in the chain is switched on.
#[derive(Clone)]
pub struct LivingSession {
    /// Who is signed in.
    pub partner: Partner,
    /// When it was last used, to the second.
    pub used_at: Instant,
    /// The network's client id.
    pub client_id: String,
    /// What the network's secret is proved with.
    pub secret: StoredSecret,
    /// The intermediary's number.
    pub number: u32,
    /// Hash of the intermediary's tax number.
    pub nif_hash: Vec<u8>,
    /// The user's folded name.
    pub username_folded: String,
}

#[derive(FromRow)]
struct SessionRow {
    org_id: String,
    network_id: String,
    intermediary_id: String,
    user_id: String,
    used_at_us: i64,
    client_id: String,
    secret_hash: Vec<u8>,
    secret_key: String,
    number: i64,
    nif_hash: Vec<u8>,
    intermediary_name: String,
    username_folded: String,
    user_name: String,
}

impl SessionRow {
    fn read(self) -> Result<LivingSession, Fault> {
        let at_row = At {
            table: "intermediary",
            id: &self.intermediary_id,
        };
        Ok(LivingSession {
            number: at_row.count("number", self.number)?,
            partner: Partner {
                org_id: row_id(self.org_id),
                network_id: row_id(self.network_id),
                intermediary_id: row_id(self.intermediary_id),
                intermediary_name: self.intermediary_name,
                user_id: row_id(self.user_id),
                user_name: self.user_name,
            },
            used_at: at(self.used_at_us),
            client_id: self.client_id,
            secret: StoredSecret {
                hash: self.secret_hash,
                key_id: self.secret_key,
            },
            nif_hash: self.nif_hash,
            username_folded: self.username_folded,
        })
    }
}

/// Finds the living session of a token: not at its end, used after `used_after`, begun with the secret
/// its network has now, and with bank, network, intermediary and user all switched on.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn look(
    db: &Db,
    token_hash: &[u8],
    now: Instant,
    used_after: Instant,
) -> Result<Option<LivingSession>, Fault> {
    let args = vals![token_hash, now.micros(), used_after.micros()];
    let row: Option<SessionRow> = db.maybe(LOOK, args).await?;
    row.map(SessionRow::read).transpose()
}

/// Notes that a session was used.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn touch_in(tx: &mut Tx, token_hash: &[u8], now: Instant) -> Result<(), Fault> {
    tx.exec(TOUCH, vals![token_hash, now.micros()]).await?;
    Ok(())
}

/// Ends a session, living or not; whose it was, when there was one.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_in(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<(RowId, RowId)>, Fault> {
    let row: Option<(String, String)> = tx.maybe(END, vals![token_hash]).await?;
    Ok(row.map(|(org, user)| (row_id(org), row_id(user))))
}

/// Whose sessions end.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Everybody's of a network.
    Network(&'a RowId),
    /// Everybody's of an intermediary.
    Intermediary(&'a RowId),
    /// A user's.
    User(&'a RowId),
}

/// Ends all sessions of a network, intermediary or user of a bank; how many there were.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_all_in(tx: &mut Tx, org_id: &RowId, whose: Whose<'_>) -> Result<u64, Fault> {
    let (sql, id) = match whose {
        Whose::Network(id) => (END_OF_NETWORK, id),
        Whose::Intermediary(id) => (END_OF_INTERMEDIARY, id),
        Whose::User(id) => (END_OF_USER, id),
    };
    tx.exec(sql, vals![org_id.as_str(), id.as_str()]).await
}

/// Ends all sessions of a bank's partners.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_of_org_in(tx: &mut Tx, org_id: &RowId) -> Result<(), Fault> {
    tx.exec(END_OF_ORG, vals![org_id.as_str()])
        .await
        .map(|_| ())
}

/// Forgets sessions not used since an instant, the oldest first; how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(tx: &mut Tx, before: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(SWEEP, vals![before.micros(), limit]).await
}
