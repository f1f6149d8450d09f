//! What a simulation comes to. Stored as JSON, without anything personal: enough to show the answer and
//! to write the information sheet without calculating again.
//!
//! Amounts are stored as integer cents, percentages as integers of percent × 10⁹, days as ISO text.

mod cost;
mod limit;
mod tax;
mod variant;

use lintel_domain::application::codec::{cents, cents_opt, date, pct};
use lintel_domain::simulation::RateKind;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

use crate::bank::{Bank, RepaymentTerms};

pub use cost::{Cost, CostOrigin, CostTiming, InsuranceKind, InsuranceLine};
pub use limit::{LimitCheck, LimitKind, LimitOutcome, LimitValue, Limits};
pub use tax::{Guarantee, Obstacle, PropertyUse, PurchaseTaxes, Region, Relief, TaxAmount, Taxes};
pub use variant::{
    Illustrative, Instalments, Month, Phase, PhaseKind, TableLine, TablePeriod, Totals, Variant,
};

/// A choice of a list as it was named on the day: number, code and both descriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Number in its list.
    pub id: u32,
    /// Code in its list.
    pub code: String,
    /// Portuguese description.
    pub pt: String,
    /// English description.
    pub en: String,
}

/// Everything a simulation comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calculation {
    /// The day it was calculated for, in Lisbon: the assumed day of the contract.
    #[serde(with = "date")]
    pub day: Date,
    /// The edition of the bank's offer it is from.
    pub edition: String,
    /// The bank, as papers name it.
    pub bank: Bank,
    /// What was chosen, and the loan.
    pub loan: Loan,
    /// The index, unless the rate is fixed.
    pub index: Option<Index>,
    /// The products sold together and what each takes off; empty when the scheme has none.
    pub products: Vec<BundledProduct>,
    /// The loan without them.
    pub without_cross_selling: Variant,
    /// The loan with them; none when the scheme has none, or none of them lowers anything.
    pub with_cross_selling: Option<Variant>,
    /// Insurances, one entry an insurance and person.
    pub insurances: Vec<InsuranceLine>,
    /// Charges of the bank and of third parties, insurances and taxes apart. Those outside the TAEG too.
    pub bank_charges: Vec<Cost>,
    /// Taxes.
    pub taxes: Taxes,
    /// Limits of the supervisor, measured with the variant that was asked for.
    pub limits: Limits,
    /// What it costs to repay early.
    pub repayment: RepaymentTerms,
}

/// The loan that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// Purpose of the product: use of the home.
    pub product_purpose: Choice,
    /// Purpose of the loan.
    pub loan_purpose: Choice,
    /// The scheme of the bank's offer.
    pub scheme: Choice,
    /// The branch, when one was named.
    pub branch: Option<Choice>,
    /// For the borrower's own permanent home.
    pub own_home: bool,
    /// Amount of credit.
    #[serde(with = "cents")]
    pub amount: Cents,
    /// Months from the contract to the last instalment, utilisation included.
    pub term_months: u32,
    /// First months in which only interest is paid.
    pub utilisation_months: u32,
    /// Kind of rate.
    pub rate_kind: RateKind,
    /// Tenor, fixed period or both, as it was chosen.
    pub index_type: Choice,
    /// Months of the fixed period: the whole term for a fixed rate; none for a variable one.
    pub fixed_months: Option<u32>,
    /// Which of the variants was asked for: with the bundled products.
    pub cross_selling: bool,
    /// Price; none when nothing is bought.
    #[serde(with = "cents_opt", default)]
    pub price: Option<Cents>,
    /// Estimated value of the property.
    #[serde(with = "cents")]
    pub property_value: Cents,
}

/// The index and where its value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Tenor: `3M`, `6M` or `12M`.
    pub tenor: String,
    /// Months of the tenor: the rate is set again that often.
    pub reset_months: u32,
    /// First day of the month the average is of: the month before the contract.
    #[serde(with = "date")]
    pub month: Date,
    /// The average, percent; may be negative.
    #[serde(with = "pct")]
    pub average: Pct,
    /// Highest average of the last twenty years, or of as many as are known.
    #[serde(with = "pct")]
    pub highest: Pct,
}

impl Index {
    /// Its name as customers know it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("Euribor a {} meses", self.reset_months)
    }
}

/// A product sold together with the loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledProduct {
    /// Code in the bank's offer.
    pub code: String,
    /// Portuguese name.
    pub pt: String,
    /// English name.
    pub en: String,
    /// Percentage points off the spread, or off the fixed rate.
    #[serde(with = "pct")]
    pub discount: Pct,
    /// Counted in the variant with the products: false for an insurance taken elsewhere.
    pub held: bool,
}

impl Calculation {
    /// The variant that was asked for; that without products when there is no other.
    #[must_use]
    pub fn chosen(&self) -> &Variant {
        match &self.with_cross_selling {
            Some(with) if self.loan.cross_selling => with,
            Some(_) | None => &self.without_cross_selling,
        }
    }

    /// The other variant.
    #[must_use]
    pub fn other(&self) -> Option<&Variant> {
        match &self.with_cross_selling {
            Some(_) if self.loan.cross_selling => Some(&self.without_cross_selling),
            other => other.as_ref(),
        }
    }
}
