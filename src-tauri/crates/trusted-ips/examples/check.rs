//! Reads a pasted list from standard input and writes one JSON line an entry, then one for the whole list.
//!
//! Any bytes will do. A byte sequence that is no UTF-8 is read as U+FFFD, which no address has, and the spans refer to
//! the bytes as they came in.

use std::io::{self, BufWriter, Read, Write};

use serde::Serialize;
use trusted_ips::{Policy, Reason, parse};

fn main() {
    let mut raw = Vec::new();
    // What was read before an error is checked all the same, and nobody may listen any more: never a failure.
    let _ = io::stdin().lock().read_to_end(&mut raw);
    let mut out = BufWriter::new(io::stdout().lock());
    let _ = check(&raw, &mut out).and_then(|()| out.flush());
}

/// Writes what is said of the bytes.
pub(crate) fn check(raw: &[u8], mut out: impl Write) -> io::Result<()> {
    let lossy = Lossy::new(raw);
    let list = parse(&lossy.text, &Policy::THREE_COMMAS);
    let mut raw_at = lossy.offsets();
    for entry in &list.entries {
        let line = EntryLine {
            span: [raw_at(entry.span.start), raw_at(entry.span.end)],
            verdict: entry.verdict.as_str(),
            reasons: codes(entry.reasons()),
            output: entry.output(),
            suggestion: entry.suggestion(),
            label: entry.label(),
        };
        write_line(&mut out, &line)?;
    }
    let line = ListLine { list: list.list(), verdict: list.verdict().as_str(), reasons: codes(&list.reasons) };
    write_line(&mut out, &line)
}

#[derive(Serialize)]
struct EntryLine<'a> {
    span: [usize; 2],
    verdict: &'static str,
    reasons: Vec<&'static str>,
    output: Option<String>,
    suggestion: Option<&'a str>,
    label: Option<&'a str>,
}

#[derive(Serialize)]
struct ListLine {
    list: String,
    verdict: &'static str,
    reasons: Vec<&'static str>,
}

fn codes(reasons: &[Reason]) -> Vec<&'static str> {
    reasons.iter().map(|reason| reason.as_str()).collect()
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// A text made of any bytes, and where its parts came from.
struct Lossy {
    text: String,
    /// Places in the text and in the bytes that belong together, in order; between them both advance alike.
    places: Vec<(usize, usize)>,
}

impl Lossy {
    fn new(raw: &[u8]) -> Self {
        let mut text = String::with_capacity(raw.len());
        let mut places = vec![(0, 0)];
        let mut at = 0;
        for chunk in raw.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len() + chunk.invalid().len();
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
                places.push((text.len(), at));
            }
        }
        Self { text, places }
    }

    /// Turns offsets in the text, asked for in order, into offsets in the bytes.
    fn offsets(&self) -> impl FnMut(usize) -> usize {
        let mut places = self.places.iter().copied().peekable();
        let mut last = (0, 0);
        move |offset| {
            while let Some(place) = places.next_if(|place| place.0 <= offset) {
                last = place;
            }
            last.1 + (offset - last.0)
        }
    }
}
