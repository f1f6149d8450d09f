//! A book: a catalogue and the sheets in force, ready to price.

mod estimates;
mod selected;

use std::collections::HashMap;
use std::sync::Arc;

use lintel_engine::rate::Pct;

use crate::catalogue::{Catalogue, Sheet};
use estimates::Estimates;
pub(crate) use estimates::monthly;

use selected::Groups;
pub(crate) use selected::sort_fees;
pub use selected::{Indices, MAX_PAIRS, Selected};

/// A catalogue with the sheets in force at one moment. Immutable: a change makes another book.
#[derive(Debug, Clone)]
pub struct Book {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// The sheets, in the order of the catalogue's products; a product without one is not priced.
    pub sheets: Vec<Option<Arc<Sheet>>>,
    hoisted: Arc<Hoisted>,
}

/// What of a catalogue does not depend on a search, worked out once.
#[derive(Debug)]
struct Hoisted {
    /// In the order of the catalogue's products.
    selected: Vec<Selected>,
    /// Whether each adjustment looks at the lock.
    by_lock: Vec<bool>,
    groups: Groups,
    estimates: Estimates,
}

impl Book {
    /// Puts a book together; sheets of codes the catalogue does not have are left out.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, sheets: &HashMap<String, Arc<Sheet>>) -> Self {
        let hoisted = Hoisted {
            selected: selected::select(&catalogue),
            by_lock: selected::by_lock(&catalogue),
            groups: Groups::of(&catalogue),
            estimates: Estimates::of(&catalogue),
        };
        let of = |code: &String| sheets.get(code).cloned();
        let sheets = catalogue.products.iter().map(|p| of(&p.code)).collect();
        Self {
            catalogue,
            sheets,
            hoisted: Arc::new(hoisted),
        }
    }

    /// The same catalogue with other sheets: what an update of prices makes. Nothing of the rules is
    /// worked out again.
    #[must_use]
    pub fn with_sheets(&self, sheets: &HashMap<String, Arc<Sheet>>) -> Self {
        let of = |code: &String| sheets.get(code).cloned();
        let products = self.catalogue.products.iter();
        Self {
            catalogue: Arc::clone(&self.catalogue),
            sheets: products.map(|p| of(&p.code)).collect(),
            hoisted: Arc::clone(&self.hoisted),
        }
    }

    /// The rules, charges and cards a product's code and terms select: none for a place beyond the
    /// catalogue's list of products.
    #[must_use]
    pub fn selected(&self, product: usize) -> &Selected {
        const NOTHING: &Selected = &Selected::NOTHING;
        self.hoisted.selected.get(product).unwrap_or(NOTHING)
    }

    /// Whether an adjustment (its place in the catalogue's list) looks at the lock.
    pub(crate) fn adjusts_by_lock(&self, adjustment: usize) -> bool {
        let by_lock = self.hoisted.by_lock.get(adjustment);
        by_lock.copied().unwrap_or_default()
    }

    pub(crate) fn groups(&self) -> &Groups {
        &self.hoisted.groups
    }
}

/// The points a caller wants to see, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsWanted {
    /// Least.
    pub low: Pct,
    /// Most.
    pub high: Pct,
}

impl PointsWanted {
    /// Whether points are among them.
    #[must_use]
    pub fn contains(&self, points: Pct) -> bool {
        self.low <= points && points <= self.high
    }
}
