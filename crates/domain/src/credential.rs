//! API key pairs and access tokens: their rules, not their storage.

use crate::id::{DAY_SECONDS, Instant, RowId};

/// How long an access token lives after it was issued or asked for again, in seconds (25 days, the
/// public text's figure).
pub const TOKEN_LIFE_SECONDS: i64 = 25 * DAY_SECONDS;

/// Characters in an access token.
pub const TOKEN_LEN: usize = 40;

/// Longest `apiID` or `apiKey` looked at; longer ones cannot be ours.
pub const CREDENTIAL_MAX_LEN: usize = 128;

/// A key pair as presented by a caller, already checked for shape.
#[derive(Clone)]
pub struct KeyPair {
    /// Names the pair.
    pub api_id: String,
    /// Proves it. Never logged: this type has no `Display`, and its `Debug` hides it.
    pub api_key: String,
}

impl KeyPair {
    /// Takes a pair whose parts have an acceptable shape: 1 to 128 characters of `A-Za-z0-9._-`.
    #[must_use]
    pub fn parse(api_id: &str, api_key: &str) -> Option<Self> {
        let ok = |text: &str| {
            (1..=CREDENTIAL_MAX_LEN).contains(&text.len())
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        };
        (ok(api_id) && ok(api_key)).then(|| Self {
            api_id: api_id.to_owned(),
            api_key: api_key.to_owned(),
        })
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair")
            .field("api_id", &self.api_id)
            .finish_non_exhaustive()
    }
}

/// Whether a text has the shape of an access token: forty characters of base 62.
#[must_use]
pub fn is_token_shaped(text: &str) -> bool {
    text.len() == TOKEN_LEN && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// An API key pair as an operator sees it; the secret is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Names the pair on every call.
    pub api_id: String,
    /// Whose it is.
    pub organisation_id: RowId,
    /// What the operator called it.
    pub label: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it was withdrawn; `None` while it works.
    pub revoked_at: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_pairs_have_a_bounded_plain_shape() {
        assert!(KeyPair::parse("LENDER-1", "k".repeat(128).as_str()).is_some());
        for (id, key) in [("", "k"), ("i", ""), ("i d", "k"), ("i", "k'--")] {
            assert!(KeyPair::parse(id, key).is_none(), "{id} {key}");
        }
        assert!(KeyPair::parse("i", &"k".repeat(129)).is_none());
    }

    #[test]
    fn the_secret_is_not_in_the_debug_text() {
        let pair = KeyPair::parse("LENDER-1", "hunter2").expect("well formed");
        assert!(!format!("{pair:?}").contains("hunter2"));
    }

    #[test]
    fn a_token_is_forty_base62_characters() {
        assert!(is_token_shaped("gUS2j4hD6Op2lCtghYJ1gDwH0kms4utaap1knyuw"));
        assert!(!is_token_shaped("gUS2j4hD6Op2lCtghYJ1gDwH0kms4utaap1knyu"));
        assert!(!is_token_shaped("gUS2j4hD6Op2lCtghYJ1gDwH0kms4utaap1knyu-"));
    }
}
