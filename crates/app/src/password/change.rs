//! Somebody who is signed in chooses a password.

use lintel_domain::event::EventKind;
use lintel_domain::organisation::Organisation;
use lintel_letters::PasswordChanged;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::organisation;
use lintel_store::sign_in::{self as accounts, Account};

use super::{Weakness, check, hash, matches};
use crate::context::App;
use crate::message::{self, Mailbox};
use crate::session::{self, SignedIn};
use crate::sign_in::throttle::{Attempt, Limit};

/// What came of choosing a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is the password now. Every other session has ended.
    Done,
    /// The present password is another one, or is missing.
    WrongPassword,
    /// The new one cannot be taken.
    Weak(Weakness),
    /// Too many wrong ones: look again after so many seconds.
    Wait {
        /// Seconds.
        seconds: u32,
    },
}

/// Whether somebody signed in has a password.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn has_password(app: &App, who: &SignedIn) -> Result<bool, Fault> {
    let account = accounts::account(app.db(), &who.org.id, &who.person.id).await?;
    Ok(account.is_some_and(|a| a.password_phc.is_some()))
}

/// Changes somebody's own password. The present one is asked for when there is one; who never had
/// one came by a link of the lender's, and chooses the first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn change(
    app: &App,
    who: &SignedIn,
    current: Option<&str>,
    new: &str,
) -> Result<Changed, Fault> {
    let Some(account) = accounts::account(app.db(), &who.org.id, &who.person.id).await? else {
        return Ok(Changed::WrongPassword);
    };
    if let Err(weakness) = check(new, &account.email) {
        return Ok(Changed::Weak(weakness));
    }
    if account.password_phc.is_some() {
        let attempt = match Attempt::begin(app, &[Limit::own_password(&account)]).await? {
            Ok(attempt) => attempt,
            Err(seconds) => return Ok(Changed::Wait { seconds }),
        };
        let stored = account.password_phc.as_deref();
        if !matches(app, current.unwrap_or_default(), stored).await? {
            return Ok(Changed::WrongPassword);
        }
        attempt.succeeded(app).await?;
    }
    let hashed = hash(app, new).await?;
    let mut tx = app.db().begin().await?;
    if !unchanged_in(&mut tx, &account).await? {
        return Ok(Changed::WrongPassword);
    }
    let keep = Some(who.session_id.as_str());
    store_in(app, &mut tx, &account, &hashed, (&who.actor(), keep)).await?;
    tx.commit().await?;
    Ok(Changed::Done)
}

/// Holds the person's row, and sees whether the password is still the one that was looked at.
async fn unchanged_in(tx: &mut Tx, account: &Account) -> Result<bool, Fault> {
    let (org, person) = (&account.org_id, &account.person_id);
    if !accounts::lock_in(tx, org, person).await? {
        return Ok(false);
    }
    let now = accounts::account_in(tx, org, person).await?;
    Ok(now.is_some_and(|a| a.password_phc == account.password_phc))
}

/// Stores a password, ends sessions and unused links, and tells the person by mail. `by` is the actor
/// and the session that stays.
pub(super) async fn store_in(
    app: &App,
    tx: &mut Tx,
    account: &Account,
    hashed: &str,
    by: (&str, Option<&str>),
) -> Result<(), Fault> {
    let (org, person) = (&account.org_id, &account.person_id);
    let now = app.now();
    accounts::set_password_in(tx, org, person, hashed, now).await?;
    session::end_others_in(tx, org, person, by.1).await?;
    lintel_store::link::end_all_of_person_in(tx, org, person).await?;
    let kind = EventKind::PasswordChanged;
    record_in(tx, &NewEvent::plain(org, now, by.0, kind, person.as_str())).await?;
    if message::is_sendable(&account.email) {
        let letter = PasswordChanged {
            name: Some(account.name.clone()),
        };
        let org = org_in(tx, account).await?;
        let draft = message::draft_in(app, tx, &org, mailbox(account), &letter, by.0).await?;
        message::mail_in(app, tx, &org, &draft).await?;
    }
    Ok(())
}

/// The organisation somebody works for.
pub(super) async fn org_in(tx: &mut Tx, account: &Account) -> Result<Organisation, Fault> {
    let org = organisation::load_by_id_in(tx, &account.org_id).await?;
    org.ok_or_else(|| Fault::internal("an account of no organisation"))
}

/// Where letters to somebody go.
pub(super) fn mailbox(account: &Account) -> Mailbox {
    Mailbox {
        name: account.name.clone(),
        email: account.email.clone(),
    }
}
