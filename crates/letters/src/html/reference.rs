//! Character references: `&amp;`, `&#65;`.

/// Longest reference, in bytes.
const MAX_LEN: usize = 10;
/// Most references that are written; each costs the reader behind more than a tag does. In the place
/// of more of them stand signs that look like what they stood for.
const MAX_COUNT: usize = 50_000;
/// Longest text without a tag, in bytes. The reader behind copies a text again for each reference in
/// it.
const RUN_MAX_LEN: usize = 1024;
/// Parts texts. The reader behind takes it out again, as every element that is not on its list.
const PARTING: &str = "<wbr>";
/// References that everybody forgets the semicolon of.
const BARE: &[&str] = &["amp", "lt", "gt", "quot", "nbsp"];
/// Names that are left to the reader behind: those letters are made of. It goes back and forth over
/// names it does not know.
const NAMED: &[&str] = &[
    "amp", "lt", "gt", "quot", "apos", "nbsp", "copy", "reg", "trade", "hellip", "mdash", "ndash",
    "lsquo", "rsquo", "ldquo", "rdquo", "sbquo", "bdquo", "laquo", "raquo", "lsaquo", "rsaquo",
    "bull", "middot", "euro", "pound", "yen", "cent", "curren", "sect", "para", "deg", "plusmn",
    "times", "divide", "minus", "frac12", "frac14", "frac34", "sup1", "sup2", "sup3", "ordf",
    "ordm", "iexcl", "iquest", "micro", "not", "shy", "zwnj", "zwj", "lrm", "rlm", "ensp", "emsp",
    "thinsp", "larr", "rarr", "uarr", "darr", "harr", "dagger", "Dagger", "permil", "acute", "uml",
    "cedil", "macr", "brvbar", "tilde", "circ", "fnof", "infin", "asymp", "ne", "le", "ge",
    "radic", "sum", "hearts", "Agrave", "agrave", "Aacute", "aacute", "Acirc", "acirc", "Atilde",
    "atilde", "Auml", "auml", "Aring", "aring", "Egrave", "egrave", "Eacute", "eacute", "Ecirc",
    "ecirc", "Euml", "euml", "Igrave", "igrave", "Iacute", "iacute", "Icirc", "icirc", "Iuml",
    "iuml", "Ograve", "ograve", "Oacute", "oacute", "Ocirc", "ocirc", "Otilde", "otilde", "Ouml",
    "ouml", "Oslash", "oslash", "Ugrave", "ugrave", "Uacute", "uacute", "Ucirc", "ucirc", "Uuml",
    "uuml", "Yacute", "yacute", "Yuml", "yuml", "Ntilde", "ntilde", "Ccedil", "ccedil", "AElig",
    "aelig", "OElig", "oelig", "Scaron", "scaron", "Zcaron", "zcaron", "ETH", "eth", "THORN",
    "thorn", "szlig",
];

/// Copies text from between tags, or from an attribute, to such a place.
#[derive(Debug, Default)]
pub(super) struct Copier {
    written: usize,
    /// Bytes of text since the last tag.
    run_len: usize,
}

impl Copier {
    /// Whether references can still be written.
    pub(super) fn has_room(&self) -> bool {
        self.written < MAX_COUNT
    }

    /// A tag was written: the text ended.
    pub(super) fn end_text(&mut self) {
        self.run_len = 0;
    }

    /// Copies text that stands between tags.
    pub(super) fn copy_text(&mut self, text: &str, out: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(cut(rest));
            if self.run_len + piece.len() > RUN_MAX_LEN {
                out.push_str(PARTING);
                self.run_len = 0;
            }
            self.run_len += piece.len();
            self.copy(piece, out);
            rest = after;
        }
    }

    /// Copies: what would begin a tag or end the attribute as a reference, references as they are. An
    /// ampersand that begins none becomes one.
    pub(super) fn copy(&mut self, text: &str, out: &mut String) {
        let mut done = 0;
        for (at, byte) in text.bytes().enumerate() {
            let after = text.get(at + 1..).unwrap_or_default();
            let (mark, likeness, skipped) = match byte {
                b'<' => ("&lt;", "\u{2039}", 1),
                b'>' => ("&gt;", "\u{203a}", 1),
                b'"' => ("&quot;", "\u{201d}", 1),
                b'&' => match (is_reference(after), bare(after)) {
                    (true, _) => ("&", "\u{ff06}", 1),
                    (false, Some((name, written))) => (written, "\u{ff06}", 1 + name.len()),
                    (false, None) => ("&amp;", "\u{ff06}", 1),
                },
                _ => continue,
            };
            // The bytes looked for are ASCII, and so are names: all cuts are between characters.
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(if self.has_room() { mark } else { likeness });
            self.written += 1;
            done = at + skipped;
        }
        out.push_str(text.get(done..).unwrap_or_default());
    }
}

