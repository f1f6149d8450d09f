//! Which rules, charges and cards of a catalogue are for which product.

use std::collections::HashMap;

use crate::catalogue::selection::Selection;
use crate::catalogue::{AxisOf, Catalogue, Effect, Grid};
use crate::when::{Selector, When};

/// Most pairs of a product and a row that is for it, over all lists of a catalogue. Far above what
/// lenders have (a thousand products with five hundred rows each are half a million), and 20 MB at
/// four bytes a pair.
pub const MAX_PAIRS: usize = 5_000_000;

/// Places in one of a catalogue's lists, in an order of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Indices(Vec<u32>);

impl Indices {
    /// The places, from 0.
    pub fn iter(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.0.iter().map(|index| place(*index))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(&mut self, index: usize) {
        // A list longer than 2^32 could not be read.
        if let Ok(index) = u32::try_from(index) {
            self.0.push(index);
        }
    }
}

impl FromIterator<usize> for Indices {
    fn from_iter<T: IntoIterator<Item = usize>>(all: T) -> Self {
        let mut made = Self::default();
        all.into_iter().for_each(|index| made.push(index));
        made
    }
}

fn place(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Places in the lists of a catalogue of what a product's selectors match, in the catalogue's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// Eligibility rules.
    pub eligibility: Indices,
    /// Price adjustments.
    pub adjustments: Indices,
    /// Caps.
    pub caps: Indices,
    /// Margins.
    pub margins: Indices,
    /// Closing costs by section and position.
    pub fees: Indices,
    /// Mortgage insurance cards.
    pub mi_cards: Indices,
    /// Whether a closing cost or a card looks at the lock.
    pub costs_by_lock: bool,
}

impl Selected {
    pub(super) const NOTHING: Self = Self {
        eligibility: Indices(Vec::new()),
        adjustments: Indices(Vec::new()),
        caps: Indices(Vec::new()),
        margins: Indices(Vec::new()),
        fees: Indices(Vec::new()),
        mi_cards: Indices(Vec::new()),
        costs_by_lock: false,
    };
}

/// Goes through every list once: a selector that names codes looks at those products only.
pub(super) fn select(catalogue: &Catalogue) -> Vec<Selected> {
    let selection = Selection::of(&catalogue.products);
    let mut all = vec![Selected::default(); catalogue.products.len()];
    for (index, rule) in catalogue.eligibility.iter().enumerate() {
        choose(&selection, &mut all, &rule.products, |one| {
            one.eligibility.push(index)
        });
    }
    for (index, adjustment) in catalogue.adjustments.iter().enumerate() {
        let add = |one: &mut Selected| one.adjustments.push(index);
        choose(&selection, &mut all, &adjustment.products, add);
    }
    for (index, cap) in catalogue.caps.iter().enumerate() {
        choose(&selection, &mut all, &cap.products, |one| {
            one.caps.push(index)
        });
    }
    for (index, margin) in catalogue.margins.iter().enumerate() {
        choose(&selection, &mut all, &margin.products, |one| {
            one.margins.push(index)
        });
    }
    for (index, fee) in catalogue.fees.iter().enumerate() {
        let by_lock = fee.when.depends_on_lock();
        choose(&selection, &mut all, &fee.products, |one| {
            one.fees.push(index);
            one.costs_by_lock |= by_lock;
        });
    }
    for (index, card) in catalogue.mi_cards.iter().enumerate() {
        let mut conditions = card.adjusters.iter().map(|(when, _)| when);
        let by_lock = card.when.depends_on_lock() || conditions.any(When::depends_on_lock);
        choose(&selection, &mut all, &card.products, |one| {
            one.mi_cards.push(index);
            one.costs_by_lock |= by_lock;
        });
    }
    for one in &mut all {
        sort_fees(catalogue, &mut one.fees);
    }
    all
}

/// Sections in the order of the form; within a section as the lender ordered them.
pub(crate) fn sort_fees(catalogue: &Catalogue, fees: &mut Indices) {
    fees.0.sort_by_key(|index| {
        let fee = catalogue.fees.get(place(*index));
        fee.map(|fee| (fee.section, fee.position))
    });
}

/// Whether each adjustment looks at the lock.
pub(super) fn by_lock(catalogue: &Catalogue) -> Vec<bool> {
    let adjustments = catalogue.adjustments.iter();
    adjustments
        .map(|one| looks_at_lock(&one.when, &one.effect))
        .collect()
}

fn looks_at_lock(when: &When, effect: &Effect) -> bool {
    let axis = |grid: &Grid| {
        let columns = grid.columns.as_ref().map(|axis| axis.of);
        grid.rows.of == AxisOf::LockDays || columns == Some(AxisOf::LockDays)
    };
    when.depends_on_lock()
        || match effect {
            Effect::Flat(_) => false,
            Effect::Grid(grid) => axis(grid),
        }
}

fn choose(
    selection: &Selection<'_>,
    selected: &mut [Selected],
    selector: &Selector,
    mut add: impl FnMut(&mut Selected),
) {
    for index in selection.matching(selector) {
        if let Some(one) = selected.get_mut(index) {
            add(one);
        }
    }
}

/// Groups of adjustments by number, so that sums need no names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    /// Group of each adjustment.
    pub(crate) of_adjustment: Vec<Option<usize>>,
    /// Group of each cap.
    pub(crate) of_cap: Vec<usize>,
    /// How many there are.
    pub(crate) count: usize,
}

