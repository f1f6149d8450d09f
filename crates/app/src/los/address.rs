//! The address of a loan in a system: a template with places for its numbers.

use serde::{Deserialize, Serialize};

use super::settings::Mistake;
use crate::ports::{LosFault, LosFaultKind, LosLoan};

/// Where the loan's number goes.
pub const LOAN_PLACE: &str = "{loanLOSID}";
/// Where the loan's other number goes.
pub const GUID_PLACE: &str = "{loanGUID}";
/// Longest template.
const MAX_LEN: usize = 2000;

/// An address such as `https://los.example.com/loans/{loanLOSID}?guid={loanGUID}`. The numbers come
/// from callers, so they can stand in the path and in the query only and are escaped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddressTemplate {
    text: String,
    /// Where the path begins.
    path_at: usize,
}

impl AddressTemplate {
    /// Reads a template.
    ///
    /// # Errors
    /// When it is no http or https address, names a person before the host, has no place for a
    /// number, or has one where none may be.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let text = text.trim();
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(Mistake("the address must begin with https:// or http://"))?;
        let host_at = text.len().saturating_sub(rest.len());
        let host_len = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(host_len);
        if text.len() > MAX_LEN {
            return Err(Mistake("the address is longer than 2000 characters"));
        }
        if host.contains('@') {
            return Err(Mistake(
                "credentials have no place in the address: give them apart",
            ));
        }
        if !is_host(host) {
            return Err(Mistake("the address has no usable host"));
        }
        if path.contains('#') || !path.bytes().all(is_address_byte) {
            return Err(Mistake(
                "path and query must be plain ASCII, escaped where needed, without #",
            ));
        }
        let plain = path.replace(LOAN_PLACE, "").replace(GUID_PLACE, "");
        if plain.contains(['{', '}']) {
            return Err(Mistake(
                "places for numbers are {loanLOSID} and {loanGUID}, after the host",
            ));
        }
        if plain.len() == path.len() {
            return Err(Mistake(
                "the address needs {loanLOSID} or {loanGUID} in its path or query",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            path_at: host_at.saturating_add(host_len),
        })
    }

    /// The template as it was given. Its query may hold a key: for operators' eyes only.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port: what may be logged.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.text.get(..self.path_at).unwrap_or_default()
    }

    /// Whether what is sent can be read on the way.
    #[must_use]
    pub fn is_in_clear(&self) -> bool {
        self.text.starts_with("http://")
    }

    /// The address of one loan.
    ///
    /// # Errors
    /// When the path needs a number that was not given; not found for a number that a server could
    /// take for a way to another place (`..`).
    pub fn fill(&self, loan: &LosLoan) -> Result<String, LosFault> {
        let (origin, rest) = (self.origin(), self.text.get(self.path_at..));
        let rest = rest.unwrap_or_default();
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        if path.contains(GUID_PLACE) && loan.guid.is_none() {
            let what = format!("{origin}: the address needs the loan's GUID");
            return Err(LosFault::new(LosFaultKind::GuidNeeded, what));
        }
        let guid = loan.guid.as_deref().unwrap_or_default();
        if climbs(&loan.id) || climbs(guid) {
            let what = "the loan's number is a way to another place";
            return Err(LosFault::new(LosFaultKind::NotFound, what));
        }
        // The escaped first number has no braces, so the second cannot be read into it.
        let fill = |text: &str| {
            text.replace(LOAN_PLACE, &escaped(&loan.id))
                .replace(GUID_PLACE, &escaped(guid))
        };
        let slash = if path.is_empty() { "/" } else { "" };
        let query = query.map(|q| format!("?{}", fill(q))).unwrap_or_default();
        Ok(format!("{origin}{slash}{}{query}", fill(path)))
    }
}

/// The address without what may be a secret in it.
impl std::fmt::Debug for AddressTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AddressTemplate({}…)", self.origin())
    }
}

impl TryFrom<String> for AddressTemplate {
    type Error = Mistake;

    fn try_from(text: String) -> Result<Self, Mistake> {
        Self::parse(&text)
    }
}

impl From<AddressTemplate> for String {
    fn from(template: AddressTemplate) -> Self {
        template.text
    }
}

/// A name or an address, with or without a port.
fn is_host(text: &str) -> bool {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let is_port = |p: &str| !p.is_empty() && p.parse::<u16>().is_ok_and(|port| port > 0);
    let (name, rest) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((six, rest)) if six.parse::<std::net::Ipv6Addr>().is_ok() => ("v6", rest),
            _ => return false,
        },
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let has_name = !name.is_empty() && name.bytes().all(is_name);
    has_name && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

