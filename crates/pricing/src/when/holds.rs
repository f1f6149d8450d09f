//! Whether conditions hold and selectors match.

use lintel_domain::product::{ProductTerms, RateKind};
use lintel_engine::bands::{Band, Step};
use lintel_engine::date::Date;

use super::{Days, Facts, Selector, When};
use crate::catalogue::Product;

/// Whether something holds on a day.
#[must_use]
pub fn in_force(days: &Days, day: Date) -> bool {
    days.is_none_or(|days| days.contains(day))
}

impl Selector {
    /// Whether it is for a product of the catalogue.
    #[must_use]
    pub fn matches(&self, product: &Product) -> bool {
        self.matches_terms(Some(&product.code), &product.families, &product.terms)
    }

    /// Whether it is for a product that may have no code: one of a caller's own, which no list of
    /// codes or families is for.
    #[must_use]
    pub fn matches_terms(
        &self,
        code: Option<&str>,
        families: &[String],
        terms: &ProductTerms,
    ) -> bool {
        let codes = &self.codes;
        (codes.is_empty() || code.is_some_and(|code| codes.iter().any(|one| one == code)))
            && self.matches_but_code(families, terms)
    }

    /// As [`Selector::matches_terms`] for a product whose code is known to be asked for.
    pub(crate) fn matches_but_code(&self, families: &[String], terms: &ProductTerms) -> bool {
        let Self {
            codes: _,
            programs,
            families: wanted,
            adjustable,
            interest_only,
            lender_paid_mi,
            term_months,
        } = self;
        let is_adjustable = matches!(terms.rate_kind, RateKind::Adjustable(_));
        let carried = |family: &String| families.iter().any(|own| own.eq_ignore_ascii_case(family));
        (programs.is_empty() || programs.contains(&terms.program))
            && (wanted.is_empty() || wanted.iter().any(carried))
            && adjustable.is_none_or(|wanted| wanted == is_adjustable)
            && interest_only.is_none_or(|wanted| wanted == (terms.interest_only_months > 0))
            && lender_paid_mi.is_none_or(|wanted| wanted == terms.lender_paid_mi)
            && term_months.is_none_or(|band| band.contains(terms.term_months))
    }
}

/// True when nothing is asked, or a known value is among what is asked.
#[inline]
fn among<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
    wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
}

/// As [`among`] for words, ASCII case ignored.
#[inline]
pub(super) fn among_words(wanted: &[String], value: Option<&str>) -> bool {
    // Most conditions ask nothing here.
    wanted.is_empty() || value.is_some_and(|value| has_word(wanted, value))
}

fn has_word(wanted: &[String], value: &str) -> bool {
    wanted.iter().any(|one| one.eq_ignore_ascii_case(value))
}

pub(super) fn in_band<T: Copy + PartialOrd>(band: Option<Band<T>>, value: T) -> bool {
    band.is_none_or(|band| band.contains(value))
}

/// A value that is not known is in no step.
pub(super) fn in_step<T: Copy + PartialOrd>(step: Option<Step<T>>, value: Option<T>) -> bool {
    step.is_none_or(|step| value.is_some_and(|value| step.contains(value)))
}

impl When {
    /// Whether every condition holds under which something is done. An unknown score counts as 0:
    /// what is for low scores is for it too.
    #[must_use]
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        let score = facts.scenario.score.unwrap_or_default();
        in_step(self.score, Some(score)) && self.holds_but_score(facts)
    }

    /// Whether everything a rule requires is met. An unknown score meets no condition on it.
    #[must_use]
    pub fn is_met(&self, facts: &Facts<'_>) -> bool {
        in_step(self.score, facts.scenario.score) && self.holds_but_score(facts)
    }

    fn holds_but_score(&self, facts: &Facts<'_>) -> bool {
        self.holds_at_place(facts)
            && self.holds_for_amounts(facts)
            && self.holds_for_borrower(facts)
            && self.holds_for_sale(facts)
    }

    /// Whether a condition looks at the lock.
    #[must_use]
    pub const fn depends_on_lock(&self) -> bool {
        self.lock_days.is_some()
    }

    /// Whether a condition looks at debt to income, which each row has its own of.
    #[must_use]
    pub const fn depends_on_dti(&self) -> bool {
        self.dti.is_some()
    }

    pub(super) fn holds_in_zips(&self, facts: &Facts<'_>) -> bool {
        self.zips.is_empty()
            || facts.scenario.place.zip.is_some_and(|zip| {
                let within = |range: &(_, _)| range.0 <= zip && zip <= range.1;
                self.zips.iter().any(within)
            })
    }

    fn holds_at_place(&self, facts: &Facts<'_>) -> bool {
        let (scenario, place) = (facts.scenario, &facts.scenario.place);
        among(&self.purposes, Some(&scenario.purpose))
            && among(&self.occupancies, Some(&scenario.occupancy))
            && among(&self.property_kinds, Some(&scenario.property))
            && among(&self.states, place.state.as_ref())
            && self.holds_outside(facts)
            && among(&self.counties, place.county.as_ref())
            && self.holds_in_zips(facts)
            && among(&self.limits, Some(&facts.limit))
            && self.holds_for_fha(facts)
    }

    pub(super) fn holds_for_fha(&self, facts: &Facts<'_>) -> bool {
        let wanted = self.within_fha_limit;
        wanted.is_none_or(|wanted| wanted == facts.is_within_fha_limit)
    }

    /// An unknown state could be one that is left out.
    pub(super) fn holds_outside(&self, facts: &Facts<'_>) -> bool {
        let state = facts.scenario.place.state;
        self.not_states.is_empty() || state.is_some_and(|state| !self.not_states.contains(&state))
    }

    fn holds_for_amounts(&self, facts: &Facts<'_>) -> bool {
        let scenario = facts.scenario;
        in_band(self.loan_amount, scenario.loan_amount)
            && in_band(self.ltv, facts.ltv)
            && in_band(self.cltv, facts.cltv)
            && in_band(self.hcltv, facts.hcltv)
            && facts.dti.is_none_or(|dti| in_band(self.dti, dti))
            && in_step(self.units, Some(scenario.units))
            && self
                .lock_days
                .is_none_or(|band| facts.lock_days.is_some_and(|days| band.contains(days)))
    }

    fn holds_for_borrower(&self, facts: &Facts<'_>) -> bool {
        let scenario = facts.scenario;
        in_step(
            self.homes_owned,
            Some(scenario.homes_owned.unwrap_or_default()),
        ) && self
            .flags
            .iter()
            .all(|(flag, wanted)| scenario.flags.has(*flag) == *wanted)
            && among(&self.employments, scenario.employment.as_ref())
            && among_words(&self.documentations, scenario.documentation.as_deref())
    }

    fn holds_for_sale(&self, facts: &Facts<'_>) -> bool {
        let scenario = facts.scenario;
        among_words(&self.channels, scenario.channel.as_deref())
            && among_words(&self.sub_channels, scenario.sub_channel.as_deref())
            && among_words(&self.branches, scenario.branch.as_deref())
            && self
                .criteria
                .iter()
                .all(|(name, values)| criterion_met(facts, name, values))
    }
}

/// Whether the search states one of the values. A criterion without values asks only that it is stated.
pub(super) fn criterion_met(facts: &Facts<'_>, name: &str, values: &[String]) -> bool {
    let mut stated = facts.scenario.criteria.iter();
    stated.any(|(own, value)| {
        own.eq_ignore_ascii_case(name) && among_words(values, Some(value.as_str()))
    })
}
