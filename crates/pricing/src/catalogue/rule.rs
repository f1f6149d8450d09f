//! Rules of the catalogue: eligibility, price adjustments, caps, margins.

use lintel_engine::rate::Pct;

use crate::when::{Days, Selector, When};

/// Who may have a product: where `when` holds, `require` must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// Name shown when the rule refuses, such as "Second home".
    pub name: String,
    /// Products it is for.
    pub products: Selector,
    /// Searches it is for.
    pub when: When,
    /// What they must meet.
    pub require: When,
    /// Days it holds.
    pub days: Days,
}

/// Something that moves a price where its conditions hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Name shown in the explanation.
    pub name: String,
    /// The group whose cap it counts against; none: no cap but the product's.
    pub group: Option<String>,
    /// Products it is for.
    pub products: Selector,
    /// Searches it is for.
    pub when: When,
    /// By how much.
    pub effect: Effect,
    /// Days it holds.
    pub days: Days,
}

/// By how much a price moves, in points of percent of the loan; negative costs the borrower.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The same everywhere.
    Flat(Pct),
    /// By a table.
    Grid(Grid),
}

/// What an axis of a grid runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AxisOf {
    /// Credit score; a search without one is in the lowest band. Edges are the lower ends of bands,
    /// inclusive ("740 and up").
    Score,
    /// Loan to value. Edges are upper ends, inclusive, in billionths of a percent.
    Ltv,
    /// Combined loan to value, as [`AxisOf::Ltv`].
    Cltv,
    /// With the whole line, as [`AxisOf::Ltv`].
    Hcltv,
    /// Loan amount. Edges are upper ends, inclusive, in cents.
    LoanAmount,
    /// Days of the lock. Edges are upper ends, inclusive.
    LockDays,
    /// Months to maturity. Edges are upper ends, inclusive.
    TermMonths,
}

/// An axis: the edges between its bands, strictly rising. `n` edges make `n + 1` bands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// What it runs over.
    pub of: AxisOf,
    /// Edges between bands, in the unit of `of`.
    pub edges: Vec<i64>,
}

/// A table of price movements over one or two axes; without columns it has one cell a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Down.
    pub rows: Axis,
    /// Across; none for a single column.
    pub columns: Option<Axis>,
    /// Row by row. None: not offered there, the product is refused.
    pub cells: Vec<Option<Pct>>,
}

/// How far the adjustments of a group may move a price together. Where none of them holds the cap does
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// The group.
    pub group: String,
    /// Products it is for.
    pub products: Selector,
    /// Searches it is for. The first cap of a group that matches is the one that holds.
    pub when: When,
    /// Least the sum may be; -1.5: at most a point and a half against the borrower.
    pub min: Option<Pct>,
    /// Most the sum may be.
    pub max: Option<Pct>,
    /// Days it holds.
    pub days: Days,
}

/// What a channel or branch adds to a price (usually takes off it). All that match add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Margin {
    /// Name shown in the explanation.
    pub name: String,
    /// Products it is for.
    pub products: Selector,
    /// Searches it is for.
    pub when: When,
    /// Points added to the price; negative is the lender's gain.
    pub price: Pct,
    /// Days it holds.
    pub days: Days,
}

impl Axis {
    /// The band a value lies in: 0 to the number of edges.
    #[must_use]
    pub fn band(&self, value: i64) -> usize {
        match self.of {
            // Lower ends belong to the band above them.
            AxisOf::Score => self.edges.partition_point(|edge| *edge <= value),
            AxisOf::Ltv
            | AxisOf::Cltv
            | AxisOf::Hcltv
            | AxisOf::LoanAmount
            | AxisOf::LockDays
            | AxisOf::TermMonths => self.edges.partition_point(|edge| *edge < value),
        }
    }
}
