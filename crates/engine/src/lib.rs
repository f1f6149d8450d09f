//! Mortgage arithmetic. The text below is the guide; its examples are tests.
#![doc = include_str!("../GUIDE.md")]
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::float_arithmetic)
)]

pub mod apr;
pub mod aprc;
pub mod bands;
pub mod bulk;
pub mod date;
pub mod day_count;
mod decimal;
pub mod error;
mod float;
pub mod money;
mod names;
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
