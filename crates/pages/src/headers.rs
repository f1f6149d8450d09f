//! What every answer tells the browser it may do with it.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_FRAME_OPTIONS,
};

/// Nothing from elsewhere, nothing inline, no frames, forms only to us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// The same for a page that shows a letter in a frame of its own.
pub(crate) const FRAMING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
     frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";
/// What a picture or another file of ours may do: nothing.
pub(crate) const FILE_POLICY: &str = "default-src 'none'";

/// Sets what an answer does not have yet.
///
/// The referrer stays within our own pages: with `no-referrer` browsers send `Origin: null` with
/// forms, and the check of the origin would refuse them all.
pub(crate) fn protect(headers: &mut HeaderMap) {
    const FIXED: [(HeaderName, &str); 5] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "same-origin"),
        (X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in FIXED {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    // A file of ours is the same for everybody; a page is not.
    let is_shared = headers
        .get(CACHE_CONTROL)
        .is_some_and(|value| value.as_bytes().starts_with(b"public"));
    if !is_shared {
        headers
            .entry(VARY)
            .or_insert(HeaderValue::from_static("cookie"));
    }
}

/// Where people reach us over TLS, browsers are to come that way from now on: half a year.
pub(crate) fn insist_on_tls(headers: &mut HeaderMap) {
    headers.insert(
        STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=15768000"),
    );
}
