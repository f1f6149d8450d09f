//! The value that proves a form came from one of our pages: worked out from the visitor's cookie, so
//! that nothing has to be kept.

use lintel_store::fault::Fault;

use crate::context::App;
use crate::keys::{Purpose, push_base62};

/// Characters of the value: 256 bits of a keyed hash and a little more.
const LEN: usize = 43;

/// The form value that belongs to a cookie.
///
/// # Errors
/// Never with a key ring of ours.
pub fn form_token(app: &App, cookie: &str) -> Result<String, Fault> {
    // Of the oldest key: forms stay good when a key is added.
    let mac = app
        .keys()
        .stable_mac(Purpose::FormToken, cookie.as_bytes())?;
    let more = app.keys().stable_mac(Purpose::FormToken, &mac)?;
    let mut text = String::with_capacity(LEN);
    push_base62(&mut text, &mac, LEN);
    push_base62(&mut text, &more, LEN);
    Ok(text)
}

/// Whether a form value belongs to a cookie.
#[must_use]
pub fn is_form_token(app: &App, cookie: &str, token: &str) -> bool {
    if cookie.is_empty() {
        return false;
    }
    form_token(app, cookie).is_ok_and(|right| is_same(&right, token))
}

/// Compares in a time that does not depend on where two texts differ.
fn is_same(right: &str, given: &str) -> bool {
    let different = right
        .bytes()
        .zip(given.bytes())
        .fold(0_u8, |sum, (a, b)| sum | (a ^ b));
    right.len() == given.len() && different == 0
}
