//! The months of a loan, one after the other.

use super::{Drawing, Instalment, Loan, NegativeInterest, Phase, instalment_with_residual};
use crate::error::EngineError;
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::{Row, monthly_interest};

/// What is owed and what is owed to the borrower.
struct State {
    balance: Cents,
    credit: Cents,
    /// The instalment in force; none before the first and after a reset.
    level: Option<Cents>,
}

/// One month's question.
struct Month {
    number: u32,
    tan: Pct,
    last: bool,
    phase: Phase,
}

pub(super) fn schedule(loan: &Loan) -> Result<Vec<Instalment>, EngineError> {
    let mut drawings = loan.drawings().into_iter().peekable();
    let mut months = Vec::with_capacity(usize::try_from(loan.term_months).unwrap_or_default());
    let mut state = State {
        balance: Cents::ZERO,
        credit: Cents::ZERO,
        level: None,
    };
    let mut number: u32 = 0;
    for step in &loan.path {
        state.level = None;
        for _ in 0..step.months {
            // What is drawn k months after the contract bears interest from month k + 1 on.
            while let Some(Drawing { amount, .. }) = drawings.next_if(|next| next.month <= number) {
                let more = state.balance.checked_add(amount);
                state.balance = more.ok_or(EngineError::too_large("principal"))?;
            }
            number = number.saturating_add(1);
            let phase = if number <= loan.utilisation_months {
                Phase::Utilisation
            } else {
                Phase::Repayment
            };
            let month = Month {
                number,
                tan: step.rate,
                last: number == loan.term_months,
                phase,
            };
            months.push(state.next(loan, &month)?);
        }
    }
    Ok(months)
}

impl State {
    fn next(&mut self, loan: &Loan, month: &Month) -> Result<Instalment, EngineError> {
        let overflow = EngineError::too_large("principal");
        let accrued = monthly_interest(self.balance, month.tan).ok_or(overflow)?;
        let interest = self
            .charged(loan.negative_interest, accrued, month.last)
            .ok_or(overflow)?;
        // The instalment is worked out from the interest that accrues; a credit only lowers what is
        // paid of it.
        let capital = match month.phase {
            Phase::Utilisation if !interest.is_negative() => Cents::ZERO,
            // Nothing is paid, and the negative interest lowers the capital.
            Phase::Utilisation => interest.checked_neg().ok_or(overflow)?,
            Phase::Repayment if month.last => self.balance,
            Phase::Repayment => {
                let level = self.level(loan, month)?;
                let accruing = match loan.negative_interest {
                    NegativeInterest::CreditedToCapital => accrued,
                    NegativeInterest::Banked => accrued.max(Cents::ZERO),
                };
                let part = level.checked_sub(accruing).ok_or(overflow)?;
                // An instalment rounded up can clear a long loan early; it never overpays.
                part.min(self.balance)
            }
        };
        self.balance = self.balance.checked_sub(capital).ok_or(overflow)?;
        let row = Row {
            number: month.number,
            payment: capital.checked_add(interest).ok_or(overflow)?,
            interest,
            principal: capital,
            balance: self.balance,
            rate: month.tan,
        };
        Ok(Instalment {
            row,
            phase: month.phase,
            interest_credit: self.credit,
        })
    }

    /// Interest charged for the month, the credit brought up to date.
    fn charged(&mut self, rule: NegativeInterest, accrued: Cents, last: bool) -> Option<Cents> {
        match rule {
            NegativeInterest::CreditedToCapital => Some(accrued),
            NegativeInterest::Banked if accrued.is_negative() && !last => {
                self.credit = self.credit.checked_sub(accrued)?;
                Some(Cents::ZERO)
            }
            // The last month pays out whatever credit is left.
            NegativeInterest::Banked if last => {
                let charged = accrued.checked_sub(self.credit)?;
                self.credit = Cents::ZERO;
                Some(charged)
            }
            NegativeInterest::Banked => {
                let used = self.credit.min(accrued);
                self.credit = self.credit.checked_sub(used)?;
                accrued.checked_sub(used)
            }
        }
    }

    /// The instalment in force, worked out again at each reset.
    fn level(&mut self, loan: &Loan, month: &Month) -> Result<Cents, EngineError> {
        if let Some(level) = self.level {
            return Ok(level);
        }
        let left = loan
            .term_months
            .saturating_add(1)
            .saturating_sub(month.number);
        let tan = match loan.negative_interest {
            NegativeInterest::CreditedToCapital => month.tan,
            NegativeInterest::Banked => month.tan.max(Pct::ZERO),
        };
        // Rounding, or negative interest during utilisation, may leave less than the residual.
        let residual = loan.residual.min(self.balance);
        let level = if self.balance.is_zero() {
            Cents::ZERO
        } else {
            instalment_with_residual(self.balance, residual, tan, left)?
        };
        self.level = Some(level);
        Ok(level)
    }
}
