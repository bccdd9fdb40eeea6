//! Addresses that are no ordinary public address.
//!
//! The rows are those of IANA's registries, written out: *IPv4 Special-Purpose Address Space* and *IPv6
//! Special-Purpose Address Space* (RFC 6890, RFC 8190; as updated 2025-10-09), with multicast from *IPv4 Multicast
//! Address Space* and *IPv6 Address Space*. The narrowest row that holds an address decides.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::verdict::Reason;

/// Why an address is no ordinary public address; `None` if it is one.
///
/// ```
/// use trusted_ips::{Reason, special_range};
///
/// assert_eq!(special_range("8.8.8.8".parse().unwrap()), None);
/// assert_eq!(special_range("10.0.0.1".parse().unwrap()), Some(Reason::PrivateAddress));
/// ```
pub fn special_range(address: IpAddr) -> Option<Reason> {
    surrounding(&IpNet::from(address))
}

/// The reason of the narrowest row that the network lies in wholly; `None` if that row is ordinary, or there is none.
pub(crate) fn surrounding(net: &IpNet) -> Option<Reason> {
    // A row that holds the network holds its first address.
    if !is_near_row(net) {
        return None;
    }
    match net {
        IpNet::V4(net) => narrowest(V4, |row| row.contains(net), Ipv4Net::prefix_len),
        IpNet::V6(net) => narrowest(V6, |row| row.contains(net), Ipv6Net::prefix_len),
    }
}

/// Whether a special range lies within the network.
pub(crate) fn contains_special(net: &IpNet) -> bool {
    if net.prefix_len() >= NEAR && !is_near_row(net) {
        return false;
    }
    match net {
        IpNet::V4(net) => V4.iter().any(|(row, use_)| use_.is_some() && net.contains(row)),
        IpNet::V6(net) => V6.iter().any(|(row, use_)| use_.is_some() && net.contains(row)),
    }
}

/// The IPv4 network behind a network of IPv4-mapped addresses.
pub(crate) fn mapped(net: &IpNet) -> Option<IpNet> {
    let IpNet::V6(v6) = net else { return None };
    let prefix = v6.prefix_len().checked_sub(MAPPED.prefix_len())?;
    let address = v6.addr().to_ipv4_mapped()?;
    IpNet::new(address.into(), prefix).ok()
}

/// Whether the network lies in one of the ranges that the practice destination takes.
///
/// They are documentation ranges (RFC 5737, RFC 3849): nobody's, so that nothing bad can come of them.
pub(crate) fn is_practice(net: &IpNet) -> bool {
    match net {
        IpNet::V4(net) => PRACTICE_V4.contains(net),
        IpNet::V6(net) => PRACTICE_V6.contains(net),
    }
}

/// A row: the range, and why it is special. `None`: IANA marks it globally reachable.
type Row<N> = (N, Option<Reason>);

fn narrowest<N>(rows: &[Row<N>], holds: impl Fn(&N) -> bool, prefix: impl Fn(&N) -> u8) -> Option<Reason> {
    rows.iter().filter(|(range, _)| holds(range)).max_by_key(|(range, _)| prefix(range)).and_then(|(_, reason)| *reason)
}

/// Whether a row shares its first [`NEAR`] bits with the network, in full or, if either is wider, in part.
///
/// Hardly any address of a real list is near one, and going through the rows for each would be most of the work.
fn is_near_row(net: &IpNet) -> bool {
    let (rows, first) = match net {
        IpNet::V4(net) => (&NEAR_V4, net.addr().to_bits() >> (32 - NEAR)),
        IpNet::V6(net) => (&NEAR_V6, (net.addr().to_bits() >> (128 - NEAR)) as u32),
    };
    let first = first as usize;
    rows[first / 64] >> (first % 64) & 1 == 1
}

/// How many bits of an address say whether a row is near.
const NEAR: u8 = 16;

/// A bit for each value of the first [`NEAR`] bits.
type Near = [u64; 1 << (NEAR - 6)];

static NEAR_V4: Near = {
    let mut near = [0; 1 << (NEAR - 6)];
    let mut at = 0;
    while at < V4.len() {
        let row = &V4[at].0;
        near = with_row(near, (row.addr().to_bits() >> (32 - NEAR)) as usize, row.prefix_len());
        at += 1;
    }
    near
};

