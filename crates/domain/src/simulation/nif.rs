//! The tax number of Portugal (NIF) and its check digit.

use crate::nif::Nif;

/// True for nine digits whose last is the check digit: eleven less the remainder of the weighted sum
/// (weights 9 to 2), zero when that is ten or more. The first digit must be one that numbers begin with:
/// 1, 2, 3 and 45 for people, 5, 6, 7, 8 and 9 for entities (Decreto-Lei 14/2013, article 9).
#[must_use]
pub fn nif_is_valid(text: &str) -> bool {
    // Nothing around the digits here: it is kept as it was given.
    Nif::parse(text).is_ok_and(|nif| nif.as_str() == text)
}

#[cfg(test)]
mod tests {
    use super::nif_is_valid;

    #[test]
    fn the_check_digit_decides() {
        for valid in [
            "123456789",
            "999999990",
            "500000000",
            "100000002",
            "450000001",
        ] {
            assert!(nif_is_valid(valid), "{valid}");
        }
        for wrong in [
            "",
            "123456788",
            "12345678",
            "1234567890",
            "000000000",
            "12345678A",
            "１２３",
            "412345678",
            "99999999٠",
        ] {
            assert!(!nif_is_valid(wrong), "{wrong}");
        }
    }
}
