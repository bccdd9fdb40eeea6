//! The network around an address, for choosing its width.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use crate::count;
use crate::judge::{self, Judgement, judge};
use crate::policy::Policy;
use crate::verdict::{Reason, Verdict};

/// A network that may stand in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subnet {
    /// Without host bits.
    pub network: IpNet,
    /// The first of its addresses.
    pub first: IpAddr,
    /// The last of its addresses.
    pub last: IpAddr,
    /// How many it has; [`count_in_words`](crate::count_in_words) says it.
    pub addresses: u128,
    /// What to look at before trusting it: `wide-network`, `ipv6-network`, `contains-reserved`,
    /// `public-resolver`.
    pub reasons: Vec<Reason>,
}

impl Subnet {
    /// How loudly to warn of it: `accept` or `warn`.
    pub fn verdict(&self) -> Verdict {
        if self.reasons.is_empty() { Verdict::Accept } else { Verdict::Warn }
    }

    /// How much care it takes.
    pub fn care(&self) -> Care {
        let (few, many) = match self.network {
            IpNet::V4(_) => (28, 24),
            IpNet::V6(_) => (64, 56),
        };
        match self.network.prefix_len() {
            prefix if prefix == self.network.max_prefix_len() => Care::One,
            prefix if prefix >= few => Care::Few,
            prefix if prefix >= many => Care::Many,
            _ => Care::Huge,
        }
    }
}

/// How much care a network takes, by how many may be in it who are strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// One address.
    One,
    /// No more than one customer of a hosting provider commonly has: 16 IPv4 addresses, or one IPv6 subnet.
    Few,
    /// Neighbours: up to the 256 addresses of an IPv4 /24, or the IPv6 /56 that a home may be given (RFC 6177).
    Many,
    /// More than that.
    Huge,
}

/// The network of that prefix length which the address lies in.
///
/// # Errors
/// The first reason why it cannot stand in the list; [`Reason::BadMask`] if no address of the family has so many bits.
///
/// ```
/// use trusted_ips::{Policy, Reason, around, count_in_words};
///
/// let office = around("8.8.8.8".parse().unwrap(), 20, &Policy::THREE_COMMAS).unwrap();
/// assert_eq!(office.network.to_string(), "8.8.0.0/20");
/// assert_eq!(office.last.to_string(), "8.8.15.255");
/// assert_eq!(count_in_words(office.addresses), "4,096");
/// assert_eq!(office.reasons, [Reason::WideNetwork]);
/// ```
pub fn around(address: IpAddr, prefix: u8, policy: &Policy) -> Result<Subnet, Reason> {
    let network = IpNet::new(address, prefix).map_err(|_| Reason::BadMask)?.trunc();
    match judge(&network, policy) {
        Judgement::Kept(reasons) => Ok(Subnet {
            network,
            first: network.network(),
            last: network.broadcast(),
            addresses: count::addresses(&network),
            reasons,
        }),
        Judgement::Refused { reasons, .. } => Err(reasons.first().copied().unwrap_or(Reason::NotAnAddress)),
    }
}

/// The prefix lengths that the policy takes for addresses of this one's family, from the widest network to the address
/// alone. Empty if it takes none.
pub fn prefixes(address: IpAddr, policy: &Policy) -> RangeInclusive<u8> {
    let alone = IpNet::from(address);
    judge::widest(&alone, policy)..=alone.max_prefix_len()
}

/// Those of the [`prefixes`] that a slider offers, from the address alone to the widest network.
///
/// Every one for IPv4. For IPv6 those that people are given: one address, one subnet, and what providers hand out to
/// homes and sites (RFC 6177); /32 is what a whole provider has.
pub fn prefix_steps(address: IpAddr, policy: &Policy) -> Vec<u8> {
    let taken = prefixes(address, policy);
    match address {
        IpAddr::V4(_) => taken.rev().collect(),
        IpAddr::V6(_) => V6_STEPS.into_iter().filter(|prefix| taken.contains(prefix)).collect(),
    }
}

