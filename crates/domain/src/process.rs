//! Processes: applications for home loans, how they stand, what may be done with them and by whom, and
//! what has to be known of borrowers and property before the bank can decide.

mod borrower;
mod property;
mod request;
mod table;

pub use borrower::{BorrowerFacts, BorrowerNeeds};
pub use property::{PropertyFacts, PropertyNeeds};
pub use request::{RequestState, papers_meet};
pub use table::{ProcessCommand, ProcessSide, after};

use crate::words::words;

/// Most papers of a process that are there at once.
pub const PAPERS_AT_MOST: usize = 300;
/// Most requests for information of a process, open and closed.
pub const REQUESTS_AT_MOST: usize = 200;

words! {
    /// How a process stands.
    ProcessStatus {
        /// The intermediary gathers what is needed.
        InCreation = "in_creation",
        /// Handed to the bank; nobody took it on yet.
        Submitted = "submitted",
        /// Somebody at the bank works on it.
        InAnalysis = "in_analysis",
        /// The bank waits for information or papers.
        PendingInformation = "pending_information",
        /// The bank made a binding offer.
        Approved = "approved",
        /// The bank does not lend.
        Declined = "declined",
        /// The offer was accepted.
        Contracted = "contracted",
        /// Taken back.
        Cancelled = "cancelled",
    }
}

impl ProcessStatus {
    /// Whether nothing can follow.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::InCreation
            | Self::Submitted
            | Self::InAnalysis
            | Self::PendingInformation
            | Self::Approved => false,
            Self::Declined | Self::Contracted | Self::Cancelled => true,
        }
    }
}
