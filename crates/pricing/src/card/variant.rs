//! What of a row's charges changes how it goes through the lanes.

use lintel_domain::product::ProductTerms;
use lintel_engine::rate::Pct;
use lintel_engine::us::mi::{MiPremium, MiTerms};

use super::charges::{Charges, Upfront};
use super::guess::Declining;
use super::payments::InterestFee;
use super::terms::Balances;

/// What of a cell's charges changes how its rows go through the lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Variant {
    /// Premium on the balance: percent a year, payments that carry it.
    pub(super) premium: Option<(Pct, u32)>,
    /// What is financed on top of the base loan, in percent of it.
    financed: Pct,
    /// Whether the premium is of the note and not of the base loan.
    pub(super) of_principal: bool,
    /// Days of prepaid interest.
    pub(super) days: u32,
    /// Whether every row has to go the exact road.
    pub(super) is_exact: bool,
}

impl Variant {
    pub(super) fn of(charges: &Charges, terms: &ProductTerms) -> Self {
        let bounded = |interest: &InterestFee| interest.min.is_some() || interest.max.is_some();
        let days = charges.interest.iter().map(|interest| interest.days);
        let mut variant = Self {
            premium: None,
            financed: Pct::ZERO,
            of_principal: matches!(charges.upfront, Upfront::OfTotal { .. }),
            days: days.fold(0, u32::saturating_add),
            is_exact: charges.interest.iter().any(bounded),
        };
        // The lanes count days in whole numbers far below this.
        variant.is_exact |= variant.days > 3_660;
        if let Some(MiTerms { premium, stop }) = charges.mi {
            match premium {
                MiPremium::AnnualOfBalance { annual, .. } => {
                    let most = stop.max_payments.unwrap_or(terms.term_months);
                    variant.premium = Some((annual, most.min(terms.term_months)));
                    variant.is_exact |= stop.threshold.is_some() || stop.at_midpoint;
                }
                // The guesses of the lanes go by the yearly percentage.
                MiPremium::Monthly(_) => variant.is_exact = true,
                MiPremium::AnnualOfLoan(_) => {}
            }
        }
        if let Upfront::OfBase {
            rate,
            financed: true,
        } = charges.upfront
        {
            variant.financed = rate;
        }
        variant
    }

    /// The premium on the balance; none without one.
    pub(super) fn declining(&self, balances: &Balances) -> Option<Declining> {
        let (annual, payments) = self.premium?;
        let share = annual.e9() as f64 / 1.2e12;
        let whole = Pct::HUNDRED.e9() as f64;
        Some(Declining {
            years: balances
                .years()
                .into_iter()
                .map(|year| year * share)
                .collect(),
            payments,
            base: whole / (whole + self.financed.e9() as f64),
        })
    }
}
