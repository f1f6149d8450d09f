//! A scenario with what conditions ask of it beyond its own members.

use std::fmt;

use lintel_domain::scenario::LimitClass;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::scenario::Scenario;

/// A scenario with its ratios, worked out once for all rules of a search; and the lock and the debt
/// to income of the row that is looked at, once there is one.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The search.
    pub scenario: &'a Scenario,
    /// Loan to value, percent.
    pub ltv: Pct,
    /// With the balance of other liens, percent.
    pub cltv: Pct,
    /// With the whole credit line, percent.
    pub hcltv: Pct,
    /// The loan amount against the limits of the place.
    pub limit: LimitClass,
    /// Whether it is within FHA's limit of the place.
    pub is_within_fha_limit: bool,
    /// Days of the lock; a condition on it does not hold while there is none.
    pub lock_days: Option<u32>,
    /// Debt to income, percent; a condition on it holds while it is not known.
    pub dti: Option<Pct>,
}

/// An amount of a scenario that no product can be priced with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceProblem {
    /// The price or value is not positive, or beyond what can be held.
    HomePrice,
    /// The loan amount is not positive, beyond what can be held, or more than ten thousand times the
    /// price.
    LoanAmount,
    /// The balance of other liens or the credit line is negative or beyond what can be held.
    Subordinate,
    /// Payments would fall out of the calendar's bounds.
    Day,
}

impl fmt::Display for PriceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HomePrice => "the home price is not positive or too large",
            Self::LoanAmount => "the loan amount is not positive or too large for the price",
            Self::Subordinate => "an amount of other liens is negative or too large",
            Self::Day => "payments would fall out of the calendar's bounds",
        })
    }
}

impl std::error::Error for PriceProblem {}

impl<'a> Facts<'a> {
    /// Checks the amounts and works the ratios out.
    ///
    /// # Errors
    /// The amount that cannot be priced with.
    pub fn try_of(scenario: &'a Scenario) -> Result<Self, PriceProblem> {
        let usable = |amount: Cents| amount.is_positive() && amount <= Cents::MAX;
        let lien = |amount: Cents| !amount.is_negative() && amount <= Cents::MAX;
        if !usable(scenario.home_price) {
            return Err(PriceProblem::HomePrice);
        }
        if !usable(scenario.loan_amount) {
            return Err(PriceProblem::LoanAmount);
        }
        if !lien(scenario.subordinate_balance) || !lien(scenario.undrawn_line) {
            return Err(PriceProblem::Subordinate);
        }
        Ok(Self {
            scenario,
            ltv: scenario.ltv().ok_or(PriceProblem::LoanAmount)?,
            cltv: scenario.cltv().ok_or(PriceProblem::Subordinate)?,
            hcltv: scenario.hcltv().ok_or(PriceProblem::Subordinate)?,
            limit: scenario.limit_class(),
            is_within_fha_limit: scenario.is_within_fha_limit(),
            lock_days: None,
            dti: None,
        })
    }

    /// The same with a lock.
    #[must_use]
    pub const fn at_lock(self, lock_days: u32) -> Self {
        Self {
            lock_days: Some(lock_days),
            ..self
        }
    }

    /// The same with a row's debt to income; none when the income is not known.
    #[must_use]
    pub const fn at_dti(self, dti: Option<Pct>) -> Self {
        Self { dti, ..self }
    }
}
