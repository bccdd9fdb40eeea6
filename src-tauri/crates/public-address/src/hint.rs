//! What a person should know besides the address. No I/O: findings in, hints out.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;
use trusted_ips::{Reason, special_range};

use crate::answer::Answer;
use crate::detection::Detection;
use crate::interfaces::InterfaceKind;
use crate::local::{LocalAddress, LocalNetwork};
use crate::source::Family;
use crate::tally::Status;

/// Something that explains an address, or why it may not stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Hint {
    /// The ordinary case: a router stands between, and this is the address that only the network behind it knows.
    BehindRouter {
        /// This computer's own address.
        private: IpAddr,
    },
    /// The world sees an address of either family: a script may leave by either, so both belong on the list.
    BothFamilies,
    /// The provider's own translation is suspected: this computer has an address of the range that is made for it
    /// (RFC 6598). Then other customers share the public address, and it changes.
    CarrierNat {
        /// This computer's own address.
        address: IpAddr,
    },
    /// A root that only this machine knows vouched for servers: a program or a company opens the connections.
    Intercepted {
        /// Whose answers it could have written.
        operators: Vec<String>,
    },
    /// The operators see different addresses as of one provider, or each another one: carrier NAT, a relay, or several
    /// lines are suspected, and every one of these addresses may be used.
    ManyExits {
        /// The addresses, most named first.
        addresses: Vec<IpAddr>,
    },
    /// This computer reaches the internet over one family only.
    OneFamily {
        /// The other one.
        missing: Family,
    },
    /// The system's settings lead through a proxy: what was seen may be its address.
    Proxy {
        /// The proxy, without its password.
        url: String,
        /// Who told an address through it; nobody, where it leads nowhere.
        operators: Vec<String>,
    },
    /// The IPv6 address that the world sees is a temporary one (RFC 8981) of this computer: another will replace it within
    /// a day or so.
    TemporaryIpv6 {
        /// The address.
        address: IpAddr,
        /// The one of the same interface that stays, if there is one.
        stable: Option<IpAddr>,
    },
    /// A VPN carries the default route: the address is the VPN's, and another one when it is off.
    Vpn {
        /// The interface, by the name that the system shows.
        interface: String,
    },
}

impl Hint {
    /// Every code that [`code`](Self::code) can answer.
    pub const CODES: &[&str] = &[
        "behind-router",
        "both-families",
        "carrier-nat",
        "intercepted",
        "many-exits",
        "one-family",
        "proxy",
        "temporary-ipv6",
        "vpn",
    ];

    /// The stable kebab-case name of the hint.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BehindRouter { .. } => "behind-router",
            Self::BothFamilies => "both-families",
            Self::CarrierNat { .. } => "carrier-nat",
            Self::Intercepted { .. } => "intercepted",
            Self::ManyExits { .. } => "many-exits",
            Self::OneFamily { .. } => "one-family",
            Self::Proxy { .. } => "proxy",
            Self::TemporaryIpv6 { .. } => "temporary-ipv6",
            Self::Vpn { .. } => "vpn",
        }
    }
}

/// What is worth saying about these findings: what makes them doubtful first, what makes the address change next, what is
/// only good to know last.
#[must_use]
pub fn hints(detection: &Detection, local: &LocalNetwork) -> Vec<Hint> {
    let mut hints = Vec::new();

    hints.extend(intercepted(&detection.answers));
    hints.extend(proxies(&detection.answers));
    hints.extend(vpns(local));
    hints.extend(local.v4.as_ref().and_then(carrier_nat));
    hints.extend(Family::ALL.into_iter().filter_map(|family| many_exits(&detection.of(family).status)));
    hints.extend(temporary(detection, local));
    hints.extend(families(detection, local));
    hints.extend(behind_router(detection, local));

    hints
}

fn intercepted(answers: &[Answer]) -> Option<Hint> {
    let operators = operators(answers.iter().filter(|answer| answer.intercepted));
    (!operators.is_empty()).then_some(Hint::Intercepted { operators })
}