/// Where a piece of a text may end: not within a character or a reference. Never at the beginning.
fn cut(text: &str) -> usize {
    if text.len() <= RUN_MAX_LEN {
        return text.len();
    }
    let mut end = RUN_MAX_LEN;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let tail = end.saturating_sub(MAX_LEN + 1);
    let bytes = text.as_bytes().get(tail..end).unwrap_or_default();
    let reference = bytes.iter().rposition(|b| *b == b'&');
    reference.map_or(end, |at| tail + at).max(1)
}

/// A well-known name that stands after an ampersand without its semicolon, and without anything that
/// would make it another name; and how it is written in full.
fn bare(text: &str) -> Option<(&'static str, &'static str)> {
    const FULL: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;"];
    let ends =
        |next: Option<u8>| next.is_none_or(|b| !b.is_ascii_alphanumeric() && !b"=;".contains(&b));
    let mut names = BARE.iter().copied().zip(FULL);
    names.find(|(name, _)| {
        let after = text.strip_prefix(name);
        after.is_some_and(|after| ends(after.bytes().next()))
    })
}

/// Whether what comes after an ampersand is a reference up to its semicolon.
fn is_reference(text: &str) -> bool {
    let end = text.bytes().take(MAX_LEN).position(|b| b == b';');
    let Some(name) = end.and_then(|end| text.get(..end)) else {
        return false;
    };
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.contains(&name);
    };
    let (digits, is_digit): (&str, fn(&u8) -> bool) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, u8::is_ascii_hexdigit),
        None => (number, u8::is_ascii_digit),
    };
    !digits.is_empty() && digits.as_bytes().iter().all(is_digit)
}

/// A text with its references resolved, as far as they can hide anything: all numbers, and the names
/// of characters that addresses and styles are made of.
pub(super) fn resolved(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((c, len)) => {
                plain.push(c);
                rest = &rest[len..];
            }
            None => plain.push('&'),
        }
    }
    plain.push_str(rest);
    plain
}

/// The character a reference stands for, and the length of what comes after its ampersand.
fn reference(text: &str) -> Option<(char, usize)> {
    const NAMES: &[(&str, char)] = &[
        ("Tab;", '\t'),
        ("NewLine;", '\n'),
        ("colon;", ':'),
        ("lpar;", '('),
        ("rpar;", ')'),
        ("sol;", '/'),
        ("bsol;", '\\'),
        ("quest;", '?'),
        ("num;", '#'),
        ("period;", '.'),
        ("commat;", '@'),
        ("ast;", '*'),
        ("excl;", '!'),
        ("nbsp;", '\u{a0}'),
        ("shy;", '\u{ad}'),
        ("ZeroWidthSpace;", '\u{200b}'),
        ("quot;", '"'),
        ("apos;", '\''),
        ("lt;", '<'),
        ("gt;", '>'),
        ("semi;", ';'),
        ("equals;", '='),
        ("amp;", '&'),
        ("lowbar;", '_'),
        ("grave;", '`'),
    ];
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix, marks) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 2),
            None => (number, 10, 1),
        };
        let len = digits
            .bytes()
            .take_while(|b| char::from(*b).is_digit(radix))
            .count();
        let significant = digits[..len].trim_start_matches('0');
        if len == 0 {
            return None;
        }
        let code = u32::from_str_radix(significant, radix).unwrap_or(0);
        let end = usize::from(digits[len..].starts_with(';'));
        let c = char::from_u32(code).unwrap_or('\u{fffd}');
        return Some((c, marks + len + end));
    }
    let mut names = NAMES.iter();
    let found = names.find(|(name, _)| text.starts_with(name));
    found.map(|(name, c)| (*c, name.len()))
}
