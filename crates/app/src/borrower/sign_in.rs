//! Borrowers sign in with address and password, and get a new link when they forgot it.
//!
//! As for staff: nothing says which part was wrong, or whether there is an account, and an unknown
//! address costs as much as a known one.

use lintel_domain::access::{LinkPurpose, Subject, Way};
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::person::fold_email;
use lintel_letters::PasswordReset;
use lintel_macros::boxed;
use lintel_store::borrower::{self, StoredAccount};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::organisation;
use tokio::time::{Instant, sleep_until};

use crate::context::App;
use crate::error::AppError;
use crate::lead::organisation_of;
use crate::link;
use crate::message::{self, Mailbox};
use crate::password::matches;
use crate::session::{NewSession, Visitor, start_in};
use crate::sign_in::throttle::{Attempt, Limit};

/// Longest address looked at.
const EMAIL_MAX_CHARS: usize = 320;
/// Families one address is looked for in.
const FAMILIES: u32 = 10;

/// What came of an attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BorrowerSignIn {
    /// Signed in.
    Done {
        /// The session's cookie.
        cookie: String,
    },
    /// Something was wrong.
    Refused,
    /// Too many were wrong: look again after so many seconds.
    Wait {
        /// Seconds.
        seconds: u32,
    },
}

/// Signs a borrower in. With the word of an organisation's links, in its family only; otherwise at
/// the newest account that has the password.
///
/// # Errors
/// Any fault of the database; busy when too many sign in at once.
#[boxed]
pub async fn sign_in(
    app: &App,
    slug: Option<&str>,
    (email, password): (&str, &str),
    visitor: &Visitor,
) -> Result<BorrowerSignIn, Fault> {
    let until = Instant::now() + app.sign_in_rules().slowness;
    let end = look(app, slug, (email, password), visitor).await?;
    if end == BorrowerSignIn::Refused {
        sleep_until(until).await;
    }
    Ok(end)
}

async fn look(
    app: &App,
    slug: Option<&str>,
    (email, password): (&str, &str),
    visitor: &Visitor,
) -> Result<BorrowerSignIn, Fault> {
    let email: String = folded(email);
    let limits = [
        Limit::account(&format!("borrower|{email}")),
        Limit::from(visitor),
    ];
    let attempt = match Attempt::begin(app, &limits).await? {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(BorrowerSignIn::Wait { seconds }),
    };
    let mut accounts = accounts(app, slug, &email).await?;
    accounts.retain(|account| account.password_phc.is_some());
    if accounts.is_empty() {
        matches(app, password, None).await?;
    }
    for account in accounts {
        if !matches(app, password, account.password_phc.as_deref()).await? {
            continue;
        }
        let mut tx = app.db().begin().await?;
        if let Some(cookie) =
            start_session_in(app, &mut tx, &account, Way::Password, visitor).await?
        {
            tx.commit().await?;
            attempt.succeeded(app).await?;
            return Ok(BorrowerSignIn::Done { cookie });
        }
    }
    Ok(BorrowerSignIn::Refused)
}

fn folded(email: &str) -> String {
    let folded = fold_email(email);
    // No address has control characters, and PostgreSQL takes no zero.
    let letters = folded.chars().filter(|c| !c.is_control());
    letters.take(EMAIL_MAX_CHARS).collect()
}

/// The accounts of an address: of one family when a link's word names it and stands for somebody.
async fn accounts(app: &App, slug: Option<&str>, email: &str) -> Result<Vec<StoredAccount>, Fault> {
    let mut accounts = borrower::sign_in(app.db(), email, FAMILIES).await?;
    let Some(slug) = slug else {
        return Ok(accounts);
    };
    let lender: Option<RowId> = match organisation_of(app, slug).await {
        Ok(org) => Some(org.lender_id().clone()),
        Err(AppError::Failed(fault)) => return Err(fault),
        Err(AppError::Refused(_) | AppError::Document(_)) => None,
    };
    accounts.retain(|a| lender.as_ref().is_none_or(|id| a.lender_org_id == *id));
    Ok(accounts)
}

