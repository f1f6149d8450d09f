//! How texts about companies and people are read: names, addresses, telephones, mail addresses.
//!
//! Every function takes what somebody sent and answers what is stored, or `None` when it cannot be
//! used. Nothing stored holds a control character, and everything has a longest length.

/// Longest mail address (RFC 5321, section 4.5.3.1.3, less the angle brackets).
pub const EMAIL_MAX_CHARS: usize = 254;
/// Longest part before the `@` (RFC 5321, section 4.5.3.1.1).
const LOCAL_PART_MAX_CHARS: usize = 64;
/// Longest name between two dots of a host (RFC 1035, section 2.3.4).
const LABEL_MAX_CHARS: usize = 63;
/// Longest address of a site.
const WEBSITE_MAX_CHARS: usize = 255;
/// Digits of a telephone number of North America.
const PHONE_DIGITS: usize = 10;
/// Most digits of a telephone number anywhere (ITU-T E.164, section 6).
const PHONE_MAX_DIGITS: usize = 15;
/// Fewest digits, country code included, of a number outside North America.
const PHONE_MIN_DIGITS: usize = 8;

/// Whether a character may stand in a stored line: no controls, no line ends of any alphabet, and
/// nothing that turns the direction of the text around it.
#[must_use]
pub fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One line of text, trimmed, of 1 to `max_chars` characters.
#[must_use]
pub fn line(text: &str, max_chars: usize) -> Option<String> {
    let text = text.trim();
    let is_good = !text.is_empty()
        && text.len() <= max_chars.saturating_mul(4)
        && text.chars().count() <= max_chars
        && text.chars().all(is_printable);
    is_good.then(|| text.to_owned())
}

/// Text of several lines, trimmed, of 1 to `max_chars` characters; line ends become `\n`.
#[must_use]
pub fn prose(text: &str, max_chars: usize) -> Option<String> {
    let text = text.trim();
    // A line end may be two characters; nothing that long is worth the work of joining it.
    if text.is_empty() || text.len() > max_chars.saturating_mul(8) {
        return None;
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_good = text.chars().count() <= max_chars
        && text
            .chars()
            .all(|c| is_printable(c) || c == '\n' || c == '\t');
    is_good.then_some(text)
}

/// A telephone number: ten digits, with or without a leading 1 and the usual separators; with a
/// leading `+` also one from outside North America, which is stored with the `+`.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 40 {
        return None;
    }
    let (is_international, body) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let is_separator = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/');
    if !body.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
        return None;
    }
    let digits: String = body.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix('1') {
        Some(rest) if rest.len() == PHONE_DIGITS => Some(rest),
        Some(_) | None => None,
    };
    if let Some(national) = national {
        return Some(national.to_owned());
    }
    if is_international {
        let fits = (PHONE_MIN_DIGITS..=PHONE_MAX_DIGITS).contains(&digits.len());
        return (fits && !digits.starts_with(['0', '1'])).then(|| format!("+{digits}"));
    }
    (digits.len() == PHONE_DIGITS).then_some(digits)
}

/// The extension of a telephone: one to five digits.
#[must_use]
pub fn phone_extension(text: &str) -> Option<String> {
    digits(text, 1, 5)
}

/// A registry number (NMLS id): one to twelve digits. Leading zeros are kept.
#[must_use]
pub fn nmls(text: &str) -> Option<String> {
    digits(text, 1, 12)
}

/// A postal code: five digits, or nine with or without the dash; stored as `92649` or `92649-1234`.
#[must_use]
pub fn postal_code(text: &str) -> Option<String> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let all_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    match bytes.len() {
        5 if all_digits(bytes) => Some(text.to_owned()),
        9 if all_digits(bytes) => {
            let (zip, rest) = text.split_at(5);
            Some(format!("{zip}-{rest}"))
        }
        10 => {
            let (zip, rest) = text.split_once('-')?;
            let fits = zip.len() == 5 && all_digits(zip.as_bytes()) && all_digits(rest.as_bytes());
            fits.then(|| text.to_owned())
        }
        _ => None,
    }
}

/// A mail address, trimmed, as written. Checked for what can be sent to: one `@`, a host with a dot,
/// none of the characters that end an address in a header, and letters of ASCII only: others may
/// become ASCII when capitals are made small, and the address somebody else's. Hosts in other
/// alphabets have a spelling in ASCII.
#[must_use]
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > EMAIL_MAX_CHARS {
        return None;
    }
    let (local, host) = text.split_once('@')?;
    let is_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local_is_good = !local.is_empty()
        && local.len() <= LOCAL_PART_MAX_CHARS
        && local.chars().all(is_local)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    (local_is_good && host.is_ascii() && is_host(host)).then(|| text.to_owned())
}

/// The address of a site, beginning with `http://` or `https://`; no user, no spaces or quotes.
#[must_use]
pub fn website(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > WEBSITE_MAX_CHARS {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let bad = |c: char| c.is_whitespace() || !is_printable(c) || "\"'<>\\^`{|}".contains(c);
    if rest.contains(bad) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let port_is_good = port.is_none_or(|port| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|n| n > 0)
    });
    (is_host(host) && port_is_good).then(|| text.to_owned())
}

/// A colour as a style sheet writes it, `#rrggbb`; stored in small letters.
#[must_use]
pub fn color(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.strip_prefix('#')?;
    let fits = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| text.to_ascii_lowercase())
}

