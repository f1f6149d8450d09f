//! One id per request: the caller's, when it is harmless, or a new UUIDv7.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// The header that carries the id both ways.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 64;

/// The id under which this request appears in logs and error answers; a request extension.
///
/// At most 64 characters of `[A-Za-z0-9._-]`, so it is safe in a header, a log line and markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a caller's id if it is short and plain.
    pub fn from_caller(text: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain);
        fits.then(|| Self(text.into()))
    }

    /// A new id, ordered by time.
    pub fn fresh() -> Self {
        Self(Uuid::now_v7().to_string().into())
    }

    /// The header value; an id is always one.
    pub(crate) fn header_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Chooses the request's id and leaves it in the extensions.
pub(crate) fn assign(request: &mut Request) -> RequestId {
    let given = request
        .headers()
        .get(X_REQUEST_ID)
        .and_then(|v| v.to_str().ok());
    let id = given
        .and_then(RequestId::from_caller)
        .unwrap_or_else(RequestId::fresh);
    request.extensions_mut().insert(id.clone());
    id
}

/// The id of a request that has passed the guard; empty before.
pub(crate) fn of(request: &Request) -> String {
    request
        .extensions()
        .get::<RequestId>()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_ids_are_taken_from_the_caller() {
        for good in ["a", "abc-DEF_1.2", &"x".repeat(64)] {
            assert_eq!(RequestId::from_caller(good).unwrap().as_str(), good);
        }
        for bad in ["", " a", "a b", "a\nb", "é", "<b>", "a/b", &"x".repeat(65)] {
            assert_eq!(RequestId::from_caller(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_fresh_id_is_a_v7_uuid_and_differs() {
        let (one, two) = (RequestId::fresh(), RequestId::fresh());
        assert_ne!(one, two);
        assert_eq!(Uuid::parse_str(one.as_str()).unwrap().get_version_num(), 7);
        assert!(RequestId::from_caller(one.as_str()).is_some());
    }
}
