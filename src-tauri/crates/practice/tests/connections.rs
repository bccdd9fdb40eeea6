//! Ten thousand connections: most are turned away, all are bounded, and the service goes on.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::running::Running;
use support::send;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

mod support;

const WANTED: u64 = 10_000;
/// As the README says.
const SERVED: u64 = 512;

/// As many as this process may have open, up to [`WANTED`], with room for what else it opens.
fn connections_possible() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX).min(WANTED + 100);
    setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum }).unwrap();
    let possible = (most - 100).min(WANTED);
    if possible < WANTED {
        println!("SKIPPED in part: this process may open {possible} connections, not {WANTED}");
    }
    possible
}

#[tokio::test]
async fn ten_thousand_connections_are_bounded_and_the_service_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let running = Running::start(data.path());
    let address = running.api.url.strip_prefix("http://").unwrap();
    let possible = connections_possible();
    assert!(possible > SERVED, "this process may open too few files to try");
    // In step with the service: what it has no time to take, the system would let wait for a second.
    let connected = || {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /cdn-cgi/trace HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        stream
    };
    let mut open = Vec::new();
    for _ in 0..SERVED {
        let mut stream = connected();
        let mut start = [0; 12];
        stream.read_exact(&mut start).unwrap();
        assert_eq!(std::str::from_utf8(&start).unwrap(), "HTTP/1.1 200");
        open.push(stream);
    }
    for _ in SERVED..possible {
        let mut stream = connected();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains(r#""error":"too_many_connections""#), "{answer}");
        open.push(stream);
    }
    assert!(running.memory_kib("VmRSS") < 128 * 1_024, "{SERVED} conversations and nothing else");
    println!("{possible} connections, {} KiB", running.memory_kib("VmRSS"));

    drop(open);
    // The places come free as the service sees the connections end.
    let trace = || running.api.http.get(format!("{}/cdn-cgi/trace", running.api.url));
    while send(trace()).await.status == 503 {}
    assert_eq!(send(trace()).await.status, 200);
}

/// All come in one instant, and none is closed by its client.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_all_open_at_once_are_answered_or_refused_in_the_shape() {
    let data = tempfile::tempdir().unwrap();
    let running = Running::start(data.path());
    let address = running.api.url.strip_prefix("http://").unwrap().to_owned();
    let count = connections_possible();
    let mut asking = JoinSet::new();
    for _ in 0..count {
        let address = address.clone();
        asking.spawn(async move {
            let mut stream = tokio::net::TcpStream::connect(&address).await?;
            stream.write_all(format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await?;
            let mut answer = vec![0; 12];
            stream.read_exact(&mut answer).await?;
            if answer != b"HTTP/1.1 200" {
                // Who is turned away is told why, and then the service closes: by a reset where it has not read all that was sent.
                drop(stream.read_to_end(&mut answer).await);
            }
            std::io::Result::Ok((stream, String::from_utf8_lossy(&answer).into_owned()))
        });
    }
    let (mut open, mut outcomes) = (Vec::new(), BTreeMap::new());
    let mut most_files = 0;
    while let Some(asked) = asking.join_next().await {
        if open.len() % 100 == 0 {
            most_files = most_files.max(running.open_files());
        }
        let outcome = match asked.unwrap() {
            Ok((stream, answer)) => {
                open.push(stream);
                let in_shape = answer.contains(r#""error":"too_many_connections""#);
                if answer.starts_with("HTTP/1.1 503 ") && in_shape { "503".to_owned() } else { answer }
            }
            Err(error) => error.kind().to_string(),
        };
        *outcomes.entry(outcome).or_insert(0_u64) += 1;
    }
    assert!(most_files < 900, "{most_files}: those served, those turned away, and a few");
    let expected = if count > SERVED { &["503", "HTTP/1.1 200"][..] } else { &["HTTP/1.1 200"] };
    assert!(outcomes.keys().eq(expected), "{outcomes:?}");
    let one_more = send(running.api.http.get(format!("{}/cdn-cgi/trace", running.api.url))).await;
    println!(
        "{count} open at once: {outcomes:?}, at most {most_files} files and {} KiB; one more while {} are open: {}",
        running.memory_kib("VmHWM"),
        open.len(),
        one_more.status
    );
    if one_more.status != 200 {
        one_more.refused(503, "too_many_connections");
    }
}
