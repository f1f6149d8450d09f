//! Names of the states, for people who choose one.

use lintel_domain::license::StateCode;

use crate::fields::Choice;

/// Postal codes and names of every state, the district and the territories (USPS Publication 28,
/// appendix B), by name.
const NAMES: [(&str, &str); 56] = [
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AS", "American Samoa"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("GU", "Guam"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("MP", "Northern Mariana Islands"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("PR", "Puerto Rico"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VI", "U.S. Virgin Islands"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

/// A state's name; its letters should it ever have none.
pub(crate) fn name(state: StateCode) -> &'static str {
    let of_state = |(code, _): &&(&str, &str)| *code == state.as_str();
    NAMES
        .iter()
        .find(of_state)
        .map_or(state.as_str(), |(_, name)| name)
}

/// Every state as a choice, behind one that is none.
pub(crate) fn options(none: &str) -> Vec<Choice> {
    let states = NAMES.iter().map(|(code, name)| Choice::new(*code, *name));
    std::iter::once(Choice::new("", none))
        .chain(states)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_name_and_nothing_else_does() {
        for state in StateCode::all() {
            assert!(name(state).len() > 2, "{state}");
        }
        for (code, _) in NAMES {
            assert!(StateCode::parse(code).is_some(), "{code}");
        }
    }
}
