//! Which addresses the world sees.

use std::net::IpAddr;

use serde::Serialize;
use ts_rs::TS;

use crate::family::Family;
use crate::mirrored::mirrored;

mirrored! {
    /// As [`desk::addresses::Trouble`].
    #[serde(rename_all = "camelCase")]
    DetectTrouble = desk::addresses::Trouble { NoAddress, Offline, SignIn }
}

/// What "add my addresses" found.
#[derive(Debug, Serialize, TS)]
pub struct Detected {
    /// To be added to the list.
    pub added: Vec<Added>,
    /// Not sure enough to be added without the person choosing it.
    pub offered: Vec<Offered>,
    /// Why there is none.
    pub trouble: Option<DetectTrouble>,
    /// What the person should know besides.
    pub hints: Vec<Hint>,
    /// How we know.
    pub answers: Vec<SourceAnswer>,
}

impl From<desk::addresses::FoundAddresses> for Detected {
    fn from(found: desk::addresses::FoundAddresses) -> Self {
        Self {
            added: found.added.into_iter().map(Into::into).collect(),
            offered: found.offered.into_iter().map(Into::into).collect(),
            trouble: found.trouble.map(Into::into),
            hints: found.hints.into_iter().map(Into::into).collect(),
            answers: found.answers.iter().map(Into::into).collect(),
        }
    }
}

/// An address to be added.
#[derive(Debug, Serialize, TS)]
pub struct Added {
    /// The address.
    pub address: String,
    /// Its family.
    pub family: Family,
    /// Why it may be added.
    pub status: AddressStatus,
}

impl From<desk::addresses::Added> for Added {
    fn from(added: desk::addresses::Added) -> Self {
        let status = match added {
            desk::addresses::Added::Confirmed(_) => AddressStatus::Confirmed,
            desk::addresses::Added::MadeUp(_) => AddressStatus::MadeUp,
        };
        Self { address: added.address().to_string(), family: Family::of(added.address()), status }
    }
}

/// Why an address may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AddressStatus {
    /// Two operators agree.
    Confirmed,
    /// A practice address, because no source answered.
    MadeUp,
}

/// An address that the person may choose.
#[derive(Debug, Serialize, TS)]
pub struct Offered {
    /// The address.
    pub address: String,
    /// Its family.
    pub family: Family,
    /// Why it was not added.
    pub status: OfferedStatus,
    /// Who said it.
    pub operators: Vec<String>,
}

impl From<desk::addresses::Offered> for Offered {
    fn from(offered: desk::addresses::Offered) -> Self {
        Self {
            address: offered.address.to_string(),
            family: Family::of(offered.address),
            status: if offered.disputed { OfferedStatus::Disputed } else { OfferedStatus::Unconfirmed },
            operators: offered.operators,
        }
    }
}

/// Why an address was not added.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OfferedStatus {
    /// The operators do not agree.
    Disputed,
    /// One operator said it.
    Unconfirmed,
}

/// As [`public_address::Hint`].
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "kebab-case", tag = "kind")]
#[expect(missing_docs, reason = "documented where it is mirrored from")]
pub enum Hint {
    BehindRouter { private: String },
    BothFamilies,
    CarrierNat { address: String },
    Intercepted { operators: Vec<String> },
    ManyExits { addresses: Vec<String> },
    OneFamily { missing: Family },
    Proxy { url: String, operators: Vec<String> },
    TemporaryIpv6 { address: String, stable: Option<String>, network: String },
    Vpn { interface: String },
}

impl From<public_address::Hint> for Hint {
    fn from(hint: public_address::Hint) -> Self {
        use public_address::Hint as H;

        match hint {
            H::BehindRouter { private } => Self::BehindRouter { private: private.to_string() },
            H::BothFamilies => Self::BothFamilies,
            H::CarrierNat { address } => Self::CarrierNat { address: address.to_string() },
            H::Intercepted { operators } => Self::Intercepted { operators },
            H::ManyExits { addresses } => {
                Self::ManyExits { addresses: addresses.iter().map(ToString::to_string).collect() }
            }
            H::OneFamily { missing } => Self::OneFamily { missing: missing.into() },
            H::Proxy { url, operators } => Self::Proxy { url, operators },
            H::TemporaryIpv6 { address, stable } => Self::TemporaryIpv6 {
                address: address.to_string(),
                stable: stable.map(|stable| stable.to_string()),
                network: home_network(address),
            },
            H::Vpn { interface } => Self::Vpn { interface },
        }
    }
}

/// The half of an IPv6 address that a home keeps when a computer in it makes up a new one (RFC 4291 section 2.5.1).
fn home_network(address: IpAddr) -> String {
    const PREFIX: u8 = 64;
    ipnet::IpNet::new(address, PREFIX).map_or_else(|_| address.to_string(), |net| trusted_ips::canonical(&net))
}

/// What one source said.
#[derive(Debug, Serialize, TS)]
pub struct SourceAnswer {
    /// Who can change the answer.
    pub operator: String,
    /// Where it was asked.
    pub url: String,
    /// In which family.
    pub family: Family,
    /// Its answer.
    pub address: Option<String>,
    /// Why there is none.
    #[ts(type = "SourceProblem | null")]
    pub problem: Option<&'static str>,
    /// How long it took.
    #[ts(type = "number")]
    pub millis: u64,
    /// Whether its answer counts.
    pub vote: bool,
    /// The proxy on the way, without its password.
    pub proxy: Option<String>,
    /// Whether somebody on the way could have written it.
    pub intercepted: bool,
}

impl From<&public_address::Answer> for SourceAnswer {
    fn from(answer: &public_address::Answer) -> Self {
        Self {
            operator: answer.source.operator.clone(),
            url: answer.source.url.to_string(),
            family: answer.source.family.into(),
            address: answer.outcome.as_ref().ok().map(ToString::to_string),
            problem: answer.outcome.as_ref().err().map(|problem| problem.code()),
            millis: u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
            vote: answer.source.vote,
            proxy: answer.proxy.clone(),
            intercepted: answer.intercepted,
        }
    }
}

/// What this computer calls itself, before any router changes it.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnNetwork {
    /// An address of a home or office network (RFC 1918), which thousands of them use.
    pub private_address: Option<String>,
    /// An IPv4 address that the world can see as it is.
    pub public_address: Option<String>,
}

impl OwnNetwork {
    /// IPv4 is what people are shown and mistake for their address; IPv6 hardly ever has a private one.
    pub fn new(local: &public_address::LocalNetwork) -> Self {
        let own = local.v4.as_ref().map(|own| own.address);
        let of_kind = |kind| own.filter(|own| trusted_ips::special_range(*own) == kind).map(|own| own.to_string());
        Self { private_address: of_kind(Some(trusted_ips::Reason::PrivateAddress)), public_address: of_kind(None) }
    }
}
