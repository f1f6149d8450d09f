//! Which texts are addresses, and which can stand in one line of a letter.

/// Longest address; RFC 5321, section 4.5.3.1.3 has 256 octets with the brackets.
const ADDRESS_MAX_LEN: usize = 254;

/// Whether an address can stand in a letter as it is: a local part of plain characters, one `@`, a
/// host. Spaces, quotes, brackets, line ends and anything past ASCII in the local part are refused,
/// so that no address can bring a header or a second address with it.
#[must_use]
pub fn is_sendable(email: &str) -> bool {
    let Some((local, host)) = email.rsplit_once('@') else {
        return false;
    };
    let is_local = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let dots_are_well = |part: &str| !part.split('.').any(str::is_empty);
    email.len() <= ADDRESS_MAX_LEN
        && (1..=64).contains(&local.len())
        && local.bytes().all(is_local)
        && dots_are_well(local)
        && is_host(host)
}

/// Whether a text is the name of a host: labels of letters, digits and hyphens.
pub(super) fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// Whether a text names a sender: an address, or a name and an address in angle brackets.
#[must_use]
pub fn is_sender(text: &str) -> bool {
    let (name, email) = parts(text);
    is_sendable(email) && is_one_line(name)
}

/// Name and address of `Name <address>`, or of an address.
pub(crate) fn parts(from: &str) -> (&str, &str) {
    match from.trim().split_once('<') {
        Some((name, rest)) => {
            let name = name.trim();
            let bare = name.strip_prefix('"').and_then(|n| n.strip_suffix('"'));
            (bare.unwrap_or(name), rest.trim_end_matches('>').trim())
        }
        None => ("", from.trim()),
    }
}

/// Whether a text has no line end and no other character that is not seen but does something:
/// controls, and marks that change the direction of what is shown.
#[must_use]
pub fn is_one_line(text: &str) -> bool {
    !text.chars().any(does_something)
}

fn does_something(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// A text as one line: what does something becomes a space, spaces are single, and it is cut.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if does_something(c) { ' ' } else { c })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").chars().take(max_chars).collect()
}

/// A telephone number as providers take it, E.164: a plus and 8 to 15 digits. Ten digits, or eleven
/// that begin with 1, are a number of the United States, written with the usual marks between them.
#[must_use]
pub fn sms_number(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 40 {
        return None;
    }
    let (is_whole, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut digits = String::with_capacity(15);
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return None,
        }
    }
    if !is_whole {
        // Area codes and exchanges of the North American plan begin with 2 to 9.
        let national = match digits.len() {
            11 => digits.strip_prefix('1')?,
            _ => &digits,
        };
        let is_national = national.len() == 10
            && [0, 3].iter().all(|at| {
                let digit = national.as_bytes().get(*at);
                digit.is_some_and(|d| (b'2'..=b'9').contains(d))
            });
        return is_national.then(|| format!("+1{national}"));
    }
    ((8..=15).contains(&digits.len()) && !digits.starts_with('0')).then(|| format!("+{digits}"))
}

/// The host of an address, in small letters.
pub(super) fn host(email: &str) -> String {
    email
        .rsplit_once('@')
        .map_or_else(String::new, |(_, host)| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_may_have_a_name() {
        for good in [
            "a@example.com",
            "Lintel <a@example.com>",
            "Zoë, Büro <a@example.com>",
        ] {
            assert!(is_sender(good), "{good}");
        }
        for bad in [
            "",
            "Lintel",
            "Lintel <>",
            "L\r\nBcc: b@example.com <a@example.com>",
        ] {
            assert!(!is_sender(bad), "{bad}");
        }
        assert_eq!(
            parts("\"Lintel\" <a@example.com>"),
            ("Lintel", "a@example.com")
        );
    }

    #[test]
    fn only_plain_addresses_are_written_to() {
        for good in [
            "olive.officer@example.com",
            "o'hara+loans@mail.example.co.uk",
            "root@localhost",
        ] {
            assert!(is_sendable(good), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "@",
            "olive",
            "olive@",
            "@example.com",
            "a@b@example.com",
            "olive officer@example.com",
            "olive@example.com\r\nBcc: all@example.com",
            "olive@example.com, all@example.com",
            "<olive@example.com>",
            "\"olive\"@example.com",
            "olive..officer@example.com",
            ".olive@example.com",
            "olive@-example.com",
            "olive@example..com",
            "olive@exämple.com",
            "olive\u{0}@example.com",
            &long,
        ] {
            assert!(!is_sendable(bad), "{bad}");
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for same in [
            "(312) 555-0100",
            "312.555.0100",
            "1-312-555-0100",
            "+1 312 555 0100",
            " 3125550100 ",
        ] {
            assert_eq!(sms_number(same).as_deref(), Some("+13125550100"), "{same}");
        }
        assert_eq!(
            sms_number("+44 20 7946 0000").as_deref(),
            Some("+442079460000")
        );
        let long = "3".repeat(1000);
        for bad in [
            "",
            "+",
            "555-0100",
            "0125550100",
            "3121550100",
            "312555010x",
            "+0123456789",
            "+1234567",
            "+1234567890123456",
            "++13125550100",
            "312\n5550100",
            "３１２５５５０１００",
            &long,
        ] {
            assert_eq!(sms_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn one_line_is_one_line() {
        assert!(is_one_line("Zoë’s loan — 30 years"));
        for bad in [
            "a\nb",
            "a\rb",
            "a\0",
            "a\u{2028}b",
            "a\u{202e}b",
            "a\u{85}b",
        ] {
            assert!(!is_one_line(bad), "{bad:?}");
        }
        let made = one_line("Hi\r\nBcc: all@example.com\r\n\r\n  there", 200);
        assert_eq!(made, "Hi Bcc: all@example.com there");
        assert_eq!(one_line("äöü", 2), "äö");
    }
}
