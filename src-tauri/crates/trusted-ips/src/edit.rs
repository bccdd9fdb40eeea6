//! Changes to the text of a list, as a form makes them: an entry at a time.
//!
//! The text stays the one truth, so that what a person pasted is theirs until they change it. An entry is named by its
//! place among [`TrustedIps::entries`] of exactly this text and policy.

use crate::canonical::canonical;
use crate::entry::Entry;
use crate::list::TrustedIps;
use crate::parse::parse;
use crate::policy::Policy;
use crate::verdict::Verdict;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Text after all that is there, on a line of its own.
    Add(String),
    /// Addresses after all that is there, each with what it is called.
    AddLabelled(Vec<Labelled>),
    /// One entry and what belongs to it goes.
    Remove(usize),
    /// One entry is written anew.
    Replace(usize, Labelled),
    /// What is offered for one entry takes its place.
    Fix(usize),
    /// What is offered takes the place of every entry for which something is.
    FixAll,
    /// Every rejected entry goes.
    RemoveRejected,
    /// Networks become this one, if it is still among [`TrustedIps::merges`].
    Merge(String),
    /// The whole is put in order.
    Tidy,
}

/// An address or network, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// As it is to be written.
    pub address: String,
    /// Words; separators in them become spaces.
    pub label: Option<String>,
}

/// The text after a change. A change of an entry that is not there changes nothing.
///
/// Apart from what is only added the result has an entry a line, because a label runs up to the end of its line.
pub fn edited(text: &str, policy: &Policy, edit: &Edit) -> String {
    match edit {
        Edit::Add(added) => appended(text, added),
        Edit::AddLabelled(added) => appended(text, &lines(added.iter().map(Labelled::line))),
        Edit::Remove(at) => rewritten(text, policy, |index, _| (index == *at).then(String::new)),
        Edit::Replace(at, by) => rewritten(text, policy, |index, _| (index == *at).then(|| by.line())),
        Edit::Fix(at) => rewritten(text, policy, |index, entry| (index == *at).then(|| fixed(entry)).flatten()),
        Edit::FixAll => rewritten(text, policy, |_, entry| fixed(entry)),
        Edit::RemoveRejected => {
            rewritten(text, policy, |_, entry| (entry.verdict == Verdict::Reject).then(String::new))
        }
        Edit::Merge(network) => merged(&parse(text, policy), network).unwrap_or_else(|| text.to_owned()),
        Edit::Tidy => parse(text, policy).tidy(),
    }
}

/// Every entry as it stands in the text, except those that are written anew (as nothing, where they go).
fn rewritten(text: &str, policy: &Policy, anew: impl Fn(usize, &Entry) -> Option<String>) -> String {
    let list = parse(text, policy);
    lines(list.entries.iter().enumerate().map(|(index, entry)| {
        anew(index, entry).unwrap_or_else(|| text.get(entry.chip_span.clone()).unwrap_or_default().to_owned())
    }))
}

fn merged(list: &TrustedIps, network: &str) -> Option<String> {
    let merges = list.merges();
    Some(list.merge_text(merges.iter().find(|merge| canonical(&merge.network) == network)?))
}

fn appended(text: &str, added: &str) -> String {
    lines([text.to_owned(), added.to_owned()].into_iter())
}

/// A line each; what is blank is left out.
fn lines(parts: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    for part in parts {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(part);
    }
    text
}

/// The offered networks of an entry, each with its label.
fn fixed(entry: &Entry) -> Option<String> {
    let offered = entry.suggestion()?;
    let each = |network: &str| Labelled { address: network.to_owned(), label: entry.label().map(str::to_owned) };
    Some(lines(offered.split(", ").map(|network| each(network).line())))
}

