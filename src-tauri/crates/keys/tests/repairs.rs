//! What mail programs, shells, editors and people do to a key on its way, undone.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::fs;
use std::path::Path;

use keys::{Kind, MAX_INPUT, recognise};

type Change = fn(&str) -> String;

/// Each change alone must leave the key readable; any two of them too.
const CHANGES: &[(&str, Change)] = &[
    ("nothing", str::to_owned),
    ("CRLF", |pem| pem.replace('\n', "\r\n")),
    ("no final newline", |pem| pem.trim_end().to_owned()),
    ("empty lines", |pem| pem.replace('\n', "\n\n")),
    ("indented", |pem| lines(pem, |line| format!("    {line}"))),
    ("indented by tabs", |pem| lines(pem, |line| format!("\t{line}"))),
    ("no-break spaces", |pem| lines(pem, |line| format!("\u{a0}{line} "))),
    ("quoted mail", |pem| lines(pem, |line| format!("> {line}"))),
    ("lines glued", |pem| pem.replace('\n', "")),
    ("lines joined by spaces", |pem| pem.replace('\n', " ")),
    ("literal \\n", |pem| pem.replace('\n', r"\n")),
    ("literal \\r\\n", |pem| pem.replace('\n', r"\r\n")),
    ("literal \\\\n", |pem| pem.replace('\n', r"\\n")),
    ("escaped slashes", |pem| pem.replace('/', r"\/")),
    ("escaped plus", |pem| pem.replace('+', r"\u002B")),
    ("double quotes", |pem| format!("\"{pem}\"")),
    ("single quotes", |pem| format!("'{pem}'")),
    ("curly quotes", |pem| format!("\u{201c}{pem}\u{201d}")),
    ("code fence", |pem| format!("```\n{pem}```\n")),
    ("environment line", |pem| format!("export KEY=\"{pem}\"")),
    ("JSON", |pem| format!("{{\"key\": \"{pem}\", \"n\": 1}}")),
    ("YAML", |pem| format!("key: |\n{}", lines(pem, |line| format!("  {line}")))),
    ("lines as a list", |pem| lines(pem, |line| format!("\"{line}\","))),
    ("text after", |pem| format!("{pem}\n\nsent from my phone")),
    ("text before", |pem| format!("Here is my key, thanks:\n\n{pem}")),
    ("byte order mark", |pem| format!("\u{feff}{pem}")),
    ("zero width spaces", |pem| pem.replace('\n', "\u{200b}\n")),
    ("four dashes", |pem| pem.replace("-----", "----")),
    ("em dashes", |pem| pem.replace("-----", "\u{2014}\u{2014}-")),
    ("one dash", |pem| pem.replace("-----", "-")),
    ("no dashes", |pem| pem.replace("-----", "")),
    ("spaces inside the dashes", |pem| pem.replace("-----B", "----- B").replace("Y-----", "Y -----")),
    ("wrapped at 76", |pem| wrapped(pem, 76)),
    ("wrapped at 20", |pem| wrapped(pem, 20)),
];

/// Changes that take away what other changes work on, so that they are tried alone.
const LAST_CHANGES: &[(&str, Change)] = &[
    ("capitals lost", |pem| pem.replace("BEGIN", "Begin").replace("END", "end")),
    ("spaces of the header lost", |pem| lines(pem, |line| line.replace(' ', ""))),
    ("body only", body),
    ("body only, glued", |pem| body(pem).replace('\n', "")),
    ("body only, quoted", |pem| format!("\"{}\"", body(pem).replace('\n', ""))),
    ("body only, environment line", |pem| format!("KEY={}", body(pem).replace('\n', ""))),
    ("body only, text after", |pem| format!("{}\nsent from my phone", body(pem))),
    ("END line lost", |pem| pem[..pem.find("-----END").unwrap()].to_owned()),
    ("BEGIN line lost", |pem| pem.split_once('\n').unwrap().1.to_owned()),
    ("misspelt label", |pem| pem.replace("KEY-----", "KYE-----")),
];

#[test]
fn a_changed_key_is_the_key_it_was() {
    for (file, original) in originals() {
        for (name, change) in CHANGES.iter().chain(LAST_CHANGES) {
            assert_same(&original, change(&original).as_bytes(), &format!("{file}: {name}"));
        }
    }
}

#[test]
fn a_header_that_names_another_form_is_overruled_by_the_content() {
    let labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "PUBLIC KEY", "RSA PUBLIC KEY"];
    for (file, original) in originals() {
        let first = original.lines().next().unwrap();
        let own = first.trim_start_matches("-----BEGIN ").trim_end_matches('-');
        for label in labels {
            let renamed = original
                .replace(&format!("BEGIN {own}-"), &format!("BEGIN {label}-"))
                .replace(&format!("END {own}-"), &format!("END {label}-"));
            assert_same(&original, renamed.as_bytes(), &format!("{file} as {label}"));
        }
    }
}

#[test]
fn utf_16_from_a_windows_editor_is_read() {
    for (file, original) in originals() {
        let saved: Vec<u8> =
            format!("\u{feff}{}", original.replace('\n', "\r\n")).encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_same(&original, &saved, file);
    }
}

