//! Loan products: what a lender offers, as terms that can be priced.

use lintel_engine::rate::Pct;

use crate::id::{PublicId, RowId};
use crate::loan::Program;
use crate::words::words;

words! {
    /// Indices an adjustable rate can follow.
    ArmIndex {
        /// One-year constant-maturity Treasury.
        OneYearTreasury = "one_year_treasury",
        /// Three-year constant-maturity Treasury.
        ThreeYearTreasury = "three_year_treasury",
        /// LIBOR. No longer published; old loans still name it.
        Libor = "libor",
        /// Eleventh District cost of funds.
        EleventhDistrictCostOfFunds = "eleventh_district_cost_of_funds",
        /// Twelve-month average of the one-year Treasury.
        MonthlyTreasuryAverage = "monthly_treasury_average",
        /// Prime rate, weekly average.
        WeeklyPrime = "weekly_prime",
        /// Thirty-day average of SOFR.
        Sofr30DayAverage = "sofr_30_day_average",
    }
}

/// How an adjustable rate moves after its fixed period. Caps are in percentage points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArmFeatures {
    /// The index followed.
    pub index: ArmIndex,
    /// Added to the index.
    pub margin: Pct,
    /// Months before the first change.
    pub first_adjustment_months: u32,
    /// Most the rate may move at the first change.
    pub first_cap: Pct,
    /// Months between later changes.
    pub adjustment_months: u32,
    /// Most the rate may move at a later change.
    pub periodic_cap: Pct,
    /// Most the rate may rise above the initial rate, ever.
    pub lifetime_cap: Pct,
}

/// Fixed or adjustable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateKind {
    /// The note rate holds to the end.
    Fixed,
    /// The note rate holds at first, then follows an index.
    Adjustable(ArmFeatures),
}

/// The terms of a product as far as price and APR depend on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductTerms {
    /// Programme.
    pub program: Program,
    /// Months to maturity.
    pub term_months: u32,
    /// Months over which payments amortise the loan; longer than the term means a balloon.
    pub amortization_months: u32,
    /// Months of interest-only payments at the start.
    pub interest_only_months: u32,
    /// Whether the lender pays the mortgage insurance out of the rate.
    pub lender_paid_mi: bool,
    /// Fixed or adjustable.
    pub rate_kind: RateKind,
}

/// A product in a lender's catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// The lender's own code.
    pub code: String,
    /// The name shown to people.
    pub name: String,
    /// What it is.
    pub terms: ProductTerms,
    /// Value of the index the lender prices with; only for adjustable products.
    pub index_value: Option<Pct>,
}
