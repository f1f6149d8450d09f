//! A cell evaluated: what is added to the sheet's price, and what is charged.

use std::collections::HashMap;

use lintel_domain::fee::{FinanceChargeRule, LeSection, is_finance_charge};
use lintel_domain::loan::Program;
use lintel_domain::scenario::Flag;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::left::Left;
use super::{Maker, index};
use crate::card::boxes::each_set;
use crate::card::charges::{Charges, Part, PartOf, Upfront, unrowed};
use crate::card::payments::InterestFee;
use crate::card::space::{NumberClass, small, varying_axis};
use crate::catalogue::{
    Axis as GridAxis, AxisOf, Cap, Effect, EstimateOf, Fee, FeeAmount, Grid, PerOf,
};
use crate::quote::ChargeScene;
use crate::scenario::Scenario;
use crate::when::Facts;

/// What moves a price in a table, laid out for adding up.
pub(super) struct Moves<'a> {
    /// Group of each adjustment; those without one are in the last, which has no cap.
    group_of: Vec<usize>,
    caps: Vec<(usize, &'a Cap)>,
    margins: Vec<i64>,
    /// Points of each adjustment, none where the product is not offered: by the kind of numbers, on
    /// which alone grids depend.
    points: Vec<Option<Vec<Option<i64>>>>,
    sums: Vec<i128>,
    /// Groups whose cap is still to come: an adjustment was counted for them.
    open: Vec<bool>,
}

impl<'a> Moves<'a> {
    pub(super) fn of(maker: &Maker<'a>, left: &Left<'_>) -> Self {
        let (catalogue, groups) = (&maker.book.catalogue, maker.book.groups());
        let none = groups.count;
        let group = |index: &usize| groups.of_adjustment.get(*index).copied().flatten();
        let caps = left.caps.iter().filter_map(|index| {
            let group = groups.of_cap.get(*index).copied().unwrap_or(none);
            Some((group, catalogue.caps.get(*index)?))
        });
        let margins = left.margins.iter();
        let margins = margins.filter_map(|index| catalogue.margins.get(*index));
        Self {
            group_of: left
                .adjustments
                .iter()
                .map(|one| group(one).unwrap_or(none))
                .collect(),
            caps: caps.collect(),
            margins: margins.map(|margin| margin.price.e9()).collect(),
            points: Vec::new(),
            sums: vec![0; none + 1],
            open: vec![false; none + 1],
        }
    }

    /// Adjustments within the caps of their groups, and margins: as [`crate::price::net_adjustment`].
    pub(super) fn net(
        &mut self,
        maker: &Maker<'_>,
        left: &Left<'_>,
        (number, kind): (&NumberClass, u32),
        bits: &[u64],
    ) -> Option<i64> {
        let kind = index(kind);
        if self.points.len() <= kind {
            self.points.resize(kind + 1, None);
        }
        let points = self.points.get_mut(kind)?;
        let points = points.get_or_insert_with(|| points_of(maker, left, number));
        self.sums.fill(0);
        self.open.fill(false);
        let (mut net, mut is_offered) = (0_i128, true);
        let from = left.first_adjustment();
        let to = from + left.adjustments.len();
        each_set(bits, from..to, |at| {
            let group = self.group_of.get(at).copied().unwrap_or_default();
            let points = points.get(at).copied().flatten();
            let places = (self.sums.get_mut(group), self.open.get_mut(group));
            if let (Some(points), (Some(sum), Some(open))) = (points, places) {
                *sum += i128::from(points);
                *open = true;
                net += i128::from(points);
            } else {
                is_offered = false;
            }
        });
        let (from, to) = (to, to + left.caps.len());
        each_set(bits, from..to, |at| {
            let Some((group, cap)) = self.caps.get(at) else {
                return;
            };
            if let (Some(open), Some(sum)) = (self.open.get_mut(*group), self.sums.get(*group))
                && std::mem::take(open)
            {
                net += crate::price::held(cap, *sum) - sum;
            }
        });
        each_set(bits, to..to + left.margins.len(), |at| {
            net += self.margins.get(at).copied().map_or(0, i128::from);
        });
        let bounds = i128::from(Pct::MIN.e9())..=i128::from(Pct::MAX.e9());
        let within = is_offered && bounds.contains(&net);
        i64::try_from(net).ok().filter(|_| within)
    }
}

/// The points of every adjustment at some numbers.
fn points_of(maker: &Maker<'_>, left: &Left<'_>, number: &NumberClass) -> Vec<Option<i64>> {
    let adjustments = left.adjustments.iter();
    adjustments
        .map(
            |at| match &maker.book.catalogue.adjustments.get(*at)?.effect {
                Effect::Flat(points) => Some(points.e9()),
                Effect::Grid(grid) => maker.look_up(left, grid, number).map(Pct::e9),
            },
        )
        .collect()
}

/// The charges of a table that there are, and which conditions lead to which.
pub(super) struct Kinds {
    first: usize,
    pub(super) charges: Vec<Charges>,
    by_bits: HashMap<Vec<u64>, Option<u32>>,
    known: HashMap<Charges, u32>,
    key: Vec<u64>,
}

impl Kinds {
    pub(super) fn of(left: &Left<'_>) -> Self {
        Self {
            first: left.first_fee(),
            charges: Vec::new(),
            by_bits: HashMap::new(),
            known: HashMap::new(),
            key: Vec::new(),
        }
    }

