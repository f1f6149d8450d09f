//! Somebody forgot the password: a link by mail, good once.

use lintel_domain::access::LinkPurpose;
use lintel_domain::person::fold_email;
use lintel_letters::PasswordReset;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::sign_in::{self as accounts, Account};
use tokio::time::{Instant, sleep_until};

use super::change::{mailbox, org_in, store_in};
use super::{Weakness, check, hash};
use crate::context::App;
use crate::link;
use crate::message;
use crate::session::Visitor;
use crate::sign_in::throttle::{Attempt, Limit};

/// Asks for a link to choose a new password. Whether there is such an account shows neither in the
/// answer nor in the time it takes.
///
/// # Errors
/// None: a fault would show that there was something to send. It is logged.
#[boxed]
pub async fn ask_reset(app: &App, email: &str, visitor: &Visitor) -> Result<(), Fault> {
    let until = Instant::now() + app.sign_in_rules().slowness;
    let sent = send_links(app, email, visitor).await;
    if let Err(fault) = &sent {
        // An answer would say that there was something to send.
        tracing::error!(
            error = fault.chain(),
            "a link for a new password could not be sent"
        );
    }
    sleep_until(until).await;
    Ok(())
}

async fn send_links(app: &App, email: &str, visitor: &Visitor) -> Result<(), Fault> {
    let email = email.trim();
    if !message::is_sendable(email) {
        return Ok(());
    }
    let email = fold_email(email);
    let limits = [Limit::asks(&email), Limit::asks_from(visitor)];
    // Counted whether there is such an account or not; never taken back.
    if Attempt::begin(app, &limits).await?.is_err() {
        return Ok(());
    }
    for account in accounts::accounts(app.db(), &email).await? {
        // What goes wrong in one family is no reason to leave another's people without.
        if let Err(fault) = send_link(app, &account).await {
            tracing::error!(
                error = fault.chain(),
                "a link for a new password could not be sent"
            );
        }
    }
    Ok(())
}

async fn send_link(app: &App, account: &Account) -> Result<(), Fault> {
    if !message::is_sendable(&account.email) {
        return Ok(());
    }
    let public_url = app
        .public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))?;
    let (org, person) = (&account.org_id, &account.person_id);
    let mut tx = app.db().begin().await?;
    if !accounts::lock_in(&mut tx, org, person).await? {
        return Ok(());
    }
    let (whom, actor) = ((org, person), format!("staff:{}", account.person_public_id));
    let token = link::make_in(app, &mut tx, LinkPurpose::Password, whom, &actor).await?;
    let url = format!("{public_url}/lender/new-password/{token}");
    let letter = PasswordReset {
        name: Some(account.name.clone()),
        asked_by: None,
        url,
        lasts: "30 minutes".to_owned(),
    };
    let org = org_in(&mut tx, account).await?;
    let to = mailbox(account);
    let mut draft = message::draft_in(app, &mut tx, &org, to, &letter, &actor).await?;
    draft.secrets = message::secret(&letter.url);
    message::mail_in(app, &mut tx, &org, &draft).await?;
    tx.commit().await
}

/// Whether a link still works. Uses nothing up.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reset_link_works(app: &App, token: &str) -> Result<bool, Fault> {
    Ok(behind(app, token).await?.is_some())
}

async fn behind(app: &App, token: &str) -> Result<Option<Account>, Fault> {
    match link::works(app, LinkPurpose::Password, token).await? {
        Some(used) => accounts::account(app.db(), &used.org.id, &used.person_id).await,
        None => Ok(None),
    }
}

/// What came of choosing a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// It is the password now; every session has ended.
    Done,
    /// The link is unknown, used or past its end, or its person is switched off.
    LinkGone,
    /// The new one cannot be taken. The link still works.
    Weak(Weakness),
}

/// Chooses a new password by a link.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reset(app: &App, token: &str, new: &str) -> Result<Reset, Fault> {
    let Some(account) = behind(app, token).await? else {
        return Ok(Reset::LinkGone);
    };
    if let Err(weakness) = check(new, &account.email) {
        return Ok(Reset::Weak(weakness));
    }
    let hashed = hash(app, new).await?;
    let mut tx = app.db().begin().await?;
    let (org, person) = (&account.org_id, &account.person_id);
    let is_ours = accounts::lock_in(&mut tx, org, person).await?
        && link::use_in(app, &mut tx, LinkPurpose::Password, token)
            .await?
            .is_some();
    if !is_ours {
        return Ok(Reset::LinkGone);
    }
    let actor = format!("staff:{}", account.person_public_id);
    store_in(app, &mut tx, &account, &hashed, (&actor, None)).await?;
    tx.commit().await?;
    Attempt::forget(app, &[Limit::account(&fold_email(&account.email))]).await?;
    Ok(Reset::Done)
}
