//! A process killed at any moment leaves the old file or the new one.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use uuid::Uuid;
use vault::{Error, Item, ItemKind};

use crate::{PASSPHRASE, Profile, passphrase, secret, vault_at};

const FILE: &str = "VAULT_TEST_FILE";
const ROUNDS: u32 = 25;

#[test]
fn every_secret_that_was_said_to_be_kept_survives_kills_at_any_moment() {
    if let Some(file) = std::env::var_os(FILE) {
        return keep_for_ever(Path::new(&file));
    }
    let profile = Profile::with_file();
    // What was said to be kept, and what a kill left open: old or new.
    let mut said: HashMap<Uuid, u64> = HashMap::new();
    for round in 0..ROUNDS {
        let mut child = this_test("crash::every_secret_that_was_said_to_be_kept_survives_kills_at_any_moment")
            .env(FILE, profile.file())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // Kept this many times, and then a little further, not in step with the writes.
        for (id, number) in lines.by_ref().filter_map(|line| parse(&line)).take(1 + round as usize % 3) {
            said.insert(id, number);
        }
        std::thread::sleep(Duration::from_millis(u64::from(round) * 37 % 200));
        kill(&mut child);
        said.extend(lines.filter_map(|line| parse(&line)));
        let vault = profile.open_vault();
        for (id, number) in &said {
            let found = vault.fetch(&item(*id)).unwrap().unwrap();
            let found: u64 = found.expose_str().unwrap().parse().unwrap();
            // The one after it may have been written and not yet said.
            assert!(found == *number || found == number + 8, "{id}: said {number}, found {found}");
        }
    }
    assert!(said.values().sum::<u64>() >= 8 * u64::from(ROUNDS), "some round kept nothing");
    assert_eq!(profile.names(), ["secrets.age", "secrets.key.age"], "unfinished files are swept");
}

fn keep_for_ever(file: &Path) {
    let vault = vault_at(file);
    vault.open_file(&passphrase()).unwrap();
    for number in 1.. {
        let id = Uuid::from_u128(u128::from(number % 8_u64));
        // Goes on from what an earlier round left.
        let earlier = vault.fetch(&item(id)).unwrap();
        let next = earlier.map_or(0, |found| found.expose_str().unwrap().parse::<u64>().unwrap()) + 8;
        vault.keep(&item(id), "Token Desk: a", &secret(&next.to_string())).unwrap();
        println!("kept {id} {next}");
        std::io::stdout().flush().unwrap();
    }
}

fn parse(line: &str) -> Option<(Uuid, u64)> {
    // The harness prints before the first line of the test.
    let (id, number) = line.split_once("kept ")?.1.split_once(' ')?;
    Some((id.parse().ok()?, number.parse().ok()?))
}

#[test]
fn what_a_killed_writer_left_is_swept_at_the_next_opening_and_nothing_else() {
    let profile = Profile::with_file();
    for name in [".secrets.age.Ab3xYz.tmp", ".secrets.key.age.Ab3xYz.tmp", "notes.tmp", ".secrets.age.bak"] {
        fs::write(profile.path().join(name), "unfinished").unwrap();
    }
    profile.open_vault();
    assert_eq!(profile.names(), [".secrets.age.bak", "notes.tmp", "secrets.age", "secrets.key.age"]);
}

#[test]
fn content_is_on_the_disk_before_the_name_and_the_name_before_the_answer() {
    if let Some(file) = std::env::var_os(FILE) {
        let vault = vault_at(Path::new(&file));
        vault.open_file(&passphrase()).unwrap();
        vault.keep(&item(Uuid::nil()), "Token Desk: a", &secret("s3cret")).unwrap();
        fs::write(Path::new(&file).with_file_name("answered"), "").unwrap();
        return;
    }
    if !permitted::tracing() {
        return;
    }
    let profile = Profile::with_file();
    let trace = profile.path().join("trace");
    let status = Command::new("strace")
        .args(["-f", "-y", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,openat", "-o"])
        .arg(&trace)
        .arg(std::env::current_exe().unwrap())
        .args(["crash::content_is_on_the_disk_before_the_name_and_the_name_before_the_answer", "--exact"])
        .env(FILE, profile.file())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let trace = fs::read_to_string(&trace).unwrap();
    let directory = format!("<{}>", profile.path().display());
    let mut lines = trace.lines();
    for (what, is_it) in [
        (
            "the content is synced",
            &(|line: &str| line.contains("sync(") && line.contains(".tmp>")) as &dyn Fn(&str) -> bool,
        ),
        ("it gets its name", &|line: &str| line.contains("rename") && line.contains("secrets.age\"")),
        ("the directory is synced", &|line: &str| line.contains("fsync(") && line.contains(&directory)),
        ("it is answered", &|line: &str| line.contains("answered")),
    ] {
        assert!(lines.any(is_it), "not in this order: {what}\n{trace}");
    }
}

/// Not sure whether the first change went through, the person makes another, and that is cut off too.
#[test]
fn changes_of_the_passphrase_that_are_cut_off_again_and_again_lose_nothing() {
    let name = "crash::changes_of_the_passphrase_that_are_cut_off_again_and_again_lose_nothing";
    if let Some(file) = std::env::var_os(FILE) {
        let [old, new] = ["OLD", "NEW"].map(|name| secret(&std::env::var(name).unwrap()));
        vault_at(Path::new(&file)).change_passphrase(&old, &new).unwrap();
        return;
    }
    if !permitted::tracing() {
        return;
    }
    let profile = Profile::with_file();
    let kept = item(Uuid::nil());
    profile.open_vault().keep(&kept, "Token Desk: a", &secret("s3cret")).unwrap();
    let mut current = PASSPHRASE.to_owned();
    // The first change writes the key file and the secrets file; each later one writes the secrets file before that too.
    for (round, (killed_at_rename, is_changed)) in
        [(2, true), (2, false), (3, true), (3, true), (1, false), (2, false), (3, true), (99, true)]
            .into_iter()
            .enumerate()
    {
        let next = format!("staple staple {round}");
        let status = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-e"])
            .arg(format!("inject=rename,renameat,renameat2:signal=KILL:when={killed_at_rename}"))
            .arg(std::env::current_exe().unwrap())
            .args([name, "--exact"])
            .envs([("OLD", &current), ("NEW", &next)])
            .env(FILE, profile.file())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.success(), killed_at_rename == 99, "round {round}: {status}");
        if is_changed {
            assert_eq!(profile.vault().open_file(&secret(&current)), Err(Error::PassphraseWrong), "round {round}");
            current = next;
        }
        let vault = profile.vault();
        assert_eq!(vault.open_file(&secret(&current)), Ok(()), "round {round}");
        assert_eq!(vault.fetch(&kept).unwrap().unwrap().expose_str(), Some("s3cret"));
    }
}

fn item(id: Uuid) -> Item {
    Item { installation: Uuid::nil(), kind: ItemKind::HmacSecret, id }
}

fn this_test(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture"]).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn kill(child: &mut Child) {
    assert!(child.try_wait().unwrap().is_none(), "the writer ended by itself");
    child.kill().unwrap();
    child.wait().unwrap();
}
