//! Rates, costs and the repayment table of one variant of a loan.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

/// A variant of the loan: with the products sold together, or without them.
#[derive(Clone, PartialEq, Eq)]
pub struct Variant {
    /// The facultative products (cross-selling) are held in this variant.
    pub cross_selling: bool,
    /// Rates in the order in which they apply; at least one, at most [`super::MAX_ENTRIES`].
    pub phases: Vec<Phase>,
    /// The months of utilisation; none without such a period.
    pub utilisation: Option<Utilisation>,
    /// The rate that TAEG and table assume after the fixed period where index and spread come to less
    /// (Directive 2014/17/EU, annex I part II (e)); none otherwise. Phases have the contract's own rates.
    pub assumed_tan: Option<Pct>,
    /// TAEG, percent a year; shown with one decimal as the law asks.
    pub taeg: Pct,
    /// Total amount payable (MTIC).
    pub mtic: Cents,
    /// Total cost of the credit: MTIC less the amount of credit.
    pub total_cost: Cents,
    /// Illustrative TAEG and the highest instalment of that scenario; none at a fixed rate.
    pub illustrative: Option<Illustrative>,
    /// Costs counted in the TAEG, once.
    pub one_off: Vec<Cost>,
    /// Costs counted in the TAEG, again and again.
    pub recurring: Vec<Cost>,
    /// One row a month, in order, at least one, at most [`super::MAX_ROWS`].
    pub rows: Vec<Row>,
}

/// A stretch of months with one rate. Those of utilisation may be phases too; their instalments are not
/// shown among those of capital and interest.
#[derive(Clone, PartialEq, Eq)]
pub struct Phase {
    /// Number of the first month it applies to, 1 for the first month.
    pub first_month: u32,
    /// Number of the last month it applies to.
    pub last_month: u32,
    /// Where the rate comes from.
    pub rate: PhaseRate,
    /// Nominal annual rate (TAN), percent.
    pub tan: Pct,
    /// Instalment of capital and interest.
    pub instalment: Cents,
}

/// Where a phase's rate comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum PhaseRate {
    /// Agreed, the same all through.
    Fixed,
    /// Index and spread, set again at the index's rhythm.
    Variable {
        /// The index and its value.
        index: IndexUsed,
        /// Percentage points over it.
        spread: Pct,
    },
}

/// An index as it was used.
#[derive(Clone, PartialEq, Eq)]
pub struct IndexUsed {
    /// Name as customers know it: "Euribor a 12 meses".
    pub name: String,
    /// Average of the month, percent; may be negative.
    pub value: Pct,
    /// Any day of the month the average belongs to.
    pub month: Date,
    /// Months between two settings of the rate: 3, 6 or 12.
    pub reset_months: u32,
}

/// The first months, in which only interest is paid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Utilisation {
    /// How many.
    pub months: u32,
    /// The highest instalment of interest.
    pub highest_instalment: Cents,
}

/// What would become of the loan if the index rose to its highest of twenty years.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Illustrative {
    /// Illustrative TAEG, percent.
    pub taeg: Pct,
    /// TAN of the scenario after the rise, percent.
    pub tan: Pct,
    /// The highest instalment of the scenario.
    pub highest_instalment: Cents,
    /// The highest value of the index in the period looked at, percent.
    pub highest_index: Pct,
}

/// A cost of the credit.
#[derive(Clone, PartialEq, Eq)]
pub struct Cost {
    /// Name, in Portuguese.
    pub name: String,
    /// Amount each time, with its duty; the first time when it changes over the years.
    pub amount: Cents,
    /// Of `amount`, stamp duty or VAT; zero where there is none.
    pub tax: Cents,
    /// When it is paid.
    pub timing: CostTiming,
    /// The amount changes over the years: what all of them come to. None when it is always the same.
    pub over_term: Option<Cents>,
    /// What the amount depends or rests on, a sentence; may be empty. Shown where costs are listed.
    pub detail: String,
}

/// When a cost is paid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CostTiming {
    /// Once, at the contract or before it.
    AtContract,
    /// Once, at the end.
    AtEnd,
    /// Each month.
    Monthly,
    /// Every so many months; 12 is each year.
    EveryMonths(u32),
}

/// A month of the repayment table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Number of the month, 1 for the first; 0 for what is paid at the contract.
    pub month: u32,
    /// Paid in all: interest, capital and other costs.
    pub payment: Cents,
    /// Interest.
    pub interest: Cents,
    /// Capital repaid.
    pub capital: Cents,
    /// Other costs.
    pub other_costs: Cents,
    /// Capital outstanding afterwards.
    pub remaining: Cents,
}
