//! The text put in order.

use crate::canonical::canonical;
use crate::entry::Entry;
use crate::list::TrustedIps;
use crate::merge::Merge;
use crate::verdict::{Reason, Verdict};

/// What becomes of one entry when the text is put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TidyChange<'a> {
    /// The index of the entry.
    pub entry: usize,
    /// What goes, as typed: the entry, and where it vanishes also what is cut out with it, such as its label.
    pub before: &'a str,
    /// What stands there instead; `None` if the entry vanishes.
    pub after: Option<String>,
    /// Why.
    pub reasons: &'a [Reason],
    /// The index of the kept entry that makes it needless, if that is why it vanishes.
    pub covered_by: Option<usize>,
}

impl TrustedIps {
    /// The text put in order: an entry a line, canonical, with its label after `#`.
    ///
    /// Dropped entries are gone, rejected ones stay as typed; no suggestion is applied. Tidying twice changes
    /// nothing more, and the list stays the same.
    pub fn tidy(&self) -> String {
        let mut text = String::new();
        for entry in &self.entries {
            if let Some(line) = line(self, entry) {
                push_line(&mut text, &line, entry.label());
            }
        }
        text.pop();
        text
    }

    /// What [`tidy`](Self::tidy) does to entries: those that are written anew or vanish, in the order given.
    ///
    /// What only stands around an entry (bullets, quotes, brackets, separators) is not mentioned.
    pub fn tidy_changes(&self) -> Vec<TidyChange<'_>> {
        self.entries.iter().enumerate().filter_map(|(index, entry)| change(self, index, entry)).collect()
    }

    /// The text put in order with one merge made, in the place of its first part.
    ///
    /// Labels of the parts are joined with ` + `, equal ones kept once. The text parses to the list as it is, but for
    /// the merge. A merge of another list changes nothing but what its indexes happen to name.
    pub fn merge_text(&self, merge: &Merge) -> String {
        let label = joined_labels(merge.entries.iter().filter_map(|index| self.entries.get(*index)?.label()));
        let network = canonical(&merge.network);
        let mut text = String::new();
        for (index, entry) in self.entries.iter().enumerate() {
            if merge.entries.first() == Some(&index) {
                push_line(&mut text, &network, label.as_deref());
            } else if merge.entries.binary_search(&index).is_err()
                && let Some(line) = line(self, entry)
            {
                push_line(&mut text, &line, entry.label());
            }
        }
        text.pop();
        text
    }
}

fn change<'a>(list: &'a TrustedIps, index: usize, entry: &'a Entry) -> Option<TidyChange<'a>> {
    let typed = list.text_of(entry);
    let after = line(list, entry);
    let before = match &after {
        Some(after) if after == typed => return None,
        Some(_) => typed,
        None => list.text.get(entry.chip_span.clone()).unwrap_or_default().trim(),
    };
    Some(TidyChange { entry: index, before, after, reasons: entry.reasons(), covered_by: entry.covered_by() })
}

/// The entry as it stands in a tidy text, without its label; `None` if it does not.
fn line(list: &TrustedIps, entry: &Entry) -> Option<String> {
    let as_typed = || (entry.verdict == Verdict::Reject).then(|| list.text_of(entry).to_owned());
    entry.output().or_else(as_typed)
}

fn push_line(text: &mut String, line: &str, label: Option<&str>) {
    text.push_str(line);
    if let Some(label) = label {
        text.push_str(" # ");
        text.push_str(label);
    }
    text.push('\n');
}

fn joined_labels<'a>(labels: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut distinct: Vec<&str> = Vec::new();
    for label in labels {
        if !distinct.contains(&label) {
            distinct.push(label);
        }
    }
    (!distinct.is_empty()).then(|| distinct.join(" + "))
}

#[cfg(test)]
mod tests {
    use crate::parse::parse;
    use crate::policy::Policy;

