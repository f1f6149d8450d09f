//! Borrowers' accounts, and which mail people want.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::LoanScope;
use lintel_domain::person::fold_email;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO borrower_account (lender_org_id, id, org_id, \
     public_id, email, email_folded, first_name, last_name, password_phc, password_at_us, active, \
     created_at_us, updated_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, TRUE, $9, \
     $9) ON CONFLICT DO NOTHING";
pub(crate) const BY_EMAIL: &str = "SELECT lender_org_id, id, org_id, public_id, email, first_name, \
     last_name, password_phc, active, created_at_us FROM borrower_account \
     WHERE lender_org_id = $1 AND email_folded = $2";
pub(crate) const BY_ID: &str = "SELECT lender_org_id, id, org_id, public_id, email, first_name, \
     last_name, password_phc, active, created_at_us FROM borrower_account \
     WHERE lender_org_id = $1 AND id = $2";
/// Of a lender: everybody of the family. Of a broker: who signed up there.
pub(crate) const BY_PUBLIC_ID: &str = "SELECT a.lender_org_id, a.id, a.org_id, a.public_id, \
     a.email, a.first_name, a.last_name, a.password_phc, a.active, a.created_at_us \
     FROM borrower_account a WHERE a.public_id = $1 AND a.lender_org_id = $2 AND ($3 = '' \
     OR a.org_id = $3 OR EXISTS (SELECT 1 FROM lead l WHERE l.org_id = $3 AND l.account_id = a.id))";
pub(crate) const KNOWN_ACCOUNT: &str = "SELECT CAST(1 AS BIGINT) FROM borrower_account a \
     WHERE a.lender_org_id = $1 AND a.email_folded = $2 AND ($3 = '' OR a.org_id = $3 \
     OR EXISTS (SELECT 1 FROM lead l WHERE l.org_id = $3 AND l.account_id = a.id))";
pub(crate) const KNOWN_BORROWER: &str = "SELECT CAST(1 AS BIGINT) FROM borrower b \
     JOIN loan l ON l.lender_org_id = b.lender_org_id AND l.id = b.loan_id \
     WHERE b.lender_org_id = $1 AND b.email_folded = $2 AND ($3 = '' OR l.org_id = $3) LIMIT 1";
/// Somebody who subscribed to rates.
pub(crate) const KNOWN_SUBSCRIBER: &str = "SELECT CAST(1 AS BIGINT) FROM rate_watch w \
     WHERE w.lender_org_id = $1 AND w.email_folded = $2 AND ($3 = '' OR w.org_id = $3) LIMIT 1";
/// Somebody who was invited to apply: by the lender itself, or by the broker.
pub(crate) const KNOWN_INVITED: &str = "SELECT CAST(1 AS BIGINT) FROM delivery d JOIN message m \
     ON m.org_id = d.org_id AND m.id = d.message_id AND m.kind = 'application_invitation' \
     WHERE d.org_id = CASE WHEN $3 = '' THEN $1 ELSE $3 END AND d.address_folded = $2 LIMIT 1";
/// Accounts of an address at active lenders, newest first.
pub(crate) const SIGN_IN: &str = "SELECT a.lender_org_id, a.id, a.org_id, a.public_id, a.email, \
     a.first_name, a.last_name, a.password_phc, a.active, a.created_at_us \
     FROM borrower_account a JOIN organisation o ON o.id = a.lender_org_id \
     WHERE a.email_folded = $1 AND a.active = TRUE AND o.active = TRUE \
     ORDER BY a.created_at_us DESC, a.id DESC LIMIT $2";
/// An account lives while its lender is active, and one of the organisations its person signed up at
/// or was invited by.
pub(crate) const IS_ALIVE: &str = "SELECT CAST(1 AS BIGINT) FROM borrower_account a \
     JOIN organisation o ON o.id = a.lender_org_id WHERE a.lender_org_id = $1 AND a.id = $2 \
     AND a.active = TRUE AND o.active = TRUE AND (EXISTS (SELECT 1 FROM organisation own \
     WHERE own.id = a.org_id AND own.active = TRUE) OR EXISTS (SELECT 1 FROM lead l \
     JOIN organisation own ON own.id = l.org_id WHERE (own.id = $1 OR own.parent_id = $1) \
     AND own.active = TRUE AND l.account_id = a.id) OR EXISTS (SELECT 1 FROM loan_invitation i \
     JOIN loan l ON l.lender_org_id = i.lender_org_id AND l.id = i.loan_id \
     JOIN organisation own ON own.id = l.org_id WHERE i.lender_org_id = $1 \
     AND i.account_id = a.id AND own.active = TRUE))";
/// Changes nothing, and keeps the account from being switched off until the transaction ends.
pub(crate) const LOCK: &str = "UPDATE borrower_account SET active = active \
     WHERE lender_org_id = $1 AND id = $2 AND active = TRUE";
pub(crate) const SET_PASSWORD: &str = "UPDATE borrower_account SET password_phc = $3, \
     password_at_us = $4, updated_at_us = $4 WHERE lender_org_id = $1 AND id = $2";
pub(crate) const CHOICE: &str =
    "SELECT wants_mail FROM mail_choice WHERE lender_org_id = $1 AND email_folded = $2";
pub(crate) const FIRST_CHOICE: &str = "INSERT INTO mail_choice (lender_org_id, email_folded, \
     wants_mail, updated_at_us) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
pub(crate) const NEW_CHOICE: &str = "UPDATE mail_choice SET wants_mail = $3, updated_at_us = $4 \
     WHERE lender_org_id = $1 AND email_folded = $2 AND wants_mail <> $3";

