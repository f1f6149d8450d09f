//! Price tests of Regulation Z: higher-priced (1026.35), high-cost (1026.32) and qualified
//! mortgages (1026.43).
//!
//! All figures come in as rows of the tables in force. Spreads are annual percentage rate less average
//! prime offer rate, compared exactly; points and fees are compared with the exact percentage, not
//! with its rounded amount. "Or more" and "more than" are kept apart throughout.

mod amount;
mod limit;
mod verdict;

use crate::bands::Step;
use crate::money::Cents;
use crate::rate::Pct;

pub use amount::{appraisal_waived, exceeds_conforming_limit};
pub use limit::{Limit, LimitRow, limit_in_force};
pub use verdict::{
    HighCost, Penalty, PriceTables, PricedLoan, QmStatus, Qualified, high_cost, higher_priced,
    qualified, short_reset_rate,
};

/// Rank of the lien.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lien {
    /// First lien.
    First,
    /// Any later one.
    Subordinate,
}

impl Lien {
    /// 1 is a first lien, 2 a subordinate one; none for any other number.
    #[must_use]
    pub const fn of_number(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::First),
            2 => Some(Self::Subordinate),
            0 | 3.. => None,
        }
    }
}

/// A spread at which a test turns, and the loans it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpreadRow {
    /// For loans of this lien.
    pub lien: Lien,
    /// Only above, or only within, the conforming limit; none for both.
    pub above_conforming_limit: Option<bool>,
    /// Only for manufactured homes or personal property, or only for others; none for both.
    pub manufactured_home: Option<bool>,
    /// Loan amounts it is for.
    pub loan_amount: Step<Cents>,
    /// Percentage points over the average prime offer rate.
    pub points: Pct,
}

/// What a spread is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpreadKey {
    /// Lien of the loan.
    pub lien: Lien,
    /// Principal above the conforming limit in force.
    pub above_conforming_limit: bool,
    /// A manufactured home, or personal property for the high-cost test.
    pub manufactured_home: bool,
    /// Loan amount.
    pub loan_amount: Cents,
}

/// The first row that holds; none when the table has no such row.
#[must_use]
pub fn spread_in_force(rows: &[SpreadRow], key: &SpreadKey) -> Option<Pct> {
    let same = |wanted: Option<bool>, found| wanted.is_none_or(|wanted| wanted == found);
    rows.iter()
        .find(|row| {
            row.lien == key.lien
                && same(row.above_conforming_limit, key.above_conforming_limit)
                && same(row.manufactured_home, key.manufactured_home)
                && row.loan_amount.contains(key.loan_amount)
        })
        .map(|row| row.points)
}

#[cfg(test)]
mod tests;
