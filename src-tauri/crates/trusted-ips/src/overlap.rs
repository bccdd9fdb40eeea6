//! Entries that others make needless.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::entry::Entry;
use crate::radix;
use crate::verdict::Reason;

/// The networks of a list by family, in a form that is quick to sort, with the indexes of their entries.
#[derive(Debug)]
pub(crate) struct Networks {
    v4: Vec<V4>,
    v6: Vec<(Ipv6Net, usize)>,
}

/// How many entries are kept, by family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) v4: usize,
    pub(crate) v6: usize,
}

impl Networks {
    pub(crate) fn with_capacity(v4: usize) -> Self {
        Self { v4: Vec::with_capacity(v4), v6: Vec::new() }
    }

    /// Adds the network of an entry that stands after all others.
    pub(crate) fn push(&mut self, index: usize, network: IpNet) {
        match network {
            IpNet::V4(net) => self.v4.push(V4::new(net, index)),
            IpNet::V6(net) => self.v6.push((net, index)),
        }
    }

    /// How many there are, for [`Self::truncate`].
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.v4.len(), self.v6.len())
    }

    /// Forgets all but the first so many.
    pub(crate) fn truncate(&mut self, (v4, v6): (usize, usize)) {
        self.v4.truncate(v4);
        self.v6.truncate(v6);
    }

    /// Drops entries that stand in the list already, or lie within another.
    pub(crate) fn drop_overlapping(mut self, entries: &mut [Entry]) -> Kept {
        if entries.len() > V4::INDEXES {
            return drop_by_comparing(entries);
        }
        radix::sort(&mut self.v4, V4::key);
        // By the first half of the address; by the rest where that is the same.
        let half = |(net, _): &(Ipv6Net, usize)| (net.addr().to_bits() >> 64) as u64;
        radix::sort(&mut self.v6, half);
        for same in self.v6.chunk_by_mut(|a, b| half(a) == half(b)).filter(|same| same.len() > 1) {
            same.sort_unstable();
        }
        let v4 = drop_covered(entries, &self.v4, |v4| (v4.network(), v4.index()));
        let v6 = drop_covered(entries, &self.v6, |(net, index)| (Some(IpNet::V6(*net)), *index));
        Kept { v4: self.v4.len() - v4, v6: self.v6.len() - v6 }
    }
}

/// The same for a list with more entries than [`V4`] tells apart.
fn drop_by_comparing(entries: &mut [Entry]) -> Kept {
    let networks = entries.iter().enumerate().filter_map(|(index, entry)| Some((entry.network?, index)));
    let mut sorted: Vec<(IpNet, usize)> = networks.collect();
    sorted.sort_unstable();
    drop_covered(entries, &sorted, |(net, index)| (Some(*net), *index));
    let kept = |v4| entries.iter().filter_map(|entry| entry.network).filter(|net| net.addr().is_ipv4() == v4).count();
    Kept { v4: kept(true), v6: kept(false) }
}

/// Drops what lies within an entry before it, and counts it.
///
/// Networks nest or are apart, never anything between. Sorted by address, the wider first, each network therefore
/// lies within the last one that was kept, or in none.
fn drop_covered<T>(entries: &mut [Entry], sorted: &[T], network: impl Fn(&T) -> (Option<IpNet>, usize)) -> usize {
    let mut cover: Option<(IpNet, usize)> = None;
    let mut previous: Option<IpNet> = None;
    let mut dropped = 0;
    for item in sorted {
        let (Some(net), index) = network(item) else { continue };
        match cover {
            Some((cover, kept)) if cover.contains(&net) => {
                let reason = if previous == Some(net) { Reason::Duplicate } else { Reason::Covered };
                entries[index].drop_as(reason);
                entries[index].set_covered_by(kept);
                dropped += 1;
            }
            Some(_) | None => cover = Some((net, index)),
        }
        previous = Some(net);
    }
    dropped
}

/// An IPv4 network and the index of its entry in one number: 32 bits of address, 6 of prefix, 26 of index.
///
/// Half as large as anything with its parts side by side, a long list stays in a cache while it is sorted.
#[derive(Debug, Clone, Copy)]
struct V4(u64);

impl V4 {
    /// How many entries an index can tell apart. More of them would take over four gigabytes.
    const INDEXES: usize = 1 << Self::INDEX_BITS;
    const INDEX_BITS: u32 = 26;
    const PREFIX_BITS: u32 = 6;

    /// The index must be less than [`Self::INDEXES`], else it is another's.
    fn new(net: Ipv4Net, index: usize) -> Self {
        let key = u64::from(net.addr().to_bits()) << Self::PREFIX_BITS | u64::from(net.prefix_len());
        Self(key << Self::INDEX_BITS | (index % Self::INDEXES) as u64)
    }

    /// All that the network is: sorted by address, the wider first.
    fn key(&self) -> u64 {
        self.0 >> Self::INDEX_BITS
    }

    fn index(self) -> usize {
        self.0 as usize % Self::INDEXES
    }

    fn network(self) -> Option<IpNet> {
        let key = self.key();
        let prefix = key % (1 << Self::PREFIX_BITS);
        Ipv4Net::new(Ipv4Addr::from_bits((key >> Self::PREFIX_BITS) as u32), prefix as u8).ok().map(IpNet::V4)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv6Addr};

    use super::*;

    #[test]
    fn both_ways_drop_the_same_entries() {
        let mut bits = 1_u64;
        let mut entries = Vec::new();
        let mut networks = Networks::with_capacity(0);
        for index in 0..4_000 {
            // Knuth's linear congruential generator: hosts and small networks close to one another.
            bits = bits.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            let low = (bits >> 48) as u32 % 8_192;
            let address: IpAddr = match bits >> 44 & 3 {
                0 => Ipv6Addr::from(0x2606_4700_u128 << 96 | u128::from(low % 64) << 64 | u128::from(low)).into(),
                _ => Ipv4Addr::from(0x0808_0000 | low).into(),
            };
            let width = if bits >> 40 & 7 == 0 { (bits >> 36 & 7) as u8 } else { 0 };
            let prefix = IpNet::from(address).max_prefix_len() - width;
            let net = IpNet::new(address, prefix).unwrap().trunc();
            let mut entry = Entry::new(0..1, 0..1);
            entry.accept(net);
            entries.push(entry);
            networks.push(index, net);
        }
        let mut compared = entries.clone();
        let kept = networks.drop_overlapping(&mut entries);
        assert_eq!(drop_by_comparing(&mut compared), kept);
        assert_eq!(compared, entries);
        assert!(kept.v4 > 500 && kept.v6 > 200 && kept.v4 + kept.v6 < 3_900, "{kept:?}");
    }

    #[test]
    fn a_network_and_an_index_share_a_number() {
        for text in ["0.0.0.0/0", "8.8.8.0/24", "255.255.255.255/32"] {
            for index in [0, 1, V4::INDEXES - 1] {
                let IpNet::V4(net) = text.parse().unwrap() else { panic!("{text}") };
                let v4 = V4::new(net, index);
                assert_eq!((v4.network(), v4.index()), (Some(IpNet::V4(net)), index));
            }
        }
    }
}
