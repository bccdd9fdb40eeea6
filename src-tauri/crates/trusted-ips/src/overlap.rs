//! Entries that others make needless.

use ipnet::IpNet;

use crate::list::Entry;
use crate::verdict::{Reason, Verdict};

/// Drops entries that stand in the list already, or lie within another.
///
/// Networks nest or are apart, never anything between. Sorted by address, the wider first, each network therefore
/// lies within the last one that was kept, or in none.
pub(crate) fn drop_overlapping(entries: &mut [Entry]) {
    let mut sorted: Vec<(IpNet, usize)> =
        entries.iter().enumerate().filter_map(|(index, entry)| Some((entry.network?, index))).collect();
    sorted.sort_unstable();
    let mut cover: Option<IpNet> = None;
    let mut previous: Option<IpNet> = None;
    for (net, index) in sorted {
        if cover.is_some_and(|cover| cover.contains(&net)) {
            let reason = if previous == Some(net) { Reason::Duplicate } else { Reason::Covered };
            let entry = &mut entries[index];
            entry.network = None;
            entry.verdict = Verdict::Warn;
            entry.reasons.push(reason);
        } else {
            cover = Some(net);
        }
        previous = Some(net);
    }
}
