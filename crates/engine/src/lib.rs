//! Mortgage arithmetic: money, rates, dates, payment schedules, annual percentage rates, and the
//! United States rules that are pure arithmetic.
//!
//! Everything here is a pure function of its arguments. This crate never reads a clock, a file,
//! the network or a random number, never logs, and holds no fee, limit or index value: those come
//! in as arguments from dated tables. The same call gives the same answer for ever.
//!
//! Money is whole cents ([`money::Cents`]), rates are billionths of a percent ([`rate::Pct`]), and
//! every rounding names its mode. Binary floating point appears only inside solvers
//! ([`apr`] and the closed forms of [`schedule`]); what leaves them is scaled back to
//! integers, or is marked `exact` and documented as an unrounded figure.
//!
//! To add a formula: one file under the module of its market, a doc line citing the regulation and
//! paragraph, and a unit test named after the published example that pins it.
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::float_arithmetic)
)]

pub mod apr;
pub mod aprc;
pub mod date;
pub mod day_count;
mod decimal;
pub mod error;
mod float;
pub mod money;
pub mod pt;
pub mod rate;
pub mod ratio;
pub mod schedule;
pub mod unit_period;
pub mod us;

pub use date::Date;
pub use day_count::DayCount;
pub use decimal::{DecimalError, parse_scaled};
pub use error::{EngineError, Problem};
pub use money::{Cents, Rounding};
pub use rate::Pct;
pub use ratio::Ratio;
