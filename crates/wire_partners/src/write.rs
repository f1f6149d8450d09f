//! JSON as it is answered: members in the order they are written, amounts with two decimals, no floats.

use lintel_domain::id::{Instant, RowId};
use lintel_engine::{Cents, Date, Pct};

/// A value to answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, in its digits.
    Number(String),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in the order written.
    Object(Vec<(&'static str, Value)>),
    /// JSON that was made elsewhere.
    Other(serde_json::Value),
}

impl Value {
    /// A percentage with this many decimals, rounded half up.
    pub fn percent(rate: Pct, decimals: u32) -> Self {
        Self::Number(rate.to_fixed(decimals))
    }

    /// The bytes of an answer.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        self.push_to(&mut out);
        out.into_bytes()
    }

    fn push_to(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => push_text(out, text),
            Self::List(entries) => {
                out.push('[');
                for (n, entry) in entries.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    entry.push_to(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (n, (name, value)) in members.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    push_text(out, name);
                    out.push(':');
                    value.push_to(out);
                }
                out.push('}');
            }
            Self::Other(value) => out.push_str(&value.to_string()),
        }
    }
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// An array of what an iterator gives.
pub(crate) fn list<T: Into<Value>>(entries: impl IntoIterator<Item = T>) -> Value {
    Value::List(entries.into_iter().map(Into::into).collect())
}

/// An object that is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Object(Vec<(&'static str, Value)>);

impl Object {
    /// An object without members.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a member; `None` is written as `null`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// Adds a member, unless there is nothing to say.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The finished value.
    pub fn done(self) -> Value {
        Value::Object(self.0)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        object.done()
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(entries: Vec<T>) -> Self {
        list(entries)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

macro_rules! whole {
    ($($kind:ty),+) => {$(
        impl From<$kind> for Value {
            fn from(number: $kind) -> Self {
                Self::Number(number.to_string())
            }
        }
    )+};
}
whole!(u8, u16, u32, u64, i32, i64, usize);

impl From<Cents> for Value {
    fn from(amount: Cents) -> Self {
        Self::Number(amount.to_string())
    }
}

impl From<Pct> for Value {
    fn from(rate: Pct) -> Self {
        Self::Number(rate.to_string())
    }
}

impl From<Date> for Value {
    fn from(day: Date) -> Self {
        Self::Text(day.to_string())
    }
}

impl From<&RowId> for Value {
    fn from(id: &RowId) -> Self {
        Self::Text(id.as_str().to_owned())
    }
}

impl From<RowId> for Value {
    fn from(id: RowId) -> Self {
        Self::Text(id.as_str().to_owned())
    }
}

impl From<Instant> for Value {
    fn from(at: Instant) -> Self {
        Self::Text(timestamp(at))
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        Self::Other(value)
    }
}

/// A point in time by RFC 3339, in UTC with milliseconds: `2026-11-21T23:12:32.123Z`. Years before 1900
/// and after 2200 are written as those.
pub(crate) fn timestamp(at: Instant) -> String {
    const DAY_MILLIS: i64 = 86_400_000;
    let millis = at.micros().div_euclid(1000);
    let (days, rest) = (millis.div_euclid(DAY_MILLIS), millis.rem_euclid(DAY_MILLIS));
    let epoch = Date::new(1970, 1, 1);
    let day = epoch.and_then(|day| day.add_days(i32::try_from(days).unwrap_or(i32::MAX)));
    let day = day.map_or_else(|_| edge(days), |day| day.to_string());
    let seconds = rest / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!(
        "{day}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        rest % 1000
    )
}

fn edge(days: i64) -> String {
    let edge = if days < 0 { "1900-01-01" } else { "2200-12-31" };
    edge.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_percentages_are_exact_numbers() {
        let value = Object::new()
            .with("amount", Cents::new(20_000_010))
            .with("zero", Cents::ZERO)
            .with("debt", Cents::new(-5))
            .with("tan", Pct::new(3_250_000_000))
            .with("taeg", Value::percent(Pct::new(3_949_999_999), 1))
            .with("none", None::<u32>)
            .with_some("left out", None::<u32>)
            .with("list", vec![1_u32, 2])
            .done();
        assert_eq!(
            String::from_utf8(value.bytes()).expect("UTF-8"),
            r#"{"amount":200000.10,"zero":0.00,"debt":-0.05,"tan":3.25,"taeg":3.9,"none":null,"list":[1,2]}"#
        );
    }

    #[test]
    fn texts_are_escaped() {
        let text = "\"\\/\u{0}\u{1f}\n\r\t\u{7f}é\u{1f600}\u{2028}";
        let bytes = Value::from(text).bytes();
        let back: String = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(back, text);
    }

    #[test]
    fn instants_are_utc_with_milliseconds() {
        for (micros, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_302_752_123_999, "2026-11-21T23:12:32.123Z"),
            (i64::MAX, "2200-12-31T04:00:54.775Z"),
        ] {
            assert_eq!(timestamp(Instant::from_micros(micros)), expected);
        }
    }
}
