//! Entries that others make needless.

use ipnet::IpNet;

use crate::entry::Entry;
use crate::verdict::Reason;

/// Drops entries that stand in the list already, or lie within another.
///
/// Networks nest or are apart, never anything between. Sorted by address, the wider first, each network therefore
/// lies within the last one that was kept, or in none.
pub(crate) fn drop_overlapping(entries: &mut [Entry]) {
    let mut sorted: Vec<(IpNet, usize)> =
        entries.iter().enumerate().filter_map(|(index, entry)| Some((entry.network?, index))).collect();
    sorted.sort_unstable();
    let mut cover: Option<(IpNet, usize)> = None;
    let mut previous: Option<IpNet> = None;
    for (net, index) in sorted {
        match cover {
            Some((cover, kept)) if cover.contains(&net) => {
                let reason = if previous == Some(net) { Reason::Duplicate } else { Reason::Covered };
                entries[index].drop_as(reason);
                entries[index].set_covered_by(kept);
            }
            Some(_) | None => cover = Some((net, index)),
        }
        previous = Some(net);
    }
}
