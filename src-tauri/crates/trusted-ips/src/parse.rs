//! From text to list.

use crate::brackets;
use crate::canonical::joined;
use crate::characters::{is_direction_mark, is_quote, is_zero_width};
use crate::cut::{Glyph, Label, Piece, Run, cut, glyphs};
use crate::entry::Entry;
use crate::judge::{Judgement, judge, narrowed};
use crate::list::TrustedIps;
use crate::names::is_plain_word;
use crate::overlap;
use crate::policy::Policy;
use crate::read::{Fault, Found, Reading, read};
use crate::special;
use crate::verdict::Reason;

/// Parses any text into a list. It never fails: what cannot be used is an entry that says why.
///
/// The time it takes grows with the length of the text, apart from one sort of the networks found.
pub fn parse(text: &str, policy: &Policy) -> TrustedIps {
    let glyphs = glyphs(text);
    let mut pieces = cut(&glyphs);
    brackets::peel(&glyphs, &mut pieces);
    let mut reader = Reader::new(text, &glyphs, policy, pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Run(run) if run.glyphs.is_empty() => {}
            Piece::Run(run) => reader.read_run(run),
            Piece::Label(label) => {
                let before = at.checked_sub(1).and_then(|at| pieces.get(at));
                reader.read_label(label, before);
            }
        }
    }
    let mut entries = reader.finish();
    overlap::drop_overlapping(&mut entries);
    let reasons = reasons_of_list(&entries, policy);
    TrustedIps { entries, reasons, policy: *policy, text: text.to_owned() }
}

/// Makes entries of pieces.
struct Reader<'a> {
    text: &'a str,
    glyphs: &'a [Glyph],
    policy: &'a Policy,
    entries: Vec<Entry>,
    /// The indexes of plain words: what they are depends on whether there are other entries.
    words: Vec<usize>,
    /// The line, and the entry and the word on it that a label would belong to.
    line: usize,
    entry_on_line: Option<usize>,
    word_on_line: Option<usize>,
    /// The characters of a run; kept to spare an allocation for each.
    buffer: String,
    /// What is left of [`RANGE_PIECES`].
    pieces_left: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, glyphs: &'a [Glyph], policy: &'a Policy, pieces: usize) -> Self {
        Self {
            text,
            glyphs,
            policy,
            entries: Vec::with_capacity(pieces),
            words: Vec::new(),
            line: 0,
            entry_on_line: None,
            word_on_line: None,
            buffer: String::new(),
            pieces_left: RANGE_PIECES,
        }
    }

    fn read_run(&mut self, run: &Run) {
        self.go_to_line(run.line);
        self.buffer.clear();
        self.buffer.extend(self.glyphs[run.glyphs.clone()].iter().map(|glyph| glyph.c));
        let index = self.entries.len();
        let mut entry = self.blank(run);
        if !run.in_brackets && is_plain_word(&self.buffer) {
            self.words.push(index);
            self.word_on_line = Some(index);
        } else {
            match read(&self.buffer) {
                Ok(found) => judge_found(&mut entry, &found, self.policy),
                Err(fault) => judge_fault(&mut entry, fault, self.policy, &mut self.pieces_left),
            }
            self.entry_on_line = Some(index);
        }
        self.entries.push(entry);
    }

    fn read_label(&mut self, label: &Label, before: Option<&Piece>) {
        self.go_to_line(label.line);
        let Some(index) = self.entry_on_line.or(self.word_on_line) else {
            return;
        };
        let start = self.start_of(label.glyphs.start);
        let end = self.start_of(label.glyphs.end);
        // Only what is cut out with the entry alone: never another piece, nor the closing bracket of a list.
        let (span, chip) = (&self.entries[index].span, &self.entries[index].chip_span);
        let adjacent = match before {
            Some(Piece::Run(run)) => !run.closes_list && self.start_of(run.glyphs.start) == span.start,
            Some(Piece::Label(label)) => self.start_of(label.glyphs.end) == chip.end,
            None => false,
        };
        let entry = &mut self.entries[index];
        if let Some(label) = label_text(&self.text[start..end]) {
            entry.add_label(label);
        }
        if adjacent {
            entry.chip_span.end = end;
        }
    }

    /// The entries, once it is known what the plain words are.
    fn finish(mut self) -> Vec<Entry> {
        let noise = self.words.len() < self.entries.len();
        for index in self.words {
            let word = &mut self.entries[index];
            if noise {
                word.drop_as(Reason::NoiseDropped);
                word.forget_label();
            } else {
                word.say(Reason::IsHostname);
            }
        }
        self.entries
    }

    fn go_to_line(&mut self, line: usize) {
        if self.line != line {
            self.line = line;
            self.entry_on_line = None;
            self.word_on_line = None;
        }
    }

    fn blank(&self, run: &Run) -> Entry {
        let (first, last) = (run.glyphs.start, run.glyphs.end - 1);
        let span = self.start_of(first)..self.end_of(last);
        let start = match run.bullet {
            Some(bullet) => self.start_of(bullet),
            None => run.outer.start.checked_sub(1).map_or(0, |before| self.end_of(before)),
        };
        let end = self.start_of(run.outer.end);
        Entry::new(span, start..end)
    }

    /// Where the glyph begins, or the text ends.
    fn start_of(&self, glyph: usize) -> usize {
        self.glyphs.get(glyph).map_or(self.text.len(), |glyph| glyph.at)
    }

    fn end_of(&self, glyph: usize) -> usize {
        let glyph = &self.glyphs[glyph];
        glyph.at + glyph.c.len_utf8()
    }
}

