//! The network interfaces of this computer, as far as the operating system tells without asking the network.
//!
//! The crate `netdev` reads them on Linux, macOS and Windows; nothing but Linux was run by us.

use std::net::{IpAddr, Ipv6Addr};

use netdev::interface::ipv6_addr_flags::Ipv6AddrFlags;
use netdev::interface::types::InterfaceType;

/// An interface and its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interface {
    /// As the system shows it to people where it does (`Wi-Fi`), else its name (`wlan0`).
    pub(crate) name: String,
    pub(crate) kind: InterfaceKind,
    pub(crate) addresses: Vec<Assigned>,
}

/// What an interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterfaceKind {
    /// A wire, or what a virtual machine has for one.
    Cable,
    /// A mobile network's modem.
    Mobile,
    /// A dial-up line (which a VPN can be as well as a modem), or something unknown.
    Other,
    /// A VPN or another tunnel: what goes in comes out somewhere else.
    Vpn,
    /// Wi-Fi.
    Wireless,
}

impl InterfaceKind {
    /// The stable kebab-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cable => "cable",
            Self::Mobile => "mobile",
            Self::Other => "other",
            Self::Vpn => "vpn",
            Self::Wireless => "wireless",
        }
    }
}

/// An address that an interface has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) address: IpAddr,
    /// Whether it is a temporary one (RFC 8981); `None` where nobody knows.
    pub(crate) temporary: Option<bool>,
    /// Whether it may still be used for new connections: neither running out nor on trial nor somebody else's.
    pub(crate) usable: bool,
}

/// Reads them all. Blocks; empty if the system does not tell.
pub(crate) fn interfaces() -> Vec<Interface> {
    let flags = Flags::read();
    netdev::get_interfaces().into_iter().map(|interface| Interface::of(interface, &flags)).collect()
}

impl Interface {
    fn of(interface: netdev::Interface, flags: &Flags) -> Self {
        let v4 = interface.ipv4.iter().map(|net| Assigned {
            address: net.addr().into(),
            temporary: Some(false),
            usable: true,
        });
        let v6 = interface.ipv6.iter().enumerate().map(|(place, net)| {
            let told = interface.ipv6_addr_flags.get(place).copied();
            let state = flags.of(net.addr(), told);
            Assigned {
                address: net.addr().into(),
                temporary: state.map(|state| state.temporary),
                usable: state.is_some_and(|state| !(state.deprecated || state.tentative || state.duplicated)),
            }
        });
        let addresses = v4.chain(v6).collect();

        let names = [Some(&interface.name), interface.friendly_name.as_ref(), interface.description.as_ref()];
        let kind = kind(interface.if_type, interface.is_tun(), names.into_iter().flatten());
        Self { name: interface.friendly_name.unwrap_or(interface.name), kind, addresses }
    }
}

/// What an interface is, by what the system calls it; `point_to_point` is true of tunnels that carry packets.
fn kind<'a>(
    of_type: InterfaceType,
    point_to_point: bool,
    mut names: impl Iterator<Item = &'a String>,
) -> InterfaceKind {
    use InterfaceType::{
        Ethernet, Ethernet3Megabit, FastEthernetFx, FastEthernetT, GigabitEthernet, Ppp, ProprietaryVirtual, Tunnel,
        Wireless80211, Wman, Wwan, Wwanpp, Wwanpp2,
    };

    match of_type {
        // Windows gives the last type to Wintun, which WireGuard and most VPN programs use.
        Tunnel | ProprietaryVirtual => InterfaceKind::Vpn,
        Wman | Wwan | Wwanpp | Wwanpp2 => InterfaceKind::Mobile,
        _ if names.any(|name| is_of_a_vpn(name)) => InterfaceKind::Vpn,
        Wireless80211 => InterfaceKind::Wireless,
        Ethernet | Ethernet3Megabit | FastEthernetFx | FastEthernetT | GigabitEthernet => InterfaceKind::Cable,
        Ppp => InterfaceKind::Other,
        // Linux: `tun` and WireGuard have no type of their own.
        _ if point_to_point => InterfaceKind::Vpn,
        _ => InterfaceKind::Other,
    }
}

/// Whether a VPN program named it so: those that carry frames pose as a network card.
fn is_of_a_vpn(name: &str) -> bool {
    let name = name.to_lowercase();
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) || WORDS.iter().any(|word| name.contains(word))
}

/// OpenVPN's and ZeroTier's cards, on Linux and Windows.
const BEGINNINGS: [&str; 3] = ["tap", "zt", "zerotier"];

/// In the descriptions of Windows' adapters, and in the names that people give.
const WORDS: [&str; 7] = ["vpn", "wireguard", "wintun", "tailscale", "anyconnect", "pangp", "fortinet virtual"];

/// What the kernel knows of its IPv6 addresses.
#[cfg(target_os = "linux")]
struct Flags(Vec<(Ipv6Addr, Ipv6AddrFlags)>);

/// The crate answers "no flag" both where there is none and where it could not find out; the kernel's own list tells.
#[cfg(target_os = "linux")]
impl Flags {
    fn read() -> Self {
        Self(linux::listed(&std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default()))
    }

    fn of(&self, address: Ipv6Addr, _told: Option<Ipv6AddrFlags>) -> Option<Ipv6AddrFlags> {
        self.0.iter().find(|(listed, _)| *listed == address).map(|(_, flags)| *flags)
    }
}

