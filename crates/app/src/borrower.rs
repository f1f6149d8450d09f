//! Borrowers: their accounts, how they sign in, what they asked for, and which mail they want.

pub(crate) mod account;
mod loans;
mod preferences;
mod requests;
mod session;
mod sign_in;
mod welcome;

pub use loans::{BorrowerCondition, BorrowerLoan, loans};
pub use preferences::{choose_own, update_preferences, wants_mail};
pub use requests::{Request, requests};
pub use session::{SignedInBorrower, open};
pub use sign_in::{BorrowerSignIn, ask_link, sign_in};
pub use welcome::{Welcomed, Welcoming, welcome, welcoming};
