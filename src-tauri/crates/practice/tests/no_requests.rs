//! What is no request: refused in the shape of every error, recorded, and bounded.
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::time::Duration;

use practice::RefusedRequest;
use serde_json::Value;
use support::{Service, TestClock, Told, send};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

mod support;

/// As the README says.
const SERVED: usize = 512;

fn host(service: &Service) -> &str {
    service.api.url.strip_prefix("http://").unwrap()
}

async fn connect(service: &Service) -> TcpStream {
    TcpStream::connect(host(service)).await.unwrap()
}

fn trace(service: &Service) -> reqwest::RequestBuilder {
    service.api.http.get(format!("{}/cdn-cgi/trace", service.api.url))
}

/// The status and the error of the last answer, which ends the connection.
#[track_caller]
fn last_answer(text: &str) -> (u16, Value) {
    let (start, body) = text.rsplit_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let head = &start[start.rfind("HTTP/1.1 ").unwrap()..];
    for header in ["cache-control: no-store", "connection: close", "content-type: application/json"] {
        assert!(head.contains(header), "{head}");
    }
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert!(body["error_description"].is_string());
    (head["HTTP/1.1 ".len()..][..3].parse().unwrap(), body["error"].clone())
}

fn last_refusal(service: &Service) -> RefusedRequest {
    service.practice.refusals().remove(0)
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_the_shape_of_every_error_and_recorded() {
    let told = Told::default();
    let service = Service::start_logged(tempfile::tempdir().unwrap(), TestClock::new(), Some(told.log())).await;
    let host = host(&service);
    let many = "X: y\r\n".repeat(100);
    let large = "x".repeat(40_000);
    let good = format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for (request, status, error) in [
        (format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {host}\r\n{many}\r\n"), 431, "head_too_large"),
        (format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {host}\r\nX: {large}\r\n\r\n"), 431, "head_too_large"),
        (format!("GET /{large} HTTP/1.1\r\nHost: {host}\r\n\r\n"), 431, "head_too_large"),
        ("\u{1}\u{2}\r\n\r\n".into(), 400, "request_malformed"),
        ("GET /cdn-cgi/trace\r\n\r\n".into(), 400, "request_malformed"),
        ("GET /cdn-cgi/trace HTTP/7.3\r\n\r\n".into(), 400, "request_malformed"),
        ("GET /cdn-cgi/trace HTTP/1.1\r\nHost\r\n\r\n".into(), 400, "request_malformed"),
        ("POST /api_tokens HTTP/1.1\r\nContent-Length: -1\r\n\r\n".into(), 400, "request_malformed"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), 400, "request_malformed"),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0".into(), 400, "request_malformed"),
        // Behind one that is in order, and is answered.
        (format!("{good}\u{1}\u{2}\r\n\r\n"), 400, "request_malformed"),
    ] {
        let mut stream = connect(&service).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(last_answer(&answer), (status, error.into()), "{request:?}: {answer}");
        assert_eq!(answer.starts_with("HTTP/1.1 200"), request.starts_with(&good));
        let dates = answer.matches("\r\ndate: Tue, 24 Nov 2026 10:00:00 GMT\r\n").count();
        assert_eq!(
            dates,
            answer.matches("\r\ncontent-length: ").count(),
            "each has one, by the service's clock: {answer}"
        );
        let refused = last_refusal(&service);
        assert_eq!((refused.status, refused.error, refused.reason), (status, error, error));
        assert_eq!((refused.method.as_str(), refused.path.as_str()), ("-", "-"), "nothing of it was read");
        told.until(|told| told.status == Some(status) && told.error == Some(error)).await;
    }
    assert_eq!(send(trace(&service)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_told_so_and_an_idle_connection_is_closed_in_silence() {
    let service = Service::start().await;
    for (start, told) in [("", false), ("GET /cdn-cgi/trace HTTP/1.1\r\nHost: local", true)] {
        let mut stream = connect(&service).await;
        stream.write_all(start.as_bytes()).await.unwrap();
        let before = Instant::now();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(before.elapsed() >= Duration::from_secs(30), "an honest slow client has its time");
        if told {
            assert_eq!(last_answer(&answer), (408, "request_timeout".into()));
            assert_eq!(last_refusal(&service).error, "request_timeout");
        } else {
            assert_eq!(answer, "");
        }
    }
    assert_eq!(send(trace(&service)).await.status, 200);
}

/// A reset would take the answer with it: the client is still sending when it is refused.
#[tokio::test]
async fn a_body_that_is_not_read_does_not_cost_the_answer() {
    let service = Service::start().await;
    let host = host(&service);
    for length in ["500000", "9999999999"] {
        let mut stream = connect(&service).await;
        let head = format!(
            "POST /public/api/ver1/bots/create_bot HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        for _ in 0..10 {
            stream.write_all(&[b'x'; 50_000]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("body_too_large"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_told_so_although_it_is_sending_its_request() {
    let service = Service::start().await;
    let address: SocketAddr = host(&service).parse().unwrap();
    let mut served = Vec::new();
    for _ in 0..SERVED {
        let mut stream = connect(&service).await;
        let request = format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
        served.push(stream);
    }
    let surplus = |length: usize| async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("POST /api_tokens HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        // The answer is there before all is sent, and so would a reset be.
        tokio::time::sleep(Duration::from_millis(50)).await;
        stream.write_all(&vec![b'x'; length]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        stream.write_all(b" ").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(last_answer(&answer), (503, "too_many_connections".into()));
    };
    let asked: Vec<_> = (0..200_usize).map(|number| tokio::spawn(surplus(number.rem_euclid(2) * 60_000))).collect();
    for asked in asked {
        timeout(Duration::from_secs(20), asked).await.unwrap().unwrap();
    }
    assert_eq!(last_refusal(&service).error, "too_many_connections");
    drop(served);
    while send(trace(&service)).await.status == 503 {}
    assert_eq!(send(trace(&service)).await.status, 200);
}

/// It takes no byte of what it asked for: more than any buffer between it and the service.
#[tokio::test(start_paused = true)]
async fn a_client_that_never_reads_is_hung_up_on() {
    let service = Service::start().await;
    let host = host(&service);
    let mut stream = connect(&service).await;
    let asked = format!("GET /openapi.json HTTP/1.1\r\nHost: {host}\r\n\r\n").repeat(300);
    stream.write_all(asked.as_bytes()).await.unwrap();
    let before = Instant::now();
    let hung_up = async {
        // What it goes on sending is no sign of life: only a closed connection refuses it.
        while stream.write_all(b"G").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    timeout(Duration::from_secs(600), hung_up).await.expect("the connection is closed");
    assert!(before.elapsed() >= Duration::from_secs(30), "an honest slow client has its time: {:?}", before.elapsed());
    assert_eq!(send(trace(&service)).await.status, 200);
}
