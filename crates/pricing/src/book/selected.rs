//! Which rules, charges and cards of a catalogue are for which product.

use std::collections::HashMap;

use crate::catalogue::{AxisOf, Catalogue, Effect, Grid, Product};
use crate::when::{Selector, When};

/// Places in the lists of a catalogue of what a product's selectors match, in the catalogue's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// Eligibility rules.
    pub eligibility: Vec<usize>,
    /// Price adjustments.
    pub adjustments: Vec<usize>,
    /// Those of them that look at the lock.
    pub adjustments_by_lock: Vec<usize>,
    /// Those that do not.
    pub adjustments_at_any_lock: Vec<usize>,
    /// Caps.
    pub caps: Vec<usize>,
    /// Margins.
    pub margins: Vec<usize>,
    /// Closing costs by section and position.
    pub fees: Vec<usize>,
    /// Mortgage insurance cards.
    pub mi_cards: Vec<usize>,
    /// Whether a closing cost or a card looks at the lock.
    pub costs_by_lock: bool,
}

impl Selected {
    pub(super) const NOTHING: Self = Self {
        eligibility: Vec::new(),
        adjustments: Vec::new(),
        adjustments_by_lock: Vec::new(),
        adjustments_at_any_lock: Vec::new(),
        caps: Vec::new(),
        margins: Vec::new(),
        fees: Vec::new(),
        mi_cards: Vec::new(),
        costs_by_lock: false,
    };
}

/// Goes through every list once: a selector that names codes looks at those products only.
pub(super) fn select(catalogue: &Catalogue) -> Vec<Selected> {
    let products = &catalogue.products;
    let mut by_code: HashMap<&str, Vec<usize>> = HashMap::with_capacity(products.len());
    for (index, product) in products.iter().enumerate() {
        by_code.entry(&product.code).or_default().push(index);
    }
    let mut all = Chooser {
        products,
        by_code,
        selected: vec![Selected::default(); products.len()],
    };
    for (index, rule) in catalogue.eligibility.iter().enumerate() {
        all.choose(&rule.products, |one| one.eligibility.push(index));
    }
    for (index, adjustment) in catalogue.adjustments.iter().enumerate() {
        let by_lock = looks_at_lock(&adjustment.when, &adjustment.effect);
        all.choose(&adjustment.products, |one| {
            one.adjustments.push(index);
            let apart = if by_lock {
                &mut one.adjustments_by_lock
            } else {
                &mut one.adjustments_at_any_lock
            };
            apart.push(index);
        });
    }
    for (index, cap) in catalogue.caps.iter().enumerate() {
        all.choose(&cap.products, |one| one.caps.push(index));
    }
    for (index, margin) in catalogue.margins.iter().enumerate() {
        all.choose(&margin.products, |one| one.margins.push(index));
    }
    for (index, fee) in catalogue.fees.iter().enumerate() {
        let by_lock = fee.when.depends_on_lock();
        all.choose(&fee.products, |one| {
            one.fees.push(index);
            one.costs_by_lock |= by_lock;
        });
    }
    for (index, card) in catalogue.mi_cards.iter().enumerate() {
        let mut conditions = card.adjusters.iter().map(|(when, _)| when);
        let by_lock = card.when.depends_on_lock() || conditions.any(When::depends_on_lock);
        all.choose(&card.products, |one| {
            one.mi_cards.push(index);
            one.costs_by_lock |= by_lock;
        });
    }
    let mut selected = all.selected;
    for one in &mut selected {
        sort_fees(catalogue, &mut one.fees);
    }
    selected
}

/// Sections in the order of the form; within a section as the lender ordered them.
pub(crate) fn sort_fees(catalogue: &Catalogue, fees: &mut [usize]) {
    let place = |index: &usize| {
        let fee = catalogue.fees.get(*index);
        fee.map(|fee| (fee.section, fee.position))
    };
    fees.sort_by_key(place);
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

struct Chooser<'a> {
    products: &'a [Product],
    by_code: HashMap<&'a str, Vec<usize>>,
    selected: Vec<Selected>,
}

impl Chooser<'_> {
    fn choose(&mut self, selector: &Selector, mut add: impl FnMut(&mut Selected)) {
        let mut look = |index: usize| {
            let product = self.products.get(index);
            if product.is_some_and(|product| selector.matches(product))
                && let Some(one) = self.selected.get_mut(index)
            {
                add(one);
            }
        };
        if selector.codes.is_empty() {
            (0..self.products.len()).for_each(look);
            return;
        }
        let mut named: Vec<usize> = selector
            .codes
            .iter()
            .filter_map(|code| self.by_code.get(code.as_str()))
            .flatten()
            .copied()
            .collect();
        // A code that is written twice is still one product.
        named.sort_unstable();
        named.dedup();
        named.into_iter().for_each(&mut look);
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
