//! A schedule month by month, for those who keep none of its rows.

use super::super::LastPayment;
use super::super::payment::{MonthlyShare, level_payment, monthly_interest};
use super::{Plan, Segment};
use crate::error::EngineError;
use crate::money::Cents;
use crate::rate::Pct;

/// Equal payments in a row, at one note rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// How many.
    pub(crate) count: u32,
    /// Interest and principal of each.
    pub(crate) payment: Cents,
    /// Yearly note rate the interest accrues at.
    pub(crate) rate: Pct,
}

impl Plan {
    /// Goes through the months of [`Plan::schedule`] without a list of them: `before` is told the
    /// balance before each payment in whole cents, `run` the payments. Neighbouring runs may be equal,
    /// and a run may be of none.
    ///
    /// # Errors
    /// As [`Plan::schedule`].
    pub(crate) fn walk(
        &self,
        mut before: impl FnMut(i64),
        mut run: impl FnMut(Run),
    ) -> Result<(), EngineError> {
        let too_large = EngineError::too_large("principal");
        let mut at = At {
            months: self.term_months,
            balance: self.principal,
            clears: self.last_payment == LastPayment::ClearsBalance,
        };
        for segment in self.segments() {
            let level = match segment.amortize_over {
                Some(months) if at.balance.is_positive() => {
                    Some(level_payment(at.balance, segment.rate, months)?)
                }
                Some(_) => Some(Cents::ZERO),
                None => None,
            };
            let seen = (&mut before, &mut run);
            at = match MonthlyShare::of(at.balance, segment.rate) {
                Some(share) => at.pass_ordinary(&segment, level, share, seen),
                None => at.pass(&segment, level, seen).ok_or(too_large)?,
            };
        }
        Ok(())
    }
}

/// Where a walk is.
struct At {
    /// Months that are left.
    months: u32,
    /// Balance before them.
    balance: Cents,
    /// Whether the last of them pays whatever is owed.
    clears: bool,
}

impl At {
    /// Whether `segment` is the last, and its last month clears the balance.
    fn is_cleared_by(&self, segment: &Segment) -> bool {
        self.clears && segment.months == self.months
    }

    /// A segment with every step checked.
    fn pass(
        mut self,
        segment: &Segment,
        level: Option<Cents>,
        (before, run): (&mut impl FnMut(i64), &mut impl FnMut(Run)),
    ) -> Option<Self> {
        let clears = self.is_cleared_by(segment);
        for month in 1..=segment.months {
            let interest = monthly_interest(self.balance, segment.rate)?;
            let owed = self.balance.checked_add(interest)?;
            let payment = if clears && month == segment.months {
                owed
            } else {
                level.unwrap_or(interest).min(owed)
            };
            before(self.balance.get());
            run(Run {
                count: 1,
                payment,
                rate: segment.rate,
            });
            self.balance = owed.checked_sub(payment)?;
        }
        self.months = self.months.checked_sub(segment.months)?;
        Some(self)
    }

    /// A segment of a balance that only falls and stays in bounds.
    fn pass_ordinary(
        self,
        segment: &Segment,
        level: Option<Cents>,
        share: MonthlyShare,
        (before, run): (&mut impl FnMut(i64), &mut impl FnMut(Run)),
    ) -> Self {
        let clears = self.is_cleared_by(segment);
        let usual = segment.months.wrapping_sub(u32::from(clears));
        let mut left = self.balance.get();
        let mut pay = |count, payment| {
            run(Run {
                count,
                payment: Cents::new(payment),
                rate: segment.rate,
            });
        };
        match level.map(Cents::get) {
            None => {
                (0..usual).for_each(|_| before(left));
                pay(usual, share.of_balance(left));
            }
            Some(level) => {
                let mut month = 0;
                while month < usual {
                    before(left);
                    month = month.wrapping_add(1);
                    let owed = left.wrapping_add(share.of_balance(left));
                    if owed < level {
                        // A payment rounded up clears a long loan early: nothing is owed from then on.
                        let rest = usual.wrapping_sub(month);
                        pay(month.wrapping_sub(1), level);
                        pay(1, owed);
                        pay(rest, 0);
                        (0..rest).for_each(|_| before(0));
                        (left, month) = (0, 0);
                        break;
                    }
                    left = owed.wrapping_sub(level);
                }
                pay(month, level);
            }
        }
        if clears {
            before(left);
            pay(1, left.wrapping_add(share.of_balance(left)));
            left = 0;
        }
        Self {
            months: self.months.wrapping_sub(segment.months),
            balance: Cents::new(left),
            clears: self.clears,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::RateStep;
    use super::*;

    fn same(plan: &Plan) {
        let rows = plan.schedule().map(|found| found.rows);
        let (mut balances, mut payments) = (Vec::new(), Vec::new());
        let walked = plan.walk(
            |before| balances.push(before),
            |run| payments.extend((0..run.count).map(|_| (run.payment, run.rate))),
        );
        match rows {
            Ok(rows) => {
                assert_eq!(walked, Ok(()));
                let before = rows.iter().map(|row| row.balance_before().get());
                assert_eq!(balances, before.collect::<Vec<_>>());
                let paid = rows.iter().map(|row| (row.payment, row.rate));
                assert_eq!(payments, paid.collect::<Vec<_>>());
            }
            Err(error) => assert_eq!(walked, Err(error)),
        }
    }

    #[test]
    fn a_walk_sees_the_months_of_the_schedule() {
        let rate = |text: &str| Pct::parse_decimal(text).unwrap();
        for (principal, note, term, amortization, interest_only) in [
            (16_200_000, "3.875", 360, 360, 0),
            (16_200_000, "6.123456789", 180, 360, 12),
            (2, "0", 3, 3, 0),
            (100, "12", 3, 3, 3),
            (9_000_000_000_000_000, "7.125", 360, 360, 0),
            (90_000_000_000_000_000, "9999", 1200, 1200, 0),
            (1, "5", 1200, 1200, 0),
        ] {
            for last in [LastPayment::ClearsBalance, LastPayment::Level] {
                let plan = Plan::fixed(Cents::new(principal), rate(note), term)
                    .and_then(|plan| plan.amortized_over(amortization))
                    .and_then(|plan| plan.interest_only(interest_only))
                    .unwrap();
                same(&plan.last_payment(last));
            }
        }
        let path = [("3.125", 36), ("5.125", 12), ("5.25", 312)].map(|(text, months)| RateStep {
            rate: rate(text),
            months,
        });
        same(&Plan::adjustable(Cents::new(55_000_100), &path).unwrap());
    }
}
