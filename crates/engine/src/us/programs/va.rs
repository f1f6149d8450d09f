//! The funding fee of the Department of Veterans Affairs, 38 USC 3729.

use crate::bands::Step;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::names::names;
use crate::rate::Pct;

/// What the loan is for, as the fee table distinguishes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VaPurpose {
    /// Purchase or construction.
    Purchase,
    /// Cash-out or regular refinance.
    CashOut,
    /// Interest rate reduction refinance.
    RateReduction,
    /// Assumption.
    Assumption,
    /// Manufactured home not permanently affixed.
    Manufactured,
    /// Native American direct loan.
    NativeAmericanDirect,
    /// Vendee loan.
    Vendee,
}

names!(VaPurpose, "purpose" {
    Purchase = "purchase",
    CashOut = "cash_out",
    RateReduction = "rate_reduction",
    Assumption = "assumption",
    Manufactured = "manufactured",
    NativeAmericanDirect = "native_american_direct",
    Vendee = "vendee",
});

/// Whether the entitlement was used before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VaUse {
    /// First use.
    First,
    /// Any later use.
    Later,
}

names!(VaUse, "use" {
    First = "first",
    Later = "later",
});

/// A row of the fee table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FundingFeeRow {
    /// Purpose.
    pub purpose: VaPurpose,
    /// Use of entitlement; none for both.
    pub entitlement_use: Option<VaUse>,
    /// Down payment in percent of the price.
    pub down_payment: Step<Pct>,
    /// Fee in percent of the loan before the fee.
    pub fee: Pct,
}

/// The fee in percent of the loan amount: zero for an exempt borrower (compensation for a
/// service-connected disability, a qualifying surviving spouse, a Purple Heart on active duty, a
/// pre-discharge rating: 38 USC 3729(c)), otherwise of the first row
/// that holds; none when the table has no such row.
#[must_use]
pub fn funding_fee(
    rows: &[FundingFeeRow],
    purpose: VaPurpose,
    entitlement_use: VaUse,
    down_payment: Pct,
    exempt: bool,
) -> Option<Pct> {
    if exempt {
        return Some(Pct::ZERO);
    }
    rows.iter()
        .find(|row| {
            row.purpose == purpose
                && row
                    .entitlement_use
                    .is_none_or(|known| known == entitlement_use)
                && row.down_payment.contains(down_payment)
        })
        .map(|row| row.fee)
}

/// The fee in money: `fee` percent of the loan before it, half-up cents.
///
/// # Errors
/// `loan` not positive, or the result too large.
pub fn funding_fee_amount(loan: Cents, fee: Pct) -> Result<Cents, EngineError> {
    if !loan.is_positive() {
        return Err(EngineError::new("loan", Problem::MustBePositive));
    }
    loan.percent(fee, Rounding::HalfUp)
        .ok_or(EngineError::too_large("loan"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_later_use_of_circular_26_23_06() {
        let pct = |text: &str| Pct::parse_decimal(text).unwrap();
        let row = |entitlement_use, at_least, below, fee| FundingFeeRow {
            purpose: VaPurpose::Purchase,
            entitlement_use,
            down_payment: Step { at_least, below },
            fee: pct(fee),
        };
        let rows = [
            row(Some(VaUse::First), None, Some(pct("5")), "2.15"),
            row(Some(VaUse::Later), None, Some(pct("5")), "3.3"),
            row(None, Some(pct("5")), Some(pct("10")), "1.5"),
            row(None, Some(pct("10")), None, "1.25"),
        ];
        let fee = |entitlement, down, exempt| {
            let down = pct(down);
            funding_fee(&rows, VaPurpose::Purchase, entitlement, down, exempt).unwrap()
        };
        assert_eq!(fee(VaUse::First, "0", false), pct("2.15"));
        assert_eq!(fee(VaUse::Later, "4.99", false), pct("3.3"));
        assert_eq!(fee(VaUse::Later, "5", false), pct("1.5"));
        assert_eq!(fee(VaUse::First, "10", false), pct("1.25"));
        assert_eq!(fee(VaUse::First, "0", true), Pct::ZERO);
        let none = funding_fee(&rows, VaPurpose::Vendee, VaUse::First, Pct::ZERO, false);
        assert_eq!(none, None);
        let amount = funding_fee_amount(Cents::new(30_000_000), pct("2.15")).unwrap();
        assert_eq!(amount, Cents::new(645_000));
    }
}
