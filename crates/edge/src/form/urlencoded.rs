//! `application/x-www-form-urlencoded`, strict about UTF-8 and lenient about stray percent signs.

use super::nested::Nest;
use super::{MOST_NAMES, not_utf8};
use crate::body::BodyError;
use serde_json::{Map, Value};

/// Parses a form or a query string into nested values; every scalar is text.
///
/// # Errors
/// [`BodyError::BadForm`] for text that is not UTF-8 or a name that is too long,
/// [`BodyError::TooManyFields`], [`BodyError::TooDeep`].
pub fn parse_urlencoded(text: &str) -> Result<Map<String, Value>, BodyError> {
    let mut nest = Nest::default();
    for (count, pair) in text.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        if count >= MOST_NAMES {
            return Err(BodyError::TooManyFields);
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        nest.insert(&decode(name)?, decode(value)?)?;
    }
    Ok(nest.finish())
}

/// `+` is a space, `%XX` a byte; a percent sign without two hex digits stands for itself.
fn decode(text: &str) -> Result<String, BodyError> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = (*byte == b'%')
            .then(|| bytes.get(at + 1..at + 3).and_then(hex_byte))
            .flatten();
        at += if hex.is_some() { 3 } else { 1 };
        decoded.push(match (hex, byte) {
            (Some(byte), _) => byte,
            (None, b'+') => b' ',
            (None, byte) => *byte,
        });
    }
    String::from_utf8(decoded).map_err(|_| not_utf8())
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let [high, low] = pair else { return None };
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_nest_as_in_php() {
        let table = [
            ("", json!({})),
            ("&&a=1&", json!({"a": "1"})),
            ("a", json!({"a": ""})),
            ("a=1&b=2&a=3", json!({"a": "3", "b": "2"})),
            ("a=x+y%20z%2Bq", json!({"a": "x y z+q"})),
            (
                "a=100%&b=%zz&c=%4",
                json!({"a": "100%", "b": "%zz", "c": "%4"}),
            ),
            ("a=b=c", json!({"a": "b=c"})),
            ("n%5Bm%5D=%C3%A9", json!({"n": {"m": "é"}})),
            (
                "d[s][zip]=92649&d[s][st]=CA",
                json!({"d": {"s": {"zip": "92649", "st": "CA"}}}),
            ),
            ("a[]=x&a[]=y", json!({"a": ["x", "y"]})),
            ("a[1]=y&a[0]=x", json!({"a": ["x", "y"]})),
            ("a[1]=y", json!({"a": {"1": "y"}})),
            ("a[5]=x&a[]=y", json!({"a": {"5": "x", "6": "y"}})),
            ("a[00]=x", json!({"a": {"00": "x"}})),
            ("a[x]=1&a[]=2", json!({"a": {"x": "1", "0": "2"}})),
            (
                "a[0][b]=1&a[0][c]=2&a[1][b]=3",
                json!({"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
            ),
            ("a=1&a[b]=2", json!({"a": {"b": "2"}})),
            ("a[b]=2&a=1", json!({"a": "1"})),
            (
                "a[b=1&a]=2&[c]=3&a[b]c=4",
                json!({"a[b": "1", "a]": "2", "[c]": "3", "a[b]c": "4"}),
            ),
            (
                "a[18446744073709551615]=x",
                json!({"a": {"18446744073709551615": "x"}}),
            ),
        ];
        for (text, expected) in table {
            assert_eq!(
                Value::Object(parse_urlencoded(text).unwrap()),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn order_is_kept() {
        let form = parse_urlencoded("z=1&a=2&m=3&z=4").unwrap();
        assert_eq!(form.keys().collect::<Vec<_>>(), ["z", "a", "m"]);
    }

    #[test]
    fn limits_and_bad_text_are_refused() {
        let many = "a[]=1&".repeat(MOST_NAMES);
        assert!(parse_urlencoded(&many).is_ok());
        assert_eq!(
            parse_urlencoded(&(many + "b=1")),
            Err(BodyError::TooManyFields)
        );
        let arrays = format!("a{}=1&", "[]".repeat(16)).repeat(2400);
        assert_eq!(parse_urlencoded(&arrays), Err(BodyError::TooManyFields));
        let deep = |n: usize| format!("a{}=1", "[b]".repeat(n));
        assert!(parse_urlencoded(&deep(16)).is_ok());
        assert_eq!(parse_urlencoded(&deep(17)), Err(BodyError::TooDeep));
        let name = |n: usize| "n".repeat(n);
        assert!(parse_urlencoded(&name(256)).is_ok());
        assert!(matches!(
            parse_urlencoded(&name(257)),
            Err(BodyError::BadForm(_))
        ));
        for bad in ["a=%FF", "%C3=1", "a=%ED%A0%80"] {
            assert!(
                matches!(parse_urlencoded(bad), Err(BodyError::BadForm(_))),
                "{bad}"
            );
        }
    }
}
