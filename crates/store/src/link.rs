//! Links that work once. The database holds the hash of a link's token, never the token.

use lintel_domain::access::LinkPurpose;
use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::row_id;
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO one_time_link (token_hash, purpose, org_id, \
     person_id, created_at_us, expires_at_us, used_at_us) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
pub(crate) const DROP_OLDER: &str = "DELETE FROM one_time_link WHERE org_id = $1 \
     AND person_id = $2 AND purpose = $3 AND used_at_us IS NULL";
pub(crate) const LOOK: &str = "SELECT l.org_id, l.person_id FROM one_time_link l \
     JOIN organisation o ON o.id = l.org_id LEFT JOIN organisation p ON p.id = o.parent_id \
     WHERE l.token_hash = $1 AND l.purpose = $2 AND l.used_at_us IS NULL AND l.expires_at_us > $3 \
     AND o.active = TRUE AND (o.parent_id IS NULL OR p.active = TRUE)";
/// Whoever touches the row first has the link; everybody else touches none.
pub(crate) const USE: &str = "UPDATE one_time_link SET used_at_us = $3 WHERE token_hash = $1 \
     AND purpose = $2 AND used_at_us IS NULL AND expires_at_us > $3 RETURNING org_id, person_id";
pub(crate) const END_OF_PERSON: &str =
    "DELETE FROM one_time_link WHERE org_id = $1 AND person_id = $2";
pub(crate) const END_OF_ORG: &str = "DELETE FROM one_time_link WHERE org_id = $1";
pub(crate) const SWEEP: &str = "DELETE FROM one_time_link WHERE token_hash IN (SELECT token_hash \
     FROM one_time_link WHERE expires_at_us <= $1 ORDER BY expires_at_us LIMIT $2)";
/// Active, in an active organisation under an active lender.
pub(crate) const IS_ORG_ACTIVE: &str = "SELECT CAST(1 AS BIGINT) AS one FROM organisation o \
     LEFT JOIN organisation p ON p.id = o.parent_id WHERE o.id = $1 AND o.active = TRUE \
     AND (o.parent_id IS NULL OR p.active = TRUE)";

/// A link about to be stored.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Whose person: a borrower's is the lender of the family.
    pub org_id: &'a RowId,
    /// Whom it is for.
    pub person_id: &'a RowId,
    /// When it is made.
    pub created_at: Instant,
    /// When it stops working.
    pub expires_at: Instant,
}

/// Whom a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOwner {
    /// Whose person.
    pub org_id: RowId,
    /// The person.
    pub person_id: RowId,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    person_id: String,
}

impl Row {
    fn read(self) -> LinkOwner {
        LinkOwner {
            org_id: row_id(self.org_id),
            person_id: row_id(self.person_id),
        }
    }
}

/// Stores a link under the hash of its token.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, token_hash: &[u8], new: &NewLink<'_>) -> Result<(), Fault> {
    let args = vals![
        token_hash,
        new.purpose.as_str(),
        new.org_id.as_str(),
        new.person_id.as_str(),
        new.created_at.micros(),
        new.expires_at.micros(),
    ];
    tx.exec(INSERT, args).await?;
    Ok(())
}

/// Ends a person's unused links of a purpose.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn drop_older_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    purpose: LinkPurpose,
) -> Result<(), Fault> {
    let args = vals![org_id.as_str(), person_id.as_str(), purpose.as_str()];
    tx.exec(DROP_OLDER, args).await?;
    Ok(())
}

/// Finds an unused living link of an active organisation without using it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn look(
    db: &Db,
    token_hash: &[u8],
    purpose: LinkPurpose,
    now: Instant,
) -> Result<Option<LinkOwner>, Fault> {
    let args = vals![token_hash, purpose.as_str(), now.micros()];
    Ok(db.maybe::<Row>(LOOK, args).await?.map(Row::read))
}

/// Uses a link: `None` when it is unknown, used or past its end. Of any number of callers at the same
/// moment one gets it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn use_in(
    tx: &mut Tx,
    token_hash: &[u8],
    purpose: LinkPurpose,
    now: Instant,
) -> Result<Option<LinkOwner>, Fault> {
    let args = vals![token_hash, purpose.as_str(), now.micros()];
    Ok(tx.maybe::<Row>(USE, args).await?.map(Row::read))
}

/// Ends every link of a person.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_all_of_person_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
) -> Result<u64, Fault> {
    tx.exec(END_OF_PERSON, vals![org_id.as_str(), person_id.as_str()])
        .await
}

/// Ends every link of an organisation's people.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_all_of_org_in(tx: &mut Tx, org_id: &RowId) -> Result<u64, Fault> {
    tx.exec(END_OF_ORG, vals![org_id.as_str()]).await
}

/// Whether an organisation and the lender above it are switched on.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_org_active_in(tx: &mut Tx, org_id: &RowId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = tx.maybe(IS_ORG_ACTIVE, vals![org_id.as_str()]).await?;
    Ok(row.is_some())
}

/// Forgets links past their end, the oldest first; how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(tx: &mut Tx, now: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(SWEEP, vals![now.micros(), limit]).await
}
