//! The same arithmetic for millions of rows: columns in, columns out, nothing allocated per row.
//!
//! [`solve_level_columns`] finds annual percentage rates, [`schedule_totals`] and
//! [`schedule_rows`] work out fixed-rate schedules to the cent. A row goes through vector lanes
//! when its figures allow a proof that the lanes get it right, and through the scalar functions
//! ([`crate::apr::solve_levels`], [`crate::schedule::Plan`]) when they do not, so each row has the
//! answer a single call gives: the same cents, and the same rate to 10^-11 a year.
//!
//! Answers never depend on the [`Machine`]: not on the number of threads, not on the instructions
//! the processor offers, not on a row's neighbours. Lanes use only operations that IEEE 754 rounds
//! one way, in one order, without fused multiply-add. Docs of the choice: ADR 6.
//!
//! ```
//! use lintel_engine::Pct;
//! use lintel_engine::bulk::{LevelColumns, Machine, RateColumns, RateOutcome, solve_level_columns};
//!
//! // CapFed's published 30-year example: 360 payments of 2665.58 for 549,141 financed, 4.138 %.
//! let loans = LevelColumns {
//!     amount_financed: &[549_141.0],
//!     guess: &[Pct::new(4_125_000_000)],
//!     count: [&[360], &[], &[], &[]],
//!     payment: [&[2665.58], &[], &[], &[]],
//! };
//! let (mut rate_per_period, mut apr) = ([0.0], [Pct::ZERO]);
//! let mut outcome = [RateOutcome::Refused];
//! let mut out = RateColumns {
//!     rate_per_period: &mut rate_per_period,
//!     apr: &mut apr,
//!     outcome: &mut outcome,
//! };
//! solve_level_columns(Machine::one_core(), &loans, &mut out)?;
//! assert_eq!(outcome, [RateOutcome::Found]);
//! assert_eq!(apr[0].to_fixed(3), "4.138");
//! # Ok::<(), lintel_engine::EngineError>(())
//! ```

mod machine;
mod rates;
mod schedules;
mod threads;

pub use machine::{LaneWork, Machine};
pub use rates::{LevelColumns, RateColumns, RateOutcome, solve_level_columns};
pub use schedules::{FixedColumns, RowColumns, TotalsColumns, schedule_rows, schedule_totals};
pub use threads::in_parallel;

use crate::error::{EngineError, Problem};

/// Rows a thread takes at a time: enough to make handing out cheap, few enough to share evenly.
const PIECE: usize = 4096;

/// Refuses a column that is not as long as the first.
fn same_length(field: &'static str, length: usize, rows: usize) -> Result<(), EngineError> {
    if length == rows {
        return Ok(());
    }
    let how = "must have as many rows as the first column";
    Err(EngineError::new(field, Problem::Inconsistent(how)))
}
