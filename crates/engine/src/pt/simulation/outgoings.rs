//! What is paid besides capital and interest, and when.

use super::Case;
use super::premium::PremiumPaid;
use crate::error::EngineError;
use crate::money::Cents;
use crate::pt::costs::Timing;
use crate::pt::loan::Instalment;

/// Months of a year.
pub(super) const YEAR: u32 = 12;

/// Costs of the TAEG.
pub(super) struct Outgoings {
    /// On the day of the contract, stamp duty on the credit included.
    pub(super) upfront: Cents,
    /// With each instalment, stamp duty on its interest included.
    pub(super) monthly: Vec<Cents>,
    /// Of all, the stamp duty on the use of credit.
    pub(super) credit_duty: Cents,
    /// Of all, the stamp duty on interest.
    pub(super) interest_duty: Cents,
    /// Of all, the charges with their duty.
    pub(super) charges: Cents,
    /// Of `charges`, the duty on fees.
    pub(super) fee_duty: Cents,
    /// What each premium comes to.
    pub(super) premiums: Vec<PremiumPaid>,
}

impl Outgoings {
    /// The costs of a loan whose months are known. Each charge is rounded to cents when it is paid,
    /// as money is.
    pub(super) fn of(case: &Case<'_>, months: &[Instalment]) -> Result<Self, EngineError> {
        let Case { terms, duties, .. } = *case;
        let credit_duty = duties.on_credit(terms.amount, terms.term_months)?;
        let mut all = Self {
            upfront: credit_duty,
            monthly: vec![Cents::ZERO; months.len()],
            credit_duty,
            interest_duty: Cents::ZERO,
            charges: Cents::ZERO,
            fee_duty: Cents::ZERO,
            premiums: Vec::with_capacity(case.premiums.len()),
        };
        for charge in &terms.charges {
            let charge = charge.classify(case.costs, duties, case.with_products)?;
            if charge.in_taeg {
                all.add(charge.timing, charge.total, charge.duty)
                    .ok_or(EngineError::too_large("charges"))?;
            }
        }
        for premium in case.premiums {
            let loan = (terms.amount, months);
            let paid = premium.add_to(loan, &mut all.monthly, case.costs, case.with_products)?;
            if paid.in_taeg {
                let sum = all.charges.checked_add(paid.total);
                all.charges = sum.ok_or(EngineError::too_large("premiums"))?;
            }
            all.premiums.push(paid);
        }
        for (month, cost) in months.iter().zip(&mut all.monthly) {
            let duty = duties.on_interest(month.row.interest, terms.own_home)?;
            let overflow = EngineError::too_large("principal");
            *cost = cost.checked_add(duty).ok_or(overflow)?;
            all.interest_duty = all.interest_duty.checked_add(duty).ok_or(overflow)?;
        }
        Ok(all)
    }

    fn add(&mut self, timing: Timing, total: Cents, duty: Cents) -> Option<()> {
        let mut times: i64 = 0;
        if timing != Timing::Monthly {
            self.upfront = self.upfront.checked_add(total)?;
            times = 1;
        }
        let last = u32::try_from(self.monthly.len()).ok()?;
        for (number, cost) in (1..=last).zip(&mut self.monthly) {
            let anniversary = number.checked_rem(YEAR) == Some(0) && number < last;
            let due = match timing {
                Timing::Upfront => false,
                Timing::Monthly => true,
                Timing::Yearly => anniversary,
            };
            if due {
                *cost = cost.checked_add(total)?;
                times = times.checked_add(1)?;
            }
        }
        self.charges = self.charges.checked_add(total.checked_mul(times)?)?;
        self.fee_duty = self.fee_duty.checked_add(duty.checked_mul(times)?)?;
        Some(())
    }
}
