//! JSON as a request holds it: a tree that borrows its texts from the line.
//!
//! `serde_json` reads it; only the tree is ours, because its own one copies every text and hashes
//! every name, which costs more than most calculations.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// A JSON value of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    /// A number without point and exponent, below zero.
    Signed(i64),
    /// A number without point and exponent.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Members<'a>),
}

/// The members of an object, in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Members<'a> {
    /// A member by name; of several with one name, the last.
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// The names, in the order of the text.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }
}

impl Json<'_> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null
            | Self::Bool(_)
            | Self::Signed(_)
            | Self::Unsigned(_)
            | Self::Float(_)
            | Self::List(_)
            | Self::Object(_) => None,
        }
    }

    /// Decimal text of a number or of text; floats never in exponent form.
    pub(crate) fn decimal_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Signed(number) => Cow::Owned(number.to_string()),
            Self::Unsigned(number) => Cow::Owned(number.to_string()),
            Self::Float(number) if number.fract() == 0.0 => Cow::Owned(format!("{number:.1}")),
            Self::Float(number) => Cow::Owned(number.to_string()),
            Self::Null | Self::Bool(_) | Self::List(_) | Self::Object(_) => return None,
        })
    }
}

/// As answers repeat it: of several members with one name, the last in the place of the first.
impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(flag) => to.serialize_bool(*flag),
            Self::Signed(number) => to.serialize_i64(*number),
            Self::Unsigned(number) => to.serialize_u64(*number),
            Self::Float(number) => to.serialize_f64(*number),
            Self::Text(text) => to.serialize_str(text),
            Self::List(list) => to.collect_seq(list),
            Self::Object(Members(members)) => {
                let named = members.iter().map(|(name, value)| (name, value));
                let mut last: HashMap<_, _> = named.collect();
                to.collect_map(
                    members
                        .iter()
                        .filter_map(|(name, _)| last.remove_entry(name)),
                )
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(JsonVisitor)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(MembersVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Signed(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Unsigned(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Json<'de>, A::Error> {
        MembersVisitor.visit_map(members).map(Json::Object)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some((Name(name), value)) = members.next_entry()? {
            list.push((name, value));
        }
        Ok(Members(list))
    }
}

/// A member's name, borrowed unless it has escapes (serde's own reading of `Cow` always copies).
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(text.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts_are_borrowed_and_the_last_of_equal_names_counts() {
        let line = r#"{"a":"x","b":[1,-2,0.5,1e30,true,null],"a":"y\n","\u0061":"z"}"#;
        let members: Members<'_> = serde_json::from_str(line).unwrap();
        assert_eq!(members.get("a"), Some(&Json::Text("z".into())));
        assert!(matches!(members.0[0].1, Json::Text(Cow::Borrowed("x"))));
        let list = vec![
            Json::Unsigned(1),
            Json::Signed(-2),
            Json::Float(0.5),
            Json::Float(1e30),
            Json::Bool(true),
            Json::Null,
        ];
        assert_eq!(members.get("b"), Some(&Json::List(list)));
        let repeated = serde_json::to_string(&Json::Object(members)).unwrap();
        assert_eq!(repeated, r#"{"a":"z","b":[1,-2,0.5,1e+30,true,null]}"#);
    }

    #[test]
    fn numbers_have_plain_decimal_text() {
        for (json, text) in [
            ("1", "1"),
            ("-7", "-7"),
            ("1.0", "1.0"),
            ("0.1", "0.1"),
            ("1e21", "1000000000000000000000.0"),
            ("1e-7", "0.0000001"),
            ("18446744073709551616", "18446744073709551616.0"),
        ] {
            let number: Json<'_> = serde_json::from_str(json).unwrap();
            assert_eq!(number.decimal_text().as_deref(), Some(text), "{json}");
        }
    }

    /// A mebibyte of `0,` has half a million elements.
    #[test]
    fn a_value_is_small() {
        assert!(size_of::<Json<'_>>() <= 32);
    }
}
