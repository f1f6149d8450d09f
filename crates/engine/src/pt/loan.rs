//! The home loan: constant instalments (prestações constantes) over a path of yearly rates.
//!
//! ```text
//! i = TAN / 12;   instalment = P i / (1 − (1+i)^−n), half up to cents
//! ```
//!
//! Months are 30/360. At each change of rate the instalment is worked out again from the capital owed
//! and the months that remain; interest of a month is half-up cents; the last instalment clears. A
//! loan may begin with a utilisation period (carência de capital), in which only interest on what has
//! been drawn is paid, and may leave a residual value (diferimento de capital) to the last instalment.
//!
//! Source: DL 74-A/2017; the 30/360 year of home loans, DL 88/2008; negative rates, Lei 32/2018.

mod months;

use crate::error::{EngineError, Problem};
use crate::float::Wide;
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::{MAX_NOTE_RATE, MAX_TERM_MONTHS, RateStep, Row, level_payment};

/// Lowest TAN accepted. An index never fell below −1 %; beyond this a text is a slip of the point.
pub const MIN_TAN: Pct = Pct::new(-100_000_000_000);
/// Most drawings of a utilisation period.
pub const MAX_DRAWINGS: usize = 120;

/// What becomes of interest below zero; Lei 32/2018 leaves the choice to the lender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NegativeInterest {
    /// Taken off the capital owed with the instalment, which is worked out with the negative rate.
    CreditedToCapital,
    /// Kept as a credit of the borrower, set against later interest as soon as it is positive; what is
    /// left at the end is paid with the last instalment. The instalments of such months repay capital
    /// as at a rate of zero.
    Banked,
}

/// A part of the credit paid out during the utilisation period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    /// Whole months after the contract; 0 is the day of the contract.
    pub month: u32,
    /// Amount paid out.
    pub amount: Cents,
}

/// Whether a month pays interest only or capital too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Utilisation: interest on the drawn capital.
    Utilisation,
    /// Instalments of capital and interest.
    Repayment,
}

/// One month of the loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    /// Amounts of the month. `interest` is what is charged: negative interest shows as such under
    /// [`NegativeInterest::CreditedToCapital`] and as zero under [`NegativeInterest::Banked`].
    pub row: Row,
    /// Which phase it belongs to.
    pub phase: Phase,
    /// Interest credit of the borrower after the month; zero unless banked.
    pub interest_credit: Cents,
}

/// A loan about to be scheduled. Start with [`Loan::try_new`] and add what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    amount: Cents,
    path: Vec<RateStep>,
    term_months: u32,
    utilisation_months: u32,
    drawings: Vec<Drawing>,
    residual: Cents,
    negative_interest: NegativeInterest,
}

/// The constant monthly instalment of `capital` over `months` at the yearly rate `tan`, half up to
/// cents. A negative rate is passed through.
///
/// # Errors
/// Field `principal` not positive or above 10^15, `rate` outside [`MIN_TAN`] to [`MAX_NOTE_RATE`],
/// `term_months` outside 1 to [`MAX_TERM_MONTHS`].
pub fn instalment(capital: Cents, tan: Pct, months: u32) -> Result<Cents, EngineError> {
    check_amount(capital)?;
    check_tan(tan)?;
    check_months(months)?;
    instalment_with_residual(capital, Cents::ZERO, tan, months)
}

/// As [`instalment`] when `residual` of the capital is left to the last payment: the annuity of the
/// rest and a month's interest on the residual, one rounding. Arguments must have been checked.
fn instalment_with_residual(
    capital: Cents,
    residual: Cents,
    tan: Pct,
    months: u32,
) -> Result<Cents, EngineError> {
    let too_large = EngineError::too_large("principal");
    let repaid = capital.checked_sub(residual).ok_or(too_large)?;
    if residual.is_zero() && !tan.is_negative() && repaid.is_positive() {
        return level_payment(repaid, tan, months);
    }
    let level =
        crate::schedule::level_payment_wide(Wide::of_i128(i128::from(repaid.get())), tan, months);
    // Exact numerator of the residual's monthly interest; 1.2 × 10^12 is 100 % × 10^9 × 12 months.
    let interest = i128::from(residual.get())
        .checked_mul(i128::from(tan.e9()))
        .ok_or(too_large)?;
    level
        .add(Wide::of_i128(interest).div(Wide::of(MONTHLY_SCALE)))
        .round_half_up()
        // Negative interest on a large residual may exceed the annuity: then nothing is paid, and the
        // capital falls by the interest alone.
        .map(|cents| Cents::new(cents).max(Cents::ZERO))
        .filter(|cents| *cents <= Cents::MAX)
        .ok_or(too_large)
}

/// Billionths of a percent a month in one whole.
const MONTHLY_SCALE: f64 = 1.2e12;

