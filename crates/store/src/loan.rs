//! Loans: written whole or not at all, listed by index.

pub mod crm;
pub mod invitation;
pub mod list;
pub mod read;
pub mod status;
pub mod write;
