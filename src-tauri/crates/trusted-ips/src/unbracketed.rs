//! Brackets around the whole of an entry.

use crate::characters::{Bracket, bracket};

/// The text without the brackets around the whole of it.
pub(crate) fn unbracketed(text: &str) -> &str {
    let ends = || text.chars().zip(text.chars().rev()).take_while(|(first, last)| is_pair(*first, *last));
    let pairs = ends().count();
    if pairs == 0 {
        return text;
    }
    let inner = without_ends(text, ends());
    let mut depth = 0_usize;
    // Pairs at the ends that are closed within, as in `(a)(b)`, are none around the whole.
    let mut closed_within = 0;
    for c in inner.chars() {
        match bracket(c) {
            Some(Bracket::Opening(_)) => depth += 1,
            Some(Bracket::Closing(_)) if depth == 0 => closed_within += 1,
            Some(Bracket::Closing(_)) => depth -= 1,
            None => {}
        }
    }
    without_ends(text, ends().take(pairs.saturating_sub(closed_within)))
}

fn without_ends(text: &str, ends: impl Iterator<Item = (char, char)>) -> &str {
    let (start, end) =
        ends.fold((0, text.len()), |(start, end), (first, last)| (start + first.len_utf8(), end - last.len_utf8()));
    &text[start..end]
}

fn is_pair(first: char, last: char) -> bool {
    match (bracket(first), bracket(last)) {
        (Some(Bracket::Opening(opened)), Some(Bracket::Closing(closed))) => opened == closed,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_brackets_around_the_whole_are_taken_off() {
        for (text, wanted) in [
            ("[a]", "a"),
            ("([a])", "a"),
            ("[a](b)", "[a](b)"),
            ("[a][b]", "[a][b]"),
            ("([a][b])", "[a][b]"),
            ("(（a）)", "a"),
            ("[a)", "[a)"),
            ("[a", "[a"),
            ("[]", ""),
            ("[", "["),
            ("", ""),
        ] {
            assert_eq!(unbracketed(text), wanted);
        }
    }
}
