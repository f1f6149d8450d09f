//! The limits of Banco de Portugal as the loan stands to them.

use lintel_domain::application::codec::{cents, pct};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Loan to value (LTV): the amount over the lower of price and value.
    LoanToValue,
    /// Debt service to income (DSTI), under the rate shock.
    DebtService,
    /// Maturity by the oldest borrower's age.
    Maturity,
}

/// How the loan stands to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitOutcome {
    /// Within.
    Within,
    /// Above.
    Exceeded,
    /// Above, but the State stands surety and nothing of what that needs was only assumed. Loan to value
    /// only, up to the whole price.
    WithinGuarantee,
}

impl LimitOutcome {
    /// True unless the limit is exceeded.
    #[must_use]
    pub const fn passes(self) -> bool {
        match self {
            Self::Within | Self::WithinGuarantee => true,
            Self::Exceeded => false,
        }
    }
}

/// A value or a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitValue {
    /// Percent; values are rounded up at the ninth decimal, so nothing above a limit equals it.
    Percent(#[serde(with = "pct")] Pct),
    /// Months.
    Months(u32),
}

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitCheck {
    /// Which.
    pub kind: LimitKind,
    /// The limit.
    pub limit: LimitValue,
    /// The loan's value.
    pub value: LimitValue,
    /// The outcome.
    pub outcome: LimitOutcome,
}

/// Loan to value, debt service and maturity, in this order, and the figures behind them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The three checks.
    pub checks: [LimitCheck; 3],
    /// Percentage points added to a variable rate for the debt service.
    #[serde(with = "pct")]
    pub shock: Pct,
    /// The highest instalment under the shock.
    #[serde(with = "cents")]
    pub stressed_instalment: Cents,
    /// Instalments of the borrowers' other credit.
    #[serde(with = "cents")]
    pub other_instalments: Cents,
    /// Income after the reductions for age at maturity.
    #[serde(with = "cents")]
    pub counted_income: Cents,
    /// Completed years of the oldest borrower.
    pub oldest_age: u32,
}

impl Limits {
    /// True when none is exceeded.
    #[must_use]
    pub fn pass(&self) -> bool {
        self.checks.iter().all(|check| check.outcome.passes())
    }
}
