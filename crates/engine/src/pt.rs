//! Portugal: home loans (crédito à habitação), their taxes and the limits of Banco de Portugal.
//!
//! Terms of the market: TAN is the yearly nominal rate (index plus spread, or fixed), TAEG the annual
//! percentage rate of charge, MTIC the total amount payable, IMT the tax on buying real estate,
//! *imposto do selo* the stamp duty. DL 74-A/2017 of 23 June transposes Directive 2014/17/EU.
//!
//! Every figure that a law or a supervisor sets (rates, limits, ages, dates) is an argument, taken
//! from a dated table; nothing here knows which figures are in force.
//!
//! A loan of 180,000 over 30 years, index 2.187 % and spread 0.85 points, with 1,620.80 at the contract
//! and 42.108 a month besides the instalment:
//!
//! ```
//! use lintel_engine::pt::{loan::Loan, spread::variable_tan, taeg::taeg_mtic};
//! use lintel_engine::schedule::RateStep;
//! use lintel_engine::{Cents, Pct, parse_scaled};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let rate = variable_tan(Pct::parse_decimal("2.187")?, Pct::parse_decimal("0.85")?)?;
//! let loan = Loan::try_new(Cents::parse_decimal("180000")?, &[RateStep { rate, months: 360 }])?;
//! let found = taeg_mtic(&loan, parse_scaled("1620.80", 9)?, parse_scaled("42.108", 9)?)?;
//! assert_eq!(found.months[0].row.payment.to_string(), "762.48");
//! assert_eq!(found.taeg.apr().map(|taeg| taeg.to_fixed(1)).as_deref(), Some("3.6"));
//! assert_eq!(found.mtic.to_string(), "291274.77");
//! # Ok(())
//! # }
//! ```

pub mod costs;
pub mod early_repayment;
pub mod euribor;
pub mod guarantee;
pub mod imt;
pub mod imt_jovem;
pub mod loan;
pub mod macroprudential;
pub mod simulation;
pub mod spread;
pub mod stamp_duty;
pub mod taeg;

use crate::date::Date;
use crate::error::{EngineError, Problem};

/// Completed years of age on `date`.
///
/// # Errors
/// Field `birth_date` when it is after `date`.
pub fn age_on(birth_date: Date, date: Date) -> Result<u32, EngineError> {
    let had_birthday = (date.month(), date.day()) >= (birth_date.month(), birth_date.day());
    let years = i32::from(date.year())
        .saturating_sub(i32::from(birth_date.year()))
        .saturating_sub(i32::from(!had_birthday));
    u32::try_from(years).map_err(|_| EngineError::new("birth_date", Problem::OutOfOrder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_completes_the_year() {
        let day = |text| Date::parse_iso(text).unwrap();
        assert_eq!(age_on(day("1995-06-15"), day("2026-06-14")), Ok(30));
        assert_eq!(age_on(day("1995-06-15"), day("2026-06-15")), Ok(31));
        // Born on 29 February: the year completes on 1 March of common years.
        assert_eq!(age_on(day("2000-02-29"), day("2025-02-28")), Ok(24));
        assert_eq!(age_on(day("2000-02-29"), day("2025-03-01")), Ok(25));
        assert!(age_on(day("2026-06-15"), day("2026-06-14")).is_err());
    }
}
