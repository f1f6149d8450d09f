//! A loan's papers over the wire: bytes in as base64 inside a payload, out as files.

pub mod condition;
pub mod download;
mod intake;
mod reading;
mod sending;
mod told;
pub mod upload;

pub use intake::Strangers;
pub use sending::Downloads;
