//! `POST` and `GET /api_tokens`: what is made, what is refused, and in which order.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use practice::Clock;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use support::{Answer, Api, PUBLIC_KEY, START_MS, Service, new_key, self_generated, send, start, system_generated};

mod support;

#[tokio::test]
async fn a_system_generated_token_comes_with_key_and_secret_once() {
    let service = Service::start().await;
    let key = "0e6f7c1a-5d44-4b0a-9a55-0f2d8f6a1c3e";
    let answer = service.api.create(key, Some(&service.code(0)), &system_generated()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let mut made = answer.body;
    let api_key = made["api_key"].as_str().unwrap();
    assert!(api_key.len() == 64 && api_key.starts_with("practice"), "{api_key}");
    assert!(api_key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(made["secret"].as_str().unwrap().len(), 64);
    assert_eq!(made["name"], "Home bot");
    assert_eq!(made["type"], "system_generated");
    assert_eq!(made["trusted_ips"], json!(["203.0.113.7"]));
    assert_eq!(made["permissions"], json!(["BOTS_READ"]));
    assert_eq!(made["created_at"], "2026-11-24T10:00:00Z");
    let sha_256_of_key = "4cbbed2c8e01a48b9e7e2747a8a42de3989fe5ba6baf21145d5ac4e31fb48cce";
    assert_eq!(made["request_fingerprint"], sha_256_of_key);
    made.as_object_mut().unwrap().remove("secret");
    assert_eq!(service.api.list().await, [made], "the list has everything but the secret");
}

#[tokio::test]
async fn a_self_generated_token_has_no_secret_and_may_be_used_from_anywhere() {
    let service = Service::start().await;
    let made = service.token(&self_generated(PUBLIC_KEY)).await;
    assert_eq!(made["type"], "self_generated");
    assert_eq!(made["trusted_ips"], json!([]));
    assert!(made.get("secret").is_none() && made.get("public_key").is_none());
}

#[tokio::test]
async fn the_answer_has_the_canonical_list_and_set() {
    let service = Service::start().await;
    let mut body = system_generated();
    body["name"] = json!("  Home bot ");
    body["trusted_ips"] = json!(["198.41.0.9/24", "2001:DB8::7", "198.41.0.4"]);
    body["permissions"] = json!(["SMART_TRADES_READ", "BOTS_READ", "BOTS_READ"]);
    let made = service.token(&body).await;
    assert_eq!(made["name"], "Home bot");
    assert_eq!(made["trusted_ips"], json!(["198.41.0.0/24", "2001:db8::7"]));
    assert_eq!(made["permissions"], json!(["BOTS_READ", "SMART_TRADES_READ"]));
}

#[tokio::test]
async fn tokens_are_listed_in_the_order_they_were_made_and_kept_over_a_restart() {
    let service = Service::start().await;
    let mut made = Vec::new();
    for body in [system_generated(), self_generated(PUBLIC_KEY), system_generated()] {
        let mut token = service.token(&body).await;
        token.as_object_mut().unwrap().remove("secret");
        made.push(token);
    }
    assert_eq!(service.api.list().await, made, "the same name twice is no error of the service");
    let old_session = service.api.session.clone();
    let service = service.restart().await;
    assert_eq!(service.api.list().await, made);
    assert_ne!(service.api.session, old_session, "a session lives as long as its service");
}

#[tokio::test]
async fn every_account_route_wants_the_session() {
    let service = Service::start().await;
    for (method, path) in [
        (Method::GET, "/api_tokens"),
        (Method::POST, "/api_tokens"),
        (Method::DELETE, "/api_tokens"),
        (Method::OPTIONS, "/api_tokens"),
        (Method::PATCH, "/api_tokens/1"),
        (Method::DELETE, "/api_tokens/1"),
        (Method::PATCH, "/practice/control"),
        (Method::GET, "/practice/refusals"),
        (Method::GET, "/practice/anything"),
    ] {
        let session = &service.api.session;
        for authorization in [
            None,
            Some("Bearer ".to_owned()),
            Some(session.clone()),
            Some(format!("Basic {session}")),
            Some(format!("Bearer {session}x")),
            Some(format!("Bearer {}", &session[1..])),
        ] {
            let mut request = service.api.http.request(method.clone(), format!("{}{path}", service.api.url));
            if let Some(authorization) = &authorization {
                request = request.header("Authorization", authorization);
            }
            let answer = send(request).await;
            answer.refused(401, "session_invalid");
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
    }
    let session = &service.api.session;
    let lower = service
        .api
        .http
        .get(format!("{}/api_tokens", service.api.url))
        .header("authorization", format!("bearer {session}"));
    assert_eq!(send(lower).await.status, 200, "the scheme has no case (RFC 9110 section 11.1)");
}

#[tokio::test]
async fn a_bad_body_burns_no_code_and_counts_as_no_attempt() {
    let service = Service::start().await;
    let code = service.code(0);
    let mut bad = system_generated();
    bad["name"] = json!("x");
    for _ in 0..10 {
        service.api.create(&new_key(), Some(&code), &bad).await.refused(422, "record_invalid");
        service.api.create(&new_key(), Some(&service.wrong_code()), &bad).await.refused(422, "record_invalid");
    }
    let made = service.api.create(&new_key(), Some(&code), &system_generated()).await;
    assert_eq!(made.status, 201, "{}", made.body);
}

#[tokio::test]
async fn checks_come_in_order_session_headers_body_code() {
    let service = Service::start().await;
    let post = |session: &str, key: Option<&str>, body: &'static str, code: &str| {
        let url = format!("{}/api_tokens", service.api.url);
        let mut request = service.api.http.post(url).bearer_auth(session).header("X-OTP-Code", code);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        request.header(CONTENT_TYPE, "application/json").body(body)
    };
    let (session, key) = (service.api.session.as_str(), new_key());
    send(post("wrong", None, "{", "x")).await.refused(401, "session_invalid");
    send(post(session, None, "{", "x")).await.refused(400, "idempotency_key_required");
    send(post(session, Some("no-uuid"), "{", "x")).await.refused(400, "idempotency_key_required");
    send(post(session, Some(&key), "{", "x")).await.refused(400, "invalid_json");
    send(post(session, Some(&key), "{}", "x")).await.refused(422, "record_invalid");
    service.api.create(&key, None, &system_generated()).await.refused(403, "otp_required");
    service.api.create(&key, Some("x"), &system_generated()).await.refused(403, "otp_invalid");
    assert!(service.api.list().await.is_empty());
}

#[tokio::test]
async fn bodies_that_are_not_plain_json_are_refused() {
    let service = Service::start().await;
    let twice = br#"{"type":"system_generated","name":"ab","name":"cd","trusted_ips":["203.0.113.7"],"permissions":["BOTS_READ"]}"#;
    let deep = "[".repeat(60_000);
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(64 * 1_024));
    let post = |content_type: Option<&'static str>, body: Vec<u8>| {
        let request = service
            .api
            .request(Method::POST, "/api_tokens")
            .header("Idempotency-Key", new_key())
            .header("X-OTP-Code", service.code(0));
        let request = match content_type {
            Some(content_type) => request.header(CONTENT_TYPE, content_type),
            None => request,
        };
        send(request.body(body))
    };
    let json = Some("application/json");
    for (content_type, body, status, error) in [
        (json, &twice[..], 400, "invalid_json"),
        (json, deep.as_bytes(), 400, "invalid_json"),
        (json, b"{\"name\": \"\xff\"}", 400, "invalid_json"),
        (json, b"", 400, "invalid_json"),
        (json, b"[]", 400, "invalid_json"),
        (json, b"{} x", 400, "invalid_json"),
        (json, large.as_bytes(), 413, "body_too_large"),
        (Some("text/plain"), b"{}", 415, "content_type_unsupported"),
        (Some("application/x-www-form-urlencoded"), b"a=b", 415, "content_type_unsupported"),
        (None, b"{}", 415, "content_type_unsupported"),
    ] {
        post(content_type, body.to_vec()).await.refused(status, error);
    }
    let made = service.api.create(&new_key(), Some(&service.code(0)), &system_generated()).await;
    assert_eq!(made.status, 201, "none of it burnt the code");
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let service = Service::start().await;
    let mut private = self_generated(&PUBLIC_KEY.replace("PUBLIC", "PRIVATE"));
    private["type"] = json!("self_generated");
    let with = |field: &str, value: Value| {
        let mut body = system_generated();
        body[field] = value;
        body
    };
    for (field, body) in [
        ("name", with("name", json!("x"))),
        ("type", with("type", json!("hmac"))),
        ("trusted_ips", with("trusted_ips", json!(["10.0.0.1"]))),
        ("trusted_ips", with("trusted_ips", json!([]))),
        ("permissions", with("permissions", json!([]))),
        ("public_key", with("public_key", json!(PUBLIC_KEY))),
        ("public_key", private),
        ("otp", with("otp", json!("123456"))),
    ] {
        let answer = service.api.create(&new_key(), Some(&service.code(0)), &body).await;
        answer.refused(422, "record_invalid");
        let fields: Vec<_> = answer.body["error_attributes"].as_object().unwrap().keys().collect();
        assert_eq!(fields, [field]);
        assert!(!answer.body.to_string().contains("BEGIN PRIVATE"));
    }
}

