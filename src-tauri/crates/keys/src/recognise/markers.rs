//! Finding `BEGIN` and `END` lines, also where dashes, spaces or line breaks around them are lost.

use std::ops::Range;

/// Labels without their spaces, longest first where one starts with another.
const LABELS: &[(&str, Label)] = &[
    ("ENCRYPTEDPRIVATEKEY", Label::Private),
    ("RSAPRIVATEKEY", Label::Private),
    ("ECPRIVATEKEY", Label::Private),
    ("DSAPRIVATEKEY", Label::Private),
    ("OPENSSHPRIVATEKEY", Label::Private),
    ("PRIVATEKEY", Label::Private),
    ("RSAPUBLICKEY", Label::Public),
    ("SSH2PUBLICKEY", Label::Public),
    ("PUBLICKEY", Label::Public),
    ("NEWCERTIFICATEREQUEST", Label::Public),
    ("CERTIFICATEREQUEST", Label::Public),
    ("TRUSTEDCERTIFICATE", Label::Public),
    ("X509CERTIFICATE", Label::Public),
    ("CERTIFICATE", Label::Public),
    ("ECPARAMETERS", Label::Aside),
    ("DHPARAMETERS", Label::Aside),
];

/// Bounds the search for the end of a label that is not in the list.
const LONGEST_LABEL: usize = 48;

/// A `BEGIN` or `END` line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) span: Range<usize>,
    pub(super) side: Side,
    pub(super) label: Label,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Begin,
    End,
}

/// What the label promises: a hint for the message, never trusted for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Parameters that OpenSSL writes before an EC key: no key.
    Aside,
    /// A label of another world, such as PGP's.
    Foreign,
    Private,
    Public,
}

/// All markers, in order.
pub(super) fn find(text: &str) -> Vec<Marker> {
    let bytes = text.as_bytes();
    let mut markers = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while at < bytes.len() {
        match marker_at(bytes, at, floor) {
            Some(marker) => {
                at = marker.span.end;
                floor = at;
                markers.push(marker);
            }
            None => at += 1,
        }
    }
    markers
}

/// A marker whose word stands at `at`. Its dashes begin at `floor` at the earliest, where the
/// marker before it ends.
fn marker_at(bytes: &[u8], at: usize, floor: usize) -> Option<Marker> {
    let rest = &bytes[at..];
    let (side, word) = if starts_with(rest, "BEGIN") {
        (Side::Begin, 5)
    } else if starts_with(rest, "END") {
        (Side::End, 3)
    } else {
        return None;
    };
    let before = run_back(&bytes[floor..at], b"- ");
    let dashed_before = bytes[at - before..at].contains(&b'-');
    let words = at + word + run(&bytes[at + word..], b" _-");

    let (label, end) = known_label(&bytes[words..])
        .or_else(|| foreign_label(&bytes[words..]).filter(|_| dashed_before))
        .map(|(label, length)| (label, words + length))?;
    let after = run(&bytes[end..], b"- ");
    let dashed_after = bytes[end..end + after].contains(&b'-');

    // Without any dash only capitals make a marker: "begin private key" may be prose.
    let capitals = bytes[at..end].iter().all(|byte| !byte.is_ascii_lowercase());
    if !dashed_before && !dashed_after && !capitals {
        return None;
    }
    Some(Marker {
        span: at - if dashed_before { before } else { 0 }..end + if dashed_after { after } else { 0 },
        side,
        label,
    })
}

/// A known label and its length, whatever stands between its words.
fn known_label(bytes: &[u8]) -> Option<(Label, usize)> {
    LABELS.iter().find_map(|(letters, label)| {
        let mut at = 0;
        for letter in letters.bytes() {
            at += run(&bytes[at..], b" _-");
            if !bytes.get(at)?.eq_ignore_ascii_case(&letter) {
                return None;
            }
            at += 1;
        }
        Some((*label, at))
    })
}

/// Capitals, digits and spaces that end in a dash. A misspelt label is one of these too;
/// what is inside decides.
fn foreign_label(bytes: &[u8]) -> Option<(Label, usize)> {
    let length = bytes
        .iter()
        .take(LONGEST_LABEL + 1)
        .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b' ')
        .count();
    if !(1..=LONGEST_LABEL).contains(&length) || bytes.get(length) != Some(&b'-') {
        return None;
    }
    let private = bytes[..length].windows(7).any(|word| word == b"PRIVATE");
    let label = if private { Label::Private } else { Label::Foreign };
    Some((label, length))
}

fn starts_with(bytes: &[u8], word: &str) -> bool {
    bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn run(bytes: &[u8], of: &[u8]) -> usize {
    bytes.iter().take_while(|byte| of.contains(byte)).count()
}

fn run_back(bytes: &[u8], of: &[u8]) -> usize {
    bytes.iter().rev().take_while(|byte| of.contains(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_however_they_are_written() {
        for text in [
            "-----BEGIN PUBLIC KEY-----",
            "BEGIN PUBLIC KEY",
            "- BEGIN PUBLIC KEY -",
            "--BEGIN PUBLIC KEY--------",
            "-----BEGINPUBLICKEY-----",
            "---- BEGIN SSH2 PUBLIC KEY ----",
            "-----Begin Public Key-----",
            "-----BEGIN_PUBLIC_KEY-----",
        ] {
            let expected = Marker { span: 0..text.len(), side: Side::Begin, label: Label::Public };
            assert_eq!(find(text), [expected], "{text}");
        }
    }

    #[test]
    fn prose_and_data_are_no_markers() {
        for text in ["begin private key work", "the END", "BEGIN", "ENDED", "MIIBENDAAA", ""] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn a_glued_end_does_not_swallow_data() {
        let text = "AQAB-----END PUBLIC KEY-----MII";
        let [marker] = &find(text)[..] else { panic!("one marker") };
        assert_eq!((&text[..marker.span.start], &text[marker.span.end..]), ("AQAB", "MII"));
    }

    #[test]
    fn markers_that_touch_share_no_dash() {
        let text = "-----END PUBLIC KEY----------BEGIN PUBLIC KEY-----";
        let [first, second] = &find(text)[..] else { panic!("two markers") };
        assert_eq!(first.span.end, second.span.start);
    }

    #[test]
    fn labels_say_what_to_expect() {
        for (text, label) in [
            ("-----BEGIN PGP PUBLIC KEY BLOCK-----", Label::Foreign),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----", Label::Private),
            ("-----BEGIN EC PARAMETERS-----", Label::Aside),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", Label::Private),
            ("-----BEGIN CERTIFICATE REQUEST-----", Label::Public),
        ] {
            assert_eq!(find(text)[0].label, label, "{text}");
        }
    }
}
