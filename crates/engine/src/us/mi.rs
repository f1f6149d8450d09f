//! Mortgage insurance paid with the monthly payment: how much, and until when.
//!
//! Conventional insurance follows the Homeowners Protection Act, 12 USC 4902: it ends when the
//! *scheduled* balance reaches 78 % of the original value, at the latest at the midpoint of the
//! amortisation. FHA and USDA premiums fall with the balance each year and run for a time fixed
//! by the programme.

use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;
use crate::schedule::Row;

/// What the monthly premium is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MiPremium {
    /// A level amount each month.
    Monthly(Cents),
    /// A yearly percentage of the original loan, a twelfth each month, half-up cents.
    AnnualOfLoan(Pct),
    /// A yearly percentage of the year's average scheduled balance of the base loan (without a
    /// financed premium), a twelfth each month: steps down every twelve months. FHA and USDA.
    AnnualOfBalance {
        /// Percent a year: 0.55 for 55 basis points.
        annual: Pct,
        /// The loan before a financed up-front premium or fee.
        base_loan: Cents,
    },
}

/// When the premium ends: at the first of the conditions given. None given: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct MiStop {
    /// Charged only while the balance before the payment is above this.
    pub threshold: Option<MiThreshold>,
    /// Most payments that carry a premium; FHA's eleven years are 132.
    pub max_payments: Option<u32>,
    /// Ends at half of the amortisation months, 12 USC 4902(c).
    pub at_midpoint: bool,
}

/// A part of the original value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MiThreshold {
    /// The lower of price and appraisal.
    pub original_value: Cents,
    /// Percent of it: 78 for automatic termination.
    pub percent: Pct,
}

/// Mortgage insurance of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MiTerms {
    /// How much.
    pub premium: MiPremium,
    /// Until when.
    pub stop: MiStop,
}

impl MiThreshold {
    /// True while insurance is still due on `balance`.
    fn is_above(&self, balance: Cents) -> bool {
        let wide = |cents: Cents| i128::from(cents.get());
        // Compared as products so that no rounding can move the month.
        let owed = wide(balance).checked_mul(i128::from(Pct::HUNDRED.e9()));
        let mark = wide(self.original_value).checked_mul(i128::from(self.percent.e9()));
        owed.zip(mark).is_some_and(|(owed, mark)| owed > mark)
    }

    pub(super) fn check(&self) -> Result<(), EngineError> {
        if !self.original_value.is_positive() || self.original_value > Cents::MAX {
            return Err(EngineError::new("original_value", Problem::MustBePositive));
        }
        if self.percent <= Pct::ZERO || self.percent > Pct::HUNDRED {
            let problem = Problem::OutOfRange { min: 0, max: 100 };
            return Err(EngineError::new("threshold_percent", problem));
        }
        Ok(())
    }
}

/// Number of payments that carry a premium under `stop`: they are the first ones of `rows`.
///
/// # Errors
/// `original_value` not positive, `threshold_percent` outside 0 to 100.
pub fn mi_payments(
    rows: &[Row],
    stop: &MiStop,
    amortization_months: u32,
) -> Result<u32, EngineError> {
    let mut count = rows
        .iter()
        .take_while(|row| row.balance_before().is_positive())
        .count();
    if let Some(threshold) = stop.threshold {
        threshold.check()?;
        let above = rows
            .iter()
            .take_while(|row| threshold.is_above(row.balance_before()));
        count = count.min(above.count());
    }
    let mut count = u32::try_from(count).unwrap_or(u32::MAX);
    if let Some(max) = stop.max_payments {
        count = count.min(max);
    }
    if stop.at_midpoint {
        count = count.min(amortization_months / 2);
    }
    Ok(count)
}

/// The premium of each payment of `rows`, zero after the end. For
/// [`MiPremium::AnnualOfBalance`], `base_rows` is the schedule of the base loan; the other kinds
/// ignore it.
///
/// # Errors
/// A premium not positive or too large, and as [`mi_payments`].
pub fn mi_premiums(
    principal: Cents,
    rows: &[Row],
    base_rows: &[Row],
    terms: &MiTerms,
    amortization_months: u32,
) -> Result<Vec<Cents>, EngineError> {
    let count = mi_payments(rows, &terms.stop, amortization_months)?;
    let charged = usize::try_from(count).unwrap_or(usize::MAX);
    let mut premiums = match terms.premium {
        MiPremium::Monthly(amount) => {
            if amount.is_negative() || amount > Cents::MAX {
                return Err(EngineError::new("monthly", Problem::MustNotBeNegative));
            }
            vec![amount; charged.min(rows.len())]
        }
        MiPremium::AnnualOfLoan(annual) => {
            let amount = twelfth(principal, annual, 1)?;
            vec![amount; charged.min(rows.len())]
        }
        MiPremium::AnnualOfBalance {
            annual,
            base_loan: _,
        } => declining(base_rows, annual)?,
    };
    premiums.truncate(charged);
    premiums.resize(rows.len(), Cents::ZERO);
    Ok(premiums)
}

