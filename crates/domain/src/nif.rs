//! The Portuguese tax number (NIF, número de identificação fiscal) of people and companies.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::finding::CreditRule;

/// Digits of a NIF, the check digit included.
const LEN: usize = 9;
/// The country in front of the number, as on invoices and in the VAT register.
const COUNTRY: &str = "PT";

/// A tax number with the right check digit. It names a person: it does not show itself in logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nif(String);

/// Why a text is no NIF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NifError {
    /// Not nine digits, or first digits that are not given out.
    Malformed,
    /// Nine digits of which the last does not follow from the others.
    CheckDigit,
}

impl From<NifError> for CreditRule {
    fn from(error: NifError) -> Self {
        match error {
            NifError::Malformed => Self::Malformed,
            NifError::CheckDigit => Self::CheckDigit,
        }
    }
}

impl Nif {
    /// Reads nine ASCII digits, with spaces around them and the letters `PT` before them if need be.
    ///
    /// The check digit is that of Decreto-Lei 14/2013: the first eight digits times 9, 8, … 2 are
    /// added; the remainder of the sum by 11 is taken from 11, and ten and eleven count as zero.
    ///
    /// # Errors
    /// [`NifError`] says which half of it is wrong.
    pub fn parse(text: &str) -> Result<Self, NifError> {
        let text = text.trim();
        let digits = match text.get(..COUNTRY.len()) {
            Some(start) if start.eq_ignore_ascii_case(COUNTRY) => {
                text[COUNTRY.len()..].trim_start()
            }
            Some(_) | None => text,
        };
        if digits.len() != LEN || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NifError::Malformed);
        }
        // Of the numbers with 4 only those of people abroad are given out.
        if digits.starts_with('0') || (digits.starts_with('4') && !digits.starts_with("45")) {
            return Err(NifError::Malformed);
        }
        // At most 9 × (9 + … + 2) = 396.
        let sum: u32 = digits
            .bytes()
            .zip([9_u32, 8, 7, 6, 5, 4, 3, 2])
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        let check = match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        };
        let last = digits.bytes().last().map(|digit| u32::from(digit - b'0'));
        if last != Some(check) {
            return Err(NifError::CheckDigit);
        }
        Ok(Self(digits.to_owned()))
    }

    /// The nine digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a natural person's: those begin with 1, 2 or 3, and with 45 for people who do not
    /// live in the country.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.0.starts_with(['1', '2', '3']) || self.0.starts_with("45")
    }

    /// Whether it is somebody's else: a company's, a public body's, an inheritance's.
    #[must_use]
    pub fn is_company(&self) -> bool {
        !self.is_person()
    }
}

impl fmt::Debug for Nif {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nif(*)")
    }
}

impl Serialize for Nif {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Nif {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(|_| D::Error::custom("not a NIF"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_follows_from_the_others() {
        for right in [
            "123456789",
            "999999990",
            "500000000",
            "501442600",
            "245123450",
        ] {
            let read = Nif::parse(right);
            let others = (0..=9)
                .map(|last| format!("{}{last}", &right[..8]))
                .filter(|other| Nif::parse(other).is_ok())
                .count();
            assert_eq!(others, 1, "{right}: one of ten is right");
            if let Ok(nif) = read {
                assert_eq!(nif.as_str(), right);
            }
        }
        assert!(Nif::parse("123456789").is_ok());
        assert!(Nif::parse("999999990").is_ok());
        assert!(Nif::parse("500000000").is_ok());
        assert_eq!(Nif::parse("123456788"), Err(NifError::CheckDigit));
        assert_eq!(Nif::parse("213456789"), Err(NifError::CheckDigit));
    }

    #[test]
    fn remainders_of_zero_and_one_end_in_zero() {
        // 9 × 5 = 45 = 4 × 11 + 1; 9 × 1 + 2 × 1 = 11.
        assert!(Nif::parse("500000000").is_ok());
        assert!(Nif::parse("100000010").is_ok());
        assert_eq!(Nif::parse("500000001"), Err(NifError::CheckDigit));
    }

    #[test]
    fn anything_else_is_malformed() {
        for bad in [
            "",
            "12345678",
            "1234567890",
            "12345678A",
            "A12345678",
            "ES123456789",
            "000000000",
            "400000000",
            "１２３４５６７８９",
            "123 456 789",
            "-23456789",
            "PT",
            "é23456789",
        ] {
            assert_eq!(Nif::parse(bad), Err(NifError::Malformed), "{bad}");
        }
    }

    #[test]
    fn the_country_and_spaces_around_are_read_over() {
        for same in [
            "123456789",
            " 123456789 ",
            "PT123456789",
            "pt 123456789",
            "Pt123456789",
        ] {
            assert_eq!(
                Nif::parse(same).expect("a NIF").as_str(),
                "123456789",
                "{same}"
            );
        }
    }

    #[test]
    fn people_and_companies_differ_in_the_first_digits() {
        assert!(Nif::parse("123456789").expect("a NIF").is_person());
        assert!(Nif::parse("500000000").expect("a NIF").is_company());
        assert!(Nif::parse("999999990").expect("a NIF").is_company());
    }

    #[test]
    fn it_does_not_show_itself() {
        let nif = Nif::parse("123456789").expect("a NIF");
        assert_eq!(format!("{nif:?}"), "Nif(*)");
    }
}
