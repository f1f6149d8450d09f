//! JSON documents with a bound on depth and number of values, checked before anything is built.

use super::DEEPEST_JSON;
use crate::body::BodyError;
use serde_json::{Map, Value};

/// Parses one JSON document of at most `most_nodes` values and [`DEEPEST_JSON`] levels.
///
/// A leading byte order mark is tolerated. Numbers keep their value, not their spelling: `1.50`
/// reads as 1.5.
///
/// # Errors
/// [`BodyError::TooDeep`], [`BodyError::TooManyFields`], [`BodyError::BadJson`].
pub fn parse_json(text: &str, most_nodes: usize) -> Result<Value, BodyError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let size = measure(text.as_bytes());
    if size.depth > DEEPEST_JSON {
        return Err(BodyError::TooDeep);
    }
    if size.nodes > most_nodes {
        return Err(BodyError::TooManyFields);
    }
    serde_json::from_str(text).map_err(|error| bad(error.line(), error.column()))
}

/// Parses a document that must be an object.
pub(crate) fn parse_object(text: &str, most_nodes: usize) -> Result<Map<String, Value>, BodyError> {
    match parse_json(text, most_nodes)? {
        Value::Object(map) => Ok(map),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(bad(1, 1))
        }
    }
}

fn bad(line: usize, column: usize) -> BodyError {
    BodyError::BadJson {
        line: line.max(1),
        column: column.max(1),
    }
}

struct Size {
    depth: usize,
    nodes: usize,
}

/// Counts brackets and commas outside strings: an upper bound of what the parser would build. For
/// text that is not JSON the numbers mean nothing, and the parser refuses it anyway.
fn measure(text: &[u8]) -> Size {
    let (mut depth, mut deepest, mut nodes) = (0_usize, 0_usize, 1_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                nodes += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => nodes += 1,
            _ => {}
        }
    }
    Size {
        depth: deepest,
        nodes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn good_documents() {
        let nested = format!("{}{}", "[".repeat(64), "]".repeat(64));
        assert!(parse_json(&nested, 1000).is_ok());
        assert_eq!(
            parse_json("\u{feff}{\"a\":\"\\/9j\\/\"}", 9).unwrap(),
            json!({"a": "/9j/"})
        );
        assert_eq!(parse_json(r#"{"a":1,"a":2}"#, 9).unwrap(), json!({"a": 2}));
        assert_eq!(
            parse_json(r#"["\\",",[{"]"#, 4).unwrap(),
            json!(["\\", ",[{"])
        );
    }

    #[test]
    fn bad_documents() {
        let deep = "[".repeat(65);
        let table: &[(&str, BodyError)] = &[
            ("", bad(1, 1)),
            ("{", bad(1, 1)),
            ("{\"a\":1,}", bad(1, 8)),
            ("[1]\n[2]", bad(2, 1)),
            ("1e999", bad(1, 5)),
            ("NaN", bad(1, 1)),
            (&deep, BodyError::TooDeep),
            ("[1,2,3]", BodyError::TooManyFields),
            ("[\"\u{1}\"]", bad(1, 3)),
        ];
        for (text, expected) in table {
            assert_eq!(parse_json(text, 3).as_ref(), Err(expected), "{text}");
        }
    }

    #[test]
    fn an_object_is_an_object() {
        assert!(parse_object("{}", 9).unwrap().is_empty());
        for other in ["[]", "1", "null", "\"x\"", "true"] {
            assert_eq!(parse_object(other, 9), Err(bad(1, 1)), "{other}");
        }
    }
}
