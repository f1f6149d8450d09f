//! Instalments of a credit to the cent: equal instalments, equal capital, agreed amounts; drawn in
//! parts, with an odd first period, at any frequency of whole months.
//!
//! Months have a thirtieth of 360 days each: interest of a period of `m` months is
//! `balance × rate × m / 12` by the nominal convention, `balance × ((1 + rate)^(m/12) − 1)` by the
//! effective one, rounded half up to cents. The instalment is worked out anew whenever the rate
//! changes, something more is drawn, or the period of interest only ends.
mod run;

use super::years::Years;
use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::{LastPayment, MAX_NOTE_RATE, MAX_TERM_MONTHS, RateStep, Schedule};

use run::Run;

/// How a yearly borrowing rate becomes the rate of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateConvention {
    /// The year's part of the rate: `rate × m / 12`. The usual mortgage.
    Nominal,
    /// The rate that compounds to it: `(1 + rate)^(m/12) − 1`.
    Effective,
}

/// How the capital comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Equal instalments of interest and capital.
    EqualInstalments,
    /// Equal instalments worked out over more months than the term: the last brings the rest.
    Balloon {
        /// Months the instalment is worked out over, the term or more.
        amortize_over_months: u32,
    },
    /// Equal parts of capital, each with the interest due.
    EqualCapital,
    /// An agreed amount, until everything is paid.
    AgreedInstalment(Cents),
    /// A part of the balance, in percent.
    PartOfBalance(Pct),
}

/// An amount drawn at the beginning of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawdown {
    /// Months after the first drawdown, a whole number of periods.
    pub month: u32,
    /// The amount.
    pub amount: Cents,
}

/// How a credit, or one part of it, is repaid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repayment {
    /// What is drawn, the first in month 0.
    pub drawdowns: Vec<Drawdown>,
    /// Rates over the term, in months; the term is their sum.
    pub rates: Vec<RateStep>,
    /// How rates are read.
    pub convention: RateConvention,
    /// How capital comes back.
    pub method: Method,
    /// Months at the beginning that pay interest only, on what is drawn.
    pub interest_only_months: u32,
    /// Months from one instalment to the next: 1, 2, 3, 4, 6 or 12.
    pub months_per_instalment: u32,
    /// Time from the first drawdown to the first instalment when that is not one period; interest of
    /// this time is simple.
    pub first_period: Option<Years>,
    /// What the last instalment does.
    pub last_payment: LastPayment,
}

impl Repayment {
    /// Equal monthly instalments on an amount drawn at once; the last clears the balance.
    #[must_use]
    pub fn monthly(amount: Cents, rates: Vec<RateStep>) -> Self {
        Self {
            drawdowns: vec![Drawdown { month: 0, amount }],
            rates,
            convention: RateConvention::Nominal,
            method: Method::EqualInstalments,
            interest_only_months: 0,
            months_per_instalment: 1,
            first_period: None,
            last_payment: LastPayment::ClearsBalance,
        }
    }

    /// Every instalment, numbered from 1 by period.
    ///
    /// # Errors
    /// `drawdowns` without one in month 0, out of order, not positive or after the term; `rate`
    /// negative or above [`MAX_NOTE_RATE`]; `rate_path` empty or with steps that are not whole
    /// periods; `term_months` outside 1 to [`MAX_TERM_MONTHS`]; `months_per_instalment`,
    /// `interest_only_months`, `amortize_over_months`, `first_period` or `part` out of bounds;
    /// `instalment` that does not pay the interest; `amount` too large.
    pub fn schedule(&self) -> Result<Schedule, EngineError> {
        let term = self.checked_periods()?;
        let mut run = Run::new(self, term);
        let mut rows = Vec::with_capacity(usize::try_from(term).unwrap_or_default());
        let mut steps = self.rates.iter();
        let mut step_left = 0;
        let mut rate = Pct::ZERO;
        for number in 1..=term {
            let mut anew = number.saturating_sub(1) == run.interest_only;
            if step_left == 0 {
                let step = steps
                    .next()
                    .copied()
                    .unwrap_or(RateStep { rate, months: 1 });
                anew |= number == 1 || step.rate != rate;
                rate = step.rate;
                step_left = self.periods(step.months);
            }
            step_left = step_left.saturating_sub(1);
            anew |= run.draw(number)?;
            rows.push(run.period(number, rate, anew)?);
        }
        let remainder = run.balance;
        Ok(Schedule { rows, remainder })
    }

