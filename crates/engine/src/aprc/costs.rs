//! Which costs belong to the total cost of the credit: Directive 2014/17/EU Article 4(13), Article
//! 17(2) and recital 50; and when they are paid.
//!
//! The classification follows a reading of those provisions that has not been checked word by word
//! against the official text.

use super::equation::Flow;
use super::years::Years;
use crate::error::{EngineError, Problem};
use crate::money::Cents;

/// What a cost is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CostKind {
    /// Commission or fee of the creditor: arrangement, file, instalment, rate cap.
    Commission,
    /// Fee of a credit intermediary.
    IntermediaryFee,
    /// Tax due because of the credit, such as stamp duty on it.
    TaxOnCredit,
    /// Insurance or other service required for the credit, or for the terms as marketed.
    CompulsoryService,
    /// Insurance or other service the consumer is free to take, with no influence on the terms.
    VoluntaryService,
    /// Valuation of the property needed for the credit.
    Valuation,
    /// Keeping and using an account required for the credit, or for the terms as marketed.
    CompulsoryAccount,
    /// Keeping and using an account that is not required.
    VoluntaryAccount,
    /// Registration of the mortgage.
    MortgageRegistration,
    /// Notary.
    Notary,
    /// Registration of the transfer of ownership.
    TransferRegistration,
    /// Tax on the purchase of the property.
    TaxOnPurchase,
    /// Charge for not fulfilling the contract.
    DefaultCharge,
}

/// All kinds, in the order of the enum.
pub const COST_KINDS: [CostKind; 13] = [
    CostKind::Commission,
    CostKind::IntermediaryFee,
    CostKind::TaxOnCredit,
    CostKind::CompulsoryService,
    CostKind::VoluntaryService,
    CostKind::Valuation,
    CostKind::CompulsoryAccount,
    CostKind::VoluntaryAccount,
    CostKind::MortgageRegistration,
    CostKind::Notary,
    CostKind::TransferRegistration,
    CostKind::TaxOnPurchase,
    CostKind::DefaultCharge,
];

impl CostKind {
    /// True when the cost belongs to the total cost of the credit, and so to the annual percentage
    /// rate of charge.
    #[must_use]
    pub const fn is_cost_of_credit(self) -> bool {
        match self {
            Self::Commission
            | Self::IntermediaryFee
            | Self::TaxOnCredit
            | Self::CompulsoryService
            | Self::Valuation
            | Self::CompulsoryAccount
            | Self::MortgageRegistration => true,
            Self::VoluntaryService
            | Self::VoluntaryAccount
            | Self::Notary
            | Self::TransferRegistration
            | Self::TaxOnPurchase
            | Self::DefaultCharge => false,
        }
    }

    /// Where that is written.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Commission
            | Self::IntermediaryFee
            | Self::TaxOnCredit
            | Self::CompulsoryService => {
                "Directive 2014/17/EU Article 4(13), Directive 2008/48/EC Article 3(g)"
            }
            Self::VoluntaryService => "Directive 2008/48/EC Article 3(g), only compulsory services",
            Self::Valuation => {
                "Directive 2014/17/EU Article 4(13), valuation needed for the credit"
            }
            Self::CompulsoryAccount | Self::VoluntaryAccount => {
                "Directive 2014/17/EU Article 17(2)"
            }
            Self::MortgageRegistration => "Directive 2014/17/EU Article 4(13), recital 50",
            Self::Notary => "Directive 2008/48/EC Article 3(g), except notarial costs",
            Self::TransferRegistration => {
                "Directive 2014/17/EU Article 4(13), except registration of the transfer of ownership"
            }
            Self::TaxOnPurchase => "Directive 2014/17/EU recital 50, costs of the purchase",
            Self::DefaultCharge => "Directive 2014/17/EU Article 4(13), non-compliance",
        }
    }

    /// The name in requests and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commission => "commission",
            Self::IntermediaryFee => "intermediary_fee",
            Self::TaxOnCredit => "tax_on_credit",
            Self::CompulsoryService => "compulsory_service",
            Self::VoluntaryService => "voluntary_service",
            Self::Valuation => "valuation",
            Self::CompulsoryAccount => "compulsory_account",
            Self::VoluntaryAccount => "voluntary_account",
            Self::MortgageRegistration => "mortgage_registration",
            Self::Notary => "notary",
            Self::TransferRegistration => "transfer_registration",
            Self::TaxOnPurchase => "tax_on_purchase",
            Self::DefaultCharge => "default_charge",
        }
    }

    /// The kind of a name.
    ///
    /// # Errors
    /// Field `kind` for any other text.
    pub fn parse(name: &str) -> Result<Self, EngineError> {
        let known = COST_KINDS.into_iter().find(|kind| kind.name() == name);
        known.ok_or(EngineError::new("kind", Problem::UnknownName))
    }
}