    /// The charges where these conditions hold, at a place when they depend on it without a condition;
    /// none where they cannot be worked out.
    pub(super) fn find(
        &mut self,
        place: Option<u32>,
        bits: &[u64],
        make: impl FnOnce() -> Option<Charges>,
    ) -> Option<u32> {
        self.key.clear();
        self.key.extend(bits.iter().skip(self.first / 64));
        if let Some(word) = self.key.first_mut() {
            *word &= u64::MAX << (self.first % 64);
        }
        self.key.extend(place.map(u64::from));
        if let Some(known) = self.by_bits.get(&self.key) {
            return *known;
        }
        let made = make().map(|charges| {
            let next = small(self.charges.len());
            let kind = *self.known.entry(charges.clone()).or_insert(next);
            if kind == next {
                self.charges.push(charges);
            }
            kind
        });
        self.by_bits.insert(self.key.clone(), made);
        made
    }
}

impl Maker<'_> {
    fn look_up(&self, left: &Left<'_>, grid: &Grid, number: &NumberClass) -> Option<Pct> {
        let band = |axis: &GridAxis| {
            let value = match (varying_axis(axis.of), axis.of) {
                (Some(varying), _) => {
                    let band = number.get(varying.index()).copied().unwrap_or_default();
                    self.space
                        .largest(varying, usize::try_from(band).unwrap_or_default())
                }
                (None, AxisOf::Score) => left.probe.score.map_or(i64::MIN, i64::from),
                (None, AxisOf::TermMonths) => i64::from(left.terms.term_months),
                (None, _) => i64::from(left.lock_days),
            };
            axis.band(value)
        };
        grid.at(band(&grid.rows), grid.columns.as_ref().map_or(0, band))
    }

    /// The finance charges that hold, and the programme's; the probe is a row they are for.
    pub(super) fn charges(&self, left: &Left<'_>, bits: &[u64]) -> Option<Charges> {
        let mut charges = Charges::NONE;
        let from = left.first_fee();
        let mut is_held = Some(());
        each_set(bits, from..from + left.fees.len(), |at| {
            let fee = left.fees.get(at);
            let fee = fee.and_then(|index| self.book.catalogue.fees.get(*index));
            let charged = fee.and_then(|fee| self.charge(&mut charges, fee, &left.probe));
            is_held = is_held.and(charged);
        });
        is_held?;
        let facts = Facts::try_of(&left.probe).ok()?.at_lock(left.lock_days);
        let scene = ChargeScene {
            book: self.book,
            mi_cards: &self.book.selected(left.product).mi_cards,
            facts: &facts,
            tables: self.rules.tables,
        };
        let charge = scene.charge(left.terms).ok()?;
        charges.mi = charge.monthly.map(unrowed);
        let (table, probe) = (self.rules.tables, &left.probe);
        charges.upfront = match left.terms.program {
            Program::Conventional | Program::Other => Upfront::None,
            Program::Fha => Upfront::OfBase {
                rate: table.fha_upfront,
                financed: probe.flags.has(Flag::FinancesUpfrontFee),
            },
            Program::Va => Upfront::OfBase {
                rate: scene.va_rate().ok()?,
                financed: probe.finances_va_fee,
            },
            Program::Usda => Upfront::OfTotal {
                rate: table.usda_upfront,
                financed: probe.finances_usda_fee,
            },
        };
        charges.counts_upfront = charge.upfront.is_some_and(|cost| {
            let rule = FinanceChargeRule::ByType;
            is_finance_charge(&table.finance_charge, rule, cost.mismo_type, LeSection::B)
        });
        Some(charges)
    }

    fn charge(&self, charges: &mut Charges, fee: &Fee, probe: &Scenario) -> Option<()> {
        let (min, max) = (fee.min, fee.max);
        let mut part = |of: PartOf| charges.parts.push(Part { of, min, max });
        match &fee.amount {
            FeeAmount::Flat(amount) => {
                let least = min.map_or(*amount, |min| min.max(*amount));
                let amount = max.map_or(least, |max| max.min(least));
                charges.flat = charges.flat.checked_add(amount)?;
            }
            FeeAmount::Percent { rate, of } => part(PartOf::Percent {
                flat: Cents::ZERO,
                rate: *rate,
                of: *of,
                over: Cents::ZERO,
            }),
            FeeAmount::Tiered { of, tiers } => {
                let amount = match of {
                    PerOf::Loan => probe.loan_amount,
                    PerOf::Price => probe.home_price,
                };
                if let Some(tier) = tiers.iter().find(|tier| tier.band.contains(amount)) {
                    part(PartOf::Percent {
                        flat: tier.flat,
                        rate: tier.rate,
                        of: *of,
                        over: tier.band.over.unwrap_or(Cents::ZERO),
                    });
                }
            }
            FeeAmount::InterestDays(days) => charges.interest.push(InterestFee {
                days: *days,
                min,
                max,
            }),
            FeeAmount::TaxMonths(count) => {
                if let Some(estimate) = self.book.estimate(EstimateOf::PropertyTax, probe) {
                    part(Part::months(*count, estimate));
                }
            }
            FeeAmount::InsuranceMonths(count) => {
                if let Some(estimate) = self.book.estimate(EstimateOf::Insurance, probe) {
                    part(Part::months(*count, estimate));
                }
            }
        }
        Some(())
    }
}

impl Charges {
    /// Nothing is charged.
    pub(super) const NONE: Self = Self {
        flat: Cents::ZERO,
        parts: Vec::new(),
        interest: Vec::new(),
        upfront: Upfront::None,
        counts_upfront: false,
        mi: None,
    };
}
