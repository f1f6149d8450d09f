//! The two-letter codes of the postal service.

/// A code that stands where addresses have a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Two letters.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Number of the state in county codes; none for military mail and freely associated states.
    pub fips: Option<u32>,
}

const fn state(code: &'static str, name: &'static str, fips: u32) -> State {
    let fips = Some(fips);
    State { code, name, fips }
}

const fn elsewhere(code: &'static str, name: &'static str) -> State {
    let fips = None;
    State { code, name, fips }
}

/// In the order of the table's state column: the table is compared with it when it is cut.
pub(crate) const STATES: &[State] = &[
    elsewhere("AA", "Armed Forces Americas"),
    elsewhere("AE", "Armed Forces Europe"),
    state("AK", "Alaska", 2),
    state("AL", "Alabama", 1),
    elsewhere("AP", "Armed Forces Pacific"),
    state("AR", "Arkansas", 5),
    state("AS", "American Samoa", 60),
    state("AZ", "Arizona", 4),
    state("CA", "California", 6),
    state("CO", "Colorado", 8),
    state("CT", "Connecticut", 9),
    state("DC", "District of Columbia", 11),
    state("DE", "Delaware", 10),
    state("FL", "Florida", 12),
    elsewhere("FM", "Federated States of Micronesia"),
    state("GA", "Georgia", 13),
    state("GU", "Guam", 66),
    state("HI", "Hawaii", 15),
    state("IA", "Iowa", 19),
    state("ID", "Idaho", 16),
    state("IL", "Illinois", 17),
    state("IN", "Indiana", 18),
    state("KS", "Kansas", 20),
    state("KY", "Kentucky", 21),
    state("LA", "Louisiana", 22),
    state("MA", "Massachusetts", 25),
    state("MD", "Maryland", 24),
    state("ME", "Maine", 23),
    elsewhere("MH", "Marshall Islands"),
    state("MI", "Michigan", 26),
    state("MN", "Minnesota", 27),
    state("MO", "Missouri", 29),
    state("MP", "Northern Mariana Islands", 69),
    state("MS", "Mississippi", 28),
    state("MT", "Montana", 30),
    state("NC", "North Carolina", 37),
    state("ND", "North Dakota", 38),
    state("NE", "Nebraska", 31),
    state("NH", "New Hampshire", 33),
    state("NJ", "New Jersey", 34),
    state("NM", "New Mexico", 35),
    state("NV", "Nevada", 32),
    state("NY", "New York", 36),
    state("OH", "Ohio", 39),
    state("OK", "Oklahoma", 40),
    state("OR", "Oregon", 41),
    state("PA", "Pennsylvania", 42),
    state("PR", "Puerto Rico", 72),
    elsewhere("PW", "Palau"),
    state("RI", "Rhode Island", 44),
    state("SC", "South Carolina", 45),
    state("SD", "South Dakota", 46),
    state("TN", "Tennessee", 47),
    state("TX", "Texas", 48),
    state("UT", "Utah", 49),
    state("VA", "Virginia", 51),
    state("VI", "U.S. Virgin Islands", 78),
    state("VT", "Vermont", 50),
    state("WA", "Washington", 53),
    state("WI", "Wisconsin", 55),
    state("WV", "West Virginia", 54),
    state("WY", "Wyoming", 56),
];

/// Every code, ascending: the states, the District of Columbia, five territories, three freely
/// associated states and three of military mail.
#[must_use]
pub const fn states() -> &'static [State] {
    STATES
}

/// The position of a code in [`states`]; upper case only. None when there is no such code.
#[must_use]
pub fn state_index(code: &str) -> Option<usize> {
    STATES.binary_search_by(|state| state.code.cmp(code)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_are_found() {
        assert!(STATES.is_sorted_by(|one, next| one.code < next.code));
        for (index, state) in states().iter().enumerate() {
            assert_eq!(state_index(state.code), Some(index));
        }
        for code in ["", "ca", "C", "CAL", "ZZ", "é"] {
            assert_eq!(state_index(code), None, "{code:?}");
        }
        let numbered = states().iter().filter_map(|state| state.fips);
        let mut numbers: Vec<u32> = numbered.collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((numbers.len(), states().len()), (56, 62));
    }
}
