//! Fixed-rate schedules in columns, to the cent.

mod lanes;
mod payments;
#[cfg(test)]
mod tests;

use super::machine::Machine;
use super::threads::in_parallel;
use super::{PIECE, same_length};
use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::{MAX_TERM_MONTHS, Plan, Schedule, level_payment};

/// Loans of one rate and level payments; row k of every column is loan k. What is scheduled is
/// [`Plan::fixed`] with its last payment clearing the balance.
#[derive(Debug, Clone, Copy)]
pub struct FixedColumns<'a> {
    /// Principal in whole cents, more than zero.
    pub principal: &'a [Cents],
    /// Yearly note rate, zero or more.
    pub rate: &'a [Pct],
    /// Number of payments, 1 to [`MAX_TERM_MONTHS`].
    pub term_months: &'a [u32],
}

/// Where [`schedule_totals`] puts its answers; each column as long as the loans, except that
/// `mark` and `mark_month` may both be empty. A refused row has zero everywhere.
#[derive(Debug)]
pub struct TotalsColumns<'a> {
    /// The level payment.
    pub payment: &'a mut [Cents],
    /// The last scheduled payment, which clears the balance; zero when the loan was cleared by an
    /// earlier payment.
    pub last_payment: &'a mut [Cents],
    /// Sum of the interest parts.
    pub total_interest: &'a mut [Cents],
    /// A balance to watch for, such as 78 % of the value; one below zero counts as zero.
    pub mark: &'a [Cents],
    /// Number of the first payment after which the balance is at most the mark; 0 when the
    /// principal already is.
    pub mark_month: &'a mut [u32],
}

/// Where [`schedule_rows`] puts its answers, month by month: loan k in month m (from 1) is entry
/// `(m − 1) × loans + k` of each column, which are `months × loans` long. The payment is interest
/// plus principal. Months after the end of a loan are zero, and so are all of a refused row.
#[derive(Debug)]
pub struct RowColumns<'a> {
    /// Months there is place for, at least the longest term.
    pub months: u32,
    /// The part of each payment that is interest.
    pub interest: &'a mut [Cents],
    /// The part that reduces the balance.
    pub principal: &'a mut [Cents],
    /// Balance after the payment.
    pub balance: &'a mut [Cents],
}

/// Level payment, last payment, total interest and the month a balance is reached, of every loan:
/// the figures of [`Plan::schedule`] without its rows. Returns how many rows were refused: those
/// that [`Plan`] refuses, and those whose total is beyond [`Cents::MAX`].
///
/// # Errors
/// A column of another length than `principal`; nothing has been written then.
pub fn schedule_totals(
    machine: Machine,
    loans: &FixedColumns<'_>,
    out: &mut TotalsColumns<'_>,
) -> Result<usize, EngineError> {
    let rows = loans.check()?;
    out.check(rows)?;
    if machine.threads().get() == 1 || rows <= PIECE {
        return Ok(totals_piece(machine, *loans, out.reborrow()));
    }
    let refused = std::sync::atomic::AtomicUsize::new(0);
    let jobs = loans.pieces().zip(out.pieces()).collect();
    in_parallel(machine.threads(), jobs, |(loans, out)| {
        let more = totals_piece(machine, loans, out);
        refused.fetch_add(more, std::sync::atomic::Ordering::Relaxed);
    });
    Ok(refused.into_inner())
}

/// Every row of every loan. Returns how many loans were refused.
///
/// One thread: give each thread loans and buffers of its own through [`in_parallel`]. Rows come to
/// 24 bytes a month and loan; a call for 32 to 64 loans keeps them in the cache, a larger one
/// waits for memory.
///
/// # Errors
/// A column of another length than it must have; `months` above [`MAX_TERM_MONTHS`] or below the
/// term of a loan. Nothing has been written then.
pub fn schedule_rows(
    machine: Machine,
    loans: &FixedColumns<'_>,
    out: &mut RowColumns<'_>,
) -> Result<usize, EngineError> {
    let rows = loans.check()?;
    out.check(rows, loans)?;
    let mut refused = 0;
    let work = lanes::FillRows {
        loans: *loans,
        out: out.reborrow(),
        refused: &mut refused,
    };
    if let Err(mut work) = machine.run(work) {
        (0..rows).for_each(|row| work.scalar_row(row));
    }
    Ok(refused)
}

/// One thread's share of the totals.
fn totals_piece(machine: Machine, loans: FixedColumns<'_>, out: TotalsColumns<'_>) -> usize {
    let mut refused = 0;
    let work = lanes::FillTotals {
        loans,
        out,
        refused: &mut refused,
    };
    if let Err(mut work) = machine.run(work) {
        (0..loans.principal.len()).for_each(|row| work.scalar_row(row));
    }
    refused
}

