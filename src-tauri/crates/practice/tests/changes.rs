//! `PATCH` and `DELETE /api_tokens/{id}`: the rules of a creation, and effective at once.
#![allow(clippy::unwrap_used)]

use reqwest::Method;
use serde_json::{Value, json};
use support::{PUBLIC_KEY, Service, new_key, self_generated, send, signed, system_generated};

mod support;

const VALIDATE: &str = "/public/api/ver1/validate";

async fn edit(service: &Service, token: &Value, body: &Value) -> support::Answer {
    service.api.mutate(Method::PATCH, &token["id"], Some(&service.next_code()), Some(body)).await
}

#[tokio::test]
async fn a_change_changes_what_it_names_and_answers_the_row_of_the_list() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let answer = edit(&service, &token, &json!({"name": " VPS ", "trusted_ips": ["198.41.0.9/24"]})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut expected = token.clone();
    expected.as_object_mut().unwrap().remove("secret");
    expected["name"] = json!("VPS");
    expected["trusted_ips"] = json!(["198.41.0.0/24"]);
    assert_eq!(answer.body, expected);
    assert_eq!(service.api.list().await, [expected.clone()]);
    assert_eq!(service.restart().await.api.list().await, [expected]);
}

#[tokio::test]
async fn a_change_is_effective_at_once() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let bots = "/public/api/ver1/bots";
    assert_eq!(signed(&service, &token, bots, None).await.status, 200);
    edit(&service, &token, &json!({"trusted_ips": ["198.41.0.4"]})).await;
    signed(&service, &token, bots, None).await.refused(401, "ip_not_trusted");
    assert_eq!(signed(&service, &token, bots, Some("198.41.0.4")).await.status, 200);
    edit(&service, &token, &json!({"permissions": ["ACCOUNTS_READ"]})).await;
    signed(&service, &token, bots, Some("198.41.0.4")).await.refused(403, "Forbidden");
}

#[tokio::test]
async fn a_revoked_token_is_gone_at_once_and_for_good() {
    let service = Service::start().await;
    let (token, other) = (service.token(&system_generated()).await, service.token(&system_generated()).await);
    assert_eq!(signed(&service, &token, VALIDATE, None).await.status, 200);
    let revoked = service.api.mutate(Method::DELETE, &token["id"], Some(&service.next_code()), None).await;
    assert_eq!((revoked.status, &revoked.body), (204, &json!("")));
    signed(&service, &token, VALIDATE, None).await.refused(401, "api_key_invalid_or_expired");
    assert_eq!(signed(&service, &other, VALIDATE, None).await.status, 200);
    assert_eq!(service.api.list().await.len(), 1);
    service.api.mutate(Method::DELETE, &token["id"], Some(&service.code(1)), None).await.refused(404, "not_found");

    let service = service.restart().await;
    signed(&service, &token, VALIDATE, None).await.refused(401, "api_key_invalid_or_expired");
    service.api.mutate(Method::DELETE, &other["id"], Some(&service.next_code()), None).await;
    let next = service.token(&system_generated()).await;
    assert_eq!(next["id"], json!(3), "an id is never given twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_gets_in_behind_the_answer_to_a_revocation() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    for _ in 0..20 {
        assert_eq!(signed(&service, &token, VALIDATE, None).await.status, 200);
    }
    let code = service.next_code();
    let (revoked, _) = tokio::join!(service.api.mutate(Method::DELETE, &token["id"], Some(&code), None), async {
        for _ in 0..50 {
            signed(&service, &token, VALIDATE, None).await;
        }
    });
    assert_eq!(revoked.status, 204);
    signed(&service, &token, VALIDATE, None).await.refused(401, "api_key_invalid_or_expired");
}