fn proxies(answers: &[Answer]) -> Vec<Hint> {
    let mut users: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
    for answer in answers {
        if let Some(proxy) = &answer.proxy {
            users.entry(proxy).or_default().push(answer);
        }
    }
    users
        .into_iter()
        .map(|(url, answers)| {
            let told = answers.into_iter().filter(|answer| answer.outcome.is_ok());
            Hint::Proxy { url: url.to_owned(), operators: operators(told) }
        })
        .collect()
}

/// Each operator once, in the order in which they were asked.
fn operators<'a>(answers: impl Iterator<Item = &'a Answer>) -> Vec<String> {
    let mut voters = Vec::new();
    let mut operators = Vec::new();
    for Answer { source, .. } in answers {
        if !voters.contains(&source.voter()) {
            voters.push(source.voter());
            operators.push(source.operator.trim().to_owned());
        }
    }
    operators
}

fn vpns(local: &LocalNetwork) -> Vec<Hint> {
    let mut interfaces: Vec<&String> = Family::ALL
        .into_iter()
        .filter_map(|family| local.of(family))
        .filter(|local| local.kind == InterfaceKind::Vpn)
        .filter_map(|local| local.interface.as_ref())
        .collect();
    interfaces.dedup();
    interfaces.into_iter().map(|interface| Hint::Vpn { interface: interface.clone() }).collect()
}

/// Some VPNs number their own computers from the same range: then it says nothing about the provider.
fn carrier_nat(local: &LocalAddress) -> Option<Hint> {
    let shared = special_range(local.address) == Some(Reason::CarrierNatAddress);
    (shared && local.kind != InterfaceKind::Vpn).then_some(Hint::CarrierNat { address: local.address })
}

fn many_exits(status: &Status) -> Option<Hint> {
    let Status::Disputed(sides) = status else { return None };
    let addresses = status.addresses();

    let mut providers: Vec<u32> = addresses.iter().copied().map(provider).collect();
    providers.dedup();
    // One liar among honest operators makes two sides at most that are far apart; here nobody agrees with anybody.
    let each_another = sides.len() >= 3 && sides.iter().all(|(_, operators)| operators.len() == 1);
    (providers.len() == 1 || each_another).then_some(Hint::ManyExits { addresses })
}

/// The beginning that addresses of one provider share: 16 bits of IPv4, 32 of IPv6, which is what providers are given.
fn provider(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(address) => address.to_bits() >> 16,
        IpAddr::V6(address) => u32::from(address.segments()[0]) << 16 | u32::from(address.segments()[1]),
    }
}

fn temporary(detection: &Detection, local: &LocalNetwork) -> Option<Hint> {
    let own = local.v6.as_ref().filter(|own| own.temporary == Some(true))?;
    let seen = detection.v6.status.addresses().contains(&own.address);
    seen.then_some(Hint::TemporaryIpv6 { address: own.address, stable: own.stable })
}

fn families(detection: &Detection, local: &LocalNetwork) -> Option<Hint> {
    let seen = |family| !detection.of(family).status.addresses().is_empty();
    match (seen(Family::V4), seen(Family::V6)) {
        (true, true) => Some(Hint::BothFamilies),
        (true, false) => missing(Family::V6, detection, local),
        (false, true) => missing(Family::V4, detection, local),
        (false, false) => None,
    }
}

/// No answer alone does not mean that there is no way: the sources may have failed.
fn missing(family: Family, detection: &Detection, local: &LocalNetwork) -> Option<Hint> {
    let no_way = local.of(family).is_none() || detection.reaches_nobody_over(family);
    no_way.then_some(Hint::OneFamily { missing: family })
}

fn behind_router(detection: &Detection, local: &LocalNetwork) -> Option<Hint> {
    let own = local.v4.as_ref().filter(|own| own.kind != InterfaceKind::Vpn)?;
    let seen = detection.v4.status.addresses();
    let private = special_range(own.address) == Some(Reason::PrivateAddress);
    (private && !seen.is_empty() && !seen.contains(&own.address)).then_some(Hint::BehindRouter { private: own.address })
}

#[cfg(test)]
mod tests;