impl Labelled {
    /// As it is read back: what follows `#` is the label, up to a separator or the end of the line.
    fn line(&self) -> String {
        let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
        let words = self.label.iter().flat_map(|label| label.split(ends)).filter(|word| !word.is_empty());
        let label = words.collect::<Vec<_>>().join(" ");
        let address = self.address.trim();
        if label.is_empty() { address.to_owned() } else { format!("{address} # {label}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, edit: &Edit) -> String {
        edited(text, &Policy::THREE_COMMAS, edit)
    }

    fn named(address: &str, label: Option<&str>) -> Labelled {
        Labelled { address: address.to_owned(), label: label.map(str::to_owned) }
    }

    #[test]
    fn what_is_added_stands_on_a_line_of_its_own() {
        for (text, added, wanted) in [
            ("", " 8.8.8.8 ", "8.8.8.8"),
            ("8.8.8.8 # home", "1.1.1.1, 9.9.9.9", "8.8.8.8 # home\n1.1.1.1, 9.9.9.9"),
            ("8.8.8.8\n\n", "1.1.1.1", "8.8.8.8\n1.1.1.1"),
            ("8.8.8.8", "  ", "8.8.8.8"),
        ] {
            assert_eq!(after(text, &Edit::Add(added.to_owned())), wanted);
        }
        let found = vec![named("8.8.8.8", Some("This computer")), named("2606:4700::1", None)];
        assert_eq!(after("1.1.1.1", &Edit::AddLabelled(found)), "1.1.1.1\n8.8.8.8 # This computer\n2606:4700::1");
    }

    #[test]
    fn an_entry_goes_with_what_belongs_to_it() {
        let text = "- \"8.8.8.8\" # home\n- 1.1.1.1, 9.9.9.9 // vps";
        for (at, wanted) in [
            (0, "- 1.1.1.1\n9.9.9.9 // vps"),
            (1, "- \"8.8.8.8\" # home\n9.9.9.9 // vps"),
            (2, "- \"8.8.8.8\" # home\n- 1.1.1.1"),
            (3, "- \"8.8.8.8\" # home\n- 1.1.1.1\n9.9.9.9 // vps"),
        ] {
            assert_eq!(after(text, &Edit::Remove(at)), wanted, "{at}");
        }
    }

    #[test]
    fn an_entry_is_written_anew_in_its_place() {
        let replaced = |label| after("8.8.8.8, 1.1.1.1", &Edit::Replace(0, named(" 9.9.9.9 ", label)));
        assert_eq!(replaced(None), "9.9.9.9\n1.1.1.1");
        assert_eq!(replaced(Some(" my, own | server\nat home ")), "9.9.9.9 # my own server at home\n1.1.1.1");
        assert_eq!(replaced(Some(" , ")), "9.9.9.9\n1.1.1.1");
    }

    #[test]
    fn a_fix_keeps_the_label_for_each_part() {
        let text = "8.8.8.8:443 # vps\n9.9.9.1-2 # two\n10.0.0.1\n1.1.1.1";
        assert_eq!(after(text, &Edit::Fix(0)), "8.8.8.8 # vps\n9.9.9.1-2 # two\n10.0.0.1\n1.1.1.1");
        assert_eq!(after(text, &Edit::FixAll), "8.8.8.8 # vps\n9.9.9.1 # two\n9.9.9.2 # two\n10.0.0.1\n1.1.1.1");
        assert_eq!(after(text, &Edit::Fix(2)), text, "nothing is offered for it");
        assert_eq!(after(text, &Edit::RemoveRejected), "1.1.1.1");
    }

    #[test]
    fn a_merge_and_a_tidy_up_are_those_of_the_list() {
        let text = "8.8.8.128/25, 1.1.1.1 and 8.8.8.0/25 # office";
        assert_eq!(after(text, &Edit::Merge("8.8.8.0/24".to_owned())), "8.8.8.0/24 # office\n1.1.1.1");
        assert_eq!(after(text, &Edit::Merge("1.1.1.0/24".to_owned())), text, "it is not offered");
        assert_eq!(after(text, &Edit::Tidy), "8.8.8.128/25\n1.1.1.1\n8.8.8.0/25 # office");
    }

    #[test]
    fn a_label_is_read_back_as_it_was_given() {
        let text = after("", &Edit::AddLabelled(vec![named("8.8.8.8", Some("Home № 2 # old"))]));
        assert_eq!(parse(&text, &Policy::THREE_COMMAS).entries[0].label(), Some("Home № 2 # old"));
    }
}
