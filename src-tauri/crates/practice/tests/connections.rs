//! Ten thousand connections: most are turned away, all are bounded, and the service goes on.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::{running::Running, send};

mod support;

const WANTED: u64 = 10_000;
/// As the README says.
const SERVED: u64 = 512;

/// As many as this process may have open, up to [`WANTED`], with room for what else it opens.
fn connections_possible() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX).min(WANTED + 100);
    setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum }).unwrap();
    (most - 100).min(WANTED)
}

fn resident_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn ten_thousand_connections_are_bounded_and_the_service_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let running = Running::start(data.path());
    let address = running.api.url.strip_prefix("http://").unwrap();
    let possible = connections_possible();
    assert!(possible > SERVED, "this process may open too few files to try");
    // In step with the service: what it has no time to take, the system would let wait for a second.
    let ask = |stream: &mut TcpStream| {
        write!(stream, "GET /cdn-cgi/trace HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).unwrap();
        assert_eq!(std::str::from_utf8(&start).unwrap(), "HTTP/1.1 200");
    };
    let mut open = Vec::new();
    for _ in 0..SERVED {
        let mut stream = TcpStream::connect(address).unwrap();
        ask(&mut stream);
        open.push(stream);
    }
    for _ in SERVED..possible {
        let mut stream = TcpStream::connect(address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains(r#""error":"too_many_connections""#), "{answer}");
        open.push(stream);
    }
    assert!(resident_kib(running.child.id()) < 128 * 1_024, "{SERVED} conversations and nothing else");
    println!("{possible} connections, {} KiB", resident_kib(running.child.id()));

    drop(open);
    // The places come free as the service sees the connections end.
    let trace = || running.api.http.get(format!("{}/cdn-cgi/trace", running.api.url));
    while send(trace()).await.status == 503 {}
    assert_eq!(send(trace()).await.status, 200);
}
