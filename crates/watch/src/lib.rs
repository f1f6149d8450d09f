//! Rate watches: subscriptions to rates, looked at in bulk when they are due, told by mail.
//!
//! Must never price by anything but the lender's book, nor tell one rate twice. What is due is priced
//! outside of a transaction; mails, their jobs and when a watch is looked at next are written in one, so
//! that a process that dies at any moment leaves neither a mail without its watch moved on nor the other
//! way round.
#![deny(missing_docs)]

mod due;
mod handler;
mod known;
mod products;
mod subscribe;
mod token;
mod view;
mod when;

pub use due::{Run, run, run_by};
pub use handler::handler;
pub use known::Told;
pub use products::{MAX_PRODUCTS, Watched};
pub use subscribe::{
    Asked, MAX_OF_ADDRESS, RateWatch, SubscribeError, Subscription, is_allowed, subscribe,
    unsubscribe,
};
pub use token::{TOKEN_LEN, page_path, stop_path};
pub use view::{WatchView, WatchedProduct, by_token, resume, stop, stop_all_of};
pub use when::Schedule;
