//! Monthly schedules in whole cents over a path of rates.

mod walk;

use super::payment::{MonthlyShare, check_rate, level_payment, monthly_interest};
use super::{LastPayment, MAX_TERM_MONTHS, Row, Schedule};
use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::rate::Pct;

pub(crate) use walk::Run;

/// One step of a path of rates: a yearly note rate in force for a number of months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RateStep {
    /// Yearly note rate.
    pub rate: Pct,
    /// Months it is in force, one or more.
    pub months: u32,
}

/// A monthly loan about to be scheduled. Start with [`Plan::fixed`] or [`Plan::adjustable`] and
/// add what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    principal: Cents,
    steps: Vec<RateStep>,
    term_months: u32,
    amortization_months: u32,
    interest_only_months: u32,
    last_payment: LastPayment,
}

/// A run of months under one rate and one way of paying.
pub(super) struct Segment {
    pub(super) rate: Pct,
    pub(super) months: u32,
    /// Months over which the payment is worked out; none while only interest is paid.
    pub(super) amortize_over: Option<u32>,
}

impl Plan {
    /// A level loan of one rate.
    ///
    /// # Errors
    /// `principal` not positive or above [`Cents::MAX`]; `rate` negative or above the bound;
    /// `term_months` outside 1 to [`MAX_TERM_MONTHS`].
    pub fn fixed(principal: Cents, rate: Pct, term_months: u32) -> Result<Self, EngineError> {
        Self::adjustable(
            principal,
            &[RateStep {
                rate,
                months: term_months,
            }],
        )
    }

    /// A loan whose rate follows `path`; the term is the sum of its months. Every step is a change
    /// date: the payment is worked out again from the balance and the remaining months, even when
    /// the rate stays what it was (commentary to 12 CFR 1026.17(c)(1); a cent may move).
    ///
    /// # Errors
    /// As [`Plan::fixed`], and field `rate_path` when a step has no months or there is no step.
    pub fn adjustable(principal: Cents, path: &[RateStep]) -> Result<Self, EngineError> {
        if path.is_empty() {
            return Err(EngineError::new("rate_path", Problem::Empty));
        }
        let mut term_months: u32 = 0;
        for step in path {
            term_months = term_months.saturating_add(step.months);
            check_term("term_months", term_months)?;
            check_rate(step.rate)?;
            if step.months == 0 {
                return Err(EngineError::new("rate_path", Problem::MustBePositive));
            }
        }
        let first = path.first().map_or(Pct::ZERO, |step| step.rate);
        super::payment::check(principal, first, term_months)?;
        Ok(Self {
            principal,
            steps: path.to_vec(),
            term_months,
            amortization_months: term_months,
            interest_only_months: 0,
            last_payment: LastPayment::ClearsBalance,
        })
    }

    /// Pays only interest for the first `months`, then amortises over what remains. When all
    /// months are interest-only the last payment brings the whole principal.
    ///
    /// # Errors
    /// `interest_only_months` above the term.
    pub fn interest_only(mut self, months: u32) -> Result<Self, EngineError> {
        if months > self.term_months {
            let problem = Problem::OutOfRange {
                min: 0,
                max: i64::from(self.term_months),
            };
            return Err(EngineError::new("interest_only_months", problem));
        }
        self.interest_only_months = months;
        Ok(self)
    }

    /// Works the payment out over `months` although the loan matures at its term: the last payment
    /// is a balloon.
    ///
    /// # Errors
    /// `amortization_months` below the term or above [`MAX_TERM_MONTHS`].
    pub fn amortized_over(mut self, months: u32) -> Result<Self, EngineError> {
        if months < self.term_months || months > MAX_TERM_MONTHS {
            let (min, max) = (i64::from(self.term_months), i64::from(MAX_TERM_MONTHS));
            let problem = Problem::OutOfRange { min, max };
            return Err(EngineError::new("amortization_months", problem));
        }
        self.amortization_months = months;
        Ok(self)
    }

    /// Chooses what the last payment does; [`LastPayment::ClearsBalance`] unless said otherwise.
    #[must_use]
    pub const fn last_payment(mut self, rule: LastPayment) -> Self {
        self.last_payment = rule;
        self
    }

    /// Number of monthly payments.
    #[must_use]
    pub const fn term_months(&self) -> u32 {
        self.term_months
    }

    pub(super) const fn principal(&self) -> Cents {
        self.principal
    }

