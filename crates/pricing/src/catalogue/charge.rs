//! Charges of the catalogue: closing costs, tax and insurance estimates, mortgage insurance cards.

use std::fmt;

use lintel_domain::fee::{FinanceChargeRule, LeSection};
use lintel_engine::bands::Band;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow;
use lintel_places::CountyFips;

use crate::scenario::StateCode;
use crate::when::{Days, Selector, When};

/// A closing cost the lender charges whenever its conditions hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// Place among the charges of its section.
    pub position: i64,
    /// Name shown to people.
    pub name: String,
    /// MISMO fee or prepaid item type.
    pub mismo_type: String,
    /// Description when the type is `Other`.
    pub mismo_type_other: Option<String>,
    /// Section of the Loan Estimate.
    pub section: LeSection,
    /// How much.
    pub amount: FeeAmount,
    /// Least it can be.
    pub min: Option<Cents>,
    /// Most it can be.
    pub max: Option<Cents>,
    /// Whether it is a finance charge.
    pub finance_charge: FinanceChargeRule,
    /// Why, when the lender decides against the table.
    pub reason: Option<String>,
    /// Products it is for.
    pub products: Selector,
    /// Searches it is for.
    pub when: When,
    /// Days it is charged.
    pub days: Days,
}

/// What a percentage or a tier is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PerOf {
    /// The base loan amount.
    Loan,
    /// Price or value of the home.
    Price,
}

/// How the amount of a charge is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeeAmount {
    /// A fixed amount.
    Flat(Cents),
    /// A percentage, half-up to the cent.
    Percent {
        /// How much.
        rate: Pct,
        /// Of what.
        of: PerOf,
    },
    /// The first tier that holds the amount.
    Tiered {
        /// What the tiers are over.
        of: PerOf,
        /// Bands that do not overlap, rising.
        tiers: Vec<FeeTier>,
    },
    /// Interest from disbursement to the start of the first payment month, for a number of days on
    /// a 360-day year.
    InterestDays(u32),
    /// Months of the property tax estimate, collected at closing.
    TaxMonths(u32),
    /// Months of the insurance estimate, collected at closing.
    InsuranceMonths(u32),
}

/// A tier of a charge: a fixed part and a percentage of what the amount is over the tier's lower end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeTier {
    /// Amounts it is for.
    pub band: Band<Cents>,
    /// Fixed part.
    pub flat: Cents,
    /// Percentage of the part of the amount above the lower end.
    pub rate: Pct,
}

/// What an estimate is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EstimateOf {
    /// Yearly property tax.
    PropertyTax,
    /// Yearly homeowner's insurance.
    Insurance,
}

/// A yearly estimate for a place. The most local one that matches is used: county, then state, then
/// the one for everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// What of.
    pub of: EstimateOf,
    /// State; none for everywhere.
    pub state: Option<StateCode>,
    /// County; none for the whole state.
    pub county: Option<CountyFips>,
    /// Percent of the home price a year.
    pub rate: Pct,
    /// Fixed part a year.
    pub flat: Cents,
    /// Days it holds.
    pub days: Days,
}

impl fmt::Display for Estimate {
    /// What of and where: `property tax, CA`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.of {
            EstimateOf::PropertyTax => "property tax",
            EstimateOf::Insurance => "insurance",
        })?;
        match (self.county, self.state) {
            (Some(county), _) => write!(f, ", county {county}"),
            (None, Some(state)) => write!(f, ", {state}"),
            (None, None) => f.write_str(", everywhere"),
        }
    }
}

/// A mortgage insurer's card: the first card that matches a product is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiCard {
    /// Name of the card.
    pub name: String,
    /// Products it is for.
    pub products: Selector,
    /// Searches it is for.
    pub when: When,
    /// Its cells.
    pub rows: Vec<CardRow>,
    /// Additive adjusters in percent a year, such as a second home or a cash-out.
    pub adjusters: Vec<(When, Pct)>,
    /// Days it holds.
    pub days: Days,
}
