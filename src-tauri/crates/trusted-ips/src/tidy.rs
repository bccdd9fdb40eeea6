//! The text put in order.

use crate::list::Entry;
use crate::verdict::Verdict;

pub(crate) fn tidy(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        match entry.output() {
            Some(output) => text.push_str(&output),
            None if entry.verdict == Verdict::Reject => text.push_str(&entry.text),
            None => continue,
        }
        if let Some(label) = &entry.label {
            text.push_str(" # ");
            text.push_str(label);
        }
        text.push('\n');
    }
    text.pop();
    text
}

#[cfg(test)]
mod tests {
    use crate::{Policy, parse};

    #[test]
    fn an_entry_a_line_with_its_label() {
        for (text, wanted) in [
            ("8.8.8.8;1.1.1.1", "8.8.8.8\n1.1.1.1"),
            ("8.8.8.8/24 // home, 1.1.1.1", "8.8.8.0/24 # home\n1.1.1.1"),
            ("IP: 8.8.8.8 and 8.8.8.8", "8.8.8.8"),
            ("[8.8.8.8, 10.0.0.1 # box]", "[8.8.8.8\n10.0.0.1 # box]"),
            ("- 8.8.8.0 -  8.8.8.255, 1.1.1.1:80 #vps", "8.8.8.0 -  8.8.8.255\n1.1.1.1:80 # vps"),
            ("10. / 8", "10. / 8"),
            ("# only a comment", ""),
            ("", ""),
        ] {
            let tidied = parse(text, &Policy::default()).tidy();
            assert_eq!(tidied, wanted, "{text}");
            assert_eq!(parse(&tidied, &Policy::default()).tidy(), wanted, "{text}");
        }
    }
}
