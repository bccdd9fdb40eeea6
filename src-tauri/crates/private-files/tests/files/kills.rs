//! A process killed at any moment leaves the old file or the new one.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use private_files::{create, replace};

use crate::{again, inside, names, strace, this_program};

const ROUNDS: u64 = 25;

#[test]
fn what_was_said_to_be_written_survives_kills_at_any_moment() {
    if let Some(directory) = inside() {
        return write_for_ever(&Path::new(&directory).join("file"));
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let mut last = 0;
    for round in 0..ROUNDS {
        let test = "kills::what_was_said_to_be_written_survives_kills_at_any_moment";
        let mut child = this_program(test, dir.path()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let numbers =
            thread::spawn(move || lines.filter_map(|line| line.strip_prefix("written ")?.parse().ok()).last());
        // Not in step with the writes.
        thread::sleep(Duration::from_millis(20 + round * 37 % 100));
        child.kill().unwrap();
        child.wait().unwrap();
        let said: u64 = numbers.join().unwrap().unwrap_or(last);
        let found = number(&path);
        // The one after it may have been written and not yet said.
        assert!(found == said || found == said + 1, "round {round}: said {said}, found {found}");
        assert!(names(dir.path()).len() <= 2, "{:?}", names(dir.path()));
        last = found;
    }
    assert!(last > ROUNDS, "the writer was given time to write");
    replace(&path, b"").unwrap();
    assert_eq!(names(dir.path()), ["file"], "what was unfinished is swept");
}

fn write_for_ever(path: &Path) {
    println!();
    for number in number(path) + 1.. {
        replace(path, &content(number)).unwrap();
        println!("written {number}");
    }
}

/// A whole number of whole numbers, all the same, and how many says which.
fn content(number: u64) -> Vec<u8> {
    number.to_le_bytes().repeat(1 + number as usize % 3_000)
}

fn number(path: &Path) -> u64 {
    let Ok(found) = fs::read(path) else { return 0 };
    let number = u64::from_le_bytes(*found.first_chunk().unwrap());
    assert!(found == content(number), "a part of {number}");
    number
}

/// Each step in turn is the one that it is killed at.
#[test]
fn between_any_two_steps_a_kill_leaves_the_old_file_or_the_new_one() {
    const RENAME: &str = "rename,renameat,renameat2";
    if let Some(directory) = inside() {
        let path = |name: &str| Path::new(&directory).join(name);
        return if path("file").exists() { replace(&path("file"), b"new") } else { create(&path("created"), b"new") }
            .unwrap();
    }
    if !permitted::tracing() {
        return;
    }
    let kill_at = |directory: &Path, (calls, which): (&str, u32)| {
        let (trace, inject) = (format!("trace={calls}"), format!("inject={calls}:signal=KILL:when={which}"));
        let strace = strace(&["-o", "/dev/null", "-e", &trace, "-e", &inject]);
        let test = "kills::between_any_two_steps_a_kill_leaves_the_old_file_or_the_new_one";
        !again(strace, test, directory).output().unwrap().status.success()
    };
    for (step, is_new, is_left) in [
        (("fsync", 1), false, true),
        ((RENAME, 1), false, true),
        (("fsync", 2), true, false),
        (("fsync", 3), true, false),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        replace(&path, b"old").unwrap();
        assert_eq!(kill_at(dir.path(), step), step.1 < 3, "{step:?}");
        assert_eq!(fs::read(&path).unwrap(), if is_new { b"new" } else { b"old" }, "{step:?}");
        assert_eq!(names(dir.path()).len(), if is_left { 2 } else { 1 }, "{step:?}");
        replace(&path, b"newer").unwrap();
        assert_eq!(names(dir.path()), ["file"], "{step:?}");
    }
    for (step, is_there) in [(("fsync", 1), false), (("linkat", 1), false), (("fsync", 2), true), (("fsync", 3), true)]
    {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("created");
        let is_killed = kill_at(dir.path(), step);
        if step.0 == "linkat" && !is_killed {
            permitted::skipped("in part: there are no files without a name here");
            continue;
        }
        assert_eq!(is_killed, step.1 < 3, "{step:?}");
        assert_eq!(fs::read(&path).ok(), is_there.then(|| b"new".to_vec()), "{step:?}");
        create(&dir.path().join("other"), b"").unwrap();
        assert_eq!(names(dir.path()).len(), 1 + usize::from(is_there), "{step:?}");
    }
}
