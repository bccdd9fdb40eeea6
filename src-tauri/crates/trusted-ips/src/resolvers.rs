//! Public resolvers: name servers that everybody may use, at well-known addresses.
//!
//! They stand in network settings, where people look for their own address, and answer questions only: no script calls
//! from one. The rows are what each operator publishes, with where. A network around one is somebody's network.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::canonical::is_single;

/// Whether the network is the single address of a public resolver.
pub(crate) fn is_public_resolver(net: &IpNet) -> bool {
    // Every address of a list is asked; bare numbers are compared many at once.
    is_single(net)
        && match net {
            IpNet::V4(net) => V4.contains(&net.addr().to_bits()),
            IpNet::V6(net) => V6.contains(&net.addr().to_bits()),
        }
}

const fn v4(a: u8, b: u8, c: u8, d: u8) -> u32 {
    Ipv4Addr::new(a, b, c, d).to_bits()
}

const fn v6(start: [u16; 4], end: [u16; 4]) -> u128 {
    let ([a, b, c, d], [e, f, g, h]) = (start, end);
    Ipv6Addr::new(a, b, c, d, e, f, g, h).to_bits()
}

const V4: &[u32] = &[
    // AdGuard DNS (adguard-dns.io, "Known DNS providers": default, family protection, non-filtering)
    v4(94, 140, 14, 14),
    v4(94, 140, 15, 15),
    v4(94, 140, 14, 15),
    v4(94, 140, 15, 16),
    v4(94, 140, 14, 140),
    v4(94, 140, 14, 141),
    // Alibaba Public DNS (alidns.com)
    v4(223, 5, 5, 5),
    v4(223, 6, 6, 6),
    // CleanBrowsing (cleanbrowsing.org, "Filters": family, adult, security)
    v4(185, 228, 168, 168),
    v4(185, 228, 169, 168),
    v4(185, 228, 168, 10),
    v4(185, 228, 169, 11),
    v4(185, 228, 168, 9),
    v4(185, 228, 169, 9),
    // Cloudflare (developers.cloudflare.com/1.1.1.1, "IP addresses": standard, and "for Families")
    v4(1, 1, 1, 1),
    v4(1, 0, 0, 1),
    v4(1, 1, 1, 2),
    v4(1, 0, 0, 2),
    v4(1, 1, 1, 3),
    v4(1, 0, 0, 3),
    // Control D (controld.com/free-dns)
    v4(76, 76, 2, 0),
    v4(76, 76, 10, 0),
    v4(76, 76, 2, 1),
    v4(76, 76, 2, 2),
    v4(76, 76, 2, 3),
    // DNSPod (dnspod.cn, "Public DNS+")
    v4(119, 29, 29, 29),
    // Google (developers.google.com/speed/public-dns, "Get started")
    v4(8, 8, 8, 8),
    v4(8, 8, 4, 4),
    // OpenDNS (opendns.com, "Setup guide": standard, FamilyShield)
    v4(208, 67, 222, 222),
    v4(208, 67, 220, 220),
    v4(208, 67, 222, 123),
    v4(208, 67, 220, 123),
    // Quad9 (quad9.net, "Service addresses and features": recommended, unsecured, with ECS)
    v4(9, 9, 9, 9),
    v4(149, 112, 112, 112),
    v4(9, 9, 9, 10),
    v4(149, 112, 112, 10),
    v4(9, 9, 9, 11),
    v4(149, 112, 112, 11),
];

