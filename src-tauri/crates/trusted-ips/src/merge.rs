//! Adjacent networks that could be one.

use std::ops::Range;

use ipnet::IpNet;

use crate::canonical::is_single;
use crate::entry::Entry;
use crate::judge::{Judgement, judge};
use crate::list::TrustedIps;
use crate::policy::Policy;

/// Entries that could be one network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merge {
    /// The indexes of the entries, in the order given.
    pub entries: Vec<usize>,
    /// The network that they make up.
    pub network: IpNet,
}

impl TrustedIps {
    /// Kept networks that could be one, without an address more or less and within the policy.
    ///
    /// Single IPv6 addresses are never merged: they fit every reading of 3Commas' limits, a subnet does not.
    pub fn merges(&self) -> Vec<Merge> {
        merges(&self.entries, &self.policy)
    }

    /// The kept networks as they are once every merge is made, each in the place of its first part.
    pub fn merged(&self) -> Vec<IpNet> {
        merged(&self.entries, &self.merges())
    }
}

/// A network made of neighbours in the sorted list.
struct Block {
    net: IpNet,
    parts: Range<usize>,
    practice: bool,
}

/// Finds the widest merges. The kept networks do not overlap, so halves of a network are neighbours once sorted.
fn merges(entries: &[Entry], policy: &Policy) -> Vec<Merge> {
    let mut sorted: Vec<(IpNet, usize)> =
        entries.iter().enumerate().filter_map(|(index, entry)| Some((entry.network?, index))).collect();
    sorted.sort_unstable();
    let mut blocks: Vec<Block> = Vec::new();
    for (at, (net, index)) in sorted.iter().enumerate() {
        let mut block = Block { net: *net, parts: at..at + 1, practice: entries[*index].practice };
        while let Some(whole) = blocks.last().and_then(|half| whole(half, &block, policy)) {
            block.net = whole;
            if let Some(half) = blocks.pop() {
                block.parts.start = half.parts.start;
            }
        }
        blocks.push(block);
    }
    let mut merges: Vec<Merge> = blocks
        .into_iter()
        .filter(|block| block.parts.len() > 1)
        .map(|block| {
            let mut entries: Vec<usize> = sorted[block.parts].iter().map(|part| part.1).collect();
            entries.sort_unstable();
            let network = block.net;
            Merge { entries, network }
        })
        .collect();
    merges.sort_unstable_by_key(|merge| merge.entries.first().copied());
    merges
}

/// The networks that are kept once the merges are made.
fn merged(entries: &[Entry], merges: &[Merge]) -> Vec<IpNet> {
    let mut networks: Vec<Option<IpNet>> = entries.iter().map(|entry| entry.network).collect();
    for merge in merges {
        for (place, index) in merge.entries.iter().enumerate() {
            networks[*index] = (place == 0).then_some(merge.network);
        }
    }
    networks.into_iter().flatten().collect()
}

/// The network that two halves make up, if it may be offered.
fn whole(half: &Block, other: &Block, policy: &Policy) -> Option<IpNet> {
    let whole = half.net.supernet()?;
    let offered = half.net != other.net
        && other.net.supernet() == Some(whole)
        && half.practice == other.practice
        && !(matches!(whole, IpNet::V6(_)) && is_single(&half.net))
        && matches!(judge(&whole, policy), Judgement::Kept(_));
    offered.then_some(whole)
}

#[cfg(test)]
mod tests {
    use crate::canonical::canonical;
    use crate::parse::parse;
    use crate::policy::Policy;

    #[test]
    fn halves_of_a_network_are_offered_as_one() {
        for (text, wanted) in [
            ("8.8.8.0/25, 8.8.8.128/25", "0+1=8.8.8.0/24"),
            ("8.8.8.128/25, 1.1.1.1, 8.8.8.0/25", "0+2=8.8.8.0/24"),
            ("8.8.8.8, 8.8.8.9", "0+1=8.8.8.8/31"),
            ("8.8.8.3, 8.8.8.2, 8.8.8.0/31, 8.8.8.4/30", "0+1+2+3=8.8.8.0/29"),
            ("1.1.1.2, 8.8.8.0/25, 1.1.1.3, 8.8.8.128/25", "0+2=1.1.1.2/31 1+3=8.8.8.0/24"),
            ("8.8.8.9, 8.8.8.10", ""),
            ("8.8.8.0/25, 8.8.8.128/26", ""),
            ("8.8.0.0/16, 8.9.0.0/16", ""),
            ("2606:4700::, 2606:4700::1", ""),
            ("2606:4700::/65, 2606:4700:0:0:8000::/65", "0+1=2606:4700::/64"),
            ("203.0.112.0/24, 203.0.113.0/24", ""),
            ("8.8.8.8", ""),
            ("", ""),
        ] {
            let list = parse(text, &Policy::PRACTICE);
            let offered: Vec<String> = list
                .merges()
                .into_iter()
                .map(|merge| {
                    let parts: Vec<String> = merge.entries.iter().map(ToString::to_string).collect();
                    format!("{}={}", parts.join("+"), canonical(&merge.network))
                })
                .collect();
            assert_eq!(offered.join(" "), wanted, "{text}");
        }
    }

    #[test]
    fn a_merge_stands_where_its_first_part_stood() {
        let list = parse("1.1.1.1, 8.8.8.128/25, 9.9.9.9, 8.8.8.0/25", &Policy::default());
        let merged: Vec<String> = list.merged().iter().map(canonical).collect();
        assert_eq!(merged, ["1.1.1.1", "8.8.8.0/24", "9.9.9.9"]);
    }
}