static NEAR_V6: Near = {
    let mut near = [0; 1 << (NEAR - 6)];
    let mut at = 0;
    while at < V6.len() {
        let row = &V6[at].0;
        near = with_row(near, (row.addr().to_bits() >> (128 - NEAR)) as usize, row.prefix_len());
        at += 1;
    }
    near
};

const fn with_row(mut near: Near, first: usize, prefix: u8) -> Near {
    let values = if prefix < NEAR { 1 << (NEAR - prefix) } else { 1 };
    let mut value = first;
    while value < first + values {
        near[value / 64] |= 1 << (value % 64);
        value += 1;
    }
    near
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(start: [u16; 4], end: [u16; 4], prefix: u8) -> Ipv6Net {
    let ([a, b, c, d], [e, f, g, h]) = (start, end);
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

const PRACTICE_V4: Ipv4Net = v4(203, 0, 113, 0, 24);
const PRACTICE_V6: Ipv6Net = v6([0x2001, 0xdb8, 0, 0], [0; 4], 32);
const MAPPED: Ipv6Net = v6([0; 4], [0, 0xffff, 0, 0], 96);

const V4: &[Row<Ipv4Net>] = &[
    // "This network" and "this host on this network" (RFC 791, RFC 1122)
    (v4(0, 0, 0, 0, 8), Some(Reason::ReservedAddress)),
    (v4(0, 0, 0, 0, 32), Some(Reason::UnspecifiedAddress)),
    // Private use (RFC 1918)
    (v4(10, 0, 0, 0, 8), Some(Reason::PrivateAddress)),
    (v4(172, 16, 0, 0, 12), Some(Reason::PrivateAddress)),
    (v4(192, 168, 0, 0, 16), Some(Reason::PrivateAddress)),
    // Shared address space of carriers (RFC 6598)
    (v4(100, 64, 0, 0, 10), Some(Reason::CarrierNatAddress)),
    // Loopback (RFC 1122)
    (v4(127, 0, 0, 0, 8), Some(Reason::LoopbackAddress)),
    // Link local (RFC 3927)
    (v4(169, 254, 0, 0, 16), Some(Reason::LinkLocalAddress)),
    // IETF protocol assignments (RFC 6890)
    (v4(192, 0, 0, 0, 24), Some(Reason::ReservedAddress)),
    // IPv4 service continuity prefix (RFC 7335)
    (v4(192, 0, 0, 0, 29), Some(Reason::ReservedAddress)),
    // IPv4 dummy address (RFC 7600)
    (v4(192, 0, 0, 8, 32), Some(Reason::ReservedAddress)),
    // Port Control Protocol anycast (RFC 7723), TURN anycast (RFC 8155): globally reachable
    (v4(192, 0, 0, 9, 32), None),
    (v4(192, 0, 0, 10, 32), None),
    // NAT64/DNS64 discovery (RFC 8880, RFC 7050)
    (v4(192, 0, 0, 170, 32), Some(Reason::ReservedAddress)),
    (v4(192, 0, 0, 171, 32), Some(Reason::ReservedAddress)),
    // Documentation: TEST-NET-1, -2 and -3 (RFC 5737)
    (v4(192, 0, 2, 0, 24), Some(Reason::DocumentationAddress)),
    (v4(198, 51, 100, 0, 24), Some(Reason::DocumentationAddress)),
    (PRACTICE_V4, Some(Reason::DocumentationAddress)),
    // AS112-v4 (RFC 7535), AMT (RFC 7450), direct delegation AS112 (RFC 7534): globally reachable
    (v4(192, 31, 196, 0, 24), None),
    (v4(192, 52, 193, 0, 24), None),
    (v4(192, 175, 48, 0, 24), None),
    // 6to4 relay anycast, deprecated (RFC 7526), and 6a44 relay anycast (RFC 6751)
    (v4(192, 88, 99, 0, 24), Some(Reason::ReservedAddress)),
    (v4(192, 88, 99, 2, 32), Some(Reason::ReservedAddress)),
    // Benchmarking (RFC 2544)
    (v4(198, 18, 0, 0, 15), Some(Reason::BenchmarkAddress)),
    // Multicast (RFC 5771)
    (v4(224, 0, 0, 0, 4), Some(Reason::MulticastAddress)),
    // Reserved (RFC 1112) and limited broadcast (RFC 919, RFC 8190)
    (v4(240, 0, 0, 0, 4), Some(Reason::ReservedAddress)),
    (v4(255, 255, 255, 255, 32), Some(Reason::BroadcastAddress)),
];

const V6: &[Row<Ipv6Net>] = &[
    // Everything outside global unicast, 2000::/3 (RFC 4291)
    (v6([0; 4], [0; 4], 3), Some(Reason::ReservedAddress)),
    (v6([0x4000, 0, 0, 0], [0; 4], 2), Some(Reason::ReservedAddress)),
    (v6([0x8000, 0, 0, 0], [0; 4], 1), Some(Reason::ReservedAddress)),
    // Unspecified and loopback (RFC 4291)
    (v6([0; 4], [0; 4], 128), Some(Reason::UnspecifiedAddress)),
    (v6([0; 4], [0, 0, 0, 1], 128), Some(Reason::LoopbackAddress)),
    // IPv4-mapped (RFC 4291)
    (MAPPED, Some(Reason::Ipv4Mapped)),
    // IPv4-IPv6 translation, well-known and local-use (RFC 6052, RFC 8215)
    (v6([0x64, 0xff9b, 0, 0], [0; 4], 96), Some(Reason::TranslatedAddress)),
    (v6([0x64, 0xff9b, 1, 0], [0; 4], 48), Some(Reason::TranslatedAddress)),
    // Discard-only (RFC 6666) and dummy prefix (RFC 9780)
    (v6([0x100, 0, 0, 0], [0; 4], 64), Some(Reason::ReservedAddress)),
    (v6([0x100, 0, 0, 1], [0; 4], 64), Some(Reason::ReservedAddress)),
    // IETF protocol assignments (RFC 2928)
    (v6([0x2001, 0, 0, 0], [0; 4], 23), Some(Reason::ReservedAddress)),
    // Teredo (RFC 4380)
    (v6([0x2001, 0, 0, 0], [0; 4], 32), Some(Reason::TranslatedAddress)),
    // PCP (RFC 7723), TURN (RFC 8155) and DNS-SD SRP (RFC 9665) anycast: globally reachable
    (v6([0x2001, 1, 0, 0], [0, 0, 0, 1], 128), None),
    (v6([0x2001, 1, 0, 0], [0, 0, 0, 2], 128), None),
    (v6([0x2001, 1, 0, 0], [0, 0, 0, 3], 128), None),
    // Benchmarking (RFC 5180)
    (v6([0x2001, 2, 0, 0], [0; 4], 48), Some(Reason::BenchmarkAddress)),
    // AMT (RFC 7450) and AS112-v6 (RFC 7535): globally reachable
    (v6([0x2001, 3, 0, 0], [0; 4], 32), None),
    (v6([0x2001, 4, 0x112, 0], [0; 4], 48), None),
    // ORCHID, given back (RFC 4843)
    (v6([0x2001, 0x10, 0, 0], [0; 4], 28), Some(Reason::ReservedAddress)),
    // ORCHIDv2 (RFC 7343) and drone remote ID tags (RFC 9374): globally reachable
    (v6([0x2001, 0x20, 0, 0], [0; 4], 28), None),
    (v6([0x2001, 0x30, 0, 0], [0; 4], 28), None),
    // Documentation (RFC 3849, RFC 9637)
    (PRACTICE_V6, Some(Reason::DocumentationAddress)),
    (v6([0x3fff, 0, 0, 0], [0; 4], 20), Some(Reason::DocumentationAddress)),
    // 6to4 (RFC 3056)
    (v6([0x2002, 0, 0, 0], [0; 4], 16), Some(Reason::TranslatedAddress)),
    // Direct delegation AS112 (RFC 7534): globally reachable
    (v6([0x2620, 0x4f, 0x8000, 0], [0; 4], 48), None),
    // Segment routing identifiers (RFC 9602)
    (v6([0x5f00, 0, 0, 0], [0; 4], 16), Some(Reason::ReservedAddress)),
    // Unique local (RFC 4193)
    (v6([0xfc00, 0, 0, 0], [0; 4], 7), Some(Reason::UniqueLocalAddress)),
    // Link local (RFC 4291) and site local, deprecated (RFC 3879)
    (v6([0xfe80, 0, 0, 0], [0; 4], 10), Some(Reason::LinkLocalAddress)),
    (v6([0xfec0, 0, 0, 0], [0; 4], 10), Some(Reason::ReservedAddress)),
    // Multicast (RFC 4291)
    (v6([0xff00, 0, 0, 0], [0; 4], 8), Some(Reason::MulticastAddress)),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    fn code(reason: Option<Reason>) -> &'static str {
        reason.map_or("-", Reason::as_str)
    }

    #[test]
    fn the_narrowest_named_range_wins() {
        for (address, wanted) in [
            ("0.0.0.0", "unspecified-address"),
            ("0.0.0.1", "reserved-address"),
            ("0.255.255.255", "reserved-address"),
            ("1.0.0.0", "-"),
            ("9.255.255.255", "-"),
            ("10.0.0.0", "private-address"),
            ("11.0.0.0", "-"),
            ("100.63.255.255", "-"),
            ("100.64.0.0", "carrier-nat-address"),
            ("100.127.255.255", "carrier-nat-address"),
            ("100.128.0.0", "-"),
            ("127.255.255.255", "loopback-address"),
            ("169.254.0.0", "link-local-address"),
            ("169.255.0.0", "-"),
            ("172.16.0.0", "private-address"),
            ("172.32.0.0", "-"),
            ("192.0.0.0", "reserved-address"),
            ("192.0.0.8", "reserved-address"),
            ("192.0.0.9", "-"),
            ("192.0.0.10", "-"),
            ("192.0.0.11", "reserved-address"),
            ("192.0.0.170", "reserved-address"),
            ("192.0.0.255", "reserved-address"),
            ("192.0.1.0", "-"),
            ("192.0.2.255", "documentation-address"),
            ("192.0.3.0", "-"),
            ("192.31.196.1", "-"),
            ("192.52.193.1", "-"),
            ("192.88.98.255", "-"),
            ("192.88.99.1", "reserved-address"),
            ("192.88.99.2", "reserved-address"),
            ("192.88.100.0", "-"),
            ("192.168.255.255", "private-address"),
            ("192.175.48.1", "-"),
            ("198.18.0.0", "benchmark-address"),
            ("198.20.0.0", "-"),
            ("198.51.100.0", "documentation-address"),
            ("203.0.113.255", "documentation-address"),
            ("203.0.114.0", "-"),
            ("223.255.255.255", "-"),
            ("224.0.0.0", "multicast-address"),
            ("239.255.255.255", "multicast-address"),
            ("240.0.0.0", "reserved-address"),
            ("255.255.255.254", "reserved-address"),
            ("255.255.255.255", "broadcast-address"),
            ("::", "unspecified-address"),
            ("::1", "loopback-address"),
            ("::2", "reserved-address"),
            ("::8.8.8.8", "reserved-address"),
            ("::fffe:8.8.8.8", "reserved-address"),
            ("::ffff:8.8.8.8", "ipv4-mapped"),
            ("64:ff9b::808:808", "translated-address"),
            ("64:ff9b:0:0:0:1::", "reserved-address"),
            ("64:ff9b:1:ffff::1", "translated-address"),
            ("64:ff9b:2::1", "reserved-address"),
            ("100::1", "reserved-address"),
            ("100:0:0:1::1", "reserved-address"),
            ("1fff:ffff::1", "reserved-address"),
            ("2000::1", "-"),
            ("2001::1", "translated-address"),
            ("2001:0:ffff::1", "translated-address"),
            ("2001:1::", "reserved-address"),
            ("2001:1::1", "-"),
            ("2001:1::2", "-"),
            ("2001:1::3", "-"),
            ("2001:1::4", "reserved-address"),
            ("2001:2::1", "benchmark-address"),
            ("2001:2:1::1", "reserved-address"),
            ("2001:3::1", "-"),
            ("2001:4:111::1", "reserved-address"),
            ("2001:4:112::1", "-"),
            ("2001:10::1", "reserved-address"),
            ("2001:1f:ffff::1", "reserved-address"),
            ("2001:20::1", "-"),
            ("2001:2f:ffff::1", "-"),
            ("2001:30::1", "-"),
            ("2001:40::1", "reserved-address"),
            ("2001:1ff:ffff::1", "reserved-address"),
            ("2001:200::1", "-"),
            ("2001:db7:ffff::1", "-"),
            ("2001:db8:ffff::1", "documentation-address"),
            ("2001:db9::1", "-"),
            ("2002::1", "translated-address"),
            ("2003::1", "-"),
            ("2620:4f:8000::1", "-"),
            ("3ffe:ffff::1", "-"),
            ("3fff:fff:ffff::1", "documentation-address"),
            ("3fff:1000::1", "-"),
            ("4000::1", "reserved-address"),
            ("5f00::1", "reserved-address"),
            ("8000::1", "reserved-address"),
            ("fbff::1", "reserved-address"),
            ("fdff::1", "unique-local-address"),
            ("fe00::1", "reserved-address"),
            ("febf::1", "link-local-address"),
            ("fec0::1", "reserved-address"),
            ("ff02::1", "multicast-address"),
        ] {
            let reason = special_range(address.parse().unwrap());
            assert_eq!(code(reason), wanted, "{address}");
        }
    }

    #[test]
    fn a_network_has_the_reason_of_what_it_lies_in_wholly() {
        for (given, wanted) in [
            ("10.0.0.0/8", "private-address"),
            ("10.0.0.0/7", "-"),
            ("0.0.0.0/8", "reserved-address"),
            ("0.0.0.0/0", "-"),
            ("224.0.0.0/4", "multicast-address"),
            ("224.0.0.0/3", "-"),
            ("240.0.0.0/4", "reserved-address"),
            ("192.0.0.8/31", "reserved-address"),
            ("::/0", "-"),
            ("::/2", "-"),
            ("::/3", "reserved-address"),
            ("e000::/3", "reserved-address"),
            ("8000::/1", "reserved-address"),
            ("2000::/3", "-"),
            ("2001::/23", "reserved-address"),
            ("2001:1::/126", "reserved-address"),
            ("fc00::/7", "unique-local-address"),
        ] {
            assert_eq!(code(surrounding(&net(given))), wanted, "{given}");
        }
    }

    #[test]
    fn ordinary_rows_within_a_network_are_not_special() {
        for (given, wanted) in [
            ("192.31.196.0/22", false),
            ("2620:4f:8000::/32", false),
            ("203.0.112.0/23", true),
            ("203.0.114.0/23", false),
            ("192.0.0.0/16", true),
            ("2001:db8::/31", true),
        ] {
            assert_eq!(contains_special(&net(given)), wanted, "{given}");
        }
    }

    #[test]
    fn rows_are_networks_and_stand_once() {
        for (at, (row, _)) in V4.iter().enumerate() {
            assert_eq!(row.trunc(), *row);
            assert!(V4[at + 1..].iter().all(|(other, _)| other != row), "{row}");
        }
        for (at, (row, _)) in V6.iter().enumerate() {
            assert_eq!(row.trunc(), *row);
            assert!(V6[at + 1..].iter().all(|(other, _)| other != row), "{row}");
        }
    }

    #[test]
    fn rows_are_near_what_they_hold_and_what_holds_them() {
        let rows = V4.iter().map(|(row, _)| IpNet::V4(*row)).chain(V6.iter().map(|(row, _)| IpNet::V6(*row)));
        for row in rows {
            for prefix in NEAR..=row.max_prefix_len() {
                for end in [row.network(), row.broadcast()] {
                    assert!(is_near_row(&IpNet::new(end, prefix).unwrap().trunc()), "{row} {prefix}");
                }
            }
        }
        for far in ["8.8.8.8/32", "172.32.0.0/16", "203.1.0.0/16", "2606:4700::/32", "2a00::1/128", "3ffe::/16"] {
            assert!(!is_near_row(&net(far)), "{far}");
        }
    }
}
