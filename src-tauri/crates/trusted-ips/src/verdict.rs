//! What is said about an entry, or about the whole list.

use std::fmt;

/// What becomes of an entry. Ordered: the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It works as it stands.
    Accept,
    /// It works, but a person should look at it, or it was left out without harm.
    Warn,
    /// It cannot be sent.
    Reject,
}

impl Verdict {
    /// The code of the verdict: `accept`, `warn` or `reject`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Warn => "warn",
            Self::Reject => "reject",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal,)+) => {
        /// Why an entry, or the list, is not simply accepted. The code is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Reason {
            /// Every reason there is, in alphabetical order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    };
}

reasons! {
    /// A number with leading zeros, in hex, as one integer or with parts left out: programs read it differently.
    AmbiguousNumber = "ambiguous-number",
    /// What follows the slash is no prefix length and no dotted mask.
    BadMask = "bad-mask",
    /// Set aside for measurements between devices (RFC 2544, RFC 5180).
    BenchmarkAddress = "benchmark-address",
    /// The address of everyone on the local network.
    BroadcastAddress = "broadcast-address",
    /// Shared by many customers behind a carrier's NAT (RFC 6598).
    CarrierNatAddress = "carrier-nat-address",
    /// The network is kept although a special range lies within it.
    ContainsReserved = "contains-reserved",
    /// Lies within another kept network and was left out.
    Covered = "covered",
    /// Set aside for examples in books (RFC 5737, RFC 3849, RFC 9637).
    DocumentationAddress = "documentation-address",
    /// Stands in the list already and was left out.
    Duplicate = "duplicate",
    /// There is no entry at all. Of the whole list.
    Empty = "empty",
    /// A port follows the address.
    HasPort = "has-port",
    /// A user name and `@` stand before the address.
    HasUser = "has-user",
    /// A zone such as `%eth0` follows the address.
    HasZone = "has-zone",
    /// A direction mark, which nobody sees, stands in the entry.
    HiddenCharacter = "hidden-character",
    /// An address within the network was given; the network itself is kept.
    HostBitsSet = "host-bits-set",
    /// An IPv4 address written as IPv6 (`::ffff:a.b.c.d`).
    Ipv4Mapped = "ipv4-mapped",
    /// An IPv6 subnet: 3Commas may take single addresses only.
    Ipv6Network = "ipv6-network",
    /// The name of a machine: only addresses can be trusted.
    IsHostname = "is-hostname",
    /// A link of a web page or a service.
    IsUrl = "is-url",
    /// Valid only on one cable or wireless network (RFC 3927, RFC 4291).
    LinkLocalAddress = "link-local-address",
    /// The machine itself.
    LoopbackAddress = "loopback-address",
    /// More entries than 3Commas may take, if its limit is read as a count. Of the whole list.
    ManyEntries = "many-entries",
    /// Goes to groups of machines and never is a sender's address.
    MulticastAddress = "multicast-address",
    /// A plain word beside the entries; it was left out.
    NoiseDropped = "noise-dropped",
    /// Digits of another script or width.
    NonAsciiDigits = "non-ascii-digits",
    /// Nothing that could be read as an address.
    NotAnAddress = "not-an-address",
    /// Used only inside home and office networks (RFC 1918).
    PrivateAddress = "private-address",
    /// A name server that everybody uses, at a well-known address: no script calls from there.
    PublicResolver = "public-resolver",
    /// Two addresses with a dash between them.
    Range = "range",
    /// Set aside by the IETF for other uses.
    ReservedAddress = "reserved-address",
    /// The network is wider than the policy allows.
    TooWide = "too-wide",
    /// Made by a translator between IPv4 and IPv6 (6to4, Teredo, NAT64).
    TranslatedAddress = "translated-address",
    /// Used only inside one organisation's networks (RFC 4193).
    UniqueLocalAddress = "unique-local-address",
    /// The placeholder for "no address".
    UnspecifiedAddress = "unspecified-address",
    /// A wide IPv4 network: many machines are trusted.
    WideNetwork = "wide-network",
    /// A `*` stands in for numbers.
    Wildcard = "wildcard",
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_kebab_case_and_unique() {
        let codes: Vec<&str> = Reason::ALL.iter().map(|r| r.as_str()).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "alphabetical, so unique too");
        for code in codes {
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{code}");
        }
    }

    #[test]
    fn the_worst_verdict_is_the_greatest() {
        assert!(Verdict::Accept < Verdict::Warn && Verdict::Warn < Verdict::Reject);
    }
}
