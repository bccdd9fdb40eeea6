//! Everything that a person may paste, against the manifest of the corpus.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod manifest;

use keys::{Field, FieldVerdict, Kind};
use manifest::Row;

#[test]
fn every_file_is_what_the_manifest_says() {
    let rows = corpus();
    assert_eq!(rows.len(), 36);
    let wrong: Vec<String> = rows.iter().filter_map(Row::difference).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_manifest_names_every_file() {
    assert_eq!(manifest::unnamed("corpus", &[]), Vec::<String>::new());
}

#[test]
fn repaired_keys_are_the_key_they_were() {
    let original = row("spki-2048.pem");
    let repaired = noted("repaired to the same SPKI as spki-2048.pem");
    assert_eq!(repaired.len(), 7);
    for row in repaired {
        let public = row.recognised().public_key().expect(&row.file).pem();
        assert_eq!(public.as_bytes(), original.bytes, "{}", row.file);
    }
}

#[test]
fn what_is_accepted_comes_in_normal_form() {
    for row in corpus() {
        let recognised = row.recognised();
        let private = recognised.verdict(Field::Private);
        assert!(
            recognised.verdict(Field::Public) != FieldVerdict::Accept || recognised.public_key().is_some(),
            "{}",
            row.file
        );
        assert_eq!(private == FieldVerdict::Accept, recognised.key_pair().is_some(), "{}", row.file);
        assert_eq!(private == FieldVerdict::NeedsPassphrase, recognised.encrypted_key().is_some(), "{}", row.file);
    }
}

#[test]
fn a_private_key_in_the_public_field_is_refused_and_its_public_half_offered() {
    let mut rows = noted("private key in the public field never leaves the machine");
    rows.extend(noted("a private key is in it: never sent"));
    assert_eq!(rows.len(), 7);
    for row in rows {
        let recognised = row.recognised();
        assert!(recognised.holds_private_material(), "{}", row.file);
        assert_eq!(recognised.verdict(Field::Public), FieldVerdict::Reject);
        let offered = recognised.public_key().expect(&row.file).pem();
        assert!(offered.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert!(!offered.contains("PRIVATE"));
    }
}

#[test]
fn every_encrypted_key_opens_with_its_passphrase_and_with_no_other() {
    let rows = noted("passphrase is: practice");
    assert_eq!(rows.len(), 3);
    for row in rows {
        let recognised = row.recognised();
        let key = recognised.encrypted_key().expect(&row.file);
        assert_eq!(key.open(b"practice").expect(&row.file).bits(), 2048);
        for wrong in [&b"Practice"[..], b"practice ", b""] {
            let error = key.open(wrong).expect_err(&row.file);
            assert_eq!(error.code(), "wrong-passphrase", "{}", row.file);
        }
    }
}

#[test]
fn a_certificate_and_a_request_offer_their_public_key() {
    let original = row("spki-2048.pem").recognised();
    for file in ["certificate.pem", "csr.pem"] {
        let recognised = row(file).recognised();
        assert_eq!(recognised.public_key(), original.public_key(), "{file}");
        assert_eq!(recognised.verdict(Field::Public), FieldVerdict::Reject);
    }
}

#[test]
fn an_openssh_public_key_is_converted() {
    let recognised = row("openssh-rsa.pub").recognised();
    assert_eq!(recognised.verdict(Field::Public), FieldVerdict::Accept);
    let public = recognised.public_key().map(keys::PublicKey::pem).unwrap();
    assert!(public.starts_with("-----BEGIN PUBLIC KEY-----\n"));
}

#[test]
fn the_vocabulary_is_the_one_of_the_corpus() {
    let mut words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    words.sort_unstable();
    let mut expected: Vec<&str> = "rsa-public rsa-private encrypted-private ec-public ec-private \
        ed25519-public ed25519-private openssh-public certificate certificate-request \
        several-keys api-key unknown empty broken"
        .split_whitespace()
        .collect();
    expected.sort_unstable();
    assert_eq!(words, expected);
}

#[test]
fn no_message_and_no_debug_output_shows_what_was_pasted() {
    for row in corpus().iter().chain(&manifest::rows("cases")) {
        let recognised = row.recognised();
        let shown = format!(
            "{recognised:?} {:?} {:?} {} {}",
            recognised.key_pair(),
            recognised.encrypted_key(),
            recognised.message(),
            recognised.code()
        );
        let text = String::from_utf8_lossy(&row.bytes);
        for word in text.split_whitespace().filter(|word| word.len() >= 20) {
            assert!(!shown.contains(word), "{}: {shown}", row.file);
        }
    }
}

fn corpus() -> Vec<Row> {
    manifest::rows("corpus")
}

fn noted(note: &str) -> Vec<Row> {
    corpus().into_iter().filter(|row| row.last == note).collect()
}

fn row(file: &str) -> Row {
    corpus().into_iter().find(|row| row.file == file).unwrap()
}
