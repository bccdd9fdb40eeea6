//! The binary `token-desk-practice`: started, killed, started again.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use support::running::{Running, command, modes};
use support::{Api, new_key, system_generated};
use tokio::time::timeout;

mod support;

#[tokio::test]
async fn an_answered_creation_survives_kill_9() {
    let data = tempfile::tempdir().unwrap();
    let mut running = Running::start(data.path());
    let key = new_key();
    let made = running.api.create(&key, Some(&running.code()), &system_generated()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(running.signal("-KILL").signal(), Some(9));

    let running = Running::start(data.path());
    assert_eq!(running.api.list().await.len(), 1);
    let again = running.api.create(&key, None, &system_generated()).await;
    assert_eq!((again.status, again.body), (201, made.body));
}

#[tokio::test]
async fn files_are_private_whatever_the_umask() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let shell = format!("umask 022; exec \"{}\" --data \"$0\"", env!("CARGO_BIN_EXE_token-desk-practice"));
    let mut child = Command::new("sh").arg("-c").arg(shell).arg(&data).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let (directory, files) = (fs::metadata(&data).unwrap().permissions().mode() & 0o777, modes(&data));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(directory, 0o700);
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["lock", "practice.db", "practice.db-wal", "state.key"]);
    assert!(files.iter().all(|(_, mode)| *mode == 0o600), "{files:?}");
}

#[tokio::test]
async fn a_second_process_is_told_that_the_data_is_in_use() {
    let data = tempfile::tempdir().unwrap();
    let running = Running::start(data.path());
    let second = command(data.path()).output().unwrap();
    assert!(!second.status.success());
    assert!(second.stdout.is_empty());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("in use by another process"), "{said}");
    assert!(running.api.list().await.is_empty(), "the first goes on");
}

#[tokio::test]
async fn sigterm_and_sigint_end_it_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let data = tempfile::tempdir().unwrap();
        let mut running = Running::start(data.path());
        assert_eq!(running.api.list().await.len(), 0, "a connection is kept open meanwhile");
        assert_eq!(running.signal(signal).code(), Some(0), "{signal}");
        let left: Vec<_> = modes(data.path()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(left, ["lock", "practice.db", "state.key"], "the write-ahead log is folded in");
    }
}

