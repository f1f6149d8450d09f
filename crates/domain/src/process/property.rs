//! What is known of the property, and what is still missing for a decision.

use std::fmt;

use lintel_engine::{Cents, Date};
use serde::{Deserialize, Serialize};

use crate::application::codec::{cents_opt, date_opt};
use crate::finding::{CreditField as F, CreditRule};

/// What is known of the property. Numbers without a unit are ids of the lists they are named after.
/// `Debug` shows nothing: an address is personal.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PropertyFacts {
    /// Typology.
    pub typology: Option<u32>,
    /// Estimated value.
    #[serde(with = "cents_opt")]
    pub estimated_value: Option<Cents>,
    /// Price.
    #[serde(with = "cents_opt")]
    pub acquisition_amount: Option<Cents>,
    /// Day of the purchase.
    #[serde(with = "date_opt")]
    pub acquisition_date: Option<Date>,
    /// District.
    pub district: Option<u32>,
    /// Municipality.
    pub county: Option<u32>,
    /// Parish.
    pub parish: Option<u32>,
    /// Street.
    pub address: Option<String>,
    /// Door number.
    pub door_number: Option<String>,
    /// Floor.
    pub floor: Option<String>,
    /// First four digits of the postal code.
    pub zip_code: Option<String>,
    /// Last three digits of the postal code.
    pub zip_code_local: Option<String>,
    /// Gross built area in hundredths of a square metre.
    pub gross_built_area_m2_e2: Option<u64>,
    /// Year it was built in.
    pub year_built: Option<u32>,
}

impl fmt::Debug for PropertyFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PropertyFacts(*)")
    }
}

/// What the rest makes necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PropertyNeeds {
    /// The loan pays for a purchase: its price.
    pub price: bool,
    /// Parishes of the municipality can be named.
    pub parish: bool,
}

impl PropertyFacts {
    /// What is missing for a decision, in the order fields are listed in. Door number, floor and the
    /// day of the purchase may be unknown for good reasons.
    #[must_use]
    pub fn gaps(&self, needs: &PropertyNeeds) -> Vec<(F, CreditRule)> {
        let text = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let needed = [
            (F::PropertyTypology, true, self.typology.is_some()),
            (F::EstimatedValue, true, self.estimated_value.is_some()),
            (
                F::AcquisitionAmount,
                needs.price,
                self.acquisition_amount.is_some(),
            ),
            (F::PropertyDistrict, true, self.district.is_some()),
            (F::PropertyCounty, true, self.county.is_some()),
            (F::PropertyParish, needs.parish, self.parish.is_some()),
            (F::PropertyAddress, true, text(&self.address)),
            (F::PropertyZipCode, true, text(&self.zip_code)),
            (F::PropertyZipCodeLocal, true, text(&self.zip_code_local)),
            (
                F::GrossBuiltArea,
                true,
                self.gross_built_area_m2_e2.is_some(),
            ),
            (F::YearBuilt, true, self.year_built.is_some()),
        ];
        let gaps = needed
            .into_iter()
            .filter(|(_, is_needed, is_there)| *is_needed && !is_there);
        gaps.map(|(field, _, _)| (field, CreditRule::Missing))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_depend_on_what_the_rest_makes_necessary() {
        let facts = PropertyFacts::default();
        let all = PropertyNeeds {
            price: true,
            parish: true,
        };
        let gaps = facts.gaps(&all);
        assert_eq!(gaps.len(), 11);
        assert!(gaps.is_sorted_by_key(|(field, _)| *field));
        let fewer = PropertyNeeds {
            price: false,
            parish: false,
        };
        assert_eq!(facts.gaps(&fewer).len(), 9);
        let text = |text: &str| Some(text.to_owned());
        let whole = PropertyFacts {
            typology: Some(3),
            estimated_value: Some(Cents::new(20_000_000)),
            district: Some(11),
            county: Some(1106),
            address: text("Rua Inventada"),
            zip_code: text("1000"),
            zip_code_local: text("001"),
            gross_built_area_m2_e2: Some(9_550),
            year_built: Some(1998),
            ..PropertyFacts::default()
        };
        assert_eq!(whole.gaps(&fewer), Vec::new());
        assert_eq!(format!("{whole:?}"), "PropertyFacts(*)");
    }
}
