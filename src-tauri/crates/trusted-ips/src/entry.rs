//! One entry of the list.

use std::ops::Range;

use ipnet::IpNet;

use crate::canonical::canonical;
use crate::count;
use crate::verdict::{Reason, Verdict};

/// One entry of the text: an address or a network, or what stands where one is expected.
///
/// Its text as typed is found with [`TrustedIps::text_of`](crate::TrustedIps::text_of).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// What is cut out when it is removed: with its bullet, quotes, brackets and label.
    pub chip_span: Range<usize>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// The network without host bits; `None` if the entry is rejected or dropped.
    pub network: Option<IpNet>,
    /// Whether it is, or was meant as, a made-up address of the practice ranges.
    pub practice: bool,
    /// Apart, because most entries of a long list have none and an entry is one cache line without it.
    note: Option<Box<Note>>,
}

/// What there is to be said of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Note {
    reasons: Vec<Reason>,
    suggestion: Option<String>,
    label: Option<String>,
    covered_by: Option<usize>,
}

impl Entry {
    /// An entry that is rejected as long as nothing better is known.
    pub(crate) fn new(span: Range<usize>, chip_span: Range<usize>) -> Self {
        Self { span, chip_span, verdict: Verdict::Reject, network: None, practice: false, note: None }
    }

    pub(crate) fn accept(&mut self, network: IpNet) {
        self.network = Some(network);
        self.verdict = if self.reasons().is_empty() { Verdict::Accept } else { Verdict::Warn };
    }

    /// Leaves the entry out of the list, without harm. Nothing else is said of it any more: its width, say, is no concern
    /// of a network that is not kept, and the numbers that such a warning names are gone with the network.
    pub(crate) fn drop_as(&mut self, reason: Reason) {
        self.network = None;
        self.verdict = Verdict::Warn;
        self.note_mut().reasons = vec![reason];
    }

    /// Adds a reason, unless it was said before.
    pub(crate) fn say(&mut self, reason: Reason) {
        let reasons = &mut self.note_mut().reasons;
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }

    pub(crate) fn suggest(&mut self, suggestion: String) {
        self.note_mut().suggestion = Some(suggestion);
    }

    /// Adds a label after those it has.
    pub(crate) fn add_label(&mut self, label: String) {
        match &mut self.note_mut().label {
            Some(first) => {
                first.push(' ');
                first.push_str(&label);
            }
            none => *none = Some(label),
        }
    }

    pub(crate) fn forget_label(&mut self) {
        if let Some(note) = &mut self.note {
            note.label = None;
        }
    }

    pub(crate) fn set_covered_by(&mut self, index: usize) {
        self.note_mut().covered_by = Some(index);
    }

    fn note_mut(&mut self) -> &mut Note {
        self.note.get_or_insert_default()
    }

    /// Why it has its verdict; empty for an accepted entry, and one alone for an entry that was left out.
    pub fn reasons(&self) -> &[Reason] {
        self.note.as_ref().map_or(&[], |note| &note.reasons)
    }

    /// What may have been meant: one or more networks that would be kept, joined by `, `.
    pub fn suggestion(&self) -> Option<&str> {
        self.note.as_ref()?.suggestion.as_deref()
    }

    /// What its comment says.
    pub fn label(&self) -> Option<&str> {
        self.note.as_ref()?.label.as_deref()
    }

    /// The index of the kept entry that makes it needless, where it was dropped for that: as `duplicate` or `covered`.
    pub fn covered_by(&self) -> Option<usize> {
        self.note.as_ref()?.covered_by
    }

    /// The canonical form that is sent; `None` if the entry is rejected or dropped.
    pub fn output(&self) -> Option<String> {
        self.network.as_ref().map(canonical)
    }

    /// How many addresses the kept network has.
    pub fn address_count(&self) -> Option<u128> {
        self.network.as_ref().map(count::addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_without_a_note_is_one_cache_line() {
        assert!(size_of::<Entry>() <= 64, "{}", size_of::<Entry>());
    }
}
