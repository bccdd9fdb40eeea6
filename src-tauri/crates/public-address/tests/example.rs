//! The example as a program: its lines, its exit codes, and the system's proxy settings, which are read from the
//! environment and therefore need a process of their own.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "detect/program.rs"]
mod program;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::thread;

use public_address::Hint;
use serde_json::Value;

use crate::program::detect;

#[test]
fn it_prints_one_line_an_answer_and_the_findings_last() {
    let (one, two, liar) = (says("203.0.113.7\n"), says("203.0.113.7"), says("<html>sign in</html>"));
    let sources = [format!("One={one}"), format!("Two={two}"), format!("Portal={liar}")];
    let output =
        run(&["--practice-addresses", "--source", &sources[2], "--source", &sources[0], "--source", &sources[1]]);
    assert_eq!(output.status.code(), Some(0));

    let lines = lines(&output);
    assert_eq!(lines.len(), 4);
    for (line, operator) in lines.iter().zip(["Portal", "One", "Two"]) {
        assert_eq!((line["operator"].as_str(), line["family"].as_str()), (Some(operator), Some("v4")));
        assert!(line["millis"].is_u64());
    }
    assert_eq!((lines[1]["address"].as_str(), &lines[1]["problem"]), (Some("203.0.113.7"), &Value::Null));
    assert_eq!(lines[3]["v4"]["status"], "confirmed");
    assert_eq!(lines[3]["v4"]["address"], "203.0.113.7");
    assert_eq!(lines[3]["v6"]["status"], "unavailable");
    assert_eq!(lines[3]["v6"]["address"], Value::Null);
    for hint in lines[3]["hints"].as_array().unwrap() {
        assert!(Hint::CODES.contains(&hint["code"].as_str().unwrap()), "{hint}");
    }
}

#[test]
fn a_practice_address_is_refused_unless_asked_for() {
    let (one, two) = (says("203.0.113.7"), says("203.0.113.7"));
    let output = run(&["--source", &format!("One={one}"), "--source", &format!("Two={two}")]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines(&output)[0]["problem"], "not-public");
    assert_eq!(lines(&output)[2]["v4"]["status"], "unavailable");
}

#[test]
fn wrong_flags_end_it_with_2_before_anything_is_asked() {
    for arguments in [
        &["--source", "One=http://192.0.2.1/"][..],
        &["--source", "One=http://one.example/"],
        &["--source", "https://one.example/"],
        &["--source", "=https://one.example/"],
        &["--source", "One=not a URL"],
        &["--source-v4", "One=ftp://127.0.0.1/"],
        &["--deadline", "soon"],
        &["--ca", "/nowhere.pem"],
        &["--ca", "Cargo.toml"],
        &["--unknown"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_shipped_sources_go_through_the_systems_proxy_which_is_shown_without_its_password() {
    // Nobody listens there, so nothing leaves this machine.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = detect().env("HTTPS_PROXY", format!("http://user:hunter2@{gone}")).output().unwrap();
    assert_eq!(output.status.code(), Some(0));

    let lines = lines(&output);
    let (findings, answers) = lines.split_last().unwrap();
    assert_eq!(answers.len(), public_address::default_sources().len());
    for answer in answers {
        assert_eq!(
            (answer["problem"].as_str(), answer["proxy"].as_str()),
            (Some("offline"), Some(&*format!("http://{gone}/")))
        );
    }
    assert_eq!(findings["offline"], true);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("hunter2"));
}

fn run(arguments: &[&str]) -> Output {
    detect().args(arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    output.stdout.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

/// Answers every question with this text for as long as the test runs.
fn says(text: &'static str) -> String {
    serves(move |mut stream| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
    })
}

/// Does the same with each connection, once the question was read, for as long as the test runs.
fn serves(serve: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let question = BufReader::new(stream.try_clone().unwrap());
            question.lines().map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            serve(stream);
        }
    });
    url
}

/// Linux tells how much memory a program had at most.
#[cfg(target_os = "linux")]
mod memory {
    use std::fs;
    use std::io::Write;
    use std::net::TcpStream;
    use std::process::{Child, Stdio};
    use std::sync::mpsc;

    use super::serves;
    use crate::program::detect;

    #[test]
    fn an_answer_of_a_gigabyte_is_not_held_in_memory() {
        let (left, gone) = mpsc::channel();
        let rambler = serves(move |stream| {
            let (lines, mut more) = (vec![b'7'; 1 << 20], 1 << 30_usize);
            let _ = write!(&stream, "HTTP/1.1 200 OK\r\nContent-Length: {more}\r\n\r\n");
            while more > 0 && (&stream).write_all(&lines).is_ok() {
                more -= lines.len();
            }
            left.send(more).unwrap();
        });
        // Keeps the program there until its memory was looked at.
        let (hold, held) = mpsc::channel::<TcpStream>();
        let silent = serves(move |stream| hold.send(stream).unwrap());

        let mut program = detect();
        program.args([
            "--source",
            &format!("One={rambler}"),
            "--source",
            &format!("Two={silent}"),
            "--deadline",
            "600000",
        ]);
        let mut running = Running(program.stdout(Stdio::null()).spawn().unwrap());
        let _asked = held.recv().unwrap();
        let left = gone.recv().unwrap();
        assert!(left > 0, "the whole gigabyte was taken");

        let status = fs::read_to_string(format!("/proc/{}/status", running.0.id())).unwrap();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let most: u64 = most.trim().strip_suffix(" kB").unwrap().parse().unwrap();
        assert!(most < 100 << 10, "{most} kB");
        assert!(running.0.try_wait().unwrap().is_none(), "it was still asking");
    }

    /// Ended with the test, however that ends.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}
