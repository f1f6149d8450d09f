//! Loans from lenders' own systems: files in a folder, or an address that answers with documents. The
//! real ones behind the application's port `Los`.
//!
//! Around both is one guard: a bound on fetches at once, one on time, and a breaker that leaves a
//! system alone that keeps failing. What it knows lives in the process: each node finds out for itself.
//! To add a kind of system, add a file with its fetching and an arm to [`Connectors`].
#![deny(missing_docs)]

mod breaker;
mod connectors;
mod folder;
mod guard;
mod http;
mod member;
mod pace;

pub use connectors::{Connectors, MAX_BYTES, check};
pub use pace::Pace;
