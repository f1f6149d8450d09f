//! A credit on its way from one instalment to the next.
#![expect(
    clippy::float_arithmetic,
    reason = "effective rates and the odd first period"
)]

use super::{Drawdown, Method, RateConvention, Repayment};
use crate::aprc::years::Years;
use crate::error::{EngineError, Problem};
use crate::float::{self, Wide};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;
use crate::schedule::{LastPayment, Row, level_payment, level_payment_wide};

/// The credit between two instalments.
pub(super) struct Run<'a> {
    terms: &'a Repayment,
    term: u32,
    pub(super) interest_only: u32,
    upcoming: std::slice::Iter<'a, Drawdown>,
    pub(super) balance: Cents,
    /// The instalment in force; for equal parts of capital, the capital they divide.
    level: Cents,
    /// Period in which the level was worked out.
    since: u32,
}

const TOO_LARGE: EngineError = EngineError::too_large("amount");

impl<'a> Run<'a> {
    pub(super) fn new(terms: &'a Repayment, term: u32) -> Self {
        Self {
            terms,
            term,
            interest_only: terms.periods(terms.interest_only_months),
            upcoming: terms.drawdowns.iter(),
            balance: Cents::ZERO,
            level: Cents::ZERO,
            since: 1,
        }
    }

    /// Adds what is drawn at the beginning of period `number`; true when something was.
    pub(super) fn draw(&mut self, number: u32) -> Result<bool, EngineError> {
        let mut drawn = false;
        let begins = number
            .saturating_sub(1)
            .saturating_mul(self.terms.months_per_instalment);
        while let Some(next) = self.upcoming.as_slice().first()
            && next.month == begins
        {
            self.upcoming.next();
            self.balance = self.balance.checked_add(next.amount).ok_or(TOO_LARGE)?;
            drawn = true;
        }
        Ok(drawn)
    }

    /// One instalment; `anew` when the level must be worked out again.
    pub(super) fn period(
        &mut self,
        number: u32,
        rate: Pct,
        anew: bool,
    ) -> Result<Row, EngineError> {
        let stub = self.terms.first_period.filter(|_| number == 1);
        let interest = self.interest(rate, stub).ok_or(TOO_LARGE)?;
        let owed = self.balance.checked_add(interest).ok_or(TOO_LARGE)?;
        if anew && number > self.interest_only {
            self.level = self.new_level(number, rate, stub)?;
            self.since = number;
        }
        let last = number == self.term;
        let clears = last && self.terms.last_payment == LastPayment::ClearsBalance;
        let payment = if clears {
            owed
        } else if number <= self.interest_only {
            interest
        } else {
            self.instalment(number, interest)?.min(owed)
        };
        let payment = if last && !clears && payment == owed && self.repeats() {
            self.level
        } else {
            payment
        };
        // Cents that a repeated last instalment pays beyond what is owed count as interest.
        let beyond = payment.max(owed).checked_sub(owed).ok_or(TOO_LARGE)?;
        let interest = interest.checked_add(beyond).ok_or(TOO_LARGE)?;
        let principal = payment.checked_sub(interest).ok_or(TOO_LARGE)?;
        self.balance = self.balance.checked_sub(principal).ok_or(TOO_LARGE)?;
        Ok(Row {
            number,
            payment,
            interest,
            principal,
            balance: self.balance,
            rate,
        })
    }

    /// Half-up cents of the period's interest; exact before the rounding by the nominal convention.
    fn interest(&self, rate: Pct, stub: Option<Years>) -> Option<Cents> {
        let hundred = i128::from(Pct::HUNDRED.e9());
        let (num, den) = match (self.terms.convention, stub) {
            (RateConvention::Nominal, Some(stub)) => {
                let (num, den) = stub.parts();
                let num = i128::from(rate.e9()).checked_mul(i128::from(num))?;
                (num, hundred.checked_mul(i128::from(den))?)
            }
            (RateConvention::Nominal, None) => {
                let months = i128::from(self.terms.months_per_instalment);
                let num = i128::from(rate.e9()).checked_mul(months)?;
                (num, hundred.checked_mul(12)?)
            }
            (RateConvention::Effective, _) => {
                let years = stub.map_or_else(|| self.period_years(), Years::to_f64);
                (i128::from(compounded(rate, years)?.e9()), hundred)
            }
        };
        self.balance.mul_ratio(num, den, Rounding::HalfUp)
    }

    fn period_years(&self) -> f64 {
        f64::from(self.terms.months_per_instalment) / 12.0
    }

