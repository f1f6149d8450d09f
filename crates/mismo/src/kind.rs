//! Telling what a document is when it is not a loan application of the right version.
//!
//! Senders mix up their exports. A message that names what arrived saves them a support call.

use crate::finding::{Code, Finding, Severity};

fn refuse(code: Code, message: &'static str) -> Option<Finding> {
    Some(Finding::whole(code, Severity::Error, message))
}

/// Refuses files known by their first bytes.
pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Finding> {
    let wrong = |message| refuse(Code::WrongDocumentKind, message);
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => {
            wrong("This is a PDF file; a MISMO 3.4 XML document is expected.")
        }
        [b'P', b'K', 3, 4, ..] => wrong("This is a ZIP or Office file; send the XML in it."),
        [0x1f, 0x8b, ..] => wrong("This is compressed; send the XML itself."),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
            wrong("This is a picture; a MISMO 3.4 XML document is expected.")
        }
        _ => None,
    }
}

/// Refuses text that is not XML, and HTML.
pub(crate) fn of_text(text: &str) -> Option<Finding> {
    let wrong = |message| refuse(Code::WrongDocumentKind, message);
    if text.is_empty() {
        return refuse(Code::NotXml, "The document is empty.");
    }
    if text.starts_with('<') {
        let is_html =
            starts_with_folded(text, "<!doctype html") || starts_with_folded(text, "<html");
        return if is_html {
            wrong("This is an HTML page, not a MISMO document.")
        } else {
            None
        };
    }
    if is_placeholder(text) {
        return wrong("This is an unfilled template placeholder, not a MISMO document.");
    }
    if text.starts_with(['{', '[']) {
        return wrong("This is JSON; a MISMO 3.4 XML document is expected.");
    }
    if is_fannie_32(text) {
        return refuse(
            Code::Fannie32File,
            "This is a Fannie Mae 3.2 flat file; export the application as MISMO 3.4 XML.",
        );
    }
    refuse(
        Code::NotXml,
        "The document does not begin with an XML element.",
    )
}

fn starts_with_folded(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// The flat file begins with envelope, header, product and transaction records of fixed width.
fn is_fannie_32(text: &str) -> bool {
    let mut lines = text.lines();
    let Some(first) = lines.next() else {
        return false;
    };
    let is_record = |line: &str| {
        ["EH", "TH", "TPI", "000", "00A", "01A", "02A", "03A"]
            .iter()
            .any(|id| line.starts_with(id))
    };
    match first.get(..2) {
        Some("EH") => {
            first.get(2..3).is_none_or(|c| c == " ") || lines.next().is_some_and(is_record)
        }
        _ => is_record(first) && lines.next().is_some_and(is_record),
    }
}

/// Whether a whole value is a template's placeholder: `{LoanId}`, `{{ loan.id }}`, `${id}`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    let Some(name) = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return false;
    };
    let name = name
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(name);
    (1..=80).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_braced_names_and_nothing_else() {
        for text in ["{LoanId}", "{{ loan.id }}", "${id}", " {x} "] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "{}", "{\"a\":1}", "a {b}", "{a", "{a:b}"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn flat_files_are_known_by_their_records() {
        assert!(is_fannie_32(
            "EH                         25\nTH T100099-002"
        ));
        assert!(is_fannie_32("EH1\nTPI1.00"));
        assert!(is_fannie_32("000  1  3.20 W\n00ANY"));
        assert!(!is_fannie_32("EHRLICH wrote a letter"));
        assert!(!is_fannie_32("000 numbers\nand text"));
    }
}
