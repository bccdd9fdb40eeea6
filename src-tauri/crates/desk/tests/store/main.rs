//! The database: private, whole after a kill, never deleted.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

mod earlier_versions;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use desk::store::{DeskStore, Opened};
use desk::{Code, DataDir, Destination, Error, KnownToken, Note, Permission, TokenType, TrustedEntry};
use public_address::Sources;
use rusqlite::Connection;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::earlier_versions::sources;

const DATABASE: &str = "desk.sqlite3";
const BAD_ROW: &str = "UPDATE tokens SET trusted_ips = '[{' WHERE name = 'Bot 7'";
const NOW: OffsetDateTime = datetime!(2026-11-24 14:00:37 UTC);

fn open(data: &Path) -> Result<Opened, Error> {
    DeskStore::open(&DataDir::own(data)?, NOW)
}

fn token(name: &str) -> KnownToken {
    KnownToken {
        id: Uuid::new_v4(),
        destination: Destination::Practice,
        token_type: TokenType::SystemGenerated,
        name: name.to_owned(),
        api_key: "practice".repeat(8),
        trusted_ips: vec![TrustedEntry { network: "203.0.113.7".to_owned(), label: Some("Home".to_owned()) }],
        permissions: BTreeSet::from([Permission::BotsRead]),
        created_at: NOW,
        note: None,
    }
}

fn names(store: &DeskStore) -> BTreeSet<String> {
    store.tokens().unwrap().into_iter().map(|token| token.name).collect()
}

/// Every file of a directory with what is in it.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name.starts_with(DATABASE))
        .collect()
}

/// A data directory with some tokens in its database, which is closed.
fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path()).unwrap();
    for number in 0..40 {
        opened.store.record(&token(&format!("Bot {number}"))).unwrap();
    }
    dir
}

/// As [`filled`], but as a killed process leaves it: the newest writes, `statements` among them, are in the log only.
fn killed(statements: &str) -> tempfile::TempDir {
    let (dir, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let opened = open(dir.path()).unwrap();
    for number in 0..40 {
        opened.store.record(&token(&format!("Bot {number}"))).unwrap();
    }
    sql(dir.path(), statements);
    for entry in fs::read_dir(dir.path()).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    assert!(files(copy.path())["desk.sqlite3-wal"].len() > 10_000);
    copy
}

fn sql(data: &Path, statements: &str) {
    let connection = Connection::open(data.join(DATABASE)).unwrap();
    connection.execute_batch(statements).unwrap();
}

fn spoil(data: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let path = data.join(DATABASE);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
}

#[test]
fn what_was_written_is_there_after_a_restart() {
    let dir = filled();
    let before = open(dir.path()).unwrap();
    assert!(before.lost.is_none());
    assert_eq!(names(&before.store).len(), 40);
    let installation = before.installation;
    drop(before);
    assert_eq!(open(dir.path()).unwrap().installation, installation);
    assert_eq!(fs::read_to_string(dir.path().join("installation")).unwrap().trim(), installation.to_string());
}

#[test]
fn whom_to_ask_is_kept_until_the_person_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap().store;
    assert_eq!(store.address_sources().unwrap(), Sources::default());
    store.keep_address_sources(Some(&sources())).unwrap();
    assert_eq!(store.address_sources().unwrap(), sources());
    store.keep_address_sources(None).unwrap();
    assert_eq!(store.address_sources().unwrap(), Sources::default());
}

#[test]
fn a_note_is_kept_changed_and_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap().store;
    let token = token("Home bot");
    store.record(&token).unwrap();
    for typed in ["Hetzner VPS, grid bot", "moved to the NAS", ""] {
        let note = Note::parse(typed).unwrap();
        store.keep_note(token.id, note.as_ref()).unwrap();
        assert_eq!(store.token(token.id).unwrap().note, note);
        store.record(&token).unwrap();
        assert_eq!(store.token(token.id).unwrap().note, note, "recorded again by what knows of no notes");
    }
    assert_eq!(store.keep_note(Uuid::new_v4(), None).unwrap_err().code(), Code::TokenUnknown);
}

