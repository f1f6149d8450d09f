//! Where a loan stands: the system's own list of stages and steps, and the ways between them.
//!
//! Lenders and borrowers may read other words for the same step; the ways are those of the system.

mod position;
mod wording;

pub use position::{Hand, Position};
pub use wording::{Worded, Wording, Wordings};

use crate::condition::ConditionPhase;
use crate::loan::{Lifecycle, Status};
use crate::words::words;

words! {
    /// The main status of a loan. The first five are open, in the order a loan passes them; the
    /// others are ends.
    Stage {
        /// Somebody applies.
        StartApplication = "Start Application",
        /// The lender looks at the application.
        LoanApproval = "Loan Approval",
        /// Papers are gathered.
        LoanProcessing = "Loan Processing",
        /// An underwriter decides.
        Underwriting = "Underwriting",
        /// Everybody signs.
        Closing = "Closing",
        /// Paid out.
        Funded = "Funded",
        /// Taken back by the borrower.
        Withdrawn = "Withdrawn",
        /// Refused by the lender.
        Declined = "Declined",
        /// Called off.
        Cancelled = "Cancelled",
        /// Put away.
        Archived = "Archived",
    }
}

words! {
    /// The sub status of a loan: a step within a stage, in the order a loan takes them. No two stages
    /// have a step of the same name.
    Step {
        /// Has an account.
        SignedUp = "Signed Up",
        /// Began to say something.
        StartedApplication = "Started Application",
        /// Said everything.
        CompletedApplication = "Completed Application",
        /// Took one of the offers.
        ChoseLoan = "Chose Loan",
        /// Handed the application in.
        SubmittedApplication = "Submitted Application",
        /// An automated underwriting system answered.
        RanAus = "Ran AUS",
        /// Approved before a house was found.
        Preapproved = "Preapproved",
        /// Went to the loan origination system.
        SubmittedToLos = "Submitted to LOS",
        /// Disclosures were sent.
        SentDisclosures = "Sent Disclosures",
        /// Disclosures came back signed.
        SignedDisclosures = "Signed Disclosures",
        /// A processor works on it.
        InProcessing = "In Processing",
        /// Went to an underwriter.
        SubmittedToUnderwriting = "Submitted to Underwriting",
        /// An underwriter works on it.
        InUnderwriting = "In Underwriting",
        /// Not enough to decide on.
        Suspended = "Suspended",
        /// Approved, as long as conditions are met.
        ApprovedWithConditions = "Approved with Conditions",
        /// Nothing stands in the way of closing.
        ClearToClose = "Clear to Close",
        /// The day is set.
        ScheduledClosing = "Scheduled Closing",
        /// Closing documents were sent.
        SentClosingDocuments = "Sent Closing Documents",
        /// Closing documents came back signed.
        SignedClosingDocuments = "Signed Closing Documents",
        /// Paid out.
        Funded = "Funded",
        /// Taken back by the borrower.
        Withdrawn = "Withdrawn",
        /// Refused by the lender.
        Declined = "Declined",
        /// Called off.
        Cancelled = "Cancelled",
        /// Put away.
        Archived = "Archived",
    }
}

/// Longest text of a status in anybody's words, in characters.
pub const STATUS_MAX_CHARS: usize = 100;

impl Stage {
    /// The steps of the stage, in order. Never empty.
    #[must_use]
    pub fn steps(self) -> Vec<Step> {
        let all = Step::ALL.iter().copied();
        all.filter(|step| step.stage() == self).collect()
    }

    /// The step a loan takes first in the stage.
    #[must_use]
    pub const fn first_step(self) -> Step {
        match self {
            Self::StartApplication => Step::SignedUp,
            Self::LoanApproval => Step::ChoseLoan,
            Self::LoanProcessing => Step::SubmittedToLos,
            Self::Underwriting => Step::InUnderwriting,
            Self::Closing => Step::ScheduledClosing,
            Self::Funded => Step::Funded,
            Self::Withdrawn => Step::Withdrawn,
            Self::Declined => Step::Declined,
            Self::Cancelled => Step::Cancelled,
            Self::Archived => Step::Archived,
        }
    }

