//! How fields are spelt on this wire, and what they are called in both languages.
//!
//! Paths are those of a simulation's request; `[]` takes the place of an entry. Codes do not depend on
//! them: a path may be corrected, a code is for ever.

mod states;
mod table;

use lintel_domain::finding::CreditField;

pub(crate) use states::*;
pub(crate) use table::of;

/// What a field is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    /// Its path in a request.
    pub path: &'static str,
    /// In Portuguese.
    pub pt: &'static str,
    /// In English.
    pub en: &'static str,
}

/// The path of a field in a request, with the place of its entry; `is_own` for a body whose members the
/// fields of one borrower or property are.
pub(crate) fn path(field: CreditField, place: Option<usize>, is_own: bool) -> String {
    const GROUPS: [&str; 2] = ["borrowers[].", "property."];
    let path = of(field).path;
    if is_own && place.is_none() {
        let bare = GROUPS.iter().find_map(|group| path.strip_prefix(group));
        return bare.unwrap_or(path).to_owned();
    }
    match place {
        Some(place) if path.contains("[]") => path.replacen("[]", &format!("[{place}]"), 1),
        // The list itself, of whose entries one is meant.
        Some(place) if field == CreditField::Borrowers => format!("{path}[{place}]"),
        Some(_) | None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_put_in() {
        let nif = CreditField::BorrowerNif;
        assert_eq!(path(nif, Some(1), false), "borrowers[1].nif");
        assert_eq!(path(nif, None, false), "borrowers[].nif");
        assert_eq!(path(nif, None, true), "nif");
        let age = CreditField::BorrowerAge;
        assert_eq!(path(age, Some(2), false), "borrowers[2].birthDate");
        let borrowers = CreditField::Borrowers;
        assert_eq!(path(borrowers, Some(0), false), "borrowers[0]");
        let district = CreditField::PropertyDistrict;
        assert_eq!(path(district, None, false), "property.districtId");
        assert_eq!(path(district, None, true), "districtId");
        assert_eq!(path(CreditField::LoanAmount, Some(3), true), "loanAmount");
    }

    #[test]
    fn every_name_says_something() {
        for field in CreditField::ALL {
            let Name { path, pt, en } = of(*field);
            assert!(
                ![path, pt, en].iter().any(|text| text.trim().is_empty()),
                "{field}"
            );
        }
    }
}
