//! The same request again: the same answer, and never a second token.
#![allow(clippy::unwrap_used)]

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use practice::Clock;
use reqwest::Method;
use serde_json::json;
use support::{Api, START_MS, Service, TestClock, new_key, start, system_generated};
use tokio::task::spawn_blocking;

mod support;

const HOUR: i64 = 3_600;

#[tokio::test]
async fn the_same_request_again_is_answered_the_same_without_a_code() {
    let service = Service::start().await;
    let key = new_key();
    let first = service.api.create(&key, Some(&service.code(0)), &system_generated()).await;
    assert_eq!(first.status, 201);
    let spelled_otherwise = format!("\"{}\"", key.to_uppercase());
    for (key, code) in [(&key, None), (&key, Some("000000")), (&key, Some("x")), (&spelled_otherwise, None)] {
        let again = service.api.create(key, code, &system_generated()).await;
        assert_eq!((again.status, &again.body), (201, &first.body));
    }
    assert_eq!(service.api.list().await.len(), 1);
}

#[tokio::test]
async fn equal_json_is_the_same_request_however_it_is_written() {
    let service = Service::start().await;
    let key = new_key();
    service.api.create(&key, Some(&service.code(0)), &system_generated()).await;
    let reordered = r#" { "permissions":["BOTS_READ"], "trusted_ips":["203.0.113.7"],
        "name":"Home\u0020bot", "type":"system_generated" } "#;
    let request = service.api.request(Method::POST, "/api_tokens").header("Idempotency-Key", &key);
    let again = support::send(request.header("Content-Type", "application/json").body(reordered)).await;
    assert_eq!(again.status, 201, "{}", again.body);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let service = Service::start().await;
    let key = new_key();
    service.api.create(&key, Some(&service.code(0)), &system_generated()).await;
    service.clock.advance(30);
    let mut other = system_generated();
    other["name"] = json!("Other bot");
    let code = service.code(0);
    service.api.create(&key, Some(&code), &other).await.refused(422, "idempotency_key_reused");
    let made = service.api.create(&new_key(), Some(&code), &other).await;
    assert_eq!(made.status, 201, "the code was not burnt");
}

#[tokio::test]
async fn errors_are_not_stored_under_the_key() {
    let service = Service::start().await;
    let key = new_key();
    let mut bad = system_generated();
    bad["name"] = json!("x");
    service.api.create(&key, Some(&service.code(0)), &bad).await.refused(422, "record_invalid");
    service.api.create(&key, None, &system_generated()).await.refused(403, "otp_required");
    service.api.create(&key, Some(&service.wrong_code()), &system_generated()).await.refused(403, "otp_invalid");
    let made = service.api.create(&key, Some(&service.code(0)), &system_generated()).await;
    assert_eq!(made.status, 201, "{}", made.body);
}

#[tokio::test]
async fn a_stored_answer_outlives_the_service_and_lasts_24_hours() {
    let service = Service::start().await;
    let key = new_key();
    let first = service.api.create(&key, Some(&service.code(0)), &system_generated()).await;
    service.clock.advance(24 * HOUR - 1);
    let service = service.restart().await;
    let again = service.api.create(&key, None, &system_generated()).await;
    assert_eq!((again.status, &again.body), (201, &first.body), "also in a new session");
    service.clock.advance(1);
    service.api.create(&key, None, &system_generated()).await.refused(403, "otp_required");
    let rows = service.api.list().await;
    assert_eq!(rows[0]["request_fingerprint"], first.body["request_fingerprint"], "the token stays");
}

#[tokio::test]
async fn a_key_means_nothing_to_another_account() {
    let (one, other) = (Service::start().await, Service::start().await);
    let key = new_key();
    one.api.create(&key, Some(&one.code(0)), &system_generated()).await;
    other.api.create(&key, None, &system_generated()).await.refused(403, "otp_required");
}

