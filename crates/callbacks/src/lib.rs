//! Signed callbacks to partners: registration, order, delivery, replay.
//!
//! A change is told with [`tell_in`] in its own transaction; a job delivers it after the commit,
//! signed as Standard Webhooks has it, until the partner took it or it is given up. Nothing but
//! public addresses is ever connected to (`docs/adr/0019-callbacks.md`).
#![deny(missing_docs)]

mod address;
mod deliver;
mod deliveries;
mod echo;
mod keep;
mod notice;
mod office;
pub mod port;
mod register;
mod sign;
mod target;
mod tell;
mod throttle;
mod time;

pub use deliver::handlers;
pub use deliveries::{Delivery, deliveries, replay};
pub use echo::{Echoed, echo};
pub use keep::{KEPT_DAYS, counts, keep_sweeping, measure, sweep};
pub use lintel_store::callback::attempt::Attempt;
pub use lintel_store::callback::count::Counts;
pub use notice::{About, Notice, Render};
pub use office::{Office, Rules};
pub use register::{Registered, Registration, Wanted, list, register, remove};
pub use sign::{ID_HEADER, SIGNATURE_HEADER, Secret, TIMESTAMP_HEADER};
pub use target::{BadTarget, Host, Target, URL_MAX_LEN};
pub use tell::{Tell, tell_in};
