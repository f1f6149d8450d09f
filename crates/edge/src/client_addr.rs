//! Whose address a request has: the peer's, or the one a trusted proxy reports.

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// No honest chain of proxies is longer; the rest of the header is not looked at.
const LONGEST_CHAIN: usize = 32;

/// The socket's other end, put into the extensions by the serve loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddr(pub SocketAddr);

/// The address the request is attributed to; a request extension.
///
/// `0.0.0.0` when the serve loop said nothing about the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddr(pub IpAddr);

/// A network such as `10.0.0.0/8` or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    base: IpAddr,
    prefix_bits: u32,
}

impl Network {
    fn contains(&self, addr: IpAddr) -> bool {
        match (self.base, addr) {
            (IpAddr::V4(base), IpAddr::V4(addr)) => {
                let mask = u32::MAX.checked_shl(32 - self.prefix_bits).unwrap_or(0);
                base.to_bits() & mask == addr.to_bits() & mask
            }
            (IpAddr::V6(base), IpAddr::V6(addr)) => {
                let mask = u128::MAX.checked_shl(128 - self.prefix_bits).unwrap_or(0);
                base.to_bits() & mask == addr.to_bits() & mask
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let bad = || BadNetwork(text.to_owned());
        let (base, prefix) = match text.split_once('/') {
            Some((base, prefix)) => (base, Some(prefix)),
            None => (text, None),
        };
        let base: IpAddr = base.trim().parse().map_err(|_| bad())?;
        let widest = if base.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            Some(bits) => bits.trim().parse().map_err(|_| bad())?,
            None => widest,
        };
        if prefix_bits > widest {
            return Err(bad());
        }
        Ok(Self { base, prefix_bits })
    }
}

/// A configured proxy is neither an address nor `address/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadNetwork(pub String);

impl std::fmt::Display for BadNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} is not an IP address or a network such as 10.0.0.0/8",
            self.0
        )
    }
}

impl std::error::Error for BadNetwork {}

/// The peers whose `X-Forwarded-For` is believed. Cheap to clone; empty by default.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[Network]>);

impl TrustedProxies {
    /// Reads addresses and networks from configuration.
    pub fn try_new<T: AsRef<str>>(networks: &[T]) -> Result<Self, BadNetwork> {
        networks
            .iter()
            .map(|n| n.as_ref().parse())
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn trusts(&self, addr: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(addr))
    }

    /// Walks the forwarding chain from the nearest hop outwards, as long as each hop is trusted;
    /// the first untrusted address is the client. What is left of it is hearsay.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer;
        let lines: Vec<&str> = headers
            .get_all(X_FORWARDED_FOR)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
        for hop in hops.take(LONGEST_CHAIN) {
            if !self.trusts(nearest) {
                break;
            }
            let Some(addr) = hop_addr(hop.trim()) else {
                break;
            };
            nearest = addr;
        }
        nearest
    }
}

/// One hop: an address, `v4:port`, `[v6]` or `[v6]:port`.
fn hop_addr(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'))
        .unwrap_or(text);
    let addr = bare.parse::<IpAddr>().ok();
    addr.or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .map(|addr| addr.to_canonical())
}

/// Works out the request's address and leaves it in the extensions.
pub(crate) fn assign(request: &mut Request, proxies: &TrustedProxies) {
    let ours = request.extensions().get::<PeerAddr>().map(|peer| peer.0);
    let axums = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    let addr = match ours.or(axums) {
        Some(peer) => proxies.client(peer.ip().to_canonical(), request.headers()),
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
    request.extensions_mut().insert(ClientAddr(addr));
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::new(Body::empty());
        request
            .extensions_mut()
            .insert(PeerAddr(peer.parse().unwrap()));
        for line in forwarded {
            request
                .headers_mut()
                .append(X_FORWARDED_FOR, line.parse().unwrap());
        }
        assign(&mut request, &TrustedProxies::try_new(trusted).unwrap());
        request
            .extensions()
            .get::<ClientAddr>()
            .unwrap()
            .0
            .to_string()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table of cases")]
    fn the_chain_is_believed_only_as_far_as_it_is_trusted() {
        let table: &[(&[&str], &str, &[&str], &str)] = &[
            (&[], "192.0.2.9:1", &["198.51.100.7"], "192.0.2.9"),
            (&["192.0.2.9"], "192.0.2.9:1", &[], "192.0.2.9"),
            (
                &["192.0.2.9"],
                "192.0.2.9:1",
                &["198.51.100.7"],
                "198.51.100.7",
            ),
            (
                &["192.0.2.9"],
                "192.0.2.9:1",
                &["1.1.1.1, 198.51.100.7"],
                "198.51.100.7",
            ),
            (
                &["192.0.2.0/24"],
                "192.0.2.9:1",
                &["203.0.113.5, 192.0.2.8"],
                "203.0.113.5",
            ),
            (
                &["192.0.2.0/24"],
                "192.0.2.9:1",
                &["203.0.113.5", "192.0.2.8"],
                "203.0.113.5",
            ),
            (
                &["192.0.2.0/24"],
                "192.0.2.9:1",
                &["203.0.113.5, nonsense"],
                "192.0.2.9",
            ),
            (
                &["192.0.2.0/24"],
                "192.0.2.9:1",
                &["192.0.2.7,192.0.2.8"],
                "192.0.2.7",
            ),
            (
                &["192.0.2.9"],
                "[::ffff:192.0.2.9]:1",
                &["203.0.113.5:8080"],
                "203.0.113.5",
            ),
            (
                &["2001:db8::/32"],
                "[2001:db8::1]:1",
                &["[2001:db9::7]:44"],
                "2001:db9::7",
            ),
            (
                &["2001:db8::/32"],
                "[2001:db8::1]:1",
                &["[2001:db9::7]"],
                "2001:db9::7",
            ),
            (
                &["0.0.0.0/0"],
                "192.0.2.9:1",
                &["198.51.100.7"],
                "198.51.100.7",
            ),
        ];
        for (trusted, peer, forwarded, expected) in table {
            assert_eq!(
                client(trusted, peer, forwarded),
                *expected,
                "{peer} {forwarded:?}"
            );
        }
    }

    #[test]
    fn a_very_long_chain_is_cut() {
        let chain = vec!["192.0.2.1"; 1000].join(",");
        assert_eq!(
            client(&["192.0.2.0/24"], "192.0.2.9:1", &[&chain]),
            "192.0.2.1"
        );
    }

    #[test]
    fn an_unknown_peer_is_the_unspecified_address() {
        let mut request = Request::new(Body::empty());
        assign(&mut request, &TrustedProxies::default());
        let addr = request.extensions().get::<ClientAddr>().unwrap().0;
        assert_eq!(addr.to_string(), "0.0.0.0");
    }

    #[test]
    fn bad_networks_are_refused() {
        for bad in [
            "",
            "host",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/x",
            "10.0.0/8",
        ] {
            assert!(TrustedProxies::try_new(&[bad]).is_err(), "{bad}");
        }
    }
}
