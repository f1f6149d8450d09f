//! A loan amount with what the home costs: what tells apart the rows of several amounts, ratios and
//! values.

use std::fmt;

use lintel_engine::money::Cents;
use lintel_pricing::card::AmountOf;
use serde::{Deserialize, Serialize};

/// Thousandths of a percent in the whole.
const WHOLE_E3: i64 = 100_000;
/// Largest ratio that is written, in thousandths of a percent: nine digits.
const MAX_LTV_E3: i64 = 999_999_999;

/// A loan amount on a home. As text, in the keys of summaries: `400000.00/500000.00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Loan {
    pub(super) amount_cents: i64,
    /// Price or value.
    pub(super) home_price_cents: i64,
    ltv_pct_e3: i32,
}

impl Loan {
    /// None when an amount is not positive, or the ratio has more digits than are written.
    pub(super) fn new(amount_cents: i64, home_price_cents: i64) -> Option<Self> {
        if amount_cents <= 0 || home_price_cents <= 0 {
            return None;
        }
        let parts = amount_cents.checked_mul(WHOLE_E3)?;
        let half_up =
            i64::from(parts % home_price_cents >= home_price_cents - home_price_cents / 2);
        let ltv = (parts / home_price_cents).checked_add(half_up)?;
        Some(Self {
            amount_cents,
            home_price_cents,
            ltv_pct_e3: i32::try_from(ltv).ok().filter(|_| ltv <= MAX_LTV_E3)?,
        })
    }

    /// The loan of an amount of a card, which here are all the same at every place.
    pub(super) fn of(amount: &AmountOf) -> Option<Self> {
        match amount {
            AmountOf::Everywhere {
                loan_amount,
                home_price,
            } => Self::new(loan_amount.get(), home_price.get()),
            AmountOf::PerPlace { .. } => None,
        }
    }

    /// Loan to value in thousandths of a percent, rounded half up. Rules look at the ratio itself.
    pub(super) const fn ltv_pct_e3(self) -> i32 {
        self.ltv_pct_e3
    }

    /// Loan to value as people write it: `80 %`, `66.667 %`.
    pub(super) fn ltv_text(self) -> String {
        let ltv = self.ltv_pct_e3;
        let text = format!("{}.{:03}", ltv / 1000, ltv % 1000);
        format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl fmt::Display for Loan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (amount, price) = (
            Cents::new(self.amount_cents),
            Cents::new(self.home_price_cents),
        );
        write!(f, "{amount}/{price}")
    }
}

impl From<Loan> for String {
    fn from(loan: Loan) -> Self {
        loan.to_string()
    }
}

impl TryFrom<String> for Loan {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let read = |text: &str| Cents::parse_decimal(text).ok().map(Cents::get);
        let pair = text.split_once('/');
        let loan = pair.and_then(|(amount, price)| Self::new(read(amount)?, read(price)?));
        loan.ok_or("a loan is written as 400000.00/500000.00")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_rounded_half_up() {
        for (amount, price, ltv, text) in [
            (400_000, 500_000, 80_000, "80 %"),
            (200_000, 300_000, 66_667, "66.667 %"),
            (1, 3, 33_333, "33.333 %"),
            // 0.0005 %: just half, and just below.
            (5, 1_000_000, 1, "0.001 %"),
            (5, 1_000_001, 0, "0 %"),
            // The price is rounded up, so that the ratio is a little below 95 %.
            (40_000_000, 42_105_264, 95_000, "95 %"),
            (3, 2, 150_000, "150 %"),
            (999_999_999, 100_000, 999_999_999, "999999.999 %"),
        ] {
            let loan = Loan::new(amount, price).unwrap();
            assert_eq!(loan.ltv_pct_e3(), ltv, "{loan}");
            assert_eq!(loan.ltv_text(), text);
        }
        for (amount, price) in [(0, 1), (1, 0), (-1, 1), (10_000, 1), (i64::MAX, i64::MAX)] {
            assert_eq!(Loan::new(amount, price), None, "{amount} {price}");
        }
    }

    #[test]
    fn the_text_of_a_loan_is_read_again() {
        let loan = Loan::new(40_000_050, 50_000_063).unwrap();
        assert_eq!(loan.to_string(), "400000.50/500000.63");
        assert_eq!(Loan::try_from(loan.to_string()), Ok(loan));
        for text in ["", "1", "1/0", "x/1", "1/2/3"] {
            assert!(Loan::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
