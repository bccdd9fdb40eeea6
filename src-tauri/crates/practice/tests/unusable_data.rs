//! Data that cannot be used is said to be so, and left as it is: damaged, of a newer version, or another's.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::Command;

use permitted::give_away;
use rusqlite::config::DbConfig;
use support::running::{Running, command, modes};
use support::{new_key, system_generated};

mod support;

const BINARY: &str = env!("CARGO_BIN_EXE_token-desk-practice");

#[tokio::test]
async fn a_damaged_database_is_said_and_left_as_it_is() {
    let data = tempfile::tempdir().unwrap();
    let mut running = Running::start(data.path());
    running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    running.signal("-TERM");
    let path = data.path().join("practice.db");
    let good = fs::read(&path).unwrap();
    for spoil in [
        |bytes: &mut Vec<u8>| bytes.truncate(5_000),
        |bytes: &mut Vec<u8>| bytes[0] = b'X',
        |bytes: &mut Vec<u8>| bytes[4_096..8_192].fill(0xaa),
        |bytes: &mut Vec<u8>| bytes[100..200].fill(0xff),
    ] {
        let mut bad = good.clone();
        spoil(&mut bad);
        fs::write(&path, &bad).unwrap();
        let before = modes(data.path());
        let output = command(data.path()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("damaged"), "{said}");
        assert!(output.stdout.is_empty());
        assert_eq!(fs::read(&path).unwrap(), bad, "nothing was touched");
        assert_eq!(modes(data.path()), before, "no file came or went");
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(Running::start(data.path()).api.list().await.len(), 1);
}

/// What is done to a database file.
type Spoil = fn(&Path);

/// A killed service leaves a log that only a good database may take in.
#[tokio::test]
async fn a_damaged_or_newer_database_beside_a_log_is_said_and_left_as_it_is() {
    let killed = tempfile::tempdir().unwrap();
    let mut running = Running::start(killed.path());
    running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    running.signal("-TERM");
    // A wrong code writes one page to the log: all others are read from the database.
    let mut running = Running::start(killed.path());
    running.api.create(&new_key(), Some("x"), &system_generated()).await.refused(403, "otp_invalid");
    running.signal("-KILL");
    let spoils: [(&str, Spoil); 6] = [
        ("damaged", |path| spoil(path, |bytes| bytes[8_192..].fill(0xaa))),
        ("damaged", |path| spoil(path, |bytes| bytes[0] = b'X')),
        ("damaged", |path| spoil(path, |bytes| bytes.truncate(5_000))),
        ("damaged", |path| spoil(path, Vec::clear)),
        ("damaged", |path| fs::remove_file(path).unwrap()),
        ("newer version", |path| {
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
            connection.pragma_update(None, "user_version", 99).unwrap();
        }),
    ];
    for (number, (says, spoil)) in spoils.into_iter().enumerate() {
        let data = tempfile::tempdir().unwrap();
        for (name, content) in files(killed.path()) {
            fs::write(data.path().join(name), content).unwrap();
        }
        spoil(&data.path().join("practice.db"));
        let before = files(data.path());
        assert!(!before[OsStr::new("practice.db-wal")].is_empty());
        let output = Command::new("timeout").arg("60").arg(BINARY).arg("--data").arg(data.path()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.contains(says)), (Some(1), true), "{number}: {said}");
        let after = files(data.path());
        assert_eq!(
            before.keys().collect::<Vec<_>>(),
            after.keys().collect::<Vec<_>>(),
            "{number}: no file came or went"
        );
        assert!(before == after, "{number}: nothing was touched");
    }
    assert_eq!(Running::start(killed.path()).api.list().await.len(), 1, "the good one is opened");
}

type Damage = Box<dyn Fn(&Path)>;

