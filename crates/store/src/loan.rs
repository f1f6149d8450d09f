//! Loans: written whole or not at all, listed by index.

pub mod list;
pub mod read;
pub mod write;