/// It is nothing that a token needs to work.
#[test]
fn a_note_that_somebody_wrote_into_the_file_is_no_damage_and_not_shown_unless_it_could_be_kept() {
    let dir = filled();
    sql(dir.path(), "UPDATE tokens SET note = 'a' || char(8238) || 'b'");
    let opened = open(dir.path()).unwrap();
    assert!(opened.lost.is_none());
    assert!(opened.store.tokens().unwrap().iter().all(|token| token.note.is_none()));
}

#[test]
fn sources_that_somebody_wrote_into_the_file_are_not_asked_unless_they_could_be_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap().store;
    store.keep_address_sources(Some(&sources())).unwrap();
    sql(dir.path(), "UPDATE settings SET value = replace(value, 'https', 'http') WHERE name = 'address_sources'");
    assert_eq!(store.address_sources().unwrap(), Sources::default());
}

#[test]
fn whatever_the_damage_the_file_is_set_aside_as_it_is_and_a_new_one_takes_its_place() {
    type Damage = fn(&Path);
    let table: [(&str, Damage); 17] = [
        ("no database", |data| spoil(data, |bytes| *bytes = b"only words that lie here".repeat(200))),
        ("a few bytes", |data| spoil(data, |bytes| bytes.truncate(7))),
        ("truncated in a page", |data| spoil(data, |bytes| bytes.truncate(5_000))),
        ("truncated at a page", |data| spoil(data, |bytes| bytes.truncate(8_192))),
        ("another magic", |data| spoil(data, |bytes| bytes[0] = b'X')),
        ("a spoilt header", |data| spoil(data, |bytes| bytes[16..100].fill(0xff))),
        ("a spoilt schema", |data| spoil(data, |bytes| bytes[100..400].fill(0xff))),
        ("a torn page", |data| spoil(data, |bytes| bytes[4_096 * 2 + 512..4_096 * 3].fill(0xaa))),
        ("a page of zeros", |data| {
            spoil(data, |bytes| {
                let last = bytes.len() - 4_096;
                bytes[last..].fill(0);
            });
        }),
        ("unreadable list", |data| sql(data, BAD_ROW)),
        ("unknown permission", |data| sql(data, "UPDATE tokens SET permissions = '[\"FLY\"]' WHERE name = 'Bot 7'")),
        ("no moment", |data| sql(data, "UPDATE tokens SET created_at = 'yesterday' WHERE name = 'Bot 7'")),
        ("unreadable journal", |data| sql(data, "INSERT INTO journal VALUES ('7', '', '', '', '', '', '')")),
        ("a request that cannot be sent again", |data| {
            sql(
                data,
                "INSERT INTO journal SELECT id, destination, '{', '[]', '', '\"submitted\"', created_at FROM tokens",
            );
        }),
        ("a check of no token", |data| {
            sql(data, "PRAGMA foreign_keys = OFF; INSERT INTO checks VALUES ('7', '\"works\"', 'ok', '', 1)");
        }),
        ("a table is gone", |data| sql(data, "DROP TABLE journal")),
        ("another program's", |data| sql(data, "PRAGMA user_version = 0; CREATE TABLE theirs (a)")),
    ];
    for (what, damage) in table {
        let dir = filled();
        let installation = open(dir.path()).unwrap().installation;
        damage(dir.path());
        let damaged = files(dir.path());

        let opened = open(dir.path()).unwrap();
        let aside = dir.path().join("desk.sqlite3.damaged-20261124T140037Z");
        let lost = opened.lost.unwrap_or_else(|| panic!("{what}: not noticed"));
        assert_eq!(lost.set_aside.as_ref(), Some(&aside), "{what}");
        assert!(lost.installation_known);
        assert!(opened.store.tokens().unwrap().is_empty());
        assert_eq!(opened.installation, installation, "{what}");
        assert_eq!(fs::read(&aside).unwrap(), damaged[DATABASE], "{what}");
        opened.store.record(&token("New")).unwrap();
        drop(opened.store);

        let again = open(dir.path()).unwrap();
        assert_eq!(again.lost, Some(lost), "{what}: remembered until it is dealt with");
        assert_eq!(names(&again.store), BTreeSet::from(["New".to_owned()]));
    }
}

#[test]
fn the_log_goes_with_the_damaged_file() {
    let dir = killed(BAD_ROW);
    let damaged = files(dir.path());
    let lost = open(dir.path()).unwrap().lost.unwrap();
    let aside = lost.set_aside.unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let moved = fs::read(format!("{}{suffix}", aside.display())).unwrap();
        assert_eq!(moved, damaged[&format!("{DATABASE}{suffix}")], "{suffix}");
    }
}