/// `100 Continue` is the sign that it is under way: the service is reading its body.
#[test]
fn a_request_under_way_is_answered_before_sigterm_ends_it() {
    let data = tempfile::tempdir().unwrap();
    let mut running = Running::start(data.path());
    let host = running.api.url.strip_prefix("http://").unwrap().to_owned();
    let body = system_generated().to_string();
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(
        stream,
        "POST /api_tokens HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {}\r\nX-OTP-Code: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        running.api.session,
        new_key(),
        running.code(),
        body.len(),
    )
    .unwrap();
    let mut sign = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut sign).unwrap();
    assert!(sign.starts_with(b"HTTP/1.1 100 "), "{sign:?}");

    let id = running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    while TcpStream::connect(&host).is_ok() {}
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[tokio::test]
async fn the_session_is_told_on_stdout_only() {
    let data = tempfile::tempdir().unwrap();
    let running = Running::start(data.path());
    let secrets = [running.api.session.clone(), running.code()];
    running.api.create(&new_key(), Some(&running.code()), &json!({})).await.refused(422, "record_invalid");
    let process = Path::new("/proc").join(running.child.id().to_string());
    let mut seen = Vec::new();
    for name in ["cmdline", "environ"] {
        fs::File::open(process.join(name)).unwrap().read_to_end(&mut seen).unwrap();
    }
    for file in fs::read_dir(data.path()).unwrap() {
        seen.extend(fs::read(file.unwrap().path()).unwrap());
    }
    assert!(seen.windows(15).any(|window| window == b"--listen\x00127.0."), "the search finds what is there");
    for secret in &secrets {
        assert!(!seen.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[tokio::test]
async fn flags_set_clock_address_limits_and_hosts() {
    let data = tempfile::tempdir().unwrap();
    let flags = [
        "--clock-offset",
        "-86400",
        "--client-address",
        "2001:db8::7",
        "--limits",
        "off",
        "--allow-host",
        "desk.example",
    ];
    let running = Running::start_with(data.path(), &flags);
    let trace = support::send(
        running.api.http.get(format!("{}/cdn-cgi/trace", running.api.url)).header("Host", "desk.example"),
    )
    .await;
    assert!(trace.body.as_str().unwrap().contains("ip=2001:db8::7\n"));
    for _ in 0..=100 {
        let time = running.api.http.get(format!("{}/public/api/ver1/time", running.api.url));
        assert_eq!(support::send(time).await.status, 200, "no limits");
    }
    let answer = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    answer.refused(403, "otp_invalid");
    assert_eq!(running.api.control(&json!({"clock_offset_s": 0})).await.status, 204, "absolute: replaces the flag's");
    let answer = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[test]
fn what_cannot_start_says_why() {
    let parent = tempfile::tempdir().unwrap();
    let (data, real, link) = (parent.path().join("data"), parent.path().join("real"), parent.path().join("link"));
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    for (data, arguments, says) in [
        (&link, &[][..], "symbolic link"),
        (&data, &["--allow-host", "http://x"], "no host name"),
        (&data, &["--listen", "203.0.113.7:80"], "cannot listen"),
        (&data, &["--clock-offset", "1.5"], "whole number of seconds"),
        (&data, &["--limits", "none"], "invalid value"),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_token-desk-practice"));
        let output = program.arg("--data").arg(data).args(arguments).output().unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(says), "{said}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(fs::read_dir(&real).unwrap().count(), 0, "nothing was put behind the link");
}

#[test]
fn a_database_without_its_state_key_is_not_started_anew() {
    let data = tempfile::tempdir().unwrap();
    let mut running = Running::start(data.path());
    running.signal("-TERM");
    fs::remove_file(data.path().join("state.key")).unwrap();
    let output = command(data.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("state key does not fit"), "{said}");
    assert!(!data.path().join("state.key").exists());
}

#[tokio::test]
async fn an_otp_secret_file_is_written_once_then_read_and_keeps_the_secret_off_stdout() {
    let parent = tempfile::tempdir().unwrap();
    let (data, file) = (parent.path().join("data"), parent.path().join("otp"));
    let start = |arguments: &[&str]| {
        let mut child = command(&data)
            .args(["--otp-secret-file", file.to_str().unwrap()])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert!(ready.get("otp_secret").is_none(), "{ready}");
        let secret = fs::read_to_string(&file).unwrap();
        let text = |field: &str| ready[field].as_str().unwrap();
        (Running { child, api: Api::new(text("url"), text("session"), secret.trim()) }, secret)
    };
    let (mut running, first) = start(&[]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let made = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    running.signal("-TERM");
    let (mut running, again) = start(&[]);
    assert_eq!(again, first);
    running.signal("-TERM");
    let (mut running, new) = start(&["--new-authenticator"]);
    assert_ne!(new, first);
    let made = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    running.signal("-TERM");

    fs::write(&file, &first).unwrap();
    let output = command(&data).arg("--otp-secret-file").arg(&file).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("another authenticator secret"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), first, "left alone");
}

#[tokio::test]
async fn json_logs_tell_of_every_request_and_of_no_secret() {
    let data = tempfile::tempdir().unwrap();
    let mut child =
        command(data.path()).arg("--json-logs").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let text = |field: &str| ready[field].as_str().unwrap();
    let mut running = Running { child, api: Api::new(text("url"), text("session"), text("otp_secret")) };
    let made = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await;
    let secret = made.body["secret"].as_str().unwrap();
    let call = running.api.http.get(format!("{}/public/api/ver1/bots?secret={secret}", running.api.url));
    support::send(call.header("Apikey", secret)).await.refused(401, "api_key_invalid_or_expired");
    let mut stderr = running.child.stderr.take().unwrap();
    running.signal("-TERM");
    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let short = |line: &Value| (line["path"].clone(), line["status"].clone(), line["reason"].clone());
    assert_eq!(
        lines.iter().map(short).collect::<Vec<_>>(),
        [
            (json!("/api_tokens"), json!(201), json!(null)),
            (json!("/public/api/ver1/bots"), json!(401), json!("api-key-foreign"))
        ]
    );
    for secret in [secret, &running.api.session, text("otp_secret")] {
        assert!(!said.contains(secret));
    }
}

#[tokio::test]
async fn a_log_that_nobody_reads_holds_up_neither_requests_nor_the_end() {
    let data = tempfile::tempdir().unwrap();
    let mut running =
        Running::of(command(data.path()).args(["--limits", "off", "--json-logs"]).stderr(Stdio::piped())).unwrap();
    // A pipe takes 64 KiB: these are a megabyte of lines, and the queue behind it is full too.
    for _ in 0..6_000 {
        let trace = running.api.http.get(format!("{}/cdn-cgi/trace", running.api.url)).send();
        let answer = timeout(Duration::from_secs(10), trace).await.expect("answered although nobody reads");
        assert_eq!(answer.unwrap().status(), 200);
    }
    let id = running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = async {
        while running.child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(10), ended).await.expect("the process ends");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    let mut said = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let whole: Vec<Value> = said.split_inclusive('\n').filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(whole.len() > 100 && whole.iter().all(|line| line["path"] == "/cdn-cgi/trace"), "{said}");
}

#[test]
fn the_readme_shows_the_help_as_it_is() {
    let output = Command::new(env!("CARGO_BIN_EXE_token-desk-practice")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(include_str!("../README.md").contains(&format!("```text\n{help}```")), "put this into README.md:\n{help}");
}
