//! Fees of the USDA rural development guarantee, 7 CFR 3555.107.

use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// An up-front guarantee fee and the loan it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpfrontFee {
    /// The fee.
    pub fee: Cents,
    /// The loan: with the fee when it is financed, otherwise the base loan.
    pub total_loan: Cents,
}

/// The up-front fee. A financed fee is a percentage of the loan *including* it, so the total is
/// `base / (1 − rate)`, half-up cents; a fee paid in cash is a percentage of the base loan.
///
/// # Errors
/// `base_loan` not positive or too large, `rate` outside 0 to below 100 %.
pub fn upfront_fee(base_loan: Cents, rate: Pct, financed: bool) -> Result<UpfrontFee, EngineError> {
    if !base_loan.is_positive() {
        return Err(EngineError::new("base_loan", Problem::MustBePositive));
    }
    if rate.is_negative() || rate >= Pct::HUNDRED {
        return Err(EngineError::new(
            "rate",
            Problem::OutOfRange { min: 0, max: 99 },
        ));
    }
    let overflow = EngineError::too_large("base_loan");
    if !financed {
        let fee = base_loan.percent(rate, Rounding::HalfUp).ok_or(overflow)?;
        return Ok(UpfrontFee {
            fee,
            total_loan: base_loan,
        });
    }
    let whole = i128::from(Pct::HUNDRED.e9());
    let rest = whole.saturating_sub(i128::from(rate.e9()));
    let total_loan = base_loan
        .mul_ratio(whole, rest, Rounding::HalfUp)
        .ok_or(overflow)?;
    let fee = total_loan.checked_sub(base_loan).ok_or(overflow)?;
    Ok(UpfrontFee { fee, total_loan })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_percent_financed_on_100000() {
        let base = Cents::new(10_000_000);
        let rate = Pct::new(1_000_000_000);
        let financed = upfront_fee(base, rate, true).unwrap();
        assert_eq!(financed.total_loan.to_string(), "101010.10");
        let cash = upfront_fee(base, rate, false).unwrap();
        assert_eq!((cash.fee, cash.total_loan), (Cents::new(100_000), base));
        assert!(upfront_fee(base, Pct::HUNDRED, true).is_err());
    }
}
