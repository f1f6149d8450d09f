//! Proposals: the bank's binding offers, and how they stand.

use crate::words::words;

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
