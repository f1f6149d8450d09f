//! What closing costs and programmes charge in one cell of a block: worked out once, applied to the
//! amounts of each row in whole cents.

use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_engine::us::mi::{MiPremium, MiTerms, MiThreshold};
use lintel_engine::us::programs::usda::upfront_fee;

use super::payments::{InterestFee, RowFacts};
use crate::catalogue::{Estimate, EstimateOf, PerOf};

/// The charges of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Charges {
    /// Finance charges that are the same for every amount.
    pub(super) flat: Cents,
    /// Finance charges that depend on an amount.
    pub(super) parts: Vec<Part>,
    /// Prepaid interest that is a finance charge.
    pub(super) interest: Vec<InterestFee>,
    /// What the programme charges up front.
    pub(super) upfront: Upfront,
    /// Whether that is a finance charge.
    pub(super) counts_upfront: bool,
    /// Insurance paid with each payment; its amounts are replaced by the row's.
    pub(super) mi: Option<MiTerms>,
}

/// A charge that depends on an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) of: PartOf,
    pub(super) min: Option<Cents>,
    pub(super) max: Option<Cents>,
}

/// What of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum PartOf {
    /// A fixed part and a percentage of what an amount is over an edge.
    Percent {
        flat: Cents,
        rate: Pct,
        of: PerOf,
        over: Cents,
    },
    /// Months of an estimate.
    Months { count: u32, rate: Pct, flat: Cents },
}

/// The programme's charge up front, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Upfront {
    /// None.
    None,
    /// Of the base loan.
    OfBase { rate: Pct, financed: bool },
    /// USDA's: of the loan that includes it when it is financed.
    OfTotal { rate: Pct, financed: bool },
}

/// A row's amounts after the charges.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charged {
    pub(super) principal: Cents,
    pub(super) fees: Cents,
}

impl Charges {
    /// The note and the finance charges that do not depend on the rate; none when one cannot be held.
    pub(super) fn on(&self, loan: Cents, price: Cents) -> Option<Charged> {
        let (principal, upfront) = match self.upfront {
            Upfront::None => (loan, Cents::ZERO),
            Upfront::OfBase { rate, financed } => {
                let fee = percent(loan, rate)?;
                let principal = if financed {
                    loan.checked_add(fee)?
                } else {
                    loan
                };
                (principal, fee)
            }
            Upfront::OfTotal { rate, financed } => {
                let found = upfront_fee(loan, rate, financed).ok()?;
                (found.total_loan, found.fee)
            }
        };
        let mut fees = self.flat;
        if self.counts_upfront {
            fees = fees.checked_add(upfront)?;
        }
        for part in &self.parts {
            fees = fees.checked_add(part.on(loan, price)?)?;
        }
        Some(Charged { principal, fees })
    }

    /// Insurance of a row.
    pub(super) fn mi_of(&self, charged: &Charged, loan: Cents, price: Cents) -> Option<MiTerms> {
        let mut mi = self.mi?;
        if let MiPremium::AnnualOfBalance { base_loan, .. } = &mut mi.premium {
            *base_loan = match self.upfront {
                Upfront::OfTotal { .. } => charged.principal,
                Upfront::None | Upfront::OfBase { .. } => loan,
            };
        }
        if let Some(threshold) = &mut mi.stop.threshold {
            threshold.original_value = price;
        }
        Some(mi)
    }

    /// Insurance whose premium is level.
    pub(super) fn level(&self) -> Option<MiTerms> {
        let is_level = |mi: &MiTerms| !matches!(mi.premium, MiPremium::AnnualOfBalance { .. });
        self.mi.filter(is_level)
    }

    /// A level premium a month; zero without one.
    pub(super) fn level_premium(&self, principal: Cents) -> Option<Cents> {
        match self.mi.map(|mi| mi.premium) {
            Some(MiPremium::AnnualOfLoan(annual)) => twelfth(principal, annual),
            Some(MiPremium::Monthly(monthly)) => Some(monthly),
            Some(MiPremium::AnnualOfBalance { .. }) | None => Some(Cents::ZERO),
        }
    }

