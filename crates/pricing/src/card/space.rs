//! Where rows differ: the bands of every axis that some rule distinguishes, the kinds of places, and
//! the situations the rows of a card are in.
//!
//! All bands are "over … up to …" of whole numbers, so that a band is told by its upper edge. Two
//! rows in the same band of every axis are the same to every rule.

use std::collections::{BTreeSet, HashMap};

use lintel_domain::quote::QuoteTables;
use lintel_engine::bands::Band;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_places::CountyFips;

use super::spec::{AmountOf, CardSpec};
use super::split::{Axis, LIMITS, NUMBERS, PLACE, Splits, Varying, cents, percents};
use crate::catalogue::{AxisOf, Catalogue, Effect, FeeAmount, Grid, PerOf};
use crate::scenario::{PlaceFacts, StateCode, limit_class};

/// Loan to value above which a conventional loan needs insurance: a cut whatever the cards say.
const MI_ABOVE_LTV: i64 = 80_000_000_000;

/// The bands of all axes.
#[derive(Debug)]
pub(super) struct Space {
    /// By the index of the axes of numbers: upper edges, rising; above the last is one more band.
    edges: [Vec<i64>; NUMBERS],
    /// States of the card's places.
    states: Vec<Option<StateCode>>,
    /// Bands of the counties some rule names, from 1; all others are band 0.
    counties: HashMap<CountyFips, u32>,
    /// First codes of the segments ZIP codes are cut into; the first is 0. One more is for places
    /// without a code.
    zips: Vec<u32>,
    /// The kinds of places there are.
    pub(super) places: Vec<PlaceClass>,
    /// Kind of each place of the card.
    kind_of: Vec<u32>,
}

/// Bands of the axes before [`PLACE`].
pub(super) type NumberClass = [u32; PLACE];
/// Bands of state, county and ZIP code.
pub(super) type PlaceClass = [u32; 3];

/// The rows of a card at one of its amounts that differ from each other.
#[derive(Debug)]
pub(super) struct Scenes {
    /// Base loan and price.
    pub(super) loan: Vec<Cents>,
    pub(super) price: Vec<Cents>,
    /// A place of the card where it is so.
    pub(super) place: Vec<u32>,
    /// Which of the situations it is in.
    pub(super) situation: Vec<u32>,
    /// The scene of each place; none when every place has its own, in order.
    pub(super) of_place: Option<Vec<u32>>,
    /// The combinations of bands of numbers there are.
    pub(super) numbers: Vec<NumberClass>,
    /// The situations there are.
    pub(super) situations: Vec<Situation>,
}

/// Numbers at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation {
    /// Which of [`Scenes::numbers`].
    pub(super) number: u32,
    /// Which of [`Space::places`].
    pub(super) place: u32,
    /// A scene that is in it.
    pub(super) scene: u32,
}

impl Space {
    pub(super) fn of(
        catalogue: &Catalogue,
        splits: &Splits,
        tables: &QuoteTables,
        places: &[PlaceFacts],
    ) -> Self {
        let mut edges: [BTreeSet<i64>; NUMBERS] = Default::default();
        for split in splits.all() {
            for (edges, band) in edges.iter_mut().zip(&split.varying.bands) {
                edges.extend(band.iter().flat_map(ends));
            }
        }
        cut_by_grids(catalogue, &mut edges);
        cut_by_charges(catalogue, tables, &mut edges);
        let states: BTreeSet<Option<StateCode>> = places.iter().map(|place| place.state).collect();
        let named: BTreeSet<CountyFips> = splits
            .all()
            .flat_map(|split| split.varying.counties.iter().copied())
            .chain(catalogue.estimates.iter().filter_map(|one| one.county))
            .collect();
        // A range of ZIP codes begins at its first and ends before the one after its last.
        let zips: BTreeSet<u32> = splits
            .all()
            .flat_map(|split| &split.varying.zips)
            .flat_map(|(first, last)| [first.get(), last.get().saturating_add(1)])
            .chain([0])
            .collect();
        let mut space = Self {
            edges: edges.map(|edges| edges.into_iter().collect()),
            states: states.into_iter().collect(),
            counties: (1..)
                .zip(named)
                .map(|(band, county)| (county, band))
                .collect(),
            zips: zips.into_iter().collect(),
            places: Vec::new(),
            kind_of: Vec::with_capacity(places.len()),
        };
        let mut known: HashMap<PlaceClass, u32> = HashMap::new();
        for place in places {
            let class = space.class(place);
            let next = small(space.places.len());
            let kind = *known.entry(class).or_insert(next);
            if kind == next {
                space.places.push(class);
            }
            space.kind_of.push(kind);
        }
        space
    }

    fn class(&self, place: &PlaceFacts) -> PlaceClass {
        let state = self.states.partition_point(|state| *state < place.state);
        let county = place.county.and_then(|county| self.counties.get(&county));
        let zip = match place.zip {
            Some(zip) => self
                .zips
                .partition_point(|first| *first <= zip.get())
                .saturating_sub(1),
            None => self.zips.len(),
        };
        [small(state), county.copied().unwrap_or(0), small(zip)]
    }

