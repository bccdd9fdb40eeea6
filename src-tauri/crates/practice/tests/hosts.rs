//! DNS rebinding and pages of other origins, with requests that no HTTP library would send.
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::TcpStream;

use practice::{Config, Practice, StateKey};
use support::{Service, new_key, system_generated};
use tokio::task::spawn_blocking;

mod support;

/// The whole answer to exactly these bytes.
async fn raw(url: &str, request: String) -> String {
    let address = url.strip_prefix("http://").unwrap().to_owned();
    let exchange = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    spawn_blocking(exchange).await.unwrap()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {answer:?}")).parse().unwrap()
}

/// No answer lets a page read it, and each refusal has 3Commas' shape.
fn refused(answer: &str, expected: u16) {
    assert_eq!(status(answer), expected, "{answer}");
    assert!(answer.contains("\"error\":"), "{answer}");
    assert!(!answer.to_lowercase().contains("access-control-"), "{answer}");
}

#[tokio::test]
async fn only_own_names_and_own_pages_are_answered_on_every_route() {
    let service = Service::start().await;
    let url = &service.practice.url();
    let port = url.rsplit(':').next().unwrap();
    for path in [
        "/cdn-cgi/trace",
        "/public/api/ver1/accounts/market_list",
        "/public/api/nothing/here",
        "/api_tokens",
        "/api_tokens/1",
        "/openapi.json",
        "/practice/control",
        "/practice/refusals",
        "/nothing/here",
        "/",
    ] {
        for (host, expected) in [
            (format!("Host: evil:{port}\r\n"), 403),
            ("Host: localhost.evil\r\n".into(), 403),
            (format!("Host: 127.0.0.1.evil:{port}\r\n"), 403),
            (format!("Host: 0.0.0.0:{port}\r\n"), 403),
            (format!("Host: 127.0.0.1:{port}@evil\r\n"), 403),
            ("Host:\r\n".into(), 403),
            (String::new(), 400),
            (format!("Host: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n"), 400),
            (format!("Host: 127.0.0.1:{port}\r\nHost: evil\r\n"), 400),
        ] {
            let answer = raw(url, format!("GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n")).await;
            refused(&answer, expected);
        }
        refused(&raw(url, format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n")).await, 400);
        refused(&raw(url, format!("GET {path} HTTP/1.0\r\n\r\n")).await, 400);
        let absolute = format!("GET http://evil{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        refused(&raw(url, absolute).await, 403);
        for origin in ["null".to_owned(), "http://evil".into(), format!("http://127.0.0.1.evil:{port}")] {
            let page = format!(
                "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n"
            );
            let answer = raw(url, page).await;
            refused(&answer, 403);
            assert!(answer.contains(r#""error":"origin_not_allowed""#), "{answer}");
        }
    }
}

#[tokio::test]
async fn own_names_are_answered() {
    let service = Service::start().await;
    let url = &service.practice.url();
    let port = url.rsplit(':').next().unwrap();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("LocalHost:{port}"),
        format!("[::1]:{port}"),
        "localhost".into(),
    ] {
        let answer =
            raw(url, format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
        assert_eq!(status(&answer), 200, "{answer}");
        assert!(answer.to_lowercase().contains("cache-control: no-store"));
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_refused_and_change_nothing() {
    let service = Service::start().await;
    let url = &service.practice.url();
    let host = url.strip_prefix("http://").unwrap();
    let (session, code, body) = (&service.api.session, service.code(0), system_generated().to_string());
    let post = |header: &str| {
        format!(
            "POST /api_tokens HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {session}\r\nIdempotency-Key: {}\r\nX-OTP-Code: {code}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{header}\r\n\r\n{body}",
            new_key(),
            body.len(),
        )
    };
    for header in [
        "Origin: null".to_owned(),
        "Origin: http://evil".into(),
        "Origin: https://app.3commas.io".into(),
        "Origin: http://localhost:1".into(),
        format!("Origin: https://{host}"),
        format!("Origin: http://{host}.evil"),
        "Origin:".into(),
        "Sec-Fetch-Site: cross-site".into(),
        "Sec-Fetch-Site: same-site".into(),
        format!("Origin: http://{host}\r\nSec-Fetch-Site: cross-site"),
    ] {
        refused(&raw(url, post(&header)).await, 403);
    }
    refused(&raw(url, post(&format!("Origin: http://{host}\r\nOrigin: http://evil"))).await, 400);
    let preflight = format!(
        "OPTIONS /api_tokens HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n"
    );
    refused(&raw(url, preflight.clone()).await, 403);
    refused(&raw(url, preflight.replace("Origin: http://evil\r\n", "")).await, 401);
    refused(
        &raw(url, preflight.replace("Origin: http://evil\r\n", "").replace("/api_tokens", "/public/api/ver1/bots"))
            .await,
        405,
    );
    assert!(service.api.list().await.is_empty());

    let own = raw(url, post(&format!("Origin: http://{host}\r\nSec-Fetch-Site: same-origin"))).await;
    assert_eq!(status(&own), 201, "none of the others burnt the code: {own}");
}

#[tokio::test]
async fn an_allowed_host_is_answered_too() {
    let data = tempfile::tempdir().unwrap();
    let mut config = Config::new(data.path(), StateKey::generate());
    config.allow_hosts = vec!["desk.example".into()];
    let practice = Practice::start(config).await.unwrap();
    let ask = |host: &'static str| {
        let url = practice.url();
        async move { raw(&url, format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await }
    };
    assert_eq!(status(&ask("desk.example:8080").await), 200);
    assert_eq!(status(&ask("other.example").await), 403);
}
