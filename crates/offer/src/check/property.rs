//! The property.

use lintel_domain::finding::{Bound, CreditField, CreditRule};
use lintel_domain::simulation::{Property, Request};
use lintel_engine::money::Cents;
use lintel_taxonomy::{Entry, List, entry, places};

use super::Findings;
use crate::calculation::Region;

/// Codes of the loan purposes in which something is bought.
const PURCHASES: [&str; 3] = ["purchase", "purchase_and_works", "land"];
/// Code of the purpose and the typology of building plots.
const LAND: &str = "land";
/// Most characters of a street.
const ADDRESS: usize = 200;
/// The highest value of a property that is believed.
const MOST: Cents = Cents::new(100_000_000_000);

/// True when something is bought.
pub(crate) fn is_purchase(loan_purpose: &Entry) -> bool {
    PURCHASES.contains(&loan_purpose.code)
}

/// The property as values and taxes see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Price; none when nothing is bought.
    pub(crate) price: Option<Cents>,
    /// Estimated value; the price when none is stated.
    pub(crate) value: Cents,
    /// The lower of both.
    pub(crate) base: Cents,
    /// Where; stated whenever something is bought.
    pub(crate) region: Option<Region>,
    /// A building plot.
    pub(crate) plot: bool,
}

pub(super) fn property(
    request: &Request,
    loan_purpose: Option<&'static Entry>,
    found: &mut Findings,
) -> Option<Place> {
    let Some(property) = &request.property else {
        found.add(CreditField::Property, CreditRule::Missing);
        return None;
    };
    let buys = loan_purpose.map(is_purchase);
    let field = CreditField::PropertyTypology;
    let typology = found.opt_choice(field, None, List::PropertyTypologies, property.typology);
    let value = amount(CreditField::EstimatedValue, property.estimated_value, found);
    let price = amount(
        CreditField::AcquisitionAmount,
        property.acquisition_amount,
        found,
    );
    if buys == Some(true) && property.acquisition_amount.is_none() {
        found.add(CreditField::AcquisitionAmount, CreditRule::Missing);
    }
    if buys == Some(false) && property.estimated_value.is_none() {
        found.add(CreditField::EstimatedValue, CreditRule::Missing);
    }
    let region = place(property, buys == Some(true), found);
    address(property, found);
    let price = price.filter(|_| buys != Some(false));
    let value = value.or(price)?;
    if buys? && price.is_none() {
        return None;
    }
    Some(Place {
        price,
        value,
        base: price.map_or(value, |price| price.min(value)),
        region,
        plot: typology.is_some_and(|typology| typology.code == LAND)
            || loan_purpose.is_some_and(|purpose| purpose.code == LAND),
    })
}

fn amount(field: CreditField, amount: Option<Cents>, found: &mut Findings) -> Option<Cents> {
    let amount = amount?;
    if !amount.is_positive() {
        found.add(field, CreditRule::TooSmall(Bound::Amount(Cents::new(1))));
        return None;
    }
    if amount > MOST {
        found.add(field, CreditRule::TooLarge(Bound::Amount(MOST)));
        return None;
    }
    Some(amount)
}

/// District, municipality and parish, each within the one before. The district may be left to the
/// municipality, and that to the parish.
fn place(property: &Property, needed: bool, found: &mut Findings) -> Option<Region> {
    let field = CreditField::PropertyDistrict;
    let district = found.opt_choice(field, None, List::Districts, property.district);
    let field = CreditField::PropertyCounty;
    let mut county = found.opt_choice(field, None, List::Counties, property.county);
    if let Some(parish) = property.parish {
        // A parish is stored by six digits, the first four those of its municipality.
        let of = places::county_of_parish(&format!("{parish:06}"));
        match (of, county) {
            (None, _) => found.add(CreditField::PropertyParish, CreditRule::Unknown),
            (Some(of), Some(county)) if of.id != county.id => {
                found.add(CreditField::PropertyParish, CreditRule::Mismatch);
            }
            (Some(of), _) if property.county.is_none() => county = Some(of),
            (Some(_), _) => {}
        }
    }
    let of_county = county.and_then(|county| places::district_of(county.id));
    let field = CreditField::PropertyCounty;
    if let (Some(district), Some(of_county)) = (district, of_county)
        && district.id != of_county
    {
        found.add(field, CreditRule::Mismatch);
    }
    if needed && property.district.is_none() && of_county.is_none() {
        found.add(CreditField::PropertyDistrict, CreditRule::Missing);
    }
    let id = match (district, property.district) {
        (Some(district), _) => district.id,
        (None, None) => entry(List::Districts, of_county?)?.id,
        (None, Some(_)) => return None,
    };
    Some(match id {
        places::AZORES => Region::Azores,
        places::MADEIRA => Region::Madeira,
        _ => Region::Mainland,
    })
}

fn address(property: &Property, found: &mut Findings) {
    if property
        .address
        .as_ref()
        .is_some_and(|text| text.chars().count() > ADDRESS)
    {
        let bound = Bound::Count(ADDRESS as u64);
        found.add(CreditField::PropertyAddress, CreditRule::TooLong(bound));
    }
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some(zip) = &property.zip_code
        && (!digits(zip, 4) || zip.starts_with('0'))
    {
        found.add(CreditField::PropertyZipCode, CreditRule::Malformed);
    }
    if let Some(local) = &property.zip_code_local {
        if !digits(local, 3) {
            found.add(CreditField::PropertyZipCodeLocal, CreditRule::Malformed);
        }
        if property.zip_code.is_none() {
            found.add(CreditField::PropertyZipCode, CreditRule::Missing);
        }
    }
}
