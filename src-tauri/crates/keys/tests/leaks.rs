//! Secrets in text where none belong.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::fs;
use std::path::Path;

use keys::{Leak, MAX_INPUT, leak_in, recognise};

fn cases() -> impl Iterator<Item = (String, Vec<u8>)> {
    ["cases", "corpus"].into_iter().flat_map(|folder| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
        fs::read_dir(folder).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            (path.display().to_string(), fs::read(path).unwrap())
        })
    })
}

#[test]
fn whatever_the_key_field_calls_private_is_a_private_key_in_prose_too() {
    let mut seen = 0;
    for (name, bytes) in cases() {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if recognise(text.as_bytes()).holds_private_material() {
            seen += 1;
            assert_eq!(leak_in(&text), Some(Leak::PrivateKey), "{name}");
            assert_eq!(leak_in(&format!("Hetzner VPS, {text} grid bot")), Some(Leak::PrivateKey), "{name}, in prose");
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn what_may_be_a_secret_is_suspected_and_what_people_write_is_not() {
    let hex = "0f".repeat(32);
    for text in [
        &*format!("key {hex}"),
        &format!("API_SECRET={}", hex.to_uppercase()),
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        "the cloud's: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.x",
        &format!("\u{200b}{}\u{200b}{}", &hex[..20], &hex[..20]),
        "otpauth://totp/3Commas?secret=JBSWY3DP",
        "Password: hunter2",
        "root passwd = toor",
        "my secret:x",
    ] {
        assert_eq!(leak_in(text), Some(Leak::Suspected), "{text:?}");
    }
    for text in [
        "",
        "Hetzner VPS, grid bot",
        "the password is in the safe",
        "password:",
        "the secret of its success",
        "https://console.example/projects/1234567/servers/7654321/overview",
        "/home/me/bots/grid-bot-for-the-long-run/config/3commas.toml",
        "6f2ad4a5-1c5a-4a53-8d7c-3f4f6f0b8a11",
        "203.0.113.7 and 2001:db8:1234:5678:9abc:def0:1234:5678",
        "グリッドボット、東京のサーバー",
    ] {
        assert_eq!(leak_in(text), None, "{text:?}");
    }
}

#[test]
fn a_text_without_end_is_looked_at_in_bounded_time() {
    let begin = "-----BEGIN PRIVATE KEY-----";
    assert_eq!(leak_in(&format!("{}{begin}", "a ".repeat(MAX_INPUT))), Some(Leak::PrivateKey));
    assert_eq!(leak_in(&"a ".repeat(MAX_INPUT)), None);
}
