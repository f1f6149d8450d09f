//! Access tokens. The database holds a hash to find a token by and a nonce to make it again with;
//! without the key ring neither gives the token away.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

pub(crate) const CURRENT: &str = "SELECT org_id, api_id, for_org_id, nonce, key_id, \
     created_at_us, expires_at_us FROM access_token \
     WHERE api_id = $1 AND for_org_id = $2 AND is_current = TRUE";
pub(crate) const BY_HASH: &str = "SELECT org_id, api_id, for_org_id, nonce, key_id, \
     created_at_us, expires_at_us FROM access_token WHERE token_hash = $1";
pub(crate) const INSERT: &str = "INSERT INTO access_token (token_hash, org_id, api_id, for_org_id, \
     nonce, key_id, is_current, created_at_us, expires_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, $8) ON CONFLICT DO NOTHING";
pub(crate) const EXTEND: &str = "UPDATE access_token SET expires_at_us = $3 \
     WHERE api_id = $1 AND for_org_id = $2 AND is_current = TRUE AND expires_at_us > $4";
pub(crate) const RETIRE: &str = "UPDATE access_token SET is_current = FALSE \
     WHERE api_id = $1 AND for_org_id = $2 AND is_current = TRUE AND expires_at_us <= $3";
pub(crate) const DESTROY: &str = "DELETE FROM access_token WHERE token_hash = $1 AND api_id = $2";
pub(crate) const FORGET: &str = "DELETE FROM access_token WHERE api_id = $1 AND expires_at_us < $2";
pub(crate) const END_OF_ORG: &str = "DELETE FROM access_token WHERE org_id = $1 OR for_org_id = $1";
pub(crate) const END_OF_VENDOR: &str = "DELETE FROM access_token WHERE org_id = $1 AND for_org_id \
     IN (SELECT id FROM organisation WHERE id = $2 OR parent_id = $2)";
pub(crate) const END_OF_VENDOR_AT_BROKERS: &str = "DELETE FROM access_token WHERE org_id = $1 \
     AND for_org_id IN (SELECT id FROM organisation WHERE parent_id = $2)";

/// A token as stored.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// Whose it is.
    pub org_id: RowId,
    /// The credential it was given to.
    pub api_id: String,
    /// The organisation a vendor's token is for; none when it is for its owner.
    pub for_org_id: Option<RowId>,
    /// What it is derived from, with the key.
    pub nonce: Vec<u8>,
    /// Which key of the ring it is derived with.
    pub key_id: String,
    /// When it was first given out.
    pub created_at: Instant,
    /// When it stops working.
    pub expires_at: Instant,
}

/// What one living token at most is kept for: a credential, and the organisation it is used with
/// when that is not its own.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The credential.
    pub api_id: &'a str,
    /// The other organisation, for a vendor.
    pub for_org: Option<&'a RowId>,
}

impl Holder<'_> {
    /// Rows hold the empty text for none: a unique index takes two nulls for different.
    fn for_org(&self) -> &str {
        self.for_org.map_or("", RowId::as_str)
    }
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    api_id: String,
    for_org_id: String,
    nonce: Vec<u8>,
    key_id: String,
    created_at_us: i64,
    expires_at_us: i64,
}

impl Row {
    fn read(self) -> StoredToken {
        StoredToken {
            org_id: row_id(self.org_id),
            api_id: self.api_id,
            for_org_id: Some(self.for_org_id)
                .filter(|id| !id.is_empty())
                .map(row_id),
            nonce: self.nonce,
            key_id: self.key_id,
            created_at: at(self.created_at_us),
            expires_at: at(self.expires_at_us),
        }
    }
}

/// The token that is current now, expired or not.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_current_in(
    tx: &mut Tx,
    holder: Holder<'_>,
) -> Result<Option<StoredToken>, Fault> {
    Ok(tx
        .maybe::<Row>(CURRENT, vals![holder.api_id, holder.for_org()])
        .await?
        .map(Row::read))
}

/// Finds a token by the hash of what a caller presented.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_by_hash(db: &Db, token_hash: &[u8]) -> Result<Option<StoredToken>, Fault> {
    Ok(db
        .maybe::<Row>(BY_HASH, vals![token_hash])
        .await?
        .map(Row::read))
}

/// Adds a token as the current one; `false` when there is one already, which another node may have
/// made a moment ago.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, token_hash: &[u8], token: &StoredToken) -> Result<bool, Fault> {
    let args = vals![
        token_hash,
        token.org_id.as_str(),
        &token.api_id,
        token.for_org_id.as_ref().map_or("", RowId::as_str),
        token.nonce.as_slice(),
        &token.key_id,
        token.created_at.micros(),
        token.expires_at.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Lets the current token live until `expires_at`; `false` when it has run out already or is gone.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn extend_in(
    tx: &mut Tx,
    holder: Holder<'_>,
    expires_at: Instant,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        holder.api_id,
        holder.for_org(),
        expires_at.micros(),
        now.micros()
    ];
    Ok(tx.exec(EXTEND, args).await? == 1)
}

/// Makes room for a new token: an expired current one stays only to be recognised as expired, and
/// the credential's that expired before `forget_before` are dropped.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn retire_in(
    tx: &mut Tx,
    holder: Holder<'_>,
    now: Instant,
    forget_before: Instant,
) -> Result<(), Fault> {
    let args = vals![holder.api_id, holder.for_org(), now.micros()];
    tx.exec(RETIRE, args).await?;
    tx.exec(FORGET, vals![holder.api_id, forget_before.micros()])
        .await?;
    Ok(())
}

/// Destroys a token of a credential; `false` when there is none such.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn destroy_in(tx: &mut Tx, token_hash: &[u8], api_id: &str) -> Result<bool, Fault> {
    Ok(tx.exec(DESTROY, vals![token_hash, api_id]).await? == 1)
}

/// Destroys every token of an organisation's credentials, and every vendor's token for it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_of_org_in(tx: &mut Tx, org_id: &RowId) -> Result<(), Fault> {
    tx.exec(END_OF_ORG, vals![org_id.as_str()])
        .await
        .map(|_| ())
}

/// Destroys a vendor's tokens for a lender and its brokers.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_of_vendor_in(tx: &mut Tx, vendor: &RowId, lender: &RowId) -> Result<(), Fault> {
    let args = vals![vendor.as_str(), lender.as_str()];
    tx.exec(END_OF_VENDOR, args).await.map(|_| ())
}

/// Destroys a vendor's tokens for a lender's brokers, not for the lender.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_of_vendor_at_brokers_in(
    tx: &mut Tx,
    vendor: &RowId,
    lender: &RowId,
) -> Result<(), Fault> {
    let args = vals![vendor.as_str(), lender.as_str()];
    tx.exec(END_OF_VENDOR_AT_BROKERS, args).await.map(|_| ())
}
