//! A loan's payments, finance charge and annual percentage rate from its terms.
//!
//! The rate is that of the payments as they will be made: rounded to cents, the last one clearing
//! the balance, mortgage insurance included until it ends (12 CFR 1026.22, 1026.18(g)).

mod brief;
mod first_period;
mod stream;

use crate::apr::Solution;
use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;
use crate::schedule::{LastPayment, Plan, RateStep, Schedule};
use crate::us::arm::{ArmTerms, composite_path};
use crate::us::mi::{MiPremium, MiTerms, mi_premiums};

pub use brief::{LoanStream, loan_stream};
pub use first_period::{FirstPeriod, is_minor_irregularity, may_be_ignored};
pub use stream::{LoanRow, StreamItem};

/// The terms of a monthly loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanTerms {
    /// Loan amount.
    pub principal: Cents,
    /// Yearly note rate; the initial rate of an adjustable loan.
    pub note_rate: Pct,
    /// Months over which the payment is worked out.
    pub amortization_months: u32,
    /// Months to maturity; fewer than the amortisation make the last payment a balloon.
    pub term_months: u32,
    /// First months that pay interest only.
    pub interest_only_months: u32,
    /// Adjustment terms; none for a fixed rate.
    pub arm: Option<ArmTerms>,
    /// Prepaid finance charges, see [`crate::us::finance_charge`].
    pub prepaid_finance_charge: Cents,
    /// The part of them that is prepaid interest: counts in the total interest percentage.
    pub prepaid_interest: Cents,
    /// Mortgage insurance paid monthly.
    pub mi: Option<MiTerms>,
    /// How long the first period is.
    pub first_period: FirstPeriod,
    /// What the last payment does.
    pub last_payment: LastPayment,
}

impl LoanTerms {
    /// A fixed-rate, fully amortising loan without charges and with a regular first period.
    #[must_use]
    pub const fn fixed(principal: Cents, note_rate: Pct, term_months: u32) -> Self {
        Self {
            principal,
            note_rate,
            amortization_months: term_months,
            term_months,
            interest_only_months: 0,
            arm: None,
            prepaid_finance_charge: Cents::ZERO,
            prepaid_interest: Cents::ZERO,
            mi: None,
            first_period: FirstPeriod::Regular,
            last_payment: LastPayment::ClearsBalance,
        }
    }
}

/// What the terms come to.
#[derive(Debug, Clone, PartialEq)]
pub struct LoanApr {
    /// The annual percentage rate, or why there is none.
    pub apr: Solution,
    /// Runs of equal payments.
    pub payment_stream: Vec<StreamItem>,
    /// Interest, mortgage insurance and prepaid finance charges.
    pub finance_charge: Cents,
    /// All payments with mortgage insurance.
    pub total_of_payments: Cents,
    /// Interest of the payments.
    pub total_interest: Cents,
    /// Mortgage insurance of the payments.
    pub total_mortgage_insurance: Cents,
    /// Total interest percentage, 12 CFR 1026.37(l)(3): interest of payments and prepaid interest
    /// over the loan amount.
    pub tip: Pct,
    /// Loan amount less prepaid finance charges.
    pub amount_financed: Cents,
    /// Every payment.
    pub rows: Vec<LoanRow>,
    /// Balance left unpaid, when the last payment does not clear it.
    pub remainder: Cents,
}

/// Schedules the loan and solves for its annual percentage rate.
///
/// # Errors
/// A term out of bounds (field named after the member of [`LoanTerms`], [`ArmTerms`] or
/// [`MiTerms`]), charges that leave nothing financed, or sums too large to hold.
pub fn loan_apr(terms: &LoanTerms) -> Result<LoanApr, EngineError> {
    let amount_financed = amount_financed(terms)?;
    let path = rate_path(terms)?;
    let schedule = plan(terms, terms.principal, &path)?.schedule()?;
    let premiums = premiums(terms, &path, &schedule)?;
    let rows: Vec<LoanRow> = schedule
        .rows
        .iter()
        .zip(premiums)
        .map(|(row, mortgage_insurance)| LoanRow {
            row: *row,
            mortgage_insurance,
        })
        .collect();
    let payment_stream = stream::group(&rows, &terms.first_period)?;
    let start = terms.first_period.start(terms.term_months)?;
    let apr = stream::solve(amount_financed, &payment_stream, start, terms.note_rate)?;
    let totals = Totals::of(terms, &rows).ok_or(EngineError::too_large("principal"))?;
    Ok(LoanApr {
        apr,
        payment_stream,
        finance_charge: totals.finance_charge,
        total_of_payments: totals.payments,
        total_interest: totals.interest,
        total_mortgage_insurance: totals.mortgage_insurance,
        tip: totals.tip,
        amount_financed,
        rows,
        remainder: schedule.remainder,
    })
}

