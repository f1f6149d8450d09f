//! Licences to lend or to originate, state by state.

use std::fmt;

use crate::contact;
use crate::entry::Entry;
use crate::refusal::{LicensePart, Rule};

/// Longest number of a licence.
const NUMBER_MAX_CHARS: usize = 50;
/// What is said instead of a number where none is needed.
const EXEMPT: &str = "n/a";

/// Every state, the district and the territories, by their postal codes (USPS Publication 28,
/// appendix B; the freely associated states and the military places issue no licences).
const STATES: [&str; 56] = [
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID",
    "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND",
    "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX",
    "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
];

/// A state, the district or a territory of the United States.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateCode(&'static str);

impl StateCode {
    /// Reads two capital letters; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let at = STATES.binary_search(&text).ok()?;
        STATES.get(at).copied().map(Self)
    }

    /// The two letters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// All of them, by their letters.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        STATES.iter().copied().map(Self)
    }
}

impl fmt::Display for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// Where it holds.
    pub state: StateCode,
    /// Its number, or `n/a` where none is needed, which counts as licensed.
    pub number: String,
}

/// A licence as somebody sent it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenseDraft {
    /// Two letters.
    pub state: Entry<String>,
    /// Its number, or `n/a`.
    pub number: Entry<String>,
}

impl From<&License> for LicenseDraft {
    fn from(license: &License) -> Self {
        Self {
            state: Entry::Given(license.state.as_str().to_owned()),
            number: Entry::Given(license.number.clone()),
        }
    }
}

/// A mistake in a list of licences: the zero-based place, which part, and what about it.
pub type LicenseMistake = (usize, LicensePart, Rule);

/// Reads a list of licences and says everything that is wrong with it. A state may stand in it once;
/// so no list can be long, and of a list that is, only the first entries are looked at: the rest
/// repeats a state by necessity.
///
/// # Errors
/// Every mistake, in order.
pub fn check(drafts: &[LicenseDraft]) -> Result<Vec<License>, Vec<LicenseMistake>> {
    let mut list: Vec<License> = Vec::new();
    let mut mistakes = Vec::new();
    // One more than there are states: the last one must be a mistake.
    for (place, draft) in drafts.iter().enumerate().take(STATES.len() + 1) {
        let state = needed(&draft.state, |text| StateCode::parse(text.trim()));
        let state = state.and_then(|state| {
            let is_new = list.iter().all(|other| other.state != state);
            is_new.then_some(state).ok_or(Rule::Conflict)
        });
        let number = needed(&draft.number, number);
        if let Err(rule) = state {
            mistakes.push((place, LicensePart::State, rule));
        }
        if let Err(rule) = number {
            mistakes.push((place, LicensePart::Number, rule));
        }
        if let (Ok(state), Ok(number)) = (state, number) {
            list.push(License { state, number });
        }
    }
    if mistakes.is_empty() {
        list.sort_by_key(|license| license.state);
        Ok(list)
    } else {
        Err(mistakes)
    }
}

/// The number of a licence as it is stored; the word for an exemption in small letters.
#[must_use]
pub fn number(text: &str) -> Option<String> {
    let text = contact::line(text, NUMBER_MAX_CHARS)?;
    Some(if text.eq_ignore_ascii_case(EXEMPT) {
        EXEMPT.to_owned()
    } else {
        text
    })
}

fn needed<T>(entry: &Entry<String>, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Rule> {
    match entry {
        Entry::Unreadable => Err(Rule::Malformed),
        Entry::Given(text) if !text.trim().is_empty() => read(text).ok_or(Rule::Malformed),
        Entry::Absent | Entry::Given(_) => Err(Rule::Missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(state: &str, number: &str) -> LicenseDraft {
        LicenseDraft {
            state: Entry::Given(state.to_owned()),
            number: Entry::Given(number.to_owned()),
        }
    }

    #[test]
    fn states_are_sorted_and_all_are_read() {
        assert!(STATES.is_sorted());
        for state in StateCode::all() {
            assert_eq!(StateCode::parse(state.as_str()), Some(state));
        }
        for bad in ["", "ca", "C", "CAL", "XX", "AE", "FM", " CA", "ÇA"] {
            assert_eq!(StateCode::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_list_is_stored_by_state_and_exemptions_are_spelled_alike() {
        let list = check(&[draft("TX", " N/A "), draft(" CA ", "09876")]).expect("good");
        let texts: Vec<_> = list
            .iter()
            .map(|l| (l.state.as_str(), l.number.as_str()))
            .collect();
        assert_eq!(texts, [("CA", "09876"), ("TX", "n/a")]);
    }

    #[test]
    fn every_mistake_is_named() {
        let list = [
            draft("CA", "1"),
            draft("CA", "2"),
            draft("XX", "3"),
            draft("NV", "  "),
            LicenseDraft::default(),
            draft("WY", &"9".repeat(51)),
            draft("TX", "a\nb"),
        ];
        let (state, number) = (LicensePart::State, LicensePart::Number);
        assert_eq!(
            check(&list),
            Err(vec![
                (1, state, Rule::Conflict),
                (2, state, Rule::Malformed),
                (3, number, Rule::Missing),
                (4, state, Rule::Missing),
                (4, number, Rule::Missing),
                (5, number, Rule::Malformed),
                (6, number, Rule::Malformed),
            ])
        );
    }

    #[test]
    fn an_endless_list_is_refused_at_once() {
        let list = vec![draft("CA", "1"); 1_000_000];
        let mistakes = check(&list).expect_err("repeats");
        assert_eq!(mistakes.len(), STATES.len());
        let mut all: Vec<_> = StateCode::all().map(|s| draft(s.as_str(), "1")).collect();
        assert_eq!(check(&all).expect("every state").len(), 56);
        all.push(draft("CA", "2"));
        assert_eq!(
            check(&all),
            Err(vec![(56, LicensePart::State, Rule::Conflict)])
        );
    }
}
