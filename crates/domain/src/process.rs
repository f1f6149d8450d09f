//! Processes: applications for home loans, and how they stand.

use crate::words::words;

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
