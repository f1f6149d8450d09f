//! FHA mortgage insurance premiums.

use crate::bands::Band;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// Which premium rules a loan falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FhaCase {
    /// An ordinary loan.
    Standard,
    /// Streamline or simple refinance of a loan endorsed so long ago that a lower premium was kept
    /// for it.
    OldLoanRefinance,
    /// Hawaiian Home Lands, section 247 of the National Housing Act.
    HawaiianHomeLands,
}

/// How long the annual premium is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MipDuration {
    /// A number of months.
    Months(u32),
    /// As long as the loan.
    Term,
}

impl MipDuration {
    /// The number of months for a loan of `term_months`.
    #[must_use]
    pub fn months(self, term_months: u32) -> u32 {
        match self {
            Self::Months(months) => months.min(term_months),
            Self::Term => term_months,
        }
    }
}

/// A row of the annual premium table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AnnualMipRow {
    /// Loans it is for.
    pub case: FhaCase,
    /// Term of the loan in months.
    pub term_months: Band<u32>,
    /// Base loan amount, without a financed premium.
    pub base_loan: Band<Cents>,
    /// Base loan to value.
    pub ltv: Band<Pct>,
    /// Premium in basis points a year.
    pub annual_bps: u32,
    /// How long it is paid.
    pub duration: MipDuration,
}

/// The first row that holds for the loan; none when the table has no such row.
#[must_use]
pub fn annual_mip(
    rows: &[AnnualMipRow],
    case: FhaCase,
    term_months: u32,
    base_loan: Cents,
    ltv: Pct,
) -> Option<&AnnualMipRow> {
    rows.iter().find(|row| {
        row.case == case
            && row.term_months.contains(term_months)
            && row.base_loan.contains(base_loan)
            && row.ltv.contains(ltv)
    })
}

/// An up-front premium and the loan with it financed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpfrontMip {
    /// The premium.
    pub premium: Cents,
    /// Base loan and premium.
    pub total_loan: Cents,
}

/// The up-front premium: `rate` percent of the base loan, half-up cents.
///
/// # Errors
/// `base_loan` not positive or too large, `rate` negative.
pub fn upfront_mip(base_loan: Cents, rate: Pct) -> Result<UpfrontMip, EngineError> {
    if !base_loan.is_positive() {
        return Err(EngineError::new("base_loan", Problem::MustBePositive));
    }
    if rate.is_negative() {
        return Err(EngineError::new("rate", Problem::MustNotBeNegative));
    }
    let overflow = EngineError::too_large("base_loan");
    let premium = base_loan.percent(rate, Rounding::HalfUp).ok_or(overflow)?;
    let total_loan = base_loan.checked_add(premium).ok_or(overflow)?;
    Ok(UpfrontMip {
        premium,
        total_loan,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(over: Option<i64>, up_to: Option<i64>, annual_bps: u32) -> AnnualMipRow {
        let percent = |value: i64| Pct::new(value * Pct::SCALE);
        AnnualMipRow {
            case: FhaCase::Standard,
            term_months: Band {
                over: Some(180),
                up_to: None,
            },
            base_loan: Band {
                over: None,
                up_to: Some(Cents::new(72_620_000)),
            },
            ltv: Band {
                over: over.map(percent),
                up_to: up_to.map(percent),
            },
            annual_bps,
            duration: if over.is_none() {
                MipDuration::Months(132)
            } else {
                MipDuration::Term
            },
        }
    }

    #[test]
    fn the_2023_letter_for_thirty_years() {
        let rows = [
            row(None, Some(90), 50),
            row(Some(90), Some(95), 50),
            row(Some(95), None, 55),
        ];
        let find = |case, ltv: &str| {
            let ltv = Pct::parse_decimal(ltv).unwrap();
            annual_mip(&rows, case, 360, Cents::new(30_000_000), ltv)
                .map(|row| (row.annual_bps, row.duration.months(360)))
        };
        assert_eq!(find(FhaCase::Standard, "90"), Some((50, 132)));
        assert_eq!(find(FhaCase::Standard, "90.01"), Some((50, 360)));
        assert_eq!(find(FhaCase::Standard, "96.5"), Some((55, 360)));
        assert_eq!(find(FhaCase::OldLoanRefinance, "96.5"), None);
    }

    #[test]
    fn upfront_premium_is_financed() {
        let found = upfront_mip(Cents::new(30_000_000), Pct::new(1_750_000_000)).unwrap();
        assert_eq!(found.premium, Cents::new(525_000));
        assert_eq!(found.total_loan, Cents::new(30_525_000));
        assert!(upfront_mip(Cents::ZERO, Pct::ZERO).is_err());
    }
}
