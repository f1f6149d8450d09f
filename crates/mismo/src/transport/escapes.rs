//! Undoing the escapes of HTML, JSON and Windows-1252.

/// Characters Windows-1252 has at 0x80 to 0x9f; the five holes keep their number.
const C1: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The character of one Windows-1252 byte.
pub(super) fn windows_1252(byte: u8) -> char {
    let place = usize::from(byte).wrapping_sub(0x80);
    C1.get(place).copied().unwrap_or(char::from(byte))
}

/// How far to look for signs of escaping: the XML declaration and the root's start tag.
const HEAD: usize = 600;

/// Markup whose quotes carry backslashes.
pub(super) fn looks_json_escaped(text: &str) -> bool {
    let head = text.as_bytes().get(..HEAD).unwrap_or(text.as_bytes());
    head.windows(3).any(|three| three == b"=\\\"")
}

/// Text that begins with an escaped opening bracket.
pub(super) fn starts_with_escaped_bracket(text: &str) -> bool {
    ["&lt;", "&#60;", "&#x3c;", "&#x3C;"]
        .iter()
        .any(|escape| text.starts_with(escape))
}

/// Undoes HTML escapes once: the five of XML and numeric ones; others stay as they are.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('&') {
        out.push_str(&rest[..place]);
        rest = &rest[place..];
        // The longest escape looked for is "&#1114111;".
        let end = rest.bytes().take(10).position(|b| b == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let value = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(value.ok()?)
        }
    }
}

/// Undoes the escapes of a JSON string's body. `None` for an escape JSON does not have.
pub(super) fn json(body: &str) -> Option<String> {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(place) = rest.find('\\') {
        out.push_str(&rest[..place]);
        let escape = rest[place + 1..].chars().next()?;
        rest = &rest[place + 1 + escape.len_utf8()..];
        match escape {
            '"' | '\\' | '/' => out.push(escape),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'u' => {
                let first = unit(&mut rest)?;
                let units = if (0xd800..0xdc00).contains(&first) {
                    rest = rest.strip_prefix("\\u")?;
                    vec![first, unit(&mut rest)?]
                } else {
                    vec![first]
                };
                out.push(char::decode_utf16(units).next()?.ok()?);
            }
            _ => return None,
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Reads four hexadecimal digits off the front.
fn unit(rest: &mut &str) -> Option<u16> {
    let digits = rest
        .get(..4)
        .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let value = u16::from_str_radix(digits, 16).ok()?;
    *rest = &rest[4..];
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_escapes_are_undone_once() {
        assert_eq!(
            html("&lt;a b=&quot;1&quot;&gt;&amp;amp;&#65;&#x42;&nbsp;& &"),
            "<a b=\"1\">&amp;AB&nbsp;& &"
        );
        assert_eq!(html("&ä;&#xD800;&#99999999;"), "&ä;&#xD800;&#99999999;");
    }

    #[test]
    fn json_escapes_are_undone_and_bad_ones_refused() {
        assert_eq!(
            json(r#"<a b=\"1\">\n\u00e9\ud83d\ude00\/"#).as_deref(),
            Some("<a b=\"1\">\né😀/")
        );
        for bad in [r"\", r"\x", r"\u12", r"\ud800", r"\ud800\u0041", r"\u00é9"] {
            assert_eq!(json(bad), None, "{bad}");
        }
    }

    #[test]
    fn windows_1252_differs_from_latin_1_in_the_middle() {
        assert_eq!(windows_1252(0x80), '€');
        assert_eq!(windows_1252(0x9f), 'Ÿ');
        assert_eq!(windows_1252(0xe9), 'é');
        assert_eq!(windows_1252(b'a'), 'a');
    }
}