/// Damage in a copy that SQLite keeps of a column, in what a text means, and in what is sealed.
#[tokio::test]
async fn damage_that_one_row_or_index_has_is_said_and_left_as_it_is() {
    let whole = tempfile::tempdir().unwrap();
    let mut running = Running::start(whole.path());
    running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    running.signal("-TERM");
    let connection = rusqlite::Connection::open(whole.path().join("practice.db")).unwrap();
    // Of this copy nothing else can be held against.
    connection.execute("UPDATE tokens SET request_fingerprint = ''", []).unwrap();
    let column = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap().into_bytes();
    let (api_key, fingerprint) = (column("SELECT api_key FROM tokens"), column("SELECT fingerprint FROM answers"));
    drop(connection);
    let mut spoils: Vec<Damage> = Vec::new();
    // The table and its index: whichever of them is wrong.
    for (text, copies) in [(api_key, 2), (fingerprint, 2), (b"BOTS_READ".into(), 1), (b"203.0.113.7".into(), 1)] {
        for copy in 0..copies {
            let text = text.clone();
            spoils.push(Box::new(move |path| {
                spoil(path, |bytes| {
                    let mut found = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(&text));
                    let at = found.nth(copy).unwrap();
                    assert_eq!(found.count(), copies - 1 - copy, "copies of {}", String::from_utf8_lossy(&text));
                    // Another letter or digit, whatever stood there.
                    bytes[at] ^= 1;
                });
            }));
        }
    }
    for sql in [
        "DROP TABLE answers",
        "DROP TABLE account",
        "DELETE FROM account",
        "UPDATE account SET recent_failures_ms = 'x'",
        "UPDATE answers SET request_hash = x'00'",
        "UPDATE tokens SET secret = zeroblob(length(secret))",
        "UPDATE tokens SET permissions = '[]'",
    ] {
        spoils.push(Box::new(|path| rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap()));
    }
    for (number, spoil) in spoils.into_iter().enumerate() {
        let data = tempfile::tempdir().unwrap();
        for (name, content) in files(whole.path()) {
            fs::write(data.path().join(name), content).unwrap();
        }
        spoil(&data.path().join("practice.db"));
        let before = files(data.path());
        for flags in [&[][..], &["--new-authenticator"]] {
            let mut program = Command::new("timeout");
            let output = program.args(["60", BINARY, "--data"]).arg(data.path()).args(flags).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), said.contains("damaged")), (Some(1), true), "{number}: {said}");
            assert!(before == files(data.path()), "{number}: nothing was touched");
        }
    }
    assert_eq!(Running::start(whole.path()).api.list().await.len(), 1, "the good one is opened");
}

fn spoil(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn files(data: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let entries = fs::read_dir(data).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).collect()
}

#[tokio::test]
async fn a_start_that_fails_leaves_the_authenticator_as_it_was() {
    let data = tempfile::tempdir().unwrap();
    let mut running = Running::start(data.path());
    let code = running.code();
    running.signal("-TERM");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut busy = Command::new(BINARY);
    busy.args(["--new-authenticator", "--listen", &taken.local_addr().unwrap().to_string(), "--data"]);
    assert!(!busy.arg(data.path()).output().unwrap().status.success());
    let running = Running::start(data.path());
    let made = running.api.create(&new_key(), Some(&code), &system_generated()).await;
    assert_eq!(made.status, 201, "the old code is still good: {}", made.body);
}

#[test]
fn a_directory_that_others_can_write_to_or_own_is_refused_and_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let (writable, foreign) = (parent.path().join("writable"), parent.path().join("foreign"));
    for directory in [&writable, &foreign] {
        fs::create_dir(directory).unwrap();
    }
    fs::set_permissions(&writable, fs::Permissions::from_mode(0o777)).unwrap();
    let mut cases = vec![(&writable, "others can write to it")];
    if give_away(&foreign) {
        cases.push((&foreign, "belongs to another user"));
    }
    for (directory, says) in cases {
        let output = command(directory).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(says), "{said}");
        assert_eq!(fs::read_dir(directory).unwrap().count(), 0);
    }
    assert_eq!(fs::metadata(&writable).unwrap().permissions().mode() & 0o777, 0o777);
}

/// As strictly as the directory: what may be another's work is not used, not by root either.
#[test]
fn a_file_that_others_can_write_or_own_or_that_is_no_file_is_refused_and_left_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let whole = tempfile::tempdir().unwrap();
    Running::start(whole.path()).signal("-TERM");
    let elsewhere = whole.path().join("elsewhere");
    let mut spoils: Vec<(&str, Damage)> = vec![
        (
            "others can write to it",
            Box::new(|path| fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap()),
        ),
        (
            "it is a symbolic link",
            Box::new(move |path| {
                fs::rename(path, &elsewhere).unwrap();
                symlink(&elsewhere, path).unwrap();
            }),
        ),
        (
            "it is not an ordinary file",
            Box::new(|path| {
                fs::remove_file(path).unwrap();
                assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            }),
        ),
    ];
    let probe = tempfile::NamedTempFile::new().unwrap();
    if give_away(probe.path()) {
        spoils.push(("it belongs to another user", Box::new(|path| assert!(give_away(path)))));
    }
    for name in ["lock", "practice.db", "practice.db-journal", "practice.db-shm", "practice.db-wal", "state.key"] {
        for (says, spoil) in &spoils {
            let data = tempfile::tempdir().unwrap();
            for name in ["lock", "practice.db", "state.key"] {
                fs::copy(whole.path().join(name), data.path().join(name)).unwrap();
            }
            let path = data.path().join(name);
            fs::OpenOptions::new().append(true).create(true).open(&path).unwrap();
            spoil(&path);
            let before = modes(data.path());
            let mut program = Command::new("timeout");
            let output = program.args(["20", BINARY, "--data"]).arg(data.path()).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), said.contains(says)), (Some(1), true), "{name}: {says}: {said}");
            assert_eq!(modes(data.path()), before, "{name}: {says}");
        }
    }
}
