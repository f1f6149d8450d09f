//! People who work for an organisation, in full. As loans see them they are
//! [`StaffMember`](crate::person::StaffMember)s.

mod draft;
mod timezone;

pub use draft::{PersonDraft, PersonFacts, UidRule, Update};
pub use timezone::Timezone;

use crate::id::{PublicId, RowId};
use crate::image::ImageRef;
use crate::license::License;
use crate::role::RoleSet;

/// Somebody who works for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Row id.
    pub id: RowId,
    /// Whose.
    pub org_id: RowId,
    /// The lender of the family: the organisation's own, or the one it is a broker of.
    pub lender_org_id: RowId,
    /// The `userID` partners see.
    pub public_id: PublicId,
    /// What the partner who added the person calls it: the `userUID`. Unique in the family.
    pub partner_uid: Option<String>,
    /// Given name; may hold a middle name.
    pub first_name: String,
    /// What the person likes to be called.
    pub preferred_name: Option<String>,
    /// Middle name, where it is known apart.
    pub middle_name: Option<String>,
    /// Family name.
    pub last_name: String,
    /// Mail address, unique in the family whatever its case.
    pub email: String,
    /// Telephone, as [`crate::contact::phone`] stores it. People known only from loans have none.
    pub phone: Option<String>,
    /// Extension: up to five digits.
    pub phone_extension: Option<String>,
    /// Where the person's clock is.
    pub timezone: Option<Timezone>,
    /// What the person does.
    pub roles: RoleSet,
    /// Registry number of a loan officer.
    pub nmls: Option<String>,
    /// The person's id in the organisation's loan origination system.
    pub los_id: Option<String>,
    /// Name of the stored picture.
    pub headshot: Option<ImageRef>,
    /// State licences, by state.
    pub licenses: Vec<License>,
    /// Branches, the primary one first, then by name.
    pub branches: Vec<BranchPlace>,
    /// Whether the person wants mail that is not about a request of their own.
    pub wants_mail: bool,
    /// Whether the company's rule gives the person new borrowers.
    pub is_assignable: bool,
    /// Off means: sessions and links stop at once, and nothing new is given to the person.
    pub is_active: bool,
}

impl Person {
    /// Name for people: preferred given name, family name.
    #[must_use]
    pub fn display_name(&self) -> String {
        let first = self.preferred_name.as_deref().unwrap_or(&self.first_name);
        format!("{first} {}", self.last_name)
    }

    /// The branch that is the person's own.
    #[must_use]
    pub fn primary_branch(&self) -> Option<&BranchPlace> {
        self.branches.iter().find(|branch| branch.is_primary)
    }
}

/// A person's place in a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchPlace {
    /// The branch's row.
    pub id: RowId,
    /// The `branchID` partners see.
    pub public_id: PublicId,
    /// The branch's name.
    pub name: String,
    /// Whether it is the person's own.
    pub is_primary: bool,
    /// Whether the branch's rule gives the person new borrowers.
    pub is_assignable: bool,
}

/// What is to become of a company or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountStatus {
    /// On.
    Active,
    /// Off: everything stops at once.
    Inactive,
}

impl AccountStatus {
    /// Whether it is on.
    #[must_use]
    pub const fn is_active(self) -> bool {
        match self {
            Self::Active => true,
            Self::Inactive => false,
        }
    }
}
