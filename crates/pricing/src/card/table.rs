//! The compiler: one product, purpose, score and lock to a flat table of cells, one look-up a row.
//!
//! Every rule is cut in two. What is the same for all rows is decided once and drops the rule or its
//! condition; what is left is a box over the axes of [`super::split::Axis`]. Bands of an axis that no
//! remaining rule tells apart are one, so that the situations of a card fall into few cells. A cell
//! is evaluated once: which boxes it lies in is an AND of a few words of bits, then sums, caps and
//! margins go in the order of [`crate::price`].

use std::collections::HashMap;

use lintel_domain::fee::{FinanceChargeRule, LeSection, is_finance_charge};
use lintel_domain::loan::Program;
use lintel_domain::product::ProductTerms;
use lintel_domain::scenario::Flag;
use lintel_engine::bands::Band;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow as MiCell;

use super::boxes::{Boxes, set_bits};
use super::charges::{Charges, Part, PartOf, Upfront, unrowed};
use super::payments::InterestFee;
use super::space::{NumberClass, PlaceClass, Scenes, Space, small, varying_axis};
use super::spec::CardSpec;
use super::split::{AXES, Axis, PLACE, Split, Splits, Varying, cents, percents};
use crate::book::Book;
use crate::catalogue::{Axis as GridAxis, AxisOf, Effect, EstimateOf, Fee, FeeAmount, Grid, PerOf};
use crate::price::Rules;
use crate::quote::ChargeScene;
use crate::scenario::Scenario;
use crate::when::{Facts, in_force};

/// What a table is made from.
pub(super) struct Maker<'a> {
    pub(super) book: &'a Book,
    pub(super) rules: &'a Rules<'a>,
    pub(super) spec: &'a CardSpec,
    pub(super) space: &'a Space,
    pub(super) splits: &'a Splits,
    /// The scenes of each amount.
    pub(super) scenes: &'a [Scenes],
}

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TableKey {
    pub(super) product: usize,
    pub(super) purpose: lintel_domain::loan::Purpose,
    pub(super) score: Option<u32>,
    pub(super) lock_days: u32,
}

/// A cell: what rows that lie in it have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    /// What is added to the sheet's price, billionths of a percent: a whole number; none where the
    /// product is not offered.
    pub(super) adjustment: Option<i64>,
    /// Which of the table's charges.
    pub(super) charges: u32,
}

/// A product's cells at one purpose, score and lock.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) cells: Vec<Cell>,
    pub(super) charges: Vec<Charges>,
    /// For each amount, the cell of each situation.
    pub(super) cell_of: Vec<Vec<u32>>,
    /// Whether discount points are a finance charge.
    pub(super) counts_points: bool,
}

/// The rules that are left when everything the same for all rows is decided.
struct Left<'a> {
    product: usize,
    terms: &'a ProductTerms,
    probe: Scenario,
    lock_days: u32,
    /// All conditions that are left, in the order of the lists below.
    conditions: Vec<&'a Varying>,
    /// How many eligibility rules; their requirements follow as many after.
    rules: usize,
    adjustments: Vec<usize>,
    caps: Vec<usize>,
    margins: Vec<usize>,
    /// Finance charges.
    fees: Vec<usize>,
    /// A rule whose requirement cannot be met by any row, by its place among the rules.
    never: Vec<bool>,
}

