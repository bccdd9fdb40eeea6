//! How much of the text has to be read in one go.

use crate::characters::{BRACKET_KINDS, Bracket, bracket, ends_label, is_quote, is_zero_width};

/// Whether the character ends a segment.
///
/// No run, label or bullet reaches over one of these, so that what follows can be read by itself: only brackets may be
/// open.
pub(crate) const fn ends_segment(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'|' | b'\n' | b'\r')
}

/// Where the text that begins here can be cut: at the end of the first segment with no bracket left open.
///
/// A bracket that is never closed takes all the rest with it.
pub(crate) fn end(text: &str, start: usize) -> usize {
    let mut open = [0_usize; BRACKET_KINDS];
    let mut in_label = false;
    // The last characters that count.
    let (mut before, mut last) = (' ', ' ');
    for (at, c) in text[start..].char_indices() {
        let byte = u8::try_from(c).unwrap_or_default();
        if ends_segment(byte) && open == [0; BRACKET_KINDS] {
            return start + at;
        }
        if is_zero_width(c) || is_quote(c) {
            continue;
        }
        // As in `cut`: a hash, or two slashes that follow neither a colon nor a slash.
        in_label |= c == '#' || (c == '/' && last == '/' && !matches!(before, ':' | '/'));
        in_label &= !ends_label(c);
        if !in_label {
            match bracket(c) {
                Some(Bracket::Opening(kind)) => open[usize::from(kind)] += 1,
                // Those inside it that stay open are counted on: then more than need be is read in one go.
                Some(Bracket::Closing(kind)) => {
                    let open = &mut open[usize::from(kind)];
                    *open = open.saturating_sub(1);
                }
                None => {}
            }
        }
        (before, last) = (last, c);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_ends_where_labels_do() {
        for (text, wanted) in [
            ("a b; c", "a b"),
            ("a # b, c", "a # b"),
            ("a，b\nc", "a，b"),
            ("a\r\n", "a"),
            ("é", "é"),
            ("", ""),
            (",", ""),
        ] {
            assert_eq!(&text[..end(text, 0)], wanted, "{text}");
        }
        assert_eq!(end("a, b, c", 2), 4);
    }

    #[test]
    fn open_brackets_reach_over_segments() {
        for (text, wanted) in [
            ("[a, b] c, d", "[a, b] c"),
            ("(a), b", "(a)"),
            ("a), b", "a)"),
            ("(a, [b), c], d", "(a, [b), c]"),
            ("(a, b, c", "(a, b, c"),
            ("a # (b, c", "a # (b"),
            ("(a # b), c), d", "(a # b), c)"),
            ("(a // b), c), d", "(a // b), c)"),
            ("(a /\u{200b}/ b), c), d", "(a /\u{200b}/ b), c)"),
            ("(https://a), b", "(https://a)"),
            ("(a # b\u{2028}), c", "(a # b\u{2028})"),
        ] {
            assert_eq!(&text[..end(text, 0)], wanted, "{text}");
        }
    }
}
