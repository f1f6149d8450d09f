//! Annual percentage rates of level loans in columns.

mod halley;
mod lanes;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::machine::Machine;
use super::threads::in_parallel;
use super::{PIECE, same_length};
use crate::apr::{Level, NoRate, Solution, solve_levels};
use crate::error::EngineError;
use crate::rate::Pct;

/// Loans of monthly payments in up to four levels, the first payment one month after the advance;
/// row k of every column is loan k. All columns have the same length, except that a level that no
/// row uses may have empty slices for both its columns.
#[derive(Debug, Clone, Copy)]
pub struct LevelColumns<'a> {
    /// Amount financed, in any one currency unit.
    pub amount_financed: &'a [f64],
    /// Where to start the search, usually the note rate. It decides how fast, not what.
    pub guess: &'a [Pct],
    /// Number of payments of each level; a level of none is skipped.
    pub count: [&'a [u32]; 4],
    /// Each payment of the level, in the unit of the amount financed.
    pub payment: [&'a [f64]; 4],
}

/// Where [`solve_level_columns`] puts its answers; each column as long as the loans. A column of rates
/// that is not wanted may be empty.
#[derive(Debug)]
pub struct RateColumns<'a> {
    /// Rate per month as a fraction of one; not a number unless found.
    pub rate_per_period: &'a mut [f64],
    /// Annual percentage rate, half up at the ninth digit; zero unless found.
    pub apr: &'a mut [Pct],
    /// What became of the row.
    pub outcome: &'a mut [RateOutcome],
}

/// What became of one row, as [`Solution`] says it of a single call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateOutcome {
    /// The one rate was found.
    Found,
    /// The search ran out of steps; not expected of any input.
    NotConverged,
    /// The row has no rate, or not a single one.
    NoSolution(NoRate),
    /// A figure of the row is out of bounds: [`solve_levels`] says which.
    Refused,
}

/// The annual percentage rate of every row (Regulation Z, Appendix J (b)(8)): what
/// [`solve_levels`] answers for it, to 10^-11 of the yearly rate, at about a tenth of the time.
///
/// Bad figures in a row (not a number, negative, too large, no payment) are that row's outcome and
/// touch no other row.
///
/// # Errors
/// A column of another length than `amount_financed`; nothing has been written then.
pub fn solve_level_columns(
    machine: Machine,
    loans: &LevelColumns<'_>,
    out: &mut RateColumns<'_>,
) -> Result<(), EngineError> {
    let rows = loans.amount_financed.len();
    loans.check(rows)?;
    if !out.rate_per_period.is_empty() {
        same_length("rate_per_period", out.rate_per_period.len(), rows)?;
    }
    if !out.apr.is_empty() {
        same_length("apr", out.apr.len(), rows)?;
    }
    same_length("outcome", out.outcome.len(), rows)?;
    if machine.threads().get() == 1 || rows <= PIECE {
        solve_piece(machine, *loans, out.reborrow());
        return Ok(());
    }
    let jobs = (0..rows)
        .step_by(PIECE)
        .map(|start| start..start.saturating_add(PIECE).min(rows))
        .zip(out.reborrow().pieces())
        .collect();
    in_parallel(machine.threads(), jobs, |(range, out)| {
        solve_piece(machine, loans.rows(range), out);
    });
    Ok(())
}

/// One thread's share.
fn solve_piece(machine: Machine, loans: LevelColumns<'_>, out: RateColumns<'_>) {
    let rows = loans.amount_financed.len();
    let left = rows.checked_rem(lanes::LANES).unwrap_or_default();
    let full = rows.saturating_sub(left);
    let (blocks, rest) = out.split_at(full);
    solve_blocks(machine, loans.rows(0..full), blocks);
    if left > 0 {
        solve_rest(machine, loans.rows(full..rows), rest);
    }
}

fn solve_blocks(machine: Machine, loans: LevelColumns<'_>, out: RateColumns<'_>) {
    if let Err(mut work) = machine.run(lanes::SolveRates { loans, out }) {
        for row in 0..work.loans.amount_financed.len() {
            work.out.solve_row(&work.loans, row);
        }
    }
}

/// Rows that do not fill a block, in a block of their own that is filled up with the last of them.
fn solve_rest(machine: Machine, loans: LevelColumns<'_>, out: RateColumns<'_>) {
    let amount_financed = filled(loans.amount_financed);
    let guess = filled(loans.guess);
    let count = loans.count.map(filled);
    let payment = loans.payment.map(filled);
    let mut rate_per_period = [0.0; lanes::LANES];
    let mut apr = [Pct::ZERO; lanes::LANES];
    let mut outcome = [RateOutcome::Refused; lanes::LANES];
    let loans = LevelColumns {
        amount_financed: &amount_financed,
        guess: &guess,
        count: count.each_ref().map(<[u32; lanes::LANES]>::as_slice),
        payment: payment.each_ref().map(<[f64; lanes::LANES]>::as_slice),
    };
    let answers = RateColumns {
        rate_per_period: &mut rate_per_period,
        apr: &mut apr,
        outcome: &mut outcome,
    };
    solve_blocks(machine, loans, answers);
    copy_first(&rate_per_period, out.rate_per_period);
    copy_first(&apr, out.apr);
    copy_first(&outcome, out.outcome);
}

