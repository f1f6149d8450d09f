//! A simulation of a home loan as the information sheet (FINE) shows it: TAN, instalments, TAEG, MTIC,
//! stamp duties and repayment table, with the bundled products and without them.
//!
//! Source: DL 74-A/2017, articles 11 to 15 and annexes I and II; Aviso 5/2017 and Instrução 19/2017 of
//! Banco de Portugal (FINE). The rate is assumed as Directive 2014/17/EU, article 17(4) and annex I
//! part II (e), say; the illustrative TAEG as its article 17(6).

mod outgoings;
pub mod premium;
mod variant;

use super::costs::{Charge, CostTable, Timing};
use super::loan::{Drawing, NegativeInterest};
use super::spread::SpreadTerms;
use super::stamp_duty::StampDutyRates;
use crate::apr::Solution;
use crate::aprc::table::{self, TableRow};
use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::rate::Pct;
use premium::{MAX_PREMIUMS, Premium, PremiumPaid};

/// Most charges of one offer.
pub const MAX_CHARGES: usize = 200;

/// The rate offered, each with what the bundled products take off it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferedRate {
    /// One rate for the whole term.
    Fixed {
        /// The TAN, as the base of the discounts.
        tan: SpreadTerms,
    },
    /// Index plus spread from the start.
    Variable {
        /// Month average of the index at the contract.
        index: Pct,
        /// Months until the rate is first set anew: those of the index's tenor.
        reset_months: u32,
        /// Points over the index.
        spread: SpreadTerms,
        /// Highest rate of the contract.
        cap: Option<Pct>,
    },
    /// A fixed rate, then index plus spread.
    Mixed {
        /// The TAN of the fixed period, as the base of the discounts.
        fixed: SpreadTerms,
        /// Months of the fixed period.
        fixed_months: u32,
        /// Month average of the index at the contract.
        index: Pct,
        /// Points over the index.
        spread: SpreadTerms,
        /// Highest rate of the contract.
        cap: Option<Pct>,
    },
}

impl OfferedRate {
    /// True when some product is held that lowers the rate.
    fn bundled(&self) -> bool {
        match self {
            Self::Fixed { tan } => tan.bundled(),
            Self::Variable { spread, .. } => spread.bundled(),
            Self::Mixed { fixed, spread, .. } => fixed.bundled() || spread.bundled(),
        }
    }
}

/// What is simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationTerms {
    /// Amount of credit.
    pub amount: Cents,
    /// Months from the contract to the last instalment, utilisation included.
    pub term_months: u32,
    /// First months in which only interest is paid.
    pub utilisation_months: u32,
    /// How the credit is drawn; everything at the contract when empty.
    pub drawings: Vec<Drawing>,
    /// Capital left to the last instalment.
    pub residual: Cents,
    /// The rate.
    pub rate: OfferedRate,
    /// What becomes of negative interest.
    pub negative_interest: NegativeInterest,
    /// The loan is for the borrower's own permanent home: interest bears no stamp duty.
    pub own_home: bool,
    /// Charges of the offer; stamp duty on the credit is added by the simulation.
    pub charges: Vec<Charge>,
    /// Highest index of the last twenty years, for the illustrative TAEG.
    pub highest_index: Option<Pct>,
}

/// The rates of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tans {
    /// TAN at the contract.
    pub first: Pct,
    /// TAN of the variable phase at today's index: equal to `first` for a variable rate, none for a
    /// fixed one.
    pub variable: Option<Pct>,
    /// Spread of the variable phase.
    pub spread: Option<Pct>,
}

/// The instalments of a variant, capital and interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalments {
    /// The highest of the utilisation period; none without one.
    pub utilisation: Option<Cents>,
    /// The first of the repayment.
    pub first: Cents,
    /// The first of a mixed loan's variable phase at today's index, whatever the TAEG assumes.
    pub variable: Option<Cents>,
    /// The highest before the last.
    pub highest: Cents,
    /// The last, which clears.
    pub last: Cents,
}

