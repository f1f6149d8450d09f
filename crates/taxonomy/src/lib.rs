//! Lists of values of the Portuguese market, with stable ids and descriptions in Portuguese and English.
//!
//! The values lie in the program as they are looked up: nothing is read, parsed or allocated at
//! start, and a damaged table does not compile. Ids and codes are for ever; a value that is no
//! longer to be chosen is retired, never removed. Lists whose values are a bank's own (branches,
//! product schemes) or too many to carry (parishes) are not here.
#![deny(missing_docs)]

mod broker;
mod credit;
pub mod index;
mod list;
pub mod papers;
mod people;
pub mod places;
mod professions;
mod states;
mod table;

#[cfg(test)]
mod tests;

pub use list::List;
pub use table::Entry;

/// The values of a list in the order to show them, retired ones too.
#[must_use]
pub fn list(of: List) -> &'static [Entry] {
    of.entries()
}

/// The value of an id, retired ones too.
#[must_use]
pub fn entry(of: List, id: u32) -> Option<&'static Entry> {
    list(of).iter().find(|entry| entry.id == id)
}

/// The value of a code, retired ones too. Codes are compared as they are written.
#[must_use]
pub fn by_code(of: List, code: &str) -> Option<&'static Entry> {
    list(of).iter().find(|entry| entry.code == code)
}

/// Whether a request may name the value: it is known and not retired.
#[must_use]
pub fn usable(of: List, id: u32) -> bool {
    entry(of, id).is_some_and(|entry| entry.active)
}

/// Whether an id is given and is the one of the code.
#[must_use]
pub fn has_code(of: List, id: Option<u32>, code: &str) -> bool {
    id.and_then(|id| entry(of, id))
        .is_some_and(|entry| entry.code == code)
}

/// The values that belong to one of another list, such as the counties of a district.
pub fn children(of: List, parent: u32) -> impl Iterator<Item = &'static Entry> {
    list(of)
        .iter()
        .filter(move |entry| entry.parent == Some(parent))
}
