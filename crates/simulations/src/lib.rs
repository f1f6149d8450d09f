//! Simulations of home loans: worked out, kept, listed, changed, taken back, with their information
//! sheets and messages.
//!
//! Every use case is asked by a partner and sees that partner's intermediary's simulations only: another's
//! id is answered like an unknown one. What was asked is sealed; what was worked out names nobody. A change
//! of a status is one transaction with its history, its event and what partners are told of it.
#![deny(missing_docs)]

pub mod book;
mod caller;
mod cancel;
mod change;
mod create;
pub mod expire;
mod fine;
pub mod history;
mod letter;
mod list;
mod mailed;
mod message;
pub mod numbers;
mod paper;
mod row;
pub mod search;
mod take;
pub mod thread;

pub use caller::Caller;
pub use cancel::cancel;
pub use change::change;
pub use create::{create, validate};
pub use fine::{FineOf, fine_of, intermediary, lender, loan, rights, variant};
pub use letter::FineLetter;
pub use list::{Filter, LINE_COUNT, LINE_COUNT_MAX, Line, Page, list};
pub use mailed::{MAILS_AN_HOUR, MAILS_OF_ALL_AN_HOUR, MAILS_OF_ONE_A_DAY, mailed_too_often_in};
pub use message::{messages, write_message};
pub use paper::{fine, mail_fine};
pub use row::{Simulation, one};
pub use take::take_in;