    /// Months in whole periods.
    fn periods(&self, months: u32) -> u32 {
        months.checked_div(self.months_per_instalment).unwrap_or(0)
    }

    /// Checks everything; the number of periods.
    fn checked_periods(&self) -> Result<u32, EngineError> {
        if !matches!(self.months_per_instalment, 1..=4 | 6 | 12) {
            let why = "must be 1, 2, 3, 4, 6 or 12";
            let problem = Problem::Inconsistent(why);
            return Err(EngineError::new("months_per_instalment", problem));
        }
        let term = self.checked_term()?;
        let last_draw = term.saturating_sub(self.months_per_instalment);
        check_months("interest_only_months", self.interest_only_months, 0, term)?;
        self.whole_periods("interest_only_months", self.interest_only_months)?;
        let mut after = None;
        for drawdown in &self.drawdowns {
            if !drawdown.amount.is_positive() {
                return Err(EngineError::new("drawdowns", Problem::MustBePositive));
            }
            if after.is_some_and(|month| drawdown.month < month) || drawdown.month > last_draw {
                return Err(EngineError::new("drawdowns", Problem::OutOfOrder));
            }
            self.whole_periods("drawdowns", drawdown.month)?;
            after = Some(drawdown.month);
        }
        if self.drawdowns.first().is_none_or(|first| first.month != 0) {
            let why = "must have one in month 0";
            return Err(EngineError::new("drawdowns", Problem::Inconsistent(why)));
        }
        let out_of_range = |field, min, max| {
            let problem = Problem::OutOfRange { min, max };
            Err(EngineError::new(field, problem))
        };
        match self.method {
            Method::Balloon {
                amortize_over_months: months,
            } => {
                check_months("amortize_over_months", months, term, MAX_TERM_MONTHS)?;
                self.whole_periods("amortize_over_months", months)?;
            }
            Method::PartOfBalance(part) if part <= Pct::ZERO || part > Pct::HUNDRED => {
                return out_of_range("part", 0, 100);
            }
            Method::EqualInstalments
            | Method::EqualCapital
            | Method::AgreedInstalment(_)
            | Method::PartOfBalance(_) => {}
        }
        if let Some(first) = self.first_period
            && (first.is_negative() || first.to_f64() > 2.0)
        {
            return out_of_range("first_period", 0, 2);
        }
        Ok(self.periods(term))
    }

    /// Months of all rates together.
    fn checked_term(&self) -> Result<u32, EngineError> {
        if self.rates.is_empty() {
            return Err(EngineError::new("rate_path", Problem::Empty));
        }
        let mut term: u32 = 0;
        for step in &self.rates {
            term = term.saturating_add(step.months);
            check_months("term_months", term, 1, MAX_TERM_MONTHS)?;
            if step.months == 0 {
                return Err(EngineError::new("rate_path", Problem::MustBePositive));
            }
            self.whole_periods("rate_path", step.months)?;
            if step.rate.is_negative() {
                return Err(EngineError::new("rate", Problem::MustNotBeNegative));
            }
            if step.rate > MAX_NOTE_RATE {
                return Err(EngineError::too_large("rate"));
            }
        }
        Ok(term)
    }

    fn whole_periods(&self, field: &'static str, months: u32) -> Result<(), EngineError> {
        if months.checked_rem(self.months_per_instalment) == Some(0) {
            return Ok(());
        }
        let why = "must be a whole number of periods";
        Err(EngineError::new(field, Problem::Inconsistent(why)))
    }
}

fn check_months(field: &'static str, months: u32, min: u32, max: u32) -> Result<(), EngineError> {
    if (min..=max).contains(&months) {
        return Ok(());
    }
    let (min, max) = (i64::from(min), i64::from(max));
    Err(EngineError::new(field, Problem::OutOfRange { min, max }))
}

#[cfg(test)]
mod tests;
