//! The sheet rows that may be offered, best first.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use lintel_engine::rate::Pct;

use super::adjust::{final_price, points_of};
use super::request::PriceRequest;
use crate::catalogue::{Product, Sheet};

/// A sheet row with its final price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) note_rate: Pct,
    pub(super) lock_days: u32,
    pub(super) base: Pct,
    pub(super) price: Pct,
    pub(super) points: Pct,
}

/// Days of the locks of a sheet that a product offers and a search accepts, rising.
pub(super) fn locks(product: &Product, sheet: &Sheet, least_days: u32) -> Vec<u32> {
    let mut locks: Vec<u32> = Vec::new();
    for row in &sheet.rows {
        let offered = product.lock_days.is_empty() || product.lock_days.contains(&row.lock_days);
        if offered && row.lock_days >= least_days && locks.last() != Some(&row.lock_days) {
            locks.push(row.lock_days);
        }
    }
    locks.sort_unstable();
    locks.dedup();
    locks
}

/// The rows of `locks` (each with what is added to its prices) that a search may see: by note rate,
/// of one rate the best price first, of one price the shortest lock.
pub(super) fn candidates(
    product: &Product,
    sheet: &Sheet,
    locks: &[(u32, Pct)],
    request: &PriceRequest,
) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::with_capacity(sheet.rows.len().min(256));
    for row in &sheet.rows {
        let Ok(at) = locks.binary_search_by_key(&row.lock_days, |(days, _)| *days) else {
            continue;
        };
        let Some((lock_days, net)) = locks.get(at).copied() else {
            continue;
        };
        let Some(price) = final_price(product, row.price, net) else {
            continue;
        };
        let Some(points) = points_of(price) else {
            continue;
        };
        if request.points.is_none_or(|wanted| wanted.contains(points)) {
            found.push(Candidate {
                note_rate: row.note_rate,
                lock_days,
                base: row.price,
                price,
                points,
            });
        }
    }
    found.sort_unstable_by(|a, b| {
        let rate = a.note_rate.cmp(&b.note_rate);
        rate.then(b.price.cmp(&a.price))
            .then(a.lock_days.cmp(&b.lock_days))
            .then(a.base.cmp(&b.base))
    });
    found
}

/// Whether a row a search may see is missing only because its price is below the product's least.
pub(super) fn cut_by_least(
    product: &Product,
    sheet: &Sheet,
    locks: &[(u32, Pct)],
    request: &PriceRequest,
) -> bool {
    let any_price = Product {
        min_price: None,
        ..product.clone()
    };
    !candidates(&any_price, sheet, locks, request).is_empty()
}

/// Every row of some locks at its sheet price, the lowest note rates first.
pub(super) fn every_row(sheet: &Sheet, locks: &[u32]) -> Vec<Candidate> {
    let rows = sheet.rows.iter();
    let rows = rows.filter(|row| locks.contains(&row.lock_days));
    let mut all: Vec<Candidate> = rows
        .map(|row| Candidate {
            note_rate: row.note_rate,
            lock_days: row.lock_days,
            base: row.price,
            price: row.price,
            points: points_of(row.price).unwrap_or(Pct::ZERO),
        })
        .collect();
    all.sort_unstable_by_key(|row| (row.note_rate, row.lock_days));
    all
}

/// Offers of one note rate each, taken one by one.
pub(super) struct Groups<'a> {
    groups: Vec<&'a [Candidate]>,
}

impl<'a> Groups<'a> {
    /// Cuts sorted candidates where the rate changes.
    pub(super) fn of(candidates: &'a [Candidate]) -> Self {
        let groups = candidates.chunk_by(|a, b| a.note_rate == b.note_rate);
        Self {
            groups: groups.collect(),
        }
    }

    /// For each rate the first candidate that `row` can make a row of.
    pub(super) fn each<T>(self, mut row: impl FnMut(&Candidate) -> Option<T>) -> Vec<T> {
        let groups = self.groups.into_iter();
        groups
            .filter_map(|group| group.iter().find_map(&mut row))
            .collect()
    }

    /// Of what [`Groups::each`] would find, the one with points nearest zero; of two the lower rate.
    /// Only as many rows are made as it takes.
    pub(super) fn nearest_par<T>(self, mut row: impl FnMut(&Candidate) -> Option<T>) -> Option<T> {
        let waiting = |group: &'a [Candidate]| {
            let (best, rest) = group.split_first()?;
            let near = (best.points.e9().unsigned_abs(), best.note_rate);
            Some(Waiting {
                near: Reverse(near),
                best,
                rest,
            })
        };
        let mut heap: BinaryHeap<Waiting<'a>> =
            self.groups.into_iter().filter_map(waiting).collect();
        while let Some(Waiting { best, rest, .. }) = heap.pop() {
            if let Some(found) = row(best) {
                return Some(found);
            }
            heap.extend(waiting(rest));
        }
        None
    }
}

/// The best candidate left of a rate: the nearer to par, the greater.
struct Waiting<'a> {
    near: Reverse<(u64, Pct)>,
    best: &'a Candidate,
    rest: &'a [Candidate],
}

impl Ord for Waiting<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.near.cmp(&other.near)
    }
}

impl PartialOrd for Waiting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.near == other.near
    }
}

impl Eq for Waiting<'_> {}