/// As many of `answers` as there are places.
fn copy_first<T: Copy>(answers: &[T], places: &mut [T]) {
    for (place, answer) in places.iter_mut().zip(answers) {
        *place = *answer;
    }
}

/// The first `row` of a column and the rest; of a column that is not wanted, nothing twice.
fn split<T>(column: &mut [T], row: usize) -> (&mut [T], &mut [T]) {
    let row = row.min(column.len());
    column.split_at_mut(row)
}

/// A block of a short column, its last value repeated; a column that is not there is all default.
fn filled<T: Copy + Default>(column: &[T]) -> [T; lanes::LANES] {
    let last = column.last().copied().unwrap_or_default();
    std::array::from_fn(|lane| column.get(lane).copied().unwrap_or(last))
}

impl LevelColumns<'_> {
    fn check(&self, rows: usize) -> Result<(), EngineError> {
        same_length("guess", self.guess.len(), rows)?;
        for (count, payment) in self.count.iter().zip(&self.payment) {
            if !(count.is_empty() && payment.is_empty()) {
                same_length("count", count.len(), rows)?;
                same_length("payment", payment.len(), rows)?;
            }
        }
        Ok(())
    }

    fn rows(&self, range: Range<usize>) -> Self {
        let amount_financed = self.amount_financed.get(range.clone()).unwrap_or_default();
        Self {
            amount_financed,
            guess: self.guess.get(range.clone()).unwrap_or_default(),
            count: self
                .count
                .map(|column| column.get(range.clone()).unwrap_or_default()),
            payment: self
                .payment
                .map(|column| column.get(range.clone()).unwrap_or_default()),
        }
    }

    fn level(&self, level: usize, row: usize) -> Level {
        let count = self.count.get(level).and_then(|column| column.get(row));
        let payment = self.payment.get(level).and_then(|column| column.get(row));
        Level {
            count: count.copied().unwrap_or_default(),
            payment: payment.copied().unwrap_or_default(),
        }
    }
}

impl<'a> RateColumns<'a> {
    fn reborrow(&mut self) -> RateColumns<'_> {
        RateColumns {
            rate_per_period: self.rate_per_period,
            apr: self.apr,
            outcome: self.outcome,
        }
    }

    /// The rows before `row` and those from it.
    fn split_at(self, row: usize) -> (Self, Self) {
        let (rate, rate_rest) = split(self.rate_per_period, row);
        let (apr, apr_rest) = split(self.apr, row);
        let (outcome, outcome_rest) = split(self.outcome, row);
        let columns = |rate_per_period, apr, outcome| Self {
            rate_per_period,
            apr,
            outcome,
        };
        (
            columns(rate, apr, outcome),
            columns(rate_rest, apr_rest, outcome_rest),
        )
    }

    fn pieces(self) -> impl Iterator<Item = Self> + use<'a> {
        let mut rest = Some(self);
        std::iter::from_fn(move || {
            let (piece, after) = rest
                .take()
                .filter(|rest| !rest.outcome.is_empty())?
                .split_at(PIECE);
            rest = Some(after);
            Some(piece)
        })
    }

    /// The scalar road, for rows the lanes cannot prove right.
    #[cold]
    #[inline(never)]
    fn solve_row(&mut self, loans: &LevelColumns<'_>, row: usize) {
        let amount = loans.amount_financed.get(row).copied().unwrap_or_default();
        let guess = loans.guess.get(row).copied().unwrap_or_default();
        let levels: [Level; 4] = std::array::from_fn(|level| loans.level(level, row));
        let (rate, apr, outcome) = match solve_levels(amount, &levels, guess) {
            Ok(Solution::Found(found)) => (found.rate_per_period, found.apr, RateOutcome::Found),
            Ok(Solution::NotConverged { .. }) => (f64::NAN, Pct::ZERO, RateOutcome::NotConverged),
            Ok(Solution::NoSolution(why)) => (f64::NAN, Pct::ZERO, RateOutcome::NoSolution(why)),
            Err(_) => (f64::NAN, Pct::ZERO, RateOutcome::Refused),
        };
        if let Some(place) = self.rate_per_period.get_mut(row) {
            *place = rate;
        }
        if let Some(place) = self.apr.get_mut(row) {
            *place = apr;
        }
        if let Some(place) = self.outcome.get_mut(row) {
            *place = outcome;
        }
    }
}
