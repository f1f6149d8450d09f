//! Time-based one-time passwords, RFC 6238, as phones make them: SHA-1, six digits, thirty seconds.

use lintel_domain::id::Instant;
use ring::hmac;

/// Bytes of a secret: as long as the hash, RFC 4226, section 4.
pub(super) const SECRET_LEN: usize = 20;
/// Seconds of a step, RFC 6238, section 4.1.
const STEP_SECONDS: i64 = 30;
/// Steps a phone's clock may be off, either way, RFC 6238, section 5.2.
const DRIFT: i64 = 1;
/// Six digits.
const MODULUS: u32 = 1_000_000;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step an instant is in.
pub(super) const fn step_of(at: Instant) -> i64 {
    at.seconds().div_euclid(STEP_SECONDS)
}

/// The code of a step: dynamic truncation of an HMAC, RFC 4226, section 5.3.
fn code_of(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or_default() & 0x0f);
    let word = tag
        .get(offset..offset + 4)
        .and_then(|four| four.try_into().ok())
        .map_or(0, u32::from_be_bytes);
    (word & 0x7fff_ffff) % MODULUS
}

/// The step whose code this is: the present one, or a neighbour of it.
pub(super) fn step_shown(secret: &[u8], code: &str, now: Instant) -> Option<i64> {
    let is_six_digits = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
    let code: u32 = code.parse().ok().filter(|_| is_six_digits)?;
    let present = step_of(now);
    // All of them, whichever is right: the time says nothing.
    let steps = present - DRIFT..=present + DRIFT;
    let right = steps.filter(|step| code_of(secret, *step) == code);
    right.fold(None, |_, step| Some(step))
}

/// The code of an instant as a phone shows it.
pub(super) fn shown_at(secret: &[u8], at: Instant) -> String {
    format!("{:06}", code_of(secret, step_of(at)))
}

/// RFC 4648's base 32 without padding: what code apps take.
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut block = [0_u8; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(block);
        let letters = (chunk.len() * 8).div_ceil(5);
        for at in 0..letters {
            let five = (bits >> (35 - 5 * at)) & 31;
            text.extend(usize::try_from(five).map(|n| char::from(BASE32[n])));
        }
    }
    text
}

/// Reads base 32, capital letters, without padding.
pub(super) fn unbase32(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for letter in text.bytes() {
        let five = BASE32.iter().position(|b| *b == letter)?;
        bits = (bits << 5) | u32::try_from(five).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238, appendix B: eight digits there, the last six here.
    #[test]
    fn rfc_6238_appendix_b() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = Instant::from_seconds(seconds);
            assert_eq!(shown_at(SECRET, at), code, "{seconds}");
            assert_eq!(step_shown(SECRET, code, at), Some(step_of(at)), "{seconds}");
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn rfc_4226_appendix_d() {
        let codes: Vec<u32> = (0..10).map(|count| code_of(SECRET, count)).collect();
        assert_eq!(
            codes,
            [
                755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871,
                520_489
            ]
        );
    }

    #[test]
    fn a_clock_may_be_one_step_off() {
        let now = Instant::from_seconds(1_111_111_109);
        for (off, is_taken) in [
            (-60, false),
            (-30, true),
            (0, true),
            (30, true),
            (60, false),
        ] {
            let code = shown_at(SECRET, now.plus_seconds(off));
            assert_eq!(step_shown(SECRET, &code, now).is_some(), is_taken, "{off}");
        }
    }

    #[test]
    fn only_six_plain_digits_are_a_code() {
        let now = Instant::from_seconds(1_234_567_890);
        for text in ["", "5924", "+05924", "0059240", "٠٠٥٩٢٤", "00592４"] {
            assert_eq!(step_shown(SECRET, text, now), None, "{text}");
        }
    }

    #[test]
    fn rfc_4648_section_10() {
        for (plain, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), text);
            assert_eq!(unbase32(text).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(unbase32("MZXW1"), None);
    }
}
