//! The loan pipeline: loans arriving, loans listed.

pub mod create;
pub mod line;
pub mod list;
