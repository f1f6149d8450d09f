//! Simulations of home loans: how they stand.

use crate::words::words;

/// Days a simulation may be turned into a process.
pub const VALID_DAYS: i64 = 30;

words! {
    /// How a simulation stands.
    SimulationStatus {
        /// Worked out; may be changed.
        Simulated = "simulated",
        /// A process was made from it.
        InProcess = "in_process",
        /// Taken back.
        Cancelled = "cancelled",
        /// Its days are over.
        Expired = "expired",
    }
}
