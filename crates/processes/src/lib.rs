//! Processes and proposals: gathered by intermediaries, decided by the bank.
//!
//! A process begins as the copy of a simulation. Its head is locked before anything below it is
//! changed, so whoever holds it sees it stand still; everything that was worked out without the lock is
//! written only when the head's revision is still the one it was worked out from. Its status changes in
//! [`transition_in`] and nowhere else.
#![deny(missing_docs)]

pub mod borrower;
mod by;
mod cancel;
mod change;
mod check;
mod create;
pub mod desk;
mod edit;
mod facts;
mod gaps;
mod list;
mod message;
pub mod papers;
mod process;
pub mod property;
pub mod proposal;
pub mod request;
mod sheet;
mod submit;
mod transition;
mod work;

pub use by::By;
pub use cancel::cancel;
pub use change::change;
pub use create::create;
use lintel_macros::boxed;
pub use list::{Filter, Line, Page, list};
pub use message::{messages, write_message};
pub use process::{
    Borrower, InformationRequest, Paper, PaperNames, Process, Property, load, lock_in, terms_of,
    unknown,
};
pub use sheet::{fine, mail_fine};
pub use submit::{missing, submit};
pub use transition::{require, touch_in, transition_in};

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::id::RowId;
use lintel_simulations::Caller;
use lintel_store::process::Whose;

/// A process of the caller's intermediary.
///
/// # Errors
/// Not found, alike, for what is unknown or another's; any fault.
#[boxed]
pub async fn one(app: &App, caller: Caller<'_>, id: &RowId) -> Result<Process, AppError> {
    load(app, whose(caller), id).await
}

/// Whose processes a caller sees: its intermediary's.
#[must_use]
pub fn whose<'a>(caller: Caller<'a>) -> Whose<'a> {
    create::whose(caller)
}
