//! Against a third implementation: the `openssl` command, which must be installed.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use keys::{Bits, Field, FieldVerdict, KeyPair, recognise};

#[test]
fn a_signature_by_our_key_verifies_with_openssl() {
    for bits in [Bits::B2048, Bits::B4096] {
        let pair = KeyPair::generate(bits).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let message = b"/public/api/ver1/validate?";
        fs::write(file("public.pem"), pair.public_pem()).unwrap();
        fs::write(file("signature"), sign(&pair, message)).unwrap();

        let verify = |message: &[u8]| {
            let output = openssl(
                &[
                    "dgst".as_ref(),
                    "-sha256".as_ref(),
                    "-verify".as_ref(),
                    file("public.pem").as_os_str(),
                    "-signature".as_ref(),
                    file("signature").as_os_str(),
                ],
                message,
            );
            output.status.success()
        };
        assert!(verify(message));
        assert!(!verify(b"/public/api/ver1/validate"));
    }
}

#[test]
fn openssl_finds_nothing_wrong_with_a_new_pair() {
    for bits in [Bits::B2048, Bits::B4096] {
        let pair = KeyPair::generate(bits).unwrap();
        for pem in [pair.private_pem(), pair.private_pkcs1_pem()] {
            let output = openssl(&["rsa".as_ref(), "-check".as_ref()], pem.as_bytes());
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success() && said.contains("RSA key ok"));
        }
    }
}

#[test]
fn openssl_writes_the_same_public_keys_as_we_do() {
    let pair = KeyPair::generate(Bits::B2048).unwrap();
    let spki = openssl(&["pkey".as_ref(), "-pubout".as_ref()], pair.private_pem().as_bytes());
    assert_eq!(String::from_utf8(spki.stdout).unwrap(), pair.public_pem());
    let pkcs1 = openssl(&["rsa".as_ref(), "-RSAPublicKey_out".as_ref()], pair.private_pem().as_bytes());
    assert_eq!(String::from_utf8(pkcs1.stdout).unwrap(), pair.public().pkcs1_pem());
}

#[test]
fn the_fingerprint_is_the_one_that_people_can_compute() {
    let pair = KeyPair::generate(Bits::B2048).unwrap();
    let der = openssl(
        &["pkey".as_ref(), "-pubin".as_ref(), "-outform".as_ref(), "DER".as_ref()],
        pair.public_pem().as_bytes(),
    );
    let digest = openssl(&["dgst".as_ref(), "-sha256".as_ref(), "-r".as_ref()], &der.stdout);
    let digest = String::from_utf8(digest.stdout).unwrap();
    assert_eq!(digest.split(' ').next(), Some(&*pair.public().fingerprint()));
}

#[test]
fn what_openssl_makes_is_accepted() {
    for bits in ["2048", "4096"] {
        let made = openssl(&["genrsa".as_ref(), bits.as_ref()], b"");
        let recognised = recognise(&made.stdout);
        assert_eq!(recognised.verdict(Field::Private), FieldVerdict::Accept);
        let pair = recognised.key_pair().unwrap();
        assert_eq!(pair.bits().to_string(), bits);
    }
}

fn sign(pair: &KeyPair, message: &[u8]) -> Vec<u8> {
    let signer = RsaKeyPair::from_pkcs8(&pair.private_pkcs8_der()).unwrap();
    let mut signature = vec![0; signer.public_modulus_len()];
    signer.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
    signature
}

fn openssl(arguments: &[&OsStr], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl must be installed");
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}
