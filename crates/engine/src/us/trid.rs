//! Totals of the Loan Estimate and Closing Disclosure, 12 CFR 1026.37(l) and 1026.38(o).
//!
//! The official samples multiply the *unrounded* level payment by the number of payments; these
//! functions do the same with 32 digits and round each total once, half up, to cents.

use crate::error::{EngineError, Problem};
use crate::float::Wide;
use crate::money::{Cents, Rounding};
use crate::rate::Pct;
use crate::schedule::{level_payment, level_payment_wide};

/// What the totals are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TridLoan {
    /// Loan amount.
    pub principal: Cents,
    /// Yearly note rate, fixed.
    pub rate: Pct,
    /// Monthly payments, fully amortising.
    pub term_months: u32,
    /// Monthly mortgage insurance, zero for none.
    pub mi_monthly: Cents,
    /// Number of payments that carry it.
    pub mi_payments: u32,
    /// Loan costs, total of section D.
    pub loan_costs: Cents,
    /// Prepaid interest of section F.
    pub prepaid_interest: Cents,
}

/// The totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TridTotals {
    /// Principal, interest, mortgage insurance, loan costs and prepaid interest over the term.
    pub total_of_payments: Cents,
    /// Interest of the payments and mortgage insurance: the sample's finance charge, which counts
    /// no closing charge.
    pub finance_charge: Cents,
    /// Interest of the payments.
    pub total_interest: Cents,
    /// Total interest percentage: interest and prepaid interest over the loan amount, at nine
    /// digits (shown with two or three).
    pub tip: Pct,
    /// "In 5 years": all that will have been paid.
    pub five_years_paid: Cents,
    /// "In 5 years": the part of it that reduced the principal.
    pub five_years_principal: Cents,
}

/// An amount as the Loan Estimate shows it: whole currency units, half up, 12 CFR
/// 1026.37(o)(4). The Closing Disclosure shows cents.
#[must_use]
pub fn whole_dollars(amount: Cents) -> i64 {
    let units = crate::money::divide(i128::from(amount.get()), 100, Rounding::HalfUp);
    units
        .and_then(|units| i64::try_from(units).ok())
        .unwrap_or_default()
}

/// Finance charge of a level loan from the unrounded payment: `n × payment − principal + MI`.
///
/// # Errors
/// As [`totals`].
pub fn finance_charge(
    principal: Cents,
    rate: Pct,
    term_months: u32,
    mi_monthly: Cents,
    mi_payments: u32,
) -> Result<Cents, EngineError> {
    let (loan_costs, prepaid_interest) = (Cents::ZERO, Cents::ZERO);
    let loan = TridLoan {
        principal,
        rate,
        term_months,
        mi_monthly,
        mi_payments,
        loan_costs,
        prepaid_interest,
    };
    totals(&loan).map(|totals| totals.finance_charge)
}

/// All totals of a fixed-rate, fully amortising loan.
///
/// # Errors
/// `principal`, `rate` or `term_months` out of bounds, a negative `mi_monthly`, more `mi_payments`
/// than payments, or sums too large to hold.
pub fn totals(loan: &TridLoan) -> Result<TridTotals, EngineError> {
    // Checks the three numbers and that a payment can be held at all.
    level_payment(loan.principal, loan.rate, loan.term_months)?;
    if loan.mi_monthly.is_negative() {
        return Err(EngineError::new("mi_monthly", Problem::MustNotBeNegative));
    }
    if loan.mi_payments > loan.term_months {
        let problem = Problem::OutOfRange {
            min: 0,
            max: i64::from(loan.term_months),
        };
        return Err(EngineError::new("mi_payments", problem));
    }
    compute(loan).ok_or(EngineError::too_large("principal"))
}

fn compute(loan: &TridLoan) -> Option<TridTotals> {
    let five = loan.term_months.min(60);
    let mi = |payments: u32| loan.mi_monthly.checked_mul(i64::from(payments));
    let paid = |payments: u32| level_total(loan, payments);
    let costs = loan.loan_costs.checked_add(loan.prepaid_interest)?;
    let total_interest = paid(loan.term_months)?.checked_sub(loan.principal)?;
    let finance_charge = total_interest.checked_add(mi(loan.mi_payments)?)?;
    let interest = total_interest.checked_add(loan.prepaid_interest)?;
    let wide = |cents: Cents| i128::from(cents.get());
    Some(TridTotals {
        total_of_payments: loan
            .principal
            .checked_add(finance_charge)?
            .checked_add(costs)?,
        finance_charge,
        total_interest,
        tip: Pct::of_ratio(wide(interest), wide(loan.principal), Rounding::HalfUp)?,
        five_years_paid: paid(five)?
            .checked_add(mi(five.min(loan.mi_payments))?)?
            .checked_add(costs)?,
        five_years_principal: principal_paid(loan, five)?,
    })
}