fn judge_found(entry: &mut Entry, found: &Found, policy: &Policy) {
    let net = found.net.trunc();
    entry.practice = special::is_practice(&net);
    match judge(&net, policy) {
        Judgement::Kept(warnings) => {
            if net != found.net {
                entry.say(Reason::HostBitsSet);
            }
            warnings.into_iter().for_each(|reason| entry.say(reason));
            entry.accept(net);
        }
        Judgement::Refused { reasons, meant } => {
            let meant =
                meant.or_else(|| (reasons == [Reason::TooWide]).then(|| narrowed(&found.net, policy)).flatten());
            reasons.into_iter().for_each(|reason| entry.say(reason));
            if let Some(meant) = meant {
                entry.suggest(joined(&[meant]));
            }
        }
    }
}

/// Offers the reading of a fault only if all of it would be kept; else says why not.
fn judge_fault(entry: &mut Entry, fault: Fault, policy: &Policy, pieces_left: &mut usize) {
    fault.reasons.into_iter().for_each(|reason| entry.say(reason));
    let read = match fault.reading {
        Some(Reading::Net(net)) => vec![net],
        Some(Reading::Range(range)) => range.networks().take(*pieces_left + 2).collect(),
        None => return,
    };
    let Some(left) = (*pieces_left + 1).checked_sub(read.len()) else {
        return;
    };
    let mut meant = Vec::with_capacity(read.len());
    entry.practice = read.iter().all(special::is_practice);
    for net in read {
        match judge(&net, policy) {
            Judgement::Kept(_) => meant.push(net),
            Judgement::Refused { reasons, meant: v4 } => {
                reasons.into_iter().for_each(|reason| entry.say(reason));
                let Some(v4) = v4 else { return };
                meant.push(v4);
            }
        }
    }
    *pieces_left = left;
    entry.suggest(joined(&meant));
}

/// How many networks the ranges of one text may be taken apart into, beyond one each.
///
/// Twenty characters can be two hundred networks; without a bound a text could cost far more than its length. A range
/// beyond it is still named, and has no suggestion.
const RANGE_PIECES: usize = 4_096;

/// The words of a comment, without its mark, on one line and without anything that nobody sees.
fn label_text(comment: &str) -> Option<String> {
    let comment = comment.trim_start_matches(['#', '/']);
    let unseen = |c: char| is_zero_width(c) || is_direction_mark(c) || (c.is_control() && !c.is_whitespace());
    let seen: String = comment.chars().filter(|c| !unseen(*c)).collect();
    let words = seen.trim_matches(|c: char| c.is_whitespace() || is_quote(c));
    let words: Vec<&str> = words.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn reasons_of_list(entries: &[Entry], policy: &Policy) -> Vec<Reason> {
    if entries.is_empty() {
        return vec![Reason::Empty];
    }
    let networks = || entries.iter().filter_map(|entry| entry.network);
    let v4 = networks().filter(|net| net.addr().is_ipv4()).count();
    let v6 = networks().filter(|net| net.addr().is_ipv6()).count();
    if v4 > policy.ipv4_entries_max || v6 > policy.ipv6_entries_max { vec![Reason::ManyEntries] } else { Vec::new() }
}
