//! Which characters mean what in a pasted list.

/// Characters that end a line (UAX #14: BK, CR, LF, NL).
pub(crate) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// White space within a line.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() && !is_line_break(c)
}

/// What stands between entries.
pub(crate) fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '|' | '\u{ff0c}' | '\u{60c}' | '\u{3001}') || c.is_whitespace()
}

/// What ends the label of an entry.
pub(crate) fn ends_label(c: char) -> bool {
    matches!(c, ',' | ';' | '|') || is_line_break(c)
}

/// Characters without width, and soft hyphens: chats and word processors leave them behind.
pub(crate) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Characters that change the order in which text is shown (the Unicode property `Bidi_Control`).
pub(crate) fn is_direction_mark(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// The Unicode property `Quotation_Mark`, and the back quote of chats and Markdown.
pub(crate) fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '`'
            | '\u{ab}'
            | '\u{bb}'
            | '\u{2018}'..='\u{201f}'
            | '\u{2039}'
            | '\u{203a}'
            | '\u{2e42}'
            | '\u{300c}'..='\u{300f}'
            | '\u{301d}'..='\u{301f}'
            | '\u{fe41}'..='\u{fe44}'
            | '\u{ff02}'
            | '\u{ff07}'
            | '\u{ff62}'
            | '\u{ff63}'
    )
}

/// Everything that is typed, or corrected by a word processor, as the dash of a range.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// What looks like a slash and is none.
pub(crate) fn is_slash_lookalike(c: char) -> bool {
    matches!(c, '\\' | '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{ff0f}')
}

/// One of the two halves of a pair of brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bracket {
    Opening(u8),
    Closing(u8),
}

/// How many kinds of brackets [`bracket`] tells apart.
pub(crate) const BRACKET_KINDS: usize = 9;

/// Which half of which kind of brackets a character is.
pub(crate) fn bracket(c: char) -> Option<Bracket> {
    use Bracket::{Closing, Opening};
    Some(match c {
        '[' => Opening(0),
        ']' => Closing(0),
        '(' => Opening(1),
        ')' => Closing(1),
        '{' => Opening(2),
        '}' => Closing(2),
        '<' => Opening(3),
        '>' => Closing(3),
        '\u{ff08}' => Opening(4),
        '\u{ff09}' => Closing(4),
        '\u{ff3b}' => Opening(5),
        '\u{ff3d}' => Closing(5),
        '\u{ff5b}' => Opening(6),
        '\u{ff5d}' => Closing(6),
        '\u{3010}' => Opening(7),
        '\u{3011}' => Closing(7),
        '\u{3014}' => Opening(8),
        '\u{3015}' => Closing(8),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_has_two_meanings() {
        for c in '\0'..=char::MAX {
            let meanings = [
                is_separator(c),
                is_zero_width(c),
                is_direction_mark(c),
                is_quote(c),
                is_dash(c),
                is_slash_lookalike(c),
                bracket(c).is_some(),
                c.is_alphanumeric(),
            ];
            assert!(meanings.iter().filter(|m| **m).count() <= 1, "{c:?}");
        }
    }

    #[test]
    fn every_kind_of_bracket_has_its_two_halves() {
        let pairs = ["[]", "()", "{}", "<>", "（）", "［］", "｛｝", "【】", "〔〕"];
        assert_eq!(pairs.len(), BRACKET_KINDS);
        for (kind, pair) in (0..).zip(pairs) {
            let halves: Vec<Bracket> = pair.chars().filter_map(bracket).collect();
            assert_eq!(halves, [Bracket::Opening(kind), Bracket::Closing(kind)], "{pair}");
        }
    }

    #[test]
    fn line_breaks_end_labels_and_separate() {
        for c in '\0'..=char::MAX {
            assert!(!is_line_break(c) || (ends_label(c) && is_separator(c) && !is_space(c)));
        }
    }
}
