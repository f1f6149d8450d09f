//! The address a partner is called at: read strictly, so that what was checked and what is called
//! cannot be two different things.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest address, in characters.
pub const URL_MAX_LEN: usize = 2000;
/// Longest name of a host (RFC 1035, 2.3.4), in characters.
const HOST_MAX_LEN: usize = 253;
/// Longest part of one.
const LABEL_MAX_LEN: usize = 63;
/// The port of https.
const USUAL_PORT: u16 = 443;
/// Below it, only the usual port is called: what listens there is no partner's receiver.
const FIRST_FREE_PORT: u16 = 1024;
/// Names that stay within a machine, a house or a cloud (RFC 6761, 6762, 8375, 7686, and ICANN's
/// `internal`).
const INNER_NAMES: &[&str] = &[
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "onion",
];

/// Whom to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name to be looked up: lower-case, of letters, digits and hyphens.
    Name(String),
    /// An address.
    Address(IpAddr),
}

/// An https address that may be called. Its `Debug` shows host and port only: the rest may hold a
/// partner's secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    url: String,
    host: Host,
    port: u16,
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadTarget {
    /// It is no https address of the kind that is called.
    Malformed,
    /// It has too many characters.
    TooLong,
    /// It leads to something that is not public.
    NotPublic,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Target");
        shown.field("host", &self.host).field("port", &self.port);
        shown.finish_non_exhaustive()
    }
}

impl Target {
    /// Reads an address: `https`, no user, no fragment, a host that is a name of at least two parts in
    /// ASCII or an address written as addresses are. With `allow_private`, hosts of a development
    /// machine too.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn parse(text: &str, allow_private: bool) -> Result<Self, BadTarget> {
        if text.len() > URL_MAX_LEN {
            return Err(BadTarget::TooLong);
        }
        // Every program that reads addresses agrees about these characters, and no others.
        let is_plain = |b: u8| b.is_ascii_graphic() && !b"\\\"<>^`{|}#".contains(&b);
        if !text.bytes().all(is_plain) || !escapes_are_whole(text) {
            return Err(BadTarget::Malformed);
        }
        let (scheme, rest) = text.split_once("://").ok_or(BadTarget::Malformed)?;
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(BadTarget::Malformed);
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).ok_or(BadTarget::Malformed)?;
        let (host, port) = host_and_port(authority)?;
        let host = read_host(host, allow_private)?;
        if !allow_private {
            let is_free = port == USUAL_PORT || port >= FIRST_FREE_PORT;
            let is_ours = matches!(host, Host::Address(a) if !crate::address::is_public(a));
            if !is_free || is_ours {
                return Err(BadTarget::NotPublic);
            }
        }
        let slash = if path.starts_with('/') { "" } else { "/" };
        let url = format!("https://{}:{port}{slash}{path}", shown(&host));
        Ok(Self { url, host, port })
    }

    /// The address as it is called: scheme, host, port, path and query.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Host and port, without anything secret.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", shown(&self.host), self.port)
    }

    /// Whom to connect to.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }
}

fn shown(host: &Host) -> String {
    match host {
        Host::Name(name) => name.clone(),
        Host::Address(IpAddr::V4(v4)) => v4.to_string(),
        Host::Address(IpAddr::V6(v6)) => format!("[{v6}]"),
    }
}

/// Whether every percent sign is followed by two hexadecimal digits.
fn escapes_are_whole(text: &str) -> bool {
    let is_escape = |part: &str| {
        let digits = part.as_bytes().get(..2);
        digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit))
    };
    text.split('%').skip(1).all(is_escape)
}

fn host_and_port(authority: &str) -> Result<(&str, u16), BadTarget> {
    if authority.contains(['@', '%']) {
        return Err(BadTarget::Malformed);
    }
    // A colon within brackets is part of the host.
    let bracket = authority.rfind(']').map_or(0, |at| at.saturating_add(1));
    let after = authority.get(bracket..).ok_or(BadTarget::Malformed)?;
    let Some(colon) = after.find(':') else {
        return Ok((authority, USUAL_PORT));
    };
    let at = bracket.saturating_add(colon);
    let (host, port) = authority.split_at_checked(at).ok_or(BadTarget::Malformed)?;
    let digits = port.strip_prefix(':').unwrap_or(port);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(port) if is_number && port > 0 => Ok((host, port)),
        Ok(_) | Err(_) => Err(BadTarget::Malformed),
    }
}

fn read_host(text: &str, allow_private: bool) -> Result<Host, BadTarget> {
    if let Some(inner) = text.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or(BadTarget::Malformed)?;
        let address: Ipv6Addr = inner.parse().map_err(|_| BadTarget::Malformed)?;
        return Ok(Host::Address(IpAddr::V6(address)));
    }
    let name = text.to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    // Some programs read 0x7f000001, 2130706433, 127.1 and 0177.0.0.1 as addresses, others as names.
    // Those that end in a number are addresses in full, or nothing.
    let is_number = last.bytes().all(|b| b.is_ascii_digit())
        || last
            .strip_prefix("0x")
            .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_number {
        let address: Ipv4Addr = name.parse().map_err(|_| BadTarget::Malformed)?;
        return Ok(Host::Address(IpAddr::V4(address)));
    }
    let is_label = |label: &str| {
        let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let ends = label.starts_with('-') || label.ends_with('-');
        (1..=LABEL_MAX_LEN).contains(&label.len()) && !ends && label.bytes().all(is_letter)
    };
    if name.len() > HOST_MAX_LEN || !name.split('.').all(is_label) {
        return Err(BadTarget::Malformed);
    }
    let is_inner = |inner: &&str| {
        let before = name.strip_suffix(*inner);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    if !allow_private && (!name.contains('.') || INNER_NAMES.iter().any(is_inner)) {
        return Err(BadTarget::NotPublic);
    }
    Ok(Host::Name(name))
}

#[cfg(test)]
mod tests;
