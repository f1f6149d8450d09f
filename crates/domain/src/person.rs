//! People who work for an organisation.

use crate::id::{PublicId, RowId};

/// A member of staff, as far as loans refer to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Row id.
    pub id: RowId,
    /// The `userID` partners see.
    pub public_id: PublicId,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Address for mail; also how partners name the person.
    pub email: String,
    /// Registry number of a loan officer.
    pub nmls: Option<String>,
    /// The person's id in the lender's loan origination system.
    pub los_id: Option<String>,
}

/// The search form of a mail address: trimmed and lower-cased in full Unicode, because SQLite's own
/// folding stops at ASCII.
#[must_use]
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}
