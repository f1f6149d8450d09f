//! Runs of equal payments, and their rate.
#![expect(
    clippy::float_arithmetic,
    reason = "cents become the solver's floats here"
)]

use super::due_date;
use super::first_period::FirstPeriod;
use crate::apr::{self, Advance, Level, Solution, Stream};
use crate::date::Date;
use crate::error::EngineError;
use crate::float;
use crate::money::Cents;
use crate::rate::Pct;
use crate::ratio::Ratio;
use crate::schedule::Row;
use crate::unit_period::Interval;

/// One payment with its mortgage insurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoanRow {
    /// Principal and interest.
    pub row: Row,
    /// Mortgage insurance due with it.
    pub mortgage_insurance: Cents,
}

/// Equal payments in a row, at one note rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamItem {
    /// How many.
    pub number_of_payments: u32,
    /// Principal and interest of each.
    pub principal_and_interest: Cents,
    /// Mortgage insurance of each.
    pub mortgage_insurance: Cents,
    /// Due date of the first, when the loan's dates are known.
    pub start: Option<Date>,
    /// Note rate during these payments.
    pub note_rate: Pct,
}

impl StreamItem {
    /// Principal, interest and mortgage insurance of one payment.
    #[must_use]
    pub fn total(&self) -> Cents {
        let total = self.principal_and_interest.get();
        Cents::new(total.saturating_add(self.mortgage_insurance.get()))
    }
}

/// Gathers equal neighbours. Interest-only and amortising payments differ in amount, so their
/// boundary shows by itself; a change of rate shows even when the amount is the same.
pub(super) fn group(
    rows: &[LoanRow],
    first_period: &FirstPeriod,
) -> Result<Vec<StreamItem>, EngineError> {
    let mut items: Vec<StreamItem> = Vec::new();
    for LoanRow {
        row,
        mortgage_insurance,
    } in rows
    {
        let same = |item: &&mut StreamItem| {
            item.principal_and_interest == row.payment
                && item.mortgage_insurance == *mortgage_insurance
                && item.note_rate == row.rate
        };
        if let Some(item) = items.last_mut().filter(same) {
            item.number_of_payments = item.number_of_payments.saturating_add(1);
            continue;
        }
        let start = match first_period.first_payment() {
            Some(first) => Some(due_date(first, row.number)?),
            None => None,
        };
        items.push(StreamItem {
            number_of_payments: 1,
            principal_and_interest: row.payment,
            mortgage_insurance: *mortgage_insurance,
            start,
            note_rate: row.rate,
        });
    }
    Ok(items)
}

/// The rate of the stream when its first payment is `start` months after the advance.
pub(super) fn solve(
    amount_financed: Cents,
    items: &[StreamItem],
    start: Interval,
    guess: Pct,
) -> Result<Solution, EngineError> {
    let amount = units(amount_financed);
    if start.whole == 1 && start.fraction.num == 0 {
        let levels: Vec<Level> = items
            .iter()
            .map(|item| Level {
                count: item.number_of_payments,
                payment: units(item.total()),
            })
            .collect();
        return apr::solve_levels(amount, &levels, guess);
    }
    let mut whole = start.whole;
    let mut streams = Vec::with_capacity(items.len());
    for item in items {
        if item.total().is_positive() {
            streams.push(Stream {
                whole,
                fraction: start.fraction,
                count: item.number_of_payments,
                every: 1,
                amount: units(item.total()),
            });
        }
        whole = whole.saturating_add(item.number_of_payments);
    }
    let advance = Advance {
        whole: 0,
        fraction: Ratio::ZERO,
        amount,
    };
    apr::solve(&[advance], &streams, Ratio::whole(12))
}

fn units(cents: Cents) -> f64 {
    float::from_i64(cents.get()) / 100.0
}
