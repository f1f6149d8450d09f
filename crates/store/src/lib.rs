//! Where state lives: SQLite for one node, PostgreSQL for many, one SQL text for both.
//!
//! Every query is written once with `$n` placeholders and portable column types; the only forks are
//! in [`db`] and [`migrate`]. Nothing above this crate sees a driver type. To add a noun, add a file with private
//! row structs and functions that take the transaction first (`*_in`) or the [`db::Db`]; list its
//! statements in [`statements`] so that the conformance test prepares them on both databases.
#![deny(missing_docs)]

pub mod alert;
pub mod borrower;
pub mod branch;
pub mod callback;
pub mod catalogue;
pub mod condition;
pub mod credential;
pub mod crm;
pub mod db;
pub mod document;
pub mod esign;
pub mod event;
pub mod fault;
pub mod idempotency;
pub mod image;
mod in_list;
pub mod index_average;
pub mod intermediary;
pub mod job;
pub mod lead;
pub mod link;
pub mod loan;
pub mod los;
pub mod message;
pub mod messaging;
pub mod migrate;
pub mod network;
pub mod number_series;
pub mod offer;
pub mod organisation;
pub mod parish;
pub mod partner_message;
pub mod partner_session;
pub mod process;
pub mod product;
pub mod profile;
pub mod proposal;
pub mod ratecard;
pub mod row;
pub mod rules;
pub mod search;
pub mod session;
pub mod setup;
pub mod sheet;
pub mod sign_in;
pub mod simulation;
pub mod slug;
pub mod staff;
pub mod statements;
pub mod status_change;
pub mod stretch;
pub mod suppression;
pub mod task;
pub mod throttle;
pub mod token;
pub mod vendor;
pub mod watch;
