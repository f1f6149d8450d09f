//! The XML writer.
//!
//! Declaration and `<response>`; an object's member is an element of its name; a list repeats its
//! member's element; a list directly in a list, or at the root, is `<item>`s; null is `<name/>`;
//! empty text is `<name></name>`, so the two can be told apart by eye though not by most parsers;
//! an empty list leaves no element. A name that is no XML name becomes `<field name="…">`.
//! Characters that XML 1.0 cannot carry become U+FFFD; a carriage return is written as a character
//! reference, because parsers would otherwise read a line feed.

use crate::tree::Node;
use quick_xml::escape::{escape, partial_escape};
use std::borrow::Cow;

pub(super) const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
pub(super) const ROOT: &str = "response";
const ITEM: &str = "item";

/// One thing still to be written; a stack of them replaces recursion.
enum Step<'a> {
    Element(&'a str, &'a Node),
    Close(&'a str),
}

/// Writes a tree as one XML document without line breaks.
pub fn to_xml(root: &Node) -> Vec<u8> {
    let mut out = String::with_capacity(256);
    out.push_str(DECLARATION);
    let mut steps = vec![Step::Element(ROOT, root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Element(name, node) => element(&mut out, &mut steps, name, node),
            Step::Close(name) => close(&mut out, name),
        }
    }
    out.into_bytes()
}

fn element<'a>(out: &mut String, steps: &mut Vec<Step<'a>>, name: &'a str, node: &'a Node) {
    open(out, name);
    let text: Cow<'_, str> = match node {
        Node::Null => return out.push_str("/>"),
        Node::List(items) if items.is_empty() => return out.push_str("/>"),
        Node::Object(members) if members.is_empty() => return out.push_str("/>"),
        Node::List(items) => {
            out.push('>');
            steps.push(Step::Close(name));
            return steps.extend(items.iter().rev().map(|item| Step::Element(ITEM, item)));
        }
        Node::Object(members) => {
            out.push('>');
            steps.push(Step::Close(name));
            return members
                .iter()
                .rev()
                .for_each(|(name, node)| member(steps, name, node));
        }
        Node::Bool(set) => Cow::Borrowed(if *set { "true" } else { "false" }),
        Node::Int(int) => Cow::Owned(int.to_string()),
        Node::Number(text) | Node::Text(text) => escaped_text(text),
    };
    out.push('>');
    out.push_str(&text);
    close(out, name);
}

/// A member's element, or one element per item when it is a list.
fn member<'a>(steps: &mut Vec<Step<'a>>, name: &'a str, node: &'a Node) {
    match node {
        Node::List(items) => steps.extend(items.iter().rev().map(|item| Step::Element(name, item))),
        Node::Null
        | Node::Bool(_)
        | Node::Int(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::Object(_) => steps.push(Step::Element(name, node)),
    }
}

/// The start tag without its end, so that the caller can close it either way.
fn open(out: &mut String, name: &str) {
    out.push('<');
    if is_xml_name(name) {
        out.push_str(name);
        return;
    }
    out.push_str("field name=\"");
    out.push_str(&escaped_attribute(name));
    out.push('"');
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(if is_xml_name(name) { name } else { "field" });
    out.push('>');
}

/// A text as the content of an element.
pub(super) fn escaped_text(text: &str) -> Cow<'_, str> {
    let is_plain = |b: u8| (b' '..0x80).contains(&b) && !matches!(b, b'<' | b'>' | b'&');
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let clean = legal(text);
    if !clean.contains(['<', '>', '&', '\r']) {
        return clean;
    }
    Cow::Owned(partial_escape(clean).replace('\r', "&#13;"))
}

fn escaped_attribute(text: &str) -> String {
    let escaped = escape(legal(text));
    // Parsers turn raw white space in attributes into plain spaces.
    escaped
        .replace('\t', "&#9;")
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
}

/// Replaces what the `Char` production of XML 1.0 leaves out.
fn legal(text: &str) -> Cow<'_, str> {
    let illegal = |c: char| match c {
        '\t' | '\n' | '\r' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        other => other < ' ',
    };
    if !text.contains(illegal) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(illegal, "\u{fffd}"))
}

