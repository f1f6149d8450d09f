//! A large invented catalogue for benchmarks: as many products and rules as a national lender has, over
//! every state. Its figures mean nothing; the same seed gives the same catalogue everywhere.

use std::collections::HashMap;
use std::sync::Arc;

use lintel_domain::loan::Program;
use lintel_domain::product::{ArmFeatures, ArmIndex, ProductTerms, RateKind};
use lintel_engine::rate::Pct;
use lintel_places::CountyFips;

use crate::catalogue::{Cap, Catalogue, Margin, Product, Sheet, SheetRow};
use crate::scenario::StateCode;
use crate::when::{Selector, When};

mod charges;
mod rules;

/// Note rates a sheet has at each lock.
const RATES: i64 = 9;
/// Locks offered.
const LOCKS: [u32; 4] = [15, 30, 45, 60];
/// Families the products are spread over.
const FAMILIES: [(&str, Program); 6] = [
    ("agency", Program::Conventional),
    ("government", Program::Fha),
    ("jumbo", Program::Conventional),
    ("veteran", Program::Va),
    ("rural", Program::Usda),
    ("portfolio", Program::Conventional),
];

/// A seeded source of numbers (SplitMix64; Steele, Lea, Flood 2014).
pub(super) struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one less than `count`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count.max(1)).unwrap_or(1);
        usize::try_from(self.roll() % count).unwrap_or(0)
    }

    /// Thousandths of a point from `-most` to `most`, but not nothing.
    pub(super) fn points(&mut self, most: i64) -> Pct {
        let span = usize::try_from(most.max(1)).unwrap_or(1);
        let size = i64::try_from(self.below(span))
            .unwrap_or(0)
            .saturating_add(1);
        let sign = if self.below(3) == 0 { 1 } else { -1 };
        milli(size.saturating_mul(sign))
    }

    /// One of a list that is not empty.
    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).copied()
    }
}

/// Thousandths of a percent.
pub(super) const fn milli(thousandths: i64) -> Pct {
    Pct::new(thousandths.saturating_mul(1_000_000))
}

/// What the generators draw from.
pub(super) struct Map {
    pub(super) states: Vec<StateCode>,
    pub(super) counties: Vec<(StateCode, CountyFips)>,
}

impl Map {
    fn of_places() -> Self {
        let is_state = |fips: Option<u32>| fips.is_some_and(|fips| fips <= 56);
        let states = lintel_places::states().iter();
        let states = states.filter(|state| is_state(state.fips));
        let counties = lintel_places::counties();
        let counties = counties.filter_map(|c| Some((StateCode::parse(c.state)?, c.fips)));
        Self {
            states: states
                .filter_map(|state| StateCode::parse(state.code))
                .collect(),
            counties: counties.collect(),
        }
    }
}

/// A catalogue of `products`, each selected by at least `rules_per_product` adjustments, and their
/// sheets: four locks of nine rates each.
#[must_use]
pub fn big_catalogue(
    seed: u64,
    products: usize,
    rules_per_product: usize,
) -> (Catalogue, HashMap<String, Arc<Sheet>>) {
    let mut dice = Dice(seed);
    let map = Map::of_places();
    let list: Vec<Product> = (0..products).map(product).collect();
    // Half of a product's rules are its family's, the other half its own.
    let shared = rules_per_product / 2;
    let own = rules_per_product.saturating_sub(shared);
    let mut adjustments = Vec::new();
    for (family, _) in FAMILIES {
        let selector = Selector {
            families: vec![family.to_owned()],
            ..Selector::default()
        };
        adjustments.extend(rules::adjustments(
            &mut dice,
            &map,
            &selector,
            (family, shared),
        ));
    }
    for product in &list {
        let selector = Selector {
            codes: vec![product.code.clone()],
            ..Selector::default()
        };
        adjustments.extend(rules::adjustments(
            &mut dice,
            &map,
            &selector,
            (&product.code, own),
        ));
    }
    let sheets = list.iter().map(|product| {
        let sheet = sheet(&mut dice, product);
        (product.code.clone(), Arc::new(sheet))
    });
    let sheets = sheets.collect();
    let catalogue = Catalogue {
        eligibility: rules::eligibility(&mut dice, &map),
        adjustments,
        caps: caps(),
        margins: margins(&mut dice),
        fees: charges::fees(&mut dice, &map),
        estimates: charges::estimates(&mut dice, &map),
        mi_cards: vec![charges::mi_card()],
        products: list,
    };
    (catalogue, sheets)
}

