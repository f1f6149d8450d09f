//! The projected-payments table of the Loan Estimate and Closing Disclosure, 12 CFR 1026.37(c).
//!
//! Not the composite path of the annual percentage rate: principal and interest are shown between
//! the lowest and the highest payment the note allows. The table is by year of payments. A new
//! column begins with the year in which a payment may change, with the year after one in which it
//! changes other than at its start, with the year after insurance has ended by itself, and with a
//! final balloon payment. At most four columns are shown: what comes after the third is one range,
//! or after the second when a balloon takes the fourth ((c)(1)(ii) as recalled; compare with the
//! text before relying on an unusual loan).

mod columns;

use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::schedule::{RateStep, Row};
use crate::us::arm::{highest_path, lowest_path};
use crate::us::loan_apr::{LoanTerms, loan_apr, plan};

pub use columns::MAX_COLUMNS;

/// The least and the most of a payment; equal when it cannot vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    /// Least.
    pub min: Cents,
    /// Most.
    pub max: Cents,
}

/// Whether the payments of a column reduce the principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InterestOnly {
    /// All of them pay only interest: "only interest".
    All,
    /// Some do: "includes some payments of interest only".
    Some,
    /// None does.
    None,
}

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Column {
    /// First year of payments it covers, from 1.
    pub first_year: u32,
    /// Last year it covers.
    pub last_year: u32,
    /// The final balloon payment, which has no years of its own.
    pub is_final_balloon: bool,
    /// Principal and interest of a payment.
    pub principal_and_interest: Range,
    /// Whether only interest is paid.
    pub interest_only: InterestOnly,
    /// Most mortgage insurance of a payment, (c)(2)(ii).
    pub mortgage_insurance: Cents,
    /// Escrow of a payment, (c)(2)(iii).
    pub escrow: Cents,
    /// All together, (c)(2)(iv).
    pub total: Range,
}

/// A payment under the lowest and the highest rates, with its insurance.
struct Payment {
    least: Row,
    most: Row,
    insurance: Cents,
}

/// The columns of a loan with an `escrow` payment each month.
///
/// Mortgage insurance ends on the composite schedule of [`loan_apr`], as its automatic termination
/// does. The cents by which a last payment differs are not a change.
///
/// # Errors
/// As [`loan_apr`]; field `lifetime_cap` when an adjustable loan has no highest rate; a negative
/// `escrow`; sums too large to hold.
pub fn projected_payments(loan: &LoanTerms, escrow: Cents) -> Result<Vec<Column>, EngineError> {
    if escrow.is_negative() || escrow > Cents::MAX {
        return Err(EngineError::new("escrow", Problem::MustNotBeNegative));
    }
    let composite = loan_apr(loan)?.rows;
    let (least, most) = match &loan.arm {
        None => {
            let rows = || composite.iter().map(|row| row.row).collect::<Vec<_>>();
            (rows(), rows())
        }
        Some(arm) => {
            let low = lowest_path(loan.note_rate, arm, loan.term_months)?;
            let high = highest_path(loan.note_rate, arm, loan.term_months)?;
            (rows(loan, &low)?, rows(loan, &high)?)
        }
    };
    let payments: Vec<Payment> = least
        .into_iter()
        .zip(most)
        .zip(&composite)
        .map(|((least, most), with)| Payment {
            least,
            most,
            insurance: with.mortgage_insurance,
        })
        .collect();
    columns::columns(loan, &payments, escrow)
}

fn rows(loan: &LoanTerms, path: &[RateStep]) -> Result<Vec<Row>, EngineError> {
    Ok(plan(loan, loan.principal, path)?.schedule()?.rows)
}

#[cfg(test)]
mod tests;
