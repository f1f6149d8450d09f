//! Characters, names and references of XML 1.0 (fifth edition, sections 2.2, 2.3 and 4.1).

/// What a byte can be. A table, because most of a document is names.
pub(super) const START: u8 = 1;
pub(super) const NAME: u8 = 2;
pub(super) const BLANK: u8 = 4;
/// Ends or spoils plain text: `<`, `&`, `]`, carriage return.
pub(super) const TEXT_MARK: u8 = 8;
/// Ends or spoils a plain attribute value: quotes, `<`, `&`, blanks other than a space.
pub(super) const VALUE_MARK: u8 = 16;

pub(super) const CLASS: [u8; 256] = classes();

#[expect(
    clippy::cast_possible_truncation,
    reason = "the index is below 256; const context"
)]
const fn classes() -> [u8; 256] {
    let mut table = [0_u8; 256];
    let mut at = 0_usize;
    while at < 256 {
        let b = at as u8;
        let mut class = 0;
        if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 {
            class |= START | NAME;
        }
        if b.is_ascii_digit() || b == b'-' || b == b'.' {
            class |= NAME;
        }
        if matches!(b, b' ' | b'\t' | b'\r' | b'\n') {
            class |= BLANK;
        }
        if matches!(b, b'<' | b'&' | b']' | b'\r') {
            class |= TEXT_MARK;
        }
        if matches!(b, b'<' | b'&' | b'"' | b'\'' | b'\t' | b'\r' | b'\n') {
            class |= VALUE_MARK;
        }
        table[at] = class;
        at += 1;
    }
    table
}

pub(super) fn class(b: u8) -> u8 {
    CLASS[usize::from(b)]
}

/// Whether a name beyond ASCII has only characters a name may have; its ASCII part is checked by
/// the table.
pub(super) fn is_name_beyond_ascii(name: &str) -> bool {
    let mut chars = name.chars().filter(|c| !c.is_ascii());
    let starts = name
        .chars()
        .next()
        .is_none_or(|c| c.is_ascii() || is_start(c));
    starts && chars.all(|c| is_start(c) || is_inner(c))
}

fn is_start(c: char) -> bool {
    matches!(c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_inner(c: char) -> bool {
    matches!(c, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether XML may contain a character at all.
const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character a document must not contain.
pub(super) fn forbidden(text: &str) -> Option<usize> {
    // Whole blocks at a time: such characters are rare, and so are those that begin with 0xEF.
    let suspicious = |b: u8| (b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r')) | (b == 0xEF);
    let block = |block: &[u8]| block.iter().fold(false, |any, b| any | suspicious(*b));
    if !text.as_bytes().chunks(256).any(block) {
        return None;
    }
    let mut all = text.char_indices();
    all.find(|(_, c)| !is_allowed(*c)).map(|(place, _)| place)
}

/// Why a reference cannot be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadReference {
    /// No reference of XML's own.
    Unknown,
    /// A character XML forbids.
    Forbidden,
}

/// The character of the reference a text begins with, and the length of the reference.
pub(super) fn reference(text: &str) -> Result<(char, usize), BadReference> {
    for (name, c) in [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&apos;", '\''),
        ("&quot;", '"'),
    ] {
        if text.starts_with(name) {
            return Ok((c, name.len()));
        }
    }
    let digits = text.strip_prefix("&#").ok_or(BadReference::Unknown)?;
    let (digits, radix, start) = match digits.strip_prefix('x') {
        Some(digits) => (digits, 16, 3_usize),
        None => (digits, 10, 2_usize),
    };
    let length = digits
        .bytes()
        .position(|b| !char::from(b).is_digit(radix))
        .filter(|length| *length > 0 && digits.as_bytes().get(*length) == Some(&b';'))
        .ok_or(BadReference::Unknown)?;
    let number = digits.get(..length).unwrap_or("").trim_start_matches('0');
    let code = match number.len() {
        0..=8 => u32::from_str_radix(number, radix).unwrap_or(0),
        _ => u32::MAX,
    };
    let c = char::from_u32(code).filter(|c| is_allowed(*c));
    let whole = start.saturating_add(length).saturating_add(1);
    c.map(|c| (c, whole)).ok_or(BadReference::Forbidden)
}
