//! Brackets around a list, or around one address, vanish.
//!
//! A pair vanishes if it stands at the outer ends of runs, is closed in order, and holds more than plain words, or
//! nothing. Pairs within a run, as in `[address]:port`, are left to the reading of that run.

use crate::characters::{BRACKET_KINDS, Bracket, bracket};
use crate::cut::{Glyph, Piece};

/// Takes the brackets that vanish off the ends of the runs. A run of such brackets only is left empty.
pub(crate) fn peel(glyphs: &[Glyph], pieces: &mut [Piece]) {
    let mut pairs = pairs(glyphs, pieces);
    // From the outside in: an inner pair stands at the ends of its runs once the outer ones are gone.
    pairs.sort_unstable_by_key(|pair| pair.opening.glyph);
    let mut marked = 0;
    for pair in pairs {
        let (first, last) = (pair.opening.piece, pair.closing.piece);
        if !pair.stands_at_ends(pieces) {
            continue;
        }
        if pair.holds_only_words() {
            // These words are no noise beside entries: they stay with their brackets.
            for piece in pieces.iter_mut().take(last + 1).skip(first.max(marked)) {
                mark(piece);
            }
            marked = marked.max(last + 1);
            continue;
        }
        let alone = first == last;
        if let Piece::Run(run) = &mut pieces[first] {
            run.glyphs.start += 1;
            run.trim(glyphs);
            if !alone {
                run.outer.start = run.glyphs.start;
            }
        }
        if let Piece::Run(run) = &mut pieces[last] {
            run.glyphs.end -= 1;
            run.trim(glyphs);
            if !alone {
                run.outer.end = run.glyphs.end;
                run.closes_list = true;
            }
        }
    }
}

fn mark(piece: &mut Piece) {
    if let Piece::Run(run) = piece {
        run.in_brackets = true;
    }
}

/// Where a bracket stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    glyph: usize,
    piece: usize,
}

struct Pair {
    opening: Place,
    closing: Place,
    holds: Held,
}

impl Pair {
    fn stands_at_ends(&self, pieces: &[Piece]) -> bool {
        match (&pieces[self.opening.piece], &pieces[self.closing.piece]) {
            (Piece::Run(first), Piece::Run(last)) => {
                first.glyphs.start == self.opening.glyph && last.glyphs.end == self.closing.glyph + 1
            }
            _ => false,
        }
    }

    fn holds_only_words(&self) -> bool {
        self.holds.any && !self.holds.wordless
    }
}

/// What stands within a bracket, or within those in it.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    /// Glyphs that are no brackets.
    any: bool,
    /// Glyphs that no plain word has.
    wordless: bool,
}

/// A bracket that waits for its other half. There may be as many as there are characters: it is kept small.
struct Open {
    place: Place,
    kind: u8,
    /// Whether a bracket inside was never closed.
    torn: bool,
    holds: Held,
}

fn pairs(glyphs: &[Glyph], pieces: &[Piece]) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // How many of each kind are open, so that a stray closing bracket does not search in vain.
    let mut open_of_kind = [0_usize; BRACKET_KINDS];
    for (piece, run) in pieces.iter().enumerate() {
        let Piece::Run(run) = run else { continue };
        let mut before = ' ';
        for glyph in run.glyphs.clone() {
            let c = glyphs[glyph].c;
            let place = Place { glyph, piece };
            match bracket(c) {
                Some(Bracket::Opening(kind)) => {
                    open_of_kind[usize::from(kind)] += 1;
                    open.push(Open { place, kind, torn: false, holds: Held::default() });
                }
                Some(Bracket::Closing(kind)) if open_of_kind[usize::from(kind)] > 0 => {
                    let closed = close(&mut open, &mut open_of_kind, kind).filter(|opening| !opening.torn);
                    found.extend(closed.map(|opening| Pair {
                        opening: opening.place,
                        closing: place,
                        holds: opening.holds,
                    }));
                }
                Some(Bracket::Closing(_)) => {}
                None => {
                    if let Some(innermost) = open.last_mut() {
                        innermost.holds.any = true;
                        innermost.holds.wordless |= !(c.is_alphabetic() || (c == ':' && before != ':'));
                    }
                }
            }
            before = c;
        }
    }
    found
}

