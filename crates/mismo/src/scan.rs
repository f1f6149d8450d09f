//! A linear look at the markup before any tree is built: nesting, counts, document types.
//!
//! The tree builder recurses into nothing deeper than it is given, and its handling of namespace
//! declarations costs the square of those in scope; both are bounded here first, without recursion
//! and with no memory but one small number per open element. Text that is not well-formed passes:
//! telling what is wrong with it is the parser's work.

use crate::finding::Code;
use crate::limits::Limits;

/// Namespace declarations in scope at one element. Real documents have ten or so.
const MAX_NAMESPACES_IN_SCOPE: usize = 32;

/// Namespace declarations in a document; some writers repeat them on every extension.
const MAX_NAMESPACE_DECLARATIONS: usize = 20_000;

/// Why the tree is not built.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    /// Byte offset of the offending markup.
    pub(crate) offset: usize,
    pub(crate) message: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
struct StartTag {
    /// Offset behind the closing bracket.
    end: usize,
    is_empty: bool,
    attributes: usize,
    namespaces: usize,
}

/// Checks nesting, attribute and namespace counts, and refuses a document type.
pub(crate) fn check(text: &str, limits: &Limits) -> Result<(), Refusal> {
    let mut open: Vec<usize> = Vec::new();
    let mut in_scope = 0_usize;
    let mut declared = 0_usize;
    let mut attributes = 0_usize;
    let max_attributes = usize::try_from(limits.max_nodes).unwrap_or(usize::MAX);
    let mut at = 0_usize;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let offset = at + found;
        let rest = &text[offset..];
        let refuse = |code, message| {
            Err(Refusal {
                code,
                offset,
                message,
            })
        };
        if rest.starts_with("<!--") {
            at = skip(text, offset + 4, "-->");
        } else if rest.starts_with("<![CDATA[") {
            at = skip(text, offset + 9, "]]>");
        } else if rest.starts_with("<?") {
            at = skip(text, offset + 2, "?>");
        } else if rest.starts_with("<!") {
            return refuse(
                Code::DoctypeForbidden,
                "A document type declaration is not accepted: it could define entities or name \
                 files to fetch. Send the document without it.",
            );
        } else if rest.starts_with("</") {
            in_scope = in_scope.saturating_sub(open.pop().unwrap_or(0));
            at = skip(text, offset + 2, ">");
        } else {
            let Some(tag) = start_tag(text, offset) else {
                return Ok(());
            };
            if tag.attributes > usize::from(limits.max_attributes) {
                return refuse(Code::TooLarge, "An element has too many attributes.");
            }
            attributes += tag.attributes;
            if attributes > max_attributes {
                return refuse(Code::TooLarge, "The document has too many attributes.");
            }
            declared += tag.namespaces;
            if in_scope + tag.namespaces > MAX_NAMESPACES_IN_SCOPE
                || declared > MAX_NAMESPACE_DECLARATIONS
            {
                return refuse(Code::TooLarge, "There are too many namespace declarations.");
            }
            // An element without content is open for a moment too.
            if open.len() >= usize::from(limits.max_depth) {
                return refuse(Code::TooDeep, "Elements are nested too deeply.");
            }
            if !tag.is_empty {
                open.push(tag.namespaces);
                in_scope += tag.namespaces;
            }
            at = tag.end;
        }
    }
    Ok(())
}

/// Offset behind the next `end`, or of the end of the text.
fn skip(text: &str, from: usize, end: &str) -> usize {
    let found = text.get(from..).and_then(|rest| rest.find(end));
    found.map_or(text.len(), |place| from + place + end.len())
}

/// Reads one start tag, minding quotes. `None` when it never ends.
fn start_tag(text: &str, from: usize) -> Option<StartTag> {
    let bytes = text.as_bytes();
    let mut tag = StartTag {
        end: 0,
        is_empty: false,
        attributes: 0,
        namespaces: 0,
    };
    let mut at = from + 1;
    let mut word = at;
    loop {
        match *bytes.get(at)? {
            b'>' => {
                tag.is_empty = bytes.get(at - 1) == Some(&b'/');
                tag.end = at + 1;
                return Some(tag);
            }
            b'=' => {
                tag.attributes += 1;
                if bytes
                    .get(word..at)
                    .is_some_and(|name| name.starts_with(b"xmlns"))
                {
                    tag.namespaces += 1;
                }
            }
            quote @ (b'"' | b'\'') => {
                let length = text.get(at + 1..)?.find(char::from(quote))?;
                at += 1 + length;
                word = at + 1;
            }
            b' ' | b'\t' | b'\r' | b'\n' => word = at + 1,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<Code> {
        check(text, &Limits::default())
            .err()
            .map(|refusal| refusal.code)
    }

    #[test]
    fn ordinary_markup_passes_and_comments_hide_what_is_in_them() {
        assert_eq!(
            code("<?xml version='1.0'?><a b='<>/' c=\"'\"><!-- <!DOCTYPE x> --><d/></a>"),
            None
        );
        assert_eq!(code("<a><![CDATA[ <!DOCTYPE x> ]]></a>"), None);
    }

    #[test]
    fn a_document_type_is_refused_wherever_it_stands() {
        for text in [
            "<!DOCTYPE a><a/>",
            "<!doctype a><a/>",
            "<a><!ENTITY b 'c'></a>",
        ] {
            assert_eq!(code(text), Some(Code::DoctypeForbidden), "{text}");
        }
    }

    #[test]
    fn depth_is_counted_exactly() {
        let nested = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
        assert_eq!(code(&nested(64)), None);
        assert_eq!(code(&nested(65)), Some(Code::TooDeep));
        assert_eq!(code(&"<a>".repeat(10_000)), Some(Code::TooDeep));
        assert_eq!(code(&"<a/>".repeat(10_000)), None);
    }

    #[test]
    fn attributes_and_namespaces_are_counted() {
        let wide = |n: usize| {
            let attributes: String = (0..n).map(|i| format!(" a{i}='='")).collect();
            format!("<a{attributes}/>")
        };
        assert_eq!(code(&wide(64)), None);
        assert_eq!(code(&wide(65)), Some(Code::TooLarge));
        let spaces = |n: usize| {
            let declared: String = (0..n).map(|i| format!("<a xmlns:p{i}='u'>")).collect();
            declared + &"</a>".repeat(n)
        };
        assert_eq!(code(&spaces(32)), None);
        assert_eq!(code(&spaces(33)), Some(Code::TooLarge));
        assert_eq!(
            code(&"<a xmlns='u'></a>".repeat(20_001)),
            Some(Code::TooLarge)
        );
    }

    #[test]
    fn unfinished_markup_is_left_to_the_parser() {
        for text in [
            "<",
            "<a",
            "<a b='",
            "<!--",
            "<![CDATA[",
            "<?",
            "</",
            "</a></a></a>",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
