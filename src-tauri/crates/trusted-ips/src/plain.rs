//! Entries that are nothing but an address or a network, read straight from the bytes.
//!
//! Most lists hold nothing else. What is not plain is left to the reading by glyphs, which knows all the rules and would
//! say the same of what is: a property holds the two together.

use std::net::IpAddr;
use std::ops::Range;

use ipnet::IpNet;

use crate::segment::ends_segment;

/// What the bytes from some place on are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An entry as written: host bits may be set.
    Entry(Range<usize>, IpNet),
    /// The segment is over; it ended here.
    End(usize),
    /// Something that is not plain.
    Other,
}

/// What comes next within a segment.
pub(crate) fn next(text: &str, from: usize) -> Step {
    let bytes = text.as_bytes();
    let class = |at: usize| bytes.get(at).map_or(Class::Ends, |byte| CLASSES[usize::from(*byte)]);
    let mut start = from;
    while class(start) == Class::Space {
        start += 1;
    }
    let mut end = start;
    let mut slash = None;
    let after = loop {
        match class(end) {
            Class::Address => {}
            Class::Slash if slash.is_none() => slash = Some(end),
            after => break after,
        }
        end += 1;
    };
    match after {
        Class::Slash | Class::Other => Step::Other,
        Class::Ends if start == end => Step::End(end),
        Class::Ends | Class::Space | Class::Address => {
            match read(&text[start..end], slash.map(|slash| slash - start)) {
                Some(net) => Step::Entry(start..end, net),
                None => Step::Other,
            }
        }
    }
}

fn read(text: &str, slash: Option<usize>) -> Option<IpNet> {
    let Some(slash) = slash else {
        return text.parse().ok().map(|address: IpAddr| address.into());
    };
    let prefix = match text.as_bytes()[slash + 1..] {
        [a @ b'0'..=b'9'] => a - b'0',
        [a @ b'1'..=b'9', b @ b'0'..=b'9'] => (a - b'0') * 10 + (b - b'0'),
        // Only IPv6 has so long a prefix, and 128 is the longest.
        [b'1', b @ b'0'..=b'2', c @ b'0'..=b'9'] => 100 + (b - b'0') * 10 + (c - b'0'),
        _ => return None,
    };
    IpNet::new(text[..slash].parse().ok()?, prefix).ok()
}

/// What a byte can be in a plain list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Address,
    Slash,
    Space,
    /// Ends a segment.
    Ends,
    Other,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'.' | b':' => Class::Address,
            b'/' => Class::Slash,
            b' ' | b'\t' => Class::Space,
            ends if ends_segment(ends) => Class::Ends,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_a_network_is_plain() {
        for (text, wanted) in [
            ("8.8.8.8", "8.8.8.8/32"),
            ("  8.8.8.8/24, x", "8.8.8.8/24"),
            ("8.8.8.8/0", "8.8.8.8/0"),
            ("\t2606:4700::1/128\n", "2606:4700::1/128"),
            ("::FFFF:8.8.8.8", "::ffff:8.8.8.8/128"),
        ] {
            let Step::Entry(span, net) = next(text, 0) else { panic!("{text}") };
            assert_eq!(net.to_string(), wanted);
            assert_eq!(&text[span], text.trim_end_matches(", x").trim());
        }
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "8.8.8",
            "8.8.8.8.",
            "8.8.8.08",
            "8.8.8.8/",
            "8.8.8.8/33",
            "8.8.8.8/024",
            "8.8.8.8/+8",
            "::1/129",
            "::1/200",
            "8.8.8.8/24/24",
            "8.8.8.8/255.0.0.0",
            "8.8.8.8#a",
            "8.8.8.8-9",
            "(8.8.8.8)",
            "8.8.8.8é",
            "1.",
            "face",
            "/24",
            "x",
        ] {
            assert_eq!(next(text, 0), Step::Other, "{text}");
        }
    }

    #[test]
    fn a_segment_ends_at_its_separator() {
        for (text, end) in [("", 0), ("  ", 2), (" ,", 1), ("\n", 0), ("|", 0)] {
            assert_eq!(next(text, 0), Step::End(end), "{text:?}");
        }
    }
}
