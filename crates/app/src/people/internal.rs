//! The people of an organisation, as a partner asks for them: by role, branch, licence, assignment.

use lintel_domain::branch::Branch;
use lintel_domain::id::PublicId;
use lintel_domain::license::StateCode;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::role::Role;
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::{branch, staff};

use crate::context::App;
use crate::error::AppError;

/// Which people are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InternalUsers {
    /// Their role; they may have others beside it.
    pub role: Role,
    /// Their branch, primary or not.
    pub branch: Option<PublicId>,
    /// At least one of the states they are licensed in; empty for any. Looks at loan officers only.
    pub licensed: Vec<StateCode>,
    /// True for those the company's rule gives new borrowers, or the branch's when one is named.
    /// Looks at loan officers only; false asks for nothing.
    pub assignable: Option<bool>,
}

/// Lists the switched-on people of an organisation, by name.
///
/// # Errors
/// Not found for a branch that is not the organisation's, or switched off.
#[boxed]
pub async fn internal_users(
    app: &App,
    org: &Organisation,
    wanted: InternalUsers,
) -> Result<Vec<Person>, AppError> {
    let branch = match &wanted.branch {
        None => None,
        Some(id) => {
            let found = branch::load(app.db(), &org.id, id).await?;
            let unknown = Refusal::NotFound { what: Noun::Branch };
            Some(found.filter(|branch| branch.is_active).ok_or(unknown)?)
        }
    };
    let mut people = staff::of_role(app.db(), &org.id, wanted.role).await?;
    people.retain(|person| is_wanted(person, &wanted, branch.as_ref()));
    by_name(&mut people);
    Ok(people)
}

/// The order of lists for people: family name, given name, whatever their case; then public id.
pub(crate) fn by_name(people: &mut [Person]) {
    people.sort_by_cached_key(|person| {
        let (last, first) = (&person.last_name, &person.first_name);
        (
            last.to_lowercase(),
            first.to_lowercase(),
            person.public_id.clone(),
        )
    });
}

fn is_wanted(person: &Person, wanted: &InternalUsers, branch: Option<&Branch>) -> bool {
    let place = branch.and_then(|branch| person.branches.iter().find(|b| b.id == branch.id));
    if branch.is_some() && place.is_none() {
        return false;
    }
    if wanted.role != Role::LoanOfficer {
        return true;
    }
    let holds = |state: &StateCode| person.licenses.iter().any(|l| l.state == *state);
    let is_licensed = wanted.licensed.is_empty() || wanted.licensed.iter().any(holds);
    let is_assignable = match wanted.assignable {
        Some(true) => place.map_or(person.is_assignable, |place| place.is_assignable),
        Some(false) | None => true,
    };
    is_licensed && is_assignable
}
