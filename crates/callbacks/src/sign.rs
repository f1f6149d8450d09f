//! Secrets and signatures, as Standard Webhooks has them.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lintel_app::context::App;
use lintel_domain::id::Instant;
use lintel_store::fault::Fault;
use ring::hmac;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const SECRET_LEN: std::ops::RangeInclusive<usize> = 24..=64;
/// Bytes of a secret that is made here.
const OWN_LEN: usize = 32;

/// The header with the event's id.
pub const ID_HEADER: &str = "webhook-id";
/// The header with the second of the attempt.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// What callbacks of a registration are signed with. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Secret {
    /// Reads `whsec_` and the base64 of 24 to 64 bytes; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let encoded = text.strip_prefix(PREFIX)?;
        let bytes = BASE64_STANDARD.decode(encoded).ok()?;
        SECRET_LEN.contains(&bytes.len()).then_some(Self(bytes))
    }

    /// Draws a new one.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn draw(app: &App) -> Result<Self, Fault> {
        let mut bytes = vec![0_u8; OWN_LEN];
        app.rng().fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The bytes, to be sealed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// From bytes that were sealed.
    pub(crate) const fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The text a partner keeps.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", BASE64_STANDARD.encode(&self.0))
    }

    /// The signature of a body sent under an id at an instant: `v1,` and the base64 of
    /// HMAC-SHA256 over `id.seconds.body` (Standard Webhooks, "Signature scheme").
    #[must_use]
    pub fn sign(&self, id: &str, at: Instant, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("{id}.{}.", at.seconds()).as_bytes());
        context.update(body);
        format!("v1,{}", BASE64_STANDARD.encode(context.sign().as_ref()))
    }

    /// The three headers of an attempt.
    pub(crate) fn headers(
        &self,
        id: &str,
        at: Instant,
        body: &[u8],
    ) -> Vec<(&'static str, String)> {
        vec![
            (ID_HEADER, id.to_owned()),
            (TIMESTAMP_HEADER, at.seconds().to_string()),
            (SIGNATURE_HEADER, self.sign(id, at, body)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks libraries' tests.
    #[test]
    fn the_published_example() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant::from_seconds(1_614_265_330),
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_read_strictly_and_not_shown() {
        let of = |bytes: usize| format!("whsec_{}", BASE64_STANDARD.encode(vec![7_u8; bytes]));
        for (bytes, good) in [(23, false), (24, true), (32, true), (64, true), (65, false)] {
            assert_eq!(Secret::parse(&of(bytes)).is_some(), good, "{bytes}");
        }
        let good = of(24);
        assert_eq!(Secret::parse(&good).expect("a secret").expose(), good);
        for bad in [
            "",
            "whsec_",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_",
            "whsec_ MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            assert!(Secret::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{:?}", Secret::parse(&good)), "Some(Secret(***))");
    }
}
