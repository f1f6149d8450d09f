//! Signing a loan's papers at a document vendor.

use crate::words::words;

words! {
    /// Who prepares the papers and takes the signatures.
    DocumentVendor {
        /// Docutech.
        Docutech = "docutech",
        /// DocMagic.
        DocMagic = "docmagic",
        /// International Document Services.
        Ids = "ids",
    }
}

words! {
    /// How far signing has come.
    SigningStatus {
        /// The papers are there and can be signed.
        Ready = "ready",
    }
}

/// Longest address of a signing page.
pub const SIGNING_URL_MAX_LEN: usize = 2000;

/// Whether an address may be handed to somebody to sign at: https, a host, no name or password in
/// it, and nothing that would end it within a mail or a page.
#[must_use]
pub fn is_signing_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else {
        return false;
    };
    let is_plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\');
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    url.len() <= SIGNING_URL_MAX_LEN
        && url.bytes().all(is_plain)
        && host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        && host.bytes().all(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_https_addresses_are_handed_on() {
        let longest = format!("https://sign.example.com/{}", "a".repeat(1975));
        for url in [
            "https://sign.example.com/s?t=abc&x=%20#top",
            "https://sign.example.com:8443",
            "https://[2001:db8::1]/x",
            &longest,
        ] {
            assert!(is_signing_url(url), "{url}");
        }
        for url in [
            "",
            "https://",
            "https:///path",
            "https://?x",
            "http://sign.example.com",
            "HTTPS://sign.example.com",
            "javascript:alert(1)",
            "https://bank.example.com@evil.example.com/",
            "https://user:pw@sign.example.com/",
            "https://sign.example.com/a b",
            "https://sign.example.com/\r\nBcc: x@example.com",
            "https://sign.example.com/\"onclick=",
            "https://sign.example.com/<script>",
            "https://sign.example.com\\evil",
            "https://sïgn.example.com/",
            "https://sign.example.com/é",
            &format!("{longest}a"),
        ] {
            assert!(!is_signing_url(url), "{url}");
        }
    }
}