fn product(number: usize) -> Product {
    let (family, program) = FAMILIES[number % FAMILIES.len()];
    let is_arm = program == Program::Conventional && number % 5 == 4;
    let years = match (is_arm, number % 4) {
        (true, _) | (false, 0 | 1) => 30,
        (false, 2) => 15,
        (false, _) => 20,
    };
    let first = if number.is_multiple_of(2) { 60 } else { 84 };
    let arm = ArmFeatures {
        index: ArmIndex::Sofr30DayAverage,
        margin: milli(2_750),
        first_adjustment_months: first,
        first_cap: milli(2_000),
        adjustment_months: 6,
        periodic_cap: milli(1_000),
        lifetime_cap: milli(5_000),
    };
    let term_months = years * 12;
    Product {
        code: format!("BIG{number:03}"),
        public_id: None,
        name: format!("Invented {family} {number}, {years} years"),
        terms: ProductTerms {
            program,
            term_months,
            amortization_months: term_months,
            interest_only_months: 0,
            lender_paid_mi: program == Program::Conventional && number % 11 == 10,
            rate_kind: if is_arm {
                RateKind::Adjustable(arm)
            } else {
                RateKind::Fixed
            },
        },
        families: vec![family.to_owned()],
        lock_days: LOCKS.to_vec(),
        channels: Vec::new(),
        min_price: Some(milli(90_000)),
        max_price: Some(milli(106_000)),
        is_watchable: true,
        days: None,
    }
}

fn sheet(dice: &mut Dice, product: &Product) -> Sheet {
    let shift = dice.points(500).e9();
    let mut rows = Vec::new();
    for lock_days in LOCKS {
        let lock = milli(i64::from(lock_days).saturating_mul(5));
        for step in 0..RATES {
            let rate = milli(5_500_i64.saturating_add(step.saturating_mul(125)));
            let price = milli(98_500_i64.saturating_add(step.saturating_mul(450)));
            rows.push(SheetRow {
                lock_days,
                note_rate: rate,
                price: Pct::new(price.e9().saturating_add(shift).saturating_sub(lock.e9())),
            });
        }
    }
    let is_arm = matches!(product.terms.rate_kind, RateKind::Adjustable(_));
    Sheet {
        rows,
        index: is_arm.then(|| milli(4_300)),
        margin: None,
    }
}

fn caps() -> Vec<Cap> {
    let cap = |group: &str, min, max| Cap {
        group: group.to_owned(),
        products: Selector::default(),
        when: When::default(),
        min: Some(milli(min)),
        max: Some(milli(max)),
        days: None,
    };
    vec![cap("grid", -6_000, 1_000), cap("place", -500, 500)]
}

fn margins(dice: &mut Dice) -> Vec<Margin> {
    let margins = FAMILIES.map(|(family, _)| Margin {
        name: format!("{family} margin"),
        products: Selector {
            families: vec![family.to_owned()],
            ..Selector::default()
        },
        when: When::default(),
        price: milli(-500_i64.saturating_sub(i64::try_from(dice.below(500)).unwrap_or(0))),
        days: None,
    });
    margins.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Level, Part, parse, write};

    #[test]
    fn it_is_what_it_promises() {
        let (catalogue, sheets) = big_catalogue(7, 40, 200);
        assert_eq!((catalogue.products.len(), sheets.len()), (40, 40));
        for product in &catalogue.products {
            let rules = catalogue.adjustments.iter();
            let rules = rules.filter(|rule| rule.products.matches(product));
            assert!(rules.count() >= 200, "{}", product.code);
            let sheet = &sheets[&product.code];
            let again = Sheet::try_new(sheet.rows.clone(), sheet.index, sheet.margin);
            assert_eq!(again.as_ref(), Ok(sheet.as_ref()));
        }
        let found = crate::catalogue::validate::validate(&catalogue);
        let errors: Vec<_> = found.iter().filter(|f| f.level == Level::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }

    #[test]
    fn it_is_the_same_each_time_and_survives_its_text() {
        let (first, sheets) = big_catalogue(1, 12, 40);
        assert_eq!(big_catalogue(1, 12, 40), (first.clone(), sheets));
        assert_ne!(big_catalogue(2, 12, 40).0, first);
        let texts = write(&first);
        let again = parse(&texts).unwrap_or_else(|found| panic!("{found:?}"));
        for part in Part::ALL {
            assert_eq!(
                crate::codec::write_part(&again, part),
                texts[&part],
                "{part}"
            );
        }
        assert_eq!(again, first);
    }
}
