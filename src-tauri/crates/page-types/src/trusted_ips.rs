//! The list of trusted IPs as the form shows and changes it.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use trusted_ips::count_in_words;
use ts_rs::TS;

use crate::mirrored::mirrored;

mirrored! {
    /// As [`trusted_ips::Verdict`].
    #[serde(rename_all = "camelCase")]
    Verdict = trusted_ips::Verdict { Accept, Warn, Reject }
}

/// As many characters the editor of an entry takes for its label; in the text itself it may be longer.
pub(crate) const LABEL_TYPED: usize = 60;

/// How many chips the page is given: what nobody can look through is counted, and a megabyte of text stays light.
const SHOWN: usize = 100;
/// How many of the rejected entries are surely among them, wherever they stand.
const REJECTED_SHOWN: usize = 50;
/// How many changes of a tidy-up are shown.
const CHANGES_SHOWN: usize = 40;
/// How many merges are offered at once.
const MERGES_SHOWN: usize = 3;
/// How many parts of a merge are named.
const PARTS_SHOWN: usize = 4;

/// The list of trusted IPs as it was understood.
#[derive(Debug, Serialize, TS)]
pub struct TrustedIpsView {
    /// In the order of the text; some of them, where there are very many.
    pub entries: Vec<EntryView>,
    /// Of the whole list.
    pub counts: ListCounts,
    /// What is said of the whole list.
    #[ts(type = "ReasonCode[]")]
    pub reasons: Vec<&'static str>,
    /// What a tidy-up would change, if anything.
    pub tidy: Option<TidyView>,
    /// Networks that could be one.
    pub merges: Vec<MergeView>,
}

/// How many entries there are of each kind.
#[derive(Debug, Serialize, TS)]
pub struct ListCounts {
    /// All, those left out and rejected too.
    #[ts(type = "number")]
    pub entries: usize,
    /// Those that cannot be sent.
    #[ts(type = "number")]
    pub rejected: usize,
    /// Those of them for which something is offered.
    #[ts(type = "number")]
    pub fixable: usize,
}

impl TrustedIpsView {
    /// What the page shows of a list.
    pub fn new(list: &trusted_ips::TrustedIps) -> Self {
        let rejected = || list.entries.iter().filter(|entry| entry.verdict == trusted_ips::Verdict::Reject);
        Self {
            entries: shown(list),
            counts: ListCounts {
                entries: list.entries.len(),
                rejected: rejected().count(),
                fixable: rejected().filter(|entry| entry.suggestion().is_some()).count(),
            },
            reasons: list.reasons.iter().map(|reason| reason.as_str()).collect(),
            tidy: TidyView::new(list),
            merges: list.merges().iter().take(MERGES_SHOWN).map(|merge| MergeView::new(list, merge)).collect(),
        }
    }
}

/// The first entries, and the first rejected ones wherever they stand: each of those needs the person.
fn shown(list: &trusted_ips::TrustedIps) -> Vec<EntryView> {
    let entries = &list.entries;
    let numbered = || entries.iter().enumerate();
    let mut chosen: Vec<usize> = if entries.len() <= SHOWN {
        (0..entries.len()).collect()
    } else {
        let rejected = numbered().filter(|(_, entry)| entry.verdict == trusted_ips::Verdict::Reject);
        let mut chosen: Vec<usize> = rejected.map(|(index, _)| index).take(REJECTED_SHOWN).collect();
        let rest = SHOWN - chosen.len();
        let kept = numbered().filter(|(_, entry)| entry.verdict != trusted_ips::Verdict::Reject);
        chosen.extend(kept.map(|(index, _)| index).take(rest));
        chosen
    };
    chosen.sort_unstable();
    chosen.into_iter().map(|index| EntryView::new(list, index)).collect()
}

/// One entry, to be shown as a chip.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// Its place in the whole list.
    #[ts(type = "number")]
    pub index: usize,
    /// The entry as typed.
    pub text: String,
    /// Whether it can be used.
    pub verdict: Verdict,
    /// Why not, or what to look at.
    #[ts(type = "ReasonCode[]")]
    pub reasons: Vec<&'static str>,
    /// Canonical; `null` when dropped or rejected.
    pub output: Option<String>,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// The person's name for it.
    pub label: Option<String>,
    /// How many addresses, for networks.
    pub address_count: Option<String>,
    /// The first of them.
    pub first: Option<String>,
    /// The last of them.
    pub last: Option<String>,
    /// More than one address.
    pub is_network: bool,
    /// One of the practice addresses.
    pub made_up: bool,
}