#[test]
fn der_with_a_newline_behind_it_is_read() {
    let mut der = fs::read(path("spki-2048.der")).unwrap();
    der.extend(b"\r\n");
    assert_eq!(recognise(&der).kind(), Kind::RsaPublic);
    der.extend(b"more");
    assert_eq!(recognise(&der).kind(), Kind::Broken);
}

#[test]
fn every_truncation_is_refused() {
    for (file, original) in originals() {
        let end = body(&original);
        let data = original.find(end.lines().last().unwrap()).unwrap();
        for length in (0..data).step_by(37) {
            let kind = recognise(&original.as_bytes()[..length]).kind();
            assert!(matches!(kind, Kind::Broken | Kind::Empty | Kind::Unknown), "{file} cut to {length}: {kind}");
        }
        let der = fs::read(path("pkcs8-2048.der")).unwrap();
        for length in (64..der.len()).step_by(37) {
            assert_eq!(recognise(&der[..length]).kind(), Kind::Broken, "{length}");
        }
    }
}

#[test]
fn a_lost_or_added_character_is_refused() {
    for (file, original) in originals() {
        let data = original.find('\n').unwrap() + 1..original.find("\n-----END").unwrap();
        for at in data.step_by(7).filter(|at| original.as_bytes()[*at] != b'\n') {
            let (before, after) = original.split_at(at);
            for changed in [format!("{before}{}", &after[1..]), format!("{before}A{after}")] {
                let kind = recognise(changed.as_bytes()).kind();
                assert_eq!(kind, Kind::Broken, "{file}: {at}");
            }
        }
    }
}

#[test]
fn a_private_key_is_seen_wherever_it_stands() {
    let private = read("pkcs1-2048.pem");
    let public = read("spki-2048.pem");
    for pasted in [
        format!("{public}{private}"),
        format!("{public}{}", body(&private)),
        format!("{}\n{private}", body(&public)),
        format!("{public}key={}", body(&private).replace('\n', "")),
        format!("{public}{}", &private[..private.len() / 2]),
    ] {
        let recognised = recognise(pasted.as_bytes());
        assert_eq!(recognised.verdict(keys::Field::Public), keys::FieldVerdict::Reject, "{pasted}");
        assert_ne!(recognised.kind(), Kind::RsaPublic);
    }
}

#[test]
fn what_is_too_long_is_refused_unread() {
    let key = read("spki-2048.pem");
    let long_body = format!("-----BEGIN PUBLIC KEY-----\n{}", "MIIB".repeat(300_000));
    let long_tail = format!("{key}{}", "x".repeat(MAX_INPUT));
    for (pasted, kind, code) in [
        (long_body, Kind::Broken, "too-long"),
        (long_tail, Kind::Broken, "too-long"),
        ("word ".repeat(300_000), Kind::Unknown, "too-long"),
        (" \n".repeat(600_000), Kind::Empty, "empty"),
    ] {
        let recognised = recognise(pasted.as_bytes());
        assert_eq!((recognised.kind(), recognised.code()), (kind, code));
        assert_eq!(recognised.public_key(), None);
    }
    let fits = format!("{key}{}", " ".repeat(MAX_INPUT - key.len()));
    assert_eq!(recognise(fits.as_bytes()).kind(), Kind::RsaPublic);
}

/// Every pair, not a sample: what holds today holds tomorrow.
#[test]
fn two_changes_leave_the_key_too() {
    let original = read("spki-2048.pem");
    let expected = recognise(original.as_bytes());
    let mut lost = Vec::new();
    for (one, first) in CHANGES {
        let once = first(&original);
        for (two, second) in CHANGES {
            let found = recognise(second(&once).as_bytes());
            if found.public_key() != expected.public_key() {
                lost.push(format!("{one}, {two}"));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}

fn assert_same(original: &str, changed: &[u8], what: &str) {
    let expected = recognise(original.as_bytes());
    let found = recognise(changed);
    assert_eq!(found.kind(), expected.kind(), "{what}: {}", found.message());
    assert_eq!(found.code(), expected.code(), "{what}");
    assert_eq!(found.public_key(), expected.public_key(), "{what}");
    assert_eq!(
        found.key_pair().map(|pair| pair.private_pkcs8_der()),
        expected.key_pair().map(|pair| pair.private_pkcs8_der()),
        "{what}"
    );
}

fn originals() -> [(&'static str, String); 3] {
    ["spki-2048.pem", "pkcs1-2048.pem", "ed25519.pem"].map(|file| (file, read(file)))
}

fn body(pem: &str) -> String {
    let lines: Vec<&str> = pem.lines().filter(|line| !line.contains('-')).collect();
    lines.join("\n")
}

fn lines(pem: &str, change: impl Fn(&str) -> String) -> String {
    pem.lines().map(|line| change(line) + "\n").collect()
}

fn wrapped(pem: &str, columns: usize) -> String {
    let data_start = pem.find("BEGIN").and_then(|label| Some(label + pem[label..].find('\n')? + 1));
    let Some((header, rest)) = data_start.map(|start| pem.split_at(start)) else {
        return pem.to_owned();
    };
    let Some((data, footer)) = rest.rsplit_once("\n-") else {
        return pem.to_owned();
    };
    let data: Vec<char> = data.chars().filter(|c| *c != '\n').collect();
    let data: String = data.chunks(columns).map(|line| line.iter().collect::<String>() + "\n").collect();
    format!("{header}{data}-{footer}")
}

fn read(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap()
}

fn path(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(file)
}
