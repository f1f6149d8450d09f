//! Thirty-two schedules side by side, month by month.
//!
//! Cents are whole numbers in floats, exact as all of them stay below 2^48. A month is six
//! operations: `balance × factor` rounded to a whole cent by adding and taking away 1.5 × 2^52,
//! then `balance − payment + interest`, and nothing when that is less. The last payment is a
//! payment larger than anything owed.
#![expect(
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    reason = "lanes of floats that hold whole cents exactly; the bounds are checked first"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8, i64x8};

use super::payments::{Block, LANES, VECTORS};
use super::{FixedColumns, RowColumns, TotalsColumns};
use crate::bulk::machine::LaneWork;
use crate::float;
use crate::money::Cents;
use crate::schedule::Schedule;

/// Adding and taking away 1.5 × 2^52 rounds to a whole number; its bits hold that number.
const WHOLE: f64 = 6_755_399_441_055_744.0;
/// More than anybody owes.
const EVERYTHING: f64 = 1e15;

/// The totals of one call, filled in by [`LaneWork::run`].
pub(super) struct FillTotals<'a> {
    pub(super) loans: FixedColumns<'a>,
    pub(super) out: TotalsColumns<'a>,
    pub(super) refused: &'a mut usize,
}

/// The rows of one call, filled in by [`LaneWork::run`].
pub(super) struct FillRows<'a> {
    pub(super) loans: FixedColumns<'a>,
    pub(super) out: RowColumns<'a>,
    pub(super) refused: &'a mut usize,
}

/// Thirty-two numbers.
type Lanes<S> = [f64x8<S>; VECTORS];

#[cfg_attr(not(debug_assertions), inline(always))]
fn load<S: Simd>(token: S, values: &[f64; LANES]) -> Lanes<S> {
    std::array::from_fn(|vector| f64x8::from_slice(token, &values[vector * 8..vector * 8 + 8]))
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn store<S: Simd>(lanes: &Lanes<S>, values: &mut [f64; LANES]) {
    for (vector, lanes) in lanes.iter().enumerate() {
        lanes.store_slice(&mut values[vector * 8..vector * 8 + 8]);
    }
}

/// One month of eight loans: the sum whose bits hold the interest, and the balance after it.
#[cfg_attr(not(debug_assertions), inline(always))]
fn month<S: Simd>(
    token: S,
    balance: f64x8<S>,
    factor: f64x8<S>,
    payment: f64x8<S>,
) -> (f64x8<S>, f64x8<S>) {
    let whole = f64x8::splat(token, WHOLE);
    let raised = balance * factor + whole;
    let after = (balance - payment) + (raised - whole);
    (raised, after.max(f64x8::splat(token, 0.0)))
}

/// The whole cents in the bits of a number raised by [`WHOLE`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn cents<S: Simd>(token: S, raised: f64x8<S>) -> i64x8<S> {
    raised.bitcast::<i64x8<S>>() - f64x8::splat(token, WHOLE).bitcast::<i64x8<S>>()
}

impl Block {
    /// The next month after `done` in which some loan ends.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn next_end(&self, done: u32) -> Option<u32> {
        let later = self.term.iter().filter(|term| **term > done);
        later.min().copied()
    }

    /// Makes the loans of this term pay everything; gives what that is, cent for cent, and
    /// whether there was still something to pay.
    fn end(&mut self, term: u32, mut each: impl FnMut(usize, f64, f64)) {
        for lane in 0..LANES {
            if self.term[lane] == term {
                let interest = (self.balance[lane] * self.factor[lane] + WHOLE) - WHOLE;
                each(lane, self.balance[lane], interest);
                self.payment[lane] = EVERYTHING;
            }
        }
    }
}

impl LaneWork for FillTotals<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Simd>(mut self, token: S) {
        let mut start = 0;
        while start < self.loans.principal.len() {
            let block = Block::read(token, &self.loans, start);
            if self.out.mark.is_empty() {
                self.fill::<S, false>(token, start, block);
            } else {
                self.fill::<S, true>(token, start, block);
            }
            start += LANES;
        }
    }
}

