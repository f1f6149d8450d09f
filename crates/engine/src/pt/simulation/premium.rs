//! Premiums of insurances that a loan needs, which may be worked out anew each year.
//!
//! Life insurance of home loans follows the insured's age and the capital owed: each year of the
//! contract the yearly rate of the age is applied to the capital owed when the year begins, and a
//! twelfth is paid with each instalment.

use super::outgoings::YEAR;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding, divide};
use crate::pt::costs::{CostTable, TaegTreatment};
use crate::pt::loan::Instalment;
use crate::rate::Pct;

/// Most premiums of one offer.
pub const MAX_PREMIUMS: usize = 50;
/// Percent × 10⁹ × months of a year in one whole.
const MONTHLY_SCALE: i128 = 1_200_000_000_000;

/// The variants in which a premium is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaidIn {
    /// In both.
    Both,
    /// In the variant with the bundled products.
    WithProducts,
    /// In the variant without them, as when the insurance is taken elsewhere.
    WithoutProducts,
}

/// How a premium is worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PremiumBasis {
    /// The same every month.
    Level(Cents),
    /// A rate of the capital.
    Capital {
        /// The capital owed when the year begins; otherwise the amount of credit throughout.
        declining: bool,
        /// Percent of the capital a year, by the year of the contract; the last goes on.
        yearly_rates: Vec<Pct>,
    },
}

/// A premium paid with each instalment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Premium {
    /// Code of its kind of charge.
    pub code: String,
    /// In which variants.
    pub paid_in: PaidIn,
    /// Required for the credit or for the terms of the variants it is paid in.
    pub required: bool,
    /// How it is worked out.
    pub basis: PremiumBasis,
}

/// What a premium comes to in a variant; zero where it is not paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PremiumPaid {
    /// With the first instalment.
    pub first: Cents,
    /// Over the whole term.
    pub total: Cents,
    /// It changes over the term.
    pub varies: bool,
    /// It counts in the TAEG of the variant.
    pub in_taeg: bool,
}

impl Premium {
    /// Adds the premium to what is paid each month, when it counts in the TAEG.
    ///
    /// # Errors
    /// Field `code` when its kind is unknown; `premiums` when a rate or amount is negative or the
    /// amounts too large.
    pub(super) fn add_to(
        &self,
        (amount, months): (Cents, &[Instalment]),
        monthly: &mut [Cents],
        costs: &CostTable,
        with_products: bool,
    ) -> Result<PremiumPaid, EngineError> {
        let counts = match costs.rule(&self.code)?.taeg {
            TaegTreatment::Included => true,
            TaegTreatment::IncludedWhenRequired => self.required,
            TaegTreatment::Excluded => false,
        };
        let paid = match self.paid_in {
            PaidIn::Both => true,
            PaidIn::WithProducts => with_products,
            PaidIn::WithoutProducts => !with_products,
        };
        let mut found = PremiumPaid {
            first: Cents::ZERO,
            total: Cents::ZERO,
            varies: false,
            in_taeg: paid && counts,
        };
        if !paid {
            return Ok(found);
        }
        let too_large = EngineError::too_large("premiums");
        let year = usize::try_from(YEAR).map_err(|_| too_large)?;
        let mut owed = amount;
        for (number, (part, paid)) in months
            .chunks(year)
            .zip(monthly.chunks_mut(year))
            .enumerate()
        {
            let premium = self.of_year(number, amount, owed)?;
            for cost in paid.iter_mut().filter(|_| found.in_taeg) {
                *cost = cost.checked_add(premium).ok_or(too_large)?;
            }
            let times = i64::try_from(part.len()).map_err(|_| too_large)?;
            let of_year = premium.checked_mul(times).ok_or(too_large)?;
            found.total = found.total.checked_add(of_year).ok_or(too_large)?;
            if number == 0 {
                found.first = premium;
            }
            found.varies = found.varies || premium != found.first;
            owed = part.last().map_or(owed, |month| month.row.balance);
        }
        Ok(found)
    }

    /// A month's premium of a year of the contract, counted from 0; half-up cents, as it is billed.
    fn of_year(&self, year: usize, amount: Cents, owed: Cents) -> Result<Cents, EngineError> {
        let premium = match &self.basis {
            PremiumBasis::Level(premium) => *premium,
            PremiumBasis::Capital {
                declining,
                yearly_rates,
            } => {
                let rate = yearly_rates.get(year).or(yearly_rates.last());
                let rate = rate.ok_or(EngineError::new("premiums", Problem::Empty))?;
                let capital = if *declining { owed } else { amount };
                let exact = i128::from(capital.get()).checked_mul(i128::from(rate.e9()));
                exact
                    .and_then(|exact| divide(exact, MONTHLY_SCALE, Rounding::HalfUp))
                    .and_then(|cents| i64::try_from(cents).ok())
                    .map(Cents::new)
                    .filter(|cents| *cents <= Cents::MAX)
                    .ok_or(EngineError::too_large("premiums"))?
            }
        };
        if premium.is_negative() {
            return Err(EngineError::new("premiums", Problem::MustNotBeNegative));
        }
        Ok(premium)
    }
}