impl Loan {
    /// A loan of `amount`, drawn at once, whose TAN follows `path`; the term is the sum of its months.
    /// Every step is a reset: the instalment is worked out again from the capital and the months
    /// left, even when the TAN stays what it was.
    ///
    /// # Errors
    /// `principal` not positive or above 10^15; `rate` outside [`MIN_TAN`] to [`MAX_NOTE_RATE`];
    /// `rate_path` empty or with a step of no months; `term_months` above [`MAX_TERM_MONTHS`].
    pub fn try_new(amount: Cents, path: &[RateStep]) -> Result<Self, EngineError> {
        check_amount(amount)?;
        if path.is_empty() {
            return Err(EngineError::new("rate_path", Problem::Empty));
        }
        let mut term_months: u32 = 0;
        for step in path {
            if step.months == 0 {
                return Err(EngineError::new("rate_path", Problem::MustBePositive));
            }
            term_months = term_months.saturating_add(step.months);
            check_months(term_months)?;
            check_tan(step.rate)?;
        }
        Ok(Self {
            amount,
            path: path.to_vec(),
            term_months,
            utilisation_months: 0,
            drawings: Vec::new(),
            residual: Cents::ZERO,
            negative_interest: NegativeInterest::CreditedToCapital,
        })
    }

    /// Pays only interest for the first `months`, on what is drawn. Without `drawings` everything is
    /// drawn on the day of the contract.
    ///
    /// # Errors
    /// `utilisation_months` not below the term; `drawings`: too many, the first not on the day of the
    /// contract, months not ascending or beyond the utilisation period, an amount not positive, or a
    /// sum other than the loan.
    pub fn utilisation(mut self, months: u32, drawings: &[Drawing]) -> Result<Self, EngineError> {
        if months >= self.term_months {
            let max = i64::from(self.term_months.saturating_sub(1));
            let problem = Problem::OutOfRange { min: 0, max };
            return Err(EngineError::new("utilisation_months", problem));
        }
        if !drawings.is_empty() {
            check_drawings(drawings, months, self.amount)?;
        }
        self.utilisation_months = months;
        self.drawings = drawings.to_vec();
        Ok(self)
    }

    /// Leaves `residual` of the capital to the last instalment.
    ///
    /// # Errors
    /// `residual` negative or not below the loan.
    pub fn residual(mut self, residual: Cents) -> Result<Self, EngineError> {
        if residual.is_negative() {
            return Err(EngineError::new("residual", Problem::MustNotBeNegative));
        }
        if residual >= self.amount {
            let why = "must be less than the loan";
            return Err(EngineError::new("residual", Problem::Inconsistent(why)));
        }
        self.residual = residual;
        Ok(self)
    }

    /// Chooses what becomes of negative interest; [`NegativeInterest::CreditedToCapital`] unless said
    /// otherwise.
    #[must_use]
    pub const fn negative_interest(mut self, rule: NegativeInterest) -> Self {
        self.negative_interest = rule;
        self
    }

    /// Amount of the loan.
    #[must_use]
    pub const fn amount(&self) -> Cents {
        self.amount
    }

    /// Months from the contract to the last instalment.
    #[must_use]
    pub const fn term_months(&self) -> u32 {
        self.term_months
    }

    /// The drawings; one on the day of the contract unless said otherwise.
    #[must_use]
    pub fn drawings(&self) -> Vec<Drawing> {
        if self.drawings.is_empty() {
            let amount = self.amount;
            return vec![Drawing { month: 0, amount }];
        }
        self.drawings.clone()
    }

    /// Every month of the loan, in whole cents.
    ///
    /// # Errors
    /// `principal` too large for the payments to be held.
    pub fn schedule(&self) -> Result<Vec<Instalment>, EngineError> {
        months::schedule(self)
    }
}

fn check_amount(amount: Cents) -> Result<(), EngineError> {
    if !amount.is_positive() {
        return Err(EngineError::new("principal", Problem::MustBePositive));
    }
    if amount > Cents::MAX {
        return Err(EngineError::too_large("principal"));
    }
    Ok(())
}

fn check_tan(tan: Pct) -> Result<(), EngineError> {
    if (MIN_TAN..=MAX_NOTE_RATE).contains(&tan) {
        return Ok(());
    }
    let problem = Problem::OutOfRange {
        min: -100,
        max: 10_000,
    };
    Err(EngineError::new("rate", problem))
}

fn check_months(months: u32) -> Result<(), EngineError> {
    if (1..=MAX_TERM_MONTHS).contains(&months) {
        return Ok(());
    }
    let max = i64::from(MAX_TERM_MONTHS);
    Err(EngineError::new(
        "term_months",
        Problem::OutOfRange { min: 1, max },
    ))
}

fn check_drawings(drawings: &[Drawing], months: u32, amount: Cents) -> Result<(), EngineError> {
    let wrong = |how| EngineError::new("drawings", Problem::Inconsistent(how));
    if drawings.len() > MAX_DRAWINGS {
        let problem = Problem::TooMany { limit: 120 };
        return Err(EngineError::new("drawings", problem));
    }
    if drawings.first().is_none_or(|first| first.month != 0) {
        return Err(wrong("must begin on the day of the contract"));
    }
    let ascending = drawings
        .iter()
        .zip(drawings.iter().skip(1))
        .all(|(earlier, later)| earlier.month < later.month);
    if !ascending {
        return Err(EngineError::new("drawings", Problem::OutOfOrder));
    }
    if drawings.iter().any(|drawing| drawing.month > months) {
        return Err(wrong("must lie within the utilisation period"));
    }
    if drawings.iter().any(|drawing| !drawing.amount.is_positive()) {
        return Err(EngineError::new("drawings", Problem::MustBePositive));
    }
    let sum = Cents::try_sum(drawings.iter().map(|drawing| drawing.amount));
    if sum != Ok(amount) {
        return Err(wrong("must come to the amount of the loan"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
