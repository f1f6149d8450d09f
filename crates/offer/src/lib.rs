//! What a Portuguese bank offers, and simulations worked out from it.
//!
//! [`Offer::parse`] reads the bank's document and tells every mistake in it; [`simulate`] holds a
//! request against the offer, tells every finding, and works the loan out with and without the bundled
//! products. Pure: no I/O, no clock. Rates of law come from the rule book, formulas from the engine.
#![deny(missing_docs)]

mod bank;
mod calculation;
mod check;
mod error;
mod indices;
mod offer;
mod read;
mod work;

use lintel_domain::finding::Finding;
use lintel_domain::simulation::Request;
use lintel_engine::date::Date;
use lintel_rule_book::RuleBook;

pub use bank::{Bank, RepaymentTerms};
pub use calculation::{
    BundledProduct, Calculation, Choice, Cost, CostOrigin, CostTiming, Guarantee, Illustrative,
    Index, Instalments, InsuranceKind, InsuranceLine, LimitCheck, LimitKind, LimitOutcome,
    LimitValue, Limits, Loan, Month, Obstacle, Phase, PhaseKind, PropertyUse, PurchaseTaxes,
    Region, Relief, TableLine, TablePeriod, TaxAmount, Taxes, Totals, Variant,
};
pub use error::{Mistake, OfferError};
pub use indices::Indices;
pub use offer::{Branch, Offer, Scheme};

/// What a simulation looks up.
#[derive(Debug, Clone, Copy)]
pub struct Book<'a> {
    /// The bank's offer in force.
    pub offer: &'a Offer,
    /// Rates and limits of law.
    pub rules: &'a RuleBook,
    /// The bank's index values.
    pub indices: &'a Indices,
    /// The civil day in Lisbon: the assumed day of the contract.
    pub today: Date,
}

/// Works a simulation out. `found` is what the caller found already, such as a value of the wrong kind:
/// its fields are not reported again.
///
/// Limits of the supervisor that are exceeded are outcomes in the calculation, not findings; findings
/// are only where the bank does not lend at all.
///
/// # Errors
/// Every finding, in the order of the fields, and for a field in the order of the borrowers.
pub fn simulate(
    book: &Book<'_>,
    request: &Request,
    found: Vec<Finding>,
) -> Result<Calculation, Vec<Finding>> {
    let checked = check::check(book, request, found)?;
    work::work(book, &checked).map_err(|finding| vec![finding])
}
