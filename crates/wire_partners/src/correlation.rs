//! The id under which a caller finds a request again: in answers, in logs, in callbacks.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use lintel_edge::RequestId;

/// The header that carries it both ways.
pub(crate) const X_CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// Most characters of one that is taken from a caller.
pub(crate) const LONGEST: usize = 128;

/// The correlation id of a request; a request extension. Visible ASCII, so it is safe in a header and
/// in a line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Correlation(Arc<str>);

impl Correlation {
    /// The caller's, when there is one of visible ASCII and bounded length; else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut given = headers.get_all(X_CORRELATION_ID).iter();
        let one = match (given.next(), given.next()) {
            (Some(one), None) => one.to_str().ok(),
            (Some(_), Some(_)) | (None, _) => None,
        };
        let fits = |text: &&str| {
            (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
        };
        match one.filter(fits) {
            Some(text) => Self(text.into()),
            None => Self(RequestId::fresh().as_str().into()),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The header value; visible ASCII always is one.
    pub fn header_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_visible_ids_are_taken() {
        let of = |text: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(
                X_CORRELATION_ID,
                HeaderValue::from_bytes(text).expect("a value"),
            );
            Correlation::of(&headers).as_str().to_owned()
        };
        assert_eq!(of(b"a<b>\"c"), "a<b>\"c");
        let longest = "x".repeat(LONGEST);
        assert_eq!(of(longest.as_bytes()), longest);
        for bad in [
            &b""[..],
            b"a b",
            b"\xc3\xa9",
            b"a\tb",
            "x".repeat(LONGEST + 1).as_bytes(),
        ] {
            let made = of(bad);
            assert_eq!(made.len(), 36, "{bad:?}");
        }
        let mut two = HeaderMap::new();
        two.append(X_CORRELATION_ID, HeaderValue::from_static("a"));
        two.append(X_CORRELATION_ID, HeaderValue::from_static("b"));
        assert_eq!(Correlation::of(&two).as_str().len(), 36);
    }
}
