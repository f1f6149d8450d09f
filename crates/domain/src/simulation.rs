//! Simulations of home loans in Portugal: how they stand, and what is asked.
//!
//! A [`Request`] is kept as it was given: every field may be missing, so that what is wrong with it can
//! be told all at once. Numbers of choices are ids of the lists of the market or of the bank's offer.

mod nif;

use std::fmt;

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use crate::application::codec::{cents_opt, date_opt};
use crate::words::words;

pub use nif::nif_is_valid;

/// Days a simulation may be turned into a process.
pub const VALID_DAYS: i64 = 30;
/// Most borrowers of one loan.
pub const MAX_BORROWERS: usize = 10;

words! {
    /// How a simulation stands.
    SimulationStatus {
        /// Worked out; may be changed.
        Simulated = "simulated",
        /// A process was made from it.
        InProcess = "in_process",
        /// Taken back.
        Cancelled = "cancelled",
        /// Its days are over.
        Expired = "expired",
    }
}

words! {
    /// How the rate of a loan is set. The numbers of the market's list are 1, 2 and 3.
    RateKind {
        /// One rate for the whole term.
        Fixed = "fixed",
        /// Index plus spread.
        Variable = "variable",
        /// Fixed at first, then index plus spread.
        Mixed = "mixed",
    }
}

impl RateKind {
    /// The kind of a number of the list of the market.
    #[must_use]
    pub const fn of_id(id: u32) -> Option<Self> {
        match id {
            1 => Some(Self::Fixed),
            2 => Some(Self::Variable),
            3 => Some(Self::Mixed),
            _ => None,
        }
    }

    /// Its number in the list of the market.
    #[must_use]
    pub const fn id(self) -> u32 {
        match self {
            Self::Fixed => 1,
            Self::Variable => 2,
            Self::Mixed => 3,
        }
    }
}

/// What a simulation is asked with. Personal data: stored sealed, and its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Purpose of the product; id of its list.
    pub product_purpose: Option<u32>,
    /// Purpose of the loan; id of its list.
    pub loan_purpose: Option<u32>,
    /// Product scheme; id of the bank's offer.
    pub product_scheme: Option<u32>,
    /// Branch; id of the bank's offer.
    pub branch: Option<u32>,
    /// Amount of credit.
    #[serde(with = "cents_opt")]
    pub amount: Option<Cents>,
    /// Months from the contract to the last instalment, utilisation included.
    pub term_months: Option<u32>,
    /// First months in which only interest is paid; none is zero.
    pub utilisation_months: Option<u32>,
    /// Kind of rate: 1 fixed, 2 variable, 3 mixed.
    pub rate_kind: Option<u32>,
    /// Tenor of the index (variable), fixed period (fixed), or both (mixed); id of the list of the kind.
    pub index_type: Option<u32>,
    /// Whether the borrower takes the bundled products; none is no.
    pub cross_selling: Option<bool>,
    /// The property.
    pub property: Option<Property>,
    /// Who will owe the loan.
    pub borrowers: Vec<Borrower>,
    /// Insurances.
    pub insurances: Insurances,
}

/// The property that is bought or mortgaged.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Property {
    /// Typology; id of its list.
    pub typology: Option<u32>,
    /// Estimated value, the valuation of the simulation.
    #[serde(with = "cents_opt")]
    pub estimated_value: Option<Cents>,
    /// Price; needed when something is bought.
    #[serde(with = "cents_opt")]
    pub acquisition_amount: Option<Cents>,
    /// District; id of its list. Needed: taxes depend on it.
    pub district: Option<u32>,
    /// Municipality; id of its list.
    pub county: Option<u32>,
    /// Parish; id of its list.
    pub parish: Option<u32>,
    /// Street.
    pub address: Option<String>,
    /// First four digits of the postal code.
    pub zip_code: Option<String>,
    /// Last three digits of the postal code.
    pub zip_code_local: Option<String>,
}

/// Somebody who will owe the loan.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Borrower {
    /// Type; id of its list. Exactly one is the key borrower.
    pub kind: Option<u32>,
    /// Relation to the key borrower; id of its list, and none of the key borrower.
    pub relation: Option<u32>,
    /// Name.
    pub name: Option<String>,
    /// NIF, nine digits.
    pub nif: Option<String>,
    /// Birth date.
    #[serde(with = "date_opt")]
    pub birth_date: Option<Date>,
    /// Mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Income a month after tax and contributions.
    #[serde(with = "cents_opt")]
    pub monthly_net_income: Option<Cents>,
    /// Instalments a month of other credit; none is nothing.
    #[serde(with = "cents_opt")]
    pub other_instalments: Option<Cents>,
    /// Dependants.
    pub dependents: Option<u32>,
    /// Resident in Portugal for tax; not stated is assumed and told.
    pub tax_resident: Option<bool>,
    /// Owns housing already; not stated is assumed not to, and told.
    pub owns_housing: Option<bool>,
    /// It is the first own permanent home; not stated is assumed and told.
    pub first_own_home: Option<bool>,
    /// Counted as somebody's dependant for income tax; not stated is assumed not to be, and told.
    pub tax_dependent: Option<bool>,
    /// No debts to tax or social security; not stated is assumed and told.
    pub clean_tax_record: Option<bool>,
    /// Taxable income a year; not stated is assumed to be within limits, and told.
    #[serde(with = "cents_opt")]
    pub yearly_taxable_income: Option<Cents>,
    /// Retired already: income is not reduced for age.
    pub retired: Option<bool>,
}

/// The insurances of the loan.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Insurances {
    /// Life insurance of the borrowers.
    pub life: Insurance,
    /// Multi-risk insurance of the property.
    pub multi_risk: Insurance,
}

/// What is asked of one insurance. Nothing said: the bank's tariff.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Insurance {
    /// Taken with another insurer: its premium must be stated, and the bank's discount for the
    /// insurance is not given.
    pub external: Option<bool>,
    /// Premium a month of the other insurer, taxes included.
    #[serde(with = "cents_opt")]
    pub monthly_premium: Option<Cents>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} borrowers)", self.borrowers.len())
    }
}

/// `Debug` that names the type and nothing of the person.
macro_rules! hidden {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+};
}
hidden!(Property, Borrower, Insurances, Insurance);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_kinds_of_rates_agree() {
        for kind in RateKind::ALL {
            assert_eq!(RateKind::of_id(kind.id()), Some(*kind));
        }
        assert_eq!(RateKind::of_id(0), None);
        assert_eq!(RateKind::of_id(4), None);
    }

    #[test]
    fn a_request_is_read_back_and_hides_itself() {
        let request = Request {
            amount: Some(Cents::new(18_000_000)),
            borrowers: vec![Borrower {
                nif: Some("123456789".to_owned()),
                birth_date: Date::parse_iso("1990-02-28").ok(),
                ..Borrower::default()
            }],
            ..Request::default()
        };
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
        assert_eq!(
            serde_json::from_str::<Request>("{}").unwrap(),
            Request::default()
        );
        let shown = format!("{request:?} {:?}", request.borrowers);
        assert!(
            !shown.contains("123456789") && !shown.contains("1990"),
            "{shown}"
        );
    }
}
