//! A product of the catalogue.

use lintel_domain::id::PublicId;
use lintel_domain::product::ProductTerms;
use lintel_engine::rate::Pct;

use crate::when::Days;

/// A product: terms, locks and who may sell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The lender's own code; names the product in sheets, rules and calls.
    pub code: String,
    /// The id partners see; given by the server on first import.
    pub public_id: Option<PublicId>,
    /// The name shown to people.
    pub name: String,
    /// What it is.
    pub terms: ProductTerms,
    /// Free words that rules and filters select by, such as `HomeReady`.
    pub families: Vec<String>,
    /// Lock periods offered, in days, rising; sheet rows with another lock are not used.
    pub lock_days: Vec<u32>,
    /// Channels that may sell it; empty: all.
    pub channels: Vec<String>,
    /// Lowest final price, in percent of par; a row below it is not offered.
    pub min_price: Option<Pct>,
    /// Highest final price; a row above it is cut to it.
    pub max_price: Option<Pct>,
    /// Whether a borrower may watch its rate.
    pub is_watchable: bool,
    /// Days it is offered.
    pub days: Days,
}