/// Begins a session of an account that may be signed in to; none when it may not.
pub(super) async fn start_session_in(
    app: &App,
    tx: &mut Tx,
    account: &StoredAccount,
    way: Way,
    visitor: &Visitor,
) -> Result<Option<String>, Fault> {
    let (lender, id) = (&account.lender_org_id, &account.id);
    if !borrower::lock_alive_in(tx, lender, id).await? {
        return Ok(None);
    }
    let new = NewSession {
        subject: Subject::Borrower,
        org_id: lender,
        person_id: id,
        way,
        visitor,
    };
    let cookie = start_in(app, tx, &new).await?;
    let actor = actor(account);
    let kind = EventKind::SignedIn;
    record_in(
        tx,
        &NewEvent::plain(lender, app.now(), &actor, kind, id.as_str()),
    )
    .await?;
    Ok(Some(cookie))
}

/// How the audit log names a borrower.
pub(super) fn actor(account: &StoredAccount) -> String {
    format!("borrower:{}", account.public_id)
}

/// Sends a link to choose a new password to the accounts of an address. Whether there are any shows
/// neither in the answer nor in the time it takes.
#[boxed]
pub async fn ask_link(app: &App, slug: Option<&str>, email: &str, visitor: &Visitor) {
    let until = Instant::now() + app.sign_in_rules().slowness;
    if let Err(fault) = send_links(app, slug, email, visitor).await {
        // An answer would say that there was something to send.
        tracing::error!(
            error = fault.chain(),
            "a link for a borrower's password could not be sent"
        );
    }
    sleep_until(until).await;
}

async fn send_links(
    app: &App,
    slug: Option<&str>,
    email: &str,
    visitor: &Visitor,
) -> Result<(), Fault> {
    let email = folded(email);
    if !message::is_sendable(&email) {
        return Ok(());
    }
    let limits = [
        Limit::asks(&format!("borrower|{email}")),
        Limit::asks_from(visitor),
    ];
    // Counted whether there is such an account or not; never taken back.
    if Attempt::begin(app, &limits).await?.is_err() {
        return Ok(());
    }
    for account in accounts(app, slug, &email).await? {
        // What goes wrong in one family is no reason to leave another's borrowers without.
        if let Err(fault) = send_link(app, &account).await {
            tracing::error!(
                error = fault.chain(),
                "a link for a borrower's password could not be sent"
            );
        }
    }
    Ok(())
}

async fn send_link(app: &App, account: &StoredAccount) -> Result<(), Fault> {
    let public_url = app
        .public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))?;
    let org = organisation::load_by_id(app.db(), &account.org_id).await?;
    let org = org.filter(|org| org.is_active);
    let lender = organisation::load_by_id(app.db(), &account.lender_org_id).await?;
    let Some(org) = org.or(lender) else {
        return Ok(());
    };
    let whom = (&account.lender_org_id, &account.id);
    let mut tx = app.db().begin().await?;
    if !borrower::lock_alive_in(&mut tx, whom.0, whom.1).await? {
        return Ok(());
    }
    let actor = actor(account);
    let token = link::make_in(app, &mut tx, LinkPurpose::Welcome, whom, &actor).await?;
    let url = format!("{public_url}/app/welcome/{token}");
    let letter = PasswordReset {
        name: None,
        asked_by: None,
        url,
        lasts: "seven days".to_owned(),
    };
    let to = Mailbox {
        name: String::new(),
        email: account.email.clone(),
    };
    let mut draft = message::draft_in(app, &mut tx, &org, to, &letter, &actor).await?;
    draft.secrets = message::secret(&letter.url);
    message::mail_in(app, &mut tx, &org, &draft).await?;
    tx.commit().await
}