    pub(super) fn facts(
        &self,
        charged: &Charged,
        (loan, price): (Cents, Cents),
        price_e3: i64,
        counts_points: bool,
    ) -> RowFacts<'_> {
        RowFacts {
            loan,
            principal: charged.principal,
            fees: charged.fees,
            interest: &self.interest,
            counts_points,
            price_e3,
            mi: self.mi_of(charged, loan, price),
        }
    }
}

impl Part {
    pub(super) const fn months(count: u32, estimate: &Estimate) -> PartOf {
        PartOf::Months {
            count,
            rate: estimate.rate,
            flat: estimate.flat,
        }
    }

    fn on(&self, loan: Cents, price: Cents) -> Option<Cents> {
        let amount = match self.of {
            PartOf::Percent {
                flat,
                rate,
                of,
                over,
            } => {
                let base = match of {
                    PerOf::Loan => loan,
                    PerOf::Price => price,
                };
                flat.checked_add(percent(base.checked_sub(over)?, rate)?)?
            }
            PartOf::Months { count, rate, flat } => {
                let estimate = Estimate {
                    of: EstimateOf::PropertyTax,
                    state: None,
                    county: None,
                    rate,
                    flat,
                    days: None,
                };
                let each = crate::book::monthly(&estimate, price)?;
                each.checked_mul(i64::from(count))?
            }
        };
        let least = self.min.map_or(amount, |min| amount.max(min));
        Some(self.max.map_or(least, |max| least.min(max)))
    }
}

/// `rate` percent half-up, as [`Cents::percent`]; ordinary figures by one division of 64 bits.
fn percent(amount: Cents, rate: Pct) -> Option<Cents> {
    const WHOLE: u64 = 100_000_000_000;
    ratio::<WHOLE>(amount, rate).or_else(|| amount.percent(rate, Rounding::HalfUp))
}

/// A twelfth of `annual` percent, half-up: what the engine charges a month for a level premium.
fn twelfth(amount: Cents, annual: Pct) -> Option<Cents> {
    const WHOLE: u64 = 1_200_000_000_000;
    ratio::<WHOLE>(amount, annual).or_else(|| {
        let (rate, whole) = (i128::from(annual.e9()), i128::from(WHOLE));
        amount.mul_ratio(rate, whole, Rounding::HalfUp)
    })
}

/// `amount × rate / WHOLE` half-up; none when a step leaves 64 bits or a figure is negative.
fn ratio<const WHOLE: u64>(amount: Cents, rate: Pct) -> Option<Cents> {
    let (amount, rate) = (
        u64::try_from(amount.get()).ok()?,
        u64::try_from(rate.e9()).ok()?,
    );
    let product = amount.checked_mul(rate)?.checked_add(WHOLE / 2)?;
    i64::try_from(product / WHOLE).ok().map(Cents::new)
}

/// Two cells' insurance is the same when it is but for the row's own amounts.
pub(super) fn unrowed(mi: MiTerms) -> MiTerms {
    let premium = match mi.premium {
        MiPremium::AnnualOfBalance { annual, .. } => MiPremium::AnnualOfBalance {
            annual,
            base_loan: Cents::ZERO,
        },
        MiPremium::Monthly(_) | MiPremium::AnnualOfLoan(_) => mi.premium,
    };
    let mut stop = mi.stop;
    stop.threshold = stop.threshold.map(|threshold| MiThreshold {
        original_value: Cents::ZERO,
        ..threshold
    });
    MiTerms { premium, stop }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_percentages_are_the_engines() {
        for (amount, rate) in [
            (0, 0),
            (10_000_002, 1_750_000_000),
            (3_000_000_000, 1),
            (1, 50_000_000_000),
            (2_999_999_999, 6_123_456_789),
            (3_000_000_000, 99_000_000_000),
            (-5, 1_000_000_000),
            (5, -1_000_000_000),
        ] {
            let (amount, rate) = (Cents::new(amount), Pct::new(rate));
            assert_eq!(
                percent(amount, rate),
                amount.percent(rate, Rounding::HalfUp)
            );
            let whole = 1_200_000_000_000;
            let exact = amount.mul_ratio(i128::from(rate.e9()), whole, Rounding::HalfUp);
            assert_eq!(twelfth(amount, rate), exact);
        }
    }
}
