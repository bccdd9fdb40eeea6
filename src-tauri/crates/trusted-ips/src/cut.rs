//! Cuts a text into runs (an entry or a word each) and labels.

use std::ops::Range;

use crate::characters::{bracket, ends_label, is_dash, is_quote, is_separator, is_space, is_zero_width};
use crate::digits::is_foreign_digit;

/// A character that counts: quotes and characters without width are gone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    /// Where it stands in the text, in bytes.
    pub(crate) at: usize,
    pub(crate) c: char,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Run(Run),
    Label(Label),
}

impl Piece {
    /// The glyph after it.
    pub(crate) fn end(&self) -> usize {
        match self {
            Self::Run(run) => run.glyphs.end,
            Self::Label(label) => label.glyphs.end,
        }
    }
}

/// Characters that belong together: an entry, a word, or what is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) glyphs: Range<usize>,
    /// The same with the brackets around this run alone, which vanished.
    pub(crate) outer: Range<usize>,
    /// Whether brackets of a longer list vanished at its end.
    pub(crate) closes_list: bool,
    /// Whether it stands in brackets that stay.
    pub(crate) in_brackets: bool,
    /// The glyph of a bullet before it.
    pub(crate) bullet: Option<usize>,
    pub(crate) line: usize,
}

impl Run {
    /// Leaves spaces at the ends out: around a slash they stay where the bracket before them went.
    pub(crate) fn trim(&mut self, glyphs: &[Glyph]) {
        let space = |at: usize| is_space(glyphs[at].c);
        while !self.glyphs.is_empty() && space(self.glyphs.start) {
            self.glyphs.start += 1;
        }
        while !self.glyphs.is_empty() && space(self.glyphs.end - 1) {
            self.glyphs.end -= 1;
        }
    }
}

/// A comment, from its mark to where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) glyphs: Range<usize>,
    pub(crate) line: usize,
}

/// The characters of a segment of the text that count.
pub(crate) fn glyphs(text: &str, segment: Range<usize>) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(segment.len());
    let start = segment.start;
    let characters = text[segment].char_indices().filter(|(_, c)| !is_zero_width(*c) && !is_quote(*c));
    glyphs.extend(characters.map(|(at, c)| Glyph { at: start + at, c }));
    glyphs
}

/// Cuts the glyphs of a segment, which may begin a line. Every glyph is looked at a bounded number of times.
pub(crate) fn cut(glyphs: &[Glyph], mut line_starts: bool) -> Vec<Piece> {
    let cutter = Cutter { glyphs };
    let mut pieces = Vec::new();
    let (mut at, mut line) = (0, 0);
    let mut bullet = None;
    while let Some(c) = cutter.at(at) {
        if is_separator(c) {
            let breaks = c.is_whitespace() && !is_space(c);
            line += usize::from(breaks);
            line_starts = breaks || (line_starts && is_space(c));
            at += 1;
            continue;
        }
        if line_starts && let Some(end) = cutter.bullet_end(at) {
            bullet = Some(at);
            at = end;
        } else if cutter.label_starts(at) {
            let end = cutter.label_end(at);
            let glyphs = at..end;
            pieces.push(Piece::Label(Label { glyphs, line }));
            at = end;
        } else {
            let end = cutter.run_end(at);
            pieces.push(Piece::Run(Run {
                glyphs: at..end,
                outer: at..end,
                closes_list: false,
                in_brackets: false,
                bullet: bullet.take(),
                line,
            }));
            at = end;
        }
        line_starts = false;
    }
    pieces
}

struct Cutter<'a> {
    glyphs: &'a [Glyph],
}