impl FixedColumns<'_> {
    fn check(&self) -> Result<usize, EngineError> {
        let rows = self.principal.len();
        same_length("rate", self.rate.len(), rows)?;
        same_length("term_months", self.term_months.len(), rows)?;
        Ok(rows)
    }

    fn pieces(&self) -> impl Iterator<Item = FixedColumns<'_>> {
        let columns = self.principal.chunks(PIECE).zip(self.rate.chunks(PIECE));
        let columns = columns.zip(self.term_months.chunks(PIECE));
        columns.map(|((principal, rate), term_months)| FixedColumns {
            principal,
            rate,
            term_months,
        })
    }

    /// The level payment of one loan, the way a single call works it out.
    fn level_payment(&self, row: usize) -> Option<Cents> {
        let (principal, rate) = (self.principal.get(row)?, self.rate.get(row)?);
        let term = *self.term_months.get(row)?;
        if term > MAX_TERM_MONTHS {
            return None;
        }
        level_payment(*principal, *rate, term).ok()
    }

    /// The schedule of one loan, the way a single call makes it.
    fn schedule(&self, row: usize) -> Option<Schedule> {
        let (principal, rate) = (self.principal.get(row)?, self.rate.get(row)?);
        let plan = Plan::fixed(*principal, *rate, *self.term_months.get(row)?);
        plan.and_then(|plan| plan.schedule()).ok()
    }
}

impl TotalsColumns<'_> {
    fn check(&self, rows: usize) -> Result<(), EngineError> {
        same_length("payment", self.payment.len(), rows)?;
        same_length("last_payment", self.last_payment.len(), rows)?;
        same_length("total_interest", self.total_interest.len(), rows)?;
        if self.mark.is_empty() && self.mark_month.is_empty() {
            return Ok(());
        }
        same_length("mark", self.mark.len(), rows)?;
        same_length("mark_month", self.mark_month.len(), rows)
    }

    fn reborrow(&mut self) -> TotalsColumns<'_> {
        TotalsColumns {
            payment: self.payment,
            last_payment: self.last_payment,
            total_interest: self.total_interest,
            mark: self.mark,
            mark_month: self.mark_month,
        }
    }

    /// The zeros of a refused row.
    fn clear(&mut self, row: usize) {
        let columns = [
            &mut *self.payment,
            &mut *self.last_payment,
            &mut *self.total_interest,
        ];
        for place in columns.into_iter().filter_map(|column| column.get_mut(row)) {
            *place = Cents::ZERO;
        }
        if let Some(place) = self.mark_month.get_mut(row) {
            *place = 0;
        }
    }

    fn pieces(&mut self) -> impl Iterator<Item = TotalsColumns<'_>> {
        let marks = self.mark.chunks(PIECE).map(Some);
        let months = self.mark_month.chunks_mut(PIECE).map(Some);
        let marked = marks
            .zip(months)
            .chain(std::iter::repeat_with(|| (None, None)));
        let columns = self.payment.chunks_mut(PIECE);
        let columns = columns.zip(self.last_payment.chunks_mut(PIECE));
        let columns = columns
            .zip(self.total_interest.chunks_mut(PIECE))
            .zip(marked);
        columns.map(
            |(((payment, last_payment), total_interest), (mark, mark_month))| TotalsColumns {
                payment,
                last_payment,
                total_interest,
                mark: mark.unwrap_or_default(),
                mark_month: mark_month.unwrap_or_default(),
            },
        )
    }
}

impl RowColumns<'_> {
    fn check(&self, rows: usize, loans: &FixedColumns<'_>) -> Result<(), EngineError> {
        let longest = loans.term_months.iter().copied();
        // A term nobody accepts is refused in its row and needs no place.
        let longest = longest.filter(|term| *term <= MAX_TERM_MONTHS).max();
        let least = longest.unwrap_or_default();
        if self.months < least || self.months > MAX_TERM_MONTHS {
            let problem = Problem::OutOfRange {
                min: i64::from(least),
                max: i64::from(MAX_TERM_MONTHS),
            };
            return Err(EngineError::new("months", problem));
        }
        let places = usize::try_from(self.months).unwrap_or(usize::MAX);
        let places = places.saturating_mul(rows);
        same_length("interest", self.interest.len(), places)?;
        same_length("principal", self.principal.len(), places)?;
        same_length("balance", self.balance.len(), places)
    }

    fn reborrow(&mut self) -> RowColumns<'_> {
        RowColumns {
            months: self.months,
            interest: self.interest,
            principal: self.principal,
            balance: self.balance,
        }
    }
}
