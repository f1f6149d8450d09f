//! The compiler: one product, purpose, score and lock to a flat table of cells, one look-up a row.
//!
//! Every rule is cut in two. What is the same for all rows is decided once and drops the rule or its
//! condition ([`left`]); what is left is a box over the axes of [`super::split::Axis`]. Bands of an axis
//! that no remaining rule tells apart are one ([`merged`]), so that the situations of a card fall into few
//! cells. A cell is evaluated once ([`cell`]): which boxes it lies in is an AND of a few words of bits,
//! then sums, caps and margins go in the order of [`crate::price`].

mod cell;
mod left;
mod merged;

use std::collections::HashMap;

use lintel_domain::fee::{FinanceChargeRule, LeSection, is_finance_charge};
use lintel_domain::loan::Purpose;
use lintel_engine::money::Cents;

use super::boxes::Boxes;
use super::charges::Charges;
use super::figures::Shelf;
use super::space::{Scenes, Space, small};
use super::spec::CardSpec;
use super::split::Splits;
use crate::book::Book;
use crate::price::Rules;
use crate::scenario::Scenario;
use cell::{Kinds, Moves};
use left::Left;
use merged::{Known, numbered};

/// What a table is made from.
pub(super) struct Maker<'a> {
    pub(super) book: &'a Book,
    pub(super) rules: &'a Rules<'a>,
    pub(super) spec: &'a CardSpec,
    pub(super) space: &'a Space,
    pub(super) splits: &'a Splits,
    /// The scenes of each amount.
    pub(super) scenes: &'a [Scenes],
    pub(super) figures: &'a Shelf,
}

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TableKey {
    pub(super) product: usize,
    pub(super) purpose: Purpose,
    pub(super) score: Option<u32>,
    pub(super) lock_days: u32,
}

/// An adjustment that no price survives.
pub(super) const NOT_OFFERED: f64 = -1e18;

/// A product's cells at one purpose, score and lock.
#[derive(Debug)]
pub(super) struct Table {
    /// What is added to the sheet's price in each cell, billionths of a percent: whole numbers, or
    /// [`NOT_OFFERED`].
    pub(super) adjustments: Vec<f64>,
    /// Which of the charges each cell has.
    pub(super) kinds: Vec<u32>,
    pub(super) charges: Vec<Charges>,
    /// For each amount, the cell of each situation.
    pub(super) cell_of: Vec<Vec<u32>>,
    /// Whether discount points are a finance charge.
    pub(super) counts_points: bool,
}

impl Maker<'_> {
    pub(super) fn make(&self, key: TableKey) -> Table {
        let (rule, section) = (FinanceChargeRule::ByType, LeSection::A);
        let table = &self.rules.tables.finance_charge;
        let made = Table {
            adjustments: Vec::new(),
            kinds: Vec::new(),
            charges: Vec::new(),
            cell_of: Vec::new(),
            counts_points: is_finance_charge(table, rule, "LoanDiscountPoints", section),
        };
        let charged = self.charge_conditions(key.product);
        match self.left(key) {
            Some(mut left) => {
                left.conditions.extend(&charged);
                self.fill(left, made)
            }
            None => self.without_offer(made),
        }
    }

    fn without_offer(&self, mut made: Table) -> Table {
        made.adjustments.push(NOT_OFFERED);
        made.kinds.push(0);
        made.charges.push(Charges::NONE);
        let none = |scenes: &Scenes| vec![0; scenes.situations.len()];
        made.cell_of = self.scenes.iter().map(none).collect();
        made
    }

    fn fill(&self, mut left: Left<'_>, mut made: Table) -> Table {
        let boxes = Boxes::of(self.space, &left.conditions);
        let merged = self.merged(&left, &boxes);
        let place_kinds = numbered(&self.space.places, |place| merged.place(place));
        let mut number_kinds: HashMap<u128, u32> = HashMap::new();
        let mut known = Known::new(place_kinds.iter().max());
        let (mut kinds, mut moves) = (Kinds::of(&left), Moves::of(self, &left));
        let by_place = self.charges_by_place(&left);
        let mut bits = Vec::new();
        for scenes in self.scenes {
            let numbers = scenes.numbers.iter().map(|number| {
                let next = small(number_kinds.len());
                *number_kinds.entry(merged.number(number)).or_insert(next)
            });
            let numbers: Vec<u32> = numbers.collect();
            let mut cell_of = Vec::with_capacity(scenes.situations.len());
            for situation in &scenes.situations {
                let (number, place) = (index(situation.number), index(situation.place));
                let classes = (scenes.numbers.get(number), self.space.places.get(place));
                let kind = (numbers.get(number), place_kinds.get(place));
                let ((Some(number), Some(place)), (Some(number_kind), Some(place_kind))) =
                    (classes, kind)
                else {
                    continue;
                };
                let next = small(made.kinds.len());
                let cell = known.get(*number_kind, *place_kind, next);
                if cell == next {
                    boxes.holding(number, place, &mut bits);
                    let own = by_place.then_some(situation.place);
                    let charged = kinds.find(own, &bits, || {
                        self.put(&mut left.probe, scenes, index(situation.scene));
                        self.charges(&left, &bits)
                    });
                    let refused = charged.is_none() || left.refuses(&bits);
                    let adjustment = if refused {
                        None
                    } else {
                        moves.net(self, &left, (number, *number_kind), &bits)
                    };
                    let adjustment = adjustment.map_or(NOT_OFFERED, |e9| e9 as f64);
                    made.adjustments.push(adjustment);
                    made.kinds.push(charged.unwrap_or_default());
                }
                cell_of.push(cell);
            }
            made.cell_of.push(cell_of);
        }
        made.charges = kinds.charges;
        if made.charges.is_empty() {
            made.charges.push(Charges::NONE);
        }
        made
    }

    fn put(&self, probe: &mut Scenario, scenes: &Scenes, scene: usize) {
        let amount = |amounts: &[Cents]| amounts.get(scene).copied().unwrap_or(Cents::ZERO);
        let place = scenes.place.get(scene).copied().map_or(0, index);
        self.spec
            .put(probe, place, amount(&scenes.loan), amount(&scenes.price));
    }
}

/// A number as a place in a list.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