const V6: &[u128] = &[
    // AdGuard DNS (adguard-dns.io, "Known DNS providers": default, family protection, non-filtering)
    v6([0x2a10, 0x50c0, 0, 0], [0, 0, 0xad1, 0xff]),
    v6([0x2a10, 0x50c0, 0, 0], [0, 0, 0xad2, 0xff]),
    v6([0x2a10, 0x50c0, 0, 0], [0, 0, 0xbad1, 0xff]),
    v6([0x2a10, 0x50c0, 0, 0], [0, 0, 0xbad2, 0xff]),
    v6([0x2a10, 0x50c0, 0, 0], [0, 0, 1, 0xff]),
    v6([0x2a10, 0x50c0, 0, 0], [0, 0, 2, 0xff]),
    // Alibaba Public DNS (alidns.com)
    v6([0x2400, 0x3200, 0, 0], [0, 0, 0, 1]),
    v6([0x2400, 0x3200, 0xbaba, 0], [0, 0, 0, 1]),
    // CleanBrowsing (cleanbrowsing.org, "Filters": family, adult, security)
    v6([0x2a0d, 0x2a00, 1, 0], [0; 4]),
    v6([0x2a0d, 0x2a00, 2, 0], [0; 4]),
    v6([0x2a0d, 0x2a00, 1, 0], [0, 0, 0, 1]),
    v6([0x2a0d, 0x2a00, 2, 0], [0, 0, 0, 1]),
    v6([0x2a0d, 0x2a00, 1, 0], [0, 0, 0, 2]),
    v6([0x2a0d, 0x2a00, 2, 0], [0, 0, 0, 2]),
    // Cloudflare (developers.cloudflare.com/1.1.1.1, "IP addresses": standard, and "for Families")
    v6([0x2606, 0x4700, 0x4700, 0], [0, 0, 0, 0x1111]),
    v6([0x2606, 0x4700, 0x4700, 0], [0, 0, 0, 0x1001]),
    v6([0x2606, 0x4700, 0x4700, 0], [0, 0, 0, 0x1112]),
    v6([0x2606, 0x4700, 0x4700, 0], [0, 0, 0, 0x1002]),
    v6([0x2606, 0x4700, 0x4700, 0], [0, 0, 0, 0x1113]),
    v6([0x2606, 0x4700, 0x4700, 0], [0, 0, 0, 0x1003]),
    // Control D (controld.com/free-dns)
    v6([0x2606, 0x1a40, 0, 0], [0; 4]),
    v6([0x2606, 0x1a40, 1, 0], [0; 4]),
    // Google (developers.google.com/speed/public-dns, "Get started")
    v6([0x2001, 0x4860, 0x4860, 0], [0, 0, 0, 0x8888]),
    v6([0x2001, 0x4860, 0x4860, 0], [0, 0, 0, 0x8844]),
    // OpenDNS (opendns.com, "Setup guide")
    v6([0x2620, 0x119, 0x35, 0], [0, 0, 0, 0x35]),
    v6([0x2620, 0x119, 0x53, 0], [0, 0, 0, 0x53]),
    // Quad9 (quad9.net, "Service addresses and features": recommended, unsecured, with ECS)
    v6([0x2620, 0xfe, 0, 0], [0, 0, 0, 0xfe]),
    v6([0x2620, 0xfe, 0, 0], [0, 0, 0, 9]),
    v6([0x2620, 0xfe, 0, 0], [0, 0, 0, 0x10]),
    v6([0x2620, 0xfe, 0, 0], [0, 0, 0xfe, 0x10]),
    v6([0x2620, 0xfe, 0, 0], [0, 0, 0, 0x11]),
    v6([0x2620, 0xfe, 0, 0], [0, 0, 0xfe, 0x11]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_known_address_alone_is_one_and_nothing_around_it() {
        for (given, wanted) in [
            ("1.1.1.1/32", true),
            ("1.1.1.3/32", true),
            ("1.1.1.4/32", false),
            ("8.8.8.8/32", true),
            ("8.8.4.4/32", true),
            ("8.8.8.9/32", false),
            ("8.8.8.8/31", false),
            ("8.8.8.0/24", false),
            ("9.9.9.9/32", true),
            ("149.112.112.112/32", true),
            ("208.67.222.222/32", true),
            ("94.140.14.14/32", true),
            ("2606:4700:4700::1111/128", true),
            ("2606:4700:4700::1001/128", true),
            ("2606:4700:4700::1117/128", false),
            ("2606:4700:4700::/48", false),
            ("2001:4860:4860::8844/128", true),
            ("2620:fe::fe/128", true),
            ("2620:fe::9/128", true),
            ("2620:119:35::35/128", true),
            ("2a10:50c0::ad1:ff/128", true),
            ("2a0d:2a00:1::/128", true),
            ("2a0d:2a00:1::/127", false),
        ] {
            assert_eq!(is_public_resolver(&given.parse().unwrap()), wanted, "{given}");
        }
    }

    #[test]
    fn rows_stand_once() {
        for (at, row) in V4.iter().enumerate() {
            assert!(!V4[at + 1..].contains(row), "{}", Ipv4Addr::from_bits(*row));
        }
        for (at, row) in V6.iter().enumerate() {
            assert!(!V6[at + 1..].contains(row), "{}", Ipv6Addr::from_bits(*row));
        }
    }
}
