//! Who changes something by hand: somebody signed in on a page, or an operator at the command line.

use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::staff::Person;

use crate::admin::OPERATOR;
use crate::error::AppError;
use crate::session::SignedIn;

/// Whoever changes something, and in which organisation.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A signed-in person, in the person's own organisation, as far as roles allow.
    Person(&'a SignedIn),
    /// An operator, in any organisation, without limits of that kind.
    Operator(&'a Organisation),
}

impl By<'_> {
    /// The organisation.
    #[must_use]
    pub const fn org(&self) -> &Organisation {
        match self {
            Self::Person(who) => &who.org,
            Self::Operator(org) => org,
        }
    }

    /// The name events are recorded under.
    #[must_use]
    pub fn actor(&self) -> String {
        match self {
            Self::Person(who) => who.actor(),
            Self::Operator(_) => OPERATOR.to_owned(),
        }
    }

    /// Requires that whoever it is may do something.
    ///
    /// # Errors
    /// Denied to people whose roles do not allow it.
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        match self {
            Self::Person(who) => who.require(permission),
            Self::Operator(_) => Ok(()),
        }
    }

    /// Whether it is this person.
    pub(crate) fn is(&self, person: &Person) -> bool {
        match self {
            Self::Person(who) => who.person.id == person.id,
            Self::Operator(_) => false,
        }
    }
}
