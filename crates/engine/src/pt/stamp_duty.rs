//! Stamp duty (imposto do selo) on credit, interest, fees and purchases.
//!
//! Source: Código do Imposto do Selo, Tabela Geral, items 1.1 (purchase of real estate), 17.1 (use of
//! credit) and 17.3 (interest and fees of financial operations); interest and use of credit for the
//! borrower's own permanent home are treated as article 7(1) says.

use crate::bands::Step;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;
use crate::schedule::MAX_TERM_MONTHS;

/// How a rate of item 17.1 applies to the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charging {
    /// Once, whatever the term within the step.
    Once,
    /// For each month or part of a month.
    EachMonth,
}

/// One step of item 17.1: terms and the rate on the amount of credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditStep {
    /// Months of the term, a part of a month counting as one.
    pub term_months: Step<u32>,
    /// Percent of the amount of credit.
    pub rate: Pct,
    /// Whether the rate applies once or each month.
    pub charging: Charging,
}

/// The rates of one edition of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampDutyRates {
    /// Use of credit by term, item 17.1.
    pub credit: Vec<CreditStep>,
    /// Interest, item 17.3.1; percent of the interest.
    pub interest: Pct,
    /// Fees of financial operations, items 17.3.2 to 17.3.4; percent of the fee.
    pub fee: Pct,
    /// Purchase of real estate, item 1.1; percent of the value.
    pub purchase: Pct,
    /// Use of credit is exempt where a home loan takes over what is owed to another bank, article 7(1).
    pub transfers_exempt: bool,
}

impl StampDutyRates {
    /// The rates for a home loan that takes over another bank's, up to the capital owed there: nothing on
    /// the use of credit where the edition exempts it, everything else alike.
    #[must_use]
    pub fn for_transfer(&self) -> Self {
        let mut rates = self.clone();
        if self.transfers_exempt {
            for step in &mut rates.credit {
                step.rate = Pct::ZERO;
            }
        }
        rates
    }

    /// Duty on the use of credit of `term_months` (a part of a month counting as one), half-up cents.
    ///
    /// # Errors
    /// `amount` not positive or too large; `term_months` outside 1 to [`MAX_TERM_MONTHS`]; field
    /// `stamp_duty` when the table has no step for the term.
    pub fn on_credit(&self, amount: Cents, term_months: u32) -> Result<Cents, EngineError> {
        positive("amount", amount)?;
        if term_months == 0 || term_months > MAX_TERM_MONTHS {
            let max = i64::from(MAX_TERM_MONTHS);
            let problem = Problem::OutOfRange { min: 1, max };
            return Err(EngineError::new("term_months", problem));
        }
        let step = self
            .credit
            .iter()
            .find(|step| step.term_months.contains(term_months))
            .ok_or(EngineError::new(
                "stamp_duty",
                Problem::Inconsistent("has no rate for the term"),
            ))?;
        let times = match step.charging {
            Charging::Once => 1,
            Charging::EachMonth => i64::from(term_months),
        };
        // One rounding, half-up cents, of amount × rate × months: the duty is due once on the whole.
        let rate = step.rate.e9().checked_mul(times);
        rate.and_then(|rate| amount.percent(Pct::new(rate), Rounding::HalfUp))
            .ok_or(EngineError::too_large("amount"))
    }

    /// Duty on a fee, half-up cents.
    ///
    /// # Errors
    /// `fee` negative or too large.
    pub fn on_fee(&self, fee: Cents) -> Result<Cents, EngineError> {
        duty("fee", fee, self.fee)
    }

    /// Duty on one month's interest, half-up cents; none for the borrower's own permanent home, and
    /// none on negative interest.
    ///
    /// # Errors
    /// `interest` too large.
    pub fn on_interest(&self, interest: Cents, own_home: bool) -> Result<Cents, EngineError> {
        if own_home || interest.is_negative() {
            return Ok(Cents::ZERO);
        }
        duty("interest", interest, self.interest)
    }

    /// Duty on the purchase, half-up cents of the higher of price and tax value. Outside the TAEG.
    ///
    /// # Errors
    /// `value` not positive or too large.
    pub fn on_purchase(&self, value: Cents) -> Result<Cents, EngineError> {
        positive("value", value)?;
        duty("value", value, self.purchase)
    }
}