impl EntryView {
    fn new(list: &trusted_ips::TrustedIps, index: usize) -> Self {
        let entry = &list.entries[index];
        let network = entry.network.filter(|network| network.prefix_len() < network.max_prefix_len());
        Self {
            index,
            text: list.text_of(entry).to_owned(),
            verdict: entry.verdict.into(),
            reasons: entry.reasons().iter().map(|reason| reason.as_str()).collect(),
            output: entry.output(),
            suggestion: entry.suggestion().map(str::to_owned),
            label: entry.label().map(str::to_owned),
            address_count: network.and_then(|network| address_count(&network)),
            first: network.map(|network| network.network().to_string()),
            last: network.map(|network| network.broadcast().to_string()),
            is_network: network.is_some(),
            made_up: entry.practice,
        }
    }
}

/// What a tidy-up would do.
#[derive(Debug, Serialize, TS)]
pub struct TidyView {
    /// How many entries there are.
    #[ts(type = "number")]
    pub before: usize,
    /// How many there would be.
    #[ts(type = "number")]
    pub after: usize,
    /// How many would change or go.
    #[ts(type = "number")]
    pub total: usize,
    /// The first of those.
    pub changes: Vec<TidyChange>,
}

impl TidyView {
    /// Nothing where no entry would change: how the text is laid out is nobody's concern.
    fn new(list: &trusted_ips::TrustedIps) -> Option<Self> {
        let changes = list.tidy_changes();
        let gone = changes.iter().filter(|change| change.after.is_none()).count();
        (!changes.is_empty()).then(|| Self {
            before: list.entries.len(),
            after: list.entries.len() - gone,
            total: changes.len(),
            changes: changes.iter().take(CHANGES_SHOWN).map(|change| TidyChange::new(list, change)).collect(),
        })
    }
}

/// What becomes of one entry.
#[derive(Debug, Serialize, TS)]
pub struct TidyChange {
    /// As typed.
    pub before: String,
    /// What stands there then; `null` if it goes.
    pub after: Option<String>,
    /// Why.
    #[ts(type = "ReasonCode[]")]
    pub reasons: Vec<&'static str>,
    /// The entry that makes it needless.
    pub within: Option<String>,
}

impl TidyChange {
    fn new(list: &trusted_ips::TrustedIps, change: &trusted_ips::TidyChange<'_>) -> Self {
        Self {
            before: change.before.to_owned(),
            after: change.after.clone(),
            reasons: change.reasons.iter().map(|reason| reason.as_str()).collect(),
            within: change.covered_by.and_then(|index| list.entries.get(index)?.output()),
        }
    }
}

/// Networks that could be one.
#[derive(Debug, Serialize, TS)]
pub struct MergeView {
    /// Some of them, canonical.
    pub parts: Vec<String>,
    /// How many others there are.
    #[ts(type = "number")]
    pub more: usize,
    /// The one.
    pub network: String,
}

impl MergeView {
    fn new(list: &trusted_ips::TrustedIps, merge: &trusted_ips::Merge) -> Self {
        let outputs = merge.entries.iter().filter_map(|index| list.entries.get(*index)?.output());
        let parts: Vec<String> = outputs.take(PARTS_SHOWN).collect();
        Self { more: merge.entries.len() - parts.len(), parts, network: trusted_ips::canonical(&merge.network) }
    }
}

/// A change of the list that the person makes. Entries and merges are named by their place in it.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ListEdit {
    /// Addresses after all that is there, each with what it is called.
    Add {
        /// In order.
        addresses: Vec<LabelledAddress>,
    },
    /// What is offered takes the place of one entry.
    Fix {
        /// Its place.
        #[ts(type = "number")]
        index: usize,
    },
    /// What is offered takes the place of every entry for which something is.
    FixAll,
    /// Networks become one.
    Merge {
        /// The one.
        network: String,
    },
    /// One entry goes.
    Remove {
        /// Its place.
        #[ts(type = "number")]
        index: usize,
    },
    /// All that cannot be sent goes.
    RemoveRejected,
    /// One entry is written anew.
    Replace {
        /// Its place.
        #[ts(type = "number")]
        index: usize,
        /// What stands there from now on.
        by: LabelledAddress,
    },
    /// The whole text is put in order.
    Tidy,
}

