//! What pricing a search answers.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::quote::Fees;

/// The answer to one search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Priced {
    /// Products with at least one row, in catalogue order.
    pub products: Vec<PricedProduct>,
    /// Products that were asked for and refused; filled only when explanations are wanted.
    pub refused: Vec<RefusedProduct>,
    /// Remarks for the caller, such as "not known whether higher-priced: no APOR table".
    pub notices: Vec<String>,
}

/// A product with its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedProduct {
    /// Place in the catalogue's list of products.
    pub product: usize,
    /// Value of its index, for adjustable products.
    pub index_value: Option<Pct>,
    /// Margin over the index in force, for adjustable products.
    pub margin: Option<Pct>,
    /// Rows, by note rate.
    pub rows: Vec<PricedRow>,
    /// Price adjustments of the lock the first row has; filled only when explanations are wanted.
    pub explanation: Option<Explanation>,
}

/// A note rate and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedRow {
    /// Note rate, percent a year.
    pub note_rate: Pct,
    /// Days of the lock.
    pub lock_days: u32,
    /// Final price in percent of par, three decimals.
    pub price: Pct,
    /// 100 less the price: positive for discount points, negative for a lender credit.
    pub points: Pct,
    /// Points in money, of the base loan amount, half-up; negative for a credit.
    pub points_amount: Cents,
    /// The amount of the note: base loan and what is financed on top.
    pub principal: Cents,
    /// Annual percentage rate.
    pub apr: Pct,
    /// Whether the loan is higher-priced (12 CFR 1026.35(a)(1)); none when no APOR table says.
    pub is_hpml: Option<bool>,
    /// Closing costs by section and position.
    pub fees: Fees,
    /// Parts of the first month's payment.
    pub piti: Piti,
    /// Runs of equal payments.
    pub stream: Vec<StreamRun>,
}

/// The first month's payment by its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Piti {
    /// Principal and interest.
    pub principal_and_interest: Cents,
    /// A twelfth of the yearly tax estimate, half-up.
    pub property_taxes: Cents,
    /// A twelfth of the yearly insurance estimate, half-up.
    pub insurance: Cents,
    /// Mortgage insurance of the first month.
    pub mortgage_insurance: Cents,
}

/// A run of equal payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamRun {
    /// How many.
    pub payments: u32,
    /// Principal and interest of each.
    pub principal_and_interest: Cents,
    /// Mortgage insurance of each.
    pub mortgage_insurance: Cents,
    /// When the first of them is due.
    pub starts: Date,
}

/// How a price came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Note rate of the row explained.
    pub note_rate: Pct,
    /// Days of its lock.
    pub lock_days: u32,
    /// Price on the sheet.
    pub base_price: Pct,
    /// What moved it, one by one.
    pub steps: Vec<Step>,
    /// Price after the last step.
    pub final_price: Pct,
}

/// One thing that moved a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What: the adjustment's, cap's or margin's name.
    pub name: String,
    /// Its group, when it has one.
    pub group: Option<String>,
    /// What it looked up, in words: "score 750, LTV 80.00".
    pub detail: String,
    /// Points it added.
    pub change: Pct,
    /// Price after it.
    pub price: Pct,
}

/// A product that was asked for and cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedProduct {
    /// Place in the catalogue's list of products.
    pub product: usize,
    /// Every reason, in words.
    pub reasons: Vec<String>,
}
