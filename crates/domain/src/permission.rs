//! What people may do, and which role allows it: the one place that says so.
//!
//! `docs/permissions.md` is printed from here by a test.

use crate::role::Role;
use crate::words::words;

words! {
    /// Something a signed-in person may do in the person's own organisation.
    Permission {
        /// See the loans one originates or is the officer of.
        SeeOwnLoans = "see_own_loans",
        /// See every loan and lead of the organisation.
        SeeAllLoans = "see_all_loans",
        /// Take the loans one sees out as a file.
        ExportLoans = "export_loans",
        /// Say where a loan stands, take it back, put it away.
        ChangeStatus = "change_status",
        /// Put conditions on loans and change them.
        EditConditions = "edit_conditions",
        /// Satisfy and waive conditions.
        ClearConditions = "clear_conditions",
        /// File papers with loans and remove them.
        EditDocuments = "edit_documents",
        /// Give tasks to people, and finish those of others.
        EditTasks = "edit_tasks",
        /// See what the organisation sent to whom, send it again, stop it, and let addresses be written
        /// to again.
        EditMessages = "edit_messages",
        /// See who works here.
        SeePeople = "see_people",
        /// Add and change people, switch them on and off, set who is given new borrowers.
        EditPeople = "edit_people",
        /// Change the company's profile, licences and branding; finish its set-up.
        EditCompany = "edit_company",
        /// Add and change branches.
        EditBranches = "edit_branches",
        /// Make and withdraw API key pairs.
        EditCredentials = "edit_credentials",
        /// Let vendors in and shut them out.
        EditVendors = "edit_vendors",
        /// See a lender's brokers and switch them on and off.
        EditBrokers = "edit_brokers",
        /// Be given new borrowers.
        BeAssigned = "be_assigned",
        /// See the simulations and processes of a bank's intermediaries.
        SeeProcesses = "see_processes",
        /// Take processes on, ask for information and papers, answer messages.
        WorkProcesses = "work_processes",
        /// Approve processes with terms, and decline them.
        DecideProcesses = "decide_processes",
        /// Let networks, intermediaries and their users in and shut them out.
        EditNetworks = "edit_networks",
        /// Change the bank's offer: products, spreads, charges, tariffs, index values.
        EditOffer = "edit_offer",
    }
}

impl Permission {
    /// What it allows, as a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::SeeOwnLoans => "See own loans",
            Self::SeeAllLoans => "See all loans",
            Self::ExportLoans => "Export loans",
            Self::ChangeStatus => "Change status",
            Self::EditConditions => "Edit conditions",
            Self::ClearConditions => "Clear conditions",
            Self::EditDocuments => "Edit documents",
            Self::EditTasks => "Edit tasks",
            Self::EditMessages => "Edit messages",
            Self::SeePeople => "See people",
            Self::EditPeople => "Edit people",
            Self::EditCompany => "Edit company",
            Self::EditBranches => "Edit branches",
            Self::EditCredentials => "Edit credentials",
            Self::EditVendors => "Edit vendors",
            Self::EditBrokers => "Edit brokers",
            Self::BeAssigned => "Be assigned borrowers",
            Self::SeeProcesses => "See processes",
            Self::WorkProcesses => "Work on processes",
            Self::DecideProcesses => "Decide processes",
            Self::EditNetworks => "Edit networks",
            Self::EditOffer => "Edit the offer",
        }
    }
}

/// Everything but being given borrowers: that is for people with a licence.
const ADMIN: &[Permission] = &[
    Permission::SeeOwnLoans,
    Permission::SeeAllLoans,
    Permission::ExportLoans,
    Permission::ChangeStatus,
    Permission::EditConditions,
    Permission::ClearConditions,
    Permission::EditDocuments,
    Permission::EditTasks,
    Permission::EditMessages,
    Permission::SeePeople,
    Permission::EditPeople,
    Permission::EditCompany,
    Permission::EditBranches,
    Permission::EditCredentials,
    Permission::EditVendors,
    Permission::EditBrokers,
    Permission::SeeProcesses,
    Permission::WorkProcesses,
    Permission::DecideProcesses,
    Permission::EditNetworks,
    Permission::EditOffer,
];
const OFFICER: &[Permission] = &[
    Permission::SeeOwnLoans,
    Permission::ChangeStatus,
    Permission::EditDocuments,
    Permission::SeePeople,
    Permission::BeAssigned,
];
/// People who work on loans other people originate: nothing says whose, so it is all of them.
const ASSISTANT: &[Permission] = &[
    Permission::SeeOwnLoans,
    Permission::SeeAllLoans,
    Permission::ChangeStatus,
    Permission::EditDocuments,
    Permission::EditTasks,
    Permission::SeePeople,
    Permission::SeeProcesses,
];
/// People who gather what a loan needs.
const OPERATIONS: &[Permission] = &[
    Permission::SeeOwnLoans,
    Permission::SeeAllLoans,
    Permission::ChangeStatus,
    Permission::EditConditions,
    Permission::EditDocuments,
    Permission::EditTasks,
    Permission::SeePeople,
    Permission::SeeProcesses,
    Permission::WorkProcesses,
];
/// People who answer for what is enough.
const DECISION: &[Permission] = &[
    Permission::SeeOwnLoans,
    Permission::SeeAllLoans,
    Permission::ChangeStatus,
    Permission::EditConditions,
    Permission::ClearConditions,
    Permission::EditDocuments,
    Permission::EditTasks,
    Permission::SeePeople,
    Permission::SeeProcesses,
    Permission::WorkProcesses,
    Permission::DecideProcesses,
];
/// People who answer for numbers take them out, too.
const SALES: &[Permission] = &[
    Permission::SeeOwnLoans,
    Permission::SeeAllLoans,
    Permission::ExportLoans,
    Permission::SeePeople,
    Permission::SeeProcesses,
];
const REPRESENTATIVE: &[Permission] = &[Permission::SeeOwnLoans, Permission::SeePeople];

