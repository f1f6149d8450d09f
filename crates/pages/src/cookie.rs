//! Our cookies: what they are called, how they are read and written.

use axum::http::header::{COOKIE, HeaderMap, HeaderValue};

/// Longest cookie value that is looked at. The longest of ours, a sign-in ticket, is below 3 KiB.
const LONGEST_VALUE: usize = 4000;

/// The cookies pages use. All are `HttpOnly`, `SameSite=Lax`, for this host only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A signed-in member of staff.
    Staff,
    /// Somebody in a broker's set-up.
    Setup,
    /// A signed-in borrower.
    Borrower,
    /// A visitor: what the form tokens of pages without a session are bound to.
    Visitor,
    /// Between password and code.
    Ticket,
    /// What the next page is to say once.
    Flash,
}

impl Cookie {
    const fn word(self) -> &'static str {
        match self {
            Self::Staff => "lintel",
            Self::Setup => "lintel-setup",
            Self::Borrower => "lintel-app",
            Self::Visitor => "lintel-visitor",
            Self::Ticket => "lintel-ticket",
            Self::Flash => "lintel-flash",
        }
    }

    /// The name as sent. With the prefix a browser takes the cookie only over TLS and only from this
    /// host, so that no neighbouring host can plant one.
    pub(crate) fn name(self, is_https: bool) -> String {
        let prefix = if is_https { "__Host-" } else { "" };
        format!("{prefix}{}", self.word())
    }

    /// How long the browser keeps it; `None` until it is closed. Servers decide on their own when a
    /// session is over.
    const fn max_age_seconds(self) -> Option<u32> {
        match self {
            Self::Staff | Self::Borrower | Self::Visitor => None,
            Self::Setup => Some(24 * 3600),
            Self::Ticket => Some(300),
            Self::Flash => Some(60),
        }
    }

    /// The `Set-Cookie` value that sets it. `None` for a value that no cookie can have.
    pub(crate) fn set(self, is_https: bool, value: &str) -> Option<HeaderValue> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        if value.len() > LONGEST_VALUE || !value.bytes().all(plain) {
            return None;
        }
        self.header(is_https, value, self.max_age_seconds())
    }

    /// The `Set-Cookie` value that removes it.
    pub(crate) fn clear(self, is_https: bool) -> Option<HeaderValue> {
        self.header(is_https, "", Some(0))
    }

    fn header(self, is_https: bool, value: &str, max_age: Option<u32>) -> Option<HeaderValue> {
        let secure = if is_https { "; Secure" } else { "" };
        let age = max_age.map_or_else(String::new, |s| format!("; Max-Age={s}"));
        let name = self.name(is_https);
        let text = format!("{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).ok()
    }

    /// The value a request carries. A name sent twice is not believed at all: one of the two was
    /// planted.
    pub(crate) fn read(self, is_https: bool, headers: &HeaderMap) -> Option<String> {
        let name = self.name(is_https);
        let mut found = None;
        for header in headers.get_all(COOKIE) {
            for pair in header.to_str().ok()?.split(';') {
                let Some((key, value)) = pair.trim().split_once('=') else {
                    continue;
                };
                if key == name {
                    if found.is_some() || value.len() > LONGEST_VALUE {
                        return None;
                    }
                    found = Some(value.to_owned());
                }
            }
        }
        found.filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
        }
        headers
    }

    #[test]
    fn cookies_are_read_by_their_whole_name() {
        let table: [(&[&str], Option<&str>); 7] = [
            (&["lintel=abc"], Some("abc")),
            (&["a=b; lintel=abc; lintel-setup=x"], Some("abc")),
            (&["a=b", "lintel=abc"], Some("abc")),
            (&["xlintel=abc"], None),
            (&["lintel="], None),
            (&["lintel=abc; lintel=def"], None),
            (&["lintel"], None),
        ];
        for (lines, expected) in table {
            let found = Cookie::Staff.read(false, &headers(lines));
            assert_eq!(found.as_deref(), expected, "{lines:?}");
        }
        assert_eq!(Cookie::Staff.read(true, &headers(&["lintel=abc"])), None);
        let prefixed = headers(&["__Host-lintel=abc"]);
        assert_eq!(Cookie::Staff.read(true, &prefixed).as_deref(), Some("abc"));
    }

    #[test]
    fn cookies_are_written_for_this_host_only() {
        let https = Cookie::Staff.set(true, "abc").unwrap();
        assert_eq!(
            https,
            "__Host-lintel=abc; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        let http = Cookie::Flash.set(false, "saved").unwrap();
        assert_eq!(
            http,
            "lintel-flash=saved; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
        );
        let gone = Cookie::Staff.clear(false).unwrap();
        assert_eq!(gone, "lintel=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        for bad in ["a;b", "a b", "a\r\nb", "ä", "a\"b", "a,b"] {
            assert!(Cookie::Staff.set(false, bad).is_none(), "{bad}");
        }
        assert!(Cookie::Staff.set(false, &"x".repeat(5000)).is_none());
    }
}
