//! The rows of a part: priced block by block, gathered by ZIP code.

use lintel_engine::bulk::Machine;
use lintel_pricing::card::{CardRow, Columns};

use super::Trouble;
use super::loan::Loan;
use super::plan::{Part, Plan};
use super::summary::{Line, Seen, Summary};

/// Billionths of a percent in a billionth of one.
const PCT: i64 = 100;
/// Billionths in a millionth.
const E3: i64 = 1000;
const PAR_E3: i32 = 100_000;

/// Columns of a part's offers, in the order they are written: by ZIP code, amount, score, note rate.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Places of the card.
    pub(super) place: Vec<u32>,
    pub(super) loan_amount_cents: Vec<i64>,
    pub(super) home_price_cents: Vec<i64>,
    pub(super) ltv_pct_e3: Vec<i32>,
    pub(super) score: Vec<i32>,
    pub(super) note_rate_pct_e6: Vec<i32>,
    pub(super) lock_days: Vec<i32>,
    pub(super) price_e3: Vec<i32>,
    pub(super) points_e3: Vec<i32>,
    pub(super) points_cents: Vec<i64>,
    pub(super) fees_cents: Vec<i64>,
    pub(super) payment_cents: Vec<i64>,
    pub(super) mortgage_insurance_cents: Vec<i64>,
    pub(super) apr_pct_e9: Vec<i64>,
}

/// A note rate of a block.
struct Cell {
    note_rate_pct_e9: i64,
    note_rate_pct_e6: i32,
    lock_days: i32,
}

/// A block of the part.
struct Sheaf<'a> {
    loan: Loan,
    score: u32,
    cells: Vec<Cell>,
    columns: &'a Columns,
}

/// Prices a part on this thread. `columns` is memory from an earlier part, to be used again.
pub(super) fn price(
    plan: &Plan,
    part: &Part,
    columns: &mut Vec<Columns>,
) -> Result<(Rows, Summary), Trouble> {
    let lost = || Trouble::told("the part is not one of the plan");
    let group = plan.groups.get(part.group).ok_or_else(lost)?;
    columns.resize_with(group.blocks.len(), Columns::default);
    let machine = Machine::one_core();
    for (block, columns) in group.blocks.clone().zip(columns.iter_mut()) {
        let places = part.places.clone();
        plan.compiled.price_block(block, places, machine, columns);
    }
    let mut sheaves = Vec::with_capacity(group.blocks.len());
    for (block, columns) in group.blocks.clone().zip(columns.iter()) {
        sheaves.push(sheaf(plan, block, columns)?);
    }
    let purpose = group.purpose.as_str();
    gather(plan, part, (&group.product, purpose), &sheaves)
}

fn sheaf<'a>(plan: &Plan, block: usize, columns: &'a Columns) -> Result<Sheaf<'a>, Trouble> {
    let rates = plan.compiled.rates(block);
    let lost = || Trouble::told("the block is not one of the plan");
    let known = plan.compiled.block(block).ok_or_else(lost)?;
    let amount = plan.compiled.spec().amounts.get(known.amount);
    let mut cells = Vec::with_capacity(rates.len());
    for rate in rates {
        let note_rate_pct_e9 = rate.note_rate.e9();
        let finer = || {
            Trouble::Told(format!(
                "note rate {}: finer than is written",
                rate.note_rate
            ))
        };
        if note_rate_pct_e9 % E3 != 0 {
            return Err(finer());
        }
        cells.push(Cell {
            note_rate_pct_e9,
            note_rate_pct_e6: i32::try_from(note_rate_pct_e9 / E3).map_err(|_| finer())?,
            lock_days: i32::try_from(rate.lock_days).unwrap_or(i32::MAX),
        });
    }
    Ok(Sheaf {
        loan: amount.and_then(Loan::of).ok_or_else(lost)?,
        score: known.score.unwrap_or(0),
        cells,
        columns,
    })
}

fn gather(
    plan: &Plan,
    part: &Part,
    (product, purpose): (&str, &str),
    sheaves: &[Sheaf<'_>],
) -> Result<(Rows, Summary), Trouble> {
    let mut rows = Rows::default();
    let mut summary = Summary::default();
    let mut scores: Vec<Line> = sheaves.iter().map(|_| Line::default()).collect();
    let mut all = Line::default();
    let mut state = ("", Line::default());
    let keep = |summary: &mut Summary, (name, line): (&str, Line)| {
        if line.offers > 0 {
            let mut one = Summary::default();
            one.states.insert(name.to_owned(), line);
            summary.merge(&one);
        }
    };
    for place in part.places.clone() {
        let name = plan.places.get(place).map_or("", |place| place.state);
        if state.0 != name {
            keep(
                &mut summary,
                std::mem::replace(&mut state, (name, Line::default())),
            );
        }
        let number = u32::try_from(place).map_err(|_| Trouble::told("too many places"))?;
        for (sheaf, line) in sheaves.iter().zip(&mut scores) {
            let score = i32::try_from(sheaf.score).unwrap_or(0);
            let mut best: Option<Seen> = None;
            for (rate, cell) in sheaf.cells.iter().enumerate() {
                let Some(row) = sheaf.columns.row(rate, place) else {
                    continue;
                };
                let seen = rows.push(cell, row, (number, sheaf.loan, score));
                summary.count_spread(seen);
                all.add(seen, product);
                state.1.add(seen, product);
                line.add(seen, product);
                // Rates rise, so that of two as near to zero the lower stays.
                let points = seen.points_e3.unsigned_abs();
                if best.is_none_or(|best| points < best.points_e3.unsigned_abs()) {
                    best = Some(seen);
                }
            }
            if let Some(best) = best {
                for line in [&mut all, &mut state.1, line] {
                    line.add_loan(best);
                }
            }
        }
    }
    keep(&mut summary, state);
    for (sheaf, line) in sheaves.iter().zip(scores) {
        let mut one = Summary::default();
        one.loans.insert(sheaf.loan, line.clone());
        one.scores.insert(sheaf.score, line);
        summary.merge(&one);
    }
    summary.products.insert(product.to_owned(), all.clone());
    summary.purposes.insert(purpose.to_owned(), all.clone());
    summary.all = all;
    Ok((rows, summary))
}

impl Rows {
    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.place.len()
    }

    /// Adds an offer.
    fn push(&mut self, cell: &Cell, row: CardRow, (place, loan, score): (u32, Loan, i32)) -> Seen {
        let points_e3 = PAR_E3.saturating_sub(row.price_e3);
        let apr_pct_e9 = i64::from(row.apr_e9) * PCT;
        self.place.push(place);
        self.loan_amount_cents.push(loan.amount_cents);
        self.home_price_cents.push(loan.home_price_cents);
        self.ltv_pct_e3.push(loan.ltv_pct_e3());
        self.score.push(score);
        self.note_rate_pct_e6.push(cell.note_rate_pct_e6);
        self.lock_days.push(cell.lock_days);
        self.price_e3.push(row.price_e3);
        self.points_e3.push(points_e3);
        self.points_cents.push(i64::from(row.points_cents));
        self.fees_cents.push(i64::from(row.fees_cents));
        self.payment_cents.push(i64::from(row.payment_cents));
        let insurance = i64::from(row.mortgage_insurance_cents);
        self.mortgage_insurance_cents.push(insurance);
        self.apr_pct_e9.push(apr_pct_e9);
        Seen {
            note_rate_pct_e9: cell.note_rate_pct_e9,
            apr_pct_e9,
            points_e3,
        }
    }
}