    /// Every payment in whole cents.
    ///
    /// # Errors
    /// `principal` too large for the payments to be held.
    pub fn schedule(&self) -> Result<Schedule, EngineError> {
        let capacity = usize::try_from(self.term_months).unwrap_or_default();
        let mut rows = Vec::with_capacity(capacity);
        let mut balance = self.principal;
        for segment in self.segments() {
            let level = match segment.amortize_over {
                Some(months) if balance.is_positive() => {
                    Some(level_payment(balance, segment.rate, months)?)
                }
                Some(_) => Some(Cents::ZERO),
                None => None,
            };
            balance = append(&mut rows, balance, &segment, level)
                .ok_or(EngineError::too_large("principal"))?;
        }
        if self.last_payment == LastPayment::ClearsBalance
            && let Some(last) = rows.last_mut()
        {
            clear(last).ok_or(EngineError::too_large("principal"))?;
            balance = Cents::ZERO;
        }
        Ok(Schedule {
            rows,
            remainder: balance,
        })
    }

    /// Cuts the term wherever the rate changes or the interest-only period ends.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let mut segments = Vec::with_capacity(self.steps.len().saturating_add(1));
        let mut done: u32 = 0;
        for step in &self.steps {
            let end = done.saturating_add(step.months);
            let cut = self.interest_only_months.clamp(done, end);
            if cut > done {
                let months = cut.saturating_sub(done);
                segments.push(Segment {
                    rate: step.rate,
                    months,
                    amortize_over: None,
                });
            }
            if end > cut {
                segments.push(Segment {
                    rate: step.rate,
                    months: end.saturating_sub(cut),
                    amortize_over: Some(self.amortization_months.saturating_sub(cut)),
                });
            }
            done = end;
        }
        segments
    }
}

/// Adds one segment's rows; the new balance, or none on overflow.
fn append(
    rows: &mut Vec<Row>,
    mut balance: Cents,
    segment: &Segment,
    level: Option<Cents>,
) -> Option<Cents> {
    if let Some(share) = MonthlyShare::of(balance, segment.rate) {
        return append_ordinary(rows, balance, segment, level, share);
    }
    let mut number = u32::try_from(rows.len()).ok()?;
    for _ in 0..segment.months {
        number = number.checked_add(1)?;
        let interest = monthly_interest(balance, segment.rate)?;
        let owed = balance.checked_add(interest)?;
        // A payment rounded up can clear a long loan some months early; it never overpays.
        let payment = level.unwrap_or(interest).min(owed);
        balance = owed.checked_sub(payment)?;
        let principal = payment.checked_sub(interest)?;
        rows.push(Row {
            number,
            payment,
            interest,
            principal,
            balance,
            rate: segment.rate,
        });
    }
    Some(balance)
}

/// As [`append`] where one month's interest is a product: a balance that only falls and stays in
/// bounds needs no checks.
fn append_ordinary(
    rows: &mut Vec<Row>,
    balance: Cents,
    segment: &Segment,
    level: Option<Cents>,
    share: MonthlyShare,
) -> Option<Cents> {
    let before = u32::try_from(rows.len()).ok()?;
    let mut left = balance.get();
    rows.extend((0..segment.months).map(|month| {
        let interest = share.of_balance(left);
        let owed = left.wrapping_add(interest);
        let payment = level.map_or(interest, |level| level.get().min(owed));
        let principal = payment.wrapping_sub(interest);
        left = owed.wrapping_sub(payment);
        Row {
            number: before.wrapping_add(month).wrapping_add(1),
            payment: Cents::new(payment),
            interest: Cents::new(interest),
            principal: Cents::new(principal),
            balance: Cents::new(left),
            rate: segment.rate,
        }
    }));
    Some(Cents::new(left))
}

/// Makes the last row pay everything that is owed.
fn clear(last: &mut Row) -> Option<()> {
    last.payment = last.payment.checked_add(last.balance)?;
    last.principal = last.principal.checked_add(last.balance)?;
    last.balance = Cents::ZERO;
    Some(())
}

