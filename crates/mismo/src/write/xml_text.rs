//! Which characters XML allows, and how the special ones are written.

/// Whether XML 1.0 allows a character at all.
const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Where text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Between tags.
    Content,
    /// Between double quotes.
    Attribute,
}

/// How a character is written there, when not as itself.
const fn escape(c: char, place: Place) -> Option<&'static str> {
    match (c, place) {
        ('&', _) => Some("&amp;"),
        ('<', _) => Some("&lt;"),
        ('>', _) => Some("&gt;"),
        // Readers turn a bare one into a line feed.
        ('\r', _) => Some("&#13;"),
        ('"', Place::Attribute) => Some("&quot;"),
        // Readers turn these into spaces.
        ('\t', Place::Attribute) => Some("&#9;"),
        ('\n', Place::Attribute) => Some("&#10;"),
        (c, _) if is_allowed(c) => None,
        // There is no way to write a character XML forbids, so it is dropped.
        (_, _) => Some(""),
    }
}

/// Appends text so that a reader gets exactly it back, but for characters XML forbids.
pub(super) fn push(out: &mut String, text: &str, place: Place) {
    let mut rest = text;
    let needs_escape = |c: char| escape(c, place).is_some();
    while let Some(at) = rest.find(needs_escape) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        out.push_str(chars.next().and_then(|c| escape(c, place)).unwrap_or(""));
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Whether nothing of a text would be seen by a reader.
pub(super) fn is_blank(text: &str) -> bool {
    !text.chars().any(|c| is_allowed(c) && !c.is_whitespace())
}

/// Whether a text is a name without a prefix (an `NCName`).
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name) && chars.all(|c| starts_name(c) || continues_name(c))
}

const fn starts_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

const fn continues_name(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_back_what_was_written() {
        let texts = [
            "plain",
            "<&>\"' ]]> & &amp;",
            "tab\tline\ncarriage\rboth\r\nend",
            "ümlaut 漢字 \u{1F3E0} \u{A0}\u{2028}\u{85}",
        ];
        for text in texts {
            let mut xml = String::from("<a b=\"");
            push(&mut xml, text, Place::Attribute);
            xml.push_str("\">");
            push(&mut xml, text, Place::Content);
            xml.push_str("</a>");
            let doc = roxmltree::Document::parse(&xml).expect(&xml);
            assert_eq!(doc.root_element().attribute("b"), Some(text));
            assert_eq!(doc.root_element().text(), Some(text));
        }
    }

    #[test]
    fn forbidden_characters_are_dropped() {
        let mut xml = String::new();
        let text = "a\u{0}b\u{1}c\u{B}d\u{1F}e\u{FFFE}f\u{FFFF}g";
        push(&mut xml, text, Place::Content);
        assert_eq!(xml, "abcdefg");
        assert!(is_blank(" \u{0}\n") && is_blank("") && !is_blank(text));
    }

    #[test]
    fn names_are_what_xml_calls_names() {
        for name in ["A", "_x", "LOAN_1", "a-b.c", "É"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "-a", "a:b", "a b", "a>", "é<"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
