//! What staff sign in with: password hashes and sealed second factors. Nothing else reads these
//! columns.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

/// People who may sign in with an address: switched on, in an active organisation under an active
/// lender, which is not in the middle of its set-up. Newest organisation first.
pub(crate) const BY_EMAIL: &str = "SELECT s.org_id, s.id, s.email, s.first_name, s.last_name, \
     s.public_id, s.password_phc, s.password_at_us, s.totp_sealed, o.public_id AS org_public_id, \
     o.name AS org_name FROM staff s JOIN organisation o ON o.id = s.org_id \
     LEFT JOIN organisation p ON p.id = o.parent_id WHERE s.email_folded = $1 \
     AND s.active = TRUE AND o.active = TRUE AND (o.parent_id IS NULL OR p.active = TRUE) \
     AND NOT EXISTS (SELECT 1 FROM organisation_setup t WHERE t.org_id = o.id \
     AND t.completed_at_us IS NULL) ORDER BY o.created_at_us DESC, o.id DESC LIMIT 10";
/// As above, by the person.
pub(crate) const BY_ID: &str = "SELECT s.org_id, s.id, s.email, s.first_name, s.last_name, \
     s.public_id, s.password_phc, s.password_at_us, s.totp_sealed, o.public_id AS org_public_id, \
     o.name AS org_name FROM staff s JOIN organisation o ON o.id = s.org_id \
     LEFT JOIN organisation p ON p.id = o.parent_id WHERE s.org_id = $1 AND s.id = $2 \
     AND s.active = TRUE AND o.active = TRUE AND (o.parent_id IS NULL OR p.active = TRUE) \
     AND NOT EXISTS (SELECT 1 FROM organisation_setup t WHERE t.org_id = o.id \
     AND t.completed_at_us IS NULL)";
/// Changes nothing, and holds the person's row until the transaction ends: whoever switches the
/// person off meanwhile waits, and then finds what this transaction made.
pub(crate) const LOCK: &str =
    "UPDATE staff SET active = active WHERE org_id = $1 AND id = $2 AND active = TRUE";
pub(crate) const SET_PASSWORD: &str = "UPDATE staff SET password_phc = $3, password_at_us = $4 \
     WHERE org_id = $1 AND id = $2 AND active = TRUE";
pub(crate) const SET_TOTP: &str = "UPDATE staff SET totp_sealed = $3, totp_step = $4 \
     WHERE org_id = $1 AND id = $2 AND active = TRUE AND totp_sealed IS NULL";
pub(crate) const REPLACE_TOTP: &str =
    "UPDATE staff SET totp_sealed = $4 WHERE org_id = $1 AND id = $2 AND totp_sealed = $3";
pub(crate) const CLEAR_TOTP: &str = "UPDATE staff SET totp_sealed = NULL, totp_step = NULL \
     WHERE org_id = $1 AND id = $2 AND totp_sealed IS NOT NULL";
/// Of two who show the same code at the same moment one is let in.
pub(crate) const TAKE_STEP: &str = "UPDATE staff SET totp_step = $4 WHERE org_id = $1 AND id = $2 \
     AND totp_sealed = $3 AND (totp_step IS NULL OR totp_step < $4)";

/// Somebody who may sign in, with what it takes.
#[derive(Clone)]
pub struct Account {
    /// Whose staff.
    pub org_id: RowId,
    /// The person.
    pub person_id: RowId,
    /// Id partners see of the person.
    pub person_public_id: PublicId,
    /// Mail address as it was given.
    pub email: String,
    /// Given and family name.
    pub name: String,
    /// Hash of the password, when one was chosen.
    pub password_phc: Option<String>,
    /// When it was chosen.
    pub password_at: Option<Instant>,
    /// The second factor, sealed, when it is on.
    pub totp_sealed: Option<Vec<u8>>,
    /// Id partners see of the organisation.
    pub org_public_id: PublicId,
    /// Its trading name.
    pub org_name: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("person_id", &self.person_id)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    email: String,
    first_name: String,
    last_name: String,
    public_id: String,
    password_phc: Option<String>,
    password_at_us: Option<i64>,
    totp_sealed: Option<Vec<u8>>,
    org_public_id: String,
    org_name: String,
}

impl Row {
    fn read(self) -> Result<Account, Fault> {
        let stands = At {
            table: "organisation",
            id: &self.org_id,
        };
        Ok(Account {
            org_public_id: stands.public_id(&self.org_public_id)?,
            person_public_id: stands.public_id(&self.public_id)?,
            org_id: row_id(self.org_id),
            person_id: row_id(self.id),
            email: self.email,
            name: format!("{} {}", self.first_name, self.last_name),
            password_phc: self.password_phc,
            password_at: self.password_at_us.map(at),
            totp_sealed: self.totp_sealed,
            org_name: self.org_name,
        })
    }
}

/// Everybody who may sign in with a folded address, ten at most, the newest organisation's first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn accounts(db: &Db, email_folded: &str) -> Result<Vec<Account>, Fault> {
    let rows: Vec<Row> = db.all(BY_EMAIL, vals![email_folded]).await?;
    rows.into_iter().map(Row::read).collect()
}

/// One person who may sign in.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn account(db: &Db, org_id: &RowId, person_id: &RowId) -> Result<Option<Account>, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str()];
    let row: Option<Row> = db.maybe(BY_ID, args).await?;
    row.map(Row::read).transpose()
}

/// One person who may sign in, as the transaction sees them.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn account_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
) -> Result<Option<Account>, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str()];
    let row: Option<Row> = tx.maybe(BY_ID, args).await?;
    row.map(Row::read).transpose()
}

/// Holds an active person's row until the transaction ends; `false` when the person is switched off
/// or unknown.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(tx: &mut Tx, org_id: &RowId, person_id: &RowId) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str()];
    Ok(tx.exec(LOCK, args).await? == 1)
}

/// Writes the hash of a new password.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_password_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    hash: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str(), hash, now.micros()];
    Ok(tx.exec(SET_PASSWORD, args).await? == 1)
}

/// Turns a second factor on; `false` when one is on.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_totp_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    sealed: &[u8],
    step: i64,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str(), sealed, step];
    Ok(tx.exec(SET_TOTP, args).await? == 1)
}

/// Puts another sealed value in the place of one; `false` when that is not there any more.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn replace_totp_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    old: &[u8],
    new: &[u8],
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str(), old, new];
    Ok(tx.exec(REPLACE_TOTP, args).await? == 1)
}

/// Turns a second factor off; `false` when none was on.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn clear_totp_in(tx: &mut Tx, org_id: &RowId, person_id: &RowId) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str()];
    Ok(tx.exec(CLEAR_TOTP, args).await? == 1)
}

/// Uses a time step up; `false` when it, or a later one, was used already.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn take_step_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    sealed: &[u8],
    step: i64,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), person_id.as_str(), sealed, step];
    Ok(tx.exec(TAKE_STEP, args).await? == 1)
}
