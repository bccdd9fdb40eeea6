//! What earlier versions of the app wrote is read by every later one; see also the tests of the migrations.

use std::collections::BTreeSet;

use desk::form::{Draft, ScriptPlace};
use desk::store::{Attempt, Check, Opened, Outcome, Stage};
use desk::{Destination, KnownToken, Note, Permission, TokenType, TrustedEntry};
use public_address::{Family, Format, SourceRow, Sources};
use rusqlite::Connection;
use time::macros::datetime;
use uuid::uuid;

use crate::{open, sql};

#[test]
fn a_database_of_the_first_version_opens_with_all_that_it_knew() {
    let (_dir, opened) = opened(include_str!("version-1.sql"));
    let Opened { store, installation, lost } = opened;
    assert_eq!(lost, None);
    assert_eq!(installation, uuid!("6f2ad4a5-1c5a-4a53-8d7c-3f4f6f0b8a11"));
    let (home, anywhere) = tokens();
    assert_eq!(store.tokens().unwrap(), [anywhere.clone(), home.clone()]);
    assert_eq!(store.check(home.id).unwrap(), Some(check()));
    assert_eq!(store.check(anywhere.id).unwrap(), None);
    assert_eq!(store.open_attempts().unwrap(), [attempt()]);
    assert_eq!(store.draft().unwrap(), Some(draft()));
    assert_eq!(store.address_sources().unwrap(), sources());
}

#[test]
fn a_database_of_the_first_version_is_copied_as_it_was_before_it_takes_notes() {
    let (dir, Opened { store, .. }) = opened(include_str!("version-1.sql"));
    let (home, anywhere) = tokens();
    let note = Note::parse("Hetzner VPS, grid bot").unwrap();
    store.keep_note(home.id, note.as_ref()).unwrap();
    drop(store);
    let noted = KnownToken { note, ..home };
    assert_eq!(open(dir.path()).unwrap().store.tokens().unwrap(), [anywhere, noted]);

    let copy = Connection::open(dir.path().join("desk.sqlite3.before-v2")).unwrap();
    let version: u32 = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let names: u32 = copy.query_row("SELECT count(name) FROM tokens", [], |row| row.get(0)).unwrap();
    assert_eq!((version, names), (1, 2));
    assert!(copy.prepare("SELECT note FROM tokens").is_err());
}

#[test]
fn a_database_of_the_second_version_opens_with_its_notes_and_needs_no_copy() {
    let (dir, Opened { store, .. }) = opened(include_str!("version-2.sql"));
    let (home, anywhere) = tokens();
    let noted = KnownToken { note: Note::parse("Hetzner VPS, grid bot").unwrap(), ..home };
    assert_eq!(store.tokens().unwrap(), [anywhere, noted.clone()]);
    assert_eq!(store.check(noted.id).unwrap(), Some(check()));
    assert!(!dir.path().join("desk.sqlite3.before-v2").exists());
}

fn opened(written: &str) -> (tempfile::TempDir, Opened) {
    let dir = tempfile::tempdir().unwrap();
    sql(dir.path(), written);
    let opened = open(dir.path()).unwrap();
    (dir, opened)
}

fn tokens() -> (KnownToken, KnownToken) {
    let home = KnownToken {
        id: uuid!("11111111-1111-4111-8111-111111111111"),
        destination: Destination::Practice,
        token_type: TokenType::SystemGenerated,
        name: "Home bot".to_owned(),
        api_key: "practice".repeat(8),
        trusted_ips: vec![
            TrustedEntry { network: "203.0.113.7".to_owned(), label: Some("Home".to_owned()) },
            TrustedEntry { network: "2001:db8::/64".to_owned(), label: None },
        ],
        permissions: BTreeSet::from([Permission::BotsRead, Permission::SmartTradesWrite]),
        created_at: datetime!(2026-11-24 14:00:37.25 UTC),
        note: None,
    };
    let anywhere = KnownToken {
        id: uuid!("22222222-2222-4222-8222-222222222222"),
        destination: Destination::OwnServer,
        token_type: TokenType::SelfGenerated,
        name: "Any address".to_owned(),
        api_key: "0123456789abcdef".repeat(4),
        trusted_ips: Vec::new(),
        permissions: BTreeSet::from([Permission::AccountsRead]),
        created_at: datetime!(2026-11-25 09:30:00 UTC),
        note: None,
    };
    (home, anywhere)
}

fn check() -> Check {
    Check { outcome: Outcome::Works, code: "ok".to_owned(), at: datetime!(2026-11-24 14:01:02 UTC), millis: 12 }
}

fn attempt() -> Attempt {
    Attempt {
        id: uuid!("33333333-3333-4333-8333-333333333333"),
        destination: Destination::Practice,
        request:
            r#"{"type":"system_generated","name":"Third","trusted_ips":["203.0.113.9"],"permissions":["BOTS_READ"]}"#
                .to_owned(),
        trusted_ips: vec![TrustedEntry { network: "203.0.113.9".to_owned(), label: Some("VPS".to_owned()) }],
        request_fingerprint: "0f".repeat(32),
        stage: Stage::Submitted,
        started_at: datetime!(2026-11-26 08:00:00 UTC),
    }
}

fn draft() -> Draft {
    Draft {
        id: uuid!("44444444-4444-4444-8444-444444444444"),
        destination: Destination::Practice,
        token_type: Some(TokenType::SelfGenerated),
        name: "Next".to_owned(),
        trusted_ips: "203.0.113.7 # Home\n".to_owned(),
        any_address: false,
        script_place: Some(ScriptPlace::Server),
        permissions: BTreeSet::from([Permission::BotsRead]),
    }
}

pub(crate) fn sources() -> Sources {
    let row = SourceRow {
        operator: "One".to_owned(),
        url: "https://one.example/".to_owned(),
        family: Family::V4,
        format: Format::Text,
        vote: true,
    };
    Sources::parse(&[row]).unwrap()
}
