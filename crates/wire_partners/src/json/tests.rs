//! The reader of JSON against another one, and the cases where it is stricter.

use lintel_edge::BodyError;

use super::{Node, Wrong, parse, plain};

fn as_value(node: &Node) -> serde_json::Value {
    match node {
        Node::Null => serde_json::Value::Null,
        Node::Flag(flag) => (*flag).into(),
        Node::Number(text) => serde_json::from_str(text).expect("a number"),
        Node::Text(text) => text.as_str().into(),
        Node::List(entries) => entries.iter().map(as_value).collect(),
        Node::Object(members) => {
            let members = members.iter().map(|(n, v)| (n.clone(), as_value(v)));
            serde_json::Value::Object(members.collect())
        }
    }
}

fn bad(line: usize, column: usize) -> Wrong {
    Wrong::Body(BodyError::BadJson { line, column })
}

#[test]
fn what_another_reader_takes_is_read_the_same() {
    for text in [
        "null",
        " [ true , false ] ",
        r#"{"a":{"b":[1,2,{"c":null}]},"d":"\u00e9\ud83d\ude00\n\"\\\/"}"#,
        "-0",
        "12",
        "0.5",
        "\"\"",
        "{}",
        "[]",
        "\"\u{7f}\u{2028}\"",
    ] {
        let other: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let ours = as_value(&parse(text.as_bytes(), 99).expect(text));
        if text == "-0" {
            continue;
        }
        assert_eq!(ours, other, "{text}");
    }
    let marked = "\u{feff}{}";
    assert_eq!(parse(marked.as_bytes(), 9), Ok(Node::Object(Vec::new())));
}

#[test]
fn what_is_wrong_has_a_place() {
    for (text, expected) in [
        ("", bad(1, 1)),
        ("{", bad(1, 2)),
        ("{\"a\":1,}", bad(1, 8)),
        ("[1]\n[2]", bad(2, 1)),
        ("[1,]", bad(1, 4)),
        ("01", bad(1, 2)),
        ("1.", bad(1, 3)),
        (".5", bad(1, 1)),
        ("+1", bad(1, 1)),
        ("1e", bad(1, 3)),
        ("NaN", bad(1, 1)),
        ("tru", bad(1, 1)),
        ("\"a", bad(1, 3)),
        ("\"\n\"", bad(1, 2)),
        (r#""\ud800""#, bad(1, 8)),
        (r#""\ud800\u0041""#, bad(1, 14)),
        (r#""\udc00""#, bad(1, 8)),
        (r#""\x""#, bad(1, 3)),
        ("{\"a\"\n:\n1 2}", bad(3, 3)),
        ("{a:1}", bad(1, 2)),
        (r#"{"a":1,"\u0061":2}"#, Wrong::Twice { line: 1, column: 8 }),
    ] {
        assert_eq!(parse(text.as_bytes(), 99), Err(expected), "{text}");
    }
    assert_eq!(parse(b"\"\xff\"", 9), Err(bad(1, 2)));
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(parse(deep(64).as_bytes(), 999).is_ok());
    let too_deep = parse(deep(65).as_bytes(), 999);
    assert_eq!(too_deep, Err(Wrong::Body(BodyError::TooDeep)));
    let endless = "[".repeat(1_000_000);
    assert!(parse(endless.as_bytes(), 9_999_999).is_err());
    let many = parse(b"[1,2,3]", 3);
    assert_eq!(many, Err(Wrong::Body(BodyError::TooManyFields)));
}

#[test]
fn doubles_are_found_in_large_objects() {
    let members = |last: usize| {
        let names = (0..40).chain([last]).map(|n| format!("\"m{n}\":{n}"));
        format!("{{{}}}", names.collect::<Vec<_>>().join(","))
    };
    assert!(parse(members(40).as_bytes(), 99).is_ok());
    for double in [0, 11, 12, 13, 39] {
        let found = parse(members(double).as_bytes(), 99);
        assert!(matches!(found, Err(Wrong::Twice { .. })), "{double}");
    }
}

#[test]
fn numbers_are_written_plainly() {
    for (sent, expected) in [
        ("0", Some("0")),
        ("-0.00", Some("0")),
        ("0e999999999999", Some("0")),
        ("200000.00", Some("200000")),
        ("200000.10", Some("200000.1")),
        ("2e5", Some("200000")),
        ("2.5E+3", Some("2500")),
        ("1e-2", Some("0.01")),
        ("-12.5e-1", Some("-1.25")),
        (
            "123456789012345678901234567890.5",
            Some("123456789012345678901234567890.5"),
        ),
        ("1e64", None),
        ("1e-66", None),
        ("1e99999999999999999999", None),
    ] {
        assert_eq!(plain(sent).as_deref(), expected, "{sent}");
    }
    assert_eq!(plain(&"9".repeat(65)), None);
}
