//! What closing costs and programmes make of each scene, shared by all tables that charge alike:
//! most products of a programme do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lintel_domain::product::ProductTerms;
use lintel_engine::money::Cents;
use lintel_engine::us::mi::{MiStop, MiTerms};

use super::charges::Charges;
use super::payments::cents;
use super::rates::MOST_PREMIUM;
use super::space::{Scenes, small};
use super::table::Table;
use super::variant::Variant;

/// Most sets that are kept: a few megabytes. Tables beyond work their figures out block by block.
const MOST: usize = 24;

/// The note, the finance charges and the level premium of every scene, where all go through the lanes
/// in one way.
#[derive(Debug)]
pub(super) struct Figures {
    /// Cents; no number where the exact road has to tell.
    pub(super) principal: Vec<f64>,
    pub(super) fees: Vec<f64>,
    /// Empty when no scene has a level premium.
    pub(super) premium: Vec<u32>,
    /// When the level premiums end.
    pub(super) stop: Option<MiStop>,
    /// The level premium of all scenes that have one, when it is the same.
    pub(super) level: Option<MiTerms>,
}

/// The sets there are.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    charges: HashMap<Charges, u32>,
    /// By amount and the charges of each situation.
    figures: HashMap<(usize, Vec<u32>), Option<Arc<Figures>>>,
}

impl Shelf {
    /// The figures of a table's scenes at each amount; none where they differ in kind or there are too
    /// many sets already.
    pub(super) fn figures(
        &self,
        table: &Table,
        terms: &ProductTerms,
        scenes: &[Scenes],
    ) -> Vec<Option<Arc<Figures>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers: Vec<u32> = table
            .charges
            .iter()
            .map(|charges| {
                let next = small(known.charges.len());
                *known.charges.entry(charges.clone()).or_insert(next)
            })
            .collect();
        let of_amount = scenes.iter().zip(&table.cell_of).enumerate();
        of_amount
            .map(|(amount, (scenes, cell_of))| {
                let number = |cell: &u32| {
                    let kind = table.kinds.get(usize::try_from(*cell).ok()?)?;
                    numbers.get(usize::try_from(*kind).ok()?).copied()
                };
                let key = cell_of.iter().map(number).collect::<Option<Vec<u32>>>()?;
                let key = (amount, key);
                if let Some(found) = known.figures.get(&key) {
                    return found.clone();
                }
                if known.figures.len() >= MOST {
                    return None;
                }
                let made = Figures::of(table, terms, scenes, cell_of).map(Arc::new);
                known.figures.insert(key, made.clone());
                made
            })
            .collect()
    }
}

impl Figures {
    fn of(table: &Table, terms: &ProductTerms, scenes: &Scenes, cell_of: &[u32]) -> Option<Self> {
        let (mut stop, mut level, mut levels_differ) = (None, None, false);
        let mut variant = None;
        for charges in &table.charges {
            let own = Variant::of(charges, terms);
            if *variant.get_or_insert(own) != own {
                return None;
            }
            let Some(mi) = charges.level() else { continue };
            if *stop.get_or_insert(mi.stop) != mi.stop {
                return None;
            }
            levels_differ |= *level.get_or_insert(mi) != mi;
        }
        let mut figures = Self {
            principal: Vec::with_capacity(scenes.loan.len()),
            fees: Vec::with_capacity(scenes.loan.len()),
            premium: Vec::new(),
            stop,
            level: level.filter(|_| !levels_differ),
        };
        let amounts = scenes.loan.iter().zip(&scenes.price).zip(&scenes.situation);
        for ((loan, price), situation) in amounts {
            let cell = cell_of.get(usize::try_from(*situation).ok()?)?;
            let kind = table.kinds.get(usize::try_from(*cell).ok()?)?;
            let charges = table.charges.get(usize::try_from(*kind).ok()?)?;
            figures.push(charges, *loan, *price);
        }
        Some(figures)
    }

    fn push(&mut self, charges: &Charges, loan: Cents, price: Cents) {
        let charged = charges.on(loan, price);
        let premium = charged.and_then(|charged| charges.level_premium(charged.principal));
        let (principal, fees, premium) = match (charged, premium) {
            (Some(charged), Some(premium)) => {
                let principal = cents(charged.principal);
                let fits = is_laned(principal, premium);
                let principal = if fits { principal } else { f64::NAN };
                let premium = u32::try_from(premium.get()).unwrap_or_default();
                (principal, cents(charged.fees), premium)
            }
            _ => (f64::NAN, 0.0, 0),
        };
        self.principal.push(principal);
        self.fees.push(fees);
        if self.stop.is_some() {
            self.premium.push(premium);
        }
    }
}

/// Whether a scene's figures fit the columns and the proof of the lanes.
pub(super) fn is_laned(principal: f64, premium: Cents) -> bool {
    principal < 4.2e9 && cents(premium) <= principal * MOST_PREMIUM
}
