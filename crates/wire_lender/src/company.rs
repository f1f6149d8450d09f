//! Companies: a broker's set-up, vendors connected.

pub mod draft;
pub mod setup;
pub mod vendor;
