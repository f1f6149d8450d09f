//! Users of an intermediary: added, listed, switched on and off.

use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::event::EventKind;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::intermediary::{
    Intermediary, IntermediaryUser, check_name, check_username, fold_username,
};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::intermediary as intermediaries;
use lintel_store::partner_session::{self as sessions, Whose};

use crate::audit::Audit;
use crate::intermediary::{self, Switch, read_email};

/// Users of one intermediary that are shown.
const LIST_MAX: u32 = 10_000;

/// A user about to be added.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// Number or UniqueID of the intermediary.
    pub broker: String,
    /// The name to sign in with, usually the mail address.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// Where the person is written to.
    pub email: String,
}

/// Adds a user to an intermediary, switched on and with API access. There is no password: the
/// credentials are the network's.
///
/// # Errors
/// Denied without the permission; not found for an unknown intermediary; findings about everything
/// that cannot be used; any fault of the database.
#[boxed]
pub async fn add(app: &App, by: &By<'_>, new: &NewUser) -> Result<IntermediaryUser, AppError> {
    let of = intermediary::find(app, by, &new.broker).await?;
    let username = check_username(&new.username);
    let name = check_name(&new.name, CreditField::UserName);
    let email = read_email(&new.email);
    let (username, name, email) = match (username, name, email) {
        (Ok(username), Ok(name), Ok(email)) => (username, name, email),
        (username, name, email) => {
            let wrong = [username.err(), name.err(), email.err()];
            return Err(Refusal::Findings(wrong.into_iter().flatten().collect()).into());
        }
    };
    let now = app.now();
    let user = IntermediaryUser {
        id: app.row_id()?,
        org_id: of.org_id,
        intermediary_id: of.id,
        username,
        name,
        email,
        is_active: true,
        has_api_access: true,
        created_at: now,
    };
    let mut tx = app.db().begin().await?;
    let folded = fold_username(&user.username);
    if !intermediaries::insert_user_in(&mut tx, &user, &folded).await? {
        let finding = Finding::new(CreditField::Username, CreditRule::Duplicate);
        return Err(Refusal::Findings(vec![finding]).into());
    }
    let actor = by.actor();
    let audit = Audit {
        org_id: &user.org_id,
        actor: &actor,
        now,
    };
    audit
        .record_in(&mut tx, EventKind::IntermediaryUserAdded, &user.id)
        .await?;
    tx.commit().await?;
    Ok(user)
}

/// An intermediary and its users, by name.
///
/// # Errors
/// Denied without the permission; not found for an unknown intermediary; any fault of the database.
#[boxed]
pub async fn list(
    app: &App,
    by: &By<'_>,
    broker: &str,
) -> Result<(Intermediary, Vec<IntermediaryUser>), AppError> {
    let of = intermediary::find(app, by, broker).await?;
    let users = intermediaries::list_users(app.db(), &of.org_id, &of.id, LIST_MAX).await?;
    Ok((of, users))
}

/// Switches a user or the user's API access on or off; off ends every session of the user at once.
/// `false` beside it when that changed nothing.
///
/// # Errors
/// Denied without the permission; not found; any fault of the database.
#[boxed]
pub async fn switch(
    app: &App,
    by: &By<'_>,
    (broker, username): (&str, &str),
    what: Switch,
    is_on: bool,
) -> Result<(IntermediaryUser, bool), AppError> {
    let of = intermediary::find(app, by, broker).await?;
    let missing = || Refusal::NotFound {
        what: Noun::IntermediaryUser,
    };
    // What cannot be a user name is nobody's.
    let username = check_username(username).map_err(|_| missing())?;
    let folded = fold_username(&username);
    let found = intermediaries::load_user(app.db(), &of.org_id, &of.id, &folded).await?;
    let mut user = found.ok_or_else(missing)?;
    match what {
        Switch::Active => user.is_active = is_on,
        Switch::ApiAccess => user.has_api_access = is_on,
    }
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let changed = intermediaries::set_user_access_in(&mut tx, &user, now).await?;
    if changed {
        if !is_on {
            sessions::end_all_in(&mut tx, &user.org_id, Whose::User(&user.id)).await?;
        }
        let actor = by.actor();
        let audit = Audit {
            org_id: &user.org_id,
            actor: &actor,
            now,
        };
        audit
            .record_in(&mut tx, EventKind::IntermediaryUserChanged, &user.id)
            .await?;
        tx.commit().await?;
    }
    Ok((user, changed))
}