const V6_STEPS: [u8; 5] = [128, 64, 56, 48, 32];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_network_around_an_address_is_described() {
        for (address, prefix, wanted) in [
            ("8.8.8.9", 32, "8.8.8.9/32 8.8.8.9-8.8.8.9 1 accept"),
            ("8.8.8.8", 24, "8.8.8.0/24 8.8.8.0-8.8.8.255 256 accept"),
            ("8.8.8.8", 23, "8.8.8.0/23 8.8.8.0-8.8.9.255 512 warn wide-network"),
            ("203.0.112.9", 23, "203.0.112.0/23 203.0.112.0-203.0.113.255 512 warn wide-network contains-reserved"),
            ("2606:4700::1", 128, "2606:4700::1/128 2606:4700::1-2606:4700::1 1 accept"),
            (
                "2606:4700::1",
                64,
                "2606:4700::/64 2606:4700::-2606:4700::ffff:ffff:ffff:ffff 18446744073709551616 warn ipv6-network",
            ),
        ] {
            let subnet = around(ip(address), prefix, &Policy::THREE_COMMAS).unwrap();
            let Subnet { network, first, last, addresses, .. } = &subnet;
            let mut said = format!("{network} {first}-{last} {addresses} {}", subnet.verdict());
            for reason in &subnet.reasons {
                said = format!("{said} {reason}");
            }
            assert_eq!(said, wanted);
        }
    }

    #[test]
    fn what_cannot_stand_in_the_list_is_refused_with_its_first_reason() {
        for (address, prefix, reason) in [
            ("8.8.8.8", 33, Reason::BadMask),
            ("8.8.8.8", 15, Reason::TooWide),
            ("8.8.8.8", 0, Reason::TooWide),
            ("10.0.0.1", 32, Reason::PrivateAddress),
            ("203.0.113.7", 32, Reason::DocumentationAddress),
            ("2606:4700::1", 129, Reason::BadMask),
            ("2606:4700::1", 31, Reason::TooWide),
            ("::ffff:8.8.8.8", 128, Reason::Ipv4Mapped),
        ] {
            assert_eq!(around(ip(address), prefix, &Policy::THREE_COMMAS), Err(reason), "{address}/{prefix}");
        }
        assert!(around(ip("203.0.113.7"), 32, &Policy::PRACTICE).is_ok());
    }

    #[test]
    fn every_step_is_kept_and_no_prefix_beyond_them() {
        for address in [ip("8.8.8.8"), ip("2606:4700:1:2:3:4:5:6")] {
            let taken = prefixes(address, &Policy::THREE_COMMAS);
            for prefix in 0..=u8::MAX {
                let kept = around(address, prefix, &Policy::THREE_COMMAS);
                assert_eq!(kept.is_ok(), taken.contains(&prefix), "{address}/{prefix}");
                // What the slider says is what the list says of the same network.
                if let Ok(subnet) = kept {
                    let list = parse(&subnet.network.to_string(), &Policy::THREE_COMMAS);
                    assert_eq!(list.networks(), [subnet.network]);
                    assert_eq!(list.entries[0].reasons(), subnet.reasons);
                    assert_eq!(list.verdict(), subnet.verdict());
                }
            }
            let steps = prefix_steps(address, &Policy::THREE_COMMAS);
            assert!(steps.is_sorted_by(|a, b| a > b) && steps.iter().all(|step| taken.contains(step)));
            assert_eq!((steps.first(), steps.last()), (Some(taken.end()), Some(taken.start())));
        }
        assert_eq!(prefix_steps(ip("8.8.8.8"), &Policy::THREE_COMMAS).len(), 17);
        assert_eq!(prefix_steps(ip("2606::1"), &Policy::THREE_COMMAS), [128, 64, 56, 48, 32]);
    }

    #[test]
    fn the_wider_the_network_the_more_care() {
        for (address, prefixes) in
            [("8.8.8.8", [32, 31, 28, 27, 24, 23, 16]), ("2606::1", [128, 127, 64, 63, 56, 55, 32])]
        {
            let cares = prefixes.map(|prefix| around(ip(address), prefix, &Policy::THREE_COMMAS).unwrap().care());
            use Care::{Few, Huge, Many, One};
            assert_eq!(cares, [One, Few, Few, Many, Many, Huge, Huge], "{address}");
        }
    }

    #[test]
    fn a_policy_that_takes_nothing_has_no_steps() {
        let policy = Policy { ipv4_prefix_min: 255, ipv6_prefix_min: 255, ..Policy::THREE_COMMAS };
        for address in [ip("8.8.8.8"), ip("2606::1")] {
            assert!(prefixes(address, &policy).is_empty() && prefix_steps(address, &policy).is_empty());
        }
    }
}
