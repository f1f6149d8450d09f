//! Callbacks: what partners are told of.

use crate::words::words;

words! {
    /// What a callback tells.
    NotificationType {
        /// The status of a simulation changed.
        SimulationStatus = "simulation_status",
        /// The status of a process changed.
        ProcessStatus = "process_status",
        /// The bank asked for information or a paper.
        InformationRequested = "information_requested",
        /// The bank wrote a message.
        BankMessage = "bank_message",
        /// The bank made a binding offer.
        ProposalIssued = "proposal_issued",
        /// The status of a proposal changed.
        ProposalStatus = "proposal_status",
        /// An information sheet was made.
        EsisGenerated = "esis_generated",
    }
}
