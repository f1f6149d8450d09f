//! One object of a request, read member by member.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_engine::{Cents, Date};

use super::{Found, Given, unique_id};
use crate::json::Node;

/// Base64 with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An object that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Obj<'a> {
    members: &'a [(String, Node)],
    found: &'a Found,
    place: Option<usize>,
    /// Values come as texts, as in the query of an address.
    is_texts: bool,
}

impl<'a> Obj<'a> {
    /// The members of a body.
    pub(super) const fn of(members: &'a [(String, Node)], found: &'a Found) -> Self {
        Self {
            members,
            found,
            place: None,
            is_texts: false,
        }
    }

    /// The parameters of an address.
    pub(super) const fn of_texts(members: &'a [(String, Node)], found: &'a Found) -> Self {
        Self {
            members,
            found,
            place: None,
            is_texts: true,
        }
    }

    /// Zero-based place in the list it is an entry of.
    #[cfg(test)]
    pub const fn place(&self) -> Option<usize> {
        self.place
    }

    /// Notes that a field is wrong.
    pub fn note(&self, field: CreditField, rule: CreditRule) {
        self.found.add(Finding {
            field,
            place: self.place,
            subject: None,
            rule,
        });
    }

    /// Whether a member is there, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// A member as it was sent.
    pub fn raw(&self, name: &str) -> Option<&'a Node> {
        let mut named = self.members.iter().filter(|(n, _)| n == name);
        named.next().map(|(_, value)| value)
    }

    /// A member that says something. In a query nothing is the same as absent, and twice is refused.
    fn pick(&self, name: &str, field: CreditField) -> Given<&'a Node> {
        let mut named = self.members.iter().filter(|(n, _)| n == name);
        let Some((_, value)) = named.next() else {
            return Given::Absent;
        };
        if named.next().is_some() {
            self.note(field, CreditRule::Duplicate);
            return Given::Absent;
        }
        match value {
            Node::Null => Given::Null,
            Node::Text(text) if self.is_texts && text.trim().is_empty() => Given::Absent,
            value => Given::Value(value),
        }
    }

    fn read<T>(
        &self,
        name: &str,
        field: CreditField,
        read: impl FnOnce(&'a Node) -> Result<T, CreditRule>,
    ) -> Given<T> {
        match self.pick(name, field) {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Value(node) => match read(node) {
                Ok(value) => Given::Value(value),
                Err(rule) => {
                    self.note(field, rule);
                    Given::Absent
                }
            },
        }
    }

    /// The digits of a number; in a query, of a text.
    fn digits(&self, node: &'a Node) -> Result<&'a str, CreditRule> {
        match node {
            Node::Number(digits) => Ok(digits),
            Node::Text(text) if self.is_texts => Ok(text.trim()),
            Node::Text(_) | Node::Null | Node::Flag(_) | Node::List(_) | Node::Object(_) => {
                Err(CreditRule::Malformed)
            }
        }
    }

    /// A text without blanks around it, of at most `most` characters. No control characters but tabs
    /// and line breaks; a text of blanks counts as `null`.
    pub fn text(&self, name: &str, field: CreditField, most: usize) -> Given<String> {
        self.worded(name, field, most, |c| matches!(c, '\n' | '\r' | '\t'))
    }

    /// A text of one line.
    pub fn text_line(&self, name: &str, field: CreditField, most: usize) -> Given<String> {
        self.worded(name, field, most, |_| false)
    }

    fn worded(
        &self,
        name: &str,
        field: CreditField,
        most: usize,
        may_have: fn(char) -> bool,
    ) -> Given<String> {
        let text = self.read(name, field, |node| {
            let Node::Text(text) = node else {
                return Err(CreditRule::Malformed);
            };
            let text = text.trim();
            if text.chars().any(|c| c.is_control() && !may_have(c)) {
                return Err(CreditRule::Malformed);
            }
            if text.chars().count() > most {
                return Err(CreditRule::TooLong(count(most)));
            }
            Ok(text.to_owned())
        });
        match text {
            Given::Value(text) if text.is_empty() => Given::Null,
            text => text,
        }
    }

    /// A whole number from zero.
    pub fn count(&self, name: &str, field: CreditField) -> Given<u32> {
        self.read(name, field, |node| whole(self.digits(node)?))
    }

    /// A whole number of which the least is more than zero: a negative one reads as zero, so that whoever
    /// knows the least refuses both with it.
    pub fn positive(&self, name: &str, field: CreditField) -> Given<u32> {
        self.read(name, field, |node| {
            let number = whole(self.digits(node)?);
            match number {
                Err(CreditRule::TooSmall(_)) => Ok(0),
                number => number,
            }
        })
    }

    /// An id of a list, spelt with `Id` or `ID` at its end; both at once must agree.
    pub fn id(&self, stem: &str, field: CreditField) -> Given<u32> {
        self.either(stem, field, |name| self.count(name, field))
    }

    /// A UniqueID, spelt with `Id` or `ID` at its end; both at once must agree.
    pub fn unique_id(&self, stem: &str, field: CreditField) -> Given<RowId> {
        self.either(stem, field, |name| {
            self.read(name, field, |node| match node {
                Node::Text(text) => unique_id(text.trim()).ok_or(CreditRule::Malformed),
                Node::Null | Node::Flag(_) | Node::Number(_) | Node::List(_) | Node::Object(_) => {
                    Err(CreditRule::Malformed)
                }
            })
        })
    }

    fn either<T: PartialEq>(
        &self,
        stem: &str,
        field: CreditField,
        read: impl Fn(&str) -> Given<T>,
    ) -> Given<T> {
        let one = read(&format!("{stem}Id"));
        let other = read(&format!("{stem}ID"));
        match (one, other) {
            (Given::Absent, other) => other,
            (one, Given::Absent) => one,
            (one, other) if one == other => one,
            (Given::Null | Given::Value(_), Given::Null | Given::Value(_)) => {
                self.note(field, CreditRule::Conflict);
                Given::Absent
            }
        }
    }

    /// An amount of at most two decimals.
    pub fn cents(&self, name: &str, field: CreditField) -> Given<Cents> {
        self.read(name, field, |node| {
            Cents::parse_decimal(self.digits(node)?).map_err(|_| CreditRule::Malformed)
        })
    }

    /// `true` or `false`; in a query also `1` and `0`.
    pub fn flag(&self, name: &str, field: CreditField) -> Given<bool> {
        self.read(name, field, |node| match node {
            Node::Flag(flag) => Ok(*flag),
            Node::Text(text) if self.is_texts => match text.trim() {
                t if t == "1" || t.eq_ignore_ascii_case("true") => Ok(true),
                t if t == "0" || t.eq_ignore_ascii_case("false") => Ok(false),
                _ => Err(CreditRule::Malformed),
            },
            Node::Text(_) | Node::Null | Node::Number(_) | Node::List(_) | Node::Object(_) => {
                Err(CreditRule::Malformed)
            }
        })
    }

    /// A day, `YYYY-MM-DD`, between the years 1900 and 2200.
    pub fn date(&self, name: &str, field: CreditField) -> Given<Date> {
        self.read(name, field, |node| match node {
            Node::Text(text) => Date::parse_iso(text.trim()).map_err(|_| CreditRule::Malformed),
            Node::Null | Node::Flag(_) | Node::Number(_) | Node::List(_) | Node::Object(_) => {
                Err(CreditRule::Malformed)
            }
        })
    }

    /// Base64 of at most `most` bytes, with or without padding; line breaks in it are taken.
    pub fn base64(&self, name: &str, field: CreditField, most: usize) -> Given<Vec<u8>> {
        self.read(name, field, |node| {
            let Node::Text(text) = node else {
                return Err(CreditRule::Malformed);
            };
            let bytes = if text.bytes().any(|b| b.is_ascii_whitespace()) {
                let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
                BASE64.decode(packed)
            } else {
                BASE64.decode(text)
            };
            let bytes = bytes.map_err(|_| CreditRule::Malformed)?;
            if bytes.len() > most {
                return Err(CreditRule::TooLong(count(most)));
            }
            Ok(bytes)
        })
    }

    /// An object.
    pub fn object(&self, name: &str, field: CreditField) -> Given<Self> {
        self.read(name, field, |node| self.entry(node, self.place))
    }

    /// A list of at most `most` objects, which know their places. An entry that is none is noted, and
    /// keeps its place as one without members: those after it are named by where they stand.
    pub fn list(&self, name: &str, field: CreditField, most: usize) -> Given<Vec<Self>> {
        self.read(name, field, |node| {
            let Node::List(entries) = node else {
                return Err(CreditRule::Malformed);
            };
            if entries.len() > most {
                return Err(CreditRule::TooLong(count(most)));
            }
            let read = entries.iter().enumerate().map(|(place, entry)| {
                self.entry(entry, Some(place)).unwrap_or_else(|rule| {
                    self.found.add(Finding::at(field, place, rule));
                    Self {
                        members: &[],
                        place: Some(place),
                        ..*self
                    }
                })
            });
            Ok(read.collect())
        })
    }

    fn entry(&self, node: &'a Node, place: Option<usize>) -> Result<Self, CreditRule> {
        let Node::Object(members) = node else {
            return Err(CreditRule::Malformed);
        };
        Ok(Self {
            members,
            place,
            ..*self
        })
    }
}

fn count(number: usize) -> Bound {
    Bound::Count(u64::try_from(number).unwrap_or(u64::MAX))
}

/// A whole number from zero to the highest of 32 bits.
fn whole(digits: &str) -> Result<u32, CreditRule> {
    let is_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if digits.strip_prefix('-').is_some_and(is_digits) {
        return Err(CreditRule::TooSmall(Bound::Count(0)));
    }
    if !is_digits(digits) {
        return Err(CreditRule::Malformed);
    }
    digits
        .parse()
        .map_err(|_| CreditRule::TooLarge(Bound::Count(u64::from(u32::MAX))))
}
