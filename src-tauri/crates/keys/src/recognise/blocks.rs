//! Cutting cleaned text into blocks, each of which may be a key.

use zeroize::Zeroizing;

use crate::import::form::classify;
use crate::recognise::body::{self, Body, MAX_DER, der_length, is_base64};
use crate::recognise::damage::Damage;
use crate::recognise::markers::{self, Label, Side};
use crate::ssh;

/// How many bodies without markers are tried: a bound on the time that hostile text can take.
const MAX_TRIES: usize = 64;
/// Shorter runs are words.
const SHORTEST_RUN: usize = 16;
/// "openssh-key-v1" in base64, as far as whole characters go.
const OPENSSH_START: &str = "b3BlbnNzaC1rZXktdjE";
/// SSH wire format starts with a length below 2^16.
const SSH_START: &str = "AAAA";

/// A piece of text that may be a key.
pub(super) struct Block {
    /// `None`: it stood there without markers.
    pub(super) label: Option<Label>,
    pub(super) body: Result<Body, Damage>,
}

/// All blocks of `text`: what stands between markers and what stands alone. A damaged body that
/// stands alone is reported only if it is all there is: it may be no key at all.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let markers = markers::find(text);
    let mut blocks = Vec::new();
    let mut search = Search::default();
    let mut outside = 0;
    for (index, marker) in markers.iter().enumerate() {
        search.look(&text[outside..marker.span.start], &mut blocks);
        outside = marker.span.end;
        if marker.side == Side::Begin {
            let next = markers.get(index + 1);
            let end = next.map_or(text.len(), |next| next.span.start);
            if marker.label != Label::Aside {
                blocks.push(Block {
                    label: Some(marker.label),
                    body: body::between_markers(&text[marker.span.end..end]),
                });
            }
            outside = end;
        }
    }
    search.look(&text[outside..], &mut blocks);
    if blocks.is_empty() {
        blocks.extend(search.damaged.map(|damage| Block { label: None, body: Err(damage) }));
    }
    blocks
}

/// The search for bodies without markers.
#[derive(Default)]
struct Search {
    tries: usize,
    damaged: Option<Damage>,
}

impl Search {
    fn look(&mut self, text: &str, blocks: &mut Vec<Block>) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = bytes[at..].iter().take_while(|b| is_base64(**b)).count();
            let used = if run >= SHORTEST_RUN && self.tries < MAX_TRIES {
                self.attempt(&text[at..], run, blocks)
            } else {
                None
            };
            at += used.unwrap_or(run.max(1));
        }
    }

    /// Tries to read a body at the start of `text`; how much of the text it took.
    fn attempt(&mut self, text: &str, run: usize, blocks: &mut Vec<Block>) -> Option<usize> {
        let found = if text.starts_with('M') {
            self.tries += 1;
            self.der(text, run)
        } else if text.starts_with(OPENSSH_START) {
            self.tries += 1;
            body::decode(text, true).ok()
        } else if text.starts_with(SSH_START) {
            self.tries += 1;
            self.ssh(text, run)
        } else {
            None
        };
        let (bytes, used) = found?;
        blocks.push(Block { label: None, body: Ok(Body { bytes, dek_info: None }) });
        Some(used.max(run))
    }

    fn der(&mut self, text: &str, run: usize) -> Option<(Zeroizing<Vec<u8>>, usize)> {
        let damage = match body::decode(text, true) {
            Ok(found) if classify(&found.0).is_some() => return Some(found),
            Ok(_) => Damage::Malformed,
            Err(damage) => damage,
        };
        if starts_a_key(&text[..run]) {
            self.damaged.get_or_insert(damage);
        }
        None
    }

    /// The run alone, or with the lines below it up to the comment.
    fn ssh(&mut self, text: &str, run: usize) -> Option<(Zeroizing<Vec<u8>>, usize)> {
        let whole = text.find(' ').unwrap_or(text.len());
        for end in [run, whole] {
            if let Ok(found) = body::decode(&text[..end], false)
                && ssh::public(&found.0).is_some()
            {
                return Some((found.0, end));
            }
        }
        let (start, _) = body::decode(&text[..run], false).ok()?;
        if ssh::Reader::new(&start).text().is_some_and(ssh::is_algorithm) {
            self.damaged.get_or_insert(Damage::Truncated);
        }
        None
    }
}

/// Whether base64 text begins like a key in DER: a SEQUENCE of fitting length whose first element
/// is a SEQUENCE or an INTEGER. Words do not, save one in a hundred thousand.
fn starts_a_key(run: &str) -> bool {
    let Some(Ok((header, _))) = run.get(..8).map(|start| body::decode(start, false)) else {
        return false;
    };
    let first = match header.get(1) {
        Some(0x82) => header.get(4),
        Some(0x81) => header.get(3),
        _ => header.get(2),
    };
    run.len() >= 2 * SHORTEST_RUN
        && der_length(&header).is_some_and(|length| (32..=MAX_DER).contains(&length))
        && matches!(first, Some(0x30 | 0x02))
}
