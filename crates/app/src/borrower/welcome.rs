//! The link of the first letter: a password is chosen, and the borrower is signed in.

use lintel_domain::access::{LinkPurpose, Way};
use lintel_domain::event::EventKind;
use lintel_domain::organisation::Organisation;
use lintel_domain::person::fold_email;
use lintel_macros::boxed;
use lintel_store::borrower::{self, StoredAccount};
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::organisation;

use super::sign_in::{actor, start_session_in};
use crate::context::App;
use crate::link;
use crate::password::{Weakness, check, hash};
use crate::session::Visitor;
use crate::sign_in::throttle::{Attempt, Limit};

/// What a welcome link opens.
#[derive(Debug)]
pub struct Welcoming {
    /// Whose page.
    pub org: Organisation,
    /// The address of the account.
    pub email: String,
    /// Whether the account has a password already, which is replaced.
    pub has_password: bool,
}

/// What came of choosing a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Welcomed {
    /// Chosen, and signed in.
    Done {
        /// The session's cookie.
        cookie: String,
    },
    /// The link is unknown, used or past its end, or its account is switched off.
    LinkGone,
    /// The password cannot be taken. The link still works.
    Weak(Weakness),
}

/// Looks at a welcome link without using it; none when it does not work.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn welcoming(app: &App, token: &str) -> Result<Option<Welcoming>, Fault> {
    let Some((account, lender)) = behind(app, token).await? else {
        return Ok(None);
    };
    let org = organisation::load_by_id(app.db(), &account.org_id).await?;
    Ok(Some(Welcoming {
        org: org.filter(|org| org.is_active).unwrap_or(lender),
        has_password: account.password_phc.is_some(),
        email: account.email,
    }))
}

async fn behind(app: &App, token: &str) -> Result<Option<(StoredAccount, Organisation)>, Fault> {
    let Some(used) = link::works(app, LinkPurpose::Welcome, token).await? else {
        return Ok(None);
    };
    let (lender, id) = (&used.org.id, &used.person_id);
    if !borrower::is_alive(app.db(), lender, id).await? {
        return Ok(None);
    }
    let account = borrower::load(app.db(), lender, id).await?;
    Ok(account.map(|account| (account, used.org)))
}

/// Chooses the password and signs in: link, password and session in one transaction. Whatever else
/// could be come in with ends.
///
/// # Errors
/// Any fault of the database; busy when too many passwords are chosen at once.
#[boxed]
pub async fn welcome(
    app: &App,
    token: &str,
    password: &str,
    visitor: &Visitor,
) -> Result<Welcomed, Fault> {
    let Some((account, lender)) = behind(app, token).await? else {
        return Ok(Welcomed::LinkGone);
    };
    if let Err(weakness) = check(password, &account.email) {
        return Ok(Welcomed::Weak(weakness));
    }
    let hashed = hash(app, password).await?;
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let is_ours = borrower::lock_alive_in(&mut tx, &lender.id, &account.id).await?
        && link::use_in(app, &mut tx, LinkPurpose::Welcome, token)
            .await?
            .is_some();
    if !is_ours {
        return Ok(Welcomed::LinkGone);
    }
    borrower::set_password_in(&mut tx, &lender.id, &account.id, &hashed, now).await?;
    link::end_all_in(&mut tx, &lender.id, Some(&account.id)).await?;
    let actor = actor(&account);
    let kind = EventKind::PasswordChanged;
    let event = NewEvent::plain(&lender.id, now, &actor, kind, account.id.as_str());
    record_in(&mut tx, &event).await?;
    let cookie = start_session_in(app, &mut tx, &account, Way::Welcome, visitor).await?;
    let Some(cookie) = cookie else {
        return Ok(Welcomed::LinkGone);
    };
    tx.commit().await?;
    let email = fold_email(&account.email);
    Attempt::forget(app, &[Limit::account(&format!("borrower|{email}"))]).await?;
    Ok(Welcomed::Done { cookie })
}
