//! In whose name somebody is invited.

use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::setup;

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::people::{self, named_organisation};

/// The organisation and the person an invitation comes from.
#[derive(Debug, Clone)]
pub struct Inviter {
    /// Whose sign-up page it leads to.
    pub org: Organisation,
    /// The loan officer, one of that organisation's people.
    pub person: Person,
}

/// Whether somebody can be invited in somebody's name.
#[derive(Debug, Clone)]
pub enum Standing {
    /// Yes.
    Ready(Box<Inviter>),
    /// The broker's set-up was begun and is not done.
    NotSetUp,
}

/// Finds in whose name somebody is invited: the caller's own organisation, or for a lender one of its
/// brokers, and one of that organisation's people, by the partner's id or ours. A broker that was never
/// asked to set itself up works without; see [`crate::setup::standing`].
///
/// # Errors
/// Not found for an organisation or a person that does not exist, is switched off, or is not the
/// caller's to name; any fault of the database.
#[boxed]
pub async fn inviter(
    app: &App,
    principal: &Principal,
    lender: &str,
    user: &str,
) -> Result<Standing, AppError> {
    let org = named_organisation(app, &principal.org, lender).await?;
    if org.kind == OrganisationKind::Vendor || org.kind.is_bank() {
        let what = Noun::Organisation;
        return Err(Refusal::NotFound { what }.into());
    }
    let person = people::find(app, &org, user).await?;
    let person = person.filter(|person| person.is_active && person.org_id == org.id);
    let person = person.ok_or(Refusal::NotFound { what: Noun::Staff })?;
    let setup = setup::load(app.db(), &org.id).await?;
    if setup.is_some_and(|setup| !setup.is_completed()) {
        return Ok(Standing::NotSetUp);
    }
    Ok(Standing::Ready(Box::new(Inviter { org, person })))
}
