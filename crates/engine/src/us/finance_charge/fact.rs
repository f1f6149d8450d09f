//! What may have to be known of a charge before its class is certain.

use crate::error::{EngineError, Problem};

/// A fact about a charge or its loan. Each is a plain yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// Every applicant is charged it, whether or not credit is given.
    ChargedToEveryApplicant,
    /// It is for the documents of 1026.4(c)(7)(ii): deed, mortgage, reconveyance, settlement papers.
    ForListedDocuments,
    /// The creditor requires the particular service.
    CreditorRequiresService,
    /// The creditor requires that the charge be made.
    CreditorRequiresCharge,
    /// The creditor keeps part of it.
    CreditorRetainsPart,
    /// A lump sum that is mainly for services which are excluded themselves.
    MainlyForExcludedServices,
    /// Only a first determination or a single search, no service over the life of the loan.
    OnceOnly,
    /// The consumer may choose the insurer.
    ConsumerMayChooseInsurer,
    /// That choice, and the cost through the creditor, were disclosed.
    ChoiceDisclosed,
    /// The cover is voluntary.
    Voluntary,
    /// Its being voluntary, and its cost, were disclosed in writing.
    VoluntaryDisclosed,
    /// The consumer signed or initialled the request.
    RequestSigned,
    /// Itemised and disclosed.
    ItemisedAndDisclosed,
    /// Bona fide and reasonable in amount.
    BonaFideAndReasonable,
    /// The loan is secured by real property or is a residential mortgage.
    RealPropertySecured,
    /// Part of a credit report.
    PartOfCreditReport,
    /// The law puts it on the creditor, who passes it on.
    ImposedOnCreditor,
    /// The creditor requires it as a condition of the credit.
    ConditionOfCredit,
    /// Done before closing.
    BeforeClosing,
}

/// Every fact with the name it has in data files and requests.
const NAMES: [(Fact, &str); 19] = [
    (Fact::ChargedToEveryApplicant, "charged_to_every_applicant"),
    (Fact::ForListedDocuments, "for_listed_documents"),
    (Fact::CreditorRequiresService, "creditor_requires_service"),
    (Fact::CreditorRequiresCharge, "creditor_requires_charge"),
    (Fact::CreditorRetainsPart, "creditor_retains_part"),
    (
        Fact::MainlyForExcludedServices,
        "mainly_for_excluded_services",
    ),
    (Fact::OnceOnly, "once_only"),
    (
        Fact::ConsumerMayChooseInsurer,
        "consumer_may_choose_insurer",
    ),
    (Fact::ChoiceDisclosed, "choice_disclosed"),
    (Fact::Voluntary, "voluntary"),
    (Fact::VoluntaryDisclosed, "voluntary_disclosed"),
    (Fact::RequestSigned, "request_signed"),
    (Fact::ItemisedAndDisclosed, "itemised_and_disclosed"),
    (Fact::BonaFideAndReasonable, "bona_fide_and_reasonable"),
    (Fact::RealPropertySecured, "real_property_secured"),
    (Fact::PartOfCreditReport, "part_of_credit_report"),
    (Fact::ImposedOnCreditor, "imposed_on_creditor"),
    (Fact::ConditionOfCredit, "condition_of_credit"),
    (Fact::BeforeClosing, "before_closing"),
];

impl Fact {
    /// Every fact, in the order they are listed.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(fact, _)| *fact)
    }

    /// Its name in data files and requests.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(fact, _)| *fact == self)
            .map_or("", |(_, name)| name)
    }

    /// The fact of a name.
    ///
    /// # Errors
    /// Field `facts` when there is no such name.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(fact, _)| *fact)
            .ok_or(EngineError::new("facts", Problem::UnknownName))
    }
}

/// The facts that are known of a charge. Without any, every fact is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    known: Vec<(Fact, bool)>,
}

impl Facts {
    /// Adds a fact; the last word on it counts.
    #[must_use]
    pub fn with(mut self, fact: Fact, holds: bool) -> Self {
        self.known.retain(|(known, _)| *known != fact);
        self.known.push((fact, holds));
        self
    }

    /// Whether the fact holds; none while it is unknown.
    #[must_use]
    pub fn get(&self, fact: Fact) -> Option<bool> {
        self.known
            .iter()
            .find(|(known, _)| *known == fact)
            .map(|(_, holds)| *holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_the_last_word_counts() {
        for fact in Fact::all() {
            assert_eq!(Fact::parse(fact.name()).unwrap(), fact);
        }
        assert!(Fact::parse("").is_err());
        let facts = Facts::default()
            .with(Fact::Voluntary, true)
            .with(Fact::Voluntary, false);
        assert_eq!(facts.get(Fact::Voluntary), Some(false));
        assert_eq!(facts.get(Fact::OnceOnly), None);
    }
}
