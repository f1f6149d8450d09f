//! ZIP codes and county codes as numbers.

use std::fmt;

/// Five digits of a ZIP code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zip(u32);

/// Why a text is no ZIP code. It does not repeat the text, which may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZipError;

impl fmt::Display for ZipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ZIP code has five digits, or five and four: 92649 or 92649-1234")
    }
}

impl std::error::Error for ZipError {}

impl Zip {
    /// Of a number below 100,000, so that Holtsville's 00501 is 501.
    #[must_use]
    pub const fn try_new(number: u32) -> Option<Self> {
        if number < 100_000 {
            Some(Self(number))
        } else {
            None
        }
    }

    /// Reads five digits, or nine with a hyphen after the fifth or without; the last four are
    /// checked to be digits and then forgotten. Nothing else is accepted: no blanks, no signs, no
    /// digits of other scripts.
    ///
    /// # Errors
    /// [`ZipError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, ZipError> {
        let (code, rest) = text.as_bytes().split_at_checked(5).ok_or(ZipError)?;
        let is_route = |route: &[u8]| route.len() == 4 && route.iter().all(u8::is_ascii_digit);
        let fits = match rest {
            [] => true,
            [b'-', route @ ..] => is_route(route),
            route => is_route(route),
        };
        if !fits {
            return Err(ZipError);
        }
        digits(code).map(Self).ok_or(ZipError)
    }

    /// The number, below 100,000.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Zip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

impl std::str::FromStr for Zip {
    type Err = ZipError;

    fn from_str(text: &str) -> Result<Self, ZipError> {
        Self::parse(text)
    }
}

/// Code of a county in the Federal Information Processing Standard (now INCITS 31): the state's
/// number times 1000 plus the county's, so that Orange County, California, 06-059, is 6059.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountyFips(u32);

impl CountyFips {
    /// Of a number with a state from 1 to 99 and a county from 1 to 999. That there is such a
    /// county, [`crate::county`] tells.
    #[must_use]
    pub const fn try_new(number: u32) -> Option<Self> {
        if number >= 1000 && number < 100_000 && !number.is_multiple_of(1000) {
            Some(Self(number))
        } else {
            None
        }
    }

    /// Reads exactly five digits; none for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::try_new(digits(text.as_bytes())?)
    }

    /// The number, from 1001 to 99,999.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The state's number, such as 6 for California.
    #[must_use]
    pub const fn state_number(self) -> u32 {
        self.0 / 1000
    }
}

impl fmt::Display for CountyFips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

/// The value of exactly five ASCII digits.
fn digits(text: &[u8]) -> Option<u32> {
    let text: &[u8; 5] = text.try_into().ok()?;
    text.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + u32::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_below_100_000_is_a_code_and_reads_back() {
        for number in 0..100_000 {
            let zip = Zip::try_new(number).unwrap();
            let text = zip.to_string();
            assert_eq!((text.len(), Zip::parse(&text)), (5, Ok(zip)));
            assert_eq!(Zip::parse(&format!("{text}-0009")), Ok(zip));
            assert_eq!(Zip::parse(&format!("{text}9876")), Ok(zip));
            let county = CountyFips::try_new(number);
            assert_eq!(county, CountyFips::parse(&text));
            assert_eq!(county.is_some(), number >= 1000 && number % 1000 != 0);
            assert!(county.is_none_or(|county| county.to_string() == text));
        }
        for number in [100_000, 926_491_234, u32::MAX] {
            assert_eq!(
                (Zip::try_new(number), CountyFips::try_new(number)),
                (None, None)
            );
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "9",
            "9264",
            "926491",
            "9264912",
            "92649123",
            "9264912345",
            "92649-",
            "92649-1",
            "92649-123",
            "92649-12345",
            "92649--234",
            "92649 1234",
            " 92649",
            "92649 ",
            "92649\n",
            "-9264",
            "+9264",
            "9264a",
            "92649-12a4",
            "92649-1 34",
            "9264-91234",
            "٩٢٦٤٩",
            "９２６４９",
            "92649‐1234",
            "\0\0\0\0\0",
            "é2649",
            "926é",
            "1e309",
            "0x123",
            "NaN",
            "92,649",
        ] {
            assert_eq!(Zip::parse(text), Err(ZipError), "{text:?}");
        }
        assert_eq!(Zip::parse(&"9".repeat(1_000_000)), Err(ZipError));
        for text in [
            "6059",
            "060590",
            "0605a",
            "06000",
            "00059",
            "06059-",
            "٠٦٠٥٩",
            "",
        ] {
            assert_eq!(CountyFips::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn seeded_bytes_never_panic_and_only_digits_pass() {
        let mut state: u64 = 0x2545_f491_4f6c_dd1d;
        let alphabet = ['0', '1', '9', '-', ' ', 'a', 'é', '٣', '\0', '😀'];
        for _ in 0..200_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let length = state % 12;
            let pick = |at: u64| alphabet[usize::try_from((state >> (at * 5)) % 10).unwrap()];
            let text: String = (0..length).map(pick).collect();
            let plain: String = text.chars().filter(char::is_ascii_digit).collect();
            let right = match text.len() {
                5 => plain == text,
                9 => plain == text,
                10 => plain.len() == 9 && text.as_bytes()[5] == b'-',
                _ => false,
            };
            assert_eq!(Zip::parse(&text).is_ok(), right, "{text:?}");
        }
    }
}
