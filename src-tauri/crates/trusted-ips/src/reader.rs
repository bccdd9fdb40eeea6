//! Makes entries of a text, segment by segment.

use std::ops::Range;

use ipnet::IpNet;

use crate::brackets;
use crate::canonical::joined;
use crate::characters::{is_direction_mark, is_line_break, is_quote, is_zero_width};
use crate::cut::{Glyph, Label, Piece, Run, cut, glyphs};
use crate::entry::Entry;
use crate::judge::{Judgement, judge, narrowed};
use crate::names::is_plain_word;
use crate::overlap::Networks;
use crate::plain::{self, Step};
use crate::policy::Policy;
use crate::read::read;
use crate::reading::{Fault, Reading};
use crate::special;
use crate::verdict::Reason;

/// Reads segments in their order and holds what one has to do with the next.
pub(crate) struct Reader<'a> {
    text: &'a str,
    policy: &'a Policy,
    entries: Vec<Entry>,
    networks: Networks,
    /// The indexes of plain words: what they are depends on whether there are other entries.
    words: Vec<usize>,
    /// Whether the segment begins a line.
    line_starts: bool,
    /// The line within the segment.
    line: usize,
    /// The entry and the word on the line that a label would belong to.
    entry_on_line: Option<usize>,
    word_on_line: Option<usize>,
    /// The entry that a label would be cut out with, if it came next.
    open_chip: Option<usize>,
    /// The characters of a run; kept to spare an allocation for each.
    buffer: String,
    /// What is left of [`RANGE_PIECES`].
    pieces_left: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, policy: &'a Policy) -> Self {
        // Hardly any list has shorter addresses on average; too few would have to be moved.
        let entries = text.len() / 12 + 1;
        Self {
            text,
            policy,
            entries: Vec::with_capacity(entries),
            networks: Networks::with_capacity(entries),
            words: Vec::new(),
            line_starts: true,
            line: 0,
            entry_on_line: None,
            word_on_line: None,
            open_chip: None,
            buffer: String::new(),
            pieces_left: RANGE_PIECES,
        }
    }

    /// Reads the segment that begins here if it holds plain entries only, and says where it ends.
    pub(crate) fn read_plain(&mut self, start: usize) -> Option<usize> {
        let before = (self.entries.len(), self.networks.len());
        let mut at = start;
        loop {
            match plain::next(self.text, at) {
                Step::Entry(span, net) => {
                    at = span.end;
                    let mut entry = Entry::new(span.clone(), span);
                    judge_found(&mut entry, net, self.policy);
                    self.push(entry);
                }
                Step::End(end) => {
                    if self.entries.len() > before.0 {
                        self.open_chip = Some(self.entries.len() - 1);
                        self.entry_on_line = self.open_chip;
                    }
                    return Some(end);
                }
                Step::Other => {
                    self.entries.truncate(before.0);
                    self.networks.truncate(before.1);
                    return None;
                }
            }
        }
    }

    /// Reads a segment of anything.
    pub(crate) fn read(&mut self, segment: Range<usize>) {
        let glyphs = glyphs(self.text, segment.clone());
        let mut pieces = cut(&glyphs, self.line_starts);
        brackets::peel(&glyphs, &mut pieces);
        let places = Places { glyphs: &glyphs, segment };
        self.line = 0;
        for piece in &pieces {
            match piece {
                Piece::Run(run) if run.glyphs.is_empty() => {
                    self.go_to_line(run.line);
                    self.open_chip = None;
                }
                Piece::Run(run) => self.read_run(run, &places),
                Piece::Label(label) => self.read_label(label, &places),
            }
        }
        let after = pieces.last().map_or(0, Piece::end);
        if glyphs[after..].iter().any(|glyph| is_line_break(glyph.c)) {
            self.end_line();
        }
    }

    /// Goes on to the segment after the separator at `end`.
    pub(crate) fn go_past(&mut self, end: usize) {
        self.line_starts = matches!(self.text.as_bytes().get(end), Some(b'\n' | b'\r'));
        if self.line_starts {
            self.end_line();
        }
    }

    fn read_run(&mut self, run: &Run, places: &Places<'_>) {
        self.go_to_line(run.line);
        self.buffer.clear();
        self.buffer.extend(places.glyphs[run.glyphs.clone()].iter().map(|glyph| glyph.c));
        let index = self.entries.len();
        let mut entry = places.entry(run);
        if !run.in_brackets && is_plain_word(&self.buffer) {
            self.words.push(index);
            self.word_on_line = Some(index);
        } else {
            match read(&self.buffer) {
                Ok(found) => judge_found(&mut entry, found.net, self.policy),
                Err(fault) => judge_fault(&mut entry, fault, self.policy, &mut self.pieces_left),
            }
            self.entry_on_line = Some(index);
        }
        self.push(entry);
        // Never with the closing bracket of a list.
        self.open_chip = (!run.closes_list).then_some(index);
    }

    fn read_label(&mut self, label: &Label, places: &Places<'_>) {
        self.go_to_line(label.line);
        let Some(index) = self.entry_on_line.or(self.word_on_line) else {
            self.open_chip = None;
            return;
        };
        let span = places.start_of(label.glyphs.start)..places.start_of(label.glyphs.end);
        let entry = &mut self.entries[index];
        if self.open_chip == Some(index) {
            entry.chip_span.end = span.end;
        } else {
            // It is cut out with its own entry only, never over another piece.
            self.open_chip = None;
        }
        if let Some(label) = label_text(&self.text[span]) {
            entry.add_label(label);
        }
    }

    /// The entries, once it is known what the plain words are, and their networks.
    pub(crate) fn finish(mut self) -> (Vec<Entry>, Networks) {
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
        (self.entries, self.networks)
    }

    fn push(&mut self, entry: Entry) {
        if let Some(network) = entry.network {
            self.networks.push(self.entries.len(), network);
        }
        self.entries.push(entry);
    }

    fn go_to_line(&mut self, line: usize) {
        if self.line != line {
            self.line = line;
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        self.entry_on_line = None;
        self.word_on_line = None;
    }
}

