//! Bands that no rule tells apart are one; what is left of a card's situations are the cells.

use std::collections::HashMap;

use super::left::Left;
use super::{Maker, index};
use crate::card::boxes::Boxes;
use crate::card::space::{NumberClass, PlaceClass, small, varying_axis};
use crate::card::split::{AXES, Axis, PLACE};
use crate::catalogue::{Axis as GridAxis, Effect, FeeAmount, Grid};

impl Maker<'_> {
    /// Bands that are the same to every rule that is left become one.
    pub(super) fn merged(&self, left: &Left<'_>, boxes: &Boxes) -> Merged {
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
        let by_place = self.charges_by_place(left);
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

    /// Estimates of taxes and insurance are found by place, without a condition.
    pub(super) fn charges_by_place(&self, left: &Left<'_>) -> bool {
        let by_place = |index: &usize| {
            let fee = self.book.catalogue.fees.get(*index);
            let amount = fee.map(|fee| &fee.amount);
            matches!(
                amount,
                Some(FeeAmount::TaxMonths(_) | FeeAmount::InsuranceMonths(_))
            )
        };
        left.fees.iter().any(by_place)
    }
}

/// Bands of the space to bands of a table, by axis.
#[derive(Default)]
pub(super) struct Merged {
    of_band: [Vec<u32>; AXES.len()],
}

impl Merged {
    /// The same for two places exactly when no rule tells them apart.
    pub(super) fn place(&self, place: &PlaceClass) -> u128 {
        self.key(PLACE, place)
    }

    /// The same for two combinations of numbers exactly when no rule tells them apart.
    pub(super) fn number(&self, number: &NumberClass) -> u128 {
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
pub(super) fn numbered<T>(items: &[T], key: impl Fn(&T) -> u128) -> Vec<u32> {
    let mut known: HashMap<u128, u32> = HashMap::new();
    let numbers = items.iter().map(|item| {
        let next = small(known.len());
        *known.entry(key(item)).or_insert(next)
    });
    numbers.collect()
}

/// The cells there are, by the kinds of numbers and place.
pub(super) struct Known {
    places: usize,
    /// Directly, while that is small.
    near: Vec<u32>,
    far: HashMap<(u32, u32), u32>,
}

/// Most cells found directly.
const NEAR: usize = 1 << 18;

impl Known {
    pub(super) fn new(last_place: Option<&u32>) -> Self {
        Self {
            places: last_place.map_or(1, |last| index(*last) + 1),
            near: Vec::new(),
            far: HashMap::new(),
        }
    }

    /// The cell of two kinds: `next` when there was none.
    pub(super) fn get(&mut self, number: u32, place: u32, next: u32) -> u32 {
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
