//! Monthly schedules without rounding, for figures the official forms state that way.
#![expect(clippy::float_arithmetic, reason = "unrounded by definition")]

use super::plan::Plan;
use crate::float::{self, Wide};
use crate::schedule::level_payment_wide;

/// One unrounded payment, in currency units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExactRow {
    /// Number of the payment, from 1.
    pub number: u32,
    /// Interest and principal together.
    pub payment: f64,
    /// The part that is interest.
    pub interest: f64,
    /// The part that reduces the balance.
    pub principal: f64,
    /// Balance after the payment; the last row leaves zero, or the unpaid part of a balloon.
    pub balance: f64,
}

/// The schedule of `plan` with nothing rounded. The last payment is level: without rounding there
/// is nothing to clear except a balloon, which stays in the last balance.
#[must_use]
pub fn exact_schedule(plan: &Plan) -> Vec<ExactRow> {
    let mut rows = Vec::new();
    let mut balance = float::from_i64(plan.principal().get()) / 100.0;
    let mut number: u32 = 0;
    for segment in plan.segments() {
        let monthly = segment.rate.monthly_f64();
        let level = segment
            .amortize_over
            .map(|months| level_payment_wide(Wide::of(balance), segment.rate, months).to_f64());
        for _ in 0..segment.months {
            number = number.saturating_add(1);
            let interest = balance * monthly;
            let payment = level.unwrap_or(interest);
            let principal = payment - interest;
            balance -= principal;
            rows.push(ExactRow {
                number,
                payment,
                interest,
                principal,
                balance,
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cents, Pct};

    #[test]
    fn h_25_b_balance_after_five_years() {
        let plan = Plan::fixed(Cents::new(16_200_000), Pct::new(3_875_000_000), 360).unwrap();
        let rows = exact_schedule(&plan);
        // Principal paid in five years on the official sample: 15,773.
        assert!((162_000.0 - rows[59].balance - 15_773.0).abs() < 0.5);
        assert!(rows[359].balance.abs() < 1e-6);
    }
}
