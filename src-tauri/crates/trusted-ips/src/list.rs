//! The parsed list.

use ipnet::IpNet;

use crate::canonical::joined;
use crate::count;
use crate::entry::Entry;
use crate::merge::{self, Merge};
use crate::policy::Policy;
use crate::tidy::{self, TidyChange};
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
    pub(crate) text: String,
}

impl TrustedIps {
    /// The whole text that was parsed, as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of one of the entries, as typed.
    pub fn text_of(&self, entry: &Entry) -> &str {
        self.text.get(entry.span.clone()).unwrap_or_default()
    }

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

    /// The text put in order with one merge made, in the place of its first part.
    ///
    /// Labels of the parts are joined with ` + `, equal ones kept once. The text parses to the list as it is, but for
    /// the merge. A merge of another list changes nothing but what its indexes happen to name.
    pub fn merge_text(&self, merge: &Merge) -> String {
        tidy::merged(self, merge)
    }

    /// The text put in order: an entry a line, canonical, with its label after `#`.
    ///
    /// Dropped entries are gone, rejected ones stay as typed; no suggestion is applied. Tidying twice changes
    /// nothing more, and the list stays the same.
    pub fn tidy(&self) -> String {
        tidy::tidy(self)
    }

    /// What [`tidy`](Self::tidy) does to entries: those that are written anew or vanish, in the order given.
    ///
    /// What only stands around an entry (bullets, quotes, brackets, separators) is not mentioned.
    pub fn tidy_changes(&self) -> Vec<TidyChange<'_>> {
        tidy::changes(self)
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
