//! Which command a process takes in which state, from whom, and what becomes of it.

use super::ProcessStatus;
use crate::words::words;

words! {
    /// Whose doing a command is.
    ProcessSide {
        /// A user of the intermediary.
        Partner = "partner",
        /// Somebody at the bank.
        Bank = "bank",
        /// Nobody: it follows from something else.
        System = "system",
    }
}

words! {
    /// What can be done with a process.
    ProcessCommand {
        /// Change terms of the loan, add or remove borrowers.
        Change = "change",
        /// Change what is known of a borrower or the property.
        EditFacts = "edit_facts",
        /// File, change or remove a paper.
        EditPapers = "edit_papers",
        /// Hand it to the bank.
        Submit = "submit",
        /// Take it on.
        Take = "take",
        /// Ask for information or a paper.
        Ask = "ask",
        /// Say that everything that was asked for is there; or withdraw the last question.
        Answer = "answer",
        /// Make a binding offer, or a newer one.
        Approve = "approve",
        /// Say that the bank does not lend.
        Decline = "decline",
        /// Accept the binding offer.
        Contract = "contract",
        /// Take it back.
        Cancel = "cancel",
    }
}

/// How a process stands after a command; `None` when the command is not allowed in this state or not
/// to this side. Commands that move nothing answer the state itself.
///
/// A declined process has ended: it cannot be taken back any more. An approved one can get a newer
/// offer and stays approved.
#[must_use]
pub const fn after(
    status: ProcessStatus,
    command: ProcessCommand,
    side: ProcessSide,
) -> Option<ProcessStatus> {
    use ProcessCommand as C;
    use ProcessSide as By;
    use ProcessStatus as S;
    let is_partner = matches!(side, By::Partner);
    let is_bank = matches!(side, By::Bank);
    let (is_allowed, to) = match command {
        C::Change => (is_partner && matches!(status, S::InCreation), status),
        C::EditFacts | C::EditPapers => {
            let is_open = matches!(status, S::InCreation | S::PendingInformation);
            (is_partner && is_open, status)
        }
        C::Submit => (is_partner && matches!(status, S::InCreation), S::Submitted),
        C::Take => (is_bank && matches!(status, S::Submitted), S::InAnalysis),
        C::Ask => {
            let is_looked_at = matches!(status, S::InAnalysis | S::PendingInformation);
            (is_bank && is_looked_at, S::PendingInformation)
        }
        C::Answer => (matches!(status, S::PendingInformation), S::InAnalysis),
        C::Approve => {
            let is_open = matches!(status, S::InAnalysis | S::Approved);
            (is_bank && is_open, S::Approved)
        }
        C::Decline => (is_bank && matches!(status, S::InAnalysis), S::Declined),
        C::Contract => (is_partner && matches!(status, S::Approved), S::Contracted),
        C::Cancel => ((is_partner || is_bank) && !status.is_final(), S::Cancelled),
    };
    if is_allowed { Some(to) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{ProcessCommand as C, ProcessSide as By, ProcessStatus as S, after};

    /// A command, who may give it, the states it is allowed in and where each leads.
    type Allowed = (C, &'static [By], &'static [(S, S)]);

    /// Every command that is allowed.
    const ALLOWED: &[Allowed] = &[
        (C::Change, &[By::Partner], &[(S::InCreation, S::InCreation)]),
        (
            C::EditFacts,
            &[By::Partner],
            &[
                (S::InCreation, S::InCreation),
                (S::PendingInformation, S::PendingInformation),
            ],
        ),
        (
            C::EditPapers,
            &[By::Partner],
            &[
                (S::InCreation, S::InCreation),
                (S::PendingInformation, S::PendingInformation),
            ],
        ),
        (C::Submit, &[By::Partner], &[(S::InCreation, S::Submitted)]),
        (C::Take, &[By::Bank], &[(S::Submitted, S::InAnalysis)]),
        (
            C::Ask,
            &[By::Bank],
            &[
                (S::InAnalysis, S::PendingInformation),
                (S::PendingInformation, S::PendingInformation),
            ],
        ),
        (
            C::Answer,
            &[By::Partner, By::Bank, By::System],
            &[(S::PendingInformation, S::InAnalysis)],
        ),
        (
            C::Approve,
            &[By::Bank],
            &[(S::InAnalysis, S::Approved), (S::Approved, S::Approved)],
        ),
        (C::Decline, &[By::Bank], &[(S::InAnalysis, S::Declined)]),
        (C::Contract, &[By::Partner], &[(S::Approved, S::Contracted)]),
        (
            C::Cancel,
            &[By::Partner, By::Bank],
            &[
                (S::InCreation, S::Cancelled),
                (S::Submitted, S::Cancelled),
                (S::InAnalysis, S::Cancelled),
                (S::PendingInformation, S::Cancelled),
                (S::Approved, S::Cancelled),
            ],
        ),
    ];

    fn expected(status: S, command: C, side: By) -> Option<S> {
        let (_, sides, moves) = ALLOWED.iter().find(|(c, _, _)| *c == command)?;
        if !sides.contains(&side) {
            return None;
        }
        let found = moves.iter().find(|(from, _)| *from == status);
        found.map(|(_, to)| *to)
    }

    #[test]
    fn every_command_in_every_state_from_every_side() {
        assert_eq!(ALLOWED.len(), C::ALL.len());
        for status in S::ALL {
            for command in C::ALL {
                for side in By::ALL {
                    assert_eq!(
                        after(*status, *command, *side),
                        expected(*status, *command, *side),
                        "{status} {command} {side}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_has_ended_takes_no_command() {
        for status in S::ALL {
            let takes_some = C::ALL.iter().any(|command| {
                By::ALL
                    .iter()
                    .any(|side| after(*status, *command, *side).is_some())
            });
            assert_eq!(takes_some, !status.is_final(), "{status}");
        }
    }
}