    /// How many bands an axis has.
    pub(super) fn bands(&self, axis: Axis) -> usize {
        match axis {
            Axis::Limit => LIMITS.len(),
            Axis::State => self.states.len(),
            Axis::County => self.counties.len() + 1,
            Axis::Zip => self.zips.len() + 1,
            Axis::Loan | Axis::Price | Axis::Ltv | Axis::Cltv | Axis::Hcltv | Axis::Down => {
                self.edges[axis.index()].len() + 1
            }
        }
    }

    /// The largest value of a band of an axis of numbers.
    pub(super) fn largest(&self, axis: Axis, band: usize) -> i64 {
        let edges = self.edges.get(axis.index());
        edges
            .and_then(|edges| edges.get(band))
            .copied()
            .unwrap_or(i64::MAX)
    }

    /// The band of a county that some rule names.
    pub(super) fn county(&self, county: CountyFips) -> Option<usize> {
        self.counties
            .get(&county)
            .and_then(|band| usize::try_from(*band).ok())
    }

    /// Whether the part of a condition on one axis holds in a band of it, as
    /// [`crate::when::When::holds`] judges it.
    pub(super) fn holds(&self, varying: &Varying, axis: Axis, band: usize) -> bool {
        match axis {
            Axis::Limit => {
                varying.limits.is_empty()
                    || LIMITS
                        .get(band)
                        .is_some_and(|class| varying.limits.contains(class))
            }
            Axis::State => {
                let state = self.states.get(band).copied().flatten();
                let within = |list: &[StateCode]| state.is_some_and(|state| list.contains(&state));
                (varying.states.is_empty() || within(&varying.states))
                    && (varying.not_states.is_empty()
                        || (state.is_some() && !within(&varying.not_states)))
            }
            Axis::County => {
                let mut named = varying.counties.iter();
                varying.counties.is_empty()
                    || named.any(|county| self.county(*county) == Some(band))
            }
            Axis::Zip => {
                let within = |zip: u32| {
                    let mut ranges = varying.zips.iter();
                    ranges.any(|(first, last)| first.get() <= zip && zip <= last.get())
                };
                varying.zips.is_empty() || self.zips.get(band).is_some_and(|zip| within(*zip))
            }
            Axis::Loan | Axis::Price | Axis::Ltv | Axis::Cltv | Axis::Hcltv | Axis::Down => {
                let value = self.largest(axis, band);
                varying.bands[axis.index()].is_none_or(|wanted| wanted.contains(value))
            }
        }
    }

    fn band(&self, axis: Axis, value: i64) -> u32 {
        let edges = &self.edges[axis.index()];
        small(edges.partition_point(|edge| *edge < value))
    }

    /// The scenes of one of a card's amounts; the amounts have been checked. None when a ratio
    /// cannot be held.
    pub(super) fn scenes(&self, spec: &CardSpec, amount: &AmountOf) -> Option<Scenes> {
        let places = spec.places.len();
        let mut scenes = Scenes {
            loan: Vec::with_capacity(places),
            price: Vec::with_capacity(places),
            place: Vec::with_capacity(places),
            situation: Vec::with_capacity(places),
            of_place: None,
            numbers: Vec::new(),
            situations: Vec::new(),
        };
        let mut numbers: HashMap<NumberClass, u32> = HashMap::new();
        let mut known: HashMap<(u32, u32), u32> = HashMap::new();
        for (place, facts) in spec.places.iter().enumerate() {
            let (loan, price) = (amount.loan_amount(place), amount.home_price(place));
            let number = self.number(spec, facts, loan, price)?;
            let next = small(scenes.numbers.len());
            let number = *numbers.entry(number).or_insert_with_key(|number| {
                scenes.numbers.push(*number);
                next
            });
            let kind = *self.kind_of.get(place)?;
            let next = small(scenes.situations.len());
            let situation = *known.entry((number, kind)).or_insert_with(|| {
                scenes.situations.push(Situation {
                    number,
                    place: kind,
                    scene: small(place),
                });
                next
            });
            scenes.loan.push(loan);
            scenes.price.push(price);
            scenes.place.push(small(place));
            scenes.situation.push(situation);
        }
        scenes.share();
        Some(scenes)
    }

    fn number(
        &self,
        spec: &CardSpec,
        facts: &PlaceFacts,
        loan: Cents,
        price: Cents,
    ) -> Option<NumberClass> {
        let (lien, line) = (
            spec.template.subordinate_balance,
            spec.template.undrawn_line,
        );
        let ltv = ratio(loan, price)?;
        let with_lien = loan.checked_add(lien)?;
        let cltv = if lien.is_zero() {
            ltv
        } else {
            ratio(with_lien, price)?
        };
        let hcltv = if line.is_zero() {
            cltv
        } else {
            ratio(with_lien.checked_add(line)?, price)?
        };
        let down = if self.edges[Axis::Down.index()].is_empty() {
            0
        } else {
            ratio(price.checked_sub(loan)?.max(Cents::ZERO), price)?
        };
        let limit = limit_class(facts, spec.template.units, loan);
        let limit = LIMITS.iter().position(|class| *class == limit)?;
        Some([
            self.band(Axis::Loan, loan.get()),
            self.band(Axis::Price, price.get()),
            self.band(Axis::Ltv, ltv),
            self.band(Axis::Cltv, cltv),
            self.band(Axis::Hcltv, hcltv),
            self.band(Axis::Down, down),
            small(limit),
        ])
    }
}