impl Groups {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let mut numbers = Numbers::default();
        let adjustments = catalogue.adjustments.iter();
        let of_adjustment = adjustments
            .map(|one| one.group.as_deref().map(|group| numbers.of(group)))
            .collect();
        let caps = catalogue.caps.iter();
        let of_cap = caps.map(|cap| numbers.of(&cap.group)).collect();
        Self {
            of_adjustment,
            of_cap,
            count: numbers.0.len(),
        }
    }
}

/// Numbers given to names as they come up.
#[derive(Default)]
struct Numbers<'a>(HashMap<&'a str, usize>);

impl<'a> Numbers<'a> {
    fn of(&mut self, name: &'a str) -> usize {
        let next = self.0.len();
        *self.0.entry(name).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use lintel_domain::loan::Program;
    use lintel_domain::product::{ProductTerms, RateKind};

    use super::*;
    use crate::catalogue::Margin;
    use crate::catalogue::Product;
    use crate::codec::{Part, Parts, load};

    fn catalogue(products: usize, margins: usize, selector: &Selector) -> Catalogue {
        let product = |number: usize| Product {
            code: format!("P{number}"),
            public_id: None,
            name: "Fixed".to_owned(),
            terms: ProductTerms {
                program: Program::Conventional,
                term_months: 360,
                amortization_months: 360,
                interest_only_months: 0,
                lender_paid_mi: false,
                rate_kind: RateKind::Fixed,
            },
            families: Vec::new(),
            lock_days: Vec::new(),
            channels: Vec::new(),
            min_price: None,
            max_price: None,
            is_watchable: false,
            days: None,
        };
        let margin = Margin {
            name: "Margin".to_owned(),
            products: selector.clone(),
            when: When::default(),
            price: lintel_engine::rate::Pct::ZERO,
            days: None,
        };
        Catalogue {
            products: (0..products).map(product).collect(),
            margins: vec![margin; margins],
            ..Catalogue::default()
        }
    }

    #[test]
    fn a_product_named_twice_is_selected_once() {
        let twice = Selector {
            codes: ["P3", "P1", "P3", "P9"].map(str::to_owned).to_vec(),
            ..Selector::default()
        };
        let named = catalogue(5, 7, &twice);
        let kept = select(&named);
        let lengths: Vec<usize> = kept.iter().map(|one| one.margins.len()).collect();
        assert_eq!(lengths, [0, 7, 0, 7, 0]);
        let none = Selector {
            programs: vec![Program::Usda],
            ..twice
        };
        let kept = select(&catalogue(5, 7, &none));
        assert!(kept.iter().all(|one| one.margins.is_empty()));
    }

    #[test]
    fn a_catalogue_of_too_many_pairs_is_refused() {
        let mut products = String::new();
        for number in 0..150 {
            products.push_str(&format!(
                "[[product]]\ncode = \"P{number}\"\nname = \"P\"\nprogram = \"other\"\nterm_years = 30\n"
            ));
        }
        let margins = "[[margin]]\nname = \"M\"\npoints = 1\n".repeat(MAX_PAIRS / 150 + 1);
        let parts = Parts::from([(Part::Products, products), (Part::Margins, margins)]);
        let found = load(&parts).expect_err("too many");
        assert!(
            found[0].what.starts_with("more than 5000000 pairs"),
            "{}",
            found[0].what
        );
    }
}