/// Sums of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Total amount payable: credit and total cost.
    pub mtic: Cents,
    /// Total cost of the credit: everything paid that the credit did not bring.
    pub total_cost: Cents,
    /// Interest.
    pub interest: Cents,
    /// Stamp duty on the use of credit.
    pub credit_duty: Cents,
    /// Stamp duty on interest.
    pub interest_duty: Cents,
    /// Charges of the TAEG with their duty, over the whole term.
    pub charges: Cents,
    /// Of `charges`, the stamp duty on fees.
    pub fee_duty: Cents,
}

/// The illustrative TAEG: the index rises to its highest at the first change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Illustrative {
    /// The rate, or why there is none.
    pub taeg: Solution,
    /// TAN after the rise.
    pub tan: Pct,
    /// The highest instalment before the last.
    pub highest_instalment: Cents,
}

/// The loan with the bundled products, or without.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Rates.
    pub tans: Tans,
    /// Instalments, by the rates the TAEG assumes.
    pub instalments: Instalments,
    /// The annual percentage rate of charge, or why there is none.
    pub taeg: Solution,
    /// None for a fixed rate, or when the highest index is not given.
    pub illustrative: Option<Illustrative>,
    /// Sums.
    pub totals: Totals,
    /// Repayment table: each instalment of the first year, then yearly totals, then the total.
    pub table: Vec<TableRow>,
    /// Costs paid on the day of the contract, stamp duty on the credit included.
    pub upfront: Cents,
    /// What each premium comes to, in the order they were given.
    pub premiums: Vec<PremiumPaid>,
    /// Every month with its other costs: with `upfront` they come to the MTIC.
    pub months: Vec<table::Instalment>,
}

/// A charge outside the TAEG, for information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideCharge {
    /// Code of its kind.
    pub code: String,
    /// Amount each time with its duty.
    pub total: Cents,
    /// When it is paid.
    pub timing: Timing,
}

/// Both variants and what lies outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// Without the optional products.
    pub without_products: Variant,
    /// With the products held; none when no product held lowers the rate.
    pub with_products: Option<Variant>,
    /// Charges that never count, or that the borrower wishes.
    pub outside_taeg: Vec<OutsideCharge>,
}

/// What a variant is worked out from.
#[derive(Clone, Copy)]
struct Case<'a> {
    terms: &'a SimulationTerms,
    premiums: &'a [Premium],
    costs: &'a CostTable,
    duties: &'a StampDutyRates,
    with_products: bool,
}

/// Simulates the loan.
///
/// # Errors
/// Those of [`Loan`](super::loan::Loan), [`SpreadTerms`] and [`Charge::classify`]; field `charges`
/// when there are more than [`MAX_CHARGES`]; `fixed_months` outside 1 to the term less one;
/// `reset_months` of zero.
pub fn simulate(
    terms: &SimulationTerms,
    costs: &CostTable,
    duties: &StampDutyRates,
) -> Result<Simulation, EngineError> {
    simulate_with(terms, &[], costs, duties)
}

/// As [`simulate`], with premiums of insurances beside the charges.
///
/// # Errors
/// As [`simulate`]; field `premiums` when there are more than [`MAX_PREMIUMS`] or one is negative or
/// too large.
pub fn simulate_with(
    terms: &SimulationTerms,
    premiums: &[Premium],
    costs: &CostTable,
    duties: &StampDutyRates,
) -> Result<Simulation, EngineError> {
    if premiums.len() > MAX_PREMIUMS {
        let problem = Problem::TooMany { limit: 50 };
        return Err(EngineError::new("premiums", problem));
    }
    if terms.charges.len() > MAX_CHARGES {
        let problem = Problem::TooMany { limit: 200 };
        return Err(EngineError::new("charges", problem));
    }
    let of = |with_products| {
        variant::variant(&Case {
            terms,
            premiums,
            costs,
            duties,
            with_products,
        })
    };
    let with_products = terms.rate.bundled();
    let mut outside_taeg = Vec::new();
    for charge in &terms.charges {
        let classified = charge.classify(costs, duties, with_products)?;
        if classified.paid && !classified.in_taeg {
            outside_taeg.push(OutsideCharge {
                code: charge.code.clone(),
                total: classified.total,
                timing: charge.timing,
            });
        }
    }
    Ok(Simulation {
        without_products: of(false)?,
        with_products: with_products.then(|| of(true)).transpose()?,
        outside_taeg,
    })
}

#[cfg(test)]
mod tests;
