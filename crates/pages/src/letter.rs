//! The HTML of a letter for a frame: it runs nothing, loads nothing from elsewhere, and cannot reach
//! the page around it, even when it is opened by itself.

use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};

/// Its own styles, our own pictures, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";
/// The same, where links may open a window of their own.
const OPENING_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";
/// What stands before the letter: a reader's plain page. Letters bring their own styles.
const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
     <meta name=\"robots\" content=\"noindex\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
     <title>Letter</title>\n<base target=\"_blank\">\n<style>html { background: #fff; color: #111; } \
     body { margin: 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; } \
     img, table { max-width: 100%; }</style>\n</head>\n<body>\n";

/// Cleaned HTML as a document of its own.
pub(crate) fn document(cleaned: &str, may_open: bool) -> Response {
    let html = format!("{HEAD}{cleaned}\n</body>\n</html>\n");
    let policy = if may_open { OPENING_POLICY } else { POLICY };
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    (headers, html).into_response()
}
