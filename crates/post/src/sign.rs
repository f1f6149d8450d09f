//! DKIM signatures, RFC 6376, with the `relaxed` forms of head and body; Ed25519 by RFC 8463.
//!
//! Written here and not taken from `lettre`, whose signing brings a second family of cryptography
//! libraries into the program.

use std::fmt;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_app::config::Dkim;
use lintel_app::ports::Outgoing;
use lintel_store::fault::{Fault, FaultKind};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

use crate::mime::Unfit;

/// Headers that are signed when they are there.
const SIGNED: [&str; 13] = [
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];
/// Headers nobody may add one of: signed once more than they are there (RFC 6376, section 8.15).
const SEALED: [&str; 6] = ["from", "to", "cc", "reply-to", "subject", "date"];
/// Characters of a line of the signature.
const LINE_CHARS: usize = 70;
/// Largest key file, in bytes.
const KEY_FILE_MAX: u64 = 64 * 1024;

/// Signs letters for one domain.
pub(crate) struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("domain", &self.domain)
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// Reads the key.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no key that can sign.
    pub(crate) fn open(dkim: &Dkim) -> Result<Self, Fault> {
        let file = dkim.key_file.display();
        let fault = |what: &str| Fault::new(FaultKind::Unavailable, format!("{file}: {what}"));
        let size = fs::metadata(&dkim.key_file)
            .map_err(|e| fault("the signing key cannot be read").caused_by(e))?
            .len();
        if size > KEY_FILE_MAX {
            return Err(fault("too large for a key"));
        }
        let pem = fs::read_to_string(&dkim.key_file)
            .map_err(|e| fault("the signing key cannot be read").caused_by(e))?;
        let key = read_key(&pem).ok_or_else(|| {
            fault("no private key in PEM that can sign: RSA of 2048 bits and more, or Ed25519")
        })?;
        Ok(Self {
            domain: dkim.domain.clone(),
            selector: dkim.selector.clone(),
            key,
        })
    }

    fn algorithm(&self) -> &'static str {
        match self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The same text has the same signature: both algorithms are deterministic.
    fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        match &self.key {
            Key::Rsa(pair) => {
                let mut out = vec![0; pair.public().modulus_len()];
                let rng = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &rng, text, &mut out).ok()?;
                Some(out)
            }
            // RFC 8463, section 3: the hash is what is signed.
            Key::Ed25519(pair) => {
                let hash = digest::digest(&digest::SHA256, text);
                Some(pair.sign(hash.as_ref()).as_ref().to_vec())
            }
        }
    }
}

/// `BEGIN PRIVATE KEY` (PKCS #8) of either kind, or `BEGIN RSA PRIVATE KEY`.
fn read_key(pem: &str) -> Option<Key> {
    let (before, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let body: String = body.split_whitespace().collect();
    let der = STANDARD.decode(body).ok()?;
    if before.contains("-----") {
        return None;
    }
    let rsa = |pair: Result<RsaKeyPair, ring::error::KeyRejected>| {
        pair.ok().map(|pair| Key::Rsa(Box::new(pair)))
    };
    match label {
        "RSA PRIVATE KEY" => rsa(RsaKeyPair::from_der(&der)),
        "PRIVATE KEY" => rsa(RsaKeyPair::from_pkcs8(&der)).or_else(|| {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der);
            pair.ok().map(Key::Ed25519)
        }),
        _ => None,
    }
}

/// A letter with its signature before it, when letters are signed.
///
/// # Errors
/// When it cannot be signed.
pub(crate) fn signed(
    signer: Option<&Signer>,
    letter: &Outgoing,
    bytes: Vec<u8>,
) -> Result<Vec<u8>, Unfit> {
    let Some(signer) = signer else {
        return Ok(bytes);
    };
    let unfit = Unfit("the letter cannot be signed");
    let text = std::str::from_utf8(&bytes).map_err(|_| unfit)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or(unfit)?;
    let head = fields(head);
    let names = names(&head);
    let body_hash = digest::digest(&digest::SHA256, relaxed_body(body).as_bytes());
    let value = format!(
        "v=1; a={}; c=relaxed/relaxed;\r\n d={};\r\n s={}; t={};\r\n h={};\r\n bh={};\r\n b=",
        signer.algorithm(),
        signer.domain,
        signer.selector,
        letter.at.seconds().max(0),
        names.join(":\r\n "),
        STANDARD.encode(body_hash.as_ref()),
    );
    let mut hashed = chosen(&head, &names);
    // The signature's own header comes last, without a line end (section 3.7).
    hashed.push_str(&relaxed_field("DKIM-Signature", &value));
    let signature = signer.sign(hashed.as_bytes()).ok_or(unfit)?;
    let signature = folded(&STANDARD.encode(signature));
    let mut out = format!("DKIM-Signature: {value}{signature}\r\n").into_bytes();
    out.extend_from_slice(&bytes);
    Ok(out)
}

/// The fields of a head, unfolded: name and value.
fn fields(head: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        let is_more = line.starts_with([' ', '\t']);
        match (fields.last_mut(), line.split_once(':')) {
            (Some((_, value)), _) if is_more => value.push_str(line),
            (_, Some((name, value))) => fields.push((name.to_owned(), value.to_owned())),
            (_, None) => {}
        }
    }
    fields
}

/// Names to sign, each as often as it is there, and those that are sealed once more.
fn names(head: &[(String, String)]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for name in SIGNED {
        let there = head.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        let more = usize::from(SEALED.contains(&name));
        names.extend(std::iter::repeat_n(name, there.count() + more));
    }
    names
}

/// The signed fields in the order of their names; of several with one name the last comes first
/// (section 5.4.2). A name without a field stands for nothing.
fn chosen(head: &[(String, String)], names: &[&str]) -> String {
    let mut left: Vec<&(String, String)> = head.iter().collect();
    let mut text = String::new();
    for name in names {
        let place = left.iter().rposition(|(n, _)| n.eq_ignore_ascii_case(name));
        if let Some(place) = place {
            let (name, value) = left.remove(place);
            text.push_str(&relaxed_field(name, value));
            text.push_str("\r\n");
        }
    }
    text
}

/// Section 3.4.2.
fn relaxed_field(name: &str, value: &str) -> String {
    let value = value.replace("\r\n", "");
    let value = one_spaced(value.trim_matches([' ', '\t']));
    format!("{}:{value}", name.trim().to_ascii_lowercase())
}

/// Section 3.4.4.
fn relaxed_body(body: &str) -> String {
    let mut text: String = body
        .split("\r\n")
        .map(|line| one_spaced(line.trim_end_matches([' ', '\t'])) + "\r\n")
        .collect();
    while text.ends_with("\r\n\r\n") {
        text.truncate(text.len() - 2);
    }
    if text == "\r\n" {
        text.clear();
    }
    text
}

/// Every run of spaces and tabs as one space.
fn one_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut was_space = false;
    for c in text.chars() {
        let is_space = matches!(c, ' ' | '\t');
        if !is_space {
            out.push(c);
        } else if !was_space {
            out.push(' ');
        }
        was_space = is_space;
    }
    out
}

fn folded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, more) = rest.split_at(LINE_CHARS.min(rest.len()));
        out.push_str(line);
        if !more.is_empty() {
            out.push_str("\r\n ");
        }
        rest = more;
    }
    out
}

#[cfg(test)]
mod tests;
