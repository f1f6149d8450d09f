//! The State's guarantee (garantia pública) for young buyers of a first home.
//!
//! Source: DL 44/2024 of 10 July, Portaria 236-A/2024/1 of 27 September, DL 24/2025. The State stands
//! surety for a share of the price when the bank funds all of it; the share falls in proportion when
//! the bank funds less.

use super::stamp_duty::positive;
use crate::error::EngineError;
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// The terms of one edition, for contracts signed while it is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuaranteeTerms {
    /// Youngest and oldest age, in completed years.
    pub ages: (u32, u32),
    /// Highest taxable income a year: the top of the eighth income-tax bracket.
    pub max_income: Cents,
    /// Highest price.
    pub max_price: Cents,
    /// Share of the price guaranteed when the bank funds all of it.
    pub max_share: Pct,
    /// Least share of the price the bank must fund.
    pub min_funding: Pct,
    /// Years the guarantee lasts.
    pub years: u32,
}

/// A buyer and the purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuaranteeCase {
    /// Completed years of age.
    pub age_years: u32,
    /// Taxable income a year.
    pub yearly_income: Cents,
    /// Price of the home.
    pub price: Cents,
    /// Amount of the loan.
    pub loan: Cents,
    /// Tax resident in Portugal.
    pub tax_resident: bool,
    /// Owns an urban building for housing, or part of one.
    pub owns_housing: bool,
    /// It is the first own permanent home, and the guarantee was never used before.
    pub first_own_home: bool,
    /// Taxes and social-security contributions are paid.
    pub clean_record: bool,
}

/// A condition that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// Below the youngest or above the oldest age.
    Age,
    /// Income above the limit.
    Income,
    /// Price above the limit.
    Price,
    /// Not a tax resident.
    Residence,
    /// Owns housing.
    OwnsHousing,
    /// Not the first own permanent home, or the guarantee was used before.
    NotFirstHome,
    /// Debts to tax or social security.
    Record,
    /// The bank funds less than the least share of the price.
    FundingTooLow,
    /// The bank funds more than the price.
    FundingAbovePrice,
}

impl Obstacle {
    /// A short name for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Income => "income",
            Self::Price => "price",
            Self::Residence => "tax_residence",
            Self::OwnsHousing => "owns_housing",
            Self::NotFirstHome => "not_first_home",
            Self::Record => "tax_and_social_security_record",
            Self::FundingTooLow => "funding_too_low",
            Self::FundingAbovePrice => "funding_above_price",
        }
    }
}

/// What the State guarantees, and what stands against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarantee {
    /// Conditions not met, all of them; none when the buyer is eligible.
    pub obstacles: Vec<Obstacle>,
    /// Amount guaranteed, rounded down to cents as an upper limit is; zero with an obstacle.
    pub amount: Cents,
    /// Share of the price funded by the bank, half up at the ninth digit.
    pub funding: Pct,
    /// Years it lasts.
    pub years: u32,
}

impl Guarantee {
    /// True when nothing stands against it.
    #[must_use]
    pub fn eligible(&self) -> bool {
        self.obstacles.is_empty()
    }
}

/// Eligibility and amount.
///
/// The amount is `max_share × loan`, which is the full share of the price when the bank funds all of
/// it and falls in proportion to the funded part.
///
/// # Errors
/// `price` or `loan` not positive or too large.
pub fn guarantee(terms: &GuaranteeTerms, case: &GuaranteeCase) -> Result<Guarantee, EngineError> {
    positive("price", case.price)?;
    positive("loan", case.loan)?;
    let too_large = EngineError::too_large("loan");
    let ratio = |rounding| {
        let (loan, price) = (i128::from(case.loan.get()), i128::from(case.price.get()));
        Pct::of_ratio(loan, price, rounding).ok_or(too_large)
    };
    // Rounded down for the comparison: a share that falls short by any part is below the least.
    let funded_at_least = ratio(Rounding::Down)?;
    let (youngest, oldest) = terms.ages;
    let conditions = [
        ((youngest..=oldest).contains(&case.age_years), Obstacle::Age),
        (case.yearly_income <= terms.max_income, Obstacle::Income),
        (case.price <= terms.max_price, Obstacle::Price),
        (case.tax_resident, Obstacle::Residence),
        (!case.owns_housing, Obstacle::OwnsHousing),
        (case.first_own_home, Obstacle::NotFirstHome),
        (case.clean_record, Obstacle::Record),
        (
            funded_at_least >= terms.min_funding,
            Obstacle::FundingTooLow,
        ),
        (case.loan <= case.price, Obstacle::FundingAbovePrice),
    ];
    let obstacles: Vec<Obstacle> = conditions
        .into_iter()
        .filter(|(met, _)| !met)
        .map(|(_, obstacle)| obstacle)
        .collect();
    let amount = if obstacles.is_empty() {
        let share = case.loan.percent(terms.max_share, Rounding::Down);
        share.ok_or(too_large)?
    } else {
        Cents::ZERO
    };
    Ok(Guarantee {
        obstacles,
        amount,
        funding: ratio(Rounding::HalfUp)?,
        years: terms.years,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> GuaranteeTerms {
        GuaranteeTerms {
            ages: (18, 35),
            max_income: Cents::new(8_119_900),
            max_price: Cents::new(45_000_000),
            max_share: Pct::new(15_000_000_000),
            min_funding: Pct::new(85_000_000_000),
            years: 10,
        }
    }

    fn case(price: i64, loan: i64) -> GuaranteeCase {
        GuaranteeCase {
            age_years: 30,
            yearly_income: Cents::new(3_000_000),
            price: Cents::new(price * 100),
            loan: Cents::new(loan * 100),
            tax_resident: true,
            owns_housing: false,
            first_own_home: true,
            clean_record: true,
        }
    }

    fn ask(case: &GuaranteeCase) -> Guarantee {
        guarantee(&terms(), case).unwrap()
    }

    #[test]
    fn crs_example_300_000_fully_funded() {
        let found = ask(&case(300_000, 300_000));
        assert!(found.eligible());
        assert_eq!(found.amount, Cents::new(4_500_000));
    }

    #[test]
    fn less_funding_less_guarantee() {
        assert_eq!(ask(&case(300_000, 270_000)).amount, Cents::new(4_050_000));
        assert_eq!(ask(&case(300_000, 255_000)).amount, Cents::new(3_825_000));
        let low = ask(&case(300_000, 254_999));
        assert_eq!(low.obstacles, [Obstacle::FundingTooLow]);
        assert_eq!(low.amount, Cents::ZERO);
    }

    #[test]
    fn every_condition_is_reported() {
        let bad = GuaranteeCase {
            age_years: 36,
            yearly_income: Cents::new(8_119_901),
            tax_resident: false,
            owns_housing: true,
            first_own_home: false,
            clean_record: false,
            ..case(450_001, 450_002)
        };
        assert_eq!(ask(&bad).obstacles.len(), 8);
        for age_years in [18, 35] {
            let edge = GuaranteeCase {
                age_years,
                ..case(450_000, 450_000)
            };
            assert!(ask(&edge).eligible());
        }
        let young = GuaranteeCase {
            age_years: 17,
            ..case(1, 1)
        };
        assert_eq!(ask(&young).obstacles, [Obstacle::Age]);
    }
}
