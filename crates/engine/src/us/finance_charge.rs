//! Which closing charges are finance charges, 12 CFR 1026.4, and what they add up to.
//!
//! [`Table::classify`] decides a charge by its type, the section it is shown in and the facts known
//! of it; the table itself is data and comes in as an argument. What is decided is added up by
//! [`prepaid_finance_charge`]. Points and fees of 1026.32(b) are another base: see
//! [`crate::us::points_and_fees`].

mod fact;
mod rule;
mod table;

use crate::error::{EngineError, Problem};
use crate::money::Cents;

pub use fact::{Fact, Facts};
pub use rule::{Class, Condition, Rule, Verdict, WayOut};
pub use table::{Row, Section, Table};

/// The class of a charge for the finance charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChargeClass {
    /// Paid by the consumer at or before closing, or withheld from the proceeds: lowers the amount
    /// financed (1026.2(a)(23)).
    PrepaidFinanceCharge,
    /// A finance charge paid over the life of the loan: counts in the finance charge but not
    /// against the amount financed.
    FinanceChargeOverTime,
    /// Not a finance charge, for example under the real-estate exclusion 1026.4(c)(7).
    Excluded,
}

/// Who pays a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaidBy {
    /// The consumer, in cash or from the proceeds.
    Consumer,
    /// The seller: seller's points are never a finance charge, 1026.4(c)(5).
    Seller,
    /// The creditor, from its own funds.
    Creditor,
}

/// A charge whose class has been decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Charge {
    /// Its amount, zero or more.
    pub amount: Cents,
    /// Its class.
    pub class: ChargeClass,
    /// Who pays it.
    pub paid_by: PaidBy,
}

/// Sum of the prepaid finance charges: what is taken from the loan amount to give the amount
/// financed. Only what the consumer pays counts.
///
/// # Errors
/// A negative amount, or a sum beyond the bound of [`Cents`].
pub fn prepaid_finance_charge(charges: &[Charge]) -> Result<Cents, EngineError> {
    sum_of(charges, &[ChargeClass::PrepaidFinanceCharge])
}

/// Sum of all charges that are finance charges, prepaid or over time, without interest and
/// mortgage insurance of the payment schedule.
///
/// # Errors
/// As [`prepaid_finance_charge`].
pub fn charges_in_finance_charge(charges: &[Charge]) -> Result<Cents, EngineError> {
    sum_of(
        charges,
        &[
            ChargeClass::PrepaidFinanceCharge,
            ChargeClass::FinanceChargeOverTime,
        ],
    )
}

fn sum_of(charges: &[Charge], classes: &[ChargeClass]) -> Result<Cents, EngineError> {
    if charges.iter().any(|charge| charge.amount.is_negative()) {
        return Err(EngineError::new("amount", Problem::MustNotBeNegative));
    }
    let counted = charges
        .iter()
        .filter(|charge| charge.paid_by == PaidBy::Consumer && classes.contains(&charge.class));
    Cents::try_sum(counted.map(|charge| charge.amount))
        .map_err(|_| EngineError::too_large("amount"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(amount: i64, class: ChargeClass, paid_by: PaidBy) -> Charge {
        Charge {
            amount: Cents::new(amount),
            class,
            paid_by,
        }
    }

    #[test]
    fn only_the_consumers_finance_charges_count() {
        let charges = [
            charge(100, ChargeClass::PrepaidFinanceCharge, PaidBy::Consumer),
            charge(20, ChargeClass::FinanceChargeOverTime, PaidBy::Consumer),
            charge(3, ChargeClass::Excluded, PaidBy::Consumer),
            charge(4000, ChargeClass::PrepaidFinanceCharge, PaidBy::Seller),
            charge(5000, ChargeClass::PrepaidFinanceCharge, PaidBy::Creditor),
        ];
        assert_eq!(prepaid_finance_charge(&charges).unwrap(), Cents::new(100));
        assert_eq!(
            charges_in_finance_charge(&charges).unwrap(),
            Cents::new(120)
        );
        let negative = [charge(-1, ChargeClass::Excluded, PaidBy::Seller)];
        assert_eq!(
            prepaid_finance_charge(&negative).unwrap_err().field,
            "amount"
        );
    }
}
