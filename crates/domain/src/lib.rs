//! The nouns of mortgage origination: what they are called, which states they have, and why a
//! command on them can be refused.
//!
//! Pure: no I/O, no clock, no random numbers. Depends on the engine for money, rates and dates.
//! It must never know a wire name, a table or a request. To add a noun, add a file, give its states
//! an exhaustive `as_str`/`parse` pair (the stored spelling) and extend [`refusal::Noun`].
#![deny(missing_docs)]

pub mod access;
pub mod application;
pub mod assignment;
pub mod branch;
pub mod callback;
pub mod colour;
pub mod company;
pub mod condition;
pub mod contact;
pub mod credential;
pub mod document;
pub mod entry;
pub mod event;
pub mod fee;
pub mod finding;
pub mod id;
pub mod image;
pub mod intermediary;
pub mod job;
pub mod lead;
pub mod license;
pub mod lisbon;
pub mod loan;
pub mod message;
pub mod nif;
pub mod organisation;
pub mod permission;
pub mod person;
pub mod process;
pub mod product;
pub mod proposal;
pub mod quote;
pub mod refusal;
pub mod role;
pub mod scenario;
pub mod setup;
pub mod signing;
pub mod signup;
pub mod simulation;
pub mod staff;
pub mod status;
pub mod watch;
mod words;
