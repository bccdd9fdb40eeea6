//! What lies on disk is synced before it is answered, and whole after every failed write.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use permitted::SmallDisk;
use reqwest::Method;
use support::running::{Running, long_run};
use support::{new_key, send, system_generated};

mod support;

const BINARY: &str = env!("CARGO_BIN_EXE_token-desk-practice");

/// The service, with calls of the system that fail as strace's `inject` says, counted in each thread for itself; `None` where
/// it cannot start so. It says why; `what_cannot_start_says_why` looks at the words.
fn failing(data: &Path, faults: &[&str]) -> Option<Running> {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o", "/dev/null", "-e", "trace=fsync,pwrite64"]);
    for fault in faults {
        strace.args(["-e", &format!("inject={fault}")]);
    }
    Running::of(strace.arg(BINARY).arg("--data").arg(data).stderr(Stdio::null()))
}

/// The service, not strace, which ends with it.
fn kill_traced(running: &mut Running, signal: &str) {
    let service = fs::read_to_string(format!("/proc/{0}/task/{0}/children", running.child.id())).unwrap();
    assert!(Command::new("kill").args([signal, service.trim()]).status().unwrap().success());
    running.child.wait().unwrap();
}

#[tokio::test]
async fn the_log_is_synced_before_the_answer_is_written() {
    if !permitted::tracing() {
        return;
    }
    let (data, trace) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let mut strace = Command::new("strace");
    strace.args([
        "-f",
        "-y",
        "-s",
        "40",
        "-e",
        "trace=fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg,read,recvfrom,recvmsg",
        "-o",
    ]);
    strace.arg(trace.path()).arg(BINARY).arg("--data").arg(data.path());
    let mut running = Running::of(&mut strace).unwrap();
    let made = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    kill_traced(&mut running, "-TERM");

    let trace = fs::read_to_string(trace.path()).unwrap();
    let lines: Vec<_> = trace.lines().collect();
    let asked = lines.iter().position(|line| line.contains("POST /api_tokens")).expect("the request is traced");
    let answered = lines.iter().position(|line| line.contains("HTTP/1.1 201")).expect("the answer is traced");
    let to_log = |word: &str| {
        let of_log = |line: &&str| line.contains(word) && line.contains("practice.db-wal");
        lines[asked..answered].iter().rposition(of_log)
    };
    let written = to_log("pwrite64(").expect("the creation was written to the log before the answer");
    let synced = to_log("sync(").expect("the log was synced before the answer");
    assert!(written < synced, "and nothing was written to it in between");
}

/// A limit of the size of files makes the n-th write fail, for another n each time.
#[tokio::test]
async fn whichever_write_fails_the_old_state_stays_whole() {
    let data = tempfile::tempdir().unwrap();
    let mut running = Running::start(data.path());
    let first = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    assert_eq!(first.status, 201);
    running.signal("-TERM");
    let (mut tokens, mut refused, mut offset) = (1, 0, 0);
    // In blocks of 512 bytes; a page of the log has 4,120 bytes.
    for blocks in [1, 8, 40, 63, 64, 66, 70, 75, 80, 90, 100, 110, 130, 200] {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""), BINARY, "--data"]);
        shell.arg(data.path()).stderr(Stdio::null());
        if let Some(mut running) = Running::of(&mut shell) {
            for _ in 0..6 {
                offset += 30;
                let moved = running.api.control(&serde_json::json!({"clock_offset_s": offset})).await;
                assert_eq!(moved.status, 204);
                let code = running.code_after(offset);
                let answer = running.api.create(&new_key(), Some(&code), &system_generated()).await;
                match answer.status {
                    201 => tokens += 1,
                    500 => {
                        answer.refused(500, "internal_error");
                        refused += 1;
                    }
                    507 => {
                        answer.refused(507, "disk_full");
                        refused += 1;
                    }
                    status => panic!("{status}: {}", answer.body),
                }
            }
            running.signal("-KILL");
        } else {
            refused += 1;
        }
        let mut running = Running::start(data.path());
        assert_eq!(running.api.list().await.len(), tokens, "with {blocks} blocks: what was answered, and nothing else");
        running.signal("-TERM");
    }
    assert!(refused > 5, "the limit was met");
}