#[test]
fn an_empty_file_beside_a_log_is_damage_and_the_log_is_not_deleted() {
    let dir = killed("");
    spoil(dir.path(), Vec::clear);
    let log = files(dir.path())["desk.sqlite3-wal"].clone();
    let aside = open(dir.path()).unwrap().lost.unwrap().set_aside.unwrap();
    assert_eq!(fs::read(format!("{}-wal", aside.display())).unwrap(), log);
}

#[test]
fn what_was_set_aside_before_is_never_written_over() {
    let dir = filled();
    for number in 1..=3 {
        spoil(dir.path(), |bytes| *bytes = format!("words, the {number}th time").repeat(99).into_bytes());
        drop(open(dir.path()).unwrap());
    }
    for (number, suffix) in [(1, ""), (2, "-2"), (3, "-3")] {
        let aside = dir.path().join(format!("{DATABASE}.damaged-20261124T140037Z{suffix}"));
        assert!(fs::read_to_string(aside).unwrap().starts_with(&format!("words, the {number}th time")));
    }
}

#[test]
fn a_crash_while_it_is_set_aside_loses_nothing() {
    let name = "desk.sqlite3.damaged-20261124T130000Z";
    let note = |moving: bool| format!(r#"{{"set_aside":"{name}","installation_known":true,"moving":{moving}}}"#);
    for moved in [&[][..], &["-wal"], &["-wal", "-shm"], &["-wal", "-shm", ""]] {
        let dir = killed(BAD_ROW);
        let damaged = files(dir.path());
        fs::write(dir.path().join("lost-database"), note(true)).unwrap();
        for suffix in moved {
            let (from, to) = (format!("{DATABASE}{suffix}"), format!("{name}{suffix}"));
            fs::rename(dir.path().join(from), dir.path().join(to)).unwrap();
        }
        let opened = open(dir.path()).unwrap();
        assert_eq!(opened.lost.unwrap().set_aside.unwrap(), dir.path().join(name), "{moved:?}");
        let now = files(dir.path());
        for suffix in ["", "-wal", "-shm"] {
            assert_eq!(now[&format!("{name}{suffix}")], damaged[&format!("{DATABASE}{suffix}")], "{moved:?}{suffix}");
        }
    }
    // Once it is moved, the file in its place is a good one, whatever became of the other.
    let dir = filled();
    fs::write(dir.path().join("lost-database"), note(false)).unwrap();
    assert_eq!(names(&open(dir.path()).unwrap().store).len(), 40);
}

#[test]
fn a_database_that_has_gone_is_noticed_and_a_first_start_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).unwrap();
    assert!(first.lost.is_none());
    drop(first.store);
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(dir.path().join(format!("{DATABASE}{suffix}")));
    }
    let second = open(dir.path()).unwrap();
    assert_eq!(second.lost.unwrap().set_aside, None);
    assert_eq!(second.installation, first.installation);
}

#[test]
fn without_the_installations_name_nothing_can_be_matched_and_that_is_said() {
    let dir = filled();
    spoil(dir.path(), |bytes| bytes[..16].fill(0));
    fs::remove_file(dir.path().join("installation")).unwrap();
    assert!(!open(dir.path()).unwrap().lost.unwrap().installation_known);
}

#[test]
fn the_installations_name_is_written_again_from_the_database() {
    for spoilt in [None, Some("not a name"), Some("6f2ad4a5-1c5a-4a53-8d7c-3f4f6f0b8a11")] {
        let dir = filled();
        let installation = open(dir.path()).unwrap().installation;
        let file = dir.path().join("installation");
        match spoilt {
            None => fs::remove_file(&file).unwrap(),
            Some(text) => fs::write(&file, text).unwrap(),
        }
        let opened = open(dir.path()).unwrap();
        assert_eq!(opened.installation, installation);
        assert!(opened.lost.is_none());
        assert_eq!(fs::read_to_string(&file).unwrap().trim(), installation.to_string());
    }
}

