//! Input that nobody pastes by accident: `recognise` says something about it and comes back.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::fs;
use std::path::Path;

use keys::{Field, FieldVerdict, KeyPair, Kind, PublicKey, recognise};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_bytes_are_recognised_as_something(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        look(&bytes);
    }

    #[test]
    fn any_text_is_recognised_as_something(text in "\\PC{0,300}") {
        look(text.as_bytes());
    }

    #[test]
    fn any_der_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut der = vec![0x30, 0x82, (bytes.len() >> 8) as u8, bytes.len() as u8];
        der.extend(&bytes);
        look(&der);
        prop_assert!(KeyPair::from_pkcs8_der(&der).is_err());
        prop_assert!(KeyPair::from_pkcs1_der(&der).is_err());
        prop_assert!(PublicKey::from_spki_der(&der).is_err());
        prop_assert!(PublicKey::from_pkcs1_der(&der).is_err());
    }

    #[test]
    fn shuffled_pieces_of_keys_are_recognised_as_something(
        pieces in prop::collection::vec(piece(), 0..30),
    ) {
        look(pieces.concat().as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// A change of any one byte leaves no private key that is accepted, save where the byte does
    /// not matter (white space, header, attributes).
    #[test]
    fn a_changed_byte_makes_no_other_private_key(
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
    ) {
        let original = read("pkcs8-2048.der");
        let mut changed = original.clone();
        *at.get_mut(&mut changed) = to;
        if let Some(pair) = recognise(&changed).key_pair() {
            let before = recognise(&original);
            prop_assert_eq!(pair.public(), before.public_key().unwrap());
        }
    }

    #[test]
    fn a_changed_byte_in_a_container_never_panics(
        file in prop::sample::select(vec![
            "cases/openssh-rsa",
            "cases/openssh-rsa-aes256-ctr",
            "cases/encrypted-pkcs8.der",
            "corpus/certificate.pem",
            "corpus/pkcs1-encrypted.pem",
        ]),
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
    ) {
        let mut bytes = read_in(file);
        *at.get_mut(&mut bytes) = to;
        look(&bytes);
    }
}

#[test]
fn repetition_is_recognised_as_something() {
    for unit in [
        "-",
        "\\",
        "\\u00",
        "BEGIN ",
        "END",
        "-----BEGIN ",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----MIIB",
        "MIIBIjANBgkqhkiG9w0B ",
        "AAAAB3NzaC1yc2EAAAA ",
        "b3BlbnNzaC1rZXktdjEA ",
        "DEK-Info:",
        "DEK-Info: AES-128-CBC,0",
        "a: b\n",
        "\u{fffd}",
        "ssh-rsa ",
        "=",
        "\"",
        "- - ",
    ] {
        look(unit.repeat(keys::MAX_INPUT / unit.len()).as_bytes());
    }
}

fn look(bytes: &[u8]) {
    let recognised = recognise(bytes);
    let public = recognised.verdict(Field::Public);
    assert!(!recognised.message().is_empty());
    assert!(!recognised.code().is_empty());
    assert!(public != FieldVerdict::Accept || recognised.public_key().is_some());
    assert!(public != FieldVerdict::Accept || !recognised.holds_private_material());
    assert_ne!(public, FieldVerdict::NeedsPassphrase);
    let unusable = [Kind::Empty, Kind::Unknown, Kind::Broken, Kind::ApiKey];
    assert!(!unusable.contains(&recognised.kind()) || recognised.public_key().is_none());
}

fn piece() -> impl Strategy<Value = String> {
    let public = String::from_utf8(read("spki-2048.pem")).unwrap();
    let private = String::from_utf8(read("ed25519.pem")).unwrap();
    let ssh = String::from_utf8(read("openssh-rsa.pub")).unwrap();
    let whole = format!("{public}{private}{ssh}");
    let fixed: Vec<String> = whole
        .lines()
        .map(str::to_owned)
        .chain(
            [
                "\n",
                " ",
                "\\n",
                "\"",
                "-----",
                "BEGIN",
                "END",
                "=",
                ">",
                "Proc-Type: 4,ENCRYPTED\n",
                "DEK-Info: AES-256-CBC,",
                "ssh-rsa ",
                "KEY=",
                "PRIVATE KEY",
                "é",
                "\u{2014}",
            ]
            .map(str::to_owned),
        )
        .collect();
    prop::sample::select(fixed)
}

fn read(file: &str) -> Vec<u8> {
    read_in(&format!("corpus/{file}"))
}

fn read_in(file: &str) -> Vec<u8> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    fs::read(tests.join(file)).unwrap()
}