    /// What being in the stage makes of a loan's life.
    #[must_use]
    pub const fn lifecycle(self) -> Lifecycle {
        match self {
            Self::StartApplication
            | Self::LoanApproval
            | Self::LoanProcessing
            | Self::Underwriting
            | Self::Closing => Lifecycle::Active,
            Self::Funded => Lifecycle::Funded,
            Self::Withdrawn => Lifecycle::Withdrawn,
            Self::Declined => Lifecycle::Declined,
            Self::Cancelled => Lifecycle::Cancelled,
            Self::Archived => Lifecycle::Archived,
        }
    }

    /// Reads a stage as somebody wrote it: case and further spaces are ignored. The American and the
    /// older spellings of the ends are known.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let folded = folded(text);
        let named = Self::ALL
            .iter()
            .find(|s| s.as_str().to_lowercase() == folded);
        named.copied().or(match folded.as_str() {
            "canceled" => Some(Self::Cancelled),
            "denied" => Some(Self::Declined),
            _ => None,
        })
    }
}

impl Step {
    /// The stage the step is in.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::SignedUp | Self::StartedApplication | Self::CompletedApplication => {
                Stage::StartApplication
            }
            Self::ChoseLoan | Self::SubmittedApplication | Self::RanAus | Self::Preapproved => {
                Stage::LoanApproval
            }
            Self::SubmittedToLos
            | Self::SentDisclosures
            | Self::SignedDisclosures
            | Self::InProcessing
            | Self::SubmittedToUnderwriting => Stage::LoanProcessing,
            Self::InUnderwriting
            | Self::Suspended
            | Self::ApprovedWithConditions
            | Self::ClearToClose => Stage::Underwriting,
            Self::ScheduledClosing | Self::SentClosingDocuments | Self::SignedClosingDocuments => {
                Stage::Closing
            }
            Self::Funded => Stage::Funded,
            Self::Withdrawn => Stage::Withdrawn,
            Self::Declined => Stage::Declined,
            Self::Cancelled => Stage::Cancelled,
            Self::Archived => Stage::Archived,
        }
    }

    /// What taking the step makes of a loan's life.
    #[must_use]
    pub const fn lifecycle(self) -> Lifecycle {
        self.stage().lifecycle()
    }

    /// The step in the system's own words.
    #[must_use]
    pub fn status(self) -> Status {
        Status {
            main: self.stage().as_str().to_owned(),
            sub: self.as_str().to_owned(),
        }
    }

    /// Reads a step as somebody wrote it, as [`Stage::read`] does.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let folded = folded(text);
        let named = Self::ALL
            .iter()
            .find(|s| s.as_str().to_lowercase() == folded);
        named.copied().or(match folded.as_str() {
            "canceled" => Some(Self::Cancelled),
            "denied" => Some(Self::Declined),
            _ => None,
        })
    }

    /// Whether an unmet condition of a phase keeps a loan from taking this step.
    #[must_use]
    pub const fn waits_for(self, phase: ConditionPhase) -> bool {
        let is_final = matches!(self.stage(), Stage::Funded);
        let is_gated = is_final
            || matches!(self, Self::ClearToClose)
            || matches!(self.stage(), Stage::Closing);
        match phase {
            ConditionPhase::PriorToApproval | ConditionPhase::PriorToDocs => is_gated,
            ConditionPhase::PriorToFunding | ConditionPhase::PriorToFinalFunding => is_final,
            ConditionPhase::PostClosing => false,
        }
    }
}

/// A text as it is compared: lower case, one space between words, none around.
#[must_use]
pub fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

impl Stage {
    /// Place among the open stages; the ends come after them.
    const fn place(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests;
