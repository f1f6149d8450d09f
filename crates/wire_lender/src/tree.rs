//! The ordered tree every answer is built as, before one of two writers puts it on the wire.
//!
//! Serialising a struct twice fights element order, arrays and null; one tree with two writers
//! does not. Numbers are kept as written, because `"4.050"` and `4.05` are different answers.

use std::borrow::Cow;

use serde_json::Value;

/// The name of a member.
pub type Name = Cow<'static, str>;

/// One value of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Node {
    /// Nothing: JSON `null`, an empty element.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number in the spelling it shall have on the wire, for example `160000.00`.
    Number(String),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Named values in order. Names are expected to be distinct; most are words of this crate.
    Object(Vec<(Name, Node)>),
}

impl Node {
    /// An object with these members in this order.
    pub fn object<K: Into<Name>, const N: usize>(members: [(K, Node); N]) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(name, node)| (name.into(), node))
                .collect(),
        )
    }

    /// A list of anything that can be a node.
    pub fn list<T: Into<Node>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number as written. What is not a JSON number becomes text, so that no answer can be
    /// malformed by a bad spelling.
    pub fn number(text: impl Into<String>) -> Self {
        let text = text.into();
        if is_json_number(&text) {
            Self::Number(text)
        } else {
            Self::Text(text)
        }
    }

    /// `1` or `0`, the way this API writes most flags.
    pub fn bit(set: bool) -> Self {
        Self::Int(i64::from(set))
    }

    /// Adds a member to an object; on anything else it does nothing but a debug assertion.
    pub fn push(&mut self, name: impl Into<Name>, node: impl Into<Node>) {
        match self {
            Self::Object(members) => members.push((name.into(), node.into())),
            other => debug_assert!(false, "cannot add a member to {other:?}"),
        }
    }

    /// Adds a member and hands the object on, for building in one expression.
    #[must_use]
    pub fn with(mut self, name: impl Into<Name>, node: impl Into<Node>) -> Self {
        self.push(name, node);
        self
    }

    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let Self::Object(members) = self else {
            return None;
        };
        members
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, node)| node)
    }

    /// Copies a parsed JSON value, order kept. Integers beyond 64 bits and fractions keep the
    /// spelling the parser gives them. Depth is bounded by what the parser accepts.
    pub fn from_json(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(set) => Self::Bool(*set),
            Value::Number(number) => match number.as_i64() {
                Some(int) => Self::Int(int),
                None => Self::Number(number.to_string()),
            },
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(name, value)| (Name::Owned(name.clone()), Self::from_json(value)))
                    .collect(),
            ),
        }
    }
}

impl From<bool> for Node {
    fn from(set: bool) -> Self {
        Self::Bool(set)
    }
}

impl From<i64> for Node {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<i32> for Node {
    fn from(int: i32) -> Self {
        Self::Int(i64::from(int))
    }
}

impl From<u32> for Node {
    fn from(int: u32) -> Self {
        Self::Int(i64::from(int))
    }
}

impl From<u16> for Node {
    fn from(int: u16) -> Self {
        Self::Int(i64::from(int))
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Node {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl<T: Into<Node>> From<Option<T>> for Node {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Node>> From<Vec<T>> for Node {
    fn from(items: Vec<T>) -> Self {
        Self::list(items)
    }
}

/// The number grammar of JSON (RFC 8259, section 6).
pub(crate) fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let whole_fits = digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let exponent_fits = exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    whole_fits && fraction.is_none_or(digits) && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn builders_make_what_they_say() {
        let node = Node::object([("a", Node::from(1_i64)), ("b", Node::from(None::<String>))])
            .with("c", "text")
            .with("d", vec![true, false])
            .with("e", Node::bit(true));
        let expected = Node::Object(vec![
            ("a".into(), Node::Int(1)),
            ("b".into(), Node::Null),
            ("c".into(), Node::Text("text".to_owned())),
            (
                "d".into(),
                Node::List(vec![Node::Bool(true), Node::Bool(false)]),
            ),
            ("e".into(), Node::Int(1)),
        ]);
        assert_eq!(node, expected);
        assert_eq!(node.get("c"), Some(&Node::text("text")));
        assert_eq!(node.get("x"), None);
        assert_eq!(Node::Null.get("x"), None);
    }

    #[test]
    fn json_keeps_order_types_and_numbers() {
        let value =
            json!({"z": "160000", "a": 160000, "m": [1.5, null, true, {}], "big": u64::MAX});
        let expected = Node::object([
            ("z", Node::text("160000")),
            ("a", Node::Int(160_000)),
            (
                "m",
                Node::List(vec![
                    Node::Number("1.5".to_owned()),
                    Node::Null,
                    Node::Bool(true),
                    Node::Object(Vec::new()),
                ]),
            ),
            ("big", Node::Number("18446744073709551615".to_owned())),
        ]);
        assert_eq!(Node::from_json(&value), expected);
    }

    #[test]
    fn number_grammar() {
        for good in ["0", "-0", "10", "4.050", "-1.750", "1e9", "1.5E-7", "2e+3"] {
            assert_eq!(Node::number(good), Node::Number(good.to_owned()), "{good}");
        }
        for bad in [
            "", "-", "01", ".5", "1.", "1e", "+1", "NaN", "0x1", "1 ", "1,000", "--1",
        ] {
            assert_eq!(Node::number(bad), Node::text(bad), "{bad}");
        }
    }
}
