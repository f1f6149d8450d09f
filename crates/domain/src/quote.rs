//! The rule tables a quote looks figures up in.

use lintel_engine::rate::Pct;
use lintel_engine::us::finance_charge::Table;
use lintel_engine::us::programs::conventional_mi::CardRow;
use lintel_engine::us::programs::fha::AnnualMipRow;
use lintel_engine::us::programs::va::FundingFeeRow;

/// The tables a quote looks figures up in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuoteTables {
    /// Which charges are finance charges.
    pub finance_charge: Table,
    /// FHA up-front premium, percent of the base loan.
    pub fha_upfront: Pct,
    /// FHA annual premium.
    pub fha_annual: Vec<AnnualMipRow>,
    /// VA funding fee.
    pub va_funding_fee: Vec<FundingFeeRow>,
    /// USDA up-front fee, percent.
    pub usda_upfront: Pct,
    /// USDA annual fee, percent of the average balance.
    pub usda_annual: Pct,
    /// Conventional mortgage insurance.
    pub mi_card: Vec<CardRow>,
    /// The credit score a quote without one is insured at.
    pub mi_assumed_score: u32,
}
