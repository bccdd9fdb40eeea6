//! How long a list takes to be parsed, beside the plainest way to read one, and how that grows.
//!
//! The plain way splits at the same separators, trims, skips what is empty and hands the rest to `ipnet` or `std`. It
//! gives a `Vec<IpNet>` and nothing else: no spans, verdicts or labels; nothing of special ranges, duplicates, brackets or
//! words; and it reads only what is exactly an address or an address/prefix. Both allocate as they would anywhere, and
//! the time to drop what they made is in.
//!
//! `cargo bench -p trusted-ips` prints a report as JSON (its shape: `tests/performance.py`), which `./dev bench` writes
//! into `docs/performance.md`.

mod lists;
mod timing;

use std::hint::black_box;
use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use serde_json::{Value, json};
use trusted_ips::{Policy, parse};

use timing::Run;

const ABOUT: [&str; 2] = [
    "`trusted_ips::parse` beside *plain*: the text split at the same separators, parts trimmed, empty ones skipped, the \
     rest parsed by `ipnet` (with a slash) or `std` (without) into a `Vec<IpNet>`. That has no spans, verdicts, labels or \
     suggestions, knows nothing of special ranges, duplicates, brackets or words, and reads no other forms.",
    "The lists are of public addresses in no order: of twenty entries thirteen IPv4 addresses, four /24, two IPv6 \
     addresses and a /64, eight a line. Medians of processor time; the two, and all sizes, take turns.",
];

/// In entries.
const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

/// The shortest and the longest text of a shape, in bytes.
const LENGTHS: [usize; 2] = [100_000, 1_000_000];

/// Texts that would be slow if something were gone over again for each of their parts.
const SHAPES: [&str; 8] = [
    "8.8.0.1-8.8.255.254 ",
    "2606::1-2606::fffe ",
    "8.8.8.9 # a, # b, ",
    "([{",
    "(8.8.8.9)",
    "8.8 - ",
    "- 8.8.8.9 / 24 ",
    "\u{200e}8.8.8.9 ",
];

fn main() {
    // `cargo test --benches` starts this too, without the flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let sizes = measure(&SIZES, lists::mixed);
    let sorted = measure(&SIZES[3..], lists::sorted);
    let series = |name: &str, time: fn(&Row) -> f64| {
        let points: Vec<Value> = sizes.iter().map(|row| json!([row.entries, time(row) / row.entries as f64])).collect();
        json!({"name": name, "points": points})
    };
    let report = json!({
        "name": "trusted-ips",
        "title": "Reading a list of trusted IPs",
        "about": ABOUT,
        "tables": [table_of_sizes(&sizes), table_of_growth(&sizes, &sorted), table_of_shapes()],
        "plot": {
            "title": "Reading a list: nanoseconds per entry",
            "x": "entries in the list",
            "series": [series("trusted-ips", |row| row.ours), series("plain", |row| row.plain)],
        },
    });
    println!("{report}");
}

/// The median times of a list, in nanoseconds.
struct Row {
    entries: usize,
    ours: f64,
    plain: f64,
}

fn measure(sizes: &[usize], list: fn(usize) -> String) -> Vec<Row> {
    let texts: Vec<String> = sizes.iter().map(|entries| list(*entries)).collect();
    let mut runs = Vec::new();
    for text in &texts {
        assert_eq!(parse(text, &Policy::THREE_COMMAS).entries.len(), plain(text).len(), "both read every entry");
        runs.push(parsing(text));
        runs.push(Box::new(move || drop(black_box(plain(black_box(text))))));
    }
    let times = timing::medians(runs, Duration::from_secs(20));
    let rows = sizes.iter().zip(times.chunks(2));
    rows.map(|(entries, times)| Row { entries: *entries, ours: times[0], plain: times[1] }).collect()
}

fn parsing(text: &str) -> Run<'_> {
    Box::new(move || drop(black_box(parse(black_box(text), &Policy::THREE_COMMAS))))
}

fn plain(text: &str) -> Vec<IpNet> {
    let separates = |c: char| matches!(c, ',' | ';' | '|') || c.is_whitespace();
    let read = |part: &str| {
        if part.contains('/') { part.parse().ok() } else { part.parse().ok().map(|address: IpAddr| address.into()) }
    };
    text.split(separates).map(str::trim).filter(|part| !part.is_empty()).filter_map(read).collect()
}

fn table_of_sizes(sizes: &[Row]) -> Value {
    let rows: Vec<Value> = sizes
        .iter()
        .map(|Row { entries, ours, plain }| {
            let each = |time: &f64| format!("{:.0} ns", time / *entries as f64);
            json!([
                grouped(*entries),
                span(*ours),
                span(*plain),
                format!("{:.2}", ours / plain),
                each(ours),
                each(plain)
            ])
        })
        .collect();
    json!({
        "columns": ["entries", "trusted-ips", "plain", "ratio", "trusted-ips, per entry", "plain, per entry"],
        "rows": rows,
    })
}

fn table_of_growth(sizes: &[Row], sorted: &[Row]) -> Value {
    let row = |name: &str, rows: &[Row]| {
        let [.., small, large] = rows else { unreachable!("there is more than one size") };
        let growth = |time: fn(&Row) -> f64| format!("{:.2}", time(large) / time(small));
        json!([name, growth(|row| row.ours), growth(|row| row.plain)])
    };
    json!({
        "title": "Time for 100,000 entries over the time for 10,000 (10 is linear)",
        "columns": ["list", "trusted-ips", "plain"],
        "rows": [row("in no order", sizes), row("sorted", sorted)],
    })
}

fn table_of_shapes() -> Value {
    let named = [
        ("an address and a label a line", lists::labelled as fn(usize) -> String),
        ("all that people paste", lists::messy),
    ];
    let named = named.into_iter().map(|(name, text)| (name.to_owned(), LENGTHS.map(text)));
    let shapes = SHAPES.into_iter();
    let shapes = shapes
        .map(|shape| (format!("`{}`", shape.escape_default()), LENGTHS.map(|bytes| lists::repeated(shape, bytes))));
    let rows = named.chain(shapes).map(|(name, texts)| {
        let times = timing::medians(texts.iter().map(|text| parsing(text)).collect(), Duration::from_secs(2));
        let [short, long] = times[..] else { unreachable!("a time for each text") };
        json!([name, span(short), span(long), format!("{:.2}", long / short)])
    });
    json!({
        "title": "Other texts, and shapes that are slow to read if anything is (a growth of 10 is linear)",
        "columns": ["text, again and again", "100 kB", "1 MB", "growth"],
        "rows": rows.collect::<Vec<Value>>(),
    })
}

/// A time in the unit that suits it, with three digits.
fn span(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n => (n / 1e6, "ms"),
    };
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$} {unit}")
}

fn grouped(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}