/// For each year of payments the average balance before them, times the rate, a twelfth a month.
fn declining(rows: &[Row], annual: Pct) -> Result<Vec<Cents>, EngineError> {
    let mut premiums = Vec::with_capacity(rows.len());
    for year in rows.chunks(12) {
        let months = u32::try_from(year.len()).unwrap_or(12);
        let sum = Cents::try_sum(year.iter().map(Row::balance_before))
            .map_err(|_| EngineError::too_large("principal"))?;
        // One rounding, half-up cents, of sum / months × rate / 12.
        let premium = twelfth(sum, annual, months)?;
        premiums.extend(year.iter().map(|_| premium));
    }
    Ok(premiums)
}

/// `parts` months of `annual` percent of the months' sum `amount`, a twelfth of a month's share:
/// half-up cents, rounded once.
pub(super) fn twelfth(amount: Cents, annual: Pct, parts: u32) -> Result<Cents, EngineError> {
    if annual.is_negative() {
        return Err(EngineError::new(
            "annual_percent",
            Problem::MustNotBeNegative,
        ));
    }
    let scale = i128::from(Pct::HUNDRED.e9())
        .checked_mul(12)
        .and_then(|scale| scale.checked_mul(i128::from(parts)));
    scale
        .and_then(|scale| amount.mul_ratio(i128::from(annual.e9()), scale, Rounding::HalfUp))
        .ok_or(EngineError::too_large("annual_percent"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Plan;

    fn rows(principal: i64, rate: i64, term: u32) -> Vec<Row> {
        Plan::fixed(Cents::new(principal), Pct::new(rate), term)
            .unwrap()
            .schedule()
            .unwrap()
            .rows
    }

    fn at_78(value: i64) -> MiStop {
        let threshold = MiThreshold {
            original_value: Cents::new(value),
            percent: Pct::new(78_000_000_000),
        };
        MiStop {
            threshold: Some(threshold),
            ..MiStop::default()
        }
    }

    #[test]
    fn h_25_b_has_80_premiums() {
        let rows = rows(16_200_000, 3_875_000_000, 360);
        assert_eq!(mi_payments(&rows, &at_78(18_000_000), 360).unwrap(), 80);
        let terms = MiTerms {
            premium: MiPremium::Monthly(Cents::new(8235)),
            stop: at_78(18_000_000),
        };
        let premiums = mi_premiums(Cents::new(16_200_000), &rows, &[], &terms, 360).unwrap();
        assert_eq!(Cents::try_sum(premiums).unwrap(), Cents::new(658_800));
    }

    #[test]
    fn the_midpoint_and_the_number_of_payments_stop_too() {
        let rows = rows(10_000_000, 5_000_000_000, 360);
        let stop = MiStop {
            at_midpoint: true,
            ..MiStop::default()
        };
        assert_eq!(mi_payments(&rows, &stop, 360).unwrap(), 180);
        let stop = MiStop {
            max_payments: Some(132),
            ..MiStop::default()
        };
        assert_eq!(mi_payments(&rows, &stop, 360).unwrap(), 132);
        assert_eq!(mi_payments(&rows, &MiStop::default(), 360).unwrap(), 360);
    }

    #[test]
    fn exactly_at_the_threshold_is_not_above_it() {
        let rows = rows(7_800_000, 0, 10);
        assert_eq!(mi_payments(&rows, &at_78(10_000_000), 10).unwrap(), 0);
        assert_eq!(mi_payments(&rows, &at_78(9_999_999), 10).unwrap(), 1);
    }

    #[test]
    fn an_fha_premium_steps_down_each_year() {
        let rows = rows(1_200_000, 0, 24);
        let annual = Pct::new(1_000_000_000);
        let premium = MiPremium::AnnualOfBalance {
            annual,
            base_loan: Cents::new(1_200_000),
        };
        let terms = MiTerms {
            premium,
            stop: MiStop::default(),
        };
        let premiums = mi_premiums(Cents::new(1_200_000), &rows, &rows, &terms, 24).unwrap();
        // Averages 9,250 and 3,250 of 12,000 paid down by 500: 1 % a year is 7.71 and 2.71 a month.
        assert_eq!(premiums[0], Cents::new(771));
        assert_eq!(premiums[11], Cents::new(771));
        assert_eq!(premiums[12], Cents::new(271));
    }

    #[test]
    fn refuses_a_value_of_nothing() {
        let rows = rows(7_800_000, 0, 10);
        assert_eq!(
            mi_payments(&rows, &at_78(0), 10).unwrap_err().field,
            "original_value"
        );
    }
}
