//! What this computer's own network says: which addresses it would leave by, and what they are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::interfaces::{Interface, InterfaceKind, interfaces};
use crate::options::Options;
use crate::source::Family;

/// The addresses by which this computer would reach the internet, before any router changes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalNetwork {
    /// The IPv4 address; `None` if there is no way to the internet over IPv4.
    pub v4: Option<LocalAddress>,
    /// The IPv6 address, likewise.
    pub v6: Option<LocalAddress>,
}

impl LocalNetwork {
    /// Asks the operating system. No packet is sent.
    ///
    /// Blocks for a moment, so that an async caller should give it a thread that may wait. Never fails: what is not known
    /// is `None`.
    #[must_use]
    pub fn read() -> Self {
        let interfaces = interfaces();
        let accept = Options::default().accept;
        let of = |family| Some(LocalAddress::among(&interfaces, leaving(family)?, accept));
        Self { v4: of(Family::V4), v6: of(Family::V6) }
    }

    /// What was found for this family.
    #[must_use]
    pub fn of(&self, family: Family) -> Option<&LocalAddress> {
        match family {
            Family::V4 => self.v4.as_ref(),
            Family::V6 => self.v6.as_ref(),
        }
    }
}

/// An address of this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAddress {
    /// The address itself. Behind a router it is not the one that the world sees.
    pub address: IpAddr,
    /// The interface that has it, by the name that the system shows: `eth0`, `Wi-Fi`.
    pub interface: Option<String>,
    /// What that interface is. It carries the default route, so `Vpn` means that a VPN does.
    pub kind: InterfaceKind,
    /// Whether it is a temporary IPv6 address (RFC 8981), made up anew every day or so. `None` where nobody knows.
    pub temporary: Option<bool>,
    /// A public IPv6 address of the same interface that stays: there only where `address` is a temporary one.
    pub stable: Option<IpAddr>,
}

impl LocalAddress {
    /// What is known of this address among the interfaces; `public` tells which others could be used on the internet.
    fn among(interfaces: &[Interface], address: IpAddr, public: fn(IpAddr) -> bool) -> Self {
        let holds = |interface: &&Interface| interface.addresses.iter().any(|own| own.address == address);
        let Some(interface) = interfaces.iter().find(holds) else {
            return Self { address, interface: None, kind: InterfaceKind::Other, temporary: None, stable: None };
        };

        let own = interface.addresses.iter().find(|own| own.address == address);
        let temporary = own.and_then(|own| own.temporary);
        let stays = interface
            .addresses
            .iter()
            .filter(|other| other.usable && other.temporary == Some(false))
            .map(|other| other.address)
            .filter(|&other| other.is_ipv6() && public(other));
        // The one of the same network is what the world would see instead.
        let stable = stays.max_by_key(|&other| same_network(other, address)).filter(|_| temporary == Some(true));

        Self { address, interface: Some(interface.name.clone()), kind: interface.kind, temporary, stable }
    }
}

/// Whether two IPv6 addresses differ in the interface's half only (RFC 4291 section 2.5.1: 64 bits).
fn same_network(one: IpAddr, other: IpAddr) -> bool {
    match (one, other) {
        (IpAddr::V6(one), IpAddr::V6(other)) => one.segments()[..4] == other.segments()[..4],
        (_, _) => false,
    }
}

/// The address that the system would leave by. Connecting a datagram socket only picks the route and with it the address;
/// whichever routes there are, policy routing of a VPN included, are taken as they would be for a real connection.
fn leaving(family: Family) -> Option<IpAddr> {
    let socket = UdpSocket::bind(SocketAddr::new(family.unspecified(), 0)).ok()?;
    socket.connect(SocketAddr::new(far(family), DISCARD)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// Somewhere on the internet, where no more particular route leads: a.root-servers.net, whose addresses stay.
fn far(family: Family) -> IpAddr {
    match family {
        Family::V4 => Ipv4Addr::new(198, 41, 0, 4).into(),
        Family::V6 => Ipv6Addr::new(0x2001, 0x503, 0xba3e, 0, 0, 0, 2, 0x30).into(),
    }
}

/// A port has to be named (RFC 863); nothing is sent to it.
const DISCARD: u16 = 9;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interfaces::Assigned;

    const STABLE: &str = "2001:db8:1:2::7";
    const TEMPORARY: &str = "2001:db8:1:2:1234:5678:abcd:ef01";

    fn own(text: &str, temporary: Option<bool>) -> Assigned {
        Assigned { address: text.parse().unwrap(), temporary, usable: temporary.is_some() }
    }

    fn wireless(addresses: Vec<Assigned>) -> Vec<Interface> {
        let itself = Interface {
            name: "lo".to_owned(),
            kind: InterfaceKind::Other,
            addresses: vec![own("127.0.0.1", Some(false)), own("::1", Some(false))],
        };
        vec![itself, Interface { name: "wlan0".to_owned(), kind: InterfaceKind::Wireless, addresses }]
    }

    fn among(interfaces: &[Interface], address: &str) -> LocalAddress {
        let not_local = |address: IpAddr| match address {
            IpAddr::V4(_) => true,
            IpAddr::V6(address) => !address.is_unique_local() && !address.is_unicast_link_local(),
        };
        LocalAddress::among(interfaces, address.parse().unwrap(), not_local)
    }

    #[test]
    fn a_temporary_address_has_a_stable_one_beside_it() {
        let interfaces = wireless(vec![
            own("192.168.1.5", Some(false)),
            own("fe80::1", Some(false)),
            own("fd00::7", Some(false)),
            own(TEMPORARY, Some(true)),
            own("2001:db8:ffff::7", Some(false)),
            own(STABLE, Some(false)),
        ]);
        assert_eq!(
            among(&interfaces, TEMPORARY),
            LocalAddress {
                address: TEMPORARY.parse().unwrap(),
                interface: Some("wlan0".to_owned()),
                kind: InterfaceKind::Wireless,
                temporary: Some(true),
                stable: Some(STABLE.parse().unwrap()),
            }
        );
    }

    #[test]
    fn only_a_temporary_address_needs_another() {
        let interfaces =
            wireless(vec![own("192.168.1.5", Some(false)), own(STABLE, Some(false)), own(TEMPORARY, None)]);
        for (address, temporary) in [("192.168.1.5", Some(false)), (STABLE, Some(false)), (TEMPORARY, None)] {
            let found = among(&interfaces, address);
            assert_eq!((found.temporary, found.stable), (temporary, None), "{address}");
        }
    }

    #[test]
    fn an_address_that_is_not_known_to_stay_is_not_offered() {
        let on_trial = Assigned { usable: false, ..own(STABLE, Some(false)) };
        for other in [own(STABLE, None), own(STABLE, Some(true)), on_trial, own("fd00::7", Some(false))] {
            let interfaces = wireless(vec![own(TEMPORARY, Some(true)), other]);
            assert_eq!(among(&interfaces, TEMPORARY).stable, None, "{interfaces:?}");
        }
    }

    #[test]
    fn an_address_of_no_known_interface_is_told_without_one() {
        let found = among(&wireless(Vec::new()), STABLE);
        assert_eq!((found.interface, found.kind, found.temporary), (None, InterfaceKind::Other, None));
    }

    #[test]
    fn this_computer_can_be_read_and_leaves_by_no_address_of_its_own_inside() {
        let network = LocalNetwork::read();
        for family in Family::ALL {
            if let Some(local) = network.of(family) {
                assert_eq!(local.address.is_ipv4(), family == Family::V4);
                assert!(!local.address.is_loopback() && !local.address.is_unspecified());
            }
        }
    }
}
