//! Proposals: the bank's binding offers, how they stand, and what may be done with them.

use crate::process::ProcessSide;
use crate::words::words;

/// Days an offer stands at least: the time DL 74-A/2017, article 13, gives the borrowers to compare, which
/// binds the bank.
pub const VALID_DAYS_AT_LEAST: u32 = 30;
/// Days an offer stands at most.
pub const VALID_DAYS_AT_MOST: u32 = 180;
/// Days within which the borrowers may not accept: their time to reflect (DL 74-A/2017, article 13).
/// Shown on papers; the acceptance itself is recorded when it comes.
pub const REFLECTION_DAYS: u32 = 7;
/// Most characters of one condition.
pub const CONDITION_MAX_CHARS: usize = 1_000;
/// Most conditions of a proposal.
pub const CONDITIONS_AT_MOST: usize = 30;

words! {
    /// How a proposal stands.
    ProposalStatus {
        /// Made, and open to be accepted.
        Issued = "issued",
        /// Accepted.
        Accepted = "accepted",
        /// Refused by the borrowers, or taken back.
        Cancelled = "cancelled",
        /// Its days are over.
        Expired = "expired",
        /// A newer one took its place.
        Superseded = "superseded",
    }
}

words! {
    /// A paper of a proposal.
    SheetKind {
        /// The final information sheet.
        Fine = "fine",
        /// The letter of approval.
        Letter = "letter",
    }
}

words! {
    /// What the bank decides about a process.
    DecisionOutcome {
        /// It lends, on terms.
        Approve = "approve",
        /// It does not lend.
        Decline = "decline",
    }
}

words! {
    /// How a decision stands.
    DecisionState {
        /// Waits for a second person.
        Open = "open",
        /// In force.
        Confirmed = "confirmed",
        /// Sent back or withdrawn.
        Returned = "returned",
    }
}

words! {
    /// Why a bank does not lend.
    DeclineReason {
        /// What is left of the income does not carry the instalments.
        Affordability = "affordability",
        /// What the credit registers say.
        CreditHistory = "credit_history",
        /// Work or income are not steady enough.
        Employment = "employment",
        /// The property is no sufficient security.
        Property = "property",
        /// Papers or information are missing, or do not agree with each other.
        Information = "information",
        /// A rule of the bank.
        Policy = "policy",
    }
}

impl DeclineReason {
    /// What people are shown.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Affordability => "Income does not carry the instalments",
            Self::CreditHistory => "Entries in the credit registers",
            Self::Employment => "Work or income not steady enough",
            Self::Property => "Property is no sufficient security",
            Self::Information => "Information missing or contradictory",
            Self::Policy => "Rule of the bank",
        }
    }
}

words! {
    /// What can be done with a proposal.
    ProposalCommand {
        /// Accept it.
        Accept = "accept",
        /// Refuse it, or take it back with its process.
        Cancel = "cancel",
        /// Note that its days are over.
        Expire = "expire",
        /// Put a newer one in its place.
        Supersede = "supersede",
    }
}

/// How a proposal stands after a command; `None` when the command is not allowed in this state or not to
/// this side. Only an open one takes any.
#[must_use]
pub const fn after(
    status: ProposalStatus,
    command: ProposalCommand,
    side: ProcessSide,
) -> Option<ProposalStatus> {
    if !matches!(status, ProposalStatus::Issued) {
        return None;
    }
    match (command, side) {
        (ProposalCommand::Accept, ProcessSide::Partner) => Some(ProposalStatus::Accepted),
        (
            ProposalCommand::Cancel,
            ProcessSide::Partner | ProcessSide::Bank | ProcessSide::System,
        ) => Some(ProposalStatus::Cancelled),
        (ProposalCommand::Expire, ProcessSide::System) => Some(ProposalStatus::Expired),
        (ProposalCommand::Supersede, ProcessSide::Bank) => Some(ProposalStatus::Superseded),
        (ProposalCommand::Accept, ProcessSide::Bank | ProcessSide::System)
        | (ProposalCommand::Expire, ProcessSide::Partner | ProcessSide::Bank)
        | (ProposalCommand::Supersede, ProcessSide::Partner | ProcessSide::System) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ProposalCommand as C, ProposalStatus as S, after};
    use crate::process::ProcessSide as By;

    /// Every command that is allowed to an open proposal, by whom, and where it leads.
    const ALLOWED: &[(C, By, S)] = &[
        (C::Accept, By::Partner, S::Accepted),
        (C::Cancel, By::Partner, S::Cancelled),
        (C::Cancel, By::Bank, S::Cancelled),
        (C::Cancel, By::System, S::Cancelled),
        (C::Expire, By::System, S::Expired),
        (C::Supersede, By::Bank, S::Superseded),
    ];

    #[test]
    fn every_state_command_and_side() {
        for &status in S::ALL {
            for &command in C::ALL {
                for &side in By::ALL {
                    let listed = ALLOWED
                        .iter()
                        .find(|(c, by, _)| *c == command && *by == side)
                        .map(|(_, _, to)| *to);
                    let expected = if status == S::Issued { listed } else { None };
                    assert_eq!(
                        after(status, command, side),
                        expected,
                        "{status} {command} {side}"
                    );
                }
            }
        }
    }
}
