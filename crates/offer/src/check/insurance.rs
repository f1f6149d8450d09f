//! What is asked of the insurances.

use lintel_domain::finding::{Bound, CreditField, CreditRule};
use lintel_domain::simulation::Insurance;
use lintel_engine::money::Cents;

use super::Findings;

/// The fields of one insurance: that of another insurer, and its premium.
pub(super) struct Fields {
    external: CreditField,
    amount: CreditField,
}

pub(super) const LIFE: Fields = Fields {
    external: CreditField::LifeInsuranceExternal,
    amount: CreditField::LifeInsuranceAmount,
};
pub(super) const MULTI_RISK: Fields = Fields {
    external: CreditField::MultiRiskInsuranceExternal,
    amount: CreditField::MultiRiskInsuranceAmount,
};

/// The highest premium a month that is believed.
const MOST: Cents = Cents::new(1_000_000);

/// Where an insurance is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// With the bank, by its tariff.
    Tariff,
    /// Elsewhere, for this premium a month.
    External(Cents),
}

pub(super) fn cover(asked: &Insurance, fields: Fields, found: &mut Findings) -> Option<Cover> {
    let external = asked.external.unwrap_or(false);
    match asked.monthly_premium {
        None if external => {
            found.add(fields.amount, CreditRule::Missing);
            None
        }
        None => Some(Cover::Tariff),
        Some(premium) if premium.is_negative() => {
            found.add(
                fields.amount,
                CreditRule::TooSmall(Bound::Amount(Cents::ZERO)),
            );
            None
        }
        Some(premium) if premium > MOST => {
            found.add(fields.amount, CreditRule::TooLarge(Bound::Amount(MOST)));
            None
        }
        Some(premium) if external => Some(Cover::External(premium)),
        // The bank's own premium follows from its tariff and is not asked for.
        Some(_) => {
            found.add(fields.external, CreditRule::Conflict);
            None
        }
    }
}