/// `rate` percent of a fee, interest or value, half-up cents: every item of the table but 17.1.
///
/// # Errors
/// The amount (named `field`) negative or too large; field `rate` negative or above 100 %.
pub fn duty(field: &'static str, amount: Cents, rate: Pct) -> Result<Cents, EngineError> {
    if amount.is_negative() {
        return Err(EngineError::new(field, Problem::MustNotBeNegative));
    }
    if rate.is_negative() || rate > Pct::HUNDRED {
        let problem = Problem::OutOfRange { min: 0, max: 100 };
        return Err(EngineError::new("rate", problem));
    }
    amount
        .percent(rate, Rounding::HalfUp)
        .ok_or(EngineError::too_large(field))
}

pub(super) fn positive(field: &'static str, amount: Cents) -> Result<(), EngineError> {
    if amount.is_positive() {
        Ok(())
    } else {
        Err(EngineError::new(field, Problem::MustBePositive))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn pct(text: &str) -> Pct {
        Pct::parse_decimal(text).unwrap()
    }

    pub(in crate::pt) fn rates() -> StampDutyRates {
        let step = |at_least, below, rate, charging| CreditStep {
            term_months: Step { at_least, below },
            rate: pct(rate),
            charging,
        };
        StampDutyRates {
            credit: vec![
                step(None, Some(12), "0.04", Charging::EachMonth),
                step(Some(12), Some(60), "0.5", Charging::Once),
                step(Some(60), None, "0.6", Charging::Once),
            ],
            interest: pct("4"),
            fee: pct("4"),
            purchase: pct("0.8"),
            transfers_exempt: true,
        }
    }

    #[test]
    fn article_7_exempts_a_change_of_bank() {
        let row = rates();
        let amount = Cents::new(12_000_000);
        let exempt = row.for_transfer();
        assert_eq!(exempt.on_credit(amount, 360), Ok(Cents::ZERO));
        assert_eq!(exempt.on_credit(amount, 11), Ok(Cents::ZERO));
        assert_eq!(exempt.on_fee(amount), row.on_fee(amount));
        assert_eq!(exempt.on_purchase(amount), row.on_purchase(amount));
        let before = StampDutyRates {
            transfers_exempt: false,
            ..row.clone()
        };
        assert_eq!(before.for_transfer(), before);
    }

    #[test]
    fn tabela_geral_17_1_by_term() {
        let row = rates();
        let tax = |amount, months| {
            let amount = Cents::parse_decimal(amount).unwrap();
            row.on_credit(amount, months).unwrap().to_string()
        };
        assert_eq!(tax("180000", 60), "1080.00");
        assert_eq!(tax("180000", 59), "900.00");
        assert_eq!(tax("50000", 12), "250.00");
        assert_eq!(tax("50000", 11), "220.00");
        assert_eq!(tax("50000", 1), "20.00");
        // Half a cent goes up: 0.6 % of 100.83333… cents never arises; 0.5 % of 1.00 does.
        assert_eq!(tax("1.00", 12), "0.01");
        assert_eq!(tax("0.99", 12), "0.00");
        assert_eq!(tax("1000000000000000", 60), "6000000000000.00");
    }

    #[test]
    fn tabela_geral_17_3_fees_and_interest() {
        let row = rates();
        assert_eq!(row.on_fee(Cents::new(29_000)), Ok(Cents::new(1160)));
        let interest = Cents::new(45_555);
        assert_eq!(row.on_interest(interest, true), Ok(Cents::ZERO));
        assert_eq!(row.on_interest(interest, false), Ok(Cents::new(1822)));
        assert_eq!(row.on_interest(Cents::new(-1), false), Ok(Cents::ZERO));
        assert_eq!(
            row.on_purchase(Cents::new(20_000_000)),
            Ok(Cents::new(160_000))
        );
    }

    #[test]
    fn refuses_what_has_no_duty() {
        let row = rates();
        assert!(row.on_credit(Cents::ZERO, 60).is_err());
        assert!(row.on_credit(Cents::new(1), 0).is_err());
        assert!(row.on_credit(Cents::new(1), 1201).is_err());
        assert!(row.on_fee(Cents::new(-1)).is_err());
        assert!(row.on_purchase(Cents::ZERO).is_err());
        assert!(duty("fee", Cents::new(1), Pct::new(-1)).is_err());
    }
}