/// An address or network, and what the person calls it.
#[derive(Debug, Deserialize, TS)]
pub struct LabelledAddress {
    /// As it is to stand in the list.
    pub address: String,
    /// Its name.
    pub label: Option<String>,
}

impl From<LabelledAddress> for trusted_ips::Labelled {
    fn from(given: LabelledAddress) -> Self {
        Self { address: given.address, label: given.label }
    }
}

impl From<ListEdit> for trusted_ips::Edit {
    fn from(edit: ListEdit) -> Self {
        match edit {
            ListEdit::Add { addresses } => Self::AddLabelled(addresses.into_iter().map(Into::into).collect()),
            ListEdit::Fix { index } => Self::Fix(index),
            ListEdit::FixAll => Self::FixAll,
            ListEdit::Merge { network } => Self::Merge(network),
            ListEdit::Remove { index } => Self::Remove(index),
            ListEdit::RemoveRejected => Self::RemoveRejected,
            ListEdit::Replace { index, by } => Self::Replace(index, by.into()),
            ListEdit::Tidy => Self::Tidy,
        }
    }
}

/// How many addresses a network has; `None` for a single address.
pub(crate) fn address_count(network: &IpNet) -> Option<String> {
    match u32::from(network.max_prefix_len() - network.prefix_len()) {
        0 => None,
        bits => Some(count_in_words(1u128.checked_shl(bits).unwrap_or(u128::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trusted_ips::{Policy, parse};

    fn view(text: &str) -> TrustedIpsView {
        TrustedIpsView::new(&parse(text, &Policy::THREE_COMMAS))
    }

    #[test]
    fn a_huge_list_is_counted_whole_and_shown_in_part_with_what_needs_the_person() {
        let mut text: String =
            (0..70_000).map(|n| format!("{} ", std::net::Ipv4Addr::from(0x1400_0000 + 2 * n))).collect();
        text.push_str("10.0.0.1 8.8.8.8:443");
        let view = view(&text);
        assert_eq!((view.counts.entries, view.counts.rejected, view.counts.fixable), (70_002, 2, 1));
        assert_eq!(view.entries.len(), SHOWN);
        let rejected: Vec<usize> =
            view.entries.iter().filter(|entry| entry.verdict == Verdict::Reject).map(|entry| entry.index).collect();
        assert_eq!(rejected, [70_000, 70_001]);
        assert!(view.entries.is_sorted_by_key(|entry| entry.index));
    }

    #[test]
    fn a_list_of_nothing_but_mistakes_stays_small_too() {
        let view = view(&"10.0.0.1 ".repeat(5_000));
        assert_eq!((view.counts.rejected, view.entries.len()), (5_000, REJECTED_SHOWN));
    }

    #[test]
    fn a_tidy_up_says_what_goes_and_why() {
        let tidy = view("8.8.8.9/24, 8.8.8.9 and 1.1.1.7").tidy.unwrap();
        assert_eq!((tidy.before, tidy.after, tidy.total), (4, 2, 3));
        let said: Vec<_> =
            tidy.changes.iter().map(|c| (c.before.as_str(), c.after.as_deref(), c.within.as_deref())).collect();
        assert_eq!(
            said,
            [("8.8.8.9/24", Some("8.8.8.0/24"), None), ("8.8.8.9", None, Some("8.8.8.0/24")), ("and", None, None),]
        );
        assert!(view("8.8.8.9;1.1.1.7").tidy.is_none(), "only the layout would change");
    }

    #[test]
    fn a_long_merge_names_some_of_its_parts() {
        let text: String = (0..16).map(|n| format!("9.9.9.{n} ")).collect();
        let [merge] = &view(&text).merges[..] else { panic!("one merge") };
        assert_eq!((merge.parts.len(), merge.more, merge.network.as_str()), (4, 12, "9.9.9.0/28"));
    }
}
