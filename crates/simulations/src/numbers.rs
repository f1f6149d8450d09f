//! Numbers people say aloud, one after the other within a bank.
//!
//! Taken in the transaction of what has them, so none is left out. A bank's writes wait for each other at
//! its event log already; blocks of numbers for each node would only leave gaps.

use lintel_domain::id::RowId;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::number_series;

/// The first number of each series: long enough to be recognised as one.
const FIRST: i64 = 100_001;

/// What is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// Simulations.
    Simulation,
    /// Processes.
    Process,
    /// Proposals.
    Proposal,
}

impl Series {
    const fn name(self) -> &'static str {
        match self {
            Self::Simulation => "simulation",
            Self::Process => "process",
            Self::Proposal => "proposal",
        }
    }
}

/// The next number of a bank's series. The series is held until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn next_in(tx: &mut Tx, org_id: &RowId, series: Series) -> Result<i64, Fault> {
    number_series::next_in(tx, org_id, series.name(), FIRST).await
}
