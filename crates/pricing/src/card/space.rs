//! Where rows differ: the bands of every axis that some rule distinguishes, the kinds of places, and
//! the situations the rows of a card are in.
//!
//! All bands are "over … up to …" of whole numbers, so that a band is told by its upper edge. Two
//! rows in the same band of every axis are the same to every rule.

mod scenes;

use std::collections::{BTreeSet, HashMap};

use lintel_domain::quote::QuoteTables;
use lintel_engine::bands::Band;
use lintel_places::CountyFips;

use super::split::{Axis, LIMITS, NUMBERS, PLACE, Splits, Varying, cents, percents};
use crate::catalogue::{AxisOf, Catalogue, Effect, FeeAmount, Grid, PerOf};
use crate::scenario::{PlaceFacts, StateCode};
pub(super) use scenes::Scenes;

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
                let wanted = varying.within_fha_limit;
                LIMITS.get(band).is_some_and(|(class, within)| {
                    (varying.limits.is_empty() || varying.limits.contains(class))
                        && wanted.is_none_or(|wanted| wanted == *within)
                })
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
}

/// A place in a list that is known to be short.
pub(super) fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
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