pub(crate) fn check_term(field: &'static str, months: u32) -> Result<(), EngineError> {
    if months == 0 || months > MAX_TERM_MONTHS {
        let problem = Problem::OutOfRange {
            min: 1,
            max: i64::from(MAX_TERM_MONTHS),
        };
        return Err(EngineError::new(field, problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(text: &str) -> Cents {
        Cents::parse_decimal(text).unwrap()
    }

    fn pct(text: &str) -> Pct {
        Pct::parse_decimal(text).unwrap()
    }

    #[test]
    fn h_25_b_with_cent_rounding_ends_at_764_68() {
        let schedule = Plan::fixed(cents("162000"), pct("3.875"), 360)
            .unwrap()
            .schedule()
            .unwrap();
        assert_eq!(schedule.rows.last().unwrap().payment, cents("764.68"));
        // 118831.70 of the note in the specification, less 80 premiums of 82.35.
        assert_eq!(schedule.total_interest().unwrap(), cents("112243.70"));
        assert_eq!(schedule.remainder, Cents::ZERO);
    }

    #[test]
    fn capfed_three_year_arm_payments() {
        let step = |rate, months| RateStep {
            rate: pct(rate),
            months,
        };
        let path = [step("3.125", 36), step("5.125", 12), step("5.25", 312)];
        let rows = Plan::adjustable(cents("550001"), &path)
            .unwrap()
            .schedule()
            .unwrap()
            .rows;
        assert_eq!(rows[0].payment, cents("2356.07"));
        assert_eq!(rows[36].payment, cents("2939.08"));
        assert_eq!(rows[48].payment, cents("2976.67"));
        assert_eq!(rows[359].balance, Cents::ZERO);
    }

    #[test]
    fn every_change_date_works_the_payment_out_again() {
        let step = |rate, months| RateStep {
            rate: pct(rate),
            months,
        };
        let path = [step("3.125", 84), step("3.125", 36), step("12", 60)];
        let plan = Plan::adjustable(cents("1000000"), &path).unwrap();
        let rows = plan.schedule().unwrap().rows;
        assert_eq!(rows[83].payment, cents("6966.09"));
        assert_eq!(rows[84].payment, cents("6966.10"));
    }

    #[test]
    fn interest_only_then_amortising() {
        let plan = Plan::fixed(cents("500000"), pct("6.5"), 360).unwrap();
        let rows = plan.interest_only(60).unwrap().schedule().unwrap().rows;
        assert_eq!(rows[59].balance, cents("500000"));
        assert_eq!(rows[59].payment, cents("2708.33"));
        assert_eq!(
            rows[60].payment,
            level_payment(cents("500000"), pct("6.5"), 300).unwrap()
        );
        let all = Plan::fixed(cents("100"), pct("12"), 3)
            .unwrap()
            .interest_only(3)
            .unwrap();
        let payments: Vec<_> = all
            .schedule()
            .unwrap()
            .rows
            .iter()
            .map(|r| r.payment)
            .collect();
        assert_eq!(payments, [cents("1"), cents("1"), cents("101")]);
    }

    #[test]
    fn balloon_pays_the_rest_or_reports_it() {
        let plan = Plan::fixed(cents("200000"), pct("6"), 60)
            .unwrap()
            .amortized_over(360)
            .unwrap();
        let cleared = plan.clone().schedule().unwrap();
        let level = plan.last_payment(LastPayment::Level).schedule().unwrap();
        assert_eq!(level.rows[59].payment, cents("1199.10"));
        assert_eq!(cleared.remainder, Cents::ZERO);
        let balloon = cents("1199.10").checked_add(level.remainder).unwrap();
        assert_eq!(cleared.rows[59].payment, balloon);
    }

    #[test]
    fn tiny_loans_never_overpay() {
        let rows = Plan::fixed(cents("0.02"), Pct::ZERO, 3)
            .unwrap()
            .schedule()
            .unwrap()
            .rows;
        let payments: Vec<_> = rows.iter().map(|r| r.payment.get()).collect();
        assert_eq!(payments, [1, 1, 0]);
    }

    #[test]
    fn refuses_bad_terms() {
        let plan = |term| Plan::fixed(cents("100"), pct("5"), term);
        assert_eq!(plan(0).unwrap_err().field, "term_months");
        assert_eq!(plan(1201).unwrap_err().field, "term_months");
        assert_eq!(
            plan(12).unwrap().interest_only(13).unwrap_err().field,
            "interest_only_months"
        );
        assert_eq!(
            plan(12).unwrap().amortized_over(11).unwrap_err().field,
            "amortization_months"
        );
        assert_eq!(
            Plan::adjustable(cents("1"), &[]).unwrap_err().field,
            "rate_path"
        );
    }
}
