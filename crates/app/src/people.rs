//! People: finding them, adding and changing them, as partners and pages do.

mod add;
mod check;
mod edit;
mod headshots;
mod internal;
mod own;
mod search;
mod upsert;

pub use add::{AddedUsers, add_users};
pub use check::{CheckedPerson, PEOPLE_MAX, check, keep_pictures};
pub use edit::{add, set_assignable, set_status, update};
pub(crate) use edit::{record_switch_in, switch_in};
pub use headshots::set_headshots;
pub(crate) use internal::by_name;
pub use internal::{InternalUsers, internal_users};
use lintel_macros::boxed;
pub use own::{OwnDraft, update_own};
pub use search::{PeopleQuery, search};
pub use upsert::SameAddress;
pub(crate) use upsert::upsert_in;

use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::staff::Person;
use lintel_store::fault::Fault;
use lintel_store::{organisation, staff};

use crate::context::App;
use crate::error::AppError;

/// Most people on one page.
const PAGE_MAX: u32 = 200;

/// Finds an organisation a caller may see: its own, or for a lender one of its brokers, switched on
/// or not. Everything else is `None`, whether it exists or not.
pub(crate) async fn visible_organisation(
    app: &App,
    caller: &Organisation,
    lender_id: &str,
) -> Result<Option<Organisation>, Fault> {
    let Some(id) = PublicId::parse(lender_id.trim()) else {
        return Ok(None);
    };
    let found = organisation::load(app.db(), &id).await?;
    let is_visible = |org: &Organisation| {
        org.id == caller.id || org.parent_id.as_ref().is_some_and(|id| *id == caller.id)
    };
    Ok(found.filter(is_visible))
}

/// As [`visible_organisation`], of those that are switched on.
pub(crate) async fn named_organisation(
    app: &App,
    caller: &Organisation,
    lender_id: &str,
) -> Result<Organisation, AppError> {
    let found = visible_organisation(app, caller, lender_id).await?;
    let unknown = Refusal::NotFound {
        what: Noun::Organisation,
    };
    Ok(found.filter(|org| org.is_active).ok_or(unknown)?)
}

/// Finds one of an organisation's people, switched on or not: by the id
/// partners see, else by the partner's.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(app: &App, org: &Organisation, uid_or_id: &str) -> Result<Option<Person>, Fault> {
    match as_id(uid_or_id) {
        Some(text) => staff::find(app.db(), org.lender_id(), &org.id, text).await,
        None => Ok(None),
    }
}

/// As [`find`], among the people a caller may see: its own, and for a lender its brokers'.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find_visible(
    app: &App,
    caller: &Organisation,
    uid_or_id: &str,
) -> Result<Option<Person>, Fault> {
    if caller.parent_id.is_some() {
        return find(app, caller, uid_or_id).await;
    }
    match as_id(uid_or_id) {
        Some(text) => staff::find_in_family(app.db(), &caller.id, text).await,
        None => Ok(None),
    }
}

/// As [`find`], or by mail address: what a person types to say whom is meant.
///
/// # Errors
/// Not found when it is nobody of that organisation.
#[boxed]
pub async fn find_by_any(app: &App, org: &Organisation, text: &str) -> Result<Person, AppError> {
    let found = match as_id(text) {
        Some(email) if email.contains('@') => {
            let found = staff::find_by_email(app.db(), org.lender_id(), email).await?;
            found.filter(|person| person.org_id == org.id)
        }
        Some(_) | None => None,
    };
    let found = match found {
        Some(person) => Some(person),
        None => find(app, org, text).await?,
    };
    Ok(found.ok_or_else(unknown_person)?)
}

/// What may be somebody's id: nothing blank, endless or with a NUL, which PostgreSQL takes for none.
fn as_id(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_id = !text.is_empty() && text.len() <= 400 && !text.contains('\0');
    is_id.then_some(text)
}

fn unknown_person() -> Refusal {
    Refusal::NotFound { what: Noun::Staff }
}

/// Finds one of an organisation's people by the id partners see.
///
/// # Errors
/// Not found when it is nobody of that organisation.
#[boxed]
pub async fn load(app: &App, org: &Organisation, id: &PublicId) -> Result<Person, AppError> {
    let person = staff::load(app.db(), &org.id, id).await?;
    Ok(person.ok_or_else(unknown_person)?)
}

/// A page of an organisation's people.
#[derive(Debug, Clone)]
pub struct PeoplePage {
    /// How many there are in all.
    pub total: u64,
    /// The people of the page.
    pub people: Vec<Person>,
}

/// Lists an organisation's people: who is switched on first, then by name; at most 200.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(
    app: &App,
    org: &Organisation,
    limit: u32,
    offset: u32,
) -> Result<PeoplePage, AppError> {
    Ok(PeoplePage {
        total: staff::count(app.db(), &org.id).await?,
        people: staff::list(app.db(), &org.id, limit.min(PAGE_MAX), offset).await?,
    })
}
