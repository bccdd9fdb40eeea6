//! What the text of an entry is found to be.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};

use crate::verdict::Reason;

/// An entry that is exactly an address, address/prefix or address/dotted mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// As written; host bits may be set.
    pub(crate) net: IpNet,
}

/// An entry that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reasons: Vec<Reason>,
    /// The one clear reading, where there is one.
    pub(crate) reading: Option<Reading>,
}

/// What a faulty entry clearly means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A network without host bits.
    Net(IpNet),
    /// A range that may be more than one network.
    Range(AddressRange),
}

impl Fault {
    pub(crate) fn new(reason: Reason) -> Self {
        Self::read_as(reason, None)
    }

    pub(crate) fn read_as(reason: Reason, reading: Option<Reading>) -> Self {
        let reasons = vec![reason];
        Self { reasons, reading }
    }

    /// The fault of a text that reads like this once what the reason names is taken away.
    pub(crate) fn around(reason: Reason, inner: Result<Found, Self>) -> Self {
        match inner {
            Ok(found) => Self::read_as(reason, Some(Reading::Net(found.net.trunc()))),
            Err(mut fault) => {
                if !fault.reasons.contains(&reason) {
                    fault.reasons.insert(0, reason);
                }
                fault
            }
        }
    }

    pub(crate) fn without_reading(self) -> Self {
        Self { reading: None, ..self }
    }
}

/// The addresses from one to another of the same family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddressRange {
    first: IpAddr,
    last: IpAddr,
}

impl AddressRange {
    /// Nothing where it runs backwards or from one family to the other.
    pub(crate) fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        let forwards = first.is_ipv4() == last.is_ipv4() && first <= last;
        forwards.then_some(Self { first, last })
    }

    /// The fewest networks that make up the range.
    pub(crate) fn networks(self) -> Box<dyn Iterator<Item = IpNet>> {
        match (self.first, self.last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => Box::new(Ipv4Subnets::new(first, last, 0).map(IpNet::V4)),
            (IpAddr::V6(first), IpAddr::V6(last)) => Box::new(Ipv6Subnets::new(first, last, 0).map(IpNet::V6)),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => Box::new(std::iter::empty()),
        }
    }
}