/// Where the glyphs of a segment stand in the text.
struct Places<'g> {
    glyphs: &'g [Glyph],
    segment: Range<usize>,
}

impl Places<'_> {
    /// The entry of a run, before it is read.
    fn entry(&self, run: &Run) -> Entry {
        let (first, last) = (run.glyphs.start, run.glyphs.end - 1);
        let span = self.start_of(first)..self.end_of(last);
        let start = match run.bullet {
            Some(bullet) => self.start_of(bullet),
            None => run.outer.start.checked_sub(1).map_or(self.segment.start, |before| self.end_of(before)),
        };
        let end = self.start_of(run.outer.end);
        Entry::new(span, start..end)
    }

    /// Where the glyph begins, or the segment ends.
    fn start_of(&self, glyph: usize) -> usize {
        self.glyphs.get(glyph).map_or(self.segment.end, |glyph| glyph.at)
    }

    fn end_of(&self, glyph: usize) -> usize {
        let glyph = &self.glyphs[glyph];
        glyph.at + glyph.c.len_utf8()
    }
}

fn judge_found(entry: &mut Entry, as_written: IpNet, policy: &Policy) {
    let net = as_written.trunc();
    entry.practice = special::is_practice(&net);
    match judge(&net, policy) {
        Judgement::Kept(warnings) => {
            if net != as_written {
                entry.say(Reason::HostBitsSet);
            }
            warnings.into_iter().for_each(|reason| entry.say(reason));
            entry.accept(net);
        }
        Judgement::Refused { reasons, meant } => {
            let meant =
                meant.or_else(|| (reasons == [Reason::TooWide]).then(|| narrowed(&as_written, policy)).flatten());
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
