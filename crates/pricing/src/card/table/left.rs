//! What is left of a product's rules when everything that is the same for all rows is decided.

use lintel_domain::fee::is_finance_charge;
use lintel_domain::loan::Program;
use lintel_domain::product::ProductTerms;
use lintel_engine::bands::Band;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow as MiCell;

use super::{Maker, TableKey};
use crate::book::Indices;
use crate::card::split::{Axis, Split, Varying, cents, percents};
use crate::catalogue::{Adjustment, Cap, Fee, FeeAmount, Margin, PerOf, Product};
use crate::scenario::Scenario;
use crate::when::{Days, Facts, in_force};

/// The rules that are left.
pub(super) struct Left<'a> {
    pub(super) product: usize,
    pub(super) terms: &'a ProductTerms,
    /// A row of the block.
    pub(super) probe: Scenario,
    pub(super) lock_days: u32,
    /// All conditions that are left, in the order of the lists below, and then those that only tell
    /// charges apart.
    pub(super) conditions: Vec<&'a Varying>,
    /// How many eligibility rules; their requirements follow as many after.
    rules: usize,
    /// A rule whose requirement cannot be met by any row, by its place among the rules.
    never: Vec<bool>,
    pub(super) adjustments: Vec<usize>,
    pub(super) caps: Vec<usize>,
    pub(super) margins: Vec<usize>,
    /// Finance charges.
    pub(super) fees: Vec<usize>,
}

impl Left<'_> {
    /// Place of the first condition on adjustments.
    pub(super) const fn first_adjustment(&self) -> usize {
        self.rules * 2
    }

    /// Place of the first condition on closing costs; those that tell charges apart follow.
    pub(super) const fn first_fee(&self) -> usize {
        self.first_adjustment() + self.adjustments.len() + self.caps.len() + self.margins.len()
    }

    /// Whether a rule of eligibility refuses where these conditions hold.
    pub(super) fn refuses(&self, bits: &[u64]) -> bool {
        let has = |bit: usize| {
            let word = bits.get(bit / 64);
            word.is_some_and(|word| word >> (bit % 64) & 1 == 1)
        };
        let mut rules = self.never.iter().enumerate();
        rules.any(|(rule, never)| has(rule) && (*never || !has(self.rules + rule)))
    }
}

/// The rules of a list that may hold for some row.
struct Chooser<'a> {
    facts: Facts<'a>,
}

impl Chooser<'_> {
    fn choose<'s, T>(
        &self,
        list: &Indices,
        splits: &'s [Split],
        (rules, wanted): (&[T], impl Fn(&T) -> bool),
        conditions: &mut Vec<&'s Varying>,
    ) -> Vec<usize> {
        let mut kept = Vec::new();
        for index in list.iter() {
            let split = splits
                .get(index)
                .filter(|split| split.fixed.holds(&self.facts));
            if let Some(split) = split.filter(|_| rules.get(index).is_some_and(&wanted)) {
                conditions.push(&split.varying);
                kept.push(index);
            }
        }
        kept
    }
}

fn is_sold(product: &Product, probe: &Scenario) -> bool {
    let sells = |channel: &str| {
        let mut may = product.channels.iter();
        may.any(|one| one.eq_ignore_ascii_case(channel))
    };
    let by_channel = product.channels.is_empty() || probe.channel.as_deref().is_some_and(sells);
    by_channel && in_force(&product.days, probe.day)
}

