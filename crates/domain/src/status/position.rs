//! Where a loan stands, and where it may go from there.

use super::{Stage, Step};
use crate::loan::{Lifecycle, Status};

/// Whose hand moves a loan. A lender's goes every way there is. A broker's keeps to the stages before
/// underwriting, and takes the application back or puts it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// Of whoever lends.
    Lender,
    /// Of a broker the lender lends through.
    Broker,
}

/// Where a loan stands and what it may come back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The step it is at.
    pub step: Step,
    /// The last open step of a loan that is not open. None for one that arrived ended.
    pub reached: Option<Step>,
    /// What an archived loan goes back to. None for one that arrived archived.
    pub shelved: Option<Step>,
}

impl Position {
    /// Reads where a loan stands from what is stored of it. Loans may have arrived with a status
    /// nobody knows: then the life they are in says more.
    #[must_use]
    pub fn of(status: &Status, lifecycle: Lifecycle) -> Self {
        let named =
            Step::read(&status.sub).or_else(|| Stage::read(&status.main).map(Stage::first_step));
        let step = named.filter(|step| step.lifecycle() == lifecycle);
        Self {
            step: step.unwrap_or(match lifecycle {
                Lifecycle::Active => Step::SignedUp,
                Lifecycle::Archived => Step::Archived,
                Lifecycle::Withdrawn => Step::Withdrawn,
                Lifecycle::Declined => Step::Declined,
                Lifecycle::Cancelled => Step::Cancelled,
                Lifecycle::Funded => Step::Funded,
            }),
            reached: None,
            shelved: None,
        }
    }

    /// Whether the loan may go to a step. Staying is always allowed, and changes nothing.
    #[must_use]
    pub fn may_go(self, to: Step) -> bool {
        if to == self.step || to == Step::Archived {
            return true;
        }
        match self.step.stage() {
            Stage::StartApplication
            | Stage::LoanApproval
            | Stage::LoanProcessing
            | Stage::Underwriting
            | Stage::Closing => self.may_go_on(to),
            Stage::Withdrawn | Stage::Declined | Stage::Cancelled => {
                // Opened again, no further than it had come.
                to.lifecycle().is_active() && to <= self.reached.unwrap_or(Step::SignedUp)
            }
            Stage::Archived => to == self.shelved.unwrap_or(Step::SignedUp),
            Stage::Funded => false,
        }
    }

    /// From an open step: on to any later stage, back by one, and to the ends.
    fn may_go_on(self, to: Step) -> bool {
        let (from, stage) = (self.step.stage(), to.stage());
        match stage {
            Stage::StartApplication
            | Stage::LoanApproval
            | Stage::LoanProcessing
            | Stage::Underwriting
            | Stage::Closing => stage.place() + 1 >= from.place(),
            Stage::Funded => from == Stage::Closing,
            Stage::Withdrawn | Stage::Declined | Stage::Cancelled | Stage::Archived => true,
        }
    }

    /// Whether the loan may go to a step by somebody's hand.
    #[must_use]
    pub fn may_be_moved(self, to: Step, hand: Hand) -> bool {
        let is_in_hand = || match hand {
            Hand::Lender => true,
            Hand::Broker => to == self.step || self.is_for_brokers(to),
        };
        self.may_go(to) && is_in_hand()
    }

    /// Whether one of the ways is a broker's, too. What the lender decided on stays where the lender
    /// put it: a loan in underwriting comes back to the broker by the lender's hand alone, also by way
    /// of an end.
    fn is_for_brokers(self, to: Step) -> bool {
        match to.stage() {
            Stage::StartApplication | Stage::LoanApproval | Stage::LoanProcessing => {
                let last_open = match self.step.stage() {
                    Stage::StartApplication
                    | Stage::LoanApproval
                    | Stage::LoanProcessing
                    | Stage::Underwriting
                    | Stage::Closing => Some(self.step),
                    Stage::Withdrawn | Stage::Cancelled => self.reached,
                    Stage::Archived => self.shelved,
                    Stage::Funded | Stage::Declined => return false,
                };
                last_open.is_none_or(|step| step.stage() <= Stage::LoanProcessing)
            }
            Stage::Withdrawn | Stage::Cancelled | Stage::Archived => true,
            Stage::Underwriting | Stage::Closing | Stage::Funded | Stage::Declined => false,
        }
    }

    /// Every step the loan may go to by somebody's hand, but the one it is at.
    #[must_use]
    pub fn ways_by(self, hand: Hand) -> Vec<Step> {
        let all = self.ways().into_iter();
        all.filter(|to| self.may_be_moved(*to, hand)).collect()
    }

    /// Every step the loan may go to, but the one it is at.
    #[must_use]
    pub fn ways(self) -> Vec<Step> {
        let all = Step::ALL.iter().copied();
        all.filter(|to| *to != self.step && self.may_go(*to))
            .collect()
    }

    /// Whether going to a step is taking an archived loan out again, where it was before: no
    /// condition stands in the way of that.
    #[must_use]
    pub fn is_return(self, to: Step) -> bool {
        self.step == Step::Archived && to != Step::Archived
    }

    /// Where the loan stands once it has gone to a step it may go to.
    #[must_use]
    pub fn after(self, to: Step) -> Self {
        if to == self.step {
            return self;
        }
        let is_open = self.step.lifecycle().is_active();
        Self {
            step: to,
            reached: if to.lifecycle().is_active() {
                None
            } else if is_open {
                Some(self.step)
            } else {
                self.reached
            },
            shelved: (to == Step::Archived).then_some(self.step),
        }
    }
}
