//! One rule of the classification: when a charge is out, and why.
//!
//! A charge is a finance charge unless one of the rule's ways out holds. A way out is a list of
//! facts that must all be as wanted. While no way out is certain but one is still open, the charge
//! needs a fact, and counts as a finance charge until it is known: overstating the finance charge
//! is within tolerance, understating it is not (1026.18(d)(1), 1026.38(o)(2)).

use super::fact::{Fact, Facts};
use crate::error::EngineError;

/// How a charge is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A finance charge.
    Included,
    /// Not a finance charge.
    Excluded,
    /// It depends on a fact nobody has stated; counts as a finance charge until then.
    NeedsFact,
}

/// A fact that must be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The fact.
    pub fact: Fact,
    /// What it must be.
    pub wanted: bool,
    /// Taken to be as wanted while nobody says otherwise: an ordinary closing's appraisal is bona
    /// fide.
    pub presumed: bool,
}

impl Condition {
    /// Reads `fact`, `!fact` (must not hold) and either with a final `?` (presumed).
    ///
    /// # Errors
    /// Field `facts` when there is no such fact.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        let (body, presumed) = match text.strip_suffix('?') {
            Some(body) => (body, true),
            None => (text, false),
        };
        let (name, wanted) = match body.strip_prefix('!') {
            Some(name) => (name, false),
            None => (body, true),
        };
        let fact = Fact::parse(name)?;
        Ok(Self {
            fact,
            wanted,
            presumed,
        })
    }
}

/// Facts that together take a charge out of the finance charge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WayOut {
    /// All must be as wanted; none at all is out in any case.
    pub conditions: Vec<Condition>,
}

/// A rule many types of charge follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name in the data file.
    pub name: String,
    /// The ways out; none for a charge that always counts.
    pub ways_out: Vec<WayOut>,
    /// Why it counts.
    pub reason: String,
    /// Why it does not, when a way out holds.
    pub excluded_reason: String,
    /// Where it is written, for example `1026.4(c)(7)(i)`.
    pub paragraph: String,
}

/// A decided charge, and what the decision stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// How it is treated.
    pub class: Class,
    /// Facts that would decide it; empty when decided.
    pub missing: Vec<Fact>,
    /// Facts presumed because nobody stated them.
    pub presumed: Vec<Fact>,
    /// Why.
    pub reason: &'a str,
    /// Where it is written.
    pub paragraph: &'a str,
}

impl<'a> Verdict<'a> {
    pub(super) const fn plain(class: Class, reason: &'a str, paragraph: &'a str) -> Self {
        Self {
            class,
            missing: Vec::new(),
            presumed: Vec::new(),
            reason,
            paragraph,
        }
    }

    /// Whether the charge counts in the finance charge, an undecided one included.
    #[must_use]
    pub const fn counts(&self) -> bool {
        match self.class {
            Class::Included | Class::NeedsFact => true,
            Class::Excluded => false,
        }
    }
}

impl Rule {
    /// Decides a charge that follows the rule.
    #[must_use]
    pub fn judge(&self, facts: &Facts) -> Verdict<'_> {
        let mut missing = Vec::new();
        for way in &self.ways_out {
            match walk(way, facts) {
                Walk::Closed => {}
                Walk::Through(presumed) => {
                    return Verdict {
                        presumed,
                        ..Verdict::plain(Class::Excluded, &self.excluded_reason, &self.paragraph)
                    };
                }
                Walk::Open(unknown) => missing.extend(unknown),
            }
        }
        if missing.is_empty() {
            return Verdict::plain(Class::Included, &self.reason, &self.paragraph);
        }
        missing.sort();
        missing.dedup();
        Verdict {
            missing,
            ..Verdict::plain(Class::NeedsFact, &self.reason, &self.paragraph)
        }
    }
}

/// How far a way out leads.
enum Walk {
    /// Some fact is not as wanted.
    Closed,
    /// All are; these were presumed.
    Through(Vec<Fact>),
    /// These are not known.
    Open(Vec<Fact>),
}

fn walk(way: &WayOut, facts: &Facts) -> Walk {
    let (mut presumed, mut unknown) = (Vec::new(), Vec::new());
    for condition in &way.conditions {
        match facts.get(condition.fact) {
            Some(holds) if holds == condition.wanted => {}
            Some(_) => return Walk::Closed,
            None if condition.presumed => presumed.push(condition.fact),
            None => unknown.push(condition.fact),
        }
    }
    if unknown.is_empty() {
        Walk::Through(presumed)
    } else {
        Walk::Open(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(ways: &[&[&str]]) -> Rule {
        let ways_out = ways.iter().map(|way| WayOut {
            conditions: way
                .iter()
                .map(|text| Condition::parse(text).unwrap())
                .collect(),
        });
        Rule {
            name: "r".to_owned(),
            ways_out: ways_out.collect(),
            reason: "in".to_owned(),
            excluded_reason: "out".to_owned(),
            paragraph: "p".to_owned(),
        }
    }

    #[test]
    fn a_closing_agents_charge_needs_all_three_denials_or_the_lump_sum() {
        let rule = rule(&[
            &[
                "!creditor_requires_service",
                "!creditor_requires_charge",
                "!creditor_retains_part",
            ],
            &["mainly_for_excluded_services"],
        ]);
        let nothing = rule.judge(&Facts::default());
        assert_eq!(nothing.class, Class::NeedsFact);
        assert_eq!(nothing.missing.len(), 4);
        assert!(nothing.counts());
        let required = Facts::default().with(Fact::CreditorRequiresService, true);
        let verdict = rule.judge(&required);
        assert_eq!(verdict.missing, [Fact::MainlyForExcludedServices]);
        let denied = required
            .clone()
            .with(Fact::MainlyForExcludedServices, false);
        assert_eq!(rule.judge(&denied).class, Class::Included);
        let lump = required.with(Fact::MainlyForExcludedServices, true);
        assert_eq!(rule.judge(&lump).class, Class::Excluded);
    }

    #[test]
    fn presumptions_are_told_and_can_be_rebutted() {
        let rule = rule(&[&["bona_fide_and_reasonable?", "real_property_secured?"]]);
        let verdict = rule.judge(&Facts::default());
        assert_eq!(
            (verdict.class, verdict.presumed.len()),
            (Class::Excluded, 2)
        );
        let padded = Facts::default().with(Fact::BonaFideAndReasonable, false);
        assert_eq!(rule.judge(&padded).class, Class::Included);
    }

    #[test]
    fn no_way_out_always_counts_and_an_empty_one_never() {
        assert_eq!(rule(&[]).judge(&Facts::default()).class, Class::Included);
        assert_eq!(rule(&[&[]]).judge(&Facts::default()).class, Class::Excluded);
        assert!(Condition::parse("?").is_err());
        assert!(Condition::parse("!!voluntary").is_err());
    }
}