impl Cutter<'_> {
    fn at(&self, at: usize) -> Option<char> {
        self.glyphs.get(at).map(|glyph| glyph.c)
    }

    fn is(&self, at: usize, wanted: char) -> bool {
        self.at(at) == Some(wanted)
    }

    fn before(&self, at: usize) -> Option<char> {
        self.at(at.checked_sub(1)?)
    }

    /// `#`, or two slashes that do not follow a colon (a run of slashes counts as a whole: `file:///`).
    fn label_starts(&self, at: usize) -> bool {
        self.is(at, '#') || (self.is(at, '/') && self.is(at + 1, '/') && !matches!(self.before(at), Some(':' | '/')))
    }

    fn label_end(&self, at: usize) -> usize {
        self.find(at, ends_label)
    }

    /// Where the text after a bullet begins.
    ///
    /// The something more that a bullet needs is no separator or label (`* # all` is a wildcard with a label), and no
    /// slash, whose spaces belong to the entry.
    fn bullet_end(&self, at: usize) -> Option<usize> {
        let end = match self.at(at)? {
            '-' | '*' | '\u{2022}' => at + 1,
            '0'..='9' => {
                let dot = self.find(at, |c| !c.is_ascii_digit());
                self.is(dot, '.').then_some(dot + 1)?
            }
            _ => return None,
        };
        let next = self.after_spaces(end);
        let c = self.at(next)?;
        let more = !is_separator(c) && c != '/' && !self.label_starts(next);
        (next > end && more).then_some(next)
    }

    fn run_end(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(c) = self.at(at) {
            if self.label_starts(at) {
                break;
            }
            if !is_separator(c) {
                at += 1;
            } else if let Some(next) = self.spaces_within(start, at) {
                at = next;
            } else {
                break;
            }
        }
        at
    }

    /// Where the run goes on after the spaces at `at`, if they stand around a slash or the dash of a range.
    fn spaces_within(&self, start: usize, at: usize) -> Option<usize> {
        let next = self.after_spaces(at);
        let after = self.at(next)?;
        if next == at || is_separator(after) || self.label_starts(next) {
            return None;
        }
        let before = self.before(at)?;
        let dash = match (before, after) {
            ('/', _) | (_, '/') => return Some(next),
            (_, after) if is_dash(after) => next,
            (before, _) if is_dash(before) => at - 1,
            _ => return None,
        };
        self.is_range_at(start, dash).then_some(next)
    }

    /// Whether the words around a dash look like the ends of a range.
    fn is_range_at(&self, start: usize, dash: usize) -> bool {
        let back = |from: usize, stop: fn(char) -> bool| {
            let within = self.glyphs[start..from].iter().rev();
            from - within.take_while(|glyph| !stop(glyph.c)).count()
        };
        let left_end = back(dash, |c| !is_space(c));
        let left = &self.glyphs[back(left_end, is_separator)..left_end];
        let right_start = self.after_spaces(dash + 1);
        let right_end = (right_start..self.glyphs.len())
            .find(|at| self.label_starts(*at) || self.at(*at).is_none_or(is_separator))
            .unwrap_or(self.glyphs.len());
        let right = &self.glyphs[right_start..right_end];
        let dotted = left.iter().any(|glyph| matches!(glyph.c, '.' | ':'));
        dotted && is_numeric(left) && is_numeric(right)
    }

    fn after_spaces(&self, at: usize) -> usize {
        self.find(at, |c| !is_space(c))
    }

    /// The first glyph from `at` on that is wanted, or the end.
    fn find(&self, at: usize, wanted: impl Fn(char) -> bool) -> usize {
        let rest = self.glyphs.get(at..).unwrap_or_default();
        at + rest.iter().position(|glyph| wanted(glyph.c)).unwrap_or(rest.len())
    }
}

