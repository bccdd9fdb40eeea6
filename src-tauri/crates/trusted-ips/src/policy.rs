//! What a destination takes.

/// The limits of a destination, in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The shortest IPv4 prefix that is taken.
    pub ipv4_prefix_min: u8,
    /// The shortest IPv6 prefix that is taken.
    pub ipv6_prefix_min: u8,
    /// More IPv4 entries than this are warned about.
    pub ipv4_entries_max: usize,
    /// More IPv6 entries than this are warned about.
    pub ipv6_entries_max: usize,
    /// Whether the made-up addresses of 203.0.113.0/24 and 2001:db8::/32 are taken.
    pub practice_addresses: bool,
}

impl Policy {
    /// What 3Commas takes.
    ///
    /// Its help article 8075236 says: "the maximum is 16 for IPV4 and 128 for IPV6". That is read as prefix
    /// lengths, but can also mean a number of entries, hence the warning. The IPv6 prefix limit is our own.
    pub const THREE_COMMAS: Self = Self {
        ipv4_prefix_min: 16,
        ipv6_prefix_min: 32,
        ipv4_entries_max: 16,
        ipv6_entries_max: 128,
        practice_addresses: false,
    };

    /// What the practice service takes: the same, and addresses that are nobody's.
    pub const PRACTICE: Self = Self { practice_addresses: true, ..Self::THREE_COMMAS };
}

impl Default for Policy {
    fn default() -> Self {
        Self::THREE_COMMAS
    }
}
