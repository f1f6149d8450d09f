//! The loan officer a caller gives a loan to.

use lintel_domain::organisation::Organisation;
use lintel_domain::person::StaffMember;
use lintel_domain::refusal::{Field, Refusal};
use lintel_domain::role::Role;
use lintel_domain::staff::Person;
use lintel_store::db::Tx;
use lintel_store::staff;

use crate::context::App;
use crate::error::AppError;

/// Longest mail address looked for.
const EMAIL_MAX_CHARS: usize = 254;

/// Refuses an address that is no loan officer's, before anything costly is done for it.
///
/// # Errors
/// As [`named_in`].
pub(crate) async fn check(app: &App, org: &Organisation, email: &str) -> Result<(), AppError> {
    let email = plain(email)?;
    let found = staff::find_by_email(app.db(), org.lender_id(), email).await?;
    officer_of(org, found).map(|_| ())
}

/// The loan officer with a mail address, one of the organisation's own people: a loan is seen by the
/// organisation it came from, and somebody of another one of the family could not open it.
///
/// # Errors
/// Refused when the organisation has no such person, or the person is switched off or no loan officer.
pub(crate) async fn named_in(
    tx: &mut Tx,
    org: &Organisation,
    email: &str,
) -> Result<StaffMember, AppError> {
    let email = plain(email)?;
    let found = staff::find_by_email_in(tx, org.lender_id(), email).await?;
    officer_of(org, found)
}

/// PostgreSQL takes no text with a NUL in it, and no address has a control character.
fn plain(email: &str) -> Result<&str, AppError> {
    let is_usable =
        email.chars().count() <= EMAIL_MAX_CHARS && !email.chars().any(char::is_control);
    if is_usable { Ok(email) } else { Err(unknown()) }
}

fn officer_of(org: &Organisation, found: Option<Person>) -> Result<StaffMember, AppError> {
    let is_officer =
        |p: &Person| p.org_id == org.id && p.is_active && p.roles.has(Role::LoanOfficer);
    let person = found.filter(is_officer).ok_or_else(unknown)?;
    Ok(StaffMember {
        id: person.id,
        public_id: person.public_id,
        first_name: person.first_name,
        last_name: person.last_name,
        email: person.email,
        nmls: person.nmls,
        los_id: person.los_id,
    })
}

fn unknown() -> AppError {
    Refusal::malformed(Field::LoanOfficerEmail).into()
}
