//! Closing costs, payments and annual percentage rate of a product at a note rate.
//!
//! One path for both searches: a product of the catalogue at a price of its sheet, and a product a
//! caller brings along with rates of its own ([`Book::quotes`](crate::book::Book::quotes)).

mod amount;
mod charges;
mod counting;
mod fees;
mod loan;
mod own;

pub use amount::{FeeSum, Monthly, fee_amount};
pub use charges::{ProgramCharge, UpfrontCost, program_charge};
pub use fees::{Fees, QuotedFee};
pub use own::{Quote, QuoteScene, QuotedProduct, RateOffer, ScheduledPayment};

pub(crate) use charges::{ChargeScene, VA_EXEMPT, VA_USE, assumes_first_use};
pub(crate) use counting::Counting;
pub(crate) use loan::{ArmValues, CostScene, Costs, Loan, first_due};

use lintel_engine::error::EngineError;

use crate::when::PriceProblem;

/// Why a product cannot be quoted at a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteProblem {
    /// The product follows an index whose value nobody gave.
    NoIndexValue,
    /// The programme charges for this loan, and its table has no row that says how much. Never quoted
    /// without: that would understate the APR.
    NoCharge,
    /// A term or amount is outside what can be worked out; the engine's name of it.
    Unusable(EngineError),
    /// The charges and payments have no annual percentage rate.
    NoRate,
}

impl From<EngineError> for QuoteProblem {
    fn from(error: EngineError) -> Self {
        Self::Unusable(error)
    }
}

impl From<PriceProblem> for QuoteProblem {
    fn from(problem: PriceProblem) -> Self {
        Self::Unusable(EngineError::too_large(match problem {
            PriceProblem::HomePrice => "original_value",
            PriceProblem::LoanAmount | PriceProblem::Subordinate => "principal",
            PriceProblem::Day => "date",
        }))
    }
}
