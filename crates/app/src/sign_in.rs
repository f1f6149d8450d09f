//! Staff sign in with address and password, and with a code where one is asked for.
//!
//! Nothing in an answer says which part was wrong, and an unknown address costs as much as a known
//! one. One address may belong to people of several families, who know nothing of each other: the
//! password says who it is.

pub(crate) mod throttle;
pub(crate) mod ticket;

use lintel_macros::boxed;
pub use throttle::network;
pub(crate) use throttle::{Attempt, FORGET_FAILURES_SECONDS, Limit};

use lintel_domain::access::{Subject, Way};
use lintel_domain::id::PublicId;
use lintel_domain::person::fold_email;
use lintel_store::fault::Fault;
use lintel_store::sign_in::{self as accounts, Account};
use tokio::time::{Instant, sleep_until};

use crate::context::App;
use crate::password::matches;
use crate::session::{self, Visitor};
use crate::totp;

/// Longest address looked at; RFC 5321 allows 254 octets.
const EMAIL_MAX_LEN: usize = 320;
/// The step at which an organisation is chosen, and the one at which a code is asked for.
const CHOOSE: &str = "choose";
const CODE: &str = "code";

/// What came of an attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// Signed in.
    Done {
        /// The session's cookie.
        cookie: String,
        /// Which kind of session.
        subject: Subject,
    },
    /// The password was right; a code is asked for too.
    CodeNeeded {
        /// To be shown with the code.
        ticket: String,
    },
    /// The password is that of several accounts.
    Choose {
        /// To be shown with the choice.
        ticket: String,
        /// Id and trading name of each organisation.
        organisations: Vec<(PublicId, String)>,
    },
    /// Something was wrong.
    Refused,
    /// Too many were wrong: look again after so many seconds.
    Wait {
        /// Seconds.
        seconds: u32,
    },
}

/// First step: address and password.
///
/// # Errors
/// Any fault of the database; busy when too many sign in at once.
#[boxed]
pub async fn with_password(
    app: &App,
    email: &str,
    password: &str,
    visitor: &Visitor,
) -> Result<SignIn, Fault> {
    let until = Instant::now() + app.sign_in_rules().slowness;
    let end = look(app, email, password, visitor).await?;
    if end == SignIn::Refused {
        sleep_until(until).await;
    }
    Ok(end)
}

async fn look(app: &App, email: &str, password: &str, visitor: &Visitor) -> Result<SignIn, Fault> {
    // A NUL is no text to PostgreSQL.
    let email = email.replace(char::is_control, "");
    let email: String = fold_email(email.trim())
        .chars()
        .take(EMAIL_MAX_LEN)
        .collect();
    let people: Vec<Account> = accounts::accounts(app.db(), &email)
        .await?
        .into_iter()
        .filter(|account| account.password_phc.is_some())
        .collect();
    let account = match people.len() {
        0 | 1 => Limit::account(&email),
        _ => Limit::account(&email).shared(),
    };
    let attempt = match Attempt::begin(app, &[account, Limit::from(visitor)]).await? {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(SignIn::Wait { seconds }),
    };
    if people.is_empty() {
        matches(app, password, None).await?;
        return Ok(SignIn::Refused);
    }
    let mut proved = Vec::new();
    for account in people {
        if matches(app, password, account.password_phc.as_deref()).await? {
            proved.push(account);
        }
    }
    if proved.is_empty() {
        return Ok(SignIn::Refused);
    }
    attempt.succeeded(app).await?;
    if let [account] = &proved[..] {
        return proceed(app, account, visitor).await;
    }
    let organisations = proved
        .iter()
        .map(|account| (account.org_public_id.clone(), account.org_name.clone()))
        .collect();
    let ticket = ticket::for_people(app, CHOOSE, &proved)?;
    Ok(SignIn::Choose {
        ticket,
        organisations,
    })
}

/// Goes on with an account whose password was right.
async fn proceed(app: &App, account: &Account, visitor: &Visitor) -> Result<SignIn, Fault> {
    if account.totp_sealed.is_some() {
        let ticket = ticket::for_people(app, CODE, std::slice::from_ref(account))?;
        return Ok(SignIn::CodeNeeded { ticket });
    }
    finish(app, account, visitor, None).await
}

/// The step in between: which of several organisations, by its public id.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn choose(
    app: &App,
    ticket: &str,
    org: &str,
    visitor: &Visitor,
) -> Result<SignIn, Fault> {
    let people = ticket::people(app, CHOOSE, ticket).await?;
    match people.iter().find(|p| p.org_public_id.as_str() == org) {
        Some(account) => proceed(app, account, visitor).await,
        None => Ok(SignIn::Refused),
    }
}

/// Second step: the code a phone shows, or one of those kept for the day the phone is lost.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn with_code(
    app: &App,
    ticket: &str,
    code: &str,
    visitor: &Visitor,
) -> Result<SignIn, Fault> {
    let people = ticket::people(app, CODE, ticket).await?;
    let Some(account) = people.first() else {
        return Ok(SignIn::Refused);
    };
    let limits = [Limit::codes(&account.person_id), Limit::from(visitor)];
    let attempt = match Attempt::begin(app, &limits).await? {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(SignIn::Wait { seconds }),
    };
    let Some(proof) = totp::prove(app, account, code)? else {
        return Ok(SignIn::Refused);
    };
    let end = finish(app, account, visitor, Some(&proof)).await?;
    if end != SignIn::Refused {
        attempt.succeeded(app).await?;
    }
    Ok(end)
}

/// Uses the code up, when there is one, and begins the session, in one transaction.
async fn finish(
    app: &App,
    account: &Account,
    visitor: &Visitor,
    proof: Option<&totp::Proof>,
) -> Result<SignIn, Fault> {
    let subject = Subject::Staff;
    let mut tx = app.db().begin().await?;
    if let Some(proof) = proof
        && !totp::use_in(&mut tx, account, proof).await?
    {
        return Ok(SignIn::Refused);
    }
    let (who, how) = (
        (&account.org_id, &account.person_id),
        (subject, Way::Password),
    );
    let started = session::start_staff_in(app, &mut tx, who, how, visitor).await?;
    let Some(cookie) = started else {
        return Ok(SignIn::Refused);
    };
    tx.commit().await?;
    Ok(SignIn::Done { cookie, subject })
}