    #[test]
    fn an_entry_a_line_with_its_label() {
        for (text, wanted) in [
            ("8.8.8.9;1.1.1.7", "8.8.8.9\n1.1.1.7"),
            ("8.8.8.9/24 // home, 1.1.1.7", "8.8.8.0/24 # home\n1.1.1.7"),
            ("IP: 8.8.8.9 and 8.8.8.9", "8.8.8.9"),
            ("[8.8.8.9, 10.0.0.1 # box]", "[8.8.8.9\n10.0.0.1 # box]"),
            ("- 8.8.8.0 -  8.8.8.255, 1.1.1.7:80 #vps", "8.8.8.0 -  8.8.8.255\n1.1.1.7:80 # vps"),
            ("10. / 8", "10. / 8"),
            ("# only a comment", ""),
            ("", ""),
        ] {
            let tidied = parse(text, &Policy::default()).tidy();
            assert_eq!(tidied, wanted, "{text}");
            assert_eq!(parse(&tidied, &Policy::default()).tidy(), wanted, "{text}");
        }
    }

    #[test]
    fn what_tidying_changes_is_said_entry_by_entry() {
        for (text, wanted) in [
            ("8.8.8.9; 1.1.1.7", ""),
            ("- \"8.8.8.9\" # home", ""),
            ("8.8.8.9/24, 1.1.1.7", "0: 8.8.8.9/24 -> 8.8.8.0/24 (host-bits-set)"),
            ("8.8.8.0 / 255.255.255.0", "0: 8.8.8.0 / 255.255.255.0 -> 8.8.8.0/24 ()"),
            ("2606:4700:0::1", "0: 2606:4700:0::1 -> 2606:4700::1 ()"),
            ("8.8.8.9\n- 8.8.8.9 # old, 1.1.1.7", "1: - 8.8.8.9 # old gone (duplicate of 0)"),
            ("8.8.8.9, 8.8.8.0/24", "0: 8.8.8.9 gone (covered of 1)"),
            ("8.8.8.9 8.8.8.9 8.8.8.0/24", "0: 8.8.8.9 gone (covered of 2); 1: 8.8.8.9 gone (duplicate of 2)"),
            ("IP: 8.8.8.9", "0: IP: gone (noise-dropped)"),
            ("10.0.0.1, 8.8.8.9:80", ""),
        ] {
            let list = parse(text, &Policy::default());
            let said = list.tidy_changes().into_iter().map(|change| {
                let reasons: Vec<&str> = change.reasons.iter().map(|reason| reason.as_str()).collect();
                let after = change.after.map_or(" gone".to_owned(), |after| format!(" -> {after}"));
                let of = change.covered_by.map_or(String::new(), |index| format!(" of {index}"));
                format!("{}: {}{after} ({}{of})", change.entry, change.before, reasons.join(" "))
            });
            assert_eq!(said.collect::<Vec<_>>().join("; "), wanted, "{text}");
        }
    }

    #[test]
    fn one_merge_is_made_in_the_place_of_its_first_part() {
        for (text, wanted) in [
            ("8.8.8.0/25, 8.8.8.128/25", "8.8.8.0/24"),
            ("8.8.8.128/25 # a\n1.1.1.7\n8.8.8.0/25 # b", "8.8.8.0/24 # a + b\n1.1.1.7"),
            ("8.8.8.128/25 # a\n8.8.8.0/25 # a", "8.8.8.0/24 # a"),
            ("1.1.1.1, 8.8.8.8\n8.8.8.9 # b", "1.1.1.1\n8.8.8.8/31 # b"),
            ("IP: 8.8.8.8, 8.8.8.9, 8.8.8.8 # again", "8.8.8.8/31"),
            ("8.8.8.8, 8.8.8.9, 1.1.1.2, 1.1.1.3", "8.8.8.8/31\n1.1.1.2\n1.1.1.3"),
            ("8.8.8.8, 10.0.0.1:80, 8.8.8.9", "8.8.8.8/31\n10.0.0.1:80"),
        ] {
            let list = parse(text, &Policy::default());
            let merge = &list.merges()[0];
            assert_eq!(list.merge_text(merge), wanted, "{text}");
        }
    }

    #[test]
    fn a_merge_of_another_list_does_no_harm() {
        let merge = &parse("8.8.8.8, 1.1.1.1, 8.8.8.9", &Policy::default()).merges()[0];
        assert_eq!(parse("", &Policy::default()).merge_text(merge), "");
        assert_eq!(parse("4.4.4.4, 9.9.9.7", &Policy::default()).merge_text(merge), "8.8.8.8/31\n9.9.9.7");
    }
}
