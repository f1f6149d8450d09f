//! Tables of Portugal, one file each.

mod costs;
mod early_repayment;
pub(crate) mod euribor;
mod guarantee;
mod imt;
mod imt_jovem;
mod macroprudential;
mod stamp_duty;

use lintel_engine::money::Cents;
use lintel_engine::pt::costs::CostTable;
use lintel_engine::pt::early_repayment::EarlyRepaymentRules;
use lintel_engine::pt::guarantee::GuaranteeTerms;
use lintel_engine::pt::imt::{ImtTable, Region};
use lintel_engine::pt::imt_jovem::JovemRelief;
use lintel_engine::pt::macroprudential::MacroprudentialLimits;
use lintel_engine::pt::stamp_duty::StampDutyRates;

use crate::dated::Dated;
use crate::embedded;
use crate::load::{Loader, RuleError};

embedded! {
    STAMP_DUTY = "pt/stamp_duty.toml";
    IMT = "pt/imt.toml";
    IMT_JOVEM = "pt/imt_jovem.toml";
    GUARANTEE = "pt/guarantee.toml";
    EARLY_REPAYMENT = "pt/early_repayment.toml";
    MACROPRUDENTIAL = "pt/macroprudential.toml";
    COSTS = "pt/costs.toml";
}

pub use euribor::{EuriborSeries, EuriborTable};

/// A table only an operator's folder can hold: `lintel import` writes it.
pub(crate) const EURIBOR: &str = "pt/euribor.toml";

/// Figures that differ between the mainland and the autonomous regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regional<T> {
    /// Of the mainland.
    pub mainland: T,
    /// Of the Azores and Madeira.
    pub islands: T,
}

impl<T> Regional<T> {
    /// The figures of a region.
    #[must_use]
    pub const fn of(&self, region: Region) -> &T {
        if region.is_autonomous() {
            &self.islands
        } else {
            &self.mainland
        }
    }
}

/// Every table of Portugal.
#[derive(Debug, Clone)]
pub struct PtRules {
    /// Stamp duty on credit, interest, fees and purchases.
    pub stamp_duty: Dated<StampDutyRates>,
    /// Tax on buying real estate.
    pub imt: Dated<Regional<ImtTable>>,
    /// Relief of young buyers from that tax.
    pub imt_jovem: Dated<Regional<JovemRelief>>,
    /// The State's guarantee for young buyers.
    pub guarantee: Dated<GuaranteeTerms>,
    /// Fees for repaying early.
    pub early_repayment: Dated<EarlyRepaymentRules>,
    /// Limits of Banco de Portugal.
    pub macroprudential: Dated<MacroprudentialLimits>,
    /// Kinds of charges and whether they count in the TAEG.
    pub costs: Dated<CostTable>,
    /// Euribor, fixings and month averages; none until imported.
    pub euribor: Option<Dated<EuriborTable>>,
}

impl PtRules {
    pub(crate) fn load(loader: &mut Loader<'_>) -> Result<Self, RuleError> {
        Ok(Self {
            stamp_duty: loader.table(STAMP_DUTY, stamp_duty::read)?,
            imt: loader.table(IMT, imt::read)?,
            imt_jovem: loader.table(IMT_JOVEM, imt_jovem::read)?,
            guarantee: loader.table(GUARANTEE, guarantee::read)?,
            early_repayment: loader.table(EARLY_REPAYMENT, early_repayment::read)?,
            macroprudential: loader.table(MACROPRUDENTIAL, macroprudential::read)?,
            costs: loader.table(COSTS, costs::read)?,
            euribor: loader.folder_table(EURIBOR, euribor::read)?,
        })
    }
}

/// An amount of a data file, more than zero.
fn amount(text: &str) -> Result<Cents, String> {
    let read = Cents::parse_decimal(text);
    read.ok()
        .filter(|amount| amount.is_positive())
        .ok_or_else(|| format!("{text} is not an amount"))
}

#[cfg(test)]
mod tests;
