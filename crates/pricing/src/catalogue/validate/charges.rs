//! Validation of closing costs, estimates and insurance cards.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lintel_domain::fee::FinanceChargeRule;
use lintel_domain::loan::Program;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;

use crate::catalogue::selection::Selection;
use crate::catalogue::{Catalogue, Estimate, EstimateOf, Fee, FeeAmount, FeeTier, fee_type};
use crate::codec::Part;
use crate::when::{Days, When};

use super::rules::conditions;
use super::{At, Found, selector, twice};

pub(super) fn check(catalogue: &Catalogue, names: &Selection<'_>, found: &mut Found) {
    for (row, fee) in (1_usize..).zip(&catalogue.fees) {
        let at = At {
            part: Part::Fees,
            row,
            name: &fee.name,
        };
        selector(names, at, &fee.products, found);
        conditions(at, "when", &fee.when, found);
        locks(at, &fee.when, found);
        check_fee(at, fee, found);
        if let FeeAmount::Tiered { tiers, .. } = &fee.amount {
            gaps(at, tiers, found);
        }
    }
    twice(catalogue, Part::Fees, found);
    estimates(catalogue, found);
    for of in [EstimateOf::PropertyTax, EstimateOf::Insurance] {
        unestimated(catalogue, of, found);
    }
    mi_cards(catalogue, names, found);
}

/// Quotes of a caller's own products have no lock.
fn locks(at: At<'_>, when: &When, found: &mut Found) {
    if when.lock_days.is_some() {
        let what = "closing costs asked for without a product (get-apr-closing-costs) have no lock: \
                    never holds there";
        found.warning(at, "when.lock_days", what);
    }
}

/// Amounts that no tier holds: nothing is charged there.
fn gaps(at: At<'_>, tiers: &[FeeTier], found: &mut Found) {
    let mut gap = |from: Option<Cents>, to: Option<Cents>| {
        let range = match (from, to) {
            (Some(from), Some(to)) => format!("over {from} up to {to}"),
            (Some(from), None) => format!("over {from}"),
            (None, Some(to)) => format!("up to {to}"),
            (None, None) => return,
        };
        found.warning(at, "tiers", format!("nothing is charged {range}"));
    };
    let first = tiers.first().and_then(|tier| tier.band.over);
    gap(None, first.filter(|over| *over > Cents::ZERO));
    for pair in tiers.windows(2) {
        let (lower, upper) = (pair[0].band.up_to, pair[1].band.over);
        if lower != upper {
            gap(lower, upper);
        }
    }
    gap(tiers.last().and_then(|tier| tier.band.up_to), None);
}

/// Months of an estimate collected where there may be none.
fn unestimated(catalogue: &Catalogue, of: EstimateOf, found: &mut Found) {
    let everywhere = |estimate: &&Estimate| estimate.of == of && estimate.county.is_none();
    let known: Vec<&Estimate> = catalogue.estimates.iter().filter(everywhere).collect();
    if known.iter().any(|estimate| estimate.state.is_none()) {
        return;
    }
    let states: BTreeSet<&str> = known
        .iter()
        .filter_map(|e| Some(e.state.as_ref()?.as_str()))
        .collect();
    let all = lintel_places::states()
        .iter()
        .filter(|state| state.fips.is_some());
    let mut codes = all.map(|state| state.code);
    let Some(missing) = codes.find(|code| !states.contains(code)) else {
        return;
    };
    let (field, name) = match of {
        EstimateOf::PropertyTax => ("tax_months", "property tax"),
        EstimateOf::Insurance => ("insurance_months", "insurance"),
    };
    let what = if known.is_empty() {
        format!("there is no estimate of {name}: nothing is collected")
    } else {
        format!("there is no estimate of {name} for {missing}: nothing is collected there")
    };
    for (row, fee) in (1_usize..).zip(&catalogue.fees) {
        let collects = match of {
            EstimateOf::PropertyTax => matches!(fee.amount, FeeAmount::TaxMonths(_)),
            EstimateOf::Insurance => matches!(fee.amount, FeeAmount::InsuranceMonths(_)),
        };
        if collects {
            let at = At {
                part: Part::Fees,
                row,
                name: &fee.name,
            };
            found.warning(at, field, what.as_str());
        }
    }
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
    let mut known: HashMap<Spot, Spells> = HashMap::new();
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
        if let Some(first) = known.entry(spot).or_default().add(row, estimate.days) {
            let what = format!("row {first} is for the same place and days");
            found.error(at, "", what);
        }
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

/// Spells of days without a day in common, by first day: last day, and the row.
#[derive(Default)]
struct Spells(BTreeMap<Date, (Option<Date>, usize)>);

impl Spells {
    /// Adds a spell; the row of one that has a day in common with it, when there is one.
    fn add(&mut self, row: usize, days: Days) -> Option<usize> {
        let from = days.map_or(Date::FIRST, |days| days.from);
        let to = days.and_then(|days| days.to);
        let before = self.0.range(..=from).next_back();
        let before = before.filter(|(_, (last, _))| last.is_none_or(|last| last >= from));
        let after = self.0.range(from..).next();
        let after = after.filter(|(first, _)| to.is_none_or(|to| **first <= to));
        if let Some((_, (_, row))) = before.or(after) {
            return Some(*row);
        }
        self.0.insert(from, (to, row));
        None
    }
}

fn mi_cards(catalogue: &Catalogue, names: &Selection<'_>, found: &mut Found) {
    for (row, card) in (1_usize..).zip(&catalogue.mi_cards) {
        let at = At {
            part: Part::MiCards,
            row,
            name: &card.name,
        };
        let selected = selector(names, at, &card.products, found);
        conditions(at, "when", &card.when, found);
        locks(at, &card.when, found);
        for (when, _) in &card.adjusters {
            conditions(at, "adjuster.when", when, found);
            locks(at, when, found);
        }
        let mut products = selected
            .iter()
            .filter_map(|place| catalogue.products.get(*place));
        let insures = products.any(|product| {
            product.terms.program == Program::Conventional && !product.terms.lender_paid_mi
        });
        if !insures && !catalogue.products.is_empty() {
            let what = "is for no conventional product with borrower-paid insurance";
            found.warning(at, "products", what);
        }
    }
    twice(catalogue, Part::MiCards, found);
}
