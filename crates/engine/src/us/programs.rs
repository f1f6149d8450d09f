//! Charges of the government and insurance programmes, looked up in tables the caller supplies.
//!
//! The rows are plain values with effective dates; where they come from (a data file, a screen) is
//! not this crate's business, and no figure is written here.

pub mod conventional_mi;
pub mod fha;
pub mod usda;
pub mod va;
