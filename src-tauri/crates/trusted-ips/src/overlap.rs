//! Entries that others make needless.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use crate::entry::Entry;
use crate::radix;
use crate::verdict::Reason;

/// The networks of a list by family, with what they are sorted by and the indexes of their entries.
#[derive(Debug)]
pub(crate) struct Networks {
    v4: Vec<(u64, usize)>,
    v6: Vec<(u64, usize)>,
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
            IpNet::V4(net) => self.v4.push((v4_key(net), index)),
            // The first half of the address; the other is looked at where that is the same.
            IpNet::V6(net) => self.v6.push(((net.addr().to_bits() >> 64) as u64, index)),
        }
    }

    /// Forgets the entries from that index on.
    pub(crate) fn truncate(&mut self, index: usize) {
        for family in [&mut self.v4, &mut self.v6] {
            while family.pop_if(|(_, last)| *last >= index).is_some() {}
        }
    }

    /// Drops entries that stand in the list already, or lie within another.
    pub(crate) fn drop_overlapping(mut self, entries: &mut [Entry]) -> Kept {
        radix::sort(&mut self.v4);
        radix::sort(&mut self.v6);
        for same in self.v6.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            same.sort_unstable_by_key(|(_, index)| (entries[*index].network, *index));
        }
        Kept {
            v4: self.v4.len() - drop_covered(entries, &self.v4, |_, key| v4_network(key)),
            v6: self.v6.len() - drop_covered(entries, &self.v6, |entry, _| entry.network),
        }
    }
}

/// Drops what lies within an entry before it, and counts it.
///
/// Networks nest or are apart, never anything between. Sorted by address, the wider first, each network therefore
/// lies within the last one that was kept, or in none.
fn drop_covered(
    entries: &mut [Entry],
    sorted: &[(u64, usize)],
    network: impl Fn(&Entry, u64) -> Option<IpNet>,
) -> usize {
    let mut cover: Option<(IpNet, usize)> = None;
    let mut previous: Option<IpNet> = None;
    let mut dropped = 0;
    for (key, index) in sorted {
        let Some(net) = network(&entries[*index], *key) else { continue };
        match cover {
            Some((cover, kept)) if cover.contains(&net) => {
                let reason = if previous == Some(net) { Reason::Duplicate } else { Reason::Covered };
                entries[*index].drop_as(reason);
                entries[*index].set_covered_by(kept);
                dropped += 1;
            }
            Some(_) | None => cover = Some((net, *index)),
        }
        previous = Some(net);
    }
    dropped
}

/// All that an IPv4 network is: its address, then its prefix.
fn v4_key(net: Ipv4Net) -> u64 {
    u64::from(net.addr().to_bits()) << 8 | u64::from(net.prefix_len())
}

fn v4_network(key: u64) -> Option<IpNet> {
    // The casts take the key apart again.
    Ipv4Net::new(Ipv4Addr::from_bits((key >> 8) as u32), key as u8).ok().map(IpNet::V4)
}
