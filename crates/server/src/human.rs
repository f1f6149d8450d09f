//! The calculations for people: `lintel apr` and `lintel schedule` print tables.

mod apr;
mod aprc;
mod hpml;
mod imt;
mod schedule;
mod taeg;
pub(crate) mod text;

pub use apr::{AprArgs, apr_table};
pub use aprc::{AprcArgs, aprc_table};
pub use hpml::{HpmlArgs, hpml_table};
pub use imt::{ImtArgs, imt_table};
pub use schedule::{ScheduleArgs, schedule_table};
pub use taeg::{TaegArgs, taeg_table};