impl Maker<'_> {
    pub(super) fn make(&self, key: TableKey) -> Table {
        let table = self.rules.tables;
        let rule = FinanceChargeRule::ByType;
        let counts_points = is_finance_charge(
            &table.finance_charge,
            rule,
            "LoanDiscountPoints",
            LeSection::A,
        );
        let mut made = Table {
            cells: Vec::new(),
            charges: Vec::new(),
            cell_of: Vec::new(),
            counts_points,
        };
        let charged = self.charge_conditions(key.product);
        let Some(mut left) = self.left(key) else {
            made.cells.push(Cell::NOT_OFFERED);
            made.charges.push(Charges::NONE);
            let none = |scenes: &Scenes| vec![0; scenes.situations.len()];
            made.cell_of = self.scenes.iter().map(none).collect();
            return made;
        };
        left.conditions.extend(&charged);
        let boxes = Boxes::of(self.space, &left.conditions);
        let merged = self.merged(&left, &boxes);
        let kinds_of_place: Vec<u32> = numbered(&self.space.places, |place| merged.place(place));
        let mut numbers: HashMap<u128, u32> = HashMap::new();
        let mut known = Known::new(kinds_of_place.iter().max());
        let mut kinds: HashMap<Charges, u32> = HashMap::new();
        let mut bits = Vec::new();
        for scenes in self.scenes {
            let number_of: Vec<u32> = scenes
                .numbers
                .iter()
                .map(|number| {
                    let next = small(numbers.len());
                    *numbers.entry(merged.number(number)).or_insert(next)
                })
                .collect();
            let mut cell_of = Vec::with_capacity(scenes.situations.len());
            for situation in &scenes.situations {
                let (number, place) = (index(situation.number), index(situation.place));
                let kind = (number_of.get(number), kinds_of_place.get(place));
                let (Some(number_kind), Some(place_kind)) = kind else {
                    continue;
                };
                let next = small(made.cells.len());
                let cell = known.get(*number_kind, *place_kind, next);
                let classes = (scenes.numbers.get(number), self.space.places.get(place));
                if let (true, (Some(number), Some(place))) = (cell == next, classes) {
                    boxes.holding(number, place, &mut bits);
                    self.put(&mut left.probe, scenes, index(situation.scene));
                    let (adjustment, charges) = self.cell(&left, number, &bits);
                    let kind = small(kinds.len());
                    let charges = *kinds.entry(charges).or_insert(kind);
                    made.cells.push(Cell {
                        adjustment,
                        charges,
                    });
                }
                cell_of.push(cell);
            }
            made.cell_of.push(cell_of);
        }
        made.charges = vec![Charges::NONE; kinds.len()];
        for (charges, kind) in kinds {
            if let Some(place) = made
                .charges
                .get_mut(usize::try_from(kind).unwrap_or_default())
            {
                *place = charges;
            }
        }
        made
    }

    fn put(&self, probe: &mut Scenario, scenes: &Scenes, scene: usize) {
        let place = scenes.place.get(scene).copied().unwrap_or_default();
        let amount = |amounts: &[Cents]| amounts.get(scene).copied().unwrap_or(Cents::ZERO);
        let place = usize::try_from(place).unwrap_or_default();
        self.spec
            .put(probe, place, amount(&scenes.loan), amount(&scenes.price));
    }

    /// Decides everything that is the same for all rows; none when that refuses the product.
    fn left(&self, key: TableKey) -> Option<Left<'_>> {
        let catalogue = &self.book.catalogue;
        let product = catalogue.products.get(key.product)?;
        let mut probe = self.spec.probe(key.purpose, key.score);
        self.put(&mut probe, self.scenes.first()?, 0);
        let day = probe.day;
        let facts = Facts::try_of(&probe).ok()?.at_lock(key.lock_days);
        let sells = |channel: &str| {
            let mut may = product.channels.iter();
            may.any(|one| one.eq_ignore_ascii_case(channel))
        };
        let is_sold = product.channels.is_empty() || probe.channel.as_deref().is_some_and(sells);
        if !is_sold || !in_force(&product.days, day) {
            return None;
        }
        let selected = self.book.selected(key.product);
        let (mut when, mut require, mut never) = (Vec::new(), Vec::new(), Vec::new());
        for index in &selected.eligibility {
            let rule = catalogue.eligibility.get(*index)?;
            let [applies, wanted] = self.splits.eligibility.get(*index)?;
            // A rule for a debt to income says nothing on a card, where no income is known.
            if in_force(&rule.days, day)
                && !rule.when.depends_on_dti()
                && applies.fixed.holds(&facts)
            {
                when.push(&applies.varying);
                require.push(&wanted.varying);
                never.push(!wanted.fixed.holds(&facts));
            }
        }
        let rules = when.len();
        let mut conditions = when;
        conditions.append(&mut require);
        let choose = |list: &[usize], splits: &'_ [Split], holds: &dyn Fn(usize) -> bool| {
            let mut kept = Vec::new();
            for index in list {
                let split = splits.get(*index).filter(|split| split.fixed.holds(&facts));
                if split.is_some() && holds(*index) {
                    kept.push(*index);
                }
            }
            kept
        };
        let adjustments = choose(&selected.adjustments, &self.splits.adjustments, &|index| {
            catalogue
                .adjustments
                .get(index)
                .is_some_and(|one| in_force(&one.days, day))
        });
        let caps = choose(&selected.caps, &self.splits.caps, &|index| {
            catalogue
                .caps
                .get(index)
                .is_some_and(|one| in_force(&one.days, day))
        });
        let margins = choose(&selected.margins, &self.splits.margins, &|index| {
            catalogue
                .margins
                .get(index)
                .is_some_and(|one| in_force(&one.days, day))
        });
        let fees = choose(&selected.fees, &self.splits.fees, &|index| {
            let fee = catalogue.fees.get(index);
            fee.is_some_and(|fee| in_force(&fee.days, day) && self.counts(fee))
        });
        for (list, splits) in [
            (&adjustments, &self.splits.adjustments),
            (&caps, &self.splits.caps),
            (&margins, &self.splits.margins),
            (&fees, &self.splits.fees),
        ] {
            let kept = list.iter().filter_map(|index| splits.get(*index));
            conditions.extend(kept.map(|split| &split.varying));
        }
        Some(Left {
            product: key.product,
            terms: &product.terms,
            probe,
            lock_days: key.lock_days,
            conditions,
            rules,
            adjustments,
            caps,
            margins,
            fees,
            never,
        })
    }

    fn counts(&self, fee: &Fee) -> bool {
        let table = &self.rules.tables.finance_charge;
        is_finance_charge(table, fee.finance_charge, &fee.mismo_type, fee.section)
    }

    /// Conditions that only tell cells apart: where tiers, cards and the programmes' tables change.
    fn charge_conditions(&self, product: usize) -> Vec<Varying> {
        let (catalogue, tables) = (&self.book.catalogue, self.rules.tables);
        let Some(own) = catalogue.products.get(product) else {
            return Vec::new();
        };
        let selected = self.book.selected(product);
        let mut conditions = Vec::new();
        let mut add = |axis: Axis, band: Band<i64>| {
            let mut varying = Varying::default();
            varying.bands[axis.index()] = Some(band);
            conditions.push(varying);
        };
        for fee in selected
            .fees
            .iter()
            .filter_map(|index| catalogue.fees.get(*index))
        {
            if let (FeeAmount::Tiered { of, tiers }, true) = (&fee.amount, self.counts(fee)) {
                tiers
                    .iter()
                    .for_each(|tier| add(axis_of(*of), cents(tier.band)));
            }
        }
        match own.terms.program {
            Program::Conventional => {
                // Eighty percent is an edge of this axis, whether a card has a cell there or not.
                let above = Band {
                    over: Some(80_000_000_000),
                    up_to: None,
                };
                add(Axis::Ltv, above);
                let cards = selected.mi_cards.iter();
                let cards = cards.filter_map(|index| catalogue.mi_cards.get(*index));
                let rows = cards.flat_map(|card| &card.rows).chain(&tables.mi_card);
                let mut bands: Vec<Band<i64>> =
                    rows.map(|row: &MiCell| percents(row.ltv)).collect();
                bands.sort_unstable_by_key(|band| (band.over, band.up_to));
                bands.dedup();
                bands.into_iter().for_each(|band| add(Axis::Ltv, band));
                for card in selected
                    .mi_cards
                    .iter()
                    .filter_map(|at| self.splits.cards.get(*at))
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
        conditions
    }

    /// Bands that are the same to every rule that is left become one.
    fn merged(&self, left: &Left<'_>, boxes: &Boxes) -> Merged {
        let grids: Vec<(Axis, &GridAxis)> = left
            .adjustments
            .iter()
            .filter_map(
                |index| match &self.book.catalogue.adjustments.get(*index)?.effect {
                    Effect::Grid(Grid { rows, columns, .. }) => Some((rows, columns.as_ref())),
                    Effect::Flat(_) => None,
                },
            )
            .flat_map(|(rows, columns)| std::iter::once(rows).chain(columns))
            .filter_map(|axis| Some((varying_axis(axis.of)?, axis)))
            .collect();
        // Estimates of taxes and insurance are found by place, without a condition.
        let by_place = left.fees.iter().any(|index| {
            let fee = self.book.catalogue.fees.get(*index);
            let months = |fee: &Fee| {
                matches!(
                    fee.amount,
                    FeeAmount::TaxMonths(_) | FeeAmount::InsuranceMonths(_)
                )
            };
            fee.is_some_and(months)
        });
        let mut merged = Merged::default();
        for axis in AXES {
            let mut known: HashMap<Vec<u64>, u32> = HashMap::new();
            let of_band = (0..self.space.bands(axis)).map(|band| {
                if axis == Axis::County && !by_place && band > 0 && !boxes.is_named(band) {
                    return 0;
                }
                let mut key = boxes.band(axis, band).to_vec();
                let own = grids.iter().filter(|(of, _)| *of == axis);
                key.extend(own.map(|(_, grid)| {
                    u64::try_from(grid.band(self.space.largest(axis, band))).unwrap_or(u64::MAX)
                }));
                if by_place && axis.index() >= PLACE {
                    key.push(u64::try_from(band).unwrap_or(u64::MAX));
                }
                let next = small(known.len());
                *known.entry(key).or_insert(next)
            });
            merged.of_band[axis.index()] = of_band.collect();
        }
        merged
    }

    /// Evaluates a cell; the probe is a row that lies in it.
    fn cell(&self, left: &Left<'_>, number: &NumberClass, bits: &[u64]) -> (Option<i64>, Charges) {
        if self.is_refused(left, bits) {
            return (None, Charges::NONE);
        }
        let from = left.rules * 2;
        let Some(adjustment) = self.adjustment(left, number, (bits, from)) else {
            return (None, Charges::NONE);
        };
        let from = from + left.adjustments.len() + left.caps.len() + left.margins.len();
        match self.charges(left, (bits, from)) {
            Some(charges) => (Some(adjustment), charges),
            None => (None, Charges::NONE),
        }
    }

    fn is_refused(&self, left: &Left<'_>, bits: &[u64]) -> bool {
        let has = |bit: usize| {
            bits.get(bit / 64)
                .is_some_and(|word| word >> (bit % 64) & 1 == 1)
        };
        set_bits(bits, 0, left.rules).any(|rule| {
            let never = left.never.get(rule).copied().unwrap_or_default();
            never || !has(left.rules + rule)
        })
    }

    /// Adjustments within the caps of their groups, and margins: as [`crate::price::net_adjustment`].
    fn adjustment(
        &self,
        left: &Left<'_>,
        number: &NumberClass,
        (bits, from): (&[u64], usize),
    ) -> Option<i64> {
        let (catalogue, groups) = (&self.book.catalogue, self.book.groups());
        let mut sums = vec![0_i128; groups.count];
        let mut net = 0_i128;
        let to = from + left.adjustments.len();
        for bit in set_bits(bits, from, to) {
            let index = *left.adjustments.get(bit - from)?;
            let points = match &catalogue.adjustments.get(index)?.effect {
                Effect::Flat(points) => *points,
                Effect::Grid(grid) => self.look_up(left, grid, number)?,
            };
            net += i128::from(points.e9());
            if let Some(group) = groups.of_adjustment.get(index).copied().flatten() {
                *sums.get_mut(group)? += i128::from(points.e9());
            }
        }
        let (from, to) = (to, to + left.caps.len());
        let mut seen = vec![false; groups.count];
        for bit in set_bits(bits, from, to) {
            let index = *left.caps.get(bit - from)?;
            let Some(group) = groups.of_cap.get(index).copied() else {
                continue;
            };
            if !std::mem::replace(seen.get_mut(group)?, true) {
                let sum = *sums.get(group)?;
                net += crate::price::held(catalogue.caps.get(index)?, sum) - sum;
            }
        }
        let (from, to) = (to, to + left.margins.len());
        for bit in set_bits(bits, from, to) {
            let margin = catalogue.margins.get(*left.margins.get(bit - from)?)?;
            net += i128::from(margin.price.e9());
        }
        let bounds = i128::from(Pct::MIN.e9())..=i128::from(Pct::MAX.e9());
        i64::try_from(net).ok().filter(|_| bounds.contains(&net))
    }

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

    /// The finance charges that hold, and the programme's.
    fn charges(&self, left: &Left<'_>, (bits, from): (&[u64], usize)) -> Option<Charges> {
        let mut charges = Charges::NONE;
        for bit in set_bits(bits, from, from + left.fees.len()) {
            let index = *left.fees.get(bit - from)?;
            self.charge(
                &mut charges,
                self.book.catalogue.fees.get(index)?,
                &left.probe,
            )?;
        }
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

const fn axis_of(of: PerOf) -> Axis {
    match of {
        PerOf::Loan => Axis::Loan,
        PerOf::Price => Axis::Price,
    }
}

impl Cell {
    const NOT_OFFERED: Self = Self {
        adjustment: None,
        charges: 0,
    };
}

impl Charges {
    const NONE: Self = Self {
        flat: Cents::ZERO,
        parts: Vec::new(),
        interest: Vec::new(),
        upfront: Upfront::None,
        counts_upfront: false,
        mi: None,
    };
}

/// Bands of the space to bands of a table, by axis.
#[derive(Default)]
struct Merged {
    of_band: [Vec<u32>; AXES.len()],
}

impl Merged {
    /// The same for two places exactly when no rule tells them apart.
    fn place(&self, place: &PlaceClass) -> u128 {
        self.key(PLACE, place)
    }

    /// The same for two combinations of numbers exactly when no rule tells them apart.
    fn number(&self, number: &NumberClass) -> u128 {
        self.key(0, number)
    }

    /// Mixed radix: six axes of 2^17 bands and one of three fit 128 bits.
    fn key(&self, from: usize, bands: &[u32]) -> u128 {
        let axes = self.of_band.iter().skip(from).zip(bands);
        axes.fold(0, |key, (of_band, band)| {
            let count = u128::try_from(of_band.len()).unwrap_or(u128::MAX);
            let band = of_band.get(index(*band)).copied().unwrap_or_default();
            key.wrapping_mul(count).wrapping_add(u128::from(band))
        })
    }
}

/// Numbers for what has equal keys, from 0.
fn numbered<T>(items: &[T], key: impl Fn(&T) -> u128) -> Vec<u32> {
    let mut known: HashMap<u128, u32> = HashMap::new();
    let numbers = items.iter().map(|item| {
        let next = small(known.len());
        *known.entry(key(item)).or_insert(next)
    });
    numbers.collect()
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The cells there are, by the kinds of numbers and place.
struct Known {
    places: usize,
    /// Directly, while that is small.
    near: Vec<u32>,
    far: HashMap<(u32, u32), u32>,
}

/// Most cells found directly.
const NEAR: usize = 1 << 18;

impl Known {
    fn new(last_place: Option<&u32>) -> Self {
        Self {
            places: last_place.map_or(1, |last| index(*last) + 1),
            near: Vec::new(),
            far: HashMap::new(),
        }
    }

    /// The cell of two kinds: `next` when there was none.
    fn get(&mut self, number: u32, place: u32, next: u32) -> u32 {
        let at = index(number)
            .saturating_mul(self.places)
            .saturating_add(index(place));
        if at >= NEAR {
            return *self.far.entry((number, place)).or_insert(next);
        }
        if self.near.len() <= at {
            self.near.resize(at + 1, u32::MAX);
        }
        match self.near.get_mut(at) {
            Some(cell) if *cell == u32::MAX => {
                *cell = next;
                next
            }
            Some(cell) => *cell,
            None => next,
        }
    }
}
