//! Whether a loan is higher-priced, 12 CFR 1026.35(a)(1).

use lintel_domain::loan::Occupancy;
use lintel_domain::product::{ProductTerms, RateKind};
use lintel_domain::scenario::{LimitClass, PropertyKind};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::apor::comparable_years;
use lintel_engine::us::price_tests::{Lien, PricedLoan, SpreadKey, higher_priced, spread_in_force};

use super::Rules;
use crate::scenario::limit_class;
use crate::when::Facts;

/// How the rows of one loan amount are judged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hpml {
    /// Not secured by a dwelling the borrower lives in: never higher-priced.
    Outside,
    /// By a rate and a spread.
    By(PricedLoan),
    /// Something to compare with is missing.
    Unknown(Gap),
}

/// What is missing to judge a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// No average prime offer rates are loaded for the day.
    Rates,
    /// They have no figure for the term.
    Term,
    /// No spread is in force that is for the loan.
    Spread,
}

impl Gap {
    /// Said once in an answer.
    pub(super) const fn notice(self) -> &'static str {
        match self {
            Self::Rates => {
                "It is not known whether loans are higher-priced: no average prime offer rate is loaded for the day."
            }
            Self::Term => {
                "It is not known whether some loans are higher-priced: the average prime offer rates have no figure for their term."
            }
            Self::Spread => {
                "It is not known whether some loans are higher-priced: no spread over the average prime offer rate is in force for them."
            }
        }
    }
}

impl Hpml {
    /// The test of a product's loans of `principal`. The rate counts as set on the day of the search.
    pub(super) fn of(
        rules: &Rules<'_>,
        facts: &Facts<'_>,
        terms: &ProductTerms,
        principal: Cents,
    ) -> Self {
        let scenario = facts.scenario;
        if scenario.occupancy != Occupancy::PrimaryResidence
            || scenario.property == PropertyKind::Land
        {
            return Self::Outside;
        }
        let Some(apor) = rules.apor else {
            return Self::Unknown(Gap::Rates);
        };
        let (table, months) = match &terms.rate_kind {
            RateKind::Fixed => (apor.fixed, terms.term_months),
            RateKind::Adjustable(arm) => (apor.adjustable, arm.first_adjustment_months),
        };
        if table.week(scenario.day).is_err() {
            return Self::Unknown(Gap::Rates);
        }
        let rate = comparable_years(months).and_then(|years| table.rate(scenario.day, years));
        let Ok(apor) = rate else {
            return Self::Unknown(Gap::Term);
        };
        // The principal of the note counts, financed premium included.
        let class = limit_class(&scenario.place, scenario.units, principal);
        let loan = PricedLoan {
            apr: Pct::ZERO,
            apor,
            lien: Lien::First,
            loan_amount: principal,
            above_conforming_limit: class == LimitClass::AboveLimit,
            manufactured_home: scenario.property == PropertyKind::Manufactured,
            personal_property: false,
            points_and_fees: None,
            qm_apr: None,
            prepayment_penalty: None,
        };
        let key = SpreadKey {
            lien: loan.lien,
            above_conforming_limit: loan.above_conforming_limit,
            manufactured_home: loan.manufactured_home,
            loan_amount: loan.loan_amount,
        };
        match spread_in_force(rules.hpml, &key) {
            Some(_) => Self::By(loan),
            None => Self::Unknown(Gap::Spread),
        }
    }

    /// What is missing; none when nothing is.
    pub(super) const fn gap(&self) -> Option<Gap> {
        match self {
            Self::Outside | Self::By(_) => None,
            Self::Unknown(gap) => Some(*gap),
        }
    }

    /// The verdict on a row; none when it is not known.
    pub(super) fn verdict(&self, rules: &Rules<'_>, apr: Pct) -> Option<bool> {
        match self {
            Self::Outside => Some(false),
            Self::Unknown(_) => None,
            Self::By(loan) => {
                let loan = PricedLoan { apr, ..*loan };
                let verdict = higher_priced(rules.hpml, &loan).ok().flatten()?;
                Some(verdict.0)
            }
        }
    }
}