impl Role {
    /// What the role allows.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Admin => ADMIN,
            Self::LoanOfficer => OFFICER,
            Self::LoanOfficerAssistant => ASSISTANT,
            Self::Processor | Self::AccountManager => OPERATIONS,
            Self::Underwriter | Self::Closer => DECISION,
            Self::AccountExecutive | Self::SalesManager => SALES,
            Self::Representative => REPRESENTATIVE,
        }
    }

    /// Whether the role allows it.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

#[cfg(test)]
mod tests {
    use Permission as P;
    use Role as R;

    use super::*;
    use crate::role::RoleSet;

    /// Who may do what, written a second time by hand: a change here is a change on purpose.
    const TABLE: &[(P, &[R])] = &[
        (P::SeeOwnLoans, R::ALL),
        (
            P::SeeAllLoans,
            &[
                R::Admin,
                R::LoanOfficerAssistant,
                R::Processor,
                R::Underwriter,
                R::AccountExecutive,
                R::AccountManager,
                R::Closer,
                R::SalesManager,
            ],
        ),
        (
            P::ExportLoans,
            &[R::Admin, R::AccountExecutive, R::SalesManager],
        ),
        (
            P::ChangeStatus,
            &[
                R::Admin,
                R::LoanOfficer,
                R::LoanOfficerAssistant,
                R::Processor,
                R::Underwriter,
                R::AccountManager,
                R::Closer,
            ],
        ),
        (
            P::EditConditions,
            &[
                R::Admin,
                R::Processor,
                R::Underwriter,
                R::AccountManager,
                R::Closer,
            ],
        ),
        (P::ClearConditions, &[R::Admin, R::Underwriter, R::Closer]),
        (
            P::EditDocuments,
            &[
                R::Admin,
                R::LoanOfficer,
                R::LoanOfficerAssistant,
                R::Processor,
                R::Underwriter,
                R::AccountManager,
                R::Closer,
            ],
        ),
        (
            P::EditTasks,
            &[
                R::Admin,
                R::LoanOfficerAssistant,
                R::Processor,
                R::Underwriter,
                R::AccountManager,
                R::Closer,
            ],
        ),
        (P::EditMessages, &[R::Admin]),
        (P::SeePeople, R::ALL),
        (P::EditPeople, &[R::Admin]),
        (P::EditCompany, &[R::Admin]),
        (P::EditBranches, &[R::Admin]),
        (P::EditCredentials, &[R::Admin]),
        (P::EditVendors, &[R::Admin]),
        (P::EditBrokers, &[R::Admin]),
        (P::BeAssigned, &[R::LoanOfficer]),
        (
            P::SeeProcesses,
            &[
                R::Admin,
                R::LoanOfficerAssistant,
                R::Processor,
                R::Underwriter,
                R::AccountExecutive,
                R::AccountManager,
                R::Closer,
                R::SalesManager,
            ],
        ),
        (
            P::WorkProcesses,
            &[
                R::Admin,
                R::Processor,
                R::Underwriter,
                R::AccountManager,
                R::Closer,
            ],
        ),
        (P::DecideProcesses, &[R::Admin, R::Underwriter, R::Closer]),
        (P::EditNetworks, &[R::Admin]),
        (P::EditOffer, &[R::Admin]),
    ];

    #[test]
    fn who_may_do_what() {
        assert_eq!(TABLE.len(), P::ALL.len());
        for &(permission, roles) in TABLE {
            for role in R::ALL {
                let may = roles.contains(role);
                assert_eq!(role.may(permission), may, "{role} {permission}");
                assert_eq!(RoleSet::only(*role).may(permission), may);
                // A second role never takes anything away.
                let pair = RoleSet::try_new([*role, R::Admin]).expect("two");
                assert_eq!(pair.may(permission), may || R::Admin.may(permission));
            }
        }
    }

    #[test]
    fn only_the_licensed_are_given_borrowers() {
        for role in Role::ALL {
            assert_eq!(role.may(Permission::BeAssigned), role.needs_license());
        }
    }
}
