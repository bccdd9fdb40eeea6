//! Refused requests leave nothing behind in memory, however many come and however they differ.
//! 20,000; 200,000 with `TOKEN_DESK_LONG=1`.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::thread;

use support::running::{Running, long_run};
use support::{new_key, system_generated, text};

mod support;

/// Sent before any of their answers is read.
const BATCH: u32 = 50;
const CLIENTS: u32 = 4;
/// What memory may grow by, whatever the count: an allocator gives back late.
const GROWTH_KIB: u64 = 8 * 1_024;

/// What every request has of its own: nothing that the service could count together.
struct Flood {
    host: String,
    session: String,
    api_key: String,
}

impl Flood {
    fn request(&self, number: u32) -> String {
        let Self { host, session, api_key } = self;
        // A million addresses of the world, so that no limit is met before the key is looked at.
        let from = Ipv4Addr::from(u32::from(Ipv4Addr::new(45, 0, 0, 0)) + number);
        let common = format!("Host: {host}\r\nX-Practice-Client-IP: {from}\r\n");
        let call = "GET /public/api/ver1/bots HTTP/1.1\r\n";
        match number % 5 {
            0 => format!("{call}{common}Apikey: practice{number:056}\r\nSignature: {number:064x}\r\n\r\n"),
            1 => format!("{call}{common}Apikey: {api_key}\r\nSignature: {number:064x}\r\n\r\n"),
            2 => format!("GET /public/api/ver1/{number} HTTP/1.1\r\n{common}\r\n"),
            3 => format!("GET /api_tokens HTTP/1.1\r\n{common}Authorization: Bearer {number:064x}\r\n\r\n"),
            _ => {
                let body = system_generated().to_string();
                format!(
                    "POST /api_tokens HTTP/1.1\r\n{common}Authorization: Bearer {session}\r\nIdempotency-Key: {}\r\n\
                     Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    new_key(),
                    body.len()
                )
            }
        }
    }

    /// One client's share of the requests from `first` on, over one connection.
    fn send(&self, first: u32, count: u32) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        for batch in (first..first + count).step_by(BATCH as usize) {
            let requests: String = (batch..batch + BATCH).map(|number| self.request(number)).collect();
            stream.write_all(requests.as_bytes()).unwrap();
            let (mut answers, mut buffer) = (String::new(), [0; 65_536]);
            while answers.matches("\"error_description\"").count() < BATCH as usize || !answers.ends_with('}') {
                let length = stream.read(&mut buffer).unwrap();
                assert!(length > 0, "the connection ended");
                answers.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
            }
            let refused = answers.matches("HTTP/1.1 401 ").count()
                + answers.matches("HTTP/1.1 403 ").count()
                + answers.matches("HTTP/1.1 404 ").count();
            assert_eq!(refused, BATCH as usize, "{answers}");
        }
    }

    /// All clients at once.
    fn run(&self, first: u32, count: u32) {
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                let share = count / CLIENTS;
                scope.spawn(move || self.send(first + client * share, share));
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_does_not_grow_with_refused_requests() {
    let data = tempfile::tempdir().unwrap();
    let running = Running::start(data.path());
    let token = running.api.create(&new_key(), Some(&running.code()), &system_generated()).await.body;
    let flood = Flood {
        host: running.api.url.strip_prefix("http://").unwrap().to_owned(),
        session: running.api.session.clone(),
        api_key: text(&token, "api_key").to_owned(),
    };
    let count = if long_run() { 200_000 } else { 20_000 };
    // What is kept of the last requests, and of the last addresses, is full after these.
    let warm = 6_000;
    flood.run(0, warm);
    let before = running.memory_kib("VmRSS");
    flood.run(warm, count);
    let after = running.memory_kib("VmRSS");
    println!("{count} refused: {before} KiB before, {after} after, {} at most", running.memory_kib("VmHWM"));
    assert!(after < before + GROWTH_KIB, "{before} KiB grew to {after}");
    assert_eq!(running.api.list().await.len(), 1);
}
