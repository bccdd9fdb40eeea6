//! Whether a network may stand in the list.

use ipnet::IpNet;

use crate::canonical::is_single;
use crate::policy::Policy;
use crate::resolvers::is_public_resolver;
use crate::special;
use crate::verdict::Reason;

/// What the policy says of a network.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It may stand in the list; the reasons are warnings.
    Kept(Vec<Reason>),
    /// It may not.
    Refused {
        reasons: Vec<Reason>,
        /// What is meant, and would be kept.
        meant: Option<IpNet>,
    },
}

/// Judges a network without host bits.
pub(crate) fn judge(net: &IpNet, policy: &Policy) -> Judgement {
    if let Some(v4) = special::mapped(net) {
        return judge_mapped(v4, policy);
    }
    let practice = policy.practice_addresses && special::is_practice(net);
    if let Some(reason) = special::surrounding(net).filter(|_| !practice) {
        return refused(reason, None);
    }
    if net.prefix_len() < widest(net, policy) {
        return refused(Reason::TooWide, None);
    }
    Judgement::Kept(warnings(net))
}

/// The widest network within the policy that a too wide one may have been meant as.
///
/// Clear only where it is one bit off, or where the address itself is written down to that prefix and no further:
/// `8.8.0.0/12` stands for `8.8.0.0/16`, while nobody can tell what `8.0.0.0/8` was to be.
pub(crate) fn narrowed(address: &IpNet, policy: &Policy) -> Option<IpNet> {
    let prefix = widest(address, policy);
    let meant = IpNet::new(address.addr(), prefix).ok()?;
    let written_to_there = meant.trunc() == meant && {
        let half = IpNet::new(address.addr(), prefix / 2).ok()?;
        half.trunc().addr() != half.addr()
    };
    let meant = meant.trunc();
    let clear = address.prefix_len() + 1 == prefix || written_to_there;
    (clear && matches!(judge(&meant, policy), Judgement::Kept(_))).then_some(meant)
}

fn judge_mapped(v4: IpNet, policy: &Policy) -> Judgement {
    match judge(&v4, policy) {
        Judgement::Kept(_) => refused(Reason::Ipv4Mapped, Some(v4)),
        Judgement::Refused { reasons, .. } => {
            let mut all = vec![Reason::Ipv4Mapped];
            all.extend(reasons);
            Judgement::Refused { reasons: all, meant: None }
        }
    }
}

fn refused(reason: Reason, meant: Option<IpNet>) -> Judgement {
    Judgement::Refused { reasons: vec![reason], meant }
}

fn warnings(net: &IpNet) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match net {
        IpNet::V4(_) if net.prefix_len() < WIDE => reasons.push(Reason::WideNetwork),
        IpNet::V6(_) if !is_single(net) => reasons.push(Reason::Ipv6Network),
        IpNet::V4(_) | IpNet::V6(_) => {}
    }
    if !is_single(net) && special::contains_special(net) && special::surrounding(net).is_none() {
        reasons.push(Reason::ContainsReserved);
    }
    if is_public_resolver(net) {
        reasons.push(Reason::PublicResolver);
    }
    reasons
}

/// The shortest prefix that the policy takes for the family of the network.
pub(crate) fn widest(net: &IpNet, policy: &Policy) -> u8 {
    match net {
        IpNet::V4(_) => policy.ipv4_prefix_min,
        IpNet::V6(_) => policy.ipv6_prefix_min,
    }
}

/// IPv4 networks with a shorter prefix than this are warned about.
const WIDE: u8 = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_judged_by_where_it_lies_before_its_width() {
        for (given, wanted) in [
            ("8.8.8.9/32", "kept"),
            ("8.8.8.8/32", "kept public-resolver"),
            ("8.8.8.0/24", "kept"),
            ("8.8.8.0/23", "kept wide-network"),
            ("8.8.0.0/16", "kept wide-network"),
            ("8.8.0.0/15", "refused too-wide"),
            ("10.0.0.0/8", "refused private-address"),
            ("10.0.0.0/7", "refused too-wide"),
            ("203.0.112.0/23", "kept wide-network contains-reserved"),
            ("192.31.0.0/16", "kept wide-network"),
            ("2606:4700::1/128", "kept"),
            ("2606:4700::/127", "kept ipv6-network"),
            ("2606:4700::/32", "kept ipv6-network"),
            ("2606:4700::/31", "refused too-wide"),
            ("2001:20::/28", "refused too-wide"),
            ("2001:20::/40", "kept ipv6-network"),
            ("::ffff:8.8.8.0/120", "refused ipv4-mapped"),
            ("::ffff:10.0.0.0/120", "refused ipv4-mapped private-address"),
            ("::ffff:0.0.0.0/96", "refused ipv4-mapped too-wide"),
            ("203.0.113.0/24", "refused documentation-address"),
        ] {
            assert_eq!(said(given, &Policy::THREE_COMMAS), wanted, "{given}");
        }
    }

    #[test]
    fn practice_takes_two_documentation_ranges_and_no_other() {
        for (given, wanted) in [
            ("203.0.113.7/32", "kept"),
            ("203.0.113.0/24", "kept"),
            ("2001:db8::7/128", "kept"),
            ("2001:db8::/32", "kept ipv6-network"),
            ("203.0.112.0/23", "kept wide-network contains-reserved"),
            ("198.51.100.7/32", "refused documentation-address"),
            ("192.0.2.1/32", "refused documentation-address"),
            ("3fff::1/128", "refused documentation-address"),
            ("10.0.0.1/32", "refused private-address"),
        ] {
            assert_eq!(said(given, &Policy::PRACTICE), wanted, "{given}");
        }
    }

    #[test]
    fn a_too_wide_network_is_narrowed_only_where_that_is_clear() {
        for (given, wanted) in [
            ("8.8.0.0/15", Some("8.8.0.0/16")),
            ("8.8.8.8/15", Some("8.8.0.0/16")),
            ("8.8.0.0/12", Some("8.8.0.0/16")),
            ("8.0.0.0/8", None),
            ("8.8.8.8/0", None),
            ("0.0.0.0/0", None),
            ("192.168.0.0/12", None),
            ("2606:4700::/31", Some("2606:4700::/32")),
            ("2606:4700::/24", Some("2606:4700::/32")),
            ("2000::/3", None),
        ] {
            let meant = narrowed(&given.parse().unwrap(), &Policy::THREE_COMMAS);
            assert_eq!(meant, wanted.map(|net| net.parse().unwrap()), "{given}");
        }
    }

    fn said(net: &str, policy: &Policy) -> String {
        let (word, reasons) = match judge(&net.parse().unwrap(), policy) {
            Judgement::Kept(reasons) => ("kept", reasons),
            Judgement::Refused { reasons, .. } => ("refused", reasons),
        };
        let mut said = vec![word];
        said.extend(reasons.iter().map(|reason| reason.as_str()));
        said.join(" ")
    }
}