    /// The yearly rate whose twelfth is the rate of a period, for the formula of the level payment.
    fn twelvefold(&self, rate: Pct) -> Option<Pct> {
        let times = match self.terms.convention {
            RateConvention::Nominal => i64::from(self.terms.months_per_instalment),
            RateConvention::Effective => 12,
        };
        let one = match self.terms.convention {
            RateConvention::Nominal => rate,
            RateConvention::Effective => compounded(rate, self.period_years())?,
        };
        one.e9().checked_mul(times).map(Pct::new)
    }

    /// The instalment or part of capital from period `number` on.
    fn new_level(&self, number: u32, rate: Pct, stub: Option<Years>) -> Result<Cents, EngineError> {
        if !self.balance.is_positive() {
            return Ok(Cents::ZERO);
        }
        let left = |term: u32| term.saturating_sub(number).saturating_add(1);
        let over = match self.terms.method {
            Method::EqualInstalments => left(self.term),
            Method::Balloon {
                amortize_over_months: months,
            } => left(self.terms.periods(months)),
            Method::EqualCapital => return Ok(self.balance),
            Method::AgreedInstalment(amount) => return Ok(amount),
            Method::PartOfBalance(_) => return Ok(Cents::ZERO),
        };
        let twelvefold = self
            .twelvefold(rate)
            .ok_or(EngineError::too_large("rate"))?;
        match stub {
            None => level_payment(self.balance, twelvefold, over),
            Some(stub) => self
                .first_level(rate, twelvefold, over, stub.to_f64())
                .ok_or(TOO_LARGE),
        }
    }

    /// The level payment after an odd first period `stub`: `P (1 + i_year × stub) / (a_n (1 + i))`,
    /// half-up cents (Commission examples 2 and 18).
    fn first_level(&self, rate: Pct, twelvefold: Pct, over: u32, stub: f64) -> Option<Cents> {
        let yearly = float::from_i64(rate.e9()) / 1e11;
        let odd = match self.terms.convention {
            RateConvention::Nominal => yearly * stub,
            RateConvention::Effective => (stub * yearly.ln_1p()).exp_m1(),
        };
        let whole = twelvefold.monthly_f64();
        let balance = Wide::of_i128(i128::from(self.balance.get()));
        let grown = balance.add(balance.mul(Wide::of(odd)));
        let moved = grown.div(Wide::of(1.0).add(Wide::of(whole)));
        let cents = level_payment_wide(moved, twelvefold, over).round_half_up();
        cents.map(Cents::new).filter(|cents| *cents <= Cents::MAX)
    }

    /// True for a method whose instalments are one amount repeated, with something still owed.
    fn repeats(&self) -> bool {
        let equal = match self.terms.method {
            Method::EqualInstalments | Method::Balloon { .. } => true,
            Method::EqualCapital | Method::AgreedInstalment(_) | Method::PartOfBalance(_) => false,
        };
        equal && self.term > self.interest_only && self.balance.is_positive()
    }

    /// The part of capital due in period `number`: what brings the capital repaid to its whole
    /// share, so that cents of rounding do not add up.
    fn capital_part(&self, number: u32) -> Option<Cents> {
        let parts = self.term.checked_sub(self.since)?.checked_add(1)?;
        let done = number.checked_sub(self.since)?.checked_add(1)?;
        // Half up, as every amount.
        let repaid = i128::from(done);
        let repaid = self
            .level
            .mul_ratio(repaid, i128::from(parts), Rounding::HalfUp)?;
        self.balance.checked_sub(self.level.checked_sub(repaid)?)
    }

    /// What the method pays this period.
    fn instalment(&self, number: u32, interest: Cents) -> Result<Cents, EngineError> {
        match self.terms.method {
            Method::EqualInstalments | Method::Balloon { .. } => Ok(self.level),
            Method::EqualCapital => {
                let capital = self.capital_part(number);
                let payment = capital.and_then(|capital| capital.checked_add(interest));
                payment.ok_or(TOO_LARGE)
            }
            Method::AgreedInstalment(amount) if amount < interest => {
                let why = "does not pay the interest";
                Err(EngineError::new("instalment", Problem::Inconsistent(why)))
            }
            Method::AgreedInstalment(amount) => Ok(amount),
            Method::PartOfBalance(part) => {
                // Half up, as every amount.
                let amount = self.balance.percent(part, Rounding::HalfUp);
                Ok(amount.ok_or(TOO_LARGE)?.max(interest))
            }
        }
    }
}

/// `(1 + rate)^years − 1` as a percentage of nine digits.
fn compounded(rate: Pct, years: f64) -> Option<Pct> {
    let yearly = float::from_i64(rate.e9()) / 1e11;
    Pct::from_f64_percent(100.0 * (years * yearly.ln_1p()).exp_m1())
}