fn amount_financed(terms: &LoanTerms) -> Result<Cents, EngineError> {
    if !terms.principal.is_positive() {
        return Err(EngineError::new("principal", Problem::MustBePositive));
    }
    if terms.prepaid_finance_charge.is_negative() {
        return Err(EngineError::new(
            "prepaid_finance_charge",
            Problem::MustNotBeNegative,
        ));
    }
    terms
        .principal
        .checked_sub(terms.prepaid_finance_charge)
        .filter(|financed| financed.is_positive())
        .ok_or_else(|| {
            let problem = Problem::Inconsistent("must be less than the principal");
            EngineError::new("prepaid_finance_charge", problem)
        })
}

fn rate_path(terms: &LoanTerms) -> Result<Vec<RateStep>, EngineError> {
    match &terms.arm {
        Some(arm) => composite_path(terms.note_rate, arm, terms.term_months),
        None => Ok(vec![RateStep {
            rate: terms.note_rate,
            months: terms.term_months,
        }]),
    }
}

pub(super) fn plan(
    terms: &LoanTerms,
    principal: Cents,
    path: &[RateStep],
) -> Result<Plan, EngineError> {
    Ok(Plan::adjustable(principal, path)?
        .interest_only(terms.interest_only_months)?
        .amortized_over(terms.amortization_months)?
        .last_payment(terms.last_payment))
}

/// The mortgage insurance of each payment.
fn premiums(
    terms: &LoanTerms,
    path: &[RateStep],
    schedule: &Schedule,
) -> Result<Vec<Cents>, EngineError> {
    let Some(mi) = &terms.mi else {
        return Ok(vec![Cents::ZERO; schedule.rows.len()]);
    };
    let base = match mi.premium {
        MiPremium::AnnualOfBalance {
            base_loan,
            annual: _,
        } => plan(terms, base_loan, path)?.schedule()?.rows,
        MiPremium::Monthly(_) | MiPremium::AnnualOfLoan(_) => Vec::new(),
    };
    mi_premiums(
        terms.principal,
        &schedule.rows,
        &base,
        mi,
        terms.amortization_months,
    )
}

struct Totals {
    finance_charge: Cents,
    payments: Cents,
    interest: Cents,
    mortgage_insurance: Cents,
    tip: Pct,
}

impl Totals {
    fn of(terms: &LoanTerms, rows: &[LoanRow]) -> Option<Self> {
        let sum = |part: fn(&LoanRow) -> Cents| Cents::try_sum(rows.iter().map(part)).ok();
        let interest = sum(|row| row.row.interest)?;
        let mortgage_insurance = sum(|row| row.mortgage_insurance)?;
        let finance_charge = interest
            .checked_add(mortgage_insurance)?
            .checked_add(terms.prepaid_finance_charge)?;
        let tip_base = interest.checked_add(terms.prepaid_interest)?;
        let tip = Pct::of_ratio(
            i128::from(tip_base.get()),
            i128::from(terms.principal.get()),
            Rounding::HalfUp,
        )?;
        let payments = sum(|row| row.row.payment)?.checked_add(mortgage_insurance)?;
        Some(Self {
            finance_charge,
            payments,
            interest,
            mortgage_insurance,
            tip,
        })
    }
}

/// When payments of a loan fall due: monthly from the first payment date, on its day number.
///
/// # Errors
/// Field `date` when the date leaves the years 1900 to 2200.
pub fn due_date(first_payment: Date, number: u32) -> Result<Date, EngineError> {
    let months = i32::try_from(number.saturating_sub(1))
        .map_err(|_| EngineError::too_large("term_months"))?;
    first_payment.add_months(months)
}

#[cfg(test)]
mod tests;
