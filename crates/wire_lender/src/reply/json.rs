//! The JSON writer: compact, member order kept, numbers as written, `/` unescaped.

use crate::tree::{Node, is_json_number};

/// One thing still to be written; a stack of them replaces recursion.
enum Step<'a> {
    Value(&'a Node),
    Member(&'a str, &'a Node),
    Raw(u8),
}

/// Writes a tree as one JSON text without line breaks.
pub fn to_json(root: &Node) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    let mut steps = vec![Step::Value(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Raw(byte) => out.push(byte),
            Step::Member(name, node) => {
                text(&mut out, name);
                out.push(b':');
                value(&mut out, &mut steps, node);
            }
            Step::Value(node) => value(&mut out, &mut steps, node),
        }
    }
    out
}

fn value<'a>(out: &mut Vec<u8>, steps: &mut Vec<Step<'a>>, node: &'a Node) {
    match node {
        Node::Null => out.extend_from_slice(b"null"),
        Node::Bool(set) => out.extend_from_slice(if *set { b"true" } else { b"false" }),
        Node::Int(int) => out.extend_from_slice(int.to_string().as_bytes()),
        Node::Number(number) if is_json_number(number) => out.extend_from_slice(number.as_bytes()),
        Node::Number(other) | Node::Text(other) => text(out, other),
        Node::List(items) => {
            out.push(b'[');
            separated(steps, b']', items.iter().map(Step::Value));
        }
        Node::Object(members) => {
            out.push(b'{');
            let members = members.iter().map(|(name, node)| Step::Member(name, node));
            separated(steps, b'}', members);
        }
    }
}

/// Pushes the items, commas between them and the closing bracket, last first.
fn separated<'a>(
    steps: &mut Vec<Step<'a>>,
    close: u8,
    items: impl DoubleEndedIterator<Item = Step<'a>> + ExactSizeIterator,
) {
    steps.push(Step::Raw(close));
    for (index, item) in items.enumerate().rev() {
        steps.push(item);
        if index > 0 {
            steps.push(Step::Raw(b','));
        }
    }
}

/// Writes a text with its quotation marks.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    // Most texts need no looking at character by character.
    let is_plain = |b: u8| (b' '..0x80).contains(&b) && !matches!(b, b'"' | b'\\');
    if text.bytes().all(is_plain) {
        out.extend_from_slice(text.as_bytes());
        return out.push(b'"');
    }
    for piece in text.split_inclusive(needs_escape) {
        let mut chars = piece.chars();
        match chars.next_back() {
            Some(last) if needs_escape(last) => {
                out.extend_from_slice(chars.as_str().as_bytes());
                escape(out, last);
            }
            _ => out.extend_from_slice(piece.as_bytes()),
        }
    }
    out.push(b'"');
}

/// What RFC 8259 requires, and the two line separators that old script engines cannot read.
fn needs_escape(c: char) -> bool {
    c < ' ' || matches!(c, '"' | '\\' | '\u{2028}' | '\u{2029}')
}

fn escape(out: &mut Vec<u8>, c: char) {
    match c {
        '"' => out.extend_from_slice(br#"\""#),
        '\\' => out.extend_from_slice(br"\\"),
        '\n' => out.extend_from_slice(br"\n"),
        '\r' => out.extend_from_slice(br"\r"),
        '\t' => out.extend_from_slice(br"\t"),
        other => out.extend_from_slice(format!("\\u{:04x}", u32::from(other)).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(node: &Node) -> String {
        String::from_utf8(to_json(node)).unwrap()
    }

    #[test]
    fn golden_bytes() {
        let table: Vec<(Node, &str)> = vec![
            (Node::Null, "null"),
            (Node::Bool(true), "true"),
            (Node::Int(-7), "-7"),
            (Node::number("160000.00"), "160000.00"),
            (Node::Number("1,5".to_owned()), r#""1,5""#),
            (
                Node::text("https://a.example/b"),
                r#""https://a.example/b""#,
            ),
            (
                Node::text("\"\\\n\r\t\u{1}é\u{2028}😀"),
                r#""\"\\\n\r\t\u0001é\u2028😀""#,
            ),
            (Node::text(""), r#""""#),
            (Node::List(Vec::new()), "[]"),
            (Node::Object(Vec::new()), "{}"),
            (Node::list([1, 2, 3]), "[1,2,3]"),
            (
                Node::object([
                    ("b", Node::list(["x"])),
                    ("a", Node::object([("n\"", Node::Null)])),
                    (
                        "c",
                        Node::List(vec![Node::list([1]), Node::List(Vec::new())]),
                    ),
                ]),
                r#"{"b":["x"],"a":{"n\"":null},"c":[[1],[]]}"#,
            ),
        ];
        for (node, expected) in table {
            assert_eq!(json(&node), expected);
            assert!(serde_json::from_str::<serde_json::Value>(expected).is_ok());
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let mut node = Node::Null;
        for _ in 0..5_000 {
            node = Node::List(vec![node]);
        }
        assert_eq!(to_json(&node).len(), 10_004);
    }
}
