//! The parsed list.

use ipnet::IpNet;

use crate::canonical::joined;
use crate::count;
use crate::entry::Entry;
use crate::policy::Policy;
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