impl FillTotals<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill<S: Simd, const MARK: bool>(&mut self, token: S, start: usize, mut block: Block) {
        let level = block.payment;
        let (mut last, mut cleared) = ([0.0; LANES], 0_u32);
        let mut marks = [0.0; LANES];
        for (lane, mark) in marks.iter_mut().enumerate().take(block.loans) {
            if MARK && let Some(asked) = self.out.mark.get(start + lane) {
                *mark = float::from_i64(asked.get().max(0));
            }
        }
        let mut above = [i64x8::splat(token, 0); VECTORS];
        let mut done = 0;
        while let Some(end) = block.next_end(done) {
            advance::<S, MARK>(token, &mut block, end - 1 - done, &marks, &mut above);
            block.end(end, |lane, balance, interest| {
                last[lane] = balance + interest;
                if balance == 0.0 {
                    cleared |= 1 << lane;
                }
            });
            advance::<S, MARK>(token, &mut block, 1, &marks, &mut above);
            done = end;
        }
        let above: [i64; LANES] = std::array::from_fn(|lane| above[lane / 8][lane % 8]);
        for lane in 0..block.loans {
            // A loan cleared early has interest the closed sum below does not see.
            let scalar = (block.scalar | cleared) >> lane & 1 == 1;
            if scalar
                || self
                    .keep(start + lane, level[lane], last[lane], above[lane])
                    .is_none()
            {
                self.scalar_row(start + lane);
            }
        }
    }

    /// Writes one loan; none when a figure does not fit, which no loan in lanes causes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn keep(&mut self, row: usize, level: f64, last: f64, above: i64) -> Option<()> {
        let (level, last) = (float::to_i64(level)?, float::to_i64(last)?);
        let months = self.loans.term_months.get(row)?;
        let principal = *self.loans.principal.get(row)?;
        // Every payment but the last is the level payment, and together they are principal and
        // interest.
        let regular = level.checked_mul(i64::from(*months).checked_sub(1)?)?;
        let paid = regular.checked_add(last)?;
        *self.out.payment.get_mut(row)? = Cents::new(level);
        *self.out.last_payment.get_mut(row)? = Cents::new(last);
        *self.out.total_interest.get_mut(row)? = Cents::new(paid.checked_sub(principal.get())?);
        if let (Some(mark), Some(place)) =
            (self.out.mark.get(row), self.out.mark_month.get_mut(row))
        {
            *place = if principal.get() <= mark.get().max(0) {
                0
            } else {
                u32::try_from(above).ok()?.checked_add(1)?
            };
        }
        Some(())
    }

    /// One loan by the scalar road.
    #[cold]
    #[inline(never)]
    pub(super) fn scalar_row(&mut self, row: usize) {
        let schedule = self.loans.schedule(row);
        let total = schedule.as_ref().map(Schedule::total_interest);
        let (Some(schedule), Some(Ok(total)), Some(level)) =
            (schedule, total, self.loans.level_payment(row))
        else {
            *self.refused += 1;
            return self.out.clear(row);
        };
        let rows = &schedule.rows;
        self.out.payment[row] = level;
        self.out.last_payment[row] = rows.last().map(|row| row.payment).unwrap_or_default();
        self.out.total_interest[row] = total;
        if let (Some(mark), Some(place)) =
            (self.out.mark.get(row), self.out.mark_month.get_mut(row))
        {
            let mark = (*mark).max(Cents::ZERO);
            let first = rows.iter().find(|row| row.balance <= mark);
            let from_the_start = rows.first().is_none_or(|row| row.balance_before() <= mark);
            *place = match first {
                Some(row) if !from_the_start => row.number,
                Some(_) | None => 0,
            };
        }
    }
}

/// Lets `months` months pass.
#[cfg_attr(not(debug_assertions), inline(always))]
fn advance<S: Simd, const MARK: bool>(
    token: S,
    block: &mut Block,
    months: u32,
    marks: &[f64; LANES],
    above: &mut [i64x8<S>; VECTORS],
) {
    let mut balance = load(token, &block.balance);
    let (factor, payment) = (load(token, &block.factor), load(token, &block.payment));
    let marks = load(token, marks);
    for _ in 0..months {
        for vector in 0..VECTORS {
            let (_, after) = month(token, balance[vector], factor[vector], payment[vector]);
            balance[vector] = after;
            if MARK {
                // A true mask is minus one.
                above[vector] -= after.simd_gt(marks[vector]).to_vector();
            }
        }
    }
    store(&balance, &mut block.balance);
}

impl LaneWork for FillRows<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Simd>(mut self, token: S) {
        let mut start = 0;
        while start < self.loans.principal.len() {
            let block = Block::read(token, &self.loans, start);
            self.fill(token, start, block);
            start += LANES;
        }
    }
}

