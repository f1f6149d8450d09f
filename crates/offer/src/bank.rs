//! The bank as papers name it, and terms that every loan of it shares.

use lintel_domain::application::codec::{pct, pct_opt};
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

/// The bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// Firm.
    pub legal_name: String,
    /// Tax number of the company (NIPC).
    pub nipc: String,
    /// Address, one line.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub email: String,
    /// Web page.
    pub website: String,
    /// Number in the register of Banco de Portugal.
    pub registration: String,
    /// It gives advice (serviços de consultoria) on its loans.
    pub gives_advice: bool,
    /// Bodies that settle disputes out of court, in Portuguese.
    pub complaints: Vec<String>,
    /// Days after a binding offer before which no contract is signed.
    pub reflection_days: u32,
    /// Days the bank is bound by an offer.
    pub offer_days: u32,
    /// Percentage points added to the rate while something is overdue.
    #[serde(with = "pct")]
    pub default_surcharge: Pct,
}

/// What it costs to repay early. A fee is none when the loan has no such phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepaymentTerms {
    /// Percent of the capital repaid while the rate is variable.
    #[serde(with = "pct_opt", default)]
    pub variable_fee: Option<Pct>,
    /// Percent of the capital repaid while the rate is fixed.
    #[serde(with = "pct_opt", default)]
    pub fixed_fee: Option<Pct>,
    /// Working days of notice to repay a part.
    pub partial_notice_days: u32,
    /// Working days of notice to repay everything.
    pub full_notice_days: u32,
}
