//! The token that ends a watch: derived from the watch's id, so that every mail can carry it and the
//! database alone yields none.

use lintel_app::context::App;
use lintel_app::keys::Purpose;
use lintel_domain::id::RowId;
use lintel_store::fault::Fault;

/// Characters of a token.
pub const TOKEN_LEN: usize = 60;

/// The token of a watch.
///
/// # Errors
/// When the key is not in the key ring.
pub(crate) fn of(app: &App, key_id: &str, id: &RowId) -> Result<String, Fault> {
    let message = id.as_str().as_bytes();
    app.keys()
        .derive_base62(Purpose::WatchToken, key_id, message, TOKEN_LEN)
}

/// Whether a text can be a token; others are not worth asking the database for.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == TOKEN_LEN && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The path of the page about a watch.
#[must_use]
pub fn page_path(token: &str) -> String {
    format!("/app/rates/{token}")
}

/// The path that ends a watch when something is posted to it (RFC 8058).
#[must_use]
pub fn stop_path(token: &str) -> String {
    format!("/app/rates/{token}/stop")
}
