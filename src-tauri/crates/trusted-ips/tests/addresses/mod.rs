//! Addresses as plain numbers, and IANA's registries once more.
//!
//! Written from the registries on their own, with first and last addresses in the place of prefixes and without a line
//! of the crate, so that a slip in one is seen against the other.

use std::net::IpAddr;

use ipnet::IpNet;

/// The addresses from one to another of one family, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Interval {
    is_v6: bool,
    first: u128,
    last: u128,
}

impl Interval {
    pub(crate) fn of(net: &IpNet) -> Self {
        Self::between(net.network(), net.broadcast())
    }

    fn between(first: IpAddr, last: IpAddr) -> Self {
        Self { is_v6: first.is_ipv6(), first: number(first), last: number(last) }
    }

    fn parse((first, last): &(&str, &str)) -> Self {
        Self::between(first.parse().expect("an address"), last.parse().expect("an address"))
    }

    fn holds(&self, other: &Self) -> bool {
        self.is_v6 == other.is_v6 && self.first <= other.first && other.last <= self.last
    }

    fn length(&self) -> u128 {
        self.last - self.first
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_bits().into(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// All addresses of the networks, as the fewest intervals.
pub(crate) fn union(networks: &[IpNet]) -> Vec<Interval> {
    let mut parts: Vec<Interval> = networks.iter().map(Interval::of).collect();
    parts.sort();
    let mut whole: Vec<Interval> = Vec::new();
    for part in parts {
        match whole.last_mut() {
            Some(last) if last.is_v6 == part.is_v6 && part.first <= last.last.saturating_add(1) => {
                last.last = last.last.max(part.last);
            }
            Some(_) | None => whole.push(part),
        }
    }
    whole
}

/// Whether the network lies wholly inside one special range, and in no ordinary one within that.
pub(crate) fn is_special(net: &IpNet) -> bool {
    let net = Interval::of(net);
    let narrowest = |ranges: &[(&str, &str)]| {
        let around = ranges.iter().map(Interval::parse).filter(|range| range.holds(&net));
        around.map(|range| range.length()).min()
    };
    match (narrowest(SPECIAL), narrowest(ORDINARY)) {
        (Some(special), Some(ordinary)) => special < ordinary,
        (special, _) => special.is_some(),
    }
}

/// Whether the network lies in what is set aside for practice.
pub(crate) fn is_practice(net: &IpNet) -> bool {
    PRACTICE.iter().any(|range| Interval::parse(range).holds(&Interval::of(net)))
}

const SPECIAL: &[(&str, &str)] = &[
    ("0.0.0.0", "0.255.255.255"),
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "239.255.255.255"),
    ("240.0.0.0", "255.255.255.255"),
    ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
];

/// What IANA marks as globally reachable within those.
const ORDINARY: &[(&str, &str)] = &[
    ("192.0.0.9", "192.0.0.9"),
    ("192.0.0.10", "192.0.0.10"),
    ("2001:1::1", "2001:1::1"),
    ("2001:1::2", "2001:1::2"),
    ("2001:1::3", "2001:1::3"),
    ("2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff"),
    ("2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:30::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff"),
];

const PRACTICE: &[(&str, &str)] =
    &[("203.0.113.0", "203.0.113.255"), ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")];