#[tokio::test]
async fn an_id_that_is_no_text_is_not_found_in_the_same_shape() {
    let service = Service::start().await;
    service.token(&system_generated()).await;
    for id in ["%ff", "%00", "1%2f2", "-1", "01", "+1", "%31", "99999999999999999999"] {
        let path = format!("/api_tokens/{id}");
        let request = service.api.request(Method::DELETE, &path).header("Idempotency-Key", new_key());
        let answer: Answer = send(request).await;
        answer.refused(404, "not_found");
    }
}

#[tokio::test]
async fn what_is_not_there_is_404_or_405_in_the_same_shape() {
    let service = Service::start().await;
    let get = |path: &'static str| send(service.api.request(Method::GET, path));
    for path in [
        "/",
        "/api_token",
        "/api_tokens/1/none",
        "/practice/none",
        "/public/api",
        "/public/api/",
        "/public/api/ver1/none",
        "/cdn-cgi",
    ] {
        get(path).await.refused(404, "not_found");
    }
    for (method, path) in [
        (Method::DELETE, "/api_tokens"),
        (Method::GET, "/api_tokens/1"),
        (Method::GET, "/practice/control"),
        (Method::POST, "/cdn-cgi/trace"),
    ] {
        let answer: Answer = send(service.api.request(method, path)).await;
        answer.refused(405, "method_not_allowed");
    }
}

/// Breaks once, where the service asks for the time: in the middle of a creation.
#[derive(Default)]
struct Breaking {
    armed: AtomicBool,
}

impl Clock for Breaking {
    fn now_unix_millis(&self) -> i64 {
        assert!(!self.armed.swap(false, Ordering::SeqCst), "broken on purpose");
        START_MS
    }
}

#[tokio::test]
async fn a_creation_that_breaks_is_answered_and_changes_nothing_and_the_next_one_works() {
    let data = tempfile::tempdir().unwrap();
    let clock = Arc::new(Breaking::default());
    let practice = start(data.path(), clock.clone()).await;
    let api = Api::of(&practice);
    let (key, code) = (new_key(), api.code_at(START_MS / 1_000));
    clock.armed.store(true, Ordering::SeqCst);
    api.create(&key, Some(&code), &system_generated()).await.refused(500, "internal_error");
    assert!(api.list().await.is_empty());
    let made = api.create(&key, Some(&code), &system_generated()).await;
    assert_eq!(made.status, 201, "neither key nor code was used up: {}", made.body);
}
