//! Validation of closing costs, estimates and insurance cards.

use std::collections::HashMap;

use lintel_domain::fee::FinanceChargeRule;
use lintel_domain::loan::Program;
use lintel_engine::bands::Effective;

use crate::catalogue::{Catalogue, Estimate, EstimateOf, Fee, fee_type};
use crate::codec::Part;
use crate::when::Days;

use super::rules::{conditions, twice};
use super::{At, Found, Names, selector};

pub(super) fn check(catalogue: &Catalogue, found: &mut Found) {
    let names = Names::of(catalogue);
    for (row, fee) in (1_usize..).zip(&catalogue.fees) {
        let at = At {
            part: Part::Fees,
            row,
            name: &fee.name,
        };
        selector(catalogue, &names, at, &fee.products, found);
        conditions(at, "when", &fee.when, found);
        check_fee(at, fee, found);
        twice(&catalogue.fees, at, fee, found);
    }
    estimates(catalogue, found);
    mi_cards(catalogue, &names, found);
}

fn check_fee(at: At<'_>, fee: &Fee, found: &mut Found) {
    let is_other = fee.mismo_type == fee_type::OTHER;
    match (is_other, &fee.mismo_type_other) {
        (true, None) => found.error(at, "type_other", "is missing: the type is Other"),
        (false, Some(_)) => {
            found.warning(at, "type_other", "is not shown: the type is not Other");
        }
        (true, Some(_)) | (false, None) => {}
    }
    if !fee_type::is_known(&fee.mismo_type) {
        let name = crate::codec::echo(&fee.mismo_type);
        let what = format!("{name} is not a MISMO fee, prepaid or escrow item type");
        found.error(at, "type", what);
    } else if !fee_type::is_item_of(fee.section, &fee.mismo_type) {
        let what = format!("items of section {} have other types", fee.section);
        found.warning(at, "type", what);
    }
    match fee.finance_charge {
        FinanceChargeRule::Included | FinanceChargeRule::Excluded if fee.reason.is_none() => {
            let what = "is missing: say why the finance charge is decided against the table";
            found.error(at, "reason", what);
        }
        FinanceChargeRule::Included | FinanceChargeRule::Excluded | FinanceChargeRule::ByType => {}
    }
}

/// What of, in which state, in which county.
type Spot = (EstimateOf, Option<String>, Option<u32>);

fn estimates(catalogue: &Catalogue, found: &mut Found) {
    let mut known: HashMap<Spot, Vec<(usize, Days)>> = HashMap::new();
    for (row, estimate) in (1_usize..).zip(&catalogue.estimates) {
        let spot = place_of(estimate);
        let (_, state, county) = &spot;
        let name = format!(
            "{} {}",
            state.as_deref().unwrap_or("everywhere"),
            county.map_or_else(String::new, |fips| format!("{fips:05}"))
        );
        let at = At {
            part: Part::Estimates,
            row,
            name: name.trim(),
        };
        if let Some(fips) = estimate.county {
            match lintel_places::county(fips) {
                None => found.warning(at, "county", format!("there is no county {fips}")),
                Some(place) if state.as_deref().is_some_and(|state| state != place.state) => {
                    found.error(at, "county", format!("{fips} lies in {}", place.state));
                }
                Some(_) => {}
            }
        }
        let spells = known.entry(spot).or_default();
        let clash = spells
            .iter()
            .find(|(_, days)| overlap(days, &estimate.days));
        if let Some((first, _)) = clash {
            found.error(
                at,
                "",
                format!("row {first} is for the same place and days"),
            );
        }
        spells.push((row, estimate.days));
    }
}

fn place_of(estimate: &Estimate) -> Spot {
    let state = estimate.state.map(|state| state.to_string());
    (
        estimate.of,
        state,
        estimate.county.map(|county| county.get()),
    )
}

/// Whether two spells of days have a day in common.
fn overlap(first: &Days, second: &Days) -> bool {
    let (Some(first), Some(second)) = (first, second) else {
        return true;
    };
    let before = |one: &Effective, other: &Effective| one.to.is_some_and(|to| to < other.from);
    !before(first, second) && !before(second, first)
}

fn mi_cards(catalogue: &Catalogue, names: &Names<'_>, found: &mut Found) {
    for (row, card) in (1_usize..).zip(&catalogue.mi_cards) {
        let at = At {
            part: Part::MiCards,
            row,
            name: &card.name,
        };
        selector(catalogue, names, at, &card.products, found);
        conditions(at, "when", &card.when, found);
        for (when, _) in &card.adjusters {
            conditions(at, "adjuster.when", when, found);
        }
        let mut products = catalogue.products.iter();
        let insures = products.any(|product| {
            product.terms.program == Program::Conventional
                && !product.terms.lender_paid_mi
                && card.products.matches(product)
        });
        if !insures && !catalogue.products.is_empty() {
            let what = "is for no conventional product with borrower-paid insurance";
            found.warning(at, "products", what);
        }
        twice(&catalogue.mi_cards, at, card, found);
    }
}