/// When a cost is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostTiming {
    /// At the first drawdown. An undated single charge counts as this (Annex I part II (h)(ii)).
    AtDrawdown,
    /// Out of the credit, which is drawn that much higher: it stays a cost and is no part of the
    /// total amount of credit (Commission example 5).
    Financed,
    /// With each instalment. Undated charges in several payments count as this (Annex I part II
    /// (h)(iii)).
    EachInstalment,
    /// At a time of its own; negative before the first drawdown.
    At(Years),
    /// Every so often, from a month on, to the end of the term.
    Every {
        /// Month of the first payment, after the first drawdown.
        first_month: u32,
        /// Months from one to the next, 1 or more.
        months: u32,
    },
}

/// A cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// What it is for.
    pub kind: CostKind,
    /// Each payment of it; 0 or more.
    pub amount: Cents,
    /// When it is paid.
    pub timing: CostTiming,
}

impl Cost {
    /// The flow of a cost paid apart from the instalments, over a term of `term_months`; none for
    /// one paid with each instalment, and none when it never falls due.
    ///
    /// # Errors
    /// Field `costs` for a negative amount or a period of no months.
    pub fn flow(&self, term_months: u32) -> Result<Option<Flow>, EngineError> {
        if self.amount.is_negative() {
            return Err(EngineError::new("costs", Problem::MustNotBeNegative));
        }
        match self.timing {
            CostTiming::AtDrawdown | CostTiming::Financed => {
                Ok(Some(Flow::paid(Years::ZERO, self.amount)))
            }
            CostTiming::EachInstalment => Ok(None),
            CostTiming::At(time) => Ok(Some(Flow::paid(time, self.amount))),
            CostTiming::Every {
                first_month,
                months,
            } => {
                if months == 0 {
                    return Err(EngineError::new("costs", Problem::MustBePositive));
                }
                let Some(left) = term_months.checked_sub(first_month) else {
                    return Ok(None);
                };
                let count = left
                    .checked_div(months)
                    .unwrap_or_default()
                    .saturating_add(1);
                let first = Years::months(i64::from(first_month))?;
                let every = Years::months(i64::from(months))?;
                Ok(Some(Flow::paid_every(first, every, count, self.amount)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_have_sources() {
        for kind in COST_KINDS {
            assert_eq!(CostKind::parse(kind.name()).unwrap(), kind);
            assert!(kind.source().contains("Directive"));
        }
        assert_eq!(CostKind::parse("fee").unwrap_err().field, "kind");
        let excluded = COST_KINDS
            .into_iter()
            .filter(|kind| !kind.is_cost_of_credit());
        assert_eq!(excluded.count(), 6);
    }

    #[test]
    fn commission_example_19_a_cost_every_two_years() {
        let cost = Cost {
            kind: CostKind::Commission,
            amount: Cents::new(10_000),
            timing: CostTiming::Every {
                first_month: 1,
                months: 24,
            },
        };
        let flow = cost.flow(240).unwrap().unwrap();
        assert_eq!((flow.count, flow.amount), (10, -100.0));
        assert!(cost.flow(0).unwrap().is_none());
        let negative = Cost {
            amount: Cents::new(-1),
            ..cost
        };
        assert_eq!(negative.flow(240).unwrap_err().field, "costs");
    }
}
