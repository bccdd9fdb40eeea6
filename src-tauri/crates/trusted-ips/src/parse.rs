//! From text to list.

use crate::list::TrustedIps;
use crate::policy::Policy;
use crate::reader::Reader;
use crate::segment;
use crate::verdict::Reason;

/// Parses any text into a list. It never fails: what cannot be used is an entry that says why.
///
/// The time it takes grows with the length of the text, but for one sort of the IPv6 networks within the same /64.
pub fn parse(text: &str, policy: &Policy) -> TrustedIps {
    let mut reader = Reader::new(text, policy);
    let mut start = 0;
    while start < text.len() {
        let end = reader.read_plain(start).unwrap_or_else(|| {
            let end = segment::end(text, start);
            reader.read(start..end);
            end
        });
        reader.go_past(end);
        start = end + 1;
    }
    list(reader, text, policy)
}

/// The same as [`parse`] without its short cut for plain entries, for tests that hold the two together.
#[doc(hidden)]
pub fn parse_by_glyphs(text: &str, policy: &Policy) -> TrustedIps {
    let mut reader = Reader::new(text, policy);
    reader.read(0..text.len());
    list(reader, text, policy)
}

fn list(reader: Reader<'_>, text: &str, policy: &Policy) -> TrustedIps {
    let (mut entries, networks) = reader.finish();
    let kept = networks.drop_overlapping(&mut entries);
    let many = kept.v4 > policy.ipv4_entries_max || kept.v6 > policy.ipv6_entries_max;
    let reasons = match (entries.is_empty(), many) {
        (true, _) => vec![Reason::Empty],
        (false, true) => vec![Reason::ManyEntries],
        (false, false) => Vec::new(),
    };
    TrustedIps { entries, reasons, policy: *policy, text: text.to_owned() }
}
