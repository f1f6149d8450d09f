//! Typed readers over the `data` payload.
//!
//! Lenient where the contract's callers are (numbers as text and text as numbers, bits in six
//! spellings, PHP's `[]` for an empty object), strict about everything else, and every refusal
//! names the full path: `products[1].rates[0].rate`. A required field that is absent or unreadable
//! is "missing or invalid format"; an optional one that is unreadable is "invalid format". Null and
//! blank text count as absent.

mod draft;
mod lists;
mod scalar;
mod shaped;

pub use draft::is_index;
pub use scalar::{parse_pct, start_of};

use crate::error::LenderError;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

type Read<T> = Result<T, LenderError>;

/// An object of the payload and the path that leads to it.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    /// None is an object without members.
    members: Option<&'a Map<String, Value>>,
    path: String,
}

impl<'a> Reader<'a> {
    /// The payload itself. Whether it is an object has been checked with the other parameters; what
    /// is none reads as one without members.
    pub fn new(data: &'a Value) -> Self {
        Self {
            members: data.as_object(),
            path: String::new(),
        }
    }

    /// One of a list that is the payload itself; paths begin with it. None for what is no object.
    pub fn of_item(item: &'a Value) -> Option<Self> {
        Self::at(item, String::new())
    }

    /// An object, or PHP's way of writing an empty one.
    fn at(value: &'a Value, path: String) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self {
                members: Some(members),
                path,
            }),
            Value::Array(items) if items.is_empty() => Some(Self {
                members: None,
                path,
            }),
            Value::Array(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_) => None,
        }
    }

    /// The full path of a member, for refusals of the caller's own.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// A member as sent, unless it is absent, null or blank.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.members?.get(name).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
        })
    }

    /// Whether a member was sent with something in it.
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// All members as sent, for answers that echo them.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.members
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value))
    }

    fn required<T>(&self, name: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Read<T> {
        self.value(name)
            .and_then(read)
            .ok_or_else(|| LenderError::missing(&self.path(name)))
    }

    fn optional<T>(
        &self,
        name: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Read<Option<T>> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        read(value)
            .map(Some)
            .ok_or_else(|| LenderError::invalid(&self.path(name)))
    }

    /// A required object.
    pub fn obj(&self, name: &str) -> Read<Reader<'a>> {
        self.required(name, |value| Self::at(value, self.path(name)))
    }

    /// An optional object.
    pub fn opt_obj(&self, name: &str) -> Read<Option<Reader<'a>>> {
        self.optional(name, |value| Self::at(value, self.path(name)))
    }

    /// Required text of at most `max_len` characters, trimmed, without control characters other
    /// than tab and line breaks. A number is taken by its digits.
    pub fn req_text(&self, name: &str, max_len: usize) -> Read<String> {
        self.required(name, |value| scalar::text(value, max_len))
    }

    /// Optional text; see [`Reader::req_text`].
    pub fn opt_text(&self, name: &str, max_len: usize) -> Read<Option<String>> {
        self.optional(name, |value| scalar::text(value, max_len))
    }

    /// Optional text as [`Reader::opt_text`], also `true` and `false`, which are taken as 1 and 0.
    pub fn opt_text_or_bit(&self, name: &str, max_len: usize) -> Read<Option<String>> {
        self.optional(name, |value| match value {
            Value::Bool(set) => Some(i32::from(*set).to_string()),
            value => scalar::text(value, max_len),
        })
    }

    /// A required amount of money in dollars, zero to 10^11, with at most two significant decimals.
    /// Currency signs, thousands separators and exponents are refused.
    pub fn req_money(&self, name: &str) -> Read<Cents> {
        self.required(name, scalar::money)
    }

    /// An optional amount of money; see [`Reader::req_money`].
    pub fn opt_money(&self, name: &str) -> Read<Option<Cents>> {
        self.optional(name, scalar::money)
    }

    /// A required percentage, zero to 100.
    pub fn req_pct(&self, name: &str) -> Read<Pct> {
        self.required(name, scalar::pct)
    }

    /// An optional percentage, zero to 100.
    pub fn opt_pct(&self, name: &str) -> Read<Option<Pct>> {
        self.optional(name, scalar::pct)
    }

    /// Required points or another signed percentage, -100 to 100.
    pub fn req_points(&self, name: &str) -> Read<Pct> {
        self.required(name, scalar::signed_pct)
    }

    /// Optional points; see [`Reader::req_points`].
    pub fn opt_points(&self, name: &str) -> Read<Option<Pct>> {
        self.optional(name, scalar::signed_pct)
    }

    /// A required percentage within `range`; see [`Reader::req_pct`] for its text.
    pub fn req_pct_in(&self, name: &str, range: RangeInclusive<Pct>) -> Read<Pct> {
        self.required(name, |value| scalar::pct_in(value, &range))
    }

    /// A required amount of money above zero; see [`Reader::req_money`].
    pub fn req_positive(&self, name: &str) -> Read<Cents> {
        self.required(name, |value| {
            scalar::money(value).filter(|m| m.is_positive())
        })
    }

    /// An optional amount of money above zero. Zero is refused: nobody means it.
    pub fn opt_positive(&self, name: &str) -> Read<Option<Cents>> {
        self.optional(name, |value| {
            scalar::money(value).filter(|m| m.is_positive())
        })
    }

    /// A required amount of money, negative when it is a credit; see [`Reader::req_money`].
    pub fn req_signed_money(&self, name: &str) -> Read<Cents> {
        self.required(name, scalar::signed_money)
    }

    /// An optional amount of money, negative when it is a credit; see [`Reader::req_money`].
    pub fn opt_signed_money(&self, name: &str) -> Read<Option<Cents>> {
        self.optional(name, scalar::signed_money)
    }

    /// A required whole number within `range`.
    pub fn req_int(&self, name: &str, range: RangeInclusive<i64>) -> Read<i64> {
        self.required(name, |value| scalar::int(value, &range))
    }

    /// An optional whole number within `range`.
    pub fn opt_int(&self, name: &str, range: RangeInclusive<i64>) -> Read<Option<i64>> {
        self.optional(name, |value| scalar::int(value, &range))
    }

    /// A required flag: 0, 1, true or false, as text or not.
    pub fn req_bit(&self, name: &str) -> Read<bool> {
        self.required(name, scalar::bit)
    }

    /// An optional flag; see [`Reader::req_bit`].
    pub fn opt_bit(&self, name: &str) -> Read<Option<bool>> {
        self.optional(name, scalar::bit)
    }

    /// A required date, `MM/DD/YYYY` or `YYYY-MM-DD`.
    pub fn req_date(&self, name: &str) -> Read<Date> {
        self.required(name, scalar::date)
    }

    /// An optional date; see [`Reader::req_date`].
    pub fn opt_date(&self, name: &str) -> Read<Option<Date>> {
        self.optional(name, scalar::date)
    }

    /// A required choice, spelled exactly as in the table.
    pub fn req_enum<T: Copy>(&self, name: &str, table: &[(&str, T)]) -> Read<T> {
        self.required(name, |value| scalar::choice(value, table))
    }

    /// An optional choice, spelled exactly as in the table.
    pub fn opt_enum<T: Copy>(&self, name: &str, table: &[(&str, T)]) -> Read<Option<T>> {
        self.optional(name, |value| scalar::choice(value, table))
    }
}

#[cfg(test)]
mod tests;
