//! What people do in an organisation.

use crate::permission::Permission;
use crate::words::words;

words! {
    /// What somebody does. All of them are open to lenders and brokers alike.
    Role {
        /// Runs the organisation's settings.
        Admin = "admin",
        /// Originates loans; the only role that needs a licence.
        LoanOfficer = "loan_officer",
        /// Helps loan officers.
        LoanOfficerAssistant = "loan_officer_assistant",
        /// Gathers what a loan needs to be decided.
        Processor = "processor",
        /// Decides loans.
        Underwriter = "underwriter",
        /// Wins and keeps brokers.
        AccountExecutive = "account_executive",
        /// Looks after brokers' loans.
        AccountManager = "account_manager",
        /// Brings decided loans to closing.
        Closer = "closer",
        /// Answers borrowers.
        Representative = "representative",
        /// Leads the people who sell.
        SalesManager = "sales_manager",
    }
}

impl Role {
    /// What it is called on pages and in documents.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::LoanOfficer => "Loan Officer",
            Self::LoanOfficerAssistant => "Loan Officer Assistant",
            Self::Processor => "Processor",
            Self::Underwriter => "Underwriter",
            Self::AccountExecutive => "Account Executive",
            Self::AccountManager => "Account Manager",
            Self::Closer => "Closer",
            Self::Representative => "Representative",
            Self::SalesManager => "Sales Manager",
        }
    }

    /// Whether nobody may have it without a state licence and a registry number: taking a residential
    /// loan application and offering terms is what the SAFE Act licenses (12 CFR 1008.103).
    #[must_use]
    pub const fn needs_license(self) -> bool {
        match self {
            Self::LoanOfficer => true,
            Self::Admin
            | Self::LoanOfficerAssistant
            | Self::Processor
            | Self::Underwriter
            | Self::AccountExecutive
            | Self::AccountManager
            | Self::Closer
            | Self::Representative
            | Self::SalesManager => false,
        }
    }

    const fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// The roles of one person: one or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoleSet(u16);

impl RoleSet {
    /// One role alone.
    #[must_use]
    pub const fn only(role: Role) -> Self {
        Self(role.bit())
    }

    /// These roles, each counted once; `None` when there is none.
    #[must_use]
    pub fn try_new(roles: impl IntoIterator<Item = Role>) -> Option<Self> {
        let bits = roles.into_iter().fold(0, |bits, role| bits | role.bit());
        (bits != 0).then_some(Self(bits))
    }

    /// Whether a role is among them.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// The roles, in the order the list of all of them has.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL
            .iter()
            .copied()
            .filter(move |role| self.has(*role))
    }

    /// Whether one of the roles allows it.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.iter().any(|role| role.may(permission))
    }

    /// Whether one of the roles needs a licence.
    #[must_use]
    pub fn needs_license(self) -> bool {
        self.iter().any(Role::needs_license)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_each_role_once_and_never_none() {
        assert_eq!(RoleSet::try_new([]), None);
        let both = [Role::LoanOfficer, Role::Admin, Role::LoanOfficer];
        let set = RoleSet::try_new(both).expect("two");
        let roles: Vec<Role> = set.iter().collect();
        assert_eq!(roles, [Role::Admin, Role::LoanOfficer]);
        for role in Role::ALL {
            let one = RoleSet::only(*role);
            assert_eq!(one.iter().collect::<Vec<_>>(), [*role]);
            assert_eq!(one.needs_license(), *role == Role::LoanOfficer);
        }
    }
}