#[cfg(not(target_os = "linux"))]
struct Flags;

#[cfg(not(target_os = "linux"))]
impl Flags {
    fn read() -> Self {
        Self
    }

    /// The crate asks the kernel on macOS and Windows; elsewhere what it says is a default.
    fn of(&self, _address: Ipv6Addr, told: Option<Ipv6AddrFlags>) -> Option<Ipv6AddrFlags> {
        told.filter(|_| cfg!(any(target_os = "macos", target_os = "windows")))
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::net::Ipv6Addr;

    use netdev::interface::ipv6_addr_flags::Ipv6AddrFlags;

    /// The lines of `/proc/net/if_inet6`: address, index, prefix, scope and flags in hexadecimal digits, and a name.
    /// Lines that are not so are left out.
    pub(super) fn listed(text: &str) -> Vec<(Ipv6Addr, Ipv6AddrFlags)> {
        text.lines().filter_map(line).collect()
    }

    fn line(line: &str) -> Option<(Ipv6Addr, Ipv6AddrFlags)> {
        let mut columns = line.split_ascii_whitespace();
        let address = columns.next().filter(|digits| digits.len() == 32)?;
        let flags = u32::from_str_radix(columns.nth(3)?, 16).ok()?;

        // linux/if_addr.h; the first bit has the name IFA_F_SECONDARY as well, which for IPv6 is the same.
        let flags = Ipv6AddrFlags {
            temporary: flags & 0x01 != 0,
            duplicated: flags & 0x08 != 0,
            deprecated: flags & 0x20 != 0,
            tentative: flags & 0x40 != 0,
            permanent: flags & 0x80 != 0,
        };
        Some((u128::from_str_radix(address, 16).ok()?.into(), flags))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_kernels_list_tells_which_addresses_are_temporary() {
            let told = listed(
                "20010db8000000000000000000000007 02 40 00 00    wlan0\n\
                 20010db80000000012345678abcdef01 02 40 00 01    wlan0\n\
                 20010db80000000012345678abcdef02 02 40 00 21    wlan0\n\
                 00000000000000000000000000000001 01 80 10 80       lo\n",
            );
            let seen: Vec<_> = told
                .iter()
                .map(|(address, flags)| (address.to_string(), flags.temporary, flags.deprecated, flags.permanent))
                .collect();
            assert_eq!(
                seen,
                [
                    ("2001:db8::7".to_owned(), false, false, false),
                    ("2001:db8::1234:5678:abcd:ef01".to_owned(), true, false, false),
                    ("2001:db8::1234:5678:abcd:ef02".to_owned(), true, true, false),
                    ("::1".to_owned(), false, false, true),
                ]
            );
        }

        #[test]
        fn what_is_no_such_line_says_nothing() {
            for text in
                ["", "\n", "fe80", "fe80 02 40 20 80 eth0", "20010db8000000000000000000000007 02 40", "é é é é é é"]
            {
                assert!(listed(text).is_empty(), "{text:?}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_what_the_system_and_its_name_say() {
        for (of_type, point_to_point, names, expected) in [
            (InterfaceType::Ethernet, false, &["eth0"][..], InterfaceKind::Cable),
            (InterfaceType::Ethernet, false, &["{GUID}", "Ethernet", "Intel(R) I219-V"], InterfaceKind::Cable),
            (InterfaceType::Wireless80211, false, &["en0", "Wi-Fi"], InterfaceKind::Wireless),
            (InterfaceType::Wwan, true, &["wwan0"], InterfaceKind::Mobile),
            (InterfaceType::Wwanpp, false, &["{GUID}", "Mobile"], InterfaceKind::Mobile),
            (InterfaceType::Tunnel, true, &["utun4"], InterfaceKind::Vpn),
            // ARPHRD_NONE: what Linux says of `tun` and of WireGuard.
            (InterfaceType::UnknownWithValue(65534), true, &["tun0"], InterfaceKind::Vpn),
            (InterfaceType::UnknownWithValue(65534), false, &["odd0"], InterfaceKind::Other),
            (InterfaceType::ProprietaryVirtual, false, &["{GUID}", "Work"], InterfaceKind::Vpn),
            (InterfaceType::Ethernet, false, &["tap0"], InterfaceKind::Vpn),
            (InterfaceType::Ethernet, false, &["{GUID}", "Ethernet 3", "TAP-Windows Adapter V9"], InterfaceKind::Vpn),
            (InterfaceType::Ethernet, false, &["ztabcdefgh"], InterfaceKind::Vpn),
            (InterfaceType::Ppp, true, &["{GUID}", "Office VPN"], InterfaceKind::Vpn),
            // A modem or a VPN: nobody can tell, so nothing is said.
            (InterfaceType::Ppp, true, &["ppp0"], InterfaceKind::Other),
            (InterfaceType::Unknown, false, &["?"], InterfaceKind::Other),
        ] {
            let owned: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(kind(of_type, point_to_point, owned.iter()), expected, "{names:?}");
        }
    }

    #[test]
    fn this_computer_has_itself() {
        let found = interfaces();
        let itself = found.iter().flat_map(|interface| &interface.addresses).find(|own| own.address.is_loopback());
        assert!(itself.is_some(), "{found:?}");
    }
}