/// Whether a word has the look of an address, a network or a number; never a word or a line number (`1.`).
fn is_numeric(word: &[Glyph]) -> bool {
    let digits = word.iter().any(|glyph| glyph.c.is_ascii_digit() || is_foreign_digit(glyph.c));
    let colons = word.windows(2).any(|two| two[0].c == ':' && two[1].c == ':');
    let fits = |c: char| {
        c.is_ascii_hexdigit() || is_foreign_digit(c) || matches!(c, '.' | ':' | '*' | '/') || bracket(c).is_some()
    };
    // Brackets at its end may vanish, and what is left must be told the same when it is read again.
    let last = word.iter().rfind(|glyph| bracket(glyph.c).is_none());
    (digits || colons) && word.iter().all(|glyph| fits(glyph.c)) && last.is_some_and(|last| last.c != '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs in brackets, labels in braces.
    fn cuts(text: &str) -> String {
        let glyphs = glyphs(text, 0..text.len());
        let show = |range: Range<usize>| glyphs[range].iter().map(|g| g.c).collect::<String>();
        let pieces = cut(&glyphs, true);
        let shown = pieces.into_iter().map(|piece| match piece {
            Piece::Run(run) => format!("[{}]", show(run.glyphs)),
            Piece::Label(label) => format!("{{{}}}", show(label.glyphs)),
        });
        shown.collect()
    }

    #[test]
    fn separators_cut() {
        for separator in [
            ",", ";", "|", " ", "\t", "\n", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{a0}", "\u{1680}", "\u{2003}",
            "\u{2028}", "\u{2029}", "\u{202f}", "\u{205f}", "\u{3000}", "\u{ff0c}", "\u{60c}", "\u{3001}", " , ", ",,",
        ] {
            assert_eq!(cuts(&format!("a{separator}b")), "[a][b]", "{separator:?}");
        }
    }

    #[test]
    fn spaces_around_a_slash_or_the_dash_of_a_range_do_not_cut() {
        for (text, wanted) in [
            ("8.8.8.0 / 24", "[8.8.8.0 / 24]"),
            ("8.8.8.0 /24 1.1.1.1", "[8.8.8.0 /24][1.1.1.1]"),
            ("8.8.8.0/\u{a0}24", "[8.8.8.0/\u{a0}24]"),
            ("8.8.8.0 /\n24", "[8.8.8.0 /][24]"),
            ("8.8.8.0\n/ 24", "[8.8.8.0][/ 24]"),
            ("8.8.8.0/, 24", "[8.8.8.0/][24]"),
            ("8.8.8.0 - 8.8.8.9", "[8.8.8.0 - 8.8.8.9]"),
            ("8.8.8.0 -8.8.8.9", "[8.8.8.0 -8.8.8.9]"),
            ("8.8.8.0-  8.8.8.9", "[8.8.8.0-  8.8.8.9]"),
            ("8.8.8.0 – 9", "[8.8.8.0 – 9]"),
            ("8.8.8.0 - 9//a", "[8.8.8.0 - 9]{//a}"),
            ("8.8.8.0 - 9#a", "[8.8.8.0 - 9]{#a}"),
            ("\"8.8.8.0\" - \"8.8.8.9\"", "[8.8.8.0 - 8.8.8.9]"),
            ("2606:: - 2606::ff", "[2606:: - 2606::ff]"),
            ("[2606::] - [2606::ff]", "[[2606::] - [2606::ff]]"),
            ("8.8.8.0 -\n8.8.8.9", "[8.8.8.0][-][8.8.8.9]"),
            ("8.8.8.0 - home", "[8.8.8.0][-][home]"),
            ("8.8.8.0 - vps1", "[8.8.8.0][-][vps1]"),
            ("home - 8.8.8.0", "[home][-][8.8.8.0]"),
            ("8.8.8.0 - 8.8.8.9.", "[8.8.8.0][-][8.8.8.9.]"),
            ("(8.8.8.0 - 8.8.8.9.)", "[(8.8.8.0][-][8.8.8.9.)]"),
            ("server 1 - 8.8.8.0", "[server][1][-][8.8.8.0]"),
            ("1.1.1.1, - 8.8.8.0", "[1.1.1.1][-][8.8.8.0]"),
        ] {
            assert_eq!(cuts(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn bullets_stand_at_the_start_of_a_line() {
        for (text, wanted) in [
            ("- 8.8.8.8", "[8.8.8.8]"),
            ("  * 8.8.8.8", "[8.8.8.8]"),
            ("\u{feff}•\t8.8.8.8", "[8.8.8.8]"),
            ("1. 8.8.8.8\r\n10. 1.1.1.1", "[8.8.8.8][1.1.1.1]"),
            ("\"- 8.8.8.8\"", "[8.8.8.8]"),
            ("-8.8.8.8", "[-8.8.8.8]"),
            ("•8.8.8.8", "[•8.8.8.8]"),
            ("1) 8.8.8.8", "[1)][8.8.8.8]"),
            ("1, - 8.8.8.8", "[1][-][8.8.8.8]"),
            ("- - 8.8.8.8", "[-][8.8.8.8]"),
            ("*", "[*]"),
            ("* ", "[*]"),
            ("*\n8.8.8.8", "[*][8.8.8.8]"),
            ("* # all", "[*]{# all}"),
            ("*, 8.8.8.8", "[*][8.8.8.8]"),
            ("10. / 8", "[10. / 8]"),
        ] {
            assert_eq!(cuts(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn labels_go_to_the_next_comma_semicolon_bar_or_line_end() {
        for (text, wanted) in [
            ("8.8.8.8#a b", "[8.8.8.8]{#a b}"),
            ("8.8.8.8 // a, 1.1.1.1", "[8.8.8.8]{// a}[1.1.1.1]"),
            ("8.8.8.8// a; 1.1.1.1", "[8.8.8.8]{// a}[1.1.1.1]"),
            ("8.8.8.8 # a | 1.1.1.1", "[8.8.8.8]{# a }[1.1.1.1]"),
            ("8.8.8.8 # a\u{2028}1.1.1.1", "[8.8.8.8]{# a}[1.1.1.1]"),
            ("8.8.8.8 # a，b", "[8.8.8.8]{# a，b}"),
            ("8.8.8.8 # a # b // c", "[8.8.8.8]{# a # b // c}"),
            ("https://8.8.8.8", "[https://8.8.8.8]"),
            ("file:///8.8.8.8", "[file:///8.8.8.8]"),
            ("https: //8.8.8.8", "[https:]{//8.8.8.8}"),
            ("8.8.8.8//24", "[8.8.8.8]{//24}"),
            ("8.8.8.8 / // a", "[8.8.8.8 /]{// a}"),
        ] {
            assert_eq!(cuts(text), wanted, "{text:?}");
        }
    }
}