/// What may stand in an address as it is, and the braces of places.
const fn is_address_byte(b: u8) -> bool {
    b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|')
}

/// Whether a number has a part that means "here" or "up" in a path: servers undo escapes before they
/// look at paths.
fn climbs(number: &str) -> bool {
    number
        .split(['/', '\\'])
        .any(|part| matches!(part, "." | ".."))
}

/// Everything but letters, digits and `- _ . ~` as `%XX` of its UTF-8.
fn escaped(number: &str) -> String {
    let mut text = String::with_capacity(number.len());
    for b in number.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~') {
            text.push(char::from(b));
        } else {
            text.push_str(&format!("%{b:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loan(id: &str, guid: Option<&str>) -> LosLoan {
        LosLoan {
            id: id.to_owned(),
            guid: guid.map(str::to_owned),
        }
    }

    fn filled(template: &str, id: &str, guid: Option<&str>) -> Result<String, LosFaultKind> {
        let template = AddressTemplate::parse(template).expect("a template");
        template.fill(&loan(id, guid)).map_err(|fault| fault.kind())
    }

    #[test]
    fn numbers_are_filled_in_escaped() {
        let of = "https://los.example.com/loans/{loanLOSID}";
        let at = "https://los.example.com/loans/";
        for (id, escaped) in [
            ("2026-11", "2026-11"),
            ("a b", "a%20b"),
            ("2026/11", "2026%2F11"),
            ("a?b#c&d=e", "a%3Fb%23c%26d%3De"),
            ("%2e%2e", "%252e%252e"),
            ("Müller", "M%C3%BCller"),
            ("{loanGUID}", "%7BloanGUID%7D"),
            ("a\0b\r\nc", "a%00b%0D%0Ac"),
            ("...", "..."),
        ] {
            assert_eq!(filled(of, id, Some("g")), Ok(format!("{at}{escaped}")));
        }
        let both = "http://[::1]:8080?id={loanLOSID}&guid={loanGUID}&k=7";
        assert_eq!(
            filled(both, "7", Some("{A-B}")),
            Ok("http://[::1]:8080/?id=7&guid=%7BA-B%7D&k=7".to_owned())
        );
        assert_eq!(
            filled(both, "7", None),
            Ok("http://[::1]:8080/?id=7&guid=&k=7".to_owned())
        );
    }

    #[test]
    fn no_number_leads_elsewhere() {
        let of = "https://los.example.com/loans/{loanLOSID}/file";
        for id in ["..", ".", "../x", "a/../b", "a\\..\\b", "a/.", "./a"] {
            assert_eq!(filled(of, id, None), Err(LosFaultKind::NotFound), "{id}");
        }
        let by_guid = "https://los.example.com/by/{loanGUID}";
        assert_eq!(filled(by_guid, "7", None), Err(LosFaultKind::GuidNeeded));
        assert_eq!(
            filled(by_guid, "7", Some("..")),
            Err(LosFaultKind::NotFound)
        );
    }

    #[test]
    fn templates_that_are_none() {
        let long = format!("https://h/{{loanLOSID}}{}", "x".repeat(2000));
        for text in [
            "",
            "los.example.com/{loanLOSID}",
            "ftp://los.example.com/{loanLOSID}",
            "https://",
            "https:///{loanLOSID}",
            "https://{loanLOSID}.example.com/x",
            "https://{loanLOSID}",
            "https://user:pass@los.example.com/{loanLOSID}",
            "https://los.example.com:0/{loanLOSID}",
            "https://los.example.com:port/{loanLOSID}",
            "https://los.example.com:99999/{loanLOSID}",
            "https://[::1/{loanLOSID}",
            "https://los.example.com/loans",
            "https://los.example.com/{loanId}",
            "https://los.example.com/{loanLOSID",
            "https://los.example.com/{loanLOSID}#x",
            "https://los.example.com/a b/{loanLOSID}",
            "https://los.example.com/\n{loanLOSID}",
            "https://los.example.com/é/{loanLOSID}",
            "https://los example.com/{loanLOSID}",
            &long,
        ] {
            assert!(AddressTemplate::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn debug_shows_no_query() {
        let text = "https://los.example.com/{loanLOSID}?key=hunter2";
        let template = AddressTemplate::parse(text).expect("a template");
        assert!(!format!("{template:?}").contains("hunter2"));
        assert_eq!(template.origin(), "https://los.example.com");
        let json = serde_json::to_string(&template).expect("written");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(
            serde_json::from_str::<AddressTemplate>(&json).ok(),
            Some(template)
        );
    }
}