/// A name every XML parser takes: ASCII, without colons (which would be namespace prefixes) and
/// without the reserved beginning "xml". Which other letters are allowed depends on the edition of
/// the standard a parser was written to.
pub(super) fn is_xml_name(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    let goes_on = |c: char| starts(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
    let reserved = name
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("xml"));
    name.chars().next().is_some_and(starts) && name.chars().all(goes_on) && !reserved
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document without its declaration and root element.
    fn inner(node: &Node) -> String {
        let document = String::from_utf8(to_xml(node)).unwrap();
        assert!(roxmltree::Document::parse(&document).is_ok(), "{document}");
        let body = document.strip_prefix(DECLARATION).unwrap();
        let content = body
            .strip_prefix("<response>")
            .and_then(|b| b.strip_suffix("</response>"));
        content.unwrap_or(body).to_owned()
    }

    #[test]
    fn golden_bytes() {
        let rates = Node::List(vec![
            Node::object([("rate", Node::number("3.500"))]),
            Node::object([("rate", Node::Null)]),
        ]);
        let table: Vec<(Node, &str)> = vec![
            (Node::Null, "<response/>"),
            (Node::Object(Vec::new()), "<response/>"),
            (Node::List(Vec::new()), "<response/>"),
            (Node::text("a<b>&\"'"), "a&lt;b&gt;&amp;\"'"),
            (Node::list([1, 2]), "<item>1</item><item>2</item>"),
            (Node::object([("a", Node::Null)]), "<a/>"),
            (Node::object([("a", Node::text(""))]), "<a></a>"),
            (Node::object([("a", Node::Bool(false))]), "<a>false</a>"),
            (Node::object([("a", Node::number("4.050"))]), "<a>4.050</a>"),
            (
                Node::object([("a", Node::list(["x", "y"])), ("b", Node::Int(1))]),
                "<a>x</a><a>y</a><b>1</b>",
            ),
            (
                Node::object([("a", Node::List(Vec::new())), ("b", Node::Int(1))]),
                "<b>1</b>",
            ),
            (
                Node::object([("rates", rates)]),
                "<rates><rate>3.500</rate></rates><rates><rate/></rates>",
            ),
            (
                Node::object([(
                    "a",
                    Node::List(vec![Node::list([1, 2]), Node::List(Vec::new())]),
                )]),
                "<a><item>1</item><item>2</item></a><a/>",
            ),
            (
                Node::object([("30 year", Node::Int(1)), ("", Node::Null)]),
                "<field name=\"30 year\">1</field><field name=\"\"/>",
            ),
            (
                Node::object([("a\"<\n&", Node::Int(1))]),
                "<field name=\"a&quot;&lt;&#10;&amp;\">1</field>",
            ),
            (
                Node::object([("xmlThing", Node::Int(1)), ("a:b", Node::Int(2))]),
                "<field name=\"xmlThing\">1</field><field name=\"a:b\">2</field>",
            ),
            (
                Node::object([("élan", Node::Int(1))]),
                "<field name=\"élan\">1</field>",
            ),
            (
                Node::text("a\u{0}\u{b}\u{ffff}b\r\n\tc"),
                "a\u{fffd}\u{fffd}\u{fffd}b&#13;\n\tc",
            ),
            (Node::text("]]>"), "]]&gt;"),
        ];
        for (node, expected) in table {
            assert_eq!(inner(&node), expected);
        }
    }

    #[test]
    fn a_whole_document() {
        let node = Node::object([("lenderID", "ABCD1234".into())]);
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <response><lenderID>ABCD1234</lenderID></response>";
        assert_eq!(String::from_utf8(to_xml(&node)).unwrap(), expected);
    }

    #[test]
    fn text_survives_a_parser() {
        for text in [" lead ", "a\r\nb\rc", "<![CDATA[x]]>", "&amp;", "é😀", "\t"] {
            let document = to_xml(&Node::object([("odd name\t", Node::text(text))]));
            let document = String::from_utf8(document).unwrap();
            let parsed = roxmltree::Document::parse(&document).unwrap();
            let field = parsed.root_element().first_child().unwrap();
            assert_eq!(
                (field.text(), field.attribute("name")),
                (Some(text), Some("odd name\t"))
            );
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let mut node = Node::Null;
        for _ in 0..5_000 {
            node = Node::object([("a", node)]);
        }
        assert!(to_xml(&node).ends_with(b"</a></a></response>"));
    }
}