impl Maker<'_> {
    /// Decides everything that is the same for all rows; none when that refuses the product.
    pub(super) fn left(&self, key: TableKey) -> Option<Left<'_>> {
        let catalogue = &self.book.catalogue;
        let product = catalogue.products.get(key.product)?;
        let mut probe = self.spec.probe(key.purpose, key.score);
        self.put(&mut probe, self.scenes.first()?, 0);
        if !is_sold(product, &probe) {
            return None;
        }
        let facts = Facts::try_of(&probe).ok()?.at_lock(key.lock_days);
        let today = |days: &Days| in_force(days, facts.scenario.day);
        let selected = self.book.selected(key.product);
        let (mut conditions, mut require, mut never) = (Vec::new(), Vec::new(), Vec::new());
        for index in selected.eligibility.iter() {
            let rule = catalogue.eligibility.get(index)?;
            let [applies, wanted] = self.splits.eligibility.get(index)?;
            if today(&rule.days) && applies.fixed.holds(&facts) {
                conditions.push(&applies.varying);
                require.push(&wanted.varying);
                never.push(!wanted.fixed.is_met(&facts));
            }
        }
        conditions.append(&mut require);
        let (chooser, splits) = (Chooser { facts }, self.splits);
        let rules = (catalogue.adjustments.as_slice(), |one: &Adjustment| {
            today(&one.days)
        });
        let adjustments = chooser.choose(
            &selected.adjustments,
            &splits.adjustments,
            rules,
            &mut conditions,
        );
        let rules = (catalogue.caps.as_slice(), |one: &Cap| today(&one.days));
        let caps = chooser.choose(&selected.caps, &splits.caps, rules, &mut conditions);
        let rules = (catalogue.margins.as_slice(), |one: &Margin| {
            today(&one.days)
        });
        let margins = chooser.choose(&selected.margins, &splits.margins, rules, &mut conditions);
        let rules = (catalogue.fees.as_slice(), |fee: &Fee| {
            today(&fee.days) && self.counts(fee)
        });
        let fees = chooser.choose(&selected.fees, &splits.fees, rules, &mut conditions);
        Some(Left {
            product: key.product,
            terms: &product.terms,
            probe: probe.clone(),
            lock_days: key.lock_days,
            conditions,
            rules: never.len(),
            never,
            adjustments,
            caps,
            margins,
            fees,
        })
    }

    fn counts(&self, fee: &Fee) -> bool {
        let table = &self.rules.tables.finance_charge;
        is_finance_charge(table, fee.finance_charge, &fee.mismo_type, fee.section)
    }

    /// Conditions that only tell cells apart: where tiers, cards and the programmes' tables change.
    pub(super) fn charge_conditions(&self, product: usize) -> Vec<Varying> {
        let catalogue = &self.book.catalogue;
        let Some(own) = catalogue.products.get(product) else {
            return Vec::new();
        };
        let selected = self.book.selected(product);
        let mut conditions = Vec::new();
        let mut add = |axis: Axis, band: Band<i64>| conditions.push(on(axis, band));
        for fee in selected
            .fees
            .iter()
            .filter_map(|index| catalogue.fees.get(index))
        {
            if let (FeeAmount::Tiered { of, tiers }, true) = (&fee.amount, self.counts(fee)) {
                tiers
                    .iter()
                    .for_each(|tier| add(axis_of(*of), cents(tier.band)));
            }
        }
        self.programme_conditions(product, own.terms.program, &mut conditions);
        conditions
    }

    fn programme_conditions(
        &self,
        product: usize,
        program: Program,
        conditions: &mut Vec<Varying>,
    ) {
        let (catalogue, tables) = (&self.book.catalogue, self.rules.tables);
        let selected = self.book.selected(product);
        let mut add = |axis: Axis, band: Band<i64>| conditions.push(on(axis, band));
        match program {
            Program::Conventional => {
                // Eighty percent is an edge of this axis, whether a card has a cell there or not.
                let above = Band {
                    over: Some(80_000_000_000),
                    up_to: None,
                };
                add(Axis::Ltv, above);
                let cards = selected.mi_cards.iter();
                let cards = cards.filter_map(|index| catalogue.mi_cards.get(index));
                let rows = cards.flat_map(|card| &card.rows).chain(&tables.mi_card);
                let mut bands: Vec<Band<i64>> =
                    rows.map(|row: &MiCell| percents(row.ltv)).collect();
                bands.sort_unstable_by_key(|band| (band.over, band.up_to));
                bands.dedup();
                bands.into_iter().for_each(|band| add(Axis::Ltv, band));
                for card in selected
                    .mi_cards
                    .iter()
                    .filter_map(|at| self.splits.cards.get(at))
                {
                    conditions.extend(card.iter().map(|split| split.varying.clone()));
                }
            }
            Program::Fha => {
                for row in &tables.fha_annual {
                    add(Axis::Loan, cents(row.base_loan));
                    add(Axis::Ltv, percents(row.ltv));
                }
            }
            Program::Va => {
                for row in &tables.va_funding_fee {
                    let step = row.down_payment;
                    let below = |edge: Pct| edge.e9().saturating_sub(1);
                    let band = Band {
                        over: step.at_least.map(below),
                        up_to: step.below.map(below),
                    };
                    add(Axis::Down, band);
                }
            }
            Program::Usda | Program::Other => {}
        }
    }
}

/// A condition on one axis.
fn on(axis: Axis, band: Band<i64>) -> Varying {
    let mut varying = Varying::default();
    if let Some(place) = varying.bands.get_mut(axis.index()) {
        *place = Some(band);
    }
    varying
}

const fn axis_of(of: PerOf) -> Axis {
    match of {
        PerOf::Loan => Axis::Loan,
        PerOf::Price => Axis::Price,
    }
}
