//! Who may have a product.

use crate::book::Book;
use crate::catalogue::Eligibility;
use crate::when::{Facts, in_force, named};

/// The rules that are looked at: those that can be decided now and could not before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// All that can be decided.
    All,
    /// Before a lock is looked at.
    Product,
    /// For one lock.
    Lock,
    /// For one row, whose debt to income is known.
    Row,
}

impl Stage {
    fn has(self, rule: &Eligibility) -> bool {
        let by_lock = rule.when.depends_on_lock() || rule.require.depends_on_lock();
        match self {
            Self::All => true,
            Self::Product => !by_lock,
            Self::Lock => by_lock,
            Self::Row => rule.require.depends_on_dti(),
        }
    }
}

/// The rules of a product that a search does not meet.
pub(super) fn broken<'a>(
    book: &'a Book,
    product: usize,
    facts: &'a Facts<'a>,
    stage: Stage,
) -> impl Iterator<Item = &'a Eligibility> {
    let rules = &book.catalogue.eligibility;
    let selected = book.selected(product).eligibility.iter();
    selected
        .filter_map(|index| rules.get(index))
        .filter(move |rule| {
            stage.has(rule)
                && can_be_decided(rule, facts)
                && in_force(&rule.days, facts.scenario.day)
                && rule.when.holds(facts)
                && !rule.require.is_met(facts)
        })
}

/// A rule for certain locks says nothing while there is none.
fn can_be_decided(rule: &Eligibility, facts: &Facts<'_>) -> bool {
    let by_lock = rule.when.depends_on_lock() || rule.require.depends_on_lock();
    facts.lock_days.is_some() || !by_lock
}

/// Every reason of the rules that a search does not meet: "LTV 97.00 > 95.00 for second home".
pub(super) fn reasons_of<'a>(
    rules: impl Iterator<Item = &'a Eligibility>,
    facts: &Facts<'_>,
) -> Vec<String> {
    rules
        .flat_map(|rule| {
            let failures = rule.require.failures(facts);
            let name = &rule.name;
            failures
                .into_iter()
                .map(move |reason| named(&reason, name))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Why the eligibility rules refuse a product (its place in the catalogue's list) to a search; none
/// when they do not. Rules about the lock are looked at when the facts have a lock, what is required of
/// the debt to income when they have one.
#[must_use]
pub fn refusals(book: &Book, product: usize, facts: &Facts<'_>) -> Vec<String> {
    reasons_of(broken(book, product, facts, Stage::All), facts)
}

/// Whether the eligibility rules let a search have a product; as [`refusals`], without the words.
#[must_use]
pub fn is_eligible(book: &Book, product: usize, facts: &Facts<'_>) -> bool {
    broken(book, product, facts, Stage::All).next().is_none()
}
