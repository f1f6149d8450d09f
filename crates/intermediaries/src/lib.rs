//! Networks of credit intermediaries, the intermediaries, their users, and sessions over the API.
//!
//! A bank lets in networks, a network has intermediaries, an intermediary has users; the credentials
//! are the network's. All of them are looked at with every call, so that whoever is switched off is
//! out at once. Whatever is wrong with a sign-in, the answer and the work are the same. It must never
//! know a wire name. To add something partners are known by, begin with [`Stated`].
#![deny(missing_docs)]

mod audit;
pub mod demo;
pub mod intermediary;
pub mod network;
mod session;
mod sign_in;
mod stated;
mod throttle;
pub mod user;

pub use session::{partner, sign_out};
pub use sign_in::{Session, sign_in};
pub use stated::Stated;