/// Whether a text is the name of a host with at least one dot. Letters of every alphabet may stand
/// in it; they are written the other way when the name is looked up.
fn is_host(host: &str) -> bool {
    let label_is_good = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_MAX_CHARS
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    host.len() <= 253 && host.contains('.') && host.split('.').all(label_is_good)
}

fn digits(text: &str, fewest: usize, most: usize) -> Option<String> {
    let text = text.trim();
    let fits = (fewest..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_read(read: fn(&str) -> Option<String>, cases: &[(&str, &str)]) {
        for (text, stored) in cases {
            assert_eq!(read(text).as_deref(), Some(*stored), "{text:?}");
            // What is stored can be sent back.
            assert_eq!(read(stored).as_deref(), Some(*stored), "{stored:?}");
        }
    }

    fn none_read(read: fn(&str) -> Option<String>, cases: &[&str]) {
        for text in cases {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn telephones() {
        all_read(
            phone,
            &[
                ("8888888888", "8888888888"),
                ("714-235-7114", "7142357114"),
                (" (714) 235.7114 ", "7142357114"),
                ("1 714 235 7114", "7142357114"),
                ("+1 714 235 7114", "7142357114"),
                ("+351 21 000 0000", "+351210000000"),
            ],
        );
        none_read(
            phone,
            &[
                "",
                "123",
                "714235711",
                "714235711x",
                "71423571145",
                "+714 235 7114+",
                "７１４２３５７１１４",
                "714\n2357114",
                "+0123456789",
                "+1234567890123456",
                "7142357114 ext 5",
            ],
        );
        none_read(phone, &["1".repeat(100_000).as_str()]);
    }

    #[test]
    fn extensions_registry_numbers_and_postal_codes() {
        all_read(phone_extension, &[("12345", "12345"), (" 7 ", "7")]);
        none_read(phone_extension, &["", "123456", "12a", "-1", "１"]);
        all_read(
            nmls,
            &[("012345", "012345"), ("123456789012", "123456789012")],
        );
        none_read(nmls, &["", "1234567890123", "12 34", "NMLS1"]);
        all_read(
            postal_code,
            &[
                ("92649", "92649"),
                ("00501", "00501"),
                ("926491234", "92649-1234"),
                ("92649-1234", "92649-1234"),
            ],
        );
        none_read(
            postal_code,
            &[
                "",
                "9264",
                "926491",
                "92649-123",
                "9264-91234",
                "92649_1234",
                "ABCDE",
                "92649–123",
            ],
        );
    }

    #[test]
    fn mail_addresses() {
        all_read(
            email,
            &[
                ("info@example.com", "info@example.com"),
                (
                    " Ann.O'Neil+x@mail.example.com ",
                    "Ann.O'Neil+x@mail.example.com",
                ),
                ("jose@xn--exmple-qta.com", "jose@xn--exmple-qta.com"),
            ],
        );
        none_read(
            email,
            &[
                "",
                "a",
                "@example.com",
                "a@",
                "a@b",
                "a@@example.com",
                "a b@example.com",
                "a@example..com",
                ".a@example.com",
                "a..b@example.com",
                "a@-example.com",
                "a@example.com\r\nBcc: b@example.com",
                "a@example.com,b@example.com",
                "<a@example.com>",
                "\"a\"@example.com",
                "josé@example.com",
                "jose@exámple.com",
                "mi\u{212a}e@example.com",
            ],
        );
        none_read(email, &[&format!("{}@example.com", "a".repeat(65))]);
        none_read(email, &[&format!("a@{}.com", "b".repeat(300))]);
    }

    #[test]
    fn sites() {
        all_read(
            website,
            &[
                ("https://www.example.com", "https://www.example.com"),
                (
                    "HTTP://example.com:8080/a?b=c#d",
                    "HTTP://example.com:8080/a?b=c#d",
                ),
            ],
        );
        none_read(
            website,
            &[
                "",
                "www.example.com",
                "javascript:alert(1)",
                "javascript://example.com/%0aalert(1)",
                "ftp://example.com",
                "https://",
                "https://localhost",
                "https://user:word@example.com",
                "https://example.com:99999",
                "https://example.com/\"><script>",
                "https://example.com/a b",
            ],
        );
    }

    #[test]
    fn lines_prose_and_colours() {
        assert_eq!(line("  ABC  ", 3).as_deref(), Some("ABC"));
        for bad in [
            "",
            "  ",
            "ABCD",
            "A\nB",
            "A\u{0}B",
            "A\u{202e}B",
            "A\u{2028}B",
        ] {
            assert_eq!(line(bad, 3), None, "{bad:?}");
        }
        assert_eq!(line("ééé", 3).as_deref(), Some("ééé"));
        assert_eq!(prose("a\r\nb\rc", 5).as_deref(), Some("a\nb\nc"));
        assert_eq!(prose("a\u{7}b", 9), None);
        assert_eq!(prose(&"a".repeat(10), 9), None);
        assert_eq!(color("#0A0b0C").as_deref(), Some("#0a0b0c"));
        for bad in ["", "#fff", "red", "#0a0b0g", "#0a0b0c;", "0a0b0c"] {
            assert_eq!(color(bad), None, "{bad:?}");
        }
    }
}
