//! Which addresses are public: those anybody's server on the internet may have.
//!
//! From the IANA registries of special-purpose addresses for IPv4 and IPv6. What is not known to be
//! public is not. An address that carries an IPv4 address in it is as public as that one where
//! networks translate it as a matter of course, and not public otherwise.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks that are not public: first address, length of the prefix.
const V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),        // "this network", RFC 791
    ([10, 0, 0, 0], 8),       // private, RFC 1918
    ([100, 64, 0, 0], 10),    // carrier-grade NAT, RFC 6598
    ([127, 0, 0, 0], 8),      // loopback, RFC 1122
    ([168, 63, 129, 16], 32), // answers virtual machines of one cloud from within
    ([169, 254, 0, 0], 16),   // link-local, RFC 3927; metadata of clouds
    ([172, 16, 0, 0], 12),    // private, RFC 1918
    ([192, 0, 0, 0], 24),     // protocol assignments, RFC 6890
    ([192, 0, 2, 0], 24),     // documentation, RFC 5737
    ([192, 31, 196, 0], 24),  // AS112, RFC 7535
    ([192, 52, 193, 0], 24),  // AMT, RFC 7450
    ([192, 88, 99, 0], 24),   // 6to4 relays, RFC 7526
    ([192, 168, 0, 0], 16),   // private, RFC 1918
    ([192, 175, 48, 0], 24),  // AS112, RFC 7534
    ([198, 18, 0, 0], 15),    // benchmarks, RFC 2544
    ([198, 51, 100, 0], 24),  // documentation, RFC 5737
    ([203, 0, 113, 0], 24),   // documentation, RFC 5737
    ([224, 0, 0, 0], 4),      // multicast, RFC 5771
    ([240, 0, 0, 0], 4),      // reserved, RFC 1112; broadcast
];

/// Within the global unicast addresses 2000::/3, those that are not public: first two or three
/// groups, length of the prefix.
const V6: &[([u16; 3], u32)] = &[
    ([0x2001, 0, 0], 23), // protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID
    ([0x2001, 0x0db8, 0], 32), // documentation, RFC 3849
    ([0x2002, 0, 0], 16), // 6to4, RFC 3056
    ([0x2620, 0x004f, 0x8000], 48), // AS112, RFC 7534
    ([0x3fff, 0, 0], 20), // documentation, RFC 9637
];

/// The prefix under which networks without IPv4 reach it, RFC 6052: 64:ff9b::/96.
const NAT64: [u16; 6] = [0x64, 0xff9b, 0, 0, 0, 0];

/// Whether an address is public.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    let within = |(first, length): &([u8; 4], u32)| {
        let shift = 32_u32.saturating_sub(*length);
        let first = Ipv4Addr::from(*first).to_bits();
        bits.checked_shr(shift) == first.checked_shr(shift)
    };
    !V4.iter().any(within)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    if [a, b, c, d, e, f] == NAT64 {
        let [g, h] = [g.to_be_bytes(), h.to_be_bytes()];
        return is_public_v4(Ipv4Addr::new(g[0], g[1], h[0], h[1]));
    }
    if a & 0xe000 != 0x2000 {
        return false;
    }
    let bits = address.to_bits();
    let within = |(first, length): &([u16; 3], u32)| {
        let first = Ipv6Addr::new(first[0], first[1], first[2], 0, 0, 0, 0, 0).to_bits();
        let shift = 128_u32.saturating_sub(*length);
        bits.checked_shr(shift) == first.checked_shr(shift)
    };
    !V6.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds a list against the rule.
    fn hold(list: &[(&str, bool)]) {
        for (text, expected) in list {
            let address: IpAddr = text.parse().expect(text);
            assert_eq!(is_public(address), *expected, "{text}");
        }
    }

    #[test]
    fn ipv4_that_is_public_and_that_is_not() {
        hold(&[
            ("1.1.1.1", true),
            ("9.255.255.255", true),
            ("11.0.0.0", true),
            ("93.184.215.14", true),
            ("100.63.255.255", true),
            ("100.128.0.0", true),
            ("172.15.255.255", true),
            ("172.32.0.0", true),
            ("198.17.255.255", true),
            ("198.20.0.0", true),
            ("223.255.255.255", true),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("10.0.0.1", false),
            ("100.64.0.1", false),
            ("100.100.100.200", false),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("168.63.129.16", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.0.0.192", false),
            ("192.0.2.1", false),
            ("192.88.99.1", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("198.19.255.255", false),
            ("198.51.100.7", false),
            ("203.0.113.9", false),
            ("224.0.0.1", false),
            ("239.255.255.255", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
        ]);
    }

    #[test]
    fn ipv6_that_is_public_and_that_is_not() {
        hold(&[
            ("2606:4700:4700::1111", true),
            ("2a00:1450:4003::200e", true),
            ("64:ff9b::101:101", true),
            ("::", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", false),
            ("::ffff:0:8.8.8.8", false),
            ("::127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::a9fe:a9fe", false),
            ("64:ff9b:1::1", false),
            ("100::1", false),
            ("2001::1", false),
            ("2001:0:53aa:64c::1", false),
            ("2001:2::1", false),
            ("2001:10::1", false),
            ("2001:20::1", false),
            ("2001:db8::1", false),
            ("2001:200::1", true),
            ("2002:7f00:1::1", false),
            ("2002:808:808::1", false),
            ("2620:4f:8000::1", false),
            ("3fff::1", false),
            ("3fff:1000::1", true),
            ("4000::1", false),
            ("5f00::1", false),
            ("fc00::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ]);
    }
}
