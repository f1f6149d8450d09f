//! Use cases: what a caller can ask of Lintel, whichever wire it came over.
//!
//! One public function per use case, taking the [`App`](context::App), a principal and a command.
//! A use case opens one transaction and writes state, event and outbox row together; nothing leaves
//! the process before the commit. It must never know a wire name or an HTTP status. To add one, add
//! a function here and refusals to the domain, and let the compiler point at the faces.
#![deny(missing_docs)]

pub mod admin;
pub mod assignment;
pub mod auth;
pub mod bank_offer;
pub mod borrower;
pub mod branch;
pub mod by;
pub mod catalogue;
pub mod company;
pub mod condition;
pub mod config;
pub mod context;
pub mod credentials;
pub mod demo;
pub mod document;
pub mod error;
pub mod esign;
pub mod image;
pub mod invite;
pub mod job;
pub mod keys;
pub mod lead;
pub mod link;
pub mod loan;
pub mod los;
pub mod market;
pub mod message;
pub mod partner;
pub mod password;
pub mod people;
pub mod ports;
pub mod pricing;
pub mod quote;
pub mod ratecard;
pub mod search;
pub mod session;
pub mod setup;
pub mod setup_done;
pub mod sheet;
pub mod sign_in;
pub mod signup;
pub mod status;
pub mod token;
pub mod totp;
pub mod vendor;