/// A borrower's account as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccount {
    /// The lender of the family it is known in.
    pub lender_org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// Where the person signed up first.
    pub org_id: RowId,
    /// The `userID` partners see.
    pub public_id: PublicId,
    /// Mail address.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Hash of the password; none before one was chosen.
    pub password_phc: Option<String>,
    /// Off means: nobody signs in.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Instant,
}

#[derive(FromRow)]
struct Row {
    lender_org_id: String,
    id: String,
    org_id: String,
    public_id: String,
    email: String,
    first_name: String,
    last_name: String,
    password_phc: Option<String>,
    active: bool,
    created_at_us: i64,
}

impl Row {
    fn read(self) -> Result<StoredAccount, Fault> {
        let place = At {
            table: "borrower_account",
            id: &self.id,
        };
        Ok(StoredAccount {
            public_id: place.public_id(&self.public_id)?,
            lender_org_id: row_id(self.lender_org_id),
            org_id: row_id(self.org_id),
            email: self.email,
            first_name: self.first_name,
            last_name: self.last_name,
            password_phc: self.password_phc,
            is_active: self.active,
            created_at: at(self.created_at_us),
            id: row_id(self.id),
        })
    }
}

/// Adds an account; `false` when the family has one with the address, or the public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, account: &StoredAccount) -> Result<bool, Fault> {
    let args = vals![
        account.lender_org_id.as_str(),
        account.id.as_str(),
        account.org_id.as_str(),
        account.public_id.as_str(),
        &account.email,
        fold_email(&account.email),
        &account.first_name,
        &account.last_name,
        account.created_at.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Finds the account of an address in a family.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_email_in(
    tx: &mut Tx,
    lender_org_id: &RowId,
    email: &str,
) -> Result<Option<StoredAccount>, Fault> {
    let args = vals![lender_org_id.as_str(), fold_email(email)];
    let row: Option<Row> = tx.maybe(BY_EMAIL, args).await?;
    row.map(Row::read).transpose()
}

/// Finds an account by its row id.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(
    db: &Db,
    lender_org_id: &RowId,
    id: &RowId,
) -> Result<Option<StoredAccount>, Fault> {
    let args = vals![lender_org_id.as_str(), id.as_str()];
    let row: Option<Row> = db.maybe(BY_ID, args).await?;
    row.map(Row::read).transpose()
}

/// Finds an account by the id partners see, among those an organisation may know of. `lender` is the
/// lender of the organisation's family.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(
    db: &Db,
    lender: &RowId,
    scope: &LoanScope,
    public_id: &PublicId,
) -> Result<Option<StoredAccount>, Fault> {
    let args = vals![public_id.as_str(), lender.as_str(), broker(scope)];
    let row: Option<Row> = db.maybe(BY_PUBLIC_ID, args).await?;
    row.map(Row::read).transpose()
}

/// Whether an organisation may know of somebody with an address: an account, or a borrower of a loan.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn knows(db: &Db, lender: &RowId, scope: &LoanScope, email: &str) -> Result<bool, Fault> {
    for sql in [
        KNOWN_ACCOUNT,
        KNOWN_BORROWER,
        KNOWN_SUBSCRIBER,
        KNOWN_INVITED,
    ] {
        let args = vals![lender.as_str(), fold_email(email), broker(scope)];
        let row: Option<(i64,)> = db.maybe(sql, args).await?;
        if row.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The broker whose part of the family it is; empty for all of it.
fn broker(scope: &LoanScope) -> &str {
    match scope {
        LoanScope::Originated(id) => id.as_str(),
        LoanScope::Lent(_) => "",
    }
}

/// The accounts an address can sign in to, newest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sign_in(db: &Db, email: &str, limit: u32) -> Result<Vec<StoredAccount>, Fault> {
    let rows: Vec<Row> = db.all(SIGN_IN, vals![fold_email(email), limit]).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Whether an account may be signed in to at this moment.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_alive(db: &Db, lender_org_id: &RowId, id: &RowId) -> Result<bool, Fault> {
    let args = vals![lender_org_id.as_str(), id.as_str()];
    let row: Option<(i64,)> = db.maybe(IS_ALIVE, args).await?;
    Ok(row.is_some())
}

/// As [`is_alive`], and it stays so until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_alive_in(tx: &mut Tx, lender_org_id: &RowId, id: &RowId) -> Result<bool, Fault> {
    let args = || vals![lender_org_id.as_str(), id.as_str()];
    if tx.exec(LOCK, args()).await? == 0 {
        return Ok(false);
    }
    let row: Option<(i64,)> = tx.maybe(IS_ALIVE, args()).await?;
    Ok(row.is_some())
}

/// Writes the hash of a new password.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_password_in(
    tx: &mut Tx,
    lender_org_id: &RowId,
    id: &RowId,
    hash: &str,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![lender_org_id.as_str(), id.as_str(), hash, now.micros()];
    tx.exec(SET_PASSWORD, args).await?;
    Ok(())
}

/// Which mail somebody wants; none when it was never said.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn wants_mail(db: &Db, lender: &RowId, email: &str) -> Result<Option<bool>, Fault> {
    let args = vals![lender.as_str(), fold_email(email)];
    let row: Option<(bool,)> = db.maybe(CHOICE, args).await?;
    Ok(row.map(|(wants,)| wants))
}

/// Writes which mail somebody wants; `false` when it was so before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_wants_mail_in(
    tx: &mut Tx,
    lender: &RowId,
    email: &str,
    wants: bool,
    now: Instant,
) -> Result<bool, Fault> {
    let args = || vals![lender.as_str(), fold_email(email), wants, now.micros()];
    if tx.exec(FIRST_CHOICE, args()).await? == 1 {
        return Ok(true);
    }
    Ok(tx.exec(NEW_CHOICE, args()).await? == 1)
}
