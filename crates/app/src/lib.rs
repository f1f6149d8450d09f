//! Use cases: what a caller can ask of Lintel, whichever wire it came over.
//!
//! One public function per use case, taking the [`App`](context::App), a principal and a command.
//! A use case opens one transaction and writes state, event and outbox row together; nothing leaves
//! the process before the commit. It must never know a wire name or an HTTP status. To add one, add
//! a function here and refusals to the domain, and let the compiler point at the faces.
#![deny(missing_docs)]

pub mod admin;
pub mod auth;
pub mod catalogue;
pub mod config;
pub mod context;
pub mod demo;
pub mod error;
pub mod keys;
pub mod lead;
pub mod loan;
pub mod ports;
pub mod pricing;
pub mod quote;
pub mod ratecard;
pub mod search;
pub mod sheet;
pub mod token;