impl FillRows<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill<S: Simd>(&mut self, token: S, start: usize, mut block: Block) {
        let mut done = 0;
        let months = self.out.months;
        while done < months {
            let end = block.next_end(done);
            let until = end.map_or(months, |end| end - 1);
            self.advance(token, &mut block, start, done..until);
            if let Some(end) = end {
                block.end(end, |_, _, _| {});
                self.advance(token, &mut block, start, until..end);
            }
            done = end.unwrap_or(months);
        }
        for lane in 0..block.loans {
            if block.scalar >> lane & 1 == 1 {
                self.scalar_row(start + lane);
            }
        }
    }

    /// Writes the rows of `months`, counted from 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn advance<S: Simd>(
        &mut self,
        token: S,
        block: &mut Block,
        start: usize,
        months: std::ops::Range<u32>,
    ) {
        let loans = self.loans.principal.len();
        let whole = f64x8::splat(token, WHOLE);
        let mut balance = load(token, &block.balance);
        let (factor, payment) = (load(token, &block.factor), load(token, &block.payment));
        let mut held: [i64x8<S>; VECTORS] =
            std::array::from_fn(|vector| cents(token, balance[vector] + whole));
        let mut spare = [[Cents::ZERO; LANES]; 3];
        for number in months.start as usize..months.end as usize {
            let at = number * loans + start;
            let places = self.places(at, block.loans, &mut spare);
            for vector in 0..VECTORS {
                let (raised, after) =
                    month(token, balance[vector], factor[vector], payment[vector]);
                balance[vector] = after;
                let before = held[vector];
                held[vector] = cents(token, after + whole);
                put(places[0], vector, cents(token, raised));
                put(places[1], vector, before - held[vector]);
                put(places[2], vector, held[vector]);
            }
            if block.loans < LANES {
                self.copy(at, block.loans, &spare);
            }
        }
        store(&balance, &mut block.balance);
    }

    /// Where a month's figures of a block go: straight into the columns, or into `spare` at the
    /// end of them, where a block is not full and would write over the next month.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn places<'p>(
        &'p mut self,
        at: usize,
        loans: usize,
        spare: &'p mut [[Cents; LANES]; 3],
    ) -> [&'p mut [Cents; LANES]; 3] {
        if loans == LANES
            && let (Some(interest), Some(principal), Some(balance)) = (
                block_mut(self.out.interest, at),
                block_mut(self.out.principal, at),
                block_mut(self.out.balance, at),
            )
        {
            return [interest, principal, balance];
        }
        spare.each_mut()
    }

    /// Copies the figures of a block that is not full into the columns.
    fn copy(&mut self, at: usize, loans: usize, spare: &[[Cents; LANES]; 3]) {
        let range = at..at + loans;
        self.out.interest[range.clone()].copy_from_slice(&spare[0][..loans]);
        self.out.principal[range.clone()].copy_from_slice(&spare[1][..loans]);
        self.out.balance[range].copy_from_slice(&spare[2][..loans]);
    }

    /// One loan by the scalar road.
    #[cold]
    #[inline(never)]
    pub(super) fn scalar_row(&mut self, row: usize) {
        let loans = self.loans.principal.len();
        let schedule = self.loans.schedule(row);
        *self.refused += usize::from(schedule.is_none());
        let mut rows = schedule.iter().flat_map(|schedule| &schedule.rows);
        for number in 0..self.out.months as usize {
            let at = number * loans + row;
            let found = rows.next();
            self.out.interest[at] = found.map(|row| row.interest).unwrap_or_default();
            self.out.principal[at] = found.map(|row| row.principal).unwrap_or_default();
            self.out.balance[at] = found.map(|row| row.balance).unwrap_or_default();
        }
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn block_mut(column: &mut [Cents], at: usize) -> Option<&mut [Cents; LANES]> {
    column.get_mut(at..)?.first_chunk_mut()
}

/// Eight figures into their places.
#[cfg_attr(not(debug_assertions), inline(always))]
fn put<S: Simd>(places: &mut [Cents; LANES], vector: usize, values: i64x8<S>) {
    if let Some(places) = places[vector * 8..].first_chunk_mut::<8>() {
        let values: [i64; 8] = values.to_array();
        *places = values.map(Cents::new);
    }
}
