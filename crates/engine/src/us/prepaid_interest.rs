//! Interest from disbursement to the start of the first full month.

use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;
use crate::schedule::MAX_NOTE_RATE;

/// Prepaid interest as the Closing Disclosure shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrepaidInterest {
    /// Interest of one day, half-up cents.
    pub per_diem: Cents,
    /// Days charged; negative for an interest credit.
    pub days: i32,
    /// Per diem times days.
    pub total: Cents,
}

/// Longest period, about ten years of days: longer is a slip in a date.
const MAX_DAYS: i32 = 3_660;

/// Interest on `principal` for `days` at a year of `day_basis` days (360, 365 or 366). The per diem
/// is rounded half up to cents before it is multiplied, as the official sample H-25(B) does.
///
/// # Errors
/// `principal` not positive or too large, `rate` negative or too large, another `day_basis`,
/// `days` beyond ±3,660.
pub fn prepaid_interest(
    principal: Cents,
    rate: Pct,
    days: i32,
    day_basis: u32,
) -> Result<PrepaidInterest, EngineError> {
    if !principal.is_positive() {
        return Err(EngineError::new("principal", Problem::MustBePositive));
    }
    if rate.is_negative() {
        return Err(EngineError::new("rate", Problem::MustNotBeNegative));
    }
    if rate > MAX_NOTE_RATE {
        return Err(EngineError::too_large("rate"));
    }
    if !matches!(day_basis, 360 | 365 | 366) {
        return Err(EngineError::new(
            "day_basis",
            Problem::OutOfRange { min: 360, max: 366 },
        ));
    }
    if !(-MAX_DAYS..=MAX_DAYS).contains(&days) {
        let max = i64::from(MAX_DAYS);
        let problem = Problem::OutOfRange {
            min: max.saturating_neg(),
            max,
        };
        return Err(EngineError::new("days", problem));
    }
    let overflow = EngineError::too_large("principal");
    let year = i128::from(day_basis).saturating_mul(i128::from(Pct::HUNDRED.e9()));
    let per_diem = principal
        .mul_ratio(i128::from(rate.e9()), year, Rounding::HalfUp)
        .ok_or(overflow)?;
    let total = per_diem.checked_mul(i64::from(days)).ok_or(overflow)?;
    Ok(PrepaidInterest {
        per_diem,
        days,
        total,
    })
}

/// Days of prepaid interest: from disbursement to one month before the first payment, from where
/// interest is paid in arrears. Negative when the loan disburses after that day (an interest
/// credit).
///
/// # Errors
/// Field `first_payment` when it is not after the disbursement.
pub fn prepaid_days(disbursement: Date, first_payment: Date) -> Result<i32, EngineError> {
    if first_payment <= disbursement {
        return Err(EngineError::new("first_payment", Problem::OutOfOrder));
    }
    Ok(disbursement.days_until(first_payment.add_months(-1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h_25_b_per_diem_17_44() {
        let rate = Pct::parse_decimal("3.875").unwrap();
        let days = prepaid_days(
            Date::new(2013, 4, 15).unwrap(),
            Date::new(2013, 6, 1).unwrap(),
        );
        let found = prepaid_interest(Cents::new(16_200_000), rate, days.unwrap(), 360).unwrap();
        assert_eq!(found.days, 16);
        assert_eq!(
            (found.per_diem, found.total),
            (Cents::new(1744), Cents::new(27_904))
        );
        let by_365 = prepaid_interest(Cents::new(16_200_000), rate, 16, 365).unwrap();
        assert_eq!(by_365.per_diem, Cents::new(1720));
    }

    #[test]
    fn a_late_disbursement_earns_a_credit() {
        let days = prepaid_days(
            Date::new(2026, 5, 4).unwrap(),
            Date::new(2026, 6, 1).unwrap(),
        );
        assert_eq!(days.unwrap(), -3);
        let rate = Pct::new(6_000_000_000);
        let found = prepaid_interest(Cents::new(10_000_000), rate, -3, 360).unwrap();
        assert_eq!(found.total, Cents::new(-5001));
    }

    #[test]
    fn refuses_other_bases() {
        let rate = Pct::new(6_000_000_000);
        let field = |days, basis| {
            prepaid_interest(Cents::new(1), rate, days, basis)
                .unwrap_err()
                .field
        };
        assert_eq!(field(1, 364), "day_basis");
        assert_eq!(field(i32::MIN, 360), "days");
    }
}
