//! The nouns of mortgage origination: what they are called, which states they have, and why a
//! command on them can be refused.
//!
//! Pure: no I/O, no clock, no random numbers. Depends on the engine for money, rates and dates.
//! It must never know a wire name, a table or a request. To add a noun, add a file, give its states
//! an exhaustive `as_str`/`parse` pair (the stored spelling) and extend [`refusal::Noun`].
#![deny(missing_docs)]

pub mod application;
pub mod credential;
pub mod event;
pub mod fee;
pub mod id;
pub mod lead;
pub mod loan;
pub mod organisation;
pub mod person;
pub mod product;
pub mod quote;
pub mod refusal;
pub mod scenario;
mod words;