#[test]
fn a_first_start_that_was_cut_short_is_no_loss() {
    let dir = tempfile::tempdir().unwrap();
    sql(dir.path(), "PRAGMA journal_mode = WAL");
    assert!(fs::metadata(dir.path().join(DATABASE)).unwrap().len() > 0);
    assert!(open(dir.path()).unwrap().lost.is_none());
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_not_touched() {
    let closed = filled();
    sql(closed.path(), "PRAGMA user_version = 99");
    assert_eq!(files(closed.path()).len(), 1);
    // The newer version was killed: that it is newer stands in its log only.
    let (live, dir) = (filled(), tempfile::tempdir().unwrap());
    let connection = Connection::open(live.path().join(DATABASE)).unwrap();
    connection.execute_batch("CREATE TABLE more (a); PRAGMA user_version = 99").unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("{DATABASE}{suffix}");
        fs::copy(live.path().join(&name), dir.path().join(&name)).unwrap();
    }
    drop(connection);
    for data in [closed.path(), dir.path()] {
        let before = files(data);
        for _ in 0..2 {
            assert_eq!(open(data).unwrap_err().code(), Code::DatabaseNewer);
            let after = files(data);
            assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
            for (name, bytes) in &before {
                assert!(after[name] == *bytes, "{name}");
            }
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn everything_in_the_data_directory_is_for_the_person_alone() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("desk");
        let opened = open(&data).unwrap();
        opened.store.record(&token("Home bot")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data), 0o700);
        let mut seen = BTreeSet::new();
        for entry in fs::read_dir(&data).unwrap().map(Result::unwrap) {
            assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
            seen.insert(entry.file_name().into_string().unwrap());
        }
        assert_eq!(
            seen,
            ["desk.sqlite3", "desk.sqlite3-shm", "desk.sqlite3-wal", "installation", "lock"].map(str::to_owned).into()
        );
    }

    #[test]
    fn a_link_in_the_place_of_any_file_is_refused_and_not_followed() {
        for name in [
            DATABASE,
            "desk.sqlite3-wal",
            "desk.sqlite3-shm",
            "desk.sqlite3-journal",
            "lock",
            "installation",
            "lost-database",
        ] {
            let (dir, elsewhere) = (filled(), tempfile::tempdir().unwrap());
            let (target, link) = (elsewhere.path().join("theirs"), dir.path().join(name));
            fs::write(&target, "theirs").unwrap();
            let _ = fs::remove_file(&link);
            symlink(&target, &link).unwrap();
            let error = open(dir.path()).unwrap_err();
            assert_eq!(error.code(), Code::DataDirUnsafe, "{name}");
            assert_eq!(error.params()["problem"], "symbolic-link");
            assert_eq!(error.params()["path"], link.display().to_string());
            assert_eq!(fs::read_to_string(&target).unwrap(), "theirs", "{name}");
        }
    }

    #[test]
    fn a_file_that_others_can_write_or_own_is_refused_and_left_alone() {
        for name in [DATABASE, "desk.sqlite3-wal", "lock", "installation", "lost-database"] {
            let dir = filled();
            let path = dir.path().join(name);
            fs::OpenOptions::new().append(true).create(true).open(&path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
            assert_eq!(open(dir.path()).unwrap_err().params()["problem"], "others-can-write", "{name}");
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o666, "{name}");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            if permitted::give_away(&path) {
                assert_eq!(open(dir.path()).unwrap_err().params()["problem"], "foreign-owner", "{name}");
            }
        }
    }

    #[test]
    fn a_second_owner_of_the_data_directory_is_told_that_it_is_running() {
        let dir = tempfile::tempdir().unwrap();
        let owned = DataDir::own(dir.path()).unwrap();
        let error = open(dir.path()).unwrap_err();
        assert_eq!(
            (error.code(), error.params()["path"].as_str()),
            (Code::AlreadyRunning, dir.path().to_str().unwrap())
        );
        drop(owned);
        open(dir.path()).unwrap();
    }

    #[test]
    fn a_data_directory_that_others_can_write_to_is_refused_and_nothing_is_made_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("desk");
        fs::create_dir(&data).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o777)).unwrap();
        let error = open(&data).unwrap_err();
        assert_eq!((error.code(), error.params()["problem"].as_str()), (Code::DataDirUnsafe, "others-can-write"));
        assert_eq!(fs::read_dir(&data).unwrap().count(), 0);
        let link = dir.path().join("link");
        symlink(&data, &link).unwrap();
        assert_eq!(open(&link.join("")).unwrap_err().params()["problem"], "symbolic-link");
    }
}
