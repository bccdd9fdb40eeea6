//! The parsed list.

use std::ops::Range;

use ipnet::IpNet;

use crate::canonical::{canonical, joined};
use crate::count;
use crate::merge::{self, Merge};
use crate::policy::Policy;
use crate::tidy;
use crate::verdict::{Reason, Verdict};

/// What became of a text. Made only by [`parse`](crate::parse).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrustedIps {
    /// The entries in the order given, dropped and rejected ones too.
    pub entries: Vec<Entry>,
    /// What is said of the whole list: [`Reason::Empty`], [`Reason::ManyEntries`].
    pub reasons: Vec<Reason>,
    /// The policy that it was parsed with.
    pub policy: Policy,
}

impl TrustedIps {
    /// The worst verdict of the entries and of the list itself.
    pub fn verdict(&self) -> Verdict {
        let own = self.reasons.iter().map(|reason| match reason {
            Reason::Empty => Verdict::Reject,
            _ => Verdict::Warn,
        });
        let entries = self.entries.iter().map(|entry| entry.verdict);
        entries.chain(own).max().unwrap_or(Verdict::Accept)
    }

    /// The networks that are kept, in the order given.
    pub fn networks(&self) -> Vec<IpNet> {
        self.entries.iter().filter_map(|entry| entry.network).collect()
    }

    /// The kept networks in canonical form, joined by `, `.
    pub fn list(&self) -> String {
        joined(&self.networks())
    }

    /// Whether the list can be sent: something is kept and nothing is rejected.
    pub fn is_submittable(&self) -> bool {
        let rejected = |entry: &Entry| entry.verdict == Verdict::Reject;
        self.entries.iter().any(|entry| entry.network.is_some()) && !self.entries.iter().any(rejected)
    }

    /// Kept networks that could be one, without an address more or less and within the policy.
    ///
    /// Single IPv6 addresses are never merged: they fit every reading of 3Commas' limits, a subnet does not.
    pub fn merges(&self) -> Vec<Merge> {
        merge::merges(&self.entries, &self.policy)
    }

    /// The kept networks as they are once every merge is made, each in the place of its first part.
    pub fn merged(&self) -> Vec<IpNet> {
        merge::merged(&self.entries, &self.merges())
    }

    /// The text put in order: an entry a line, canonical, with its label after `#`.
    ///
    /// Dropped entries are gone, rejected ones stay as typed; no suggestion is applied. Tidying twice changes
    /// nothing more, and the list stays the same.
    pub fn tidy(&self) -> String {
        tidy::tidy(&self.entries)
    }

    /// How many IPv4 and how many IPv6 addresses are trusted; the latter at most `u128::MAX`.
    pub fn address_count(&self) -> (u128, u128) {
        let mut counts = (0_u128, 0_u128);
        for net in self.entries.iter().filter_map(|entry| entry.network) {
            let count = match net {
                IpNet::V4(_) => &mut counts.0,
                IpNet::V6(_) => &mut counts.1,
            };
            *count = count.saturating_add(count::addresses(&net));
        }
        counts
    }
}

/// One entry of the text: an address or a network, or what stands where one is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// What is cut out when it is removed: with its bullet, quotes, brackets and label.
    pub chip_span: Range<usize>,
    /// The text of the span, as typed.
    pub text: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Why; empty for an accepted entry.
    pub reasons: Vec<Reason>,
    /// The network without host bits; `None` if the entry is rejected or dropped.
    pub network: Option<IpNet>,
    /// What may have been meant: one or more networks that would be kept, joined by `, `.
    pub suggestion: Option<String>,
    /// What its comment says.
    pub label: Option<String>,
    /// Whether it is, or was meant as, a made-up address of the practice ranges.
    pub practice: bool,
}

impl Entry {
    /// The canonical form that is sent; `None` if the entry is rejected or dropped.
    pub fn output(&self) -> Option<String> {
        self.network.as_ref().map(canonical)
    }

    /// How many addresses the kept network has.
    pub fn address_count(&self) -> Option<u128> {
        self.network.as_ref().map(count::addresses)
    }
}
