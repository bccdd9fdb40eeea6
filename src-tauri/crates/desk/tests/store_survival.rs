//! The database after kills in the midst of writing, and on a disk that is full.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use desk::store::{Attempt, Check, DeskStore, Opened, Outcome, Stage};
use desk::{Code, DataDir, Destination, Error, KnownToken, Permission, TokenType, TrustedEntry};
use permitted::SmallDisk;
use time::OffsetDateTime;
use uuid::Uuid;

/// Makes this program play the other part: see [`child_that_writes`] and [`child_on_a_small_disk`].
const DATA: &str = "STORE_SURVIVAL_DATA";

fn open(data: &Path) -> Result<Opened, Error> {
    DeskStore::open(&DataDir::own(data)?, OffsetDateTime::now_utc())
}

fn token(id: Uuid) -> KnownToken {
    KnownToken {
        id,
        destination: Destination::Practice,
        token_type: TokenType::SystemGenerated,
        name: format!("Bot {id}"),
        api_key: "practice".repeat(8),
        trusted_ips: (0..20).map(|last| TrustedEntry { network: format!("203.0.113.{last}"), label: None }).collect(),
        permissions: BTreeSet::from([Permission::BotsRead]),
        created_at: OffsetDateTime::UNIX_EPOCH,
        note: None,
    }
}

const REQUEST: &str =
    r#"{"type":"system_generated","name":"Home bot","trusted_ips":["203.0.113.7"],"permissions":["BOTS_READ"]}"#;

/// This program once more, as that one of its tests.
fn child(test: &str, data: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(DATA, data);
    command
}

/// As a creation writes: the journal row, the token in its place, the check. Says each token once it is recorded.
#[test]
fn child_that_writes() {
    let Some(data) = env::var_os(DATA) else { return };
    let store = open(Path::new(&data)).unwrap().store;
    println!();
    loop {
        let id = Uuid::new_v4();
        let attempt = Attempt {
            id,
            destination: Destination::Practice,
            request: REQUEST.to_owned(),
            trusted_ips: Vec::new(),
            request_fingerprint: "0".repeat(64),
            stage: Stage::Journalled,
            started_at: OffsetDateTime::UNIX_EPOCH,
        };
        store.begin(&attempt).unwrap();
        store.advance(id, Stage::Submitted).unwrap();
        store.record(&token(id)).unwrap();
        println!("{id}");
        let check = Check { outcome: Outcome::Works, code: "ok".to_owned(), at: OffsetDateTime::UNIX_EPOCH, millis: 1 };
        store.keep_check(id, &check).unwrap();
    }
}

#[test]
fn what_was_recorded_before_a_kill_is_there_after_it() {
    let rounds = if env::var_os("TOKEN_DESK_LONG").is_some_and(|word| word == "1") { 100 } else { 10 };
    let mut dir = tempfile::tempdir().unwrap();
    let mut recorded = BTreeSet::new();
    let (mut all, mut round) = (0, 0);
    // A busy machine starts the program so slowly that most kills come before its first write: then it takes more of them.
    while round < rounds || all <= rounds {
        assert!(round < 20 * rounds, "the writer was given time to write");
        if round % 10 == 0 {
            // The making of a new database is killed too.
            dir = tempfile::tempdir().unwrap();
            recorded.clear();
        }
        let data = dir.path().join("desk");
        let mut writing = child("child_that_writes", &data).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(writing.stdout.take().unwrap());
        let reading = thread::spawn(move || output.lines().map_while(Result::ok).collect::<Vec<_>>());
        // Random moments, from the start of the program until well into its writing.
        thread::sleep(Duration::from_micros(2_000 + u64::from(Uuid::new_v4().as_fields().1)));
        writing.kill().unwrap();
        writing.wait().unwrap();
        let before = recorded.len();
        recorded.extend(reading.join().unwrap().iter().filter_map(|line| line.trim().parse::<Uuid>().ok()));
        all += recorded.len() - before;

        let opened = open(&data).unwrap();
        assert!(opened.lost.is_none(), "round {round}: {:?}", opened.lost);
        let kept: BTreeMap<Uuid, KnownToken> =
            opened.store.tokens().unwrap().into_iter().map(|token| (token.id, token)).collect();
        for id in &recorded {
            assert_eq!(kept.get(id), Some(&token(*id)), "round {round}");
        }
        // A token and the stage of its attempt are written together.
        for attempt in opened.store.open_attempts().unwrap() {
            assert_eq!(attempt.stage == Stage::Recorded, kept.contains_key(&attempt.id), "round {round}");
        }
        recorded.extend(kept.into_keys());
        round += 1;
    }
    println!("{round} kills, {all} recorded tokens, none lost");
}

#[test]
fn a_full_disk_is_said_and_what_was_there_stays() {
    let mount = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::at(mount.path(), "512k") else { return };
    let inner = child("child_on_a_small_disk", mount.path());
    let mut outer = disk.command(Command::new);
    outer.arg(inner.get_program()).args(inner.get_args()).env(DATA, mount.path());
    let output = outer.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn child_on_a_small_disk() {
    let Some(disk) = env::var_os(DATA).map(PathBuf::from) else { return };
    let (data, filler) = (disk.join("desk"), disk.join("filler"));
    let (mut refused, mut recorded) = (0, 0);
    // From no page left to enough for all: another write fails each time, from the first opening on.
    for pages in 0..40 {
        fill(&filler, pages);
        let outcome = open(&data).and_then(|opened| {
            assert!(opened.lost.is_none(), "{pages} pages");
            assert_eq!(opened.store.tokens()?.len(), recorded, "{pages} pages: nothing else than what was answered");
            opened.store.record(&token(Uuid::new_v4()))
        });
        match outcome {
            Ok(()) => recorded += 1,
            Err(error) => {
                assert_eq!(error.code(), Code::DiskFull, "{pages} pages: {error}");
                refused += 1;
            }
        }
        fs::remove_file(&filler).unwrap();
        assert_eq!(open(&data).unwrap().store.tokens().unwrap().len(), recorded, "after {pages} pages");
    }
    assert!(refused > 3 && recorded > 3, "{refused} refused, {recorded} recorded");

    // A damaged file cannot be set aside safely without a note of it: it stays where it is until there is room.
    fs::write(data.join("desk.sqlite3"), "words").unwrap();
    fill(&filler, 0);
    assert_eq!(open(&data).unwrap_err().code(), Code::DiskFull);
    assert_eq!(fs::read(data.join("desk.sqlite3")).unwrap(), b"words");
    fs::remove_file(&filler).unwrap();
    assert_eq!(fs::read(open(&data).unwrap().lost.unwrap().set_aside.unwrap()).unwrap(), b"words");
}

/// Leaves this many pages of the file system free.
fn fill(filler: &Path, pages: u64) {
    const PAGE: u64 = 4_096;
    let mut file = File::create(filler).unwrap();
    while file.write_all(&[1; PAGE as usize]).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size.saturating_sub(pages * PAGE)).unwrap();
}