#[tokio::test]
async fn every_mutation_wants_a_code_and_each_code_pays_for_one() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let id = &token["id"];
    let name = json!({"name": "Other"});
    for (method, body) in [(Method::PATCH, Some(&name)), (Method::DELETE, None)] {
        let ask = |code: Option<String>| {
            let method = method.clone();
            let api = &service.api;
            async move { api.mutate(method, id, code.as_deref(), body).await }
        };
        ask(None).await.refused(403, "otp_required");
        ask(Some(service.wrong_code())).await.refused(403, "otp_invalid");
        ask(Some(service.code(0))).await.refused(403, "otp_reused");
    }
    // Those were four failures: the fifth locks every mutation alike.
    service.api.mutate(Method::DELETE, id, Some("x"), None).await.refused(403, "otp_invalid");
    service.api.mutate(Method::PATCH, id, Some(&service.code(1)), Some(&name)).await.refused(429, "otp_locked");
    service.api.create(&new_key(), Some(&service.code(1)), &system_generated()).await.refused(429, "otp_locked");
    assert_eq!(service.api.list().await[0]["name"], "Home bot", "nothing was changed");
}

#[tokio::test]
async fn the_same_request_again_is_answered_the_same_without_a_code() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let id = &token["id"];
    let (key, name) = (new_key(), json!({"name": "VPS"}));
    let first = service.api.mutate_under(&key, Method::PATCH, id, Some(&service.next_code()), Some(&name)).await;
    assert_eq!(first.status, 200);
    edit(&service, &token, &json!({"name": "Third"})).await;
    let again = service.api.mutate_under(&key, Method::PATCH, id, None, Some(&name)).await;
    assert_eq!((again.status, &again.body), (200, &first.body), "answered, not done again");
    assert_eq!(service.api.list().await[0]["name"], "Third");
    let other = json!({"name": "Fourth"});
    let reused = service.api.mutate_under(&key, Method::PATCH, id, None, Some(&other)).await;
    reused.refused(422, "idempotency_key_reused");
    service.api.mutate_under(&key, Method::DELETE, id, None, None).await.refused(422, "idempotency_key_reused");

    let key = new_key();
    let revoked = service.api.mutate_under(&key, Method::DELETE, id, Some(&service.next_code()), None).await;
    assert_eq!(revoked.status, 204);
    let service = service.restart().await;
    let again = service.api.mutate_under(&key, Method::DELETE, id, None, None).await;
    assert_eq!(again.status, 204, "also once the token is gone: {}", again.body);
}

#[tokio::test]
async fn a_change_that_cannot_be_burns_no_code() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let from_anywhere = service.token(&self_generated(PUBLIC_KEY)).await;
    let code = service.next_code();
    for (id, body, status, error) in [
        (&token["id"], json!({}), 422, "record_invalid"),
        (&token["id"], json!({"name": "x"}), 422, "record_invalid"),
        (&token["id"], json!({"trusted_ips": []}), 422, "record_invalid"),
        (&token["id"], json!({"trusted_ips": ["10.0.0.1"]}), 422, "record_invalid"),
        (&token["id"], json!({"public_key": PUBLIC_KEY}), 422, "record_invalid"),
        (&token["id"], json!([]), 400, "invalid_json"),
        (&json!(99), json!({"name": "VPS"}), 404, "not_found"),
        (&json!(-1), json!({"name": "VPS"}), 404, "not_found"),
        (&json!("1"), json!({"name": "VPS"}), 404, "not_found"),
        (&json!(1.0), json!({"name": "VPS"}), 404, "not_found"),
    ] {
        service.api.mutate(Method::PATCH, id, Some(&code), Some(&body)).await.refused(status, error);
        service.api.mutate(Method::PATCH, id, Some(&service.wrong_code()), Some(&body)).await.refused(status, error);
    }
    let unkeyed = service.api.request(Method::DELETE, "/api_tokens/1").header("X-OTP-Code", &code);
    send(unkeyed).await.refused(400, "idempotency_key_required");
    let with_body = service.api.mutate(Method::DELETE, &token["id"], Some(&code), Some(&json!({}))).await;
    with_body.refused(400, "body_unexpected");
    service.api.mutate(Method::DELETE, &json!(99), Some(&code), None).await.refused(404, "not_found");
    let opened =
        service.api.mutate(Method::PATCH, &from_anywhere["id"], Some(&code), Some(&json!({"trusted_ips": []}))).await;
    assert_eq!(opened.status, 200, "none of it burnt the code, and this type may be used from anywhere");
}
