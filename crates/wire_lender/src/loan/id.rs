//! Which loan, condition or document a call is about.

use lintel_domain::id::PublicId;

use crate::error::LenderError;
use crate::form::Reader;

/// Longest id of any kind; ours have eight characters.
const ID_MAX: usize = 100;

/// Names a loan's id has in the public text; the first is the one refusals name.
const LOAN: [&str; 3] = ["loanPublicID", "loanID", "publicID"];
/// Names a condition's id has in the public text.
const CONDITION: [&str; 2] = ["conditionID", "loanConditionPublicID"];

/// The loan a call is about.
pub fn loan(data: &Reader<'_>) -> Result<PublicId, LenderError> {
    first_of(data, &LOAN).map(|(_, id)| id)
}

/// Whether a call says which loan it is about.
pub fn names_loan(data: &Reader<'_>) -> bool {
    LOAN.iter().any(|name| data.has(name))
}

/// The condition a call is about.
pub fn condition(data: &Reader<'_>) -> Result<PublicId, LenderError> {
    first_of(data, &CONDITION).map(|(_, id)| id)
}

/// The first of several names that was sent, and the id it has. Without any of them the first name is
/// the one that is missing.
pub fn first_of<'n>(
    data: &Reader<'_>,
    names: &[&'n str],
) -> Result<(&'n str, PublicId), LenderError> {
    let sent = names.iter().find(|name| data.has(name));
    let name = sent.or(names.first()).copied().unwrap_or_default();
    let text = data.req_text(name, ID_MAX)?;
    let id = PublicId::parse(&text).ok_or_else(|| LenderError::missing(name))?;
    Ok((name, id))
}
