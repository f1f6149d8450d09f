//! Identifiers: the ones people and partners see, and the ones rows carry.

use std::fmt;

/// Characters a public id is made of.
pub const PUBLIC_ID_ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Length of a public id in characters.
pub const PUBLIC_ID_LEN: usize = 8;

/// The identifier partners see: eight characters of `A-Z0-9`, drawn at random so that one id says
/// nothing about the next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicId(String);

impl PublicId {
    /// Accepts exactly eight characters of the alphabet; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed =
            text.len() == PUBLIC_ID_LEN && text.bytes().all(|b| PUBLIC_ID_ALPHABET.contains(&b));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// Builds an id from random bytes, or `None` when the bytes ran out.
    ///
    /// Bytes of 252 and above are skipped: 252 is the largest multiple of 36 below 256, so every
    /// character stays equally likely.
    #[must_use]
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let text: String = bytes
            .iter()
            .filter(|b| **b < 252)
            .take(PUBLIC_ID_LEN)
            .map(|b| char::from(PUBLIC_ID_ALPHABET[usize::from(*b) % PUBLIC_ID_ALPHABET.len()]))
            .collect();
        (text.len() == PUBLIC_ID_LEN).then_some(Self(text))
    }

    /// The eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The identifier rows carry: a UUIDv7 as text, time-ordered so that new rows land together.
/// Never shown to partners.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(String);

impl RowId {
    /// Wraps an id that was made by the application or read from a row.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A point in time: microseconds since 1970-01-01 UTC. Rows store the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Microseconds in a second.
const MICROS: i64 = 1_000_000;

impl Instant {
    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the epoch; saturates at the ends of the range.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down: what both wire contracts show.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// The instant a number of seconds later (or earlier when negative); saturates.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS)))
    }
}

/// Seconds in a day.
pub const DAY_SECONDS: i64 = 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_id_accepts_only_its_alphabet_and_length() {
        assert!(PublicId::parse("UU473IOJ").is_some());
        for bad in ["", "UU473IO", "UU473IOJ9", "uu473ioj", "UU473IO-", "ÄÄÄÄ"] {
            assert!(PublicId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn random_bytes_above_the_fair_limit_are_skipped() {
        let id =
            PublicId::from_random(&[255, 252, 0, 1, 2, 3, 4, 5, 6, 251]).expect("enough bytes");
        assert_eq!(id.as_str(), "ABCDEFG9");
        assert!(PublicId::from_random(&[255; 32]).is_none());
    }

    #[test]
    fn instants_before_the_epoch_round_down() {
        assert_eq!(Instant::from_micros(-1).seconds(), -1);
        assert_eq!(Instant::from_seconds(5).plus_seconds(-6).seconds(), -1);
    }
}