/// The unrounded payment times `payments`, half-up cents.
fn level_total(loan: &TridLoan, payments: u32) -> Option<Cents> {
    let principal = Wide::of_i128(i128::from(loan.principal.get()));
    let payment = level_payment_wide(principal, loan.rate, loan.term_months);
    bounded(payment.mul(Wide::of(f64::from(payments))))
}

/// Principal repaid by the first `payments`, `P × ((1+i)^k − 1) / ((1+i)^n − 1)`, half-up cents. With
/// the growths `a` of k months and `b` of the n − k after them the quotient is `a / (ab + a + b)`, which
/// stays right where a growth has reached its bound.
fn principal_paid(loan: &TridLoan, payments: u32) -> Option<Cents> {
    let principal = Wide::of_i128(i128::from(loan.principal.get()));
    if loan.rate.is_zero() || payments == loan.term_months {
        return loan.principal.mul_ratio(
            i128::from(payments),
            i128::from(loan.term_months),
            Rounding::HalfUp,
        );
    }
    let monthly = Wide::of(crate::float::from_i64(loan.rate.e9())).div(Wide::of(1.2e12));
    let early = monthly.growth(payments);
    let late = monthly.growth(loan.term_months.checked_sub(payments)?);
    let whole = early.mul(late).add(early).add(late);
    bounded(principal.mul(early.div(whole)))
}

fn bounded(value: Wide) -> Option<Cents> {
    value
        .round_half_up()
        .map(Cents::new)
        .filter(|cents| *cents <= Cents::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(loan_costs: i64, prepaid_interest: i64) -> TridTotals {
        totals(&TridLoan {
            principal: Cents::new(16_200_000),
            rate: Pct::new(3_875_000_000),
            term_months: 360,
            mi_monthly: Cents::new(8235),
            mi_payments: 80,
            loan_costs: Cents::new(loan_costs),
            prepaid_interest: Cents::new(prepaid_interest),
        })
        .unwrap()
    }

    #[test]
    fn h_25_b_totals() {
        let totals = sample(469_405, 27_904);
        assert_eq!(totals.total_of_payments.to_string(), "285803.36");
        assert_eq!(totals.finance_charge.to_string(), "118830.27");
        assert_eq!(totals.tip.to_fixed(2), "69.46");
    }

    #[test]
    fn h_24_b_in_five_years() {
        // The Loan Estimate's own costs, 5,672 and 15 days at 17.44. It prints 56,582 and 15,773.
        let totals = sample(567_200, 26_160);
        assert_eq!(totals.five_years_paid.to_string(), "56581.64");
        assert_eq!(totals.five_years_principal.to_string(), "15772.86");
        assert_eq!(whole_dollars(totals.five_years_paid), 56_582);
        assert_eq!(whole_dollars(totals.five_years_principal), 15_773);
    }

    #[test]
    fn a_rate_that_outgrows_every_figure_repays_nothing_in_five_years() {
        for term_months in [360, 1200] {
            let loan = TridLoan {
                principal: Cents::new(100_000_000),
                rate: Pct::new(10_000 * Pct::SCALE),
                term_months,
                mi_monthly: Cents::ZERO,
                mi_payments: 0,
                loan_costs: Cents::ZERO,
                prepaid_interest: Cents::ZERO,
            };
            let found = totals(&loan).unwrap();
            assert_eq!(found.five_years_principal, Cents::ZERO);
        }
    }

    #[test]
    fn zero_rate_and_short_loans() {
        let loan = TridLoan {
            principal: Cents::new(1000),
            rate: Pct::ZERO,
            term_months: 3,
            mi_monthly: Cents::ZERO,
            mi_payments: 0,
            loan_costs: Cents::ZERO,
            prepaid_interest: Cents::ZERO,
        };
        let found = totals(&loan).unwrap();
        assert_eq!(found.finance_charge, Cents::ZERO);
        assert_eq!(found.five_years_principal, Cents::new(1000));
        assert!(
            totals(&TridLoan {
                mi_payments: 4,
                ..loan
            })
            .is_err()
        );
    }
}