impl Scenes {
    /// Makes one scene of those that are alike, where that saves more than handing the answers out
    /// again costs.
    fn share(&mut self) {
        let places = self.loan.len();
        let mut same: HashMap<(u32, Cents, Cents), u32> = HashMap::new();
        let mut first = Vec::new();
        let mut of_place = Vec::with_capacity(places);
        let amounts = self.loan.iter().zip(&self.price).zip(&self.situation);
        for (place, ((loan, price), situation)) in amounts.enumerate() {
            let next = small(first.len());
            let scene = *same.entry((*situation, *loan, *price)).or_insert(next);
            if scene == next {
                first.push(place);
            }
            if first.len() > places / SHARED {
                return;
            }
            of_place.push(scene);
        }
        let mut scene_of_place = vec![0; places];
        for (scene, place) in first.iter().enumerate() {
            if let Some(known) = scene_of_place.get_mut(*place) {
                *known = small(scene);
            }
        }
        // A situation's own scene is the first of its kind, and so is kept.
        for situation in &mut self.situations {
            let place = usize::try_from(situation.scene).unwrap_or_default();
            situation.scene = scene_of_place.get(place).copied().unwrap_or_default();
        }
        fn kept<T: Copy>(column: &mut Vec<T>, first: &[usize]) {
            *column = first
                .iter()
                .filter_map(|place| column.get(*place).copied())
                .collect();
        }
        kept(&mut self.loan, &first);
        kept(&mut self.price, &first);
        kept(&mut self.place, &first);
        kept(&mut self.situation, &first);
        self.of_place = Some(of_place);
    }
}

/// Scenes are shared when there are at most one for so many places.
const SHARED: usize = 3;

/// A place in a list that is known to be short.
pub(super) fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Percent in billionths, half-up: as [`crate::scenario::Scenario::ltv`].
fn ratio(amount: Cents, price: Cents) -> Option<i64> {
    let (amount, price) = (i128::from(amount.get()), i128::from(price.get()));
    Pct::of_ratio(amount, price, Rounding::HalfUp).map(Pct::e9)
}

fn ends(band: &Band<i64>) -> impl Iterator<Item = i64> {
    band.over.into_iter().chain(band.up_to)
}

/// The axis of rows an axis of a grid runs over; none when it is the same for a whole block.
pub(super) const fn varying_axis(of: AxisOf) -> Option<Axis> {
    match of {
        AxisOf::Ltv => Some(Axis::Ltv),
        AxisOf::Cltv => Some(Axis::Cltv),
        AxisOf::Hcltv => Some(Axis::Hcltv),
        AxisOf::LoanAmount => Some(Axis::Loan),
        AxisOf::Score | AxisOf::LockDays | AxisOf::TermMonths => None,
    }
}

fn cut_by_grids(catalogue: &Catalogue, edges: &mut [BTreeSet<i64>; NUMBERS]) {
    let grids = catalogue
        .adjustments
        .iter()
        .filter_map(|one| match &one.effect {
            Effect::Grid(grid) => Some(grid),
            Effect::Flat(_) => None,
        });
    let axes = grids.flat_map(|Grid { rows, columns, .. }| std::iter::once(rows).chain(columns));
    for axis in axes {
        if let Some(varying) = varying_axis(axis.of) {
            edges[varying.index()].extend(&axis.edges);
        }
    }
}

/// The cuts of tiers and of the programmes' tables.
fn cut_by_charges(
    catalogue: &Catalogue,
    tables: &QuoteTables,
    edges: &mut [BTreeSet<i64>; NUMBERS],
) {
    for fee in &catalogue.fees {
        let FeeAmount::Tiered { of, tiers } = &fee.amount else {
            continue;
        };
        let axis = match of {
            PerOf::Loan => Axis::Loan,
            PerOf::Price => Axis::Price,
        };
        for tier in tiers {
            edges[axis.index()].extend(ends(&cents(tier.band)));
        }
    }
    let ltv = &mut edges[Axis::Ltv.index()];
    ltv.insert(MI_ABOVE_LTV);
    let own = catalogue.mi_cards.iter().flat_map(|card| &card.rows);
    for row in own.chain(&tables.mi_card) {
        ltv.extend(ends(&percents(row.ltv)));
    }
    for row in &tables.fha_annual {
        edges[Axis::Ltv.index()].extend(ends(&percents(row.ltv)));
        edges[Axis::Loan.index()].extend(ends(&cents(row.base_loan)));
    }
    for row in &tables.va_funding_fee {
        let step = row.down_payment;
        let lower = step.at_least.into_iter().chain(step.below);
        // "At least" of whole numbers is "over" the one before.
        edges[Axis::Down.index()].extend(lower.map(|edge| edge.e9().saturating_sub(1)));
    }
}