/// One call of the system fails, or every one from there on, for each call that a creation makes; then the service is
/// killed, or asked again. Every fifth write; all with `TOKEN_DESK_LONG=1`.
#[tokio::test]
async fn whichever_call_fails_no_refused_token_comes_to_light_and_no_answered_one_is_lost() {
    if !permitted::tracing() {
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let mut answered = Vec::new();
    let (mut offset, mut refused) = (0, 0);
    let every = if long_run() { 1 } else { 5 };
    let calls = [("pwrite64", "EIO", 22, every), ("pwrite64", "ENOSPC", 22, every), ("fsync", "EIO", 4, 1)];
    let cases = calls
        .into_iter()
        .flat_map(|(call, error, last, every)| (1..=last).step_by(every).map(move |n| (call, error, n)));
    for ((call, error, first), (further, is_asked_again)) in
        cases.flat_map(|case| [("", false), ("", true), ("+", false)].map(|then| (case, then)))
    {
        let case = format!("{call}:error={error}:when={first}{further}");
        let Some(mut running) = failing(data.path(), &[&case]) else { continue };
        offset += 30;
        let moved = running.api.control(&serde_json::json!({"clock_offset_s": offset})).await;
        assert_eq!(moved.status, 204);
        let (key, code) = (new_key(), running.code_after(offset));
        let mut answer = running.api.create(&key, Some(&code), &system_generated()).await;
        if answer.status != 201 {
            refused += 1;
            match (call, error, further) {
                (_, "ENOSPC", _) => answer.refused(507, "disk_full"),
                ("fsync", _, "+") => answer.refused(500, "outcome_unknown"),
                _ => answer.refused(500, "internal_error"),
            }
            if is_asked_again {
                answer = running.api.create(&key, Some(&code), &system_generated()).await;
                assert_eq!(answer.status, 201, "{case}: it goes on, and burnt no code: {}", answer.body);
            }
        }
        if answer.status == 201 {
            answered.push(answer.body["api_key"].clone());
        }
        kill_traced(&mut running, "-KILL");
        let mut running = Running::start(data.path());
        let kept: Vec<_> = running.api.list().await.iter().map(|row| row["api_key"].clone()).collect();
        assert_eq!(kept, answered, "{case}: what was answered, and nothing else");
        running.signal("-TERM");
    }
    assert!(refused > 10 && answered.len() > 10, "{refused} refused, {} made", answered.len());
}

/// The sync of a creation's commit fails. What can be cut off the log or written over is gone; the rest may come to light at
/// the next start, and nobody is told before that it is not there.
#[tokio::test]
async fn what_may_come_to_light_is_never_said_not_to_be_there() {
    if !permitted::tracing() {
        return;
    }
    let mut cases = vec![vec!["fsync:error=EIO:when=4".to_owned()], vec!["fsync:error=EIO:when=4..5".to_owned()]];
    // The creation's own writes end among these.
    cases.extend(
        (15..=21).map(|write| vec!["fsync:error=EIO:when=4+".to_owned(), format!("pwrite64:error=EIO:when={write}+")]),
    );
    let mut brought_to_light = 0;
    for case in cases {
        let data = tempfile::tempdir().unwrap();
        Running::start(data.path()).signal("-TERM");
        let mut running = failing(data.path(), &case.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        // Three syncs, and a log that what is refused is appended to.
        running.api.create(&new_key(), Some("x"), &system_generated()).await.refused(403, "otp_invalid");
        let (key, code) = (new_key(), running.code());
        let answer = running.api.create(&key, Some(&code), &system_generated()).await;
        let may_be_there = answer.error() == "outcome_unknown";
        if may_be_there {
            send(running.api.request(Method::GET, "/api_tokens")).await.refused(500, "outcome_unknown");
            for (key, code) in [(&key, Some(&*code)), (&key, None), (&new_key(), Some("x"))] {
                running.api.create(key, code, &system_generated()).await.refused(500, "outcome_unknown");
            }
            let call = running.api.http.get(format!("{}/public/api/ver1/bots", running.api.url));
            send(call.header("Apikey", "unknown")).await.refused(500, "outcome_unknown");
        } else {
            answer.refused(500, "internal_error");
        }
        kill_traced(&mut running, "-KILL");
        let is_there = !Running::start(data.path()).api.list().await.is_empty();
        assert!(may_be_there || !is_there, "{case:?}: nothing was changed, it said");
        brought_to_light += u32::from(is_there);
    }
    assert!(brought_to_light > 0, "these are not the writes that would take it back");
}

/// Once the disk works again, what is read is the truth, and the same request makes the token, once.
#[tokio::test]
async fn what_was_in_doubt_is_settled_once_the_disk_works() {
    if !permitted::tracing() {
        return;
    }
    let mut refused = 0;
    for (last, is_listed_first) in (4..=9).flat_map(|last| [(last, true), (last, false)]) {
        let data = tempfile::tempdir().unwrap();
        Running::start(data.path()).signal("-TERM");
        let mut running = failing(data.path(), &[&format!("fsync:error=EIO:when=3..{last}")]).unwrap();
        let (key, code) = (new_key(), running.code());
        let create = async |code| running.api.create(&key, code, &system_generated()).await;
        create(Some(&code)).await.refused(500, "outcome_unknown");
        let ask = async || match is_listed_first {
            true => send(running.api.request(Method::GET, "/api_tokens")).await,
            false => create(Some(&code)).await,
        };
        let mut answer = ask().await;
        while answer.status == 500 {
            answer.refused(500, "outcome_unknown");
            refused += 1;
            answer = ask().await;
        }
        if is_listed_first {
            assert_eq!(answer.body, serde_json::json!([]));
            answer = create(Some(&code)).await;
        }
        assert_eq!(answer.status, 201, "{}", answer.body);
        let again = create(None).await;
        assert_eq!((again.status, &again.body), (201, &answer.body));
        kill_traced(&mut running, "-KILL");
        let kept = Running::start(data.path()).api.list().await;
        assert_eq!(kept.iter().map(|row| &row["api_key"]).collect::<Vec<_>>(), [&answer.body["api_key"]]);
    }
    assert!(refused > 0, "the disk failed for longer than one request");
}

#[tokio::test]
async fn a_full_disk_is_said_and_burns_no_code() {
    let mount = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::at(mount.path(), "400k") else {
        return;
    };
    let mut service = disk.command(Command::new);
    service.arg(BINARY).arg("--data").arg(mount.path().join("data"));
    let running = Running::of(&mut service).unwrap();
    let inside = disk.outside(running.child.id());
    let filler = inside.join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
    let (key, code) = (new_key(), running.code());
    let full = running.api.create(&key, Some(&code), &system_generated()).await;
    full.refused(507, "disk_full");
    assert_eq!(running.api.list().await.len(), 0);
    // Only a closed file gives its space back.
    drop(file);
    fs::remove_file(&filler).unwrap();
    let made = running.api.create(&key, Some(&code), &system_generated()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let revoked = send(running.api.request(Method::GET, "/api_tokens")).await;
    assert_eq!(revoked.body.as_array().unwrap().len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_crash_writes_no_memory_to_disk() {
    let data = tempfile::tempdir().unwrap();
    let running = Running::start(data.path());
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.child.id())).unwrap();
    let of_core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    assert_eq!(of_core.split_whitespace().take(2).collect::<Vec<_>>(), ["0", "0"], "soft and hard");
}
