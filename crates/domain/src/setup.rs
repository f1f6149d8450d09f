//! The set-up a broker's company goes through before it can work.

use crate::id::{Instant, RowId};
use crate::refusal::{CompanyField, Field};
use crate::words::words;

words! {
    /// The steps, in order.
    SetupStep {
        /// Name, address, numbers, what it offers.
        Company = "company",
        /// The licences of the company.
        Licensing = "licensing",
        /// The people.
        People = "people",
        /// Pictures and colours.
        Branding = "branding",
        /// A last look at everything.
        Review = "review",
    }
}

impl SetupStep {
    /// The step after this one; the last one stays.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Company => Self::Licensing,
            Self::Licensing => Self::People,
            Self::People => Self::Branding,
            Self::Branding | Self::Review => Self::Review,
        }
    }

    /// The step at which a part of a company is filled in.
    #[must_use]
    pub const fn of_company(field: CompanyField) -> Self {
        match field {
            CompanyField::Licenses | CompanyField::License { .. } => Self::Licensing,
            CompanyField::Logo(_)
            | CompanyField::Favicon(_)
            | CompanyField::BrandColor
            | CompanyField::AccentColor => Self::Branding,
            CompanyField::Uid
            | CompanyField::Name
            | CompanyField::LegalName
            | CompanyField::Street
            | CompanyField::Unit
            | CompanyField::City
            | CompanyField::State
            | CompanyField::PostalCode
            | CompanyField::County
            | CompanyField::Country
            | CompanyField::Website
            | CompanyField::Phone
            | CompanyField::PhoneExtension
            | CompanyField::Email
            | CompanyField::Nmls
            | CompanyField::OriginatorType
            | CompanyField::LegalForm
            | CompanyField::About
            | CompanyField::AboutShort
            | CompanyField::TaxId
            | CompanyField::OfficerCompensation
            | CompanyField::PricingTier
            | CompanyField::OffersConventional
            | CompanyField::OffersFha
            | CompanyField::OffersVa => Self::Company,
        }
    }

    /// The step at which a refused field is put right; `None` for a field of something else.
    #[must_use]
    pub fn of_field(field: &Field) -> Option<Self> {
        if let Field::Company(part) = field {
            return Some(Self::of_company(*part));
        }
        let is_people = matches!(field, Field::People | Field::Person { .. });
        is_people.then_some(Self::People)
    }
}

/// How far the set-up of an organisation has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The member of staff who started it and goes on with it.
    pub started_by: RowId,
    /// When.
    pub started_at: Instant,
    /// The first step not confirmed yet.
    pub step: SetupStep,
    /// When it was done; none while it is not.
    pub completed_at: Option<Instant>,
}

impl Setup {
    /// Whether it is done.
    #[must_use]
    pub const fn is_completed(&self) -> bool {
        self.completed_at.is_some()
    }

    /// Whether this member of staff is to go on with it.
    #[must_use]
    pub fn awaits(&self, staff_id: &RowId) -> bool {
        !self.is_completed() && self.started_by == *staff_id
    }

    /// Where it stands once a step was confirmed: one further if it was the first open one.
    #[must_use]
    pub fn confirmed(&self, step: SetupStep) -> SetupStep {
        if step == self.step {
            step.next()
        } else {
            self.step
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_each_other_and_confirming_an_earlier_one_loses_nothing() {
        let setup = |step| Setup {
            started_by: RowId::new("a".to_owned()),
            started_at: Instant::from_seconds(0),
            step,
            completed_at: None,
        };
        let mut step = SetupStep::Company;
        for expected in SetupStep::ALL {
            assert_eq!(step, *expected);
            assert_eq!(setup(step).confirmed(SetupStep::Review), step.max(step));
            step = setup(step).confirmed(step);
        }
        assert_eq!(step, SetupStep::Review);
        let late = setup(SetupStep::Branding);
        assert_eq!(late.confirmed(SetupStep::Company), SetupStep::Branding);
        assert_eq!(late.confirmed(SetupStep::Review), SetupStep::Branding);
    }

    #[test]
    fn only_the_starter_is_awaited_and_only_until_it_is_done() {
        let starter = RowId::new("a".to_owned());
        let mut setup = Setup {
            started_by: starter.clone(),
            started_at: Instant::from_seconds(0),
            step: SetupStep::Review,
            completed_at: None,
        };
        assert!(setup.awaits(&starter));
        assert!(!setup.awaits(&RowId::new("b".to_owned())));
        setup.completed_at = Some(Instant::from_seconds(1));
        assert!(!setup.awaits(&starter));
    }
}
