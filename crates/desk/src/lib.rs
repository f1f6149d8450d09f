//! What staff have on their desk: tasks, alerts, and the events of customer systems that bring them.
//!
//! Must never show HTML from outside that was not cleaned, nor do an event twice.
#![deny(missing_docs)]

mod about;
pub mod alert;
mod counts;
pub mod event;
pub mod task;

pub use about::LoanRef;
pub use counts::{Counts, counts};
