//! The product and pricing engine: from a lender's catalogue and a search to priced offers.
//!
//! Pure: no I/O, no clock. A [`catalogue::Catalogue`] and the rate sheets in force make a
//! [`book::Book`]; a book prices a [`scenario::Scenario`] one by one (the reference, with every
//! step explained) or a country at once ([`card`]). The rules are data: conditions ([`when::When`])
//! over the facts of a search, never code.
#![deny(missing_docs)]

pub mod book;
pub mod card;
pub mod catalogue;
pub mod codec;
pub mod demo;
pub mod price;
pub mod priced;
pub mod quote;
pub mod scenario;
pub mod when;
