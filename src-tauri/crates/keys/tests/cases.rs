//! Bad keys and rarer forms, each with the code that it must be refused with (`cases/make.py` says
//! how each was made).

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod manifest;

use keys::Error;
use manifest::Row;

#[test]
fn every_case_is_what_the_manifest_says() {
    let rows = cases();
    assert!(rows.len() >= 90, "{} rows", rows.len());
    let wrong: Vec<String> = rows.iter().filter_map(Row::difference).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_has_the_code_of_the_manifest() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter(|row| row.recognised().code() != row.last)
        .map(|row| format!("{}: {}", row.file, row.recognised().code()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_manifest_names_every_file() {
    assert_eq!(manifest::unnamed("cases", &["make.py"]), Vec::<String>::new());
}

#[test]
fn no_key_that_is_refused_is_offered() {
    for row in cases().iter().filter(|row| row.file.starts_with("bad-")) {
        let recognised = row.recognised();
        assert_eq!(recognised.public_key(), None, "{}", row.file);
        assert!(recognised.key_pair().is_none(), "{}", row.file);
    }
}

#[test]
fn every_form_of_encryption_opens_with_its_passphrase_only() {
    let rows: Vec<Row> = cases().into_iter().filter(|row| row.in_private_field == "needs-passphrase").collect();
    assert!(rows.len() >= 15, "{} rows", rows.len());
    for row in rows {
        let recognised = row.recognised();
        let key = recognised.encrypted_key().expect(&row.file);
        let pair = key.open(b"practice").expect(&row.file);
        if let Some(public) = recognised.public_key() {
            assert_eq!(pair.public(), public, "{}", row.file);
        }
        for wrong in [&b"nonsense"[..], b""] {
            assert_eq!(key.open(wrong).expect_err(&row.file), Error::WrongPassphrase, "{}", row.file);
        }
    }
}

#[test]
fn a_form_that_cannot_be_opened_is_named() {
    for (file, name) in [
        ("encrypted-pkcs8-pkcs12.pem", "PKCS#12 encryption (triple DES)"),
        ("encrypted-pkcs1-camellia.pem", "CAMELLIA-128-CBC"),
        ("openssh-rsa-aes256-gcm", "aes256-gcm@openssh.com"),
    ] {
        let message = case(file).recognised().message();
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn an_openssh_key_shows_its_public_half_before_it_is_opened() {
    let recognised = case("openssh-rsa-aes256-ctr").recognised();
    assert_eq!(recognised.public_key().map(keys::PublicKey::bits), Some(2048));
}

#[test]
fn messages_are_one_or_two_short_sentences() {
    for row in cases() {
        let message = row.recognised().message();
        assert!(message.len() < 220 && message.ends_with('.'), "{message}");
        assert!(!message.contains('\n') && !message.contains(".."), "{message}");
    }
}

fn cases() -> Vec<Row> {
    manifest::rows("cases")
}

fn case(file: &str) -> Row {
    cases().into_iter().find(|row| row.file == file).unwrap()
}
