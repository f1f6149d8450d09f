//! Composition only: reads the configuration, puts the application and its faces together, runs
//! them, and offers the same arithmetic on the command line.
//!
//! A library so that tests can start a server in their own process; [`command`] only parses and
//! dispatches. To add a subcommand, add it to [`cli`] and a file of its own.

pub mod admin;
pub mod background;
pub mod bench;
pub mod callbacks;
pub mod catalogue;
pub mod check;
pub mod cli;
pub mod command;
pub mod compose;
pub mod configure;
pub mod demo;
pub mod health;
pub mod human;
pub mod import;
pub mod logs;
pub mod places;
pub mod quote;
pub mod ratecard;
pub mod rules;
pub mod serve;
pub mod worker;