/// Closes the innermost open bracket of the kind. It is torn if others inside it stay open.
fn close(open: &mut Vec<Open>, open_of_kind: &mut [usize; BRACKET_KINDS], kind: u8) -> Option<Open> {
    let mut torn = false;
    while let Some(mut innermost) = open.pop() {
        open_of_kind[usize::from(innermost.kind)] -= 1;
        let closed = innermost.kind == kind;
        torn = !closed || torn || innermost.torn;
        if let Some(outer) = open.last_mut() {
            outer.holds.any |= innermost.holds.any;
            outer.holds.wordless |= innermost.holds.wordless;
            outer.torn |= torn && closed;
        }
        if closed {
            innermost.torn = torn;
            return Some(innermost);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cut::{cut, glyphs};

    fn peeled(text: &str) -> String {
        let glyphs = glyphs(text, 0..text.len());
        let mut pieces = cut(&glyphs, true);
        peel(&glyphs, &mut pieces);
        let runs = pieces.into_iter().filter_map(|piece| match piece {
            Piece::Run(run) if !run.glyphs.is_empty() => {
                Some(glyphs[run.glyphs].iter().map(|g| g.c).collect::<String>())
            }
            Piece::Run(_) | Piece::Label(_) => None,
        });
        runs.collect::<Vec<_>>().join(" ~ ")
    }

    #[test]
    fn brackets_around_the_list_or_one_address_vanish() {
        for (text, wanted) in [
            ("[8.8.8.8]", "8.8.8.8"),
            ("(8.8.8.8)", "8.8.8.8"),
            ("{8.8.8.8}", "8.8.8.8"),
            ("<8.8.8.8>", "8.8.8.8"),
            ("（8.8.8.8）", "8.8.8.8"),
            ("[8.8.8.8, 1.1.1.1]", "8.8.8.8 ~ 1.1.1.1"),
            ("[ 8.8.8.8\n1.1.1.1 ]", "8.8.8.8 ~ 1.1.1.1"),
            ("[[2606::1], [2606::2]]", "2606::1 ~ 2606::2"),
            ("([8.8.8.8], 1.1.1.1)", "8.8.8.8 ~ 1.1.1.1"),
            ("IPs: [8.8.8.8, 1.1.1.1]", "IPs: ~ 8.8.8.8 ~ 1.1.1.1"),
            ("(IP: 8.8.8.8)", "IP: ~ 8.8.8.8"),
            ("[8.8.8.8 # a, 1.1.1.1]", "8.8.8.8 ~ 1.1.1.1"),
            ("(::)", "::"),
            ("(a::)", "a::"),
            ("( / 24)", "/ 24"),
            ("[]", ""),
            ("[ ]", ""),
            ("([])", ""),
            ("[[2606::1]:443, 8.8.8.8]", "[2606::1]:443 ~ 8.8.8.8"),
        ] {
            assert_eq!(peeled(text), wanted, "{text}");
        }
    }

    #[test]
    fn other_brackets_stay() {
        for text in [
            "[8.8.8.8",
            "8.8.8.8]",
            "[8.8.8.8)",
            "(home)",
            "(IP:)",
            "8.8.8.8(1.1.1.1)",
            "[8.8.8.8][1.1.1.1]",
            "[2606::1]:443",
            "[2606::]/64",
            "[8.8.8.0] - [8.8.8.9]",
            "([8.8.8.8)",
            "a[8.8.8.8]",
            "( ~ a ~ )",
        ] {
            assert_eq!(peeled(&text.replace('~', " ")), text);
        }
        assert_eq!(peeled("([8.8.8.8), 1.1.1.1]"), "([8.8.8.8) ~ 1.1.1.1]");
        assert_eq!(peeled("(8.8.8.8, 8.8.8.0) / 24"), "(8.8.8.8 ~ 8.8.8.0) / 24");
    }
}
