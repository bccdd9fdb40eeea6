//! Faults on purpose, and clients that are slow, many or silent. Time is tokio's, and paused: it
//! goes on only while everybody waits.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use practice::{LoggedRequest, Unanswered};
use reqwest::Method;
use serde_json::json;
use support::{Service, TestClock, Told, new_key, send, system_generated};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

mod support;

async fn fault(service: &Service, fault: &str) {
    assert_eq!(service.api.control(&json!({"fault": fault})).await.status, 204);
}

fn trace(service: &Service) -> reqwest::RequestBuilder {
    service.api.http.get(format!("{}/cdn-cgi/trace", service.api.url))
}

#[tokio::test]
async fn a_cut_creation_is_carried_out_and_its_answer_waits_for_the_same_request() {
    let service = Service::start().await;
    fault(&service, "cut").await;
    let key = new_key();
    let request = service
        .api
        .request(Method::POST, "/api_tokens")
        .header("Idempotency-Key", &key)
        .header("X-OTP-Code", service.code(0))
        .json(&system_generated());
    assert!(request.send().await.is_err(), "no answer");
    assert_eq!(service.api.list().await.len(), 1);
    let again = service.api.create(&key, None, &system_generated()).await;
    assert_eq!(again.status, 201, "{}", again.body);
    service.api.create(&new_key(), Some(&service.wrong_code()), &system_generated()).await.refused(403, "otp_invalid");
}

#[tokio::test]
async fn a_cut_change_and_a_cut_revocation_are_carried_out_too() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let (id, path) = (&token["id"], format!("/api_tokens/{}", token["id"]));
    let changed = json!({"name": "Renamed"});
    for (method, body) in [(Method::PATCH, Some(&changed)), (Method::DELETE, None)] {
        fault(&service, "cut").await;
        let (key, code) = (new_key(), service.next_code());
        let mut request = service.api.request(method.clone(), &path).header("Idempotency-Key", &key);
        if let Some(body) = body {
            request = request.json(body);
        }
        assert!(request.header("X-OTP-Code", code).send().await.is_err(), "no answer to {method}");
        let names: Vec<_> = service.api.list().await.iter().map(|row| row["name"].clone()).collect();
        assert_eq!(names, if body.is_some() { vec!["Renamed"] } else { vec![] }, "{method} was carried out");

        fault(&service, "none").await;
        let again = service.api.mutate_under(&key, method.clone(), id, None, body).await;
        match body {
            Some(_) => assert_eq!((again.status, &again.body["name"]), (200, &json!("Renamed"))),
            None => assert_eq!((again.status, &again.body), (204, &json!(""))),
        }
    }
}

#[tokio::test]
async fn the_log_says_of_each_request_whether_an_answer_was_sent() {
    let told = Told::default();
    let service = Service::start_logged(tempfile::tempdir().unwrap(), TestClock::new(), Some(told.log())).await;
    let trace_was = |status, unanswered| {
        move |told: &LoggedRequest| {
            told.path == "/cdn-cgi/trace" && (told.status, told.unanswered) == (status, unanswered)
        }
    };
    assert_eq!(send(trace(&service)).await.status, 200);
    told.until(trace_was(Some(200), None)).await;

    fault(&service, "down").await;
    assert!(trace(&service).send().await.is_err());
    let lines = told.until(trace_was(None, Some(Unanswered::Fault))).await;
    assert_eq!(lines.iter().filter(|line| line.path == "/cdn-cgi/trace").count(), 2, "each is told once: {lines:?}");

    fault(&service, "hang").await;
    assert!(timeout(Duration::from_millis(200), trace(&service).send()).await.is_err());
    told.until(trace_was(None, Some(Unanswered::ConnectionEnded))).await;

    fault(&service, "cut").await;
    let request = service
        .api
        .request(Method::POST, "/api_tokens")
        .header("Idempotency-Key", new_key())
        .header("X-OTP-Code", service.code(0));
    assert!(request.json(&system_generated()).send().await.is_err());
    let lines = told.until(|line| line.path == "/api_tokens").await;
    let creation = lines.iter().find(|line| line.path == "/api_tokens").unwrap();
    assert_eq!((creation.status, creation.unanswered), (None, Some(Unanswered::Fault)));
    let line = serde_json::to_value(creation).unwrap();
    assert_eq!((&line["unanswered"], line.get("status")), (&json!("fault"), None));
}

#[tokio::test]
async fn a_service_that_is_down_closes_every_connection_but_the_controls() {
    let service = Service::start().await;
    fault(&service, "down").await;
    assert!(trace(&service).send().await.is_err());
    assert!(service.api.request(Method::GET, "/api_tokens").send().await.is_err());
    fault(&service, "error").await;
    send(trace(&service)).await.refused(500, "internal_error");
    fault(&service, "none").await;
    assert_eq!(send(trace(&service)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_comes_late() {
    let service = Service::start().await;
    fault(&service, "slow").await;
    let before = Instant::now();
    assert_eq!(send(trace(&service)).await.status, 200);
    assert!(before.elapsed() >= Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_hanging_request_is_not_answered_while_the_fault_lasts() {
    let service = Service::start().await;
    fault(&service, "hang").await;
    let mut request = tokio::spawn(trace(&service).send());
    assert!(timeout(Duration::from_secs(3_600), &mut request).await.is_err());
    fault(&service, "none").await;
    assert!(request.await.unwrap().is_err(), "closed");
    assert_eq!(send(trace(&service)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_request_does_not_hold_up_the_shutdown() {
    let service = Service::start().await;
    fault(&service, "hang").await;
    let mut request = tokio::spawn(trace(&service).send());
    assert!(timeout(Duration::from_secs(60), &mut request).await.is_err());
    service.practice.shutdown().await;
    assert!(request.await.unwrap().is_err());
}

/// More of them than connections are served.
#[tokio::test]
async fn however_many_requests_hang_the_control_gets_in() {
    let service = Service::start().await;
    fault(&service, "hang").await;
    let host = service.api.url.strip_prefix("http://").unwrap();
    let mut hanging = Vec::new();
    for _ in 0..700 {
        let mut stream = connect(&service).await;
        stream.write_all(format!("GET /cdn-cgi/trace HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
        hanging.push(stream);
    }
    let end = async {
        // A connection of its own, as another program would have.
        let request = support::client().patch(format!("{}/practice/control", service.api.url));
        request.bearer_auth(&service.api.session).json(&json!({"fault": "none"})).send().await
    };
    let ended = timeout(Duration::from_secs(10), end).await.expect("the control is answered").unwrap();
    assert_eq!(ended.status(), 204);
    for mut stream in hanging {
        let mut answer = Vec::new();
        // Closed, gently or not.
        let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("the hanging is over");
        assert!(!answer.starts_with(b"HTTP/1.1 2"));
    }
    assert_eq!(send(trace(&service)).await.status, 200);
}

async fn connect(service: &Service) -> TcpStream {
    TcpStream::connect(service.api.url.strip_prefix("http://").unwrap()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_ends_its_body_is_told_so() {
    let service = Service::start().await;
    let host = service.api.url.strip_prefix("http://").unwrap();
    let head =
        format!("POST /public/api/ver1/users/change_mode HTTP/1.1\r\nHost: {host}\r\nContent-Length: 20\r\n\r\nmode=");
    let mut stream = connect(&service).await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains(r#""error":"request_timeout""#), "{answer}");
}
