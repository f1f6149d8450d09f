//! The document inside a JSON answer. Only the way to it is kept: a hostile answer of sixteen megabytes
//! would be many times that as a tree.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The text at the end of a way of member names divided by dots; `None` when there is none. Of members
/// with the same name the last one counts.
///
/// # Errors
/// When it is no JSON.
pub(crate) fn find(json: &[u8], way: &str) -> Result<Option<String>, NotJson> {
    let parts: Vec<&str> = way.split('.').collect();
    let mut reader = serde_json::Deserializer::from_slice(json);
    let found = Way(&parts).deserialize(&mut reader).map_err(|_| NotJson)?;
    reader.end().map_err(|_| NotJson)?;
    Ok(found)
}

/// It is no JSON. The parser's own words may quote what it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotJson;

/// The names still to go.
struct Way<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Way<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Way<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.0.is_empty().then(|| text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(self.0.is_empty().then_some(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<String>()? {
            match self.0.split_first() {
                Some((first, rest)) if *first == name => found = map.next_value_seed(Way(rest))?,
                Some(_) | None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &str, way: &str) -> Result<Option<String>, NotJson> {
        find(json.as_bytes(), way)
    }

    #[test]
    fn the_text_at_the_end_of_the_way() {
        let doc = Ok(Some("<a/>".to_owned()));
        assert_eq!(found(r#"{"mismo34":"<a/>"}"#, "mismo34"), doc);
        assert_eq!(
            found(r#"{"x":[1,{}],"mismo34":"\u003ca/>"}"#, "mismo34"),
            doc
        );
        assert_eq!(found(r#" {"a":{"b":{"c":"<a/>","d":1}}} "#, "a.b.c"), doc);
        assert_eq!(found(r#"{"a":"old","a":"<a/>"}"#, "a"), doc);
        for (json, way) in [
            ("{}", "mismo34"),
            (r#"{"mismo34":null}"#, "mismo34"),
            (r#"{"mismo34":7}"#, "mismo34"),
            (r#"{"mismo34":{"b":"x"}}"#, "mismo34"),
            (r#"{"mismo34":["x"]}"#, "mismo34"),
            (r#"{"a":"x"}"#, "a.b"),
            (r#"["mismo34"]"#, "mismo34"),
            (r#""text""#, "mismo34"),
            ("7", "mismo34"),
        ] {
            assert_eq!(found(json, way), Ok(None), "{json} {way}");
        }
    }

    #[test]
    fn what_is_no_json() {
        let deep = "[".repeat(100_000);
        let deep_way = r#"{"a":"#.repeat(100_000);
        for json in [
            "",
            "<html>",
            "{",
            r#"{"mismo34":"x"} {"#,
            r#"{"mismo34":"x"}<"#,
            r#"{mismo34:"x"}"#,
            &deep,
            &deep_way,
        ] {
            let short: String = json.chars().take(20).collect();
            assert_eq!(found(json, "mismo34"), Err(NotJson), "{short}");
            assert_eq!(found(json, "a.a.a.a.a"), Err(NotJson), "{short}");
        }
        // Half of a character, and bytes that are no text: looked at where the document is.
        assert_eq!(found(r#"{"mismo34":"\ud800"}"#, "mismo34"), Err(NotJson));
        assert_eq!(find(b"{\"mismo34\":\"\xff\"}", "mismo34"), Err(NotJson));
    }
}
