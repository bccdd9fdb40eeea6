//! Networks as text, and addresses in networks.

use std::net::IpAddr;

use ipnet::IpNet;

/// The one way to write a network: RFC 5952, and a single address without its prefix.
///
/// ```
/// let network = "2001:DB8:0:0::1/128".parse().unwrap();
/// assert_eq!(trusted_ips::canonical(&network), "2001:db8::1");
/// ```
pub fn canonical(net: &IpNet) -> String {
    if is_single(net) { net.addr().to_string() } else { net.trunc().to_string() }
}

/// Whether one of the networks contains the address. An IPv4-mapped address counts as its IPv4 address.
pub fn contains(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

pub(crate) fn is_single(net: &IpNet) -> bool {
    net.prefix_len() == net.max_prefix_len()
}

pub(crate) fn joined(networks: &[IpNet]) -> String {
    let texts: Vec<String> = networks.iter().map(canonical).collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_written_as_rfc_5952_says() {
        for (given, wanted) in [
            ("8.8.8.8/32", "8.8.8.8"),
            ("8.8.8.0/24", "8.8.8.0/24"),
            ("8.8.8.8/24", "8.8.8.0/24"),
            ("2A00:0:0:1:0:0:0:1/128", "2a00:0:0:1::1"),
            ("2a00:0:1:0:1:0:1:0/128", "2a00:0:1:0:1:0:1:0"),
            ("2a00:0:0:1:1:0:0:1/128", "2a00::1:1:0:0:1"),
            ("2606:4700::/32", "2606:4700::/32"),
        ] {
            assert_eq!(canonical(&given.parse().unwrap()), wanted);
        }
    }

    #[test]
    fn a_mapped_address_is_found_in_an_ipv4_network() {
        let networks = ["8.8.8.0/24".parse().unwrap(), "2606:4700::/64".parse().unwrap()];
        for (address, inside) in [
            ("8.8.8.255", true),
            ("8.8.9.0", false),
            ("::ffff:8.8.8.7", true),
            ("::8.8.8.7", false),
            ("2606:4700::ffff", true),
            ("2606:4700:0:1::", false),
        ] {
            assert_eq!(contains(&networks, address.parse().unwrap()), inside, "{address}");
        }
        assert!(!contains(&[], "8.8.8.8".parse().unwrap()));
    }
}
