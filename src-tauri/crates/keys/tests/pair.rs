//! A pair through every form it is written in.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use keys::{Bits, Error, Field, FieldVerdict, KeyPair, Kind, PublicKey, recognise};

/// What the smallest keyring takes (Windows Credential Manager).
const KEYRING_LIMIT: usize = 2_560;

#[test]
fn a_new_pair_passes_the_checks_of_an_imported_one() {
    for bits in [Bits::B2048, Bits::B4096] {
        let made = KeyPair::generate(bits).unwrap();
        let read = KeyPair::from_pkcs8_der(&made.private_pkcs8_der()).unwrap();
        assert_eq!(read.bits(), bits.get());
        assert_eq!(read.public(), made.public());
        assert_eq!(read.private_pkcs8_der(), made.private_pkcs8_der());
    }
}

#[test]
fn every_private_form_is_recognised_as_the_same_pair() {
    let pair = KeyPair::generate(Bits::B2048).unwrap();
    for written in [
        pair.private_pem().as_bytes(),
        pair.private_pkcs1_pem().as_bytes(),
        &pair.private_pkcs8_der(),
        &pair.private_pkcs1_der(),
    ] {
        let recognised = recognise(written);
        assert_eq!(recognised.kind(), Kind::RsaPrivate);
        assert_eq!(recognised.verdict(Field::Private), FieldVerdict::Accept);
        let read = recognised.key_pair().unwrap();
        assert_eq!(read.private_pkcs8_der(), pair.private_pkcs8_der());
    }
}

#[test]
fn every_public_form_is_recognised_as_the_same_key() {
    let pair = KeyPair::generate(Bits::B2048).unwrap();
    let public = pair.public();
    for written in [public.pem().as_bytes(), public.pkcs1_pem().as_bytes(), public.spki_der()] {
        let recognised = recognise(written);
        assert_eq!(recognised.kind(), Kind::RsaPublic);
        assert_eq!(recognised.public_key(), Some(public));
    }
    assert_eq!(PublicKey::from_spki_der(public.spki_der()).as_ref(), Ok(public));
}

#[test]
fn the_longest_private_key_fits_into_every_keyring() {
    let pair = KeyPair::generate(Bits::B4096).unwrap();
    assert!(pair.private_pkcs8_der().len() <= KEYRING_LIMIT);
    assert!(pair.private_pem().len() > KEYRING_LIMIT);
}

#[test]
fn one_form_is_not_taken_for_another() {
    let pair = KeyPair::generate(Bits::B2048).unwrap();
    let malformed = |expected| Some(Error::Malformed { expected });
    assert_eq!(KeyPair::from_pkcs8_der(&pair.private_pkcs1_der()).err(), malformed("PKCS#8"));
    assert_eq!(KeyPair::from_pkcs1_der(&pair.private_pkcs8_der()).err(), malformed("PKCS#1"));
    assert_eq!(KeyPair::from_pkcs8_der(pair.public().spki_der()).err(), malformed("PKCS#8"));
    assert_eq!(PublicKey::from_spki_der(&pair.private_pkcs8_der()).err(), malformed("SPKI"));
    assert_eq!(PublicKey::from_pkcs1_der(pair.public().spki_der()).err(), malformed("PKCS#1"));
}

#[test]
fn a_key_of_another_algorithm_is_named() {
    let ed25519 = include_bytes!("cases/ed25519-private.der");
    let error = KeyPair::from_pkcs8_der(ed25519).unwrap_err();
    assert_eq!(error, Error::NotRsa(Kind::Ed25519Private));
    assert_eq!(error.code(), "not-rsa");
}

#[test]
fn no_two_pairs_are_alike() {
    let [one, other] = [(); 2].map(|()| KeyPair::generate(Bits::B2048).unwrap());
    assert_ne!(one.public().fingerprint(), other.public().fingerprint());
}
