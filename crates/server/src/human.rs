//! The calculations for people: `lintel apr` and `lintel schedule` print tables.

mod apr;
mod schedule;
mod text;

pub use apr::{AprArgs, apr_table};
pub use schedule::{ScheduleArgs, schedule_table};
