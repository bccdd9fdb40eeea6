//! Entries that others make needless.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use crate::entry::Entry;
use crate::radix;
use crate::verdict::Reason;

/// How many entries are kept, by family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) v4: usize,
    pub(crate) v6: usize,
}

/// Drops entries that stand in the list already, or lie within another.
pub(crate) fn drop_overlapping(entries: &mut [Entry]) -> Kept {
    // What networks are sorted by, and the indexes of their entries.
    let (mut v4, mut v6) = (Vec::with_capacity(entries.len()), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        match entry.network {
            Some(IpNet::V4(net)) => v4.push((v4_key(net), index)),
            Some(IpNet::V6(net)) => v6.push(((net.addr().to_bits() >> 64) as u64, index)),
            None => {}
        }
    }
    radix::sort(&mut v4);
    radix::sort(&mut v6);
    // The first half of an address does not tell networks within one /64 apart.
    for same in v6.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        same.sort_unstable_by_key(|(_, index)| (entries[*index].network, *index));
    }
    Kept {
        v4: v4.len() - drop_covered(entries, &v4, |_, key| v4_network(key)),
        v6: v6.len() - drop_covered(entries, &v6, |entry, _| entry.network),
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