#[tokio::test]
async fn the_stored_answer_cannot_be_read_in_the_files() {
    let service = Service::start().await;
    let key = new_key();
    let made = service.api.create(&key, Some(&service.code(0)), &system_generated()).await;
    let api_key = made.body["api_key"].as_str().unwrap().to_owned();
    let secrets = [
        made.body["secret"].as_str().unwrap().to_owned(),
        key,
        service.api.session.clone(),
        service.practice.otp_secret_base32().to_string(),
    ];
    let read = || {
        let files = std::fs::read_dir(service.data.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect::<Vec<u8>>()
    };
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let bytes = read();
    assert!(holds(&bytes, &api_key), "the search finds what is there");
    for secret in &secrets {
        assert!(!holds(&bytes, secret));
    }
}

/// Half of the answers are past their time, and their tokens revoked: nothing of them is left anywhere.
#[tokio::test]
async fn what_is_past_its_time_leaves_the_disk_by_itself() {
    let service = Service::start().await;
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for fingerprints in [&mut old, &mut new] {
        for _ in 0..8 {
            let token = service.token(&system_generated()).await;
            let revoked = service.api.mutate(Method::DELETE, &token["id"], Some(&service.next_code()), None).await;
            assert_eq!(revoked.status, 204);
            fingerprints.push(token["request_fingerprint"].as_str().unwrap().to_owned());
        }
        service.clock.advance(12 * HOUR);
    }
    let on_disk = |fingerprints: &[String]| {
        let files = std::fs::read_dir(service.data.path()).unwrap();
        let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
        let holds = |text: &&String| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        fingerprints.iter().filter(holds).count()
    };
    assert_eq!(on_disk(&old), 8, "the search finds what is there");
    assert_eq!(service.api.control(&json!({"clock_offset_s": 60})).await.status, 204);
    for _ in 0..1_000 {
        if on_disk(&old) == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!((on_disk(&old), on_disk(&new)), (0, 8));
}

/// Stops the service where it asks for the time, in the middle of a creation.
struct Gate {
    armed: Mutex<Option<(Sender<()>, Receiver<()>)>>,
}

impl Gate {
    /// What hears that the service has come to the gate, and what lets it pass.
    fn arm(&self) -> (Receiver<()>, Sender<()>) {
        let (arrived, arrival) = mpsc::channel();
        let (open, opened) = mpsc::channel();
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some((arrived, opened));
        (arrival, open)
    }
}

impl Clock for Gate {
    fn now_unix_millis(&self) -> i64 {
        let armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((arrived, opened)) = armed {
            arrived.send(()).unwrap();
            opened.recv().unwrap();
        }
        START_MS
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_first_is_running_a_second_is_told_to_wait() {
    let data = tempfile::tempdir().unwrap();
    let gate = Arc::new(Gate { armed: Mutex::new(None) });
    let practice = start(data.path(), gate.clone()).await;
    let api = Api::of(&practice);
    let (key, code) = (new_key(), api.code_at(START_MS / 1_000));
    let (arrival, open) = gate.arm();
    let first = tokio::spawn({
        let (api, key, code) = (api.clone(), key.clone(), code.clone());
        async move { api.create(&key, Some(&code), &system_generated()).await }
    });
    spawn_blocking(move || arrival.recv().unwrap()).await.unwrap();

    let second = api.create(&key, Some(&code), &system_generated()).await;
    second.refused(409, "idempotency_key_in_use");
    assert_eq!(second.retry_after(), Some(1));
    let mut other = system_generated();
    other["name"] = json!("Other bot");
    api.create(&key, None, &other).await.refused(422, "idempotency_key_reused");

    open.send(()).unwrap();
    let first = first.await.unwrap();
    assert_eq!(first.status, 201, "{}", first.body);
    let again = api.create(&key, None, &system_generated()).await;
    assert_eq!((again.status, again.body), (201, first.body));
    assert_eq!(api.list().await.len(), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_gets_the_answer_when_asking_again() {
    let data = tempfile::tempdir().unwrap();
    let gate = Arc::new(Gate { armed: Mutex::new(None) });
    let practice = start(data.path(), gate.clone()).await;
    let api = Api::of(&practice);
    let (key, code) = (new_key(), api.code_at(START_MS / 1_000));
    let (arrival, open) = gate.arm();
    let first = tokio::spawn({
        let (api, key) = (api.clone(), key.clone());
        async move { api.create(&key, Some(&code), &system_generated()).await }
    });
    spawn_blocking(move || arrival.recv().unwrap()).await.unwrap();
    first.abort();
    assert!(first.await.is_err_and(|error| error.is_cancelled()));
    open.send(()).unwrap();
    // The list is read behind the creation: once it answers, the creation is over.
    assert_eq!(api.list().await.len(), 1);
    let again = api.create(&key, None, &system_generated()).await;
    assert_eq!(again.status, 201, "{}", again.body);
    practice.shutdown().await;
    let practice = start(data.path(), TestClock::new()).await;
    assert_eq!(Api::of(&practice).list().await.len(), 1);
}
